"""Who works here by being in a place: their role there, for as long as that was seen lately."""

import asyncio
from pathlib import Path

import pytest

from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.commands import Grant, Identity, Place, granted_in
from bot.core.incident_commands import (
    AcknowledgeIncident,
    RestrictIncident,
    TakeIncident,
)
from bot.engine.heard import Changed
from bot.engine.membership import AGAIN, KEPT, WAITS
from bot.engine.ports import Outage, Profile
from bot.engine.read_timeline import entries
from bot.engine.reader import Reader
from bot.store.memory import MemoryStore
from tests.clock import VirtualClock
from tests.engine.members import CHAT, CREW, LOBBY, TRIAGE, Club, Platform, club

GROUP = Place(CHAT, "S1")
DOWN = Outage("it does not answer")


def roles(grants: tuple[Grant, ...]) -> list[str]:
    return [one.role for one in grants]


async def left(house: Club, name: str, place: Place = TRIAGE) -> None:
    house.platform.members.pop((place.address, name), None)
    await house.members.change(Changed("left", place=place, who=house.who(name)))


# --- the role of a place ---------------------------------------------------------------------


async def test_a_member_of_a_place_has_its_role_there_and_nowhere_else(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        found = await house.grants("bo")
        assert found == (Grant("agent", "triage", house.desk.clock.now()),)
        assert await house.grants("bo", LOBBY) == ()
        assert await house.grants("bo", CREW) == ()
        assert await house.grants("stranger") == ()


async def test_what_they_do_by_it_is_theirs_and_keeps_by_which_place(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        assert (await house.press(TakeIncident(incident=incident), "bo")).outcome == "done"
        bo = await house.person("bo")
        assert (await house.desk.incident(incident)).owner == bo.stream
        assert bo.roles == ()
        log = await Reader(house.desk.machine.engine).log(incident, 100)
        taken = next(one for one in log if one.event.tag == "incident_taken")
        told = await entries(Reader(house.desk.machine.engine), [taken])
        places = house.desk.machine.engine.editions.current.places
        assert [(one.by, one.place) for one in told] == [("Bo", places["triage"].name)]
        assert granted_in(taken.cause) == Grant("agent", "triage", house.desk.clock.now())
        # Who may by a role of their own needs no place for it.
        assert {granted_in(one.cause) for one in log if one.actor == house.desk.people["ana"]} == {
            None
        }
        await house.desk.sound()


async def test_outside_of_that_place_the_same_press_is_refused(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        answer = await house.press(TakeIncident(incident=incident), "bo", LOBBY)
        assert answer.code == "not_allowed"
        answer = await house.press(TakeIncident(incident=incident), "bo", CREW)
        assert answer.code == "not_allowed"


async def test_a_group_gives_its_role_wherever_it_is_pressed(tmp_path: Path) -> None:
    async with club(tmp_path, groups={"supervisor": [GROUP]}) as house:
        house.comes("bo", GROUP)
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]
        assert roles(await house.grants("bo", TRIAGE)) == ["supervisor"]
        assert await house.grants("eve", LOBBY) == ()
        # A group of one platform is nothing on another.
        assert await house.members.grants(Identity("web", "bo"), LOBBY, False) == ()


@pytest.mark.parametrize(("guests", "expected"), [(False, []), (True, ["agent"])])
async def test_guests_and_outsiders_have_it_only_where_the_setting_says_so(
    tmp_path: Path, guests: bool, expected: list[str]
) -> None:
    async with club(tmp_path, guests=guests) as house:
        house.comes("gia", member="guest")
        house.comes("otto")
        house.platform.profiles["otto"] = Profile(name="Otto", outside=True)
        assert roles(await house.grants("gia")) == expected
        assert roles(await house.grants("otto")) == expected


@pytest.mark.parametrize("profile", [Profile(person=False), Profile(gone=True)])
async def test_programs_and_those_who_are_gone_have_nothing(
    tmp_path: Path, profile: Profile
) -> None:
    async with club(tmp_path, guests=True) as house:
        house.comes("robot", member="owner")
        house.platform.profiles["robot"] = profile
        assert await house.grants("robot") == ()
        assert await house.members.member(house.who("robot"), TRIAGE) == "none"


async def test_who_is_gone_since_has_nothing_that_is_grave(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        assert (house.platform.asked, house.platform.described) == (1, 1)
        house.platform.profiles["bo"] = Profile(gone=True)
        await house.desk.clock.advance(MINUTE)
        assert await house.grants("bo", grave=True) == ()
        assert (house.platform.asked, house.platform.described) == (2, 2)


async def test_news_of_a_place_are_news_of_the_groups_there(tmp_path: Path) -> None:
    """Who is among those who look after a place may be told as news of the place alone."""
    chiefs = Place(CHAT, f"{TRIAGE.address}/admins")
    async with club(tmp_path, groups={"supervisor": [chiefs]}) as house:
        house.comes("bo", chiefs, "owner")
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]
        house.platform.members.clear()
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]
        await house.members.change(Changed("role", place=TRIAGE, who=house.who("bo")))
        assert await house.grants("bo", LOBBY) == ()
        house.comes("bo", chiefs, "owner")
        await house.members.change(Changed("joined", place=TRIAGE, who=house.who("bo")))
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]


