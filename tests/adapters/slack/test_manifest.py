"""The manifest asks for what is used, and Slack takes it as it is."""

import json
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.slack.manifest import EVENTS, SCOPES, as_yaml, described, link, manifest
from bot.adapters.slack.receive import COMMAND, INCIDENT, REPORT
from bot.adapters.slack.receive import EVENTS as HEARD
from bot.adapters.slack.told import CHANGES
from bot.core.errors import MusterError
from tests.slack.server import scope_of

HTTP = "https://desk.example.org"
USED = {
    "apps.connections.open",
    "auth.test",
    "chat.delete",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.open",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
    "files.info",
    "usergroups.users.list",
    "users.info",
}
LOOKED_AT = {"app_mentions:read", "commands"}
"""Scopes of what is heard, beside those of the events."""


def test_every_event_that_is_read_is_asked_for_and_no_other() -> None:
    asked = {one.partition(".")[0] for one in EVENTS}
    gone = {"message_deleted"}
    assert asked == {*HEARD, *CHANGES} - gone


def test_every_scope_is_one_of_something_that_is_used() -> None:
    needed = {scope_of(one) for one in USED} - {"", "connections:write"}
    channels = {f"{kind}:{what}" for kind in ("channels", "groups") for what in ("read", "history")}
    private = {"groups:write"}  # A channel of its own for a major incident, and who is in it.
    assert set(SCOPES) == needed | channels | private | {"im:history"} | LOOKED_AT
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)


@pytest.mark.parametrize("url", ["", HTTP])
def test_what_slack_limits_is_within_its_limits(url: str) -> None:
    app = manifest(url)
    told, features = app["display_information"], app["features"]
    assert len(told["name"]) <= 35
    assert len(told["description"]) <= 140
    shortcuts = {one["callback_id"]: one for one in features["shortcuts"]}
    assert set(shortcuts) == {REPORT, INCIDENT}
    assert all(len(one["name"]) <= 24 for one in shortcuts.values())
    (command,) = features["slash_commands"]
    assert command["command"] == COMMAND


def test_over_a_socket_no_address_is_named_and_over_http_one_everywhere() -> None:
    assert "http" not in json.dumps(manifest())
    assert manifest()["settings"]["socket_mode_enabled"] is True
    app = manifest(f"{HTTP}/")
    named = [
        app["settings"]["event_subscriptions"]["request_url"],
        app["settings"]["interactivity"]["request_url"],
        app["features"]["slash_commands"][0]["url"],
    ]
    assert set(named) == {f"{HTTP}/slack/events"}
    assert app["settings"]["socket_mode_enabled"] is False
    assert manifest(f"{HTTP}/slack/events") == app


@pytest.mark.parametrize("url", ["", HTTP])
def test_yaml_and_json_and_the_link_say_the_same(url: str) -> None:
    yaml: Any = import_module("yaml")
    app = manifest(url)
    assert yaml.safe_load(as_yaml(app)) == app
    assert yaml.safe_load(described(url, "yaml")) == app
    assert json.loads(described(url, "json")) == app
    (asked,) = parse_qs(urlsplit(link(app)).query)["manifest_json"]
    assert json.loads(asked) == app
    assert described(url, "link") == link(app)


def test_an_address_that_slack_cannot_reach_is_refused() -> None:
    with pytest.raises(MusterError, match="https"):
        described("http://desk.example.org", "yaml")
