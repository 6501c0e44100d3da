"""`muster slack doctor`: a line for each thing, and for each that is wrong what to do."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.adapters.slack.doctor import looked
from bot.adapters.slack.house import Keys
from bot.adapters.slack.manifest import SCOPES
from bot.core.commands import Place
from bot.declared import Found
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        slack.user("U1")
        slack.channel("C1", "triage", members=["U1"])
        slack.group("S1", users=["U1"])
        yield slack
        assert slack.violations == []


async def look(
    fake: FakeSlack,
    places: Sequence[str] = ("C1",),
    groups: Sequence[str] = ("S1",),
    public: str = "https://desk.example.org",
    **more: str,
) -> list[Found]:
    keys = replace(Keys(BOT_TOKEN, APP_TOKEN, SECRET, fake.api_url), **more)
    named = {f"place{n}": (Place("slack", one),) for n, one in enumerate(places)}
    given = {"agent": tuple(Place("slack", one) for one in groups)}
    return await looked(keys, public, {**named, "web": (Place("web", "x"),)}, given)


def wrong(found: Sequence[Found]) -> list[Found]:
    return [one for one in found if not one.well]


async def test_where_all_is_well_every_line_says_so(fake: FakeSlack) -> None:
    found = await look(fake)
    assert wrong(found) == []
    assert [one.about for one in found] == [
        "slack token",
        "slack scopes",
        "slack socket",
        "slack over HTTP",
        "place place0",
        "group of agent",
    ]
    assert "#triage" in found[4].words


async def test_a_token_that_serves_no_more_is_said_first_and_nothing_else_is_asked(
    fake: FakeSlack,
) -> None:
    fake.fails("auth.test", None, error="invalid_auth")
    found = await look(fake)
    assert "SLACK_BOT_TOKEN" in wrong(found)[0].words
    assert not any(one.about.startswith(("place", "group")) for one in found)


async def test_each_scope_that_is_missing_is_named_with_its_reason(fake: FakeSlack) -> None:
    fake.scopes = tuple(one for one in SCOPES if one not in ("files:write", "commands"))
    said = [one.words for one in wrong(await look(fake))]
    assert [one.split()[0] for one in said] == ["commands", "files:write"]
    assert all("muster slack manifest" in one for one in said)


async def test_no_socket_says_which_token_and_which_switch(fake: FakeSlack) -> None:
    (line,) = wrong(await look(fake, app="xapp-1-A1-1-wrong"))
    assert "SLACK_APP_TOKEN" in line.words
    assert "connections:write" in line.words


async def test_http_needs_an_address_that_slack_can_reach(fake: FakeSlack) -> None:
    (line,) = wrong(await look(fake, public="http://localhost:8080"))
    assert "public_url" in line.words


async def test_each_channel_in_which_no_card_can_hang_is_named(fake: FakeSlack) -> None:
    fake.channel("C2", "archived").archived = True
    fake.channel("C3", "without-us", bot=False)
    found = wrong(await look(fake, ("C1", "C2", "C3", "C4", "triage")))
    assert [one.about for one in found] == [
        "place place1",
        "place place2",
        "place place3",
        "place place4",
    ]
    told = [one.words for one in found]
    assert "unarchive" in told[0]
    assert "/invite" in told[1]
    assert "no such channel" in told[2]
    assert "slack:C0123" in told[3]


async def test_a_user_group_that_is_none_is_named(fake: FakeSlack) -> None:
    found = wrong(await look(fake, groups=("S1", "S9", "C1")))
    assert [one.about for one in found] == ["group of agent"] * 2


async def test_when_slack_cannot_be_reached_no_token_is_blamed(fake: FakeSlack) -> None:
    nowhere = "http://127.0.0.1:9/api/"
    keys = Keys(BOT_TOKEN, APP_TOKEN, "", nowhere)
    found = await looked(keys, "", {}, {})
    assert [one.well for one in found] == [False, False]
    assert all("SLACK_API_URL" in one.words for one in found)
    assert not any("TOKEN" in one.words for one in found)


async def test_nothing_in_slack_is_said_and_an_unknown_group_too(fake: FakeSlack) -> None:
    found = await look(fake, places=(), groups=("S9",))
    assert "triage=slack:C" in next(one.words for one in found if one.about == "places")
    assert "no such user group" in wrong(found)[0].words
