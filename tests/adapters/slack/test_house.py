"""The house with Slack: loaded only when it is set, heard through the one door, stopped cleanly."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.slack.house import Keys, keys_in
from bot.chats import chats_of
from bot.engine.ports import Post, Reply
from bot.settings import Settings, read, strangers
from bot.wiring import House
from tests.adapters.slack.ears import connected, slack_by, slack_in
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack

BOTH = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}


async def test_a_line_in_slack_is_answered_by_the_house_and_it_stops_without_a_rest(
    tmp_path: Path,
) -> None:
    before = asyncio.all_tasks()
    async with FakeSlack() as fake:
        fake.user("U1")
        fake.channel("C1", members=["U1"])
        house = House(tmp_path, chats=[slack_by(fake.api_url)])
        try:
            await house.open()
            await house.start()
            slack = slack_in(house)
            assert slack.socket is not None
            await slack.socket.idle()
            told = await fake.command("U1", "C1", text="help")
            assert told.ok
            assert "/incident" in str(fake.ephemerals("U1")[-1].blocks) or told.answer["text"]
            assert slack.health().sound
            assert list(house.signed) == ["/slack/events"]
        finally:
            await house.stop()
        assert fake.sockets.sockets == []
        assert fake.violations == []
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


def test_what_slack_needs_is_imported_only_when_it_is_set() -> None:
    look = "import sys, bot.wiring, bot.cli; print(*[m for m in sys.modules if 'slack' in m])"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["bot.adapters.slack", "bot.adapters.slack.words"]


def test_slack_is_set_by_the_names_that_everybody_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in BOTH.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("SLACK_API_URL", "https://slack-gov.com/api")
    settings, wrong = read({})
    assert wrong == []
    (chat,) = chats_of(settings)
    assert keys_in(chat.told) == Keys(BOT_TOKEN, APP_TOKEN, "", "https://slack-gov.com/api/")
    assert strangers({"SLACK_BOT_TOKEN": "x", "SLACK_WEBHOOK": "x"}) == []
    (told,) = strangers({"MUSTER_SLACK_BOT_TOKEN": "x"})
    assert "did you mean 'SLACK_BOT_TOKEN'" in told


def test_the_other_name_of_a_setting_sets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SLACK_API_URL", "https://slack-gov.com/api")
    assert read({})[0].slack_api_url == ""


def test_without_its_token_slack_is_off() -> None:
    assert chats_of(Settings()) == ()
    assert chats_of(Settings.model_validate({"slack_app_token": APP_TOKEN})) == ()


def test_a_token_that_was_refused_is_not_said_to_be_missing() -> None:
    _, wrong = read({**BOTH, "slack_app_token": '"xapp-quoted-quoted"'})
    assert "no quotes or spaces" in wrong[0]
    assert not any("must be set" in one for one in wrong)
    _, wrong = read({"slack_bot_token": f"{BOT_TOKEN}\n"})
    assert "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET" in wrong[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({**BOTH, "slack_bot_token": "xapp-hidden-hidden"}, "xoxb-"),
        ({**BOTH, "slack_app_token": "xoxb-hidden-hidden"}, "xapp-"),
        ({"slack_bot_token": BOT_TOKEN, "slack_signing_secret": "hid den"}, "one long word"),
        ({"slack_bot_token": BOT_TOKEN}, "must be set, too"),
        ({"slack_api_url": "http://slack.example/api"}, "https://slack-gov.com/api/"),
        ({"slack_api_url": "slack.com"}, "https://slack-gov.com/api/"),
    ],
)
def test_what_is_wrong_with_it_is_said_and_no_secret_is(given: dict[str, str], said: str) -> None:
    settings, wrong = read(given)
    told = "\n".join(wrong)
    assert said in told
    assert "hid" not in told
    assert chats_of(settings) == ()


async def test_what_found_no_room_in_slack_is_told_to_the_operator() -> None:
    async with connected() as one:
        before = one.slack.health()
        assert before.sound
        assert "Shortened" not in before.detail
        await one.slack.send("C1", Post("d1", "word " * 3_000))
        one.spy.says = lambda heard: Reply(text="word " * 3_000)
        await one.fake.command("U1", "C1", text="help")
        after = one.slack.health()
        assert after.sound
        assert after.detail.startswith("The socket to Slack is open")
        assert "Shortened to fit since the start: 2; the last: 1 x notification" in after.detail
