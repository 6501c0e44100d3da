"""`muster slack`: the app is made at one press, and what is wrong with it is said."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.adapters.slack.words import SLACK
from bot.cli import app
from bot.commands.doctor import chat_alone, chat_lines, examine
from bot.settings import Settings
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack


@pytest.fixture(autouse=True)
def _no_slack_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith("SLACK_")]:
        monkeypatch.delenv(name)


def test_the_manifest_is_printed_in_each_form() -> None:
    runner = CliRunner()
    plain = runner.invoke(app, ["slack", "manifest"])
    assert plain.exit_code == 0
    assert "socket_mode_enabled: true" in plain.stdout
    assert "https://api.slack.com/apps?new_app=1&manifest_json=" in plain.stdout
    as_json = runner.invoke(app, ["slack", "manifest", "--http", "https://a.example", "--json"])
    assert json.loads(as_json.stdout)["settings"]["socket_mode_enabled"] is False
    link = runner.invoke(app, ["slack", "manifest", "--link"]).stdout
    assert link.startswith("https://api.slack.com/apps?")


@pytest.mark.parametrize(
    "given", [["--http", "https://a.example", "--socket"], ["--http", "http://a.example"]]
)
def test_an_address_that_cannot_be_is_refused_in_a_sentence(given: list[str]) -> None:
    told = CliRunner().invoke(app, ["slack", "manifest", *given])
    assert told.exit_code == 1
    assert told.stdout == ""


def test_without_slack_the_doctor_says_how_to_begin() -> None:
    told = CliRunner().invoke(app, ["slack", "doctor"])
    assert told.exit_code == 1
    assert "muster slack manifest" in told.stdout


async def test_the_doctor_looks_at_every_place_that_the_settings_name() -> None:
    async with FakeSlack() as fake:
        fake.channel("C1", "triage")
        given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
        places = ["triage=slack:C1", "it_desk=slack:C2"]
        settings = Settings.model_validate(
            {**given, "slack_api_url": fake.api_url, "places": places}
        )
        lines = [str(one) for one in await chat_lines(SLACK, settings)]
        assert "ok    place triage: it is #triage" in lines
        assert [one for one in lines if one.startswith("WRONG place it_desk: ")]
    assert await chat_lines(SLACK, Settings()) == []


async def test_the_doctor_of_all_knows_that_slack_is_set_up(tmp_path: Path) -> None:
    given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
    places = ["triage=slack:C1", "it_desk=slack:C2"]
    async with FakeSlack() as fake:
        more = {"slack_api_url": fake.api_url, "places": places, "data": tmp_path, "port": 0}
        lines = await examine(Settings.model_validate({**given, **more}))
    (line,) = [one for one in lines if one.about == "places"]
    assert line.well
    # Without it the same places would show nothing to anybody.
    bare = await examine(Settings.model_validate({"places": places, "data": tmp_path, "port": 0}))
    assert [one for one in bare if one.about == "places" and not one.well]


async def test_half_of_it_is_said_to_be_half() -> None:
    (line,) = await chat_lines(SLACK, Settings.model_validate({"slack_app_token": APP_TOKEN}))
    assert not line.well
    assert "SLACK_BOT_TOKEN" in line.words


async def test_the_doctor_of_slack_names_a_place_that_the_playbook_does_not_know() -> None:
    async with FakeSlack() as fake:
        fake.channel("C1", "triage")
        given = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN}
        settings = Settings.model_validate(
            {**given, "slack_api_url": fake.api_url, "places": ["triag=slack:C1"]}
        )
        wrong = [str(one) for one in await chat_alone(SLACK, settings) if not one.well]
    assert len(wrong) == 1
    assert "did you mean 'triage'" in wrong[0]
