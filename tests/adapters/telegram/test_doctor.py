"""`muster telegram doctor`: a line for each thing, and for each that is wrong what to do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.doctor import looked
from bot.adapters.telegram.house import Keys
from bot.adapters.telegram.inward import Inward
from bot.adapters.telegram.receive import READ
from bot.core.commands import Place
from bot.declared import Found
from tests.telegram.deliveries import Hook
from tests.telegram.fake import FakeTelegram
from tests.telegram.people import People
from tests.telegram.state import BOT, Member

ANA = 11
FORUM, TEAM, SMALL, NEWS = -1002, -1001, -77, -1005
HOOK = "https://desk.example.org"


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(pace=False) as telegram:
        telegram.user(ANA, "Ana")
        telegram.group(FORUM, "Incidents", admins=[ANA], forum=True)
        telegram.group(TEAM, "Triage", [ANA])
        telegram.group(SMALL, "Small", [ANA], supergroup=False)
        telegram.channel(NEWS, "News")
        yield telegram
        assert telegram.violations == []


async def look(
    fake: People,
    places: Sequence[object] = (FORUM,),
    groups: Sequence[object] = (f"{FORUM}/admins",),
    webhook: str = "",
    listen: int = 0,
) -> list[Found]:
    assert isinstance(fake, FakeTelegram)
    named = {f"place{n}": (Place("telegram", str(one)),) for n, one in enumerate(places)}
    given = {"supervisor": tuple(Place("telegram", str(one)) for one in groups)}
    keys = Keys(fake.token, webhook, fake.api_url)
    return await looked(keys, {**named, "web": (Place("web", "x"),)}, given, listen)


@asynccontextmanager
async def _hooked(fake: FakeTelegram, url: str) -> AsyncIterator[Hook]:
    """Updates are sent there."""
    hook = Hook(url)
    fake.deliveries.set(hook)
    yield hook


def wrong(found: Sequence[Found]) -> list[str]:
    return [f"{one.about}: {one.words}" for one in found if not one.well]


async def test_where_all_is_well_every_line_says_so(fake: FakeTelegram) -> None:
    found = await look(fake)
    assert wrong(found) == []
    said = {one.about: one.words for one in found}
    assert f"@{fake.username}" in said["telegram token"]
    assert "topic of its own" in said["place place0"]
    assert said["group of supervisor"] == "administrators: 1"
    assert said["telegram updates"].startswith("they are fetched")


async def test_a_token_that_serves_no_more_is_said_and_nothing_else_is_asked(
    fake: FakeTelegram,
) -> None:
    token = fake.token
    fake.revokes()
    (line,) = wrong(await looked(Keys(token, "", fake.api_url), {}, {}))
    assert "TELEGRAM_BOT_TOKEN" in line
    assert token not in line


async def test_when_telegram_cannot_be_reached_no_token_is_blamed() -> None:
    (line,) = await looked(Keys("900:x", "", "http://127.0.0.1:9"), {}, {})
    assert not line.well
    assert "TELEGRAM_API_URL" in line.words
    assert "TOKEN" not in line.words


async def test_each_group_in_which_cards_would_not_work_is_named(fake: FakeTelegram) -> None:
    fake.chat(FORUM).members[BOT] = Member("administrator", frozenset())
    fake.group(-1006, "Left", [ANA], bot="left")
    found = wrong(await look(fake, (FORUM, TEAM, -1006, NEWS, ANA, -9), ()))
    about = [one.partition(":")[0] for one in found]
    assert about == [f"place place{n}" for n in range(6)]
    for line, words in zip(
        found,
        ("Manage topics", "privacy mode", "bot", "channel", "own number", "no such group"),
        strict=True,
    ):
        assert words in line, line


async def test_a_group_of_several_places_is_looked_at_once(fake: FakeTelegram) -> None:
    about = [one.about for one in await look(fake, (FORUM, FORUM), ())]
    assert "place place0, place1" in about
    assert len(set(about)) == len(about) - 1, "its name, and its topics"


async def test_what_is_no_number_is_not_taken_for_somebodys(fake: FakeTelegram) -> None:
    (line,) = wrong(await look(fake, ("@incidents",), ()))
    assert "/id" in line


async def test_a_public_group_is_warned_about(fake: FakeTelegram) -> None:
    fake.chat(FORUM).username = "incidents"
    (line,) = wrong(await look(fake))
    assert "anybody can read it" in line


async def test_a_group_that_was_upgraded_is_told_with_its_new_number(fake: FakeTelegram) -> None:
    new = await fake.upgrades(SMALL)
    (line,) = wrong(await look(fake, (SMALL,)))
    assert f"telegram:{new.id}" in line


async def test_a_webhook_of_somebody_else_is_told(fake: FakeTelegram) -> None:
    fake.deliveries.local = False
    async with _hooked(fake, "https://other.example.org/x"):
        assert any("webhook is set" in one for one in wrong(await look(fake)))
        assert any("elsewhere" in one for one in wrong(await look(fake, webhook=HOOK)))


async def test_a_webhook_that_telegram_cannot_reach_is_told_with_what_to_look_at(
    fake: FakeTelegram,
) -> None:
    async with _hooked(fake, f"{HOOK}/telegram/updates") as hook:
        assert wrong(await look(fake, webhook=HOOK)) == []
        hook.error, hook.error_at = "SSL error", fake.clock.now() // 1_000
        (line,) = wrong(await look(fake, webhook=HOOK))
        assert "SSL error" in line
        assert "certificate" in line


async def test_a_role_of_members_needs_the_bot_to_be_an_administrator(fake: FakeTelegram) -> None:
    fake.chat(FORUM).members[ANA].anonymous = True
    found = await look(fake, groups=(TEAM, FORUM, f"{FORUM}/admins", -9, "x"))
    lines = [one for one in found if one.about == "group of supervisor"]
    assert [one.well for one in lines] == [False, True, True, False, False]
    assert "1 of them anonymous" in lines[2].words
    assert "this is no group" in lines[4].words


async def test_nothing_in_telegram_is_said(fake: FakeTelegram) -> None:
    found = await look(fake, (), ())
    assert "triage=telegram:-100" in next(one.words for one in found if one.about == "places")


async def test_somebody_else_who_fetches_is_told_of(fake: FakeTelegram) -> None:
    looking = asyncio.create_task(look(fake, listen=20))
    await fake.until(lambda: fake.updates.polls)
    api = TelegramApi(fake.token, fake.api_url)
    await Inward(api).updates(None, 1, 0, READ)
    await api.close()
    (line,) = [one for one in await looking if one.about == "telegram updates"]
    assert "If Muster runs, all is well" in line.words
