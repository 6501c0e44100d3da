"""Who lost their browser comes back by a mail, and nobody learns from it who has a report here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.adapters.web.house import Limits
from bot.core.person_words import ErasePerson
from bot.engine.limits import Rate
from tests.adapters.mail import Inbox, channel_to, mail_server
from tests.clock import VirtualClock
from tests.engine.kit import MINUTE
from tests.pages.kit import Visitor, Web, web

ADDRESS = "Anna@Example.org"


@asynccontextmanager
async def mailing(folder: Path, **more: Any) -> AsyncIterator[tuple[Web, Inbox]]:
    """A desk that sends by a real mail server."""
    clock = VirtualClock()
    async with mail_server() as (inbox, server):
        channels = {"email": channel_to(server, clock)}
        async with web(folder, channels=channels, mail="email", clock=clock, **more) as served:
            await clock.advance(MINUTE)  # after a start the pace is that of what went before it
            yield served, inbox


async def quiet(served: Web) -> None:
    """Nothing is on its way any more; the mail server takes its own time."""
    async with asyncio.timeout(20):
        await served.desk.settle()
        while await served.desk.store.count("outbox", {"kind": "say", "state": "waiting"}):
            await served.desk.settle()


async def left(served: Web) -> tuple[Visitor, str]:
    """A customer who has reported and left an address, and the reference."""
    visitor = await served.visitor()
    await visitor.report()
    given = {"id": visitor.number(), "address": ADDRESS}
    response = await visitor.post("/chat/mail", given, **visitor.headers)
    assert response.json()["outcome"] == "done", response.text
    await quiet(served)
    return visitor, (await visitor.state())["report"]["reference"]


async def leave(visitor: Visitor, address: str) -> Any:
    given = {"id": visitor.number(), "address": address}
    return await visitor.post("/chat/mail", given, **visitor.headers)


async def asks(served: Web, reference: str, address: str) -> str:
    """A stranger asks for a link; what they are told."""
    given = {"reference": reference, "address": address}
    response = await served.stranger().post("/chat/lost", given)
    assert response.status_code == 200
    await quiet(served)
    told: str = response.json()["text"]
    return told


def link_in(mail: str) -> str:
    (line,) = [one for one in mail.splitlines() if "#back=" in one]
    return line.partition("#back=")[2]


async def test_a_mail_brings_the_conversation_back_once(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        visitor, reference = await left(served)
        assert reference in inbox.words()[0] or reference in inbox.mails[0]["Subject"]
        assert (await visitor.state())["report"]["mailed"] is True
        await asks(served, reference.lower(), "anna@example.ORG")
        assert len(inbox.mails) == 2
        link = link_in(inbox.words()[1])
        came = await served.stranger().post("/chat/back", {"link": link})
        other = Visitor(served, served.client(), token=came.json()["token"])
        assert (await other.state())["report"]["reference"] == reference
        again = await served.stranger().post("/chat/back", {"link": link})
        assert again.status_code == 404


async def test_the_link_of_a_mail_dies_after_half_an_hour(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, reference = await left(served)
        await asks(served, reference, ADDRESS)
        served.desk.clock.jump(30 * MINUTE)
        came = await served.stranger().post("/chat/back", {"link": link_in(inbox.words()[1])})
        assert came.status_code == 404


async def test_whatever_a_stranger_guesses_they_are_told_the_same(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, reference = await left(served)
        other = await served.visitor()
        await other.report()
        without = (await other.state())["report"]["reference"]
        told = {
            await asks(served, *guess)
            for guess in (
                (reference, ADDRESS),
                (reference, "ben@example.org"),
                (reference, ""),
                (without, ADDRESS),
                ("R-000-0000", ADDRESS),
                ("", ""),
            )
        }
        assert len(told) == 1
        assert [mail["To"] for mail in inbox.mails] == [ADDRESS, ADDRESS]


async def test_a_mailbox_is_not_flooded_by_whoever_knows_the_reference(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, reference = await left(served)
        for _ in range(8):
            await asks(served, reference, ADDRESS)
        assert len(inbox.mails) == 5


async def test_without_a_mail_server_nothing_is_promised(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        assert "I have reported before" not in (await served.stranger().page("/chat")).text
        visitor = await served.visitor()
        await visitor.report()
        given = {"id": visitor.number(), "address": ADDRESS}
        assert (await visitor.post("/chat/mail", given, **visitor.headers)).status_code == 404
        assert (await served.stranger().post("/chat/lost", given)).status_code == 404


async def test_the_address_goes_with_the_person(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, reference = await left(served)
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        command = ErasePerson(person=person, reason="asked")
        await served.house.engine.house(command, person, "cli", "test")
        await served.desk.machine.eraser.finish(person)
        await asks(served, reference, ADDRESS)
        assert len(inbox.mails) == 1


async def test_strangers_cannot_flood_a_mailbox_however_many_they_are(tmp_path: Path) -> None:
    limits = Limits(mailbox=Rate(burst=3, per_minute=1 / 60))
    async with mailing(tmp_path, limits=limits) as (served, inbox):
        visitors = [await served.visitor(f"198.51.100.{number}") for number in range(5)]
        told = []
        for number, visitor in enumerate(visitors):
            await visitor.did("begin_report")
            told.append(await leave(visitor, ADDRESS.upper() if number % 2 else ADDRESS))
        assert [one.status_code for one in told] == [200, 200, 200, 429, 429]
        assert "enough mail for today" in told[-1].json()["text"]
        await quiet(served)
        assert len(inbox.mails) == 3
        assert (await leave(visitors[-1], "other@example.org")).status_code == 200
        served.desk.clock.jump(61 * MINUTE)
        assert (await leave(visitors[-1], ADDRESS)).status_code == 200
