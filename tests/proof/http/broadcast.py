"""An update to very many, the process killed again and again while it goes out.

Nobody may be missed and nobody told twice: neither in the ledger, nor in the mailbox of a page,
nor in that of a mail program, which knows a mail that is handed in again by its Message-ID.
"""

import asyncio
import json
import re
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.core.commands import Command, Envelope, Identity, Place
from bot.core.following import EVERYTHING
from bot.core.following_words import AskToFollow, ConfirmFollow, FollowHere
from bot.core.incident_commands import OpenIncident
from bot.core.person_words import AcceptInvite
from bot.engine.paging import DESK
from bot.pages.hearing import CHANNEL as PAGE
from bot.pages.hearing import HEADER, TOKEN_SIGNS
from bot.store.base import number as number_of
from bot.store.base import text
from bot.wiring import House, MailBy
from tests.adapters.mail import SENDER, Inbox, mail_server
from tests.proof.http.keeper import Keeper, kept
from tests.proof.http.people import Browser, staff

AT_ONCE = 256
SAMPLE = 50
WORDS = "The power is off north of the river. Two teams are on their way."
LEADER = "leader"
# Whoever approves it is called to their desk, and is none of those whom it is for.
LEDGER = (
    "SELECT channel, target, state, count(*) FROM outbox WHERE kind = 'say' AND member <> ''"
    f" AND channel <> '{DESK}' AND position >= ? GROUP BY channel, target, state"
)
LETTERS = (
    "SELECT seat, count(*) FROM mailbox WHERE id > ? AND seat NOT IN"
    f" (SELECT target FROM outbox WHERE channel = '{DESK}') GROUP BY seat"
)


@dataclass(frozen=True)
class Size:
    """How many hear it where, and how often and how soon the process is killed meanwhile."""

    pages: int
    mails: int
    kills: int
    longest: float


@dataclass(frozen=True)
class Result:
    """What came of it."""

    size: Size
    counted: int
    seconds: float
    middle: int
    read_wrong: int
    missed: int
    twice: int
    letters_missed: int
    letters_twice: int
    mails_missed: int
    mails_twice: int
    mails_again: int

    @property
    def well(self) -> bool:
        """Everybody once, everywhere, as many as the preview had said, killed in the middle."""
        wrong = (
            *(self.missed, self.twice, self.letters_missed, self.letters_twice),
            *(self.mails_missed, self.mails_twice, self.read_wrong),
        )
        everybody = self.size.pages + self.size.mails
        return not any(wrong) and self.counted == everybody and self.middle > 0

    def lines(self) -> list[str]:
        """For people."""
        return [
            (
                f"one update to {self.size.pages:,} subscribers on the page and "
                f"{self.size.mails:,} by mail, to a real mail server; the preview counted "
                f"{self.counted:,}"
            ),
            (
                f"killed with SIGKILL {self.size.kills} times at random moments, {self.middle} of "
                f"them while it was going out; all was out {self.seconds:.0f} s after the press, "
                "restarts included (mail goes at 10 a second)"
            ),
            f"the ledger: missed {self.missed}, told twice {self.twice}",
            (
                f"mailboxes of pages: missed {self.letters_missed}, twice {self.letters_twice}; of "
                f"{SAMPLE} browsers that came back {self.read_wrong} read anything else"
            ),
            (
                f"mailboxes of mail: missed {self.mails_missed}, two different mails "
                f"{self.mails_twice}; handed in again under the same Message-ID, since a kill took "
                f"the server's answer: {self.mails_again}"
            ),
        ]


@dataclass(frozen=True)
class Seeded:
    """What stood before the update: its incident, the last letter, the end of the log, mails."""

    incident: str
    letters: int
    position: int
    mails: int


async def prove(folder: Path, size: Size, seed: int = 1) -> Result:
    """The whole run."""
    async with mail_server() as (inbox, server):
        url = f"smtp://{server.host}:{server.port}"
        before = await _seeded(folder / "data", size, MailBy(url, SENDER), inbox)
        async with kept(
            folder, settings={"MUSTER_SMTP": url, "MUSTER_MAIL_FROM": SENDER}
        ) as keeper:
            ana = await staff(keeper, "Ana", "agent")
            counted, position = await _looked_at(ana, before.incident)
            fields = {**_fields(before.incident), "position": position}
            began = time.monotonic()
            middle = await _published(keeper, ana, fields, size, Random(seed))
            await keeper.asked("rest")
            seconds = time.monotonic() - began
            told = counted, seconds, middle, await _read_wrong(keeper, size)
        return _result(folder / "data", before, size, inbox, told)


# --- before ----------------------------------------------------------------------------------


async def _seeded(data: Path, size: Size, mail: MailBy, inbox: Inbox) -> Seeded:
    """Everybody subscribes through the door."""
    async with _alive(data, mail) as house:
        token = house.engine.codec.token_hash(await house.machine.invite(("agent", "supervisor")))
        (row,) = await house.store.select("people", {"invitation": token})
        joined = AcceptInvite(person=text(row, "person"), token=token, name="Eva")
        await _done(house, joined, "web", LEADER)
        await _all(_follows_by_mail(house, number) for number in range(size.mails))
        await _all(
            _done(house, FollowHere(scope=EVERYTHING), PAGE, _opaque(house, number))
            for number in range(size.pages)
        )
        category = next(iter(house.reader.playbook.categories))
        opened = OpenIncident(report=None, category=category)
        incident = await _done(house, opened, "web", LEADER)
        await _rested(house)
        last = await house.store.select("mailbox", order="id", descending=True, limit=1)
        letters = number_of(last[0], "id") if last else 0
        end = await house.store.head()
        return Seeded(incident["stream"], letters, end, len(inbox.mails))


