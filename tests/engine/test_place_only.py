"""Practice 1.4: who works here by a place alone is asked there, with the buttons, and by name."""

from pathlib import Path
from typing import Any

from bot.core.commands import Envelope, Grant, Identity, Place
from bot.core.ids import StreamId
from bot.core.incident_commands import AskForResource, ClaimTask, RestrictIncident, TakeIncident
from bot.core.parties import Party
from bot.core.person_words import CallMe, SetAvailability
from bot.core.resource_words import AwardTask, OfferPlace
from bot.core.task import Task
from tests.engine.front_kit import CREW, MINUTE, Room, room, token_of
from tests.engine.test_paging import TEAM, WORDS, ward
from tests.engine.test_rings import QUICK, asked

OFFER = "I could be there in 15 minutes"
CARD = "Look at it"


async def comes(one: Room, name: str) -> str:
    """Somebody without an account who is in the crew's channel, as the platform shows them."""
    one.club.roles[name, "crew"] = "resource"
    engine, who = one.office.desk.machine.engine, Identity("test", name)
    grants = (Grant("resource", "field_crew", one.office.clock.now()),)
    said = CallMe(name=f"{name.title()} Moss", place="field_crew")
    await engine.handle(Envelope("test", f"met-{name}", said, who, CREW, grants=grants))
    await one.office.desk.settle()
    person = await engine.person_behind("test", name)
    assert person is not None
    return person


async def ask(one: Room, incident: StreamId, **more: Any) -> int:
    """A task more; its number."""
    wanted = AskForResource(incident=incident, what=CARD, **more)
    await one.office.desk.done(wanted, "ana")
    await one.office.advance(MINUTE)
    return len((await one.office.desk.incident(incident)).tasks)


async def task_of(one: Room, incident: StreamId, number: int) -> Task:
    return (await one.office.desk.incident(incident)).tasks[number - 1]


def button(one: Room, label: str) -> str:
    """What it is called by on the card of that task."""
    cards = [card for card in one.hung("crew") if CARD in str(card.blocks)]
    return next(x.token for card in cards for x in card.buttons if x.label == label)


async def test_practice_1_4_who_is_met_in_a_place_alone_is_asked_there_and_comes_by_a_press(
    tmp_path: Path,
) -> None:
    """By name beneath the card, whose buttons count for whoever presses, as long as they belong."""
    async with room(tmp_path) as one:
        kit = await comes(one, "kit")
        incident = await asked(one, skill="lift")
        number = await ask(one, incident, whom=kit)
        *_, card, call = one.office.channel.places["crew"]
        assert "Kit Moss is asked" in card.post.text
        assert call.post.text.startswith("Kit Moss: Can you come?")
        assert call.post.beneath == card.message
        del one.club.roles["kit", "crew"]
        gone = await one.press("kit", button(one, QUICK), place="crew")
        assert gone.refused, "who has left the place does nothing by it"
        one.club.roles["kit", "crew"] = "resource"
        came = await one.press("kit", button(one, QUICK), place="crew")
        assert came.text.startswith("It is yours. Thank you.")
        assert (await task_of(one, incident, number)).places[0].person == kit
        await one.office.advance(MINUTE)
        assert "Kit Moss, " in card.post.text
        assert "is asked" not in card.post.text


