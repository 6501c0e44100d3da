"""What else can be done with an incident, beside what its card has room for."""

from pathlib import Path

from bot.core.incident_commands import CancelIncident
from tests.engine.front_kit import room
from tests.engine.steps_kit import steps_room


async def test_more_shows_what_else_can_be_done_and_it_works(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        token = one.button("More")
        reply = await one.press("ana", token)
        (card,) = reply.cards
        cancel = next(x for x in card.buttons if x.label == "Cancel the incident")
        form = await one.press("ana", cancel.token)
        assert form.form is not None
        await one.send("ana", form.form, {"reason": "It was a drill."})
        assert (await one.office.desk.incident(stream)).status == "cancelled"


async def test_who_does_not_work_here_is_shown_nothing(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        reply = await one.press("mallory", one.button("More"))
        assert reply.cards == ()
        assert reply.refused


async def test_what_is_pressed_there_counts_as_pressed_where_more_was(tmp_path: Path) -> None:
    """Who works here by that place alone can use it also where the card is shown to them alone."""
    async with room(tmp_path) as one:
        one.club.roles["gil", "team"] = "agent"
        stream = await one.incident()
        reply = await one.press("gil", one.button("More"))
        (card,) = reply.cards
        cancel = next(x for x in card.buttons if x.label == "Cancel the incident")
        form = await one.press("gil", cancel.token, place="gil")
        assert form.form is not None, form.text
        one.club.now = one.office.clock.now()
        done = await one.send("gil", form.form, {"reason": "It was a drill."}, place="gil")
        assert done.text == "Cancelled."
        assert ("gil", True) in one.club.asked, "whether he is still a member was asked anew"
        assert (await one.office.desk.incident(stream)).status == "cancelled"


async def test_who_has_left_the_place_can_do_nothing_by_it(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        one.club.roles["gil", "team"] = "agent"
        stream = await one.incident()
        (card,) = (await one.press("gil", one.button("More"))).cards
        cancel = next(x for x in card.buttons if x.label == "Cancel the incident")
        form = await one.press("gil", cancel.token, place="gil")
        del one.club.roles["gil", "team"]
        left = await one.send("gil", form.form, {"reason": "It was a drill."}, place="gil")
        assert left.refused
        assert (await one.office.desk.incident(stream)).status == "open"


async def test_it_is_for_nobody_else_and_a_card_of_others_is_no_way_in(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("ben", "agent")
        await one.incident()
        (card,) = (await one.press("ana", one.button("More"))).cards
        reply = await one.press("ben", card.buttons[0].token)
        assert (reply.form, reply.refused) == (None, True)


async def test_what_is_not_offered_any_more_says_so_before_anything_is_filled_in(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        (card,) = (await one.press("ana", one.button("More"))).cards
        cancel = next(x for x in card.buttons if x.label == "Cancel the incident")
        await one.office.press(CancelIncident(incident=stream, reason="A false alarm"), "ana")
        late = await one.press("ana", cancel.token)
        assert (late.form, late.refused) == (None, True)
        assert "does not fit any more" in late.text


async def test_a_form_asked_question_by_question_counts_as_begun_there_too(tmp_path: Path) -> None:
    """In Telegram a form goes on alone with us, and acts as from the place of the card."""
    async with steps_room(tmp_path) as one:
        one.club.roles["gil", "team"] = "agent"
        stream = await one.incident()
        token = one.button("More")
        (card,) = (await one.press("gil", token)).cards
        cancel = next(x for x in card.buttons if x.label == "Cancel the incident")
        await one.presses_token("gil", cancel.token)
        one.club.now = one.office.clock.now()
        await one.writes("gil", "It was a drill.")
        assert one.texts[-1] == "Cancelled."
        assert (await one.office.desk.incident(stream)).status == "cancelled"
