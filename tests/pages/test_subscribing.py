"""Updates by mail: nobody is put on the list by somebody else, and one press takes them off."""

import asyncio
import re
from pathlib import Path

import pytest
from httpx2 import Response

from bot.core.calendar import DAY
from bot.core.person_words import ErasePerson
from bot.pages import subscribing
from tests.adapters.mail import Inbox
from tests.pages.kit import Page, Person, Web
from tests.pages.test_desk import reported
from tests.pages.test_way_back_mail import mailing, quiet

ADDRESS = "Sam@Example.org"
SAM = "sam@example.org"
LINK = re.compile(r"http://muster\.test(/status/mail/\S+)")
UPDATE = "The generator is running."


async def posted(person: Person, path: str, **fields: str) -> Response:
    return await person.client.post(path, data=fields, headers={"origin": person.web.origin})


async def settled(served: Web) -> None:
    """Whatever was begun in the background, and the mail server, have come to rest."""
    for task in asyncio.all_tasks():
        if "Subscribing._asked" in repr(task.get_coro()):
            await task
    await quiet(served)


async def asks(served: Web, address: str = ADDRESS, **more: str) -> Response:
    response = await posted(served.stranger(), "/status/mail", address=address, **more)
    await settled(served)
    return response


def link(inbox: Inbox, which: int = -1) -> str:
    found = LINK.search(inbox.words()[which])
    assert found is not None
    return found[1]


async def follows(served: Web, inbox: Inbox, **more: str) -> None:
    """Somebody has asked and said yes."""
    await asks(served, **more)
    response = await posted(served.stranger(), link(inbox))
    assert response.status_code == 200, response.text
    await quiet(served)


async def published(served: Web, words: str = UPDATE) -> str:
    """An incident with a public update."""
    _, incident, reference = await reported(served)
    await update(served, incident, words)
    return reference


async def update(served: Web, incident: str, words: str) -> None:
    ana = await served.staff("Ana")
    await ana.done("publish_update", incident=incident, words=words, audience="public", minutes=30)
    await quiet(served)


async def people(served: Web) -> int:
    return await served.desk.store.count("subscriptions")


