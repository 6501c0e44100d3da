"""Whole places that follow: lists, choices one by one, and places that move, shut us out, or where
nobody writes as themselves.
"""

from dataclasses import replace
from pathlib import Path

from bot.core.cards import plain
from bot.core.commands import Place
from bot.engine.heard import Changed
from tests.engine.front_kit import CHANNEL, room, token_of
from tests.engine.steps_kit import steps_room
from tests.engine.test_front_following import (
    ALL,
    END_HERE,
    follows,
    of,
    place_of,
    told,
    updates,
)


async def test_where_nobody_writes_as_themselves_whoever_looks_after_it_says_so_to_us_alone(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.office.desk.join("ana")
        await one.joins("sam", "stakeholder")
        incident = await one.incident()
        no = "Only somebody who works here and looks after a place"
        one.club.looking_after = {("sam", "news"), ("eve", "news")}
        for who, line in (("eve", "news"), ("sam", "lobby"), ("sam", "news and more")):
            assert (await one.type(who, f"subscribe {line}", who)).text.startswith(no)
        # In a place this is no address but words beside the line.
        assert (await one.type("sam", "subscribe news", "lobby")).form is not None
        done = await one.type("sam", "subscribe news", "sam")
        assert done.text == "The whole place hears of it from now on."
        assert await follows(one, place_of(one, "news")) == ["all"]
        assert await follows(one, place_of(one, "sam")) == []
        await one.type("sam", "subscribe news p2", "sam")
        assert await follows(one, place_of(one, "news")) == ["all", "priority:P2"]
        await told(one, incident, "The pump is being changed.")
        (card, *_) = updates(one, "news", END_HERE)
        stranger = await one.press("eve", token_of(card, END_HERE), place="news")
        assert "Nobody who works here is known by this account" in stranger.text
        ended = await one.press("sam", token_of(card, END_HERE), place="news")
        assert ended.text == "This place hears no more of that."


async def test_a_place_that_lets_us_in_again_hears_again_and_nothing_is_sent_there_meanwhile(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        channel = one.office.channel
        channel.capabilities = replace(channel.capabilities, bounces=True)
        await one.office.desk.join("ana")
        await one.joins("sam", "stakeholder")
        incident = await one.incident()
        given = {**ALL, "where": "here"}
        await one.send(
            "sam", (await one.type("sam", "subscribe", "lobby")).form, given, place="lobby"
        )
        channel.blocked.add("lobby")
        await told(one, incident, "It is the pump.")
        tried = len([x for x in channel.calls if x.address == "lobby"])
        await told(one, incident, "It is the valve.")
        assert len([x for x in channel.calls if x.address == "lobby"]) == tried
        channel.blocked.clear()
        await one.front.change(Changed("back", Place(CHANNEL, "lobby")))
        await told(one, incident, "It is both.")
        assert "It is both." in "".join(one.office.channel.texts("lobby"))
        assert await one.office.store.count("bounces") == 0


async def test_where_no_form_opens_the_choices_are_asked_one_by_one(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins("sam", "stakeholder")
        await one.types("sam", "subscribe", "lobby")
        for label in ("Keep this", "P2 and P1", "Here, for everybody in this place"):
            await one.presses("sam", label, "lobby")
        await one.presses("sam", "Keep this", "lobby")
        assert "How pressing must it be? P2 and P1" in plain(one.newest("lobby"))
        await one.presses("sam", "Follow", "lobby")
        assert await follows(one, place_of(one, "lobby")) == ["priority:P2"]
        await one.types("eve", "subscribe")
        for label in ("One kind", "Power outage", "Keep this", "Once a day, all together"):
            await one.presses("eve", label)
        await one.writes("eve", "08:00")
        await one.presses("eve", "Follow")
        assert await of(one, "eve") == ["category:power"]
        shown = await one.types("eve", "subscriptions")
        await one.presses_token("eve", token_of(shown.cards[0], "End: Power outage"))
        assert await of(one, "eve") == []


async def test_a_place_that_goes_on_under_another_address_follows_once_and_ends_it_there(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.office.desk.join("ana")
        await one.joins("sam", "stakeholder")
        incident = await one.incident()
        given = {**ALL, "where": "here"}
        form = (await one.type("sam", "subscribe", "lobby")).form
        await one.send("sam", form, given, place="lobby")
        one.office.channel.moved["lobby"] = "hall"
        await told(one, incident, "It is the pump.")
        (card,) = updates(one, "hall", END_HERE)
        again = (await one.type("sam", "subscribe", "hall")).form
        await one.send("sam", again, given, place="hall")
        assert await follows(one, place_of(one, "lobby")) == ["all"]
        assert await follows(one, place_of(one, "hall")) == []
        (listed,) = (await one.type("sam", "subscriptions", "hall")).cards
        assert listed.summary == "This place hears of"
        ended = await one.press("sam", token_of(card, END_HERE), place="hall")
        assert ended.text == "This place hears no more of that."
        assert await follows(one, place_of(one, "lobby")) == []


async def test_subscriptions_are_listed_by_their_name_for_a_person_and_for_a_place(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("sam", "stakeholder")
        alone = {**ALL, "where": "alone"}
        await one.send("sam", (await one.type("sam", "subscribe", "lobby")).form, alone)
        given = {**ALL, "where": "here", "least": "P1"}
        await one.send(
            "sam", (await one.type("sam", "subscribe", "lobby")).form, given, place="lobby"
        )
        shown = (await one.type("sam", "subscriptions", "lobby")).cards
        assert [x.summary for x in shown] == ["You hear of", "This place hears of"]
        (mine,) = (await one.type("sam", "subscriptions", "sam")).cards
        assert mine.summary == "You hear of"
        assert "You follow nothing" in (await one.type("eve", "subscriptions", "lobby")).text
