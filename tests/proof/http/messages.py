"""Many people write while the process is killed again and again. Nothing may be lost, doubled or
out of order: each client keeps a journal and sends what was not answered again, under its id.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.proof.http.keeper import Keeper, kept
from tests.proof.http.people import Customer, customer
from tests.proof.http.points import BEFORE_ANSWER
from tests.proof.http.stopped import received, verified

LONGEST = 0.03


class Journal:
    """A file of the client's own: what it is about to send, and what was answered."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("x+")

    def note(self, what: str, source: str, words: str = "") -> None:
        """Written out before it returns."""
        self._file.write(json.dumps([what, source, words]) + "\n")
        self._file.flush()

    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Everything, from the file."""
        self._file.seek(0)
        for line in self._file:
            what, source, words = json.loads(line)
            yield what, source, words

    def close(self) -> None:
        self._file.close()


@dataclass
class Run:
    """One run; `answered` messages so far, `repeats` of them known from before."""

    keeper: Keeper
    journal: Journal
    answered: int = 0
    repeats: int = 0
    next_kill: int = 1 << 60
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, who: Customer, report: int, count: int) -> None:
        """One customer's messages, each after the answer to the one before."""
        for number in range(count):
            source, words = f"message-{report:05d}-{number:05d}", f"{report}:{number}"
            self.journal.note("sending", source, words)
            answer = await who.press(source, "write_message", words=words)
            assert answer["outcome"] == "done", answer
            self.journal.note("answered", source)
            self.repeats += answer["repeat"]
            self.answered += 1
            if self.answered >= self.next_kill:
                self.reached.set()

    async def kill(self, times: int, pointed: int, total: int, chance: Random) -> None:
        """Kill it so often, spread over the run, at moments that chance picks.

        The first `pointed` times it is where most may go wrong: committed, not yet answered.
        """
        for turn in range(times):
            self.next_kill = chance.randrange(turn * total // times, (turn + 1) * total // times)
            await self.reached.wait()
            life = self.keeper.lives
            if turn < pointed:
                await self.keeper.asked("light", point=BEFORE_ANSWER, count=chance.randint(1, 3))
            else:
                wait = chance.uniform(0, LONGEST)
                asyncio.get_running_loop().call_later(wait, self.keeper.kill)
            await self.keeper.after(life)
            self.reached.clear()


@dataclass(frozen=True)
class Result:
    """What came of it."""

    messages: int
    reports: int
    kills: int
    resent: int
    repeats: int
    lost: int
    doubled: int
    disordered: int
    mailboxes: int
    events: int

    @property
    def well(self) -> bool:
        """Everything that was meant is there, once, in its place, for desk and customer."""
        return not (self.lost or self.doubled or self.disordered or self.mailboxes)

    def lines(self) -> list[str]:
        """For people."""
        return [
            f"{self.messages:,} messages over {self.reports} reports, all answered in the end",
            f"killed with SIGKILL {self.kills} times at random moments, restarted on the same data",
            (
                f"{self.resent} requests broke and were sent again under the same id; "
                f"{self.repeats} of them had been committed before the kill"
            ),
            (
                f"lost {self.lost}, doubled {self.doubled}, out of order {self.disordered}; "
                f"chats that show something else {self.mailboxes}"
            ),
            f"`muster verify`: {self.events:,} events, sound",
        ]


async def prove(
    folder: Path, messages: int, reports: int, kills: int, pointed: int = 0, seed: int = 1
) -> Result:
    """The whole run."""
    journal = Journal(folder / "journal")
    async with kept(folder) as keeper:
        people = [await customer(keeper) for _ in range(reports)]
        run = Run(keeper, journal)
        killing = asyncio.create_task(run.kill(kills, pointed, messages, Random(seed)))
        each = messages // reports
        await asyncio.gather(*(run.write(who, n, each) for n, who in enumerate(people)))
        await killing
        await keeper.asked("rest")
        shown = [await _shown(who) for who in people]
        assert (await keeper.asked("verify"))["sound"]
    expected = _expected(journal)
    stored = await received(keeper.data)
    events = (await verified(keeper.data))["events"]
    ends = Counter(keeper.ends)
    assert ends[0] == 1
    return Result(
        messages=run.answered,
        reports=len(stored),
        kills=ends[-9],
        resent=sum(who.lost for who in people),
        repeats=run.repeats,
        events=events,
        mailboxes=sum(said not in shown for said in expected.values()),
        **_compared(expected, [*stored.values()]),
    )


async def _shown(who: Customer) -> list[str]:
    """A customer's own words as the chat shows them."""
    return [one["words"] for one in (await who.state())["letters"] if one["by"] == "me"]


def _expected(journal: Journal) -> dict[str, list[str]]:
    """By report: what its client meant to say, in order; all of it was answered."""
    said: dict[str, list[str]] = {}
    sent: set[str] = set()
    answered: set[str] = set()
    for what, source, words in journal.lines():
        (sent if what == "sending" else answered).add(source)
        if what == "sending":
            said.setdefault(words.partition(":")[0], []).append(words)
    journal.close()
    assert sent == answered
    return said


def _compared(expected: dict[str, list[str]], stored: list[list[str]]) -> dict[str, int]:
    """How many messages are missing, more than once, or not where they belong."""
    wanted = Counter(words for said in expected.values() for words in said)
    found = Counter(words for said in stored for words in said)
    right = sum(said in stored for said in expected.values())
    return {
        "lost": sum((wanted - found).values()),
        "doubled": sum((found - wanted).values()),
        "disordered": len(expected) - right,
    }