async def test_what_happens_where_nothing_of_ours_is_makes_us_forget_nothing(
    tmp_path: Path,
) -> None:
    """Anybody may take us into a group of their own and out again, all day long."""
    chiefs = Place(CHAT, f"{TRIAGE.address}/admins")
    async with club(tmp_path, groups={"supervisor": [chiefs, GROUP]}) as house:
        house.comes("bo", chiefs, "owner")
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]
        asked = house.platform.asked
        for place in (Place(CHAT, "C66"), Place(CHAT, f"{TRIAGE.address}0"), Place("x", "C1")):
            for what in ("gone", "back", "joined", "left"):
                await house.members.change(Changed(what, place=place))
        assert roles(await house.grants("bo", LOBBY)) == ["supervisor"]
        assert house.platform.asked == asked


async def test_who_was_removed_does_nothing_more_by_what_they_were(tmp_path: Path) -> None:
    chiefs = Place(CHAT, f"{TRIAGE.address}/admins")
    async with club(tmp_path, groups={"supervisor": [chiefs]}) as house:
        incident = await house.incident()
        house.comes("bo", chiefs)
        assert (await house.press(TakeIncident(incident=incident), "bo", LOBBY)).outcome == "done"
        house.platform.members.clear()
        await house.members.change(Changed("left", place=TRIAGE, who=house.who("bo")))
        acknowledge = AcknowledgeIncident(incident=incident)
        assert (await house.press(acknowledge, "bo", LOBBY)).code == "not_allowed"
        # And where nobody told us, what is grave is not done by it, either.
        house.comes("eve", chiefs)
        await house.grants("eve", LOBBY)
        house.platform.members.clear()
        await house.desk.clock.advance(MINUTE)
        hide = RestrictIncident(incident=incident, visibility="restricted", reason="A child")
        assert (await house.press(hide, "eve", LOBBY)).code == "not_allowed"


# --- its age ---------------------------------------------------------------------------------


