"""Cards: they hang where they belong, look like the newest state, and cost few edits."""

from pathlib import Path

from bot.core.cards import Card
from bot.core.commands import Place
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    AskForResource,
    AssessIncident,
    ClaimTask,
    RestrictIncident,
    TakeIncident,
)
from bot.core.priority import Level
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.deliver_desk import DeliveryDesk
from bot.engine.ports import (
    Limit,
    MessageGone,
    PlaceMoved,
)
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel, Shown, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

SECOND = 1_000
MINUTE = 60_000
TEAM = Place(channel="test", address="team")
CREW = Place(channel="test", address="crew")
PLACES = {"triage": [TEAM], "it_desk": [TEAM], "field_crew": [CREW], "safety_crew": [CREW]}


async def incident(one: Office) -> StreamId:
    """Carol reports from a page."""
    await one.press(WriteMessage(words="No power"), "carol", "web")
    answer = await one.press(AskForPerson(), "carol", "web")
    await one.quiet()
    report = await one.desk.report(str(answer.data["stream"]))
    assert report.incident is not None
    if not one.desk.people:
        await one.desk.join("ana")
    return report.incident


def cards(one: Office, place: str = "team") -> list[Shown]:
    """What hangs in a place, the card of the report left out."""
    return [x for x in one.channel.places[place] if x.post.card and "Report" not in x.post.text]


def card(one: Office, place: str = "team") -> Card[str]:
    (only,) = cards(one, place)
    assert only.post.card is not None
    return only.post.card


async def test_an_incident_hangs_in_its_teams_place_and_is_edited_there(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        assert "Who has it: Nobody yet" in cards(one)[0].post.text
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        (only,) = cards(one)
        assert "Who has it: Ana" in only.post.text
        assert "In progress" in only.post.text
        assert only.edits >= 1


async def test_without_configured_places_nothing_is_hung_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert one.channel.calls == []
        assert await one.store.count("shows") == 0
        assert await one.store.count("cards") == 0


async def test_a_card_hangs_in_every_place_that_the_settings_name(tmp_path: Path) -> None:
    clock = VirtualClock()
    both = {key: [TEAM, Place(channel="test", address="mirror")] for key in PLACES}
    async with office(tmp_path, clock=clock, places=both) as one:
        await incident(one)
        await one.advance(MINUTE)
        assert len(cards(one, "team")) == 1
        assert cards(one, "mirror")[0].post.text == cards(one, "team")[0].post.text


async def test_ten_quick_changes_cost_one_edit_and_the_last_look_stays(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, own=(Limit("place", 1, 3 * SECOND),))
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        stream = await incident(one)
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        before = len(channel.calls)
        for number in range(10):
            level = (Level.HIGH, Level.LOW)[number % 2]
            command = AssessIncident(incident=stream, impact=level, urgency=level)
            await one.desk.done(command, "ana")
        await one.advance(MINUTE)
        assert len(channel.calls) - before <= 3
        assert "P4" in cards(one)[0].post.text
        assert channel.exceeded() == []


async def test_what_changes_nothing_on_the_card_costs_no_edit(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        before = len(one.channel.calls)
        await one.press(WriteMessage(words="Any news?"), "carol", "web")
        await one.advance(MINUTE)
        assert [call.act for call in one.channel.calls[before:]] == ["send"]  # Her words.


async def test_a_task_hangs_where_those_are_who_can_do_it(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        ask = AskForResource(
            incident=stream, what="Look at the fuse box", skill="electrical", needed=2
        )
        await one.desk.done(ask, "ana")
        await one.advance(MINUTE)
        assert "Look at the fuse box" in cards(one, "crew")[0].post.text
        eta = one.clock.now() + 15 * MINUTE
        await one.desk.done(ClaimTask(incident=stream, task=1, eta=eta), "ana")
        await one.advance(MINUTE)
        text = cards(one, "crew")[0].post.text
        assert "1 of 2 are coming" in text
        assert "Ana, coming, there at" in text


async def test_a_restricted_card_is_covered_and_not_hung_anew(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        restrict = RestrictIncident(incident=stream, visibility="restricted", reason="a child")
        await one.desk.done(restrict, "ana")
        await one.advance(MINUTE)
        (only,) = cards(one)
        assert "restricted" in only.post.text
        assert "Who has it" not in only.post.text
        assert [x.label for x in card(one).buttons] == ["Open on the desk"]
        one.channel.places["team"].clear()
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert cards(one) == []


async def test_a_card_whose_message_was_deleted_is_hung_anew(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        one.channel.places["team"].clear()
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert "Who has it: Ana" in cards(one)[0].post.text
        assert cards(one)[0].edits == 0


async def test_a_card_follows_its_group_to_a_new_address(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        one.channel.will(PlaceMoved("supergroup"))
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert "Who has it: Ana" in cards(one, "supergroup")[0].post.text
        await one.desk.done(
            AssessIncident(incident=stream, impact=Level.LOW, urgency=Level.LOW), "ana"
        )
        await one.advance(MINUTE)
        assert "P4" in card_text(one, "supergroup")


def card_text(one: Office, place: str) -> str:
    (only,) = cards(one, place)
    return only.post.text


async def test_buttons_carry_tokens_that_stay_the_same_through_edits_and_restarts(
    tmp_path: Path,
) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        before = {x.action.text: x.token for x in card(one).buttons}
        assert len(set(before.values())) == len(before) > 4
        assert all(22 <= len(token.encode()) <= 64 for token in before.values())
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        after = {x.action.text: x.token for x in card(one).buttons}
        shared = before.keys() & after.keys()
        assert shared
        assert {key: before[key] for key in shared} == {key: after[key] for key in shared}
    async with office(
        tmp_path, store=store, clock=clock, channel=channel, places=PLACES, keys=one.keys
    ) as two:
        desk = DeliveryDesk(two.desk.machine.engine, two.deliveries)
        for text, token in before.items():
            found = await desk.pressed(token, "")
            assert found is not None
            assert found.action.text == text
            assert found.hung.stream == stream
        assert await desk.pressed("m" + "A" * 24, "") is None
        assert await desk.pressed("'; DROP TABLE tokens", "") is None


async def test_cards_do_not_hold_back_messages_nor_messages_cards(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        one.channel.plan = lambda act, at, post: (
            Step(MessageGone(), takes=0) if post and "stuck" in post.text else None
        )
        await one.say("team", "stuck")
        await incident(one)
        await one.advance(5 * SECOND)
        assert len(cards(one)) == 1


async def test_a_change_while_an_edit_is_in_the_air_is_shown_after_it(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        one.channel.plan = lambda act, at, post: Step(takes=5 * SECOND)
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(SECOND)
        command = AssessIncident(incident=stream, impact=Level.LOW, urgency=Level.LOW)
        await one.desk.done(command, "ana")
        await one.advance(30 * SECOND)
        assert "P4" in cards(one)[0].post.text
        assert await one.store.count("shows", {"state": "waiting"}) == 0


async def test_the_customer_sees_where_things_stand_without_names(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        await one.press(WriteMessage(words="No power"), "dave")
        answer = await one.press(AskForPerson(), "dave")
        await one.quiet()
        report = await one.desk.report(str(answer.data["stream"]))
        await one.desk.join("ana")
        await one.desk.done(TakeIncident(incident=str(report.incident)), "ana")
        await one.advance(MINUTE)
        told = [x.post.text for x in one.channel.places["dave"]]
        assert len([x for x in told if "Your report R-" in x]) == 1
        assert not [x for x in told if "Ana" in x]
