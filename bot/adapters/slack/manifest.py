"""What Slack has to know of the app: every scope and event that is used, and none beside them."""

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from bot.adapters.slack.receive import COMMAND, INCIDENT, PATH, REPORT
from bot.adapters.slack.text import Json
from bot.core.errors import MusterError

NAME = "Muster"
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to answer when somebody names it in a channel",
    "channels:history": "to hear words beneath its cards, and to find a card whose answer was lost",
    "channels:read": "to know who is in a team's channel, and whether that is archived",
    "chat:write": "to show cards and to answer",
    "commands": f"for {COMMAND} and the shortcuts",
    "files:read": "to take files that belong to a report",
    "files:write": "to pass on files that belong to a report",
    "groups:history": "the same as in public channels, in private ones to which it was invited",
    "groups:read": "the same",
    "groups:write": "to open a private channel for a major incident, and archive it afterwards",
    "im:history": "to hear what somebody writes to it alone",
    "im:write": "to write to somebody alone: briefings, updates",
    "usergroups:read": "to know who is in a user group that gives a role",
    "users:read": "to know whether somebody is a guest, and how they are called",
}
"""What the bot may do, and why."""
APP_SCOPE = "connections:write"
"""What the app-level token of Socket Mode needs."""
EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "tokens_revoked",
    "user_change",
)


def manifest(url: str = "") -> Json:
    """The app's manifest: over HTTP at the public address `url`, over a socket without one."""
    asked = {"request_url": f"{url.rstrip('/').removesuffix(PATH)}{PATH}"} if url else {}
    where = {"url": asked["request_url"]} if url else {}
    return {
        "display_information": {
            "name": NAME,
            "description": "Report what is wrong, see who is on it, and hear until it is fixed.",
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [
                {
                    "name": "Report an incident",
                    "type": "global",
                    "callback_id": REPORT,
                    "description": "Say what is wrong; you are guided through it.",
                },
                {
                    "name": "Make an incident of this",
                    "type": "message",
                    "callback_id": INCIDENT,
                    "description": "Open an incident with the words of this message.",
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    **where,
                    "description": "Report an incident, or look at what is open",
                    "usage_hint": "[list | show REF | search WORDS | subscribe | join CODE | help]",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def link(app: Json) -> str:
    """Opens Slack's page for a new app with this manifest filled in."""
    return NEW_APP + quote(json.dumps(app, separators=(",", ":")), safe="")


def as_yaml(app: Json) -> str:
    """The manifest in YAML."""
    return "\n".join(_lines(app)) + "\n"


def _lines(value: object, indent: str = "") -> Iterator[str]:
    """Objects and lists below each other; all else as JSON, which is YAML, too."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _entry(f"{indent}{key}:", inside, f"{indent}  ")
    elif isinstance(value, list):
        for inside in value:
            first, *rest = _lines(inside, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from rest
    else:
        yield f"{indent}{json.dumps(value, ensure_ascii=False)}"


def _entry(name: str, inside: object, indent: str) -> Iterator[str]:
    if isinstance(inside, dict | list) and inside:
        yield name
        yield from _lines(inside, indent)
    else:
        yield f"{name} {json.dumps(inside, ensure_ascii=False)}"


def described(url: str, form: str) -> str:
    """The manifest of an app that is reached at `url`, "": over a socket. Raises MusterError.

    `form`: `json`, `link` (that opens Slack's page for a new app), or YAML with that link.
    """
    if url and not url.startswith("https://"):
        raise MusterError("Slack reaches https:// addresses alone. Give the public one.")
    app = manifest(url)
    if form == "json":
        return json.dumps(app, indent=2, ensure_ascii=False)
    if form == "link":
        return link(app)
    return f"{as_yaml(app)}# Or open this, choose the workspace, and press Create:\n# {link(app)}"
