"""News of places, as platforms bring them: what hung there hangs again, what waits goes at once."""

from pathlib import Path

from bot.core.commands import Place
from bot.core.incident_commands import CancelIncident, TakeIncident
from bot.engine.heard import Changed
from bot.engine.ports import Misconfigured, Post
from tests.channel import Shown, Step
from tests.engine.front_kit import CHANNEL, MINUTE, TEAM, Room, room

SECOND = 1_000


def hung(one: Room) -> list[Shown]:
    return [x for x in one.office.channel.places["team"] if "Who has it" in x.post.text]


async def deleted(one: Room) -> Shown:
    """Somebody deletes the incident's card, and the platform says so."""
    (old,) = hung(one)
    one.office.channel.places["team"].remove(old)
    await one.front.change(Changed("lost", TEAM, message=old.message))
    return old


async def test_a_card_that_somebody_deleted_hangs_anew_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        old = await deleted(one)
        await one.office.advance(2 * SECOND)
        (new,) = hung(one)
        assert new.message != old.message
        assert (await one.press("ana", one.button("Take"), new.message)).text
        await one.office.advance(MINUTE)
        assert len(hung(one)) == 1


async def test_so_it_does_when_it_was_deleted_while_it_was_being_changed(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        (old,) = hung(one)
        one.office.channel.plan = lambda act, at, post: Step(takes=500) if act == "edit" else None
        await one.office.press(TakeIncident(incident=stream), "ana")
        await one.office.advance(300)
        await one.front.change(Changed("lost", TEAM, message=old.message))
        await one.office.advance(600)
        one.office.channel.plan = None
        one.office.channel.places["team"].remove(old)
        await one.office.advance(MINUTE)
        (new,) = hung(one)
        assert "Who has it: Ana" in new.post.text


async def test_what_should_hang_no_more_and_what_is_none_of_ours_stays_away(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        await one.front.change(Changed("lost", TEAM, message="nobody's"))
        await one.office.press(CancelIncident(incident=stream, reason="A drill"), "ana")
        await one.office.advance(MINUTE)
        calls = len(one.office.channel.calls)
        await deleted(one)
        await one.office.advance(MINUTE)
        assert hung(one) == []
        assert len(one.office.channel.calls) == calls


def _shut(act: str, at: str, post: Post | None) -> Step | None:
    return Step(Misconfigured("Invite the app.")) if at == "team" else None


async def test_a_place_that_is_open_again_gets_what_waited_for_it_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        one.office.channel.plan = _shut
        await one.incident()
        await one.office.advance(30 * MINUTE)
        (pause,) = one.office.deliveries.health()
        assert pause.until > one.office.clock.now() + MINUTE
        one.office.channel.plan = None
        await one.front.change(Changed("back", TEAM))
        await one.office.advance(3 * SECOND)
        assert len(hung(one)) == 1
        assert one.office.deliveries.health() == ()
        assert await one.office.store.count("pauses", {}) == 0


async def test_a_place_that_was_shut_is_not_tried_in_vain_and_operators_read_why(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        for place in (TEAM, Place(CHANNEL, "elsewhere")):
            await one.front.change(Changed("gone", place))
        await one.office.advance(0)
        (pause,) = await one.office.store.select("pauses", limit=9)
        assert "invite the app" in str(pause["detail"])
        await one.front.change(Changed("back", TEAM))
        await one.incident()
        assert len(hung(one)) == 1
        assert one.office.deliveries.health() == ()


async def test_removed_in_the_middle_of_an_incident_and_back_everything_catches_up(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        (old,) = hung(one)
        one.office.channel.plan = _shut
        await one.front.change(Changed("gone", TEAM))
        await one.office.advance(0)
        calls = len(one.office.channel.calls)
        await one.office.press(TakeIncident(incident=stream), "ana")
        await one.office.advance(SECOND)
        assert len(one.office.channel.calls) == calls
        assert await one.incident("cora") != stream
        (pause,) = one.office.deliveries.health()
        assert "nvite the app" in pause.detail
        # Those who may not see us there any more are not believed to be there, either.
        assert [x.what for x in one.club.changes] == ["gone"]
        one.office.channel.plan = None
        await one.front.change(Changed("back", TEAM))
        await one.office.advance(3 * SECOND)
        shown = hung(one)
        assert len(shown) == 2
        assert "Who has it: Ana" in shown[0].post.text
        assert shown[0].message == old.message
        assert one.office.deliveries.health() == ()