async def test_it_is_asked_for_once_and_then_known(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        for _ in range(5):
            assert roles(await house.grants("bo")) == ["agent"]
        assert house.platform.asked == 1
        house.desk.clock.jump(AGAIN)
        assert roles(await house.grants("bo")) == ["agent"]
        assert house.platform.asked == 2


async def test_somebody_who_was_not_there_is_looked_for_again_soon(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        assert await house.grants("bo") == ()
        house.comes("bo")
        assert await house.grants("bo") == ()
        await house.desk.clock.advance(MINUTE)
        assert roles(await house.grants("bo")) == ["agent"]


async def test_a_grave_press_asks_the_platform_first(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        await house.desk.clock.advance(MINUTE)
        # Nobody told us that they left.
        house.platform.members.clear()
        assert roles(await house.grants("bo")) == ["agent"]
        assert await house.grants("bo", grave=True) == ()
        assert await house.grants("bo") == ()


async def test_while_the_platform_is_silent_only_what_is_not_grave_goes_on(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.comes("bo")
        assert (await house.press(TakeIncident(incident=incident), "bo")).outcome == "done"
        house.platform.fault = DOWN
        house.desk.clock.jump(DAY - HOUR)
        assert (await house.press(AcknowledgeIncident(incident=incident), "bo")).code != "stale"
        hide = RestrictIncident(incident=incident, visibility="restricted", reason="A child")
        refused = await house.press(hide, "bo")
        assert (refused.outcome, refused.code) == ("refused", "stale")
        house.platform.fault = None
        assert (await house.press(hide, "bo")).outcome == "done"
        house.platform.fault = DOWN
        house.desk.clock.jump(DAY)
        other = await house.incident()
        assert (await house.press(TakeIncident(incident=other), "bo")).code == "stale"


async def test_who_was_never_seen_is_told_that_it_could_not_be_checked(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        incident = await house.incident()
        house.platform.fault = DOWN
        (grant,) = await house.grants("eve")
        assert grant.seen_at == 0
        assert (await house.press(TakeIncident(incident=incident), "eve")).code == "stale"
        house.platform.fault = None
        assert (await house.press(TakeIncident(incident=incident), "eve")).code == "not_allowed"


async def test_a_press_waits_a_second_at_most_and_the_next_one_finds_it(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        house.platform.takes = 3 * WAITS
        clock = house.desk.clock
        pressed = asyncio.create_task(house.grants("bo"))
        await clock.settle()
        await clock.advance(WAITS)
        assert pressed.done()
        assert [one.seen_at for one in await pressed] == [0]
        await clock.advance(2 * WAITS)
        assert roles(await house.grants("bo")) == ["agent"]
        assert house.platform.asked == 1


# --- what platforms tell ---------------------------------------------------------------------


async def test_who_leaves_has_it_no_more_and_who_comes_has_it_at_once(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        assert roles(await house.grants("bo")) == ["agent"]
        await left(house, "bo")
        assert await house.grants("bo") == ()
        house.comes("bo")
        await house.members.change(Changed("joined", place=TRIAGE, who=house.who("bo")))
        assert roles(await house.grants("bo")) == ["agent"]


@pytest.mark.parametrize(
    "changed",
    [
        Changed("role", who=Identity(CHAT, "bo")),
        Changed("blocked", who=Identity(CHAT, "bo")),
        Changed("role", place=TRIAGE),
        Changed("gone", place=TRIAGE),
    ],
)
async def test_what_may_have_changed_serves_only_once_it_is_seen_again(
    tmp_path: Path, changed: Changed
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        house.platform.fault = DOWN
        await house.members.change(changed)
        assert [one.seen_at for one in await house.grants("bo")] == [0]
        assert await house.desk.store.count("memberships") == 0


@pytest.mark.parametrize(
    "changed",
    [
        Changed("lost", place=TRIAGE, message="m1"),
        Changed("gone"),
        Changed("left", place=LOBBY, who=Identity(CHAT, "bo")),
        Changed("joined", place=TRIAGE, who=Identity(CHAT, "eve")),
    ],
)
async def test_what_is_about_something_else_changes_nothing(
    tmp_path: Path, changed: Changed
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        await house.members.change(changed)
        await house.grants("bo")
        assert house.platform.asked == 1


async def test_when_somebody_leaves_the_others_there_are_looked_at_again(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        seen_at = (await house.grants("bo"))[0].seen_at
        await house.desk.clock.advance(MINUTE)
        gone = Identity(CHAT, "bo, as another workspace calls them")
        await house.members.change(Changed("left", place=TRIAGE, who=gone))
        house.platform.fault = DOWN
        assert await house.grants("bo") == (Grant("agent", "triage", seen_at),)
        house.platform.fault = None
        house.platform.members.clear()
        assert await house.grants("bo") == ()


async def test_news_that_come_while_the_platform_is_asked_are_newer_than_its_answer(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        house.platform.takes = WAITS // 2
        pressed = asyncio.create_task(house.grants("bo"))
        await house.desk.clock.settle()
        await left(house, "bo")
        await house.desk.clock.advance(WAITS)
        assert [one.seen_at for one in await pressed] == [0]
        house.platform.takes = 0
        assert await house.grants("bo") == ()


async def test_after_a_gap_it_is_asked_anew_and_what_was_seen_serves_meanwhile(
    tmp_path: Path,
) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        seen_at = (await house.grants("bo"))[0].seen_at
        house.desk.clock.jump(HOUR)
        await house.members.missed("elsewhere")
        await house.grants("bo")
        assert house.platform.asked == 1
        await house.members.missed(CHAT)
        house.platform.fault = DOWN
        assert await house.grants("bo") == (Grant("agent", "triage", seen_at),)
        house.platform.fault = None
        house.platform.members.clear()
        assert await house.grants("bo") == ()


async def test_a_restart_is_a_gap_and_what_was_seen_survives_it(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    platform = Platform(clock, name=CHAT)
    async with club(tmp_path, store=store, clock=clock, platform=platform) as house:
        house.comes("bo")
        seen_at = (await house.grants("bo"))[0].seen_at
    clock.jump(HOUR)
    platform.fault = DOWN
    async with club(tmp_path, store=store, clock=clock, platform=platform) as house:
        assert await house.grants("bo") == (Grant("agent", "triage", seen_at),)
        platform.fault = None
        assert (await house.grants("bo"))[0].seen_at == clock.now()


async def test_what_says_nothing_any_more_is_let_go_of(tmp_path: Path) -> None:
    async with club(tmp_path) as house:
        house.comes("bo")
        await house.grants("bo")
        await house.members.sweep()
        assert await house.desk.store.count("memberships") == 1
        house.desk.clock.jump(KEPT + 1)
        await house.members.sweep()
        assert await house.desk.store.count("memberships") == 0
