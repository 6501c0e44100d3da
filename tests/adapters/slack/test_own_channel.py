"""A private channel for a major incident: its name, who is in it, what Slack says against it."""

import pytest

from bot.adapters.slack.looks import named
from bot.engine.ports import Misconfigured, Post, Unsendable
from tests.adapters.slack.kit import desk
from tests.slack.fake import SCOPES
from tests.slack.state import BOT_USER


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


async def test_a_name_that_is_taken_gets_a_number_and_three_are_enough() -> None:
    async with desk() as here:
        titles = [await here.channel.open("channel", "C1", "major-N-1") for _ in range(3)]
        names = [here.slack.world.channels[one].name for one in titles]
        assert names == ["major-n-1", "major-n-1-2", "major-n-1-3"]
        with pytest.raises(Unsendable):
            await here.channel.open("channel", "C1", "major-N-1")


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