async def test_who_says_yes_hears_how_things_stand_and_can_stop_at_one_press(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        await published(served)
        response = await asks(served)
        assert "Please look at your mail" in response.text
        assert [mail["To"] for mail in inbox.mails] == [SAM]
        page = await served.stranger().page(link(inbox))
        assert "Yes, write to me" in page.text
        assert await people(served) == 0, "to open a link confirms nothing"
        response = await posted(served.stranger(), link(inbox))
        assert "You will hear of it" in response.text
        await quiet(served)
        assert UPDATE in inbox.words()[1]
        mail = inbox.mails[1]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        leave = mail["List-Unsubscribe"].strip("<>").removeprefix("http://muster.test")
        seen = await served.stranger().get(leave)
        assert seen.headers["location"] == link(inbox), "to open it ends nothing"
        # As a mail provider sends it: no origin, no cookie, a form of either kind.
        program = served.stranger().client
        gone = await program.post(leave, files={"List-Unsubscribe": (None, "One-Click")})
        assert (gone.status_code, gone.text) == (200, "")
        assert await people(served) == 0
        assert (await program.post(leave)).status_code == 200
        assert "does not work" in (await served.stranger().get(link(inbox))).text


async def test_a_link_to_confirm_works_once_and_for_a_day(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        await asks(served)
        first = link(inbox)
        assert (await posted(served.stranger(), first)).status_code == 200
        assert (await posted(served.stranger(), first)).status_code == 404
        await asks(served, "other@example.org")
        second = link(inbox)
        served.desk.clock.jump(DAY)
        assert (await served.stranger().get(second)).status_code == 404
        assert (await posted(served.stranger(), second)).status_code == 404
        assert await people(served) == 1


async def test_who_never_says_yes_is_forgotten_with_their_address(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, _):
        await asks(served)
        assert await served.desk.store.count("identities") == 1
        await served.desk.clock.advance(DAY)
        await served.desk.settle()
        await served.desk.machine.eraser.idle()
        assert await served.desk.store.count("identities") == 0
        assert await served.desk.store.count("links") == 0


async def test_who_stops_is_forgotten_and_who_follows_something_else_is_not(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        await published(served)
        await follows(served, inbox)
        everything = link(inbox)
        await follows(served, inbox, about="power")
        assert await people(served) == 2
        await posted(served.stranger(), f"{everything}/end")
        await served.desk.settle()
        assert await served.desk.store.count("identities", {}) >= 1
        rows = await served.desk.store.select("subscriptions")
        assert [row["scope"] for row in rows] == ["category:power"]


async def test_a_stranger_is_told_the_same_whatever_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribing, "ASKER", subscribing.WHOLE)
    async with mailing(tmp_path) as (served, inbox):
        public = await published(served)
        _, hidden, secret = await reported(served)
        told = set()
        abouts = ("", "power", public, secret, "I-000-0000", "no-such", "all", "incident:x")
        for number, about in enumerate(abouts):
            response = await asks(served, f"a{number}@example.org", about=about)
            assert response.status_code == 200
            told.add(re.sub(r'name="id" value="\w+"', "", response.text))
        assert len(told) == 1
        assert len(inbox.mails) == 3
        assert hidden not in str(inbox.words())


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"address": "nobody"}, "email address"),
        ({"address": "a@example.org\r\nBcc: b@example.org"}, "email address"),
        ({"address": "a@example.org,b@example.org"}, "email address"),
        ({"address": "x" * 300 + "@example.org"}, "email address"),
        ({"quiet_from": "22:00", "quiet_to": "07:00", "zone": "Mars/Base"}, "time zone"),
        ({"quiet_from": "25:00", "quiet_to": "07:00", "zone": "UTC"}, "time zone"),
        ({"quiet_from": "22:00", "zone": "UTC"}, "neither"),
        ({"digest": "8", "zone": "UTC"}, "time zone"),
        ({"language": "tlh"}, "time zone"),
    ],
)
async def test_what_cannot_be_is_said_and_what_was_filled_in_is_kept(
    tmp_path: Path, fields: dict[str, str], says: str
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        given = {"address": ADDRESS, **fields}
        response = await posted(served.stranger(), "/status/mail", **given)
        await settled(served)
        assert response.status_code == 400
        assert says in response.text
        assert not inbox.mails


async def test_nobody_floods_a_mailbox_or_the_house(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        for number in range(5):
            stranger = served.stranger(f"198.51.100.{number}")
            response = await posted(stranger, "/status/mail", address=ADDRESS)
            await settled(served)
            assert response.status_code == 200, "they are told the same"
        assert len(inbox.mails) == 3
        told = [await asks(served, f"a{number}@example.org") for number in range(7)]
        assert [one.status_code for one in told] == [200] * 5 + [429] * 2


async def test_links_that_were_guessed_or_bent_lead_nowhere(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        await published(served)
        await follows(served, inbox)
        own = link(inbox).removeprefix("/status/mail/")
        person, number, mark = own.split(".")
        bent = (
            f"{person}.2.{mark}",
            f"{person}.{number}.{mark[:-1]}0",
            f"{person}.{number}.",
            f"{person}.²." + mark,
            "x",
            "confirm",
        )
        for token in bent:
            assert (await served.stranger().get(f"/status/mail/{token}")).status_code == 404
            ended = await posted(served.stranger(), f"/status/mail/{token}/end")
            assert ended.status_code == 404
            await served.stranger().client.post(f"/hooks/leave/{token}")
        assert (await served.stranger().get("/status/mail/confirm/x")).status_code == 404
        assert await people(served) == 1


async def test_when_it_comes_can_be_changed_by_the_link(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        await published(served)
        await follows(served, inbox)
        path = link(inbox)
        fields = {"digest": "08:00", "zone": "Europe/Berlin", "language": "ru"}
        assert (await posted(served.stranger(), path, **fields)).status_code == 200
        page = await served.stranger().page(path)
        assert page.fields()["digest"] == "08:00"
        (row,) = await served.desk.store.select("subscriptions")
        assert row["manner"] == ";480;Europe/Berlin"
        wrong = await posted(served.stranger(), path, digest="8", zone="UTC")
        assert wrong.status_code == 400
        page = Page(wrong.text)
        assert 'role="alert"' in wrong.text
        assert (page.fields()["digest"], page.fields()["zone"]) == ("8", "UTC"), "nothing is lost"


async def test_an_address_that_bounces_is_kept_as_such_and_written_to_no_more(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, incident, _ = await reported(served)
        await follows(served, inbox)
        inbox.says[SAM] = "550 no such user"
        await update(served, incident, "The first.")
        (bounce,) = await served.house.reader.bounces()
        assert (bounce.channel, bounce.address) == ("email", "s…@example.org")
        assert "550" in bounce.reason
        del inbox.says[SAM]
        many = len(inbox.mails)
        ana = await served.staff("Ben")
        await ana.done(
            "publish_update", incident=incident, words="Again.", audience="public", minutes=30
        )
        await asks(served)
        assert len(inbox.mails) == many
        served.desk.clock.jump(31 * DAY)
        await asks(served)
        assert len(inbox.mails) == many + 1, "after a month it may be tried again"


async def test_without_a_mail_server_or_an_address_of_ours_nothing_is_offered(
    tmp_path: Path,
) -> None:
    async with mailing(tmp_path, public_url="") as (served, _):
        assert "Hear of it by mail" not in (await served.stranger().get("/status")).text
        assert (await served.stranger().get("/status/mail")).status_code == 404
        response = await posted(served.stranger(), "/status/mail", address=ADDRESS)
        assert response.status_code == 404


async def test_the_way_there_stands_on_the_status_page(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, _):
        assert "/status/mail" in (await served.stranger().page("/status")).links()
        page = await served.stranger().page("/status/mail")
        assert {"address", "quiet_from", "digest", "zone"} <= set(page.fields())


async def test_erasing_takes_address_subscription_and_bounce(tmp_path: Path) -> None:
    async with mailing(tmp_path) as (served, inbox):
        _, incident, _ = await reported(served)
        await follows(served, inbox)
        inbox.says[SAM] = "551 not here"
        await update(served, incident, "The first.")
        (row,) = await served.desk.store.select("subscriptions")
        person = str(row["person"])
        command = ErasePerson(person=person, reason="asked")
        await served.house.engine.house(command, person, "cli", "test")
        await served.desk.machine.eraser.finish(person)
        for table in ("subscriptions", "bounces"):
            assert not await served.desk.store.count(table), table
        assert await served.house.engine.person_behind("email", SAM) is None
        await served.desk.sound()
