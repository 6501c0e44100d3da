"""What else can be done with an incident, beside what its card has room for."""

from pathlib import Path

from tests.engine.front_kit import room


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
