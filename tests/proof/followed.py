"""An update to very many in Telegram, at its pace, the process killed while it goes out.

Nobody may be missed, and nobody told twice but those whose answer was lost: of them it is written
down that it may be a repeat, and the message says so. Meanwhile people who write are answered.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.core.following import EVERYTHING
from bot.core.incident_commands import OpenIncident
from bot.core.person_words import AcceptInvite, Subscribe
from bot.store.base import text
from bot.wiring import House
from tests.proof import hasty
from tests.proof.http.broadcast import _all, _done, _fields, _looked_at, _said
from tests.proof.http.keeper import Keeper, kept
from tests.proof.http.people import staff
from tests.telegram.fake import FakeTelegram
from tests.telegram.state import BOT

WORDS = "The power is off north of the river. Two teams are on their way."
FIRST = 5_000_000
GROUP = -1001
BEN = 42
LEADER = "leader"
REPEAT = "You may have had this before."
PROBES = 5
LONGEST = 900
LEDGER = (
    "SELECT target, state, reason FROM outbox"
    " WHERE kind = 'say' AND member <> '' AND channel = 'telegram' AND about <> ''"
)
PLACES = f"triage=telegram:{GROUP} it_desk=telegram:{GROUP} field_crew=telegram:{GROUP}"


@dataclass(frozen=True)
class Size:
    """How many hear it, how often it is killed and answers are lost, how fast time goes by."""

    people: int
    kills: int
    lost: int
    haste: float


@dataclass
class Result:
    """What came of it."""

    size: Size
    counted: int = 0
    seconds: float = 0.0
    middle: int = 0
    answered: list[int] = field(default_factory=list)
    said: Counter[int] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    unmarked: int = 0
    refused: int = 0
    violations: list[str] = field(default_factory=list)

    @property
    def missed(self) -> int:
        """Who was not told."""
        return self.size.people - len(self.said)

    @property
    def twice(self) -> int:
        """Who was told more than once."""
        return sum(count > 1 for count in self.said.values())

    @property
    def once(self) -> bool:
        """Everybody was told, and whoever was told twice was told that, too."""
        everybody = self.counted == self.size.people == self.ends["delivered"]
        return everybody and not (self.missed or self.unmarked) and self.twice <= self.unsure

    @property
    def well(self) -> bool:
        """The same, killed in the middle, and no request to wait was passed over."""
        return self.once and self.middle == self.size.kills and not self.violations

    def lines(self) -> list[str]:
        """For people."""
        size, slow = self.size, max(self.answered, default=0)
        rate = size.people / self.seconds if self.seconds else 0
        return [
            (
                f"one update to {size.people:,} subscribers in Telegram by the real client, its "
                f"fake keeping 30 a second, time going by {size.haste:g} times as fast; the "
                f"preview counted {self.counted:,}"
            ),
            (
                f"killed with SIGKILL {self.middle} times while it was going out, {size.lost} "
                f"answers lost beside that; all was out {self.seconds:.0f} s of that time after "
                f"the press ({rate:.1f} a second; what is bulk takes at most 24)"
            ),
            (
                f"missed {self.missed}; told twice {self.twice}, each of them one of the "
                f"{self.unsure} whose answer was lost and whose message says that it may be a "
                f"repeat; told twice without that: {self.unmarked}"
            ),
            (
                f"{len(self.answered)} people who wrote meanwhile were answered after {slow} ms "
                f"at most; asked to slow down {self.refused} times"
            ),
            *(f"ended otherwise: {end}" for end in sorted(self.ends) if end != "delivered"),
            *self.violations[:10],
        ]


async def prove(folder: Path, size: Size) -> Result:
    """The whole run."""
    incident = await _seeded(folder / "data", size)
    since = time.time()
    clock = hasty.HastyClock(size.haste, since)
    async with FakeTelegram(clock) as fake:
        fake.revokes(f"{BOT}:{'A' * 35}")
        for number in range(size.people):
            fake.user(FIRST + number, started=True)
        fake.user(BEN, "Ben", started=True)
        fake.group(GROUP, "Triage", members=[BEN])
        settings = {
            "TELEGRAM_BOT_TOKEN": fake.world.me.token,
            "TELEGRAM_API_URL": fake.api_url,
            "MUSTER_PLACES": PLACES,
            "HASTE": str(size.haste),
            "HASTE_SINCE": repr(since),
        }
        async with kept(folder, hasty.run, settings) as keeper:
            found = await _told(keeper, fake, size, incident, clock)
        _counted(folder / "data", fake, found)
        return found


async def _seeded(data: Path, size: Size) -> str:
    """Everybody subscribes through the door; the incident that it will be about."""
    house = House(data)
    try:
        await house.open()
        await house.start()
        token = house.engine.codec.token_hash(await house.machine.invite(("agent", "supervisor")))
        (row,) = await house.store.select("people", {"invitation": token})
        joined = AcceptInvite(person=text(row, "person"), token=token, name="Eva")
        await _done(house, joined, "web", LEADER)
        await _all(
            _done(house, Subscribe(scope=EVERYTHING), "telegram", str(FIRST + number))
            for number in range(size.people)
        )
        # What they were greeted with is no part of this.
        await house.machine.deliveries.stop()
        opened = OpenIncident(report=None, category=next(iter(house.reader.playbook.categories)))
        incident = await _done(house, opened, "web", LEADER)
        return incident["stream"]
    finally:
        await house.stop()


@dataclass
class Seen:
    """How many of the messages have been sent, looked at one by one."""

    fake: FakeTelegram
    calls: int = 0
    out: int = 0

    def many(self) -> int:
        """So many by now."""
        fresh = self.fake.calls[self.calls :]
        self.calls += len(fresh)
        said = (one for one in fresh if one.method == "sendMessage")
        self.out += sum(WORDS in str(one.args.get("text", "")) for one in said)
        return self.out

    def reached(self, share: int) -> bool:
        """Whether it is that many."""
        return self.many() >= share


def _is_first_told(args: Mapping[str, Any]) -> bool:
    """Whether somebody is told of it who does not hear that it may be a repeat."""
    said = str(args.get("text", ""))
    return WORDS in said and REPEAT not in said


def _is_answered(fake: FakeTelegram, before: int) -> bool:
    return len(fake.ours(BEN)) > before


async def _told(
    keeper: Keeper, fake: FakeTelegram, size: Size, incident: str, clock: hasty.HastyClock
) -> Result:
    """Press once, and disturb what follows."""
    ana, found = await staff(keeper, "Ana", "agent"), Result(size)
    found.counted, position = await _looked_at(ana, incident)
    fields = {**_fields(incident), "position": position}
    began, seen = clock.now(), Seen(fake)
    await _said(keeper, ana, fields)
    for kill in range(size.kills):
        share = size.people * (kill + 1) // (size.kills + 1)
        await fake.until(partial(seen.reached, share), LONGEST)
        life = keeper.lives
        found.middle += seen.many() < size.people
        keeper.kill()
        await keeper.after(life)
    fake.fails("sendMessage", size.lost, lose=True, where=_is_first_told)
    await _probed(fake, found, clock)
    await keeper.asked("rest")
    found.seconds = (clock.now() - began) / 1_000
    return found


async def _probed(fake: FakeTelegram, found: Result, clock: hasty.HastyClock) -> None:
    """Somebody writes again and again, and is answered."""
    for _ in range(PROBES):
        at, before = clock.now(), len(fake.ours(BEN))
        await fake.says(BEN, BEN, "/help")
        await fake.until(partial(_is_answered, fake, before), LONGEST)
        found.answered.append(clock.now() - at)


def _counted(data: Path, fake: FakeTelegram, found: Result) -> None:
    for number in range(found.size.people):
        said = [one.text for one in fake.ours(FIRST + number) if WORDS in one.text]
        if said:
            found.said[FIRST + number] = len(said)
            found.unmarked += len(said) > 1 and not any(REPEAT in one for one in said)
    with closing(sqlite3.connect(data / "muster.db")) as raw:
        rows = raw.execute(LEDGER).fetchall()
    found.ends = Counter(
        state if state == "delivered" else f"{state}: {reason}" for _, state, reason in rows
    )
    found.unsure = sum(reason == "may be a repeat" for _, _, reason in rows)
    found.refused, found.violations = fake.pace.refused, list(fake.violations)
