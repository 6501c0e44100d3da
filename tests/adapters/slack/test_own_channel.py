"""A private channel for a major incident: its name, who is in it, what Slack says against it."""

import pytest

from bot.adapters.slack.beside import named
from bot.engine.ports import Misconfigured, Post, Unsendable
from tests.adapters.slack.kit import desk
from tests.slack.fake import SCOPES
from tests.slack.state import BOT_USER, Channel


async def test_it_is_private_and_whoever_is_in_the_teams_channel_is_in_it() -> None:
    """Issue 7, point 5: its own channel, for those who had the incident before."""
    async with desk() as here:
        team = here.slack.world.channels["C1"]
        made = await here.channel.open("channel", "C1", "major-N-7K4-M2QX")
        own = here.slack.world.channels[made]
        assert (own.name, own.kind) == ("major-n-7k4-m2qx", "private")
        assert set(own.members) == {*team.members, BOT_USER}
        await here.channel.send(made, Post("first", "Hello"))
        assert here.texts(made) == ["Hello"]


async def test_asked_for_again_it_is_the_same_one_and_whoever_is_missing_is_let_in() -> None:
    """A try that was cut short leaves nothing behind (issue 7, point 5)."""
    async with desk() as here:
        made = await here.channel.open("channel", "C1", "major-N-1")
        own = here.slack.world.channels[made]
        here.slack.world.channels["C1"].members["U2"] = None
        own.members.pop("U1", None)
        count = len(here.slack.world.channels)
        assert await here.channel.open("channel", "C1", "major-N-1") == made
        assert len(here.slack.world.channels) == count
        assert {"U1", "U2", BOT_USER} <= set(own.members)


async def test_a_name_that_somebody_else_has_gets_a_number_and_three_are_enough() -> None:
    async with desk() as here:
        channels = here.slack.world.channels
        for name in ("major-n-1", "major-n-1-2"):
            channels[f"C{name}"] = Channel(f"C{name}", name, "private", {BOT_USER: None})
        third = await here.channel.open("channel", "C1", "major-N-1")
        assert channels[third].name == "major-n-1-3"
        channels[third].creator = "U1"
        with pytest.raises(Unsendable):
            await here.channel.open("channel", "C1", "major-N-1")


async def test_it_is_archived_with_all_that_was_said_and_the_next_one_is_another() -> None:
    async with desk() as here:
        made = await here.channel.open("channel", "C1", "major-N-1")
        await here.channel.send(made, Post("first", "Hello"))
        for _ in range(2):
            await here.channel.shut(made, "", shut=True)
        assert here.slack.world.channels[made].archived
        assert here.texts(made) == ["Hello"]
        again = await here.channel.open("channel", "C1", "major-N-1")
        assert here.slack.world.channels[again].name == "major-n-1-2"


async def test_people_are_let_in_once_and_one_who_cannot_be_keeps_nobody_out() -> None:
    async with desk() as here:
        made = await here.channel.open("channel", "C1", "major-N-1")
        here.slack.world.channels[made].members.pop("U2", None)
        for _ in range(2):
            await here.channel.invite(made, ["T123:U2", "T123:UGONE"])
        assert "U2" in here.slack.world.channels[made].members


async def test_without_the_scope_slack_says_no_and_so_do_we() -> None:
    async with desk() as here:
        here.slack.scopes = tuple(one for one in SCOPES if one != "groups:write")
        with pytest.raises(Misconfigured, match="groups:write"):
            await here.channel.open("channel", "C1", "major-N-1")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("major-N-7K4-M2QX", "major-n-7k4-m2qx"),
        ("Пожар / Fire!", "fire"),
        ("Пожар", "major"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_name_is_one_that_slack_takes(title: str, name: str) -> None:
    assert named(title) == name
    assert len(named(title, 2)) <= 80
