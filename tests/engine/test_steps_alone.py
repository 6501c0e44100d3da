"""What was begun where others are and goes on alone: as from that place, with its rights."""

from pathlib import Path

from bot.core.cards import Action, plain
from bot.engine.steps_walks import Walks
from bot.store.base import text
from bot.views.look import OPEN_FORM
from tests.engine.front_kit import MINUTE
from tests.engine.steps_kit import Steps, steps_room

HOUR = 60 * MINUTE
CAROL, TEAM = "carol", "team"
FOR_ALL = ("Keep this", "Keep this", "Here, for everybody in this place", "Keep this", "Follow")


async def test_what_was_begun_in_a_busy_place_goes_on_alone_with_the_rights_of_that_place(
    tmp_path: Path,
) -> None:
    """`pat` has a role only as a member of the team's place."""
    async with steps_room(tmp_path) as one:
        stream = await one.incident()
        one.club.roles["pat", TEAM] = "agent"
        one.club.now = one.office.clock.now()
        button = one.button("Note")
        # The place was busy, so the question never stood there.
        await one.presses_token("pat", button, "", TEAM, stands=False)
        one.shown[TEAM].clear()
        await one.arrives("pat", f"p_{button}")
        assert "What should colleagues know?" in plain(one.newest("pat"))
        assert "Asked of" not in plain(one.newest("pat"))
        await one.writes("pat", "Called.")
        assert one.texts[-1] == "Noted, for colleagues only."
        assert (await one.office.desk.incident(stream)).last_event == "incident_note_written"
        # Whoever brings the button of somebody else gets what a press would give.
        stranger = await one.arrives("mallory", f"p_{button}")
        assert "make a code" in stranger.text
        assert stranger.refused
        alone = await one.arrives("pat", f"p_{button}")
        assert not alone.asks


async def test_a_member_who_left_meanwhile_goes_on_with_nothing(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.incident()
        one.club.roles["pat", TEAM] = "agent"
        one.club.now = one.office.clock.now()
        button = one.button("Note")
        await one.presses_token("pat", button, "", TEAM)
        one.club.roles.clear()
        assert "make a code" in (await one.arrives("pat", f"p_{button}")).text
        one.club.roles["pat", TEAM] = "agent"
        await one.arrives("pat", f"p_{button}")
        one.club.roles.clear()
        assert "make a code" in (await one.writes("pat", "Called.")).text


async def test_what_is_between_us_alone_is_not_asked_before_others(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        reply = await one.types(CAROL, "subscribe", TEAM)
        assert not reply.cards
        assert reply.link.startswith("https://test.example/start?start=p_m")
        payload = reply.link.partition("start=")[2]
        assert len(payload) <= 64
        await one.arrives(CAROL, payload)
        assert "What do you want to hear of?" in plain(one.newest(CAROL))
        for label in ("Keep this", "Keep this", "Keep this", "Follow"):
            await one.presses(CAROL, label)
        assert "You hear of it from now on" in one.reads(CAROL)


async def test_a_whole_place_is_subscribed_by_who_goes_on_alone_with_it(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins("sam", "stakeholder")
        await one.types("sam", "subscribe", TEAM)
        token = await _ref(one)
        await one.arrives("sam", f"p_{token}")
        for label in FOR_ALL:
            await one.presses("sam", label)
        assert "hears of it from now on" in one.reads("sam")
        (row,) = await one.office.store.select("subscriptions")
        assert row["seat"] == one.office.desk.codec.seat_key("test", TEAM)


async def test_who_comes_too_late_for_that_is_told_what_to_do(tmp_path: Path) -> None:
    """The button is older than what they began by it: they are no longer in that place."""
    async with steps_room(tmp_path) as one:
        await one.joins("sam", "stakeholder")
        await one.types("sam", "subscribe", TEAM)
        token = await _ref(one)
        await one.office.advance(2 * HOUR)
        await one.arrives("sam", f"p_{token}")
        for label in FOR_ALL:
            await one.presses("sam", label)
        said = "Subscribe there once more, or choose that it is told to you alone."
        assert said in one.reads("sam")


async def _ref(one: Steps) -> str:
    """The button by which the only form on its way was opened."""
    parts = one.office.desk.machine.parts
    (row,) = await parts.store.select("walks")
    walk = await Walks(parts.store, parts.codec, parts.clock, parts.chance).find(text(row, "walk"))
    assert walk is not None
    return walk.way.ref


async def test_practice_7_2_a_summary_of_somebodys_distress_is_an_answer_of_who_helped(
    tmp_path: Path,
) -> None:
    """practice 7.2: who helps writes of it in words that would be a call for help of another."""
    async with steps_room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        (row,) = await one.office.store.select("reports")
        heard = one.heard("ana", "ana")
        asking = await one.front.askers.asking(heard)
        args = {"form": "sum_up_distress", "report": text(row, "report")}
        opened = await one.front.forms.opened(asking, Action(OPEN_FORM, args))
        assert opened is not None
        await one.seen(await one.front.steps.begin(asking, opened), heard)
        await one.writes("ana", "She said: I want to die. We talked for an hour.")
        assert "What happens next?" in plain(one.newest("ana"))
