"""Who works here by being in a place that the platform has moved."""

from pathlib import Path

from bot.core.commands import Place
from bot.engine.ports import Membership, PlaceMoved
from tests.clock import VirtualClock
from tests.engine.members import CHAT, LOBBY, Platform, club

GROUP = Place(CHAT, "S1")


async def test_a_place_that_moved_gives_its_role_all_the_same(tmp_path: Path) -> None:
    class Moved(Platform):
        async def membership(self, place: str, opaque: str) -> Membership:
            if place == "C1":
                raise PlaceMoved("C1-new")
            return await super().membership(place, opaque)

    clock = VirtualClock()
    async with club(tmp_path, clock=clock, platform=Moved(clock, name=CHAT)) as house:
        house.comes("bo", Place(CHAT, "C1-new"))
        assert [one.role for one in await house.grants("bo")] == ["agent"]
        assert await house.grants("eve") == ()


async def test_a_group_that_moved_gives_nothing_until_the_settings_name_it(tmp_path: Path) -> None:
    """Those who look after a place may be a group: all of what it has become is another."""

    class Moved(Platform):
        async def membership(self, place: str, opaque: str) -> Membership:
            if place == GROUP.address:
                raise PlaceMoved("C1-new")
            return await super().membership(place, opaque)

    clock = VirtualClock()
    platform, groups = Moved(clock, name=CHAT), {"supervisor": [GROUP]}
    async with club(tmp_path, clock=clock, platform=platform, groups=groups) as house:
        house.comes("bo", Place(CHAT, "C1-new"))
        assert [one.seen_at for one in await house.grants("bo", LOBBY)] == [0]