@asynccontextmanager
async def _alive(data: Path, mail: MailBy) -> AsyncIterator[House]:
    house = House(data, mail=mail)
    try:
        await house.open()
        await house.start()
        yield house
    finally:
        await house.stop()


async def _all(jobs: Iterable[Awaitable[object]]) -> None:
    """So many at once, and no more."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))


async def _done(house: House, command: Command, channel: str, who: str) -> dict[str, str]:
    envelope = Envelope(
        entry="proof",
        source=f"{command.tag}/{who}",
        command=command,
        identity=Identity(channel, who),
        place=Place(channel, who),
        proved_at=house.engine.clock.now(),
    )
    answer = await house.engine.handle(envelope)
    assert answer.outcome == "done", (command.tag, answer.code, answer.text)
    return {key: str(value) for key, value in answer.data.items()}


async def _follows_by_mail(house: House, number: int) -> None:
    address = _address(number)
    token = house.engine.codec.token_hash(address)
    link = f"https://status.example.org/{number}"
    await _done(house, AskToFollow(scope=EVERYTHING, link=link, token=token), house.mail, address)
    person = await house.engine.person_behind(house.mail, address)
    assert person is not None
    yes = ConfirmFollow(person=person, token=token)
    answer = await house.engine.house(yes, person, "proof", address)
    assert answer.outcome == "done", answer


def _opaque(house: House, number: int) -> str:
    """Whom the token of a browser stands for."""
    return house.engine.codec.token_hash(_token(number))


def _token(number: int) -> str:
    return f"{number:0{TOKEN_SIGNS}}"


def _address(number: int) -> str:
    return f"reader{number}@example.org"


async def _rested(house: House) -> None:
    while await house.store.count("outbox", {"state": "waiting"}):
        await house.machine.dos.idle()
        await house.machine.deliveries.idle()


# --- meanwhile -------------------------------------------------------------------------------


def _fields(incident: str) -> dict[str, str]:
    return {"incident": incident, "words": WORDS, "audience": "public", "next_in": "60"}


async def _looked_at(ana: Browser, incident: str) -> tuple[int, str]:
    """How many subscribers the preview says will hear it, and the position that it is of."""
    body = json.dumps({"id": "look", **_fields(incident)}).encode()
    reply = await ana.ask("POST", "/desk/preview/publish_update", body, "application/json")
    assert reply.status == 200, reply.text
    found = re.search(r"([0-9][0-9.,]*) subscribers", reply.text)
    position = re.search(r'name="position" value="([0-9]+)"', reply.text)
    assert found is not None, reply.text
    assert position is not None, reply.text
    return int(re.sub("[.,]", "", found[1])), position[1]


async def _published(
    keeper: Keeper, ana: Browser, fields: dict[str, str], size: Size, chance: Random
) -> int:
    """Press once; how many kills hit while it was going out."""
    await _said(keeper, ana, fields)
    middle = 0
    for _ in range(size.kills):
        life = keeper.lives
        asyncio.get_running_loop().call_later(chance.uniform(0, size.longest), keeper.kill)
        await keeper.after(life)
        middle += (await keeper.asked("waiting"))["count"] > 0
    return middle


async def _said(keeper: Keeper, ana: Browser, fields: dict[str, str]) -> None:
    """It speaks to so many that a second person reads it before it goes out."""
    sue = await staff(keeper, "Sue", "supervisor")
    answer = await ana.press("the-update", "publish_update", **fields)
    assert answer["outcome"] == "done", answer
    draft = {"incident": fields["incident"], "draft": 1, "version": 1}
    answer = await sue.press("the-approval", "approve_update", **draft)
    assert answer["outcome"] == "done", answer


async def _read_wrong(keeper: Keeper, size: Size) -> int:
    """How many of some browsers that come back read anything but the update, once."""
    wrong = 0
    for number in range(0, size.pages, max(1, size.pages // SAMPLE)):
        page = Browser(keeper, {HEADER: _token(number)})
        letters = (await page.ask("GET", "/status/here")).json["letters"]
        wrong += [WORDS in one["words"] for one in letters] != [True]
        await page.wire.close()
    return wrong


# --- after -----------------------------------------------------------------------------------


def _result(
    data: Path, seed: Seeded, size: Size, inbox: Inbox, told: tuple[int, float, int, int]
) -> Result:
    counted, seconds, middle, read_wrong = told
    with closing(sqlite3.connect(data / "muster.db")) as raw:
        ledger = raw.execute(LEDGER, (seed.position,)).fetchall()
        letters = dict(raw.execute(LETTERS, (seed.letters,)).fetchall())
    delivered = {
        (channel, target): count for channel, target, state, count in ledger if state == "delivered"
    }
    mails = [(str(one["To"]), str(one["Message-ID"])) for one in inbox.mails[seed.mails :]]
    different = Counter(address for address, _ in set(mails))
    wanted = Counter(map(_address, range(size.mails)))
    return Result(
        size=size,
        counted=counted,
        seconds=seconds,
        middle=middle,
        read_wrong=read_wrong,
        missed=size.pages + size.mails - len(delivered),
        twice=sum(one[3] for one in ledger) - len(delivered),
        letters_missed=size.pages - len(letters),
        letters_twice=sum(letters.values()) - len(letters),
        mails_missed=(wanted - different).total(),
        mails_twice=(different - wanted).total(),
        mails_again=len(mails) - different.total(),
    )
