"""The house with Telegram: loaded only when it is set, heard through the one door, stopped well."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.telegram.house import Keys, Telegram
from bot.adapters.telegram.menu import GROUP, PRIVATE
from bot.adapters.telegram.receive import PATH
from bot.adapters.telegram.words import TELEGRAM
from bot.chats import Chat, chats_of, odd_addresses, told_in
from bot.core.commands import Place
from bot.places import Where
from bot.settings import Settings, read, strangers
from bot.wiring import House
from tests.adapters.telegram.ears import ANA, TEAM
from tests.telegram.fake import FakeTelegram

TOKEN = f"123456789:{'aB3_-' * 7}"


def chat(fake: FakeTelegram) -> Chat:
    told = {"telegram_bot_token": fake.token, "telegram_api_url": fake.api_url}
    return Chat(TELEGRAM, told)


async def heard_back(fake: FakeTelegram, where: int, text: str) -> str:
    """What the house says to a line."""
    before = len(fake.ours(where))
    await fake.commands(ANA, where, text)
    await fake.until(lambda: len(fake.ours(where)) > before)
    return fake.last(where).text


async def test_lines_in_telegram_are_answered_by_the_house_and_it_stops_without_a_rest(
    tmp_path: Path,
) -> None:
    before = asyncio.all_tasks()
    async with FakeTelegram() as fake:
        fake.user(ANA, "Ana", started=True)
        fake.group(TEAM, "Triage", [ANA])
        house = House(tmp_path, chats=[chat(fake)])
        try:
            await house.open()
            await house.start()
            telegram = house.chats["telegram"]
            assert isinstance(telegram, Telegram)
            assert "report" in await heard_back(fake, ANA, "/help")
            assert telegram.health().sound
            assert house.signed == ()
        finally:
            await house.stop()
        assert fake.violations == []
        assert fake.updates.waiting == []
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_every_word_of_the_menus_is_one_that_the_house_knows(tmp_path: Path) -> None:
    async with FakeTelegram(pace=False) as fake:
        house = House(tmp_path, chats=[chat(fake)])
        try:
            await house.open()
            known = house._hears().lines._by
            assert set(PRIVATE) | set(GROUP) <= set(known)
        finally:
            await house.stop()


def test_what_telegram_needs_is_imported_only_when_it_is_set() -> None:
    look = (
        "import sys, bot.wiring, bot.cli; "
        "print([m for m in sys.modules if m == 'telegram' or m.startswith('bot.adapters.tele')])"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['bot.adapters.telegram', 'bot.adapters.telegram.words']"


def test_telegram_is_set_by_the_names_that_everybody_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "https://desk.example.org:8443")
    settings, wrong = read({})
    assert wrong == []
    (one,) = chats_of(settings)
    assert one.words is TELEGRAM
    assert strangers({"TELEGRAM_BOT_TOKEN": "x", "TELEGRAM_OTHER": "x"}) == []
    (told,) = strangers({"MUSTER_TELEGRAM_BOT_TOKEN": "x"})
    assert "did you mean 'TELEGRAM_BOT_TOKEN'" in told


def test_without_its_token_telegram_is_off() -> None:
    assert chats_of(Settings()) == ()
    half = Settings.model_validate({"telegram_webhook_url": "https://desk.example.org"})
    assert chats_of(half) == ()
    assert TELEGRAM.is_half(told_in(half))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"telegram_bot_token": "hidden"}, "@BotFather"),
        ({"telegram_bot_token": f"{TOKEN}hid"}, "35 signs"),
        ({"telegram_webhook_url": "http://desk.example.org"}, "https://desk.example.org"),
        ({"telegram_webhook_url": "https://desk.example.org:8080"}, "443, 80, 88 and 8443"),
        ({"telegram_webhook_url": "https://localhost"}, "https://desk.example.org"),
        ({"telegram_api_url": "http://bots.example.org"}, "http://127.0.0.1:8081"),
        ({"telegram_api_url": "bots"}, "https://bots.example.org"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_no_secret_is(given: dict[str, str], said: str) -> None:
    settings, wrong = read(given)
    told = "\n".join(wrong)
    assert said in told
    assert "hid" not in told
    assert chats_of(settings) == ()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8081", "http://telegram-api:8081", "https://bots.example.org/"]
)
def test_a_server_of_ones_own_may_be_near_and_may_send_anywhere(url: str) -> None:
    _, wrong = read({"telegram_api_url": url, "telegram_webhook_url": "http://127.0.0.1:8080"})
    assert wrong == []


@pytest.mark.parametrize(
    ("webhook", "url"),
    [
        ("", ""),
        ("https://desk.example.org", f"https://desk.example.org{PATH}"),
        ("https://desk.example.org/", f"https://desk.example.org{PATH}"),
        ("https://desk.example.org/from/proxy", "https://desk.example.org/from/proxy"),
    ],
)
def test_the_path_is_added_where_none_is_given(webhook: str, url: str) -> None:
    assert Keys(TOKEN, webhook).url == url
    assert Keys(TOKEN, webhook).me.number == 123456789


def test_addresses_that_are_none_are_named_with_an_example() -> None:
    fine = {"a": (Place("telegram", "-1001234"),)}
    assert list(odd_addresses(Where(fine, {"supervisor": (Place("telegram", "-1/admins"),)}))) == []
    odd = {"a": (Place("telegram", "@team"),)}
    (told,) = odd_addresses(Where(odd, {}))
    assert "telegram:-100" in told