async def test_practice_1_4_who_is_met_in_a_place_alone_says_no_there_with_a_reason(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        kit = await comes(one, "kit")
        incident = await asked(one, skill="lift")
        number = await ask(one, incident, whom=kit)
        opened = (await one.press("kit", button(one, "I cannot"), place="crew")).form
        said = {"why": "other", "reason": "My van is away"}
        await one.send("kit", opened, said, place="crew")
        declined = (await task_of(one, incident, number)).call.declines
        assert [x.person for x in declined] == [kit]


async def test_practice_1_4_a_restricted_incident_asks_nobody_in_a_place(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        kit = await comes(one, "kit")
        await one.office.desk.join("sue", "supervisor")
        incident = await asked(one, skill="lift")
        hidden = RestrictIncident(incident=incident, visibility="restricted", reason="Private")
        await one.office.desk.done(hidden, "sue")
        await one.office.advance(MINUTE)
        stood = len(one.office.channel.places["crew"])
        wanted = AskForResource(incident=incident, what=CARD, whom=kit)
        await one.office.desk.done(wanted, "sue")
        await one.office.advance(MINUTE)
        assert len(one.office.channel.places["crew"]) == stood
        assert CARD not in str(one.office.channel.places["crew"])


async def test_practice_7_3_who_works_here_by_a_place_alone_is_called_where_nobody_else_reads(
    tmp_path: Path,
) -> None:
    """practice 7.3: what few may see, and distress, calls whoever has it, in no place of many."""
    async with ward(tmp_path) as one:
        engine, incident = one.one.desk.machine.engine, one.stream
        who, own = Identity("test", "u-kit"), Place("test", "direct-kit")
        grants = (Grant("agent", "triage", one.one.clock.now()),)
        call_me = CallMe(name="Kit Moss", place="triage")
        for n, does in enumerate((call_me, TakeIncident(incident=incident))):
            met = Envelope("test", f"k{n}", does, who, TEAM, grants=grants, alone=own)
            assert (await engine.handle(met)).outcome == "done"
            await one.one.desk.settle()
        kit = await engine.person_behind("test", "u-kit")
        assert kit is not None
        hidden = RestrictIncident(incident=incident, visibility="restricted", reason="Private")
        await one.one.desk.done(hidden, "boss")
        await one.page(Party(of="person", key=kit), alone=True)
        assert [x.partition("\n")[0] for x in one.told("kit")] == [WORDS.key]
        assert one.team() == []


async def test_practice_1_4_who_lost_a_bid_in_a_place_alone_reads_who_comes_by_name(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await comes(one, "kit")
        lou = await comes(one, "lou")
        incident = await asked(one, skill="lift")
        number = await ask(one, incident, how="bids", skill="lift")
        for who in ("kit", "lou"):
            await one.press(who, button(one, OFFER), place="crew")
        offer = button(one, OFFER)
        bid = (await task_of(one, incident, number)).call.bid_of(lou)
        assert bid is not None
        chosen = AwardTask(incident=incident, task=number, person=lou, eta=bid.eta)
        await one.office.desk.done(chosen, "ana")
        await one.office.advance(MINUTE)
        (freed,) = one.office.channel.texts("kit")
        assert freed.startswith("Lou Moss comes for ")
        assert "You are free" in freed
        late = await one.press("kit", offer, place="crew")
        assert late.text.startswith("Lou Moss took it at "), "and so does who is late with a press"


# --- nobody to choose ----------------------------------------------------------------------------


async def test_practice_5_1_with_nobody_to_hand_over_to_a_clear_sentence_says_so(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("bo", "resource")
        await asked(one)
        await one.press("bo", one.button(QUICK, "crew"), place="crew")
        await one.office.advance(MINUTE)
        await one.office.desk.done(SetAvailability(available=False, off=True), "ana")
        reply = await one.press("bo", one.button("Hand it over", "bo"), place="bo")
        assert (reply.form, reply.refused) == (None, True)
        assert reply.text.startswith("Nobody else is here now who could take it over.")
        await one.joins("cy", "resource")
        again = await one.press("bo", one.button("Hand it over", "bo"), place="bo")
        assert again.form is not None


async def test_practice_1_4_with_no_bid_to_choose_from_a_clear_sentence_says_so(
    tmp_path: Path,
) -> None:
    """The last one takes it back while whoever dispatches still reads the button."""
    async with room(tmp_path) as one:
        await one.joins("gil", "agent")
        await comes(one, "kit")
        incident = await asked(one, skill="lift")
        await ask(one, incident, how="bids", skill="lift")
        await one.press("kit", button(one, OFFER), place="crew")
        await one.office.advance(MINUTE)
        (more,) = (await one.press("gil", one.button("More"))).cards
        choose = token_of(more, "Choose who comes")
        await one.press("kit", button(one, "I cannot after all"), place="crew")
        reply = await one.press("gil", choose)
        assert (reply.form, reply.refused) == (None, True)
        assert reply.text.startswith("Nobody has offered to come yet")


async def test_practice_5_1_who_is_met_in_a_place_alone_takes_over_there(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        bo, kit = await one.joins("bo", "resource"), await comes(one, "kit")
        incident = await asked(one, skill="lift")
        number = await ask(one, incident, whom=bo)
        eta = one.office.clock.now() + 30 * MINUTE
        on: dict[str, Any] = {"incident": incident, "task": number}
        await one.office.press(ClaimTask(**on, eta=eta), "bo")
        await one.office.press(OfferPlace(**on, to=kit), "bo")
        await one.office.advance(MINUTE)
        opened = (await one.press("kit", button(one, "Take it over"), place="crew")).form
        await one.send("kit", opened, {"when": str(15 * MINUTE)}, place="crew")
        (place,) = (await task_of(one, incident, number)).places
        assert (place.person, place.offered_in) == (kit, "")
        await one.office.advance(MINUTE)
        card = next(x for x in one.hung("crew") if CARD in str(x.blocks))
        assert "Take it over" not in [x.label for x in card.buttons]
