"""They come by a link: it says where to begin, and gives nobody any right."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.cards import plain
from bot.core.commands import Identity, Place
from bot.core.incident_commands import PublishUpdate
from bot.core.person import Person
from bot.core.person_words import AcceptInvite
from bot.core.report import Report
from bot.core.starts import KEY_MOST, key_of, starts
from bot.engine.heard import Arrived, Pressed, Typed
from bot.engine.links import TRIES
from bot.engine.ports import Reply
from bot.store.base import text
from tests.engine.front_kit import token_of
from tests.engine.kit import PLAYBOOK
from tests.engine.talking import CAROL, STORY, Chat, chat

POWER = key_of("category", "power")


async def arrives(one: Chat, payload: str, who: str = CAROL, place: str = "") -> Reply:
    one.serial += 1
    name = one.office.channel.name
    reply = await one.front.arrive(
        Arrived(
            source=f"event{one.serial}",
            who=Identity(name, who),
            place=Place(name, place or who),
            private=not place,
            language="en",
            alone=Place(name, who),
            payload=payload,
        )
    )
    await one.settled()
    return reply


async def presses(
    one: Chat, reply: Reply, label: str, who: str = CAROL, message: str = ""
) -> Reply:
    """A button of what was said to them alone."""
    token = next(token_of(x, label) for x in reply.cards if label in [y.label for y in x.buttons])
    one.serial += 1
    name = one.office.channel.name
    answer = await one.front.press(
        Pressed(
            source=f"event{one.serial}",
            who=Identity(name, who),
            place=Place(name, who),
            private=True,
            language="en",
            token=token,
            message=message,
        )
    )
    await one.settled()
    return answer


async def types(one: Chat, line: str, who: str = CAROL) -> Reply:
    one.serial += 1
    name = one.office.channel.name
    place = Place(name, who)
    typed = Typed(f"event{one.serial}", Identity(name, who), place, private=True, line=line)
    reply = await one.front.line(typed)
    await one.settled()
    return reply


async def works(one: Chat, who: str) -> None:
    """`who` is an agent, known by their account on the channel."""
    desk = one.office.desk
    hashed = desk.codec.token_hash(await desk.machine.invite(("agent",)))
    rows = await one.office.store.select("people", {"invitation": hashed})
    command = AcceptInvite(person=text(rows[0], "person"), token=hashed, name=who.title())
    await one.office.press(command, who)


async def running(one: Chat, who: str = CAROL) -> list[Report]:
    rows = await one.office.store.select("reports", order="report")
    return [await one.office.desk.report(text(row, "report")) for row in rows]


# --- what nothing can be made of ---------------------------------------------------------------


@pytest.mark.parametrize("payload", ["", "x_1", "nonsense", "s_", "_", "j", "____"])
async def test_without_a_word_they_read_what_this_is(tmp_path: Path, payload: str) -> None:
    async with chat(tmp_path) as one:
        (card,) = (await arrives(one, payload)).cards
        said = plain(card)
        first, *_ = said.splitlines()
        assert first == "If anyone is in danger, call 999 first."
        labels = [x.label for x in card.buttons]
        assert labels == ["Report a problem", "My reports", "I need help now"]
        assert not await one.office.store.count("reports")


async def test_the_first_button_begins_and_the_second_lists(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        reply = await arrives(one, "")
        none = await presses(one, reply, "My reports")
        assert none.text == "You have no report here. To report a problem, write: report"
        await presses(one, reply, "Report a problem")
        assert "anyone in danger" in one.shown()[-1].post.text
        assert "ask us at any time what we hold" in one.shown()[-1].post.text
        (card,) = (await presses(one, reply, "My reports")).cards
        assert (await one.report()).reference in plain(card)


ODD = (
    "j_ABCDE23456",
    "j_" + "\u00e9" * 60,
    "g_" + "0" * 32,
    "i_R-000-0000",
    "i_rep_01KDVDQ4K033ZZ622KA4RZSZRB",
    "i_'; drop table reports",
    "s_" + "x" * 62,
    "s_category-",
    "p_m" + "a" * 24,
    "p_" + "b" * 62,
    "\x00\ud800",
    "welcome",
)


async def test_whatever_stands_in_a_link_is_answered_and_shows_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        for payload in ODD:
            reply = await arrives(one, payload, f"who{payload[:3]}{len(payload)}")
            assert reply.text or reply.cards or payload.startswith("s_"), payload
            assert not reply.again, payload
            assert STORY not in "".join([reply.text, *map(plain, reply.cards)])


async def test_whoever_tries_many_links_waits(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        for number in range(TRIES.burst):
            said = (await arrives(one, f"g_{number}")).text
            assert "has been used, or its time is over" in said
        assert "wait a minute" in (await arrives(one, "g_more")).text
        assert "has been used" in (await arrives(one, "g_more", "dave")).text


async def test_in_a_place_of_many_nothing_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await arrives(one, f"s_{POWER}", place="town")
        assert reply.text == "Please write this to me in a message of your own."
        assert not await one.office.store.count("reports")


# --- a site, an asset, a kind of problem -------------------------------------------------------


def test_every_answer_has_a_key_of_its_own_and_fits_into_a_link() -> None:
    found = starts(PLAYBOOK)
    assert len(found) > 20
    assert all(len(key) <= KEY_MOST for key in found)
    for key, start in found.items():
        field, value = list(start.answers.items())[-1]
        said = value[0] if isinstance(value, tuple) else value
        assert key_of(field, str(said)) == key
    long = key_of("a" * 40, "b" * 40)
    assert len(long) == 32
    assert long != key_of("a" * 40, "b" * 41)


async def test_a_link_begins_a_report_with_that_answered(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await arrives(one, f"s_{POWER}")
        assert reply.text == "You are reporting for: Power outage"
        report = await one.report()
        assert [(x.field, x.value) for x in report.answers] == [("category", "power")]
        assert "anyone in danger" in one.shown()[-1].post.text


async def test_the_same_link_opened_again_asks_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        for _ in range(2):
            reply = await arrives(one, f"s_{POWER}")
            assert reply.help is not None
            assert replace(reply, help=None) == Reply(text="You are reporting for: Power outage")
        assert await one.office.store.count("reports") == 1


async def test_a_link_to_what_a_category_asks_answers_both(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        found = starts(PLAYBOOK)
        key = next(x for x, start in found.items() if len(start.answers) == 2)
        await arrives(one, f"s_{key}")
        report = await one.report()
        assert {x.field for x in report.answers} == set(found[key].answers)


async def test_an_unknown_key_begins_a_report_and_says_nothing_odd(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        assert await arrives(one, "s_no-such-site") == Reply()
        assert not (await one.report()).answers


async def test_whoever_reports_already_is_asked_which_and_loses_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.talk.own = one.front.cards.own
        await one.writes(STORY)
        first = await one.report()
        reply = await arrives(one, f"s_{POWER}")
        assert first.reference in plain(reply.cards[0])
        assert "Power outage" in plain(reply.cards[0])
        assert len(await running(one)) == 1
        told = await presses(one, reply, "Yes, report another one")
        assert told.text == "You are reporting for: Power outage"
        one_, other = await running(one)
        assert one_.answer("what") is not None
        assert other.known()["category"] == "power"
        await one.writes("no, everyone is safe")
        assert (await one.office.desk.report(other.stream)).known()["safety"] == "no"
        kept = await presses(one, reply, f"No, go on with {first.reference}")
        assert first.reference in kept.text
        await one.writes("no, everyone is safe")
        assert (await one.office.desk.report(first.stream)).known()["safety"] == "no"


# --- one incident ------------------------------------------------------------------------------


async def test_a_link_of_an_incident_shows_to_each_what_they_may_see(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.writes("person")
        report = await one.report()
        assert report.incident is not None
        incident = await one.office.desk.incident(report.incident)
        mine = await arrives(one, f"i_{incident.reference}")
        assert f"Your report {report.reference}" in plain(mine.cards[0])
        own = await arrives(one, f"i_{report.reference}")
        assert f"Your report {report.reference}" in plain(own.cards[0])
        for payload in (f"i_{incident.reference}", f"i_{report.reference}", "i_N-000-0000"):
            nothing = await arrives(one, payload, "dave")
            assert nothing.text.startswith("There is nothing here"), payload
            assert not nothing.cards
        await works(one, "ana")
        (card,) = (await arrives(one, f"i_{incident.reference}", "ana")).cards
        assert incident.reference in plain(card)
        assert "Take" in [x.label for x in card.buttons]


async def test_what_everybody_was_told_of_can_be_followed(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.writes("person")
        report = await one.report()
        assert report.incident is not None
        await one.office.desk.join("sue")
        await one.office.desk.done(
            PublishUpdate(incident=report.incident, words="We are on it.", audience="public"), "sue"
        )
        await one.settled()
        reference = (await one.office.desk.incident(report.incident)).reference
        reply = await arrives(one, f"i_{reference}", "dave")
        assert reference in plain(reply.cards[0])
        await presses(one, reply, "Yes, tell me", "dave")
        dave = await one.office.desk.machine.engine.person_behind(one.office.channel.name, "dave")
        assert dave is not None
        person = await one.office.desk.state(dave)
        assert isinstance(person, Person)
        assert [x.scope for x in person.subscriptions] == [f"incident:{report.incident}"]
