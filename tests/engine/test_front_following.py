"""Following in a chat: for oneself or for a whole place, as cards, and ended by one press."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.cards import Card, plain
from bot.core.commands import Place
from bot.core.following import Wish
from bot.core.forms import Answers, visible
from bot.core.incident_commands import CorrectUpdate, RestrictIncident, WithdrawUpdate
from bot.core.person import Person
from bot.core.person_words import Subscribe
from bot.core.place_words import FollowInPlace, LeaveInPlace, place_person
from bot.engine.heard import Typed
from bot.views import following
from bot.views.look import Look
from tests.engine.front_kit import CHANNEL, Room, has, room, token_of
from tests.engine.kit import PLAYBOOK
from tests.engine.test_audience import publish

MINUTE = 60_000
ALL = {"what": "all", "least": "P4", "when": "at_once"}
END = "Tell me no more of this"
END_HERE = "Tell this place no more of this"


def place_of(one: Room, address: str) -> str:
    return place_person(one.office.desk.codec.seat_key(CHANNEL, address))


async def follows(one: Room, person: str) -> list[str]:
    state = (await one.office.desk.machine.engine.live(person)).state
    return [x.scope for x in state.subscriptions] if isinstance(state, Person) else []


async def of(one: Room, who: str) -> list[str]:
    person = await one.office.desk.machine.engine.person_behind(CHANNEL, who)
    return await follows(one, person or "")


def updates(one: Room, address: str, label: str) -> list[Card[str]]:
    shown = [x.post.card for x in one.office.channel.places[address]]
    return [card for card in shown if card is not None and has(card, label)]


async def told(one: Room, incident: str, words: str) -> None:
    await publish(one.office, incident, "public", words)
    await one.office.advance(MINUTE)


# --- for oneself -----------------------------------------------------------------------------


async def test_somebody_follows_and_hears_by_a_card_with_the_way_to_end_it(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.office.desk.join("ana")
        incident = await one.incident()
        reply = await one.type("eve", "subscribe")
        assert reply.form is not None
        asked = {x.key for x in reply.form.state.form.questions}
        assert "where" not in asked, "who has no role here does not speak for the place"
        done = await one.send("eve", reply.form, ALL)
        assert done.text.startswith("You hear of it from now on.")
        await told(one, incident, "The pump is being changed.")
        (card,) = updates(one, "eve", END)
        assert "The pump is being changed." in plain(card)
        assert "the next update comes by" in plain(card)
        assert plain(card).startswith("We know about it\n"), "it says how it stands"
        await told(one, incident, "Half of it is done.")
        (newest,) = updates(one, "eve", END)
        assert token_of(newest, END) == token_of(card, END)
        ended = await one.press("eve", token_of(card, END), place="eve")
        assert ended.text == "You hear no more of that."
        await told(one, incident, "It is over soon.")
        assert "It is over soon." not in "".join(one.office.channel.texts("eve"))
        assert await of(one, "eve") == []


async def test_what_is_followed_stands_on_the_list_and_the_own_page(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        incident = await one.incident()
        ref = (await one.office.desk.incident(incident)).reference
        assert "You follow nothing" in (await one.type("ana", "unsubscribe")).text
        assert (await one.type("ana", f"subscribe {ref}")).text.startswith("You hear of it")
        form = (await one.type("ana", "subscribe")).form
        given = {**ALL, "what": "category", "category": "power", "least": "P2", "where": "alone"}
        given |= {"when": "quiet", "from": "22:00", "until": "06:30"}
        assert not (await one.send("ana", form, given)).faults
        assert await of(one, "ana") == [f"incident:{incident}", "category:power+priority:P2"]
        (card,) = (await one.type("ana", "unsubscribe")).cards
        text = plain(card)
        assert f"Incident {ref}" in text
        assert "P2 and more pressing" in text
        assert "not from 22:00 to 06:30" in text
        home = await one.front.home(one.heard("ana", "ana"))
        assert any(has(x, f"End: Incident {ref}") for x in home.cards)
        await one.press("ana", token_of(card, f"End: Incident {ref}"), place="ana")
        assert await of(one, "ana") == ["category:power+priority:P2"]
        await one.press("ana", token_of(card, "End all of it"), place="ana")
        assert await of(one, "ana") == []


async def test_a_stranger_follows_one_incident_only_once_everybody_was_told_of_it(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.office.desk.join("ana")
        incident = await one.incident()
        ref = (await one.office.desk.incident(incident)).reference
        no = "There is nothing here under that name that you could follow."
        assert (await one.type("eve", f"subscribe {ref}")).text == no
        await told(one, incident, "We look at it.")
        assert (await one.type("eve", f"subscribe {ref}")).text.startswith("You hear of it")
        hide = RestrictIncident(incident=incident, visibility="restricted", reason="A child")
        await one.office.desk.done(hide, "ana")
        assert (await one.type("mia", f"subscribe {ref}")).text == no


async def test_nobody_follows_where_it_would_be_told_to_others(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        for line in ("subscribe", "subscribe N-7K4-M2QX"):
            heard = replace(one.heard("eve"), alone=None)
            typed = Typed(heard.source, heard.who, heard.place, language="en", line=line)
            reply = await one.front.line(typed)
            assert (reply.form, reply.text) == (
                None,
                "Please write this to me in a message of your own.",
            )


# --- for a whole place -----------------------------------------------------------------------


async def test_a_whole_place_follows_when_somebody_who_works_there_says_so(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.office.desk.join("ana")
        await one.joins("sam", "stakeholder")
        incident = await one.incident()
        form = (await one.type("sam", "subscribe", "lobby")).form
        given = {**ALL, "where": "here"}
        done = await one.send("sam", form, given, place="lobby")
        assert done.text == "The whole place hears of it from now on."
        place = place_of(one, "lobby")
        assert await follows(one, place) == ["all"]
        assert await of(one, "sam") == []
        await told(one, incident, "The pump is being changed.")
        (card,) = updates(one, "lobby", END_HERE)
        token = token_of(card, END_HERE)
        # Who only reads there does not decide for all, nor anybody from elsewhere.
        stranger = await one.press("eve", token, place="lobby")
        assert "Nobody who works here is known by this account" in stranger.text
        await one.press("sam", token, place="team")
        assert await follows(one, place) == ["all"]
        (listed,) = (await one.type("sam", "unsubscribe", "lobby")).cards
        assert listed.summary == "This place hears of"
        assert (await one.press("sam", token, place="lobby")).text == (
            "This place hears no more of that."
        )
        assert await follows(one, place) == []
        again = (await one.type("sam", "subscribe", "lobby")).form
        await one.send("sam", again, given, place="lobby")
        assert await follows(one, place) == ["all"]
        await one.office.desk.sound()


async def test_two_who_ask_for_one_place_make_one_subscription(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        for who in ("sam", "sue"):
            await one.joins(who, "stakeholder")
        for who in ("sam", "sue"):
            form = (await one.type(who, "subscribe", "lobby")).form
            await one.send(who, form, {**ALL, "where": "here"}, place="lobby")
        assert await follows(one, place_of(one, "lobby")) == ["all"]


def first(one: Room, who: str) -> tuple[str, int]:
    """What the first update of `who` looks like now, and how often it was changed."""
    shown = next(x for x in one.office.channel.places[who] if x.post.card is not None)
    assert shown.post.card is not None
    return plain(shown.post.card), shown.edits


async def following_and_told(one: Room, words: str) -> str:
    await one.office.desk.join("ana")
    incident = await one.incident()
    await one.send("eve", (await one.type("eve", "subscribe")).form, ALL)
    await told(one, incident, words)
    return incident


async def test_a_correction_comes_as_a_card_and_mends_the_one_that_hangs(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        incident = await following_and_told(one, "It is the pump.")
        correct = CorrectUpdate(incident=incident, number=1, words="It is the valve.")
        await one.office.desk.done(correct, "ana")
        await one.office.advance(MINUTE)
        assert "a correction to the update" in plain(updates(one, "eve", END)[-1])
        text, edits = first(one, "eve")
        assert "It is the valve." in text
        assert "It is the pump." not in text
        assert "Corrected" in text
        assert edits == 1


async def test_what_was_taken_back_and_what_is_old_says_so_where_it_hangs(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        incident = await following_and_told(one, "It is the pump.")
        assert "Next update by" not in first(one, "eve")[0]
        await told(one, incident, "It is being changed.")
        text, edits = first(one, "eve")
        assert "There is a newer update" in text
        assert "Next update by" not in text
        assert edits == 1
        withdraw = WithdrawUpdate(incident=incident, number=1, reason="It was another pump.")
        await one.office.desk.done(withdraw, "ana")
        await one.office.advance(MINUTE)
        assert "Please disregard this update." in first(one, "eve")[0]
        assert "It is the pump." not in first(one, "eve")[0]


async def test_an_old_update_whose_message_is_gone_is_not_told_again(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        incident = await following_and_told(one, "It is the pump.")
        one.office.channel.places["eve"].clear()
        await told(one, incident, "It is being changed.")
        assert len(updates(one, "eve", END)) == 1
        assert "It is the pump." not in "".join(one.office.channel.texts("eve"))
        assert await one.office.store.count("cards", {"card": "update"}) == 1


@pytest.mark.parametrize("command", [FollowInPlace, LeaveInPlace])
async def test_nobody_speaks_for_a_place_from_elsewhere(tmp_path: Path, command: Any) -> None:
    async with room(tmp_path) as one:
        await one.joins("sam", "stakeholder")
        more = {"scope": "all"} if command is FollowInPlace else {"number": 1}
        asked = command(person=place_of(one, "lobby"), **more)
        asking = await one.front.askers.asking(one.heard("sam", "team"))
        envelope = asking.envelope(asked, place=Place(CHANNEL, "team"))
        answer = await one.office.desk.machine.engine.handle(envelope)
        assert answer.code == "no_place"


# --- the form --------------------------------------------------------------------------------

LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})


@pytest.mark.parametrize(
    ("answers", "scope", "wish"),
    [
        ({}, "all", Wish()),
        ({"what": "category", "category": "it"}, "category:it", Wish()),
        ({"least": "P1"}, "priority:P1", Wish()),
        ({"when": "daily", "at": "08:00"}, "all", Wish(digest=480, zone="UTC")),
        (
            {"when": "quiet", "from": "23:00", "until": "07:00"},
            "all",
            Wish(quiet=(1380, 420), zone="UTC"),
        ),
    ],
)
def test_the_answers_make_the_scope_and_the_wish(answers: Answers, scope: str, wish: Wish) -> None:
    assert following.subscribed({}, {**ALL, **answers}, "UTC") == Subscribe(scope=scope, wish=wish)


@pytest.mark.parametrize("here", [False, True])
def test_only_what_matters_is_asked(here: bool) -> None:
    form = following.subscribe_form(here)(None, LOOK)
    usual = (following.usual_here if here else following.usual)(None)
    where = ["where"] if here else []
    assert [x.key for x in visible(form, usual)] == ["what", "least", *where, "when"]
    chosen = {**usual, "what": "category", "when": "quiet"}
    assert [x.key for x in visible(form, chosen)] == [
        "what",
        "category",
        "least",
        *where,
        "when",
        "from",
        "until",
    ]


def test_a_time_that_is_none_is_no_answer() -> None:
    with pytest.raises(ValueError, match="no time of a day"):
        following.subscribed({}, {**ALL, "when": "daily"}, "UTC")
