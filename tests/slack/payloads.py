"""The shapes in which Slack tells the app what people did."""

from typing import Any

from tests.slack import directory
from tests.slack.state import APP, BOT_USER, TEAM, Channel, Message, User, View, World
from tests.slack.views import shown

Json = dict[str, Any]
TOKEN = "verification"
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}


def event(world: World, body: Json, team: str = TEAM) -> Json:
    """An event in its envelope."""
    stamp = world.ts()
    return {
        "token": TOKEN,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": {"event_ts": stamp, **body},
        "type": "event_callback",
        "event_id": f"Ev{world.serial():010d}",
        "event_time": world.clock.now() // 1_000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{world.serial()}",
    }


def message_event(channel: Channel, message: Message, user: User | None = None) -> Json:
    """Somebody's words."""
    seen = {
        **message.shown(),
        "channel": channel.id,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "event_ts": message.ts,
    }
    if message.thread and message.thread in channel.messages:
        seen["parent_user_id"] = channel.messages[message.thread].user
    if user is not None and user.team != TEAM:
        seen |= {"user_team": user.team, "source_team": user.team, "team": user.team}
    return seen


def person(user: User) -> Json:
    """Somebody, in an interaction."""
    name = directory.handle(user)
    return {"id": user.id, "username": name, "name": name, "team_id": user.team}


def common(world: World, kind: str, user: User, team: str = TEAM) -> Json:
    """What every interaction has."""
    return {
        "type": kind,
        "team": {"id": team, "domain": world.domain},
        "user": person(user),
        "api_app_id": APP,
        "token": TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place(channel: Channel) -> Json:
    """Where, in an interaction."""
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def in_message(world: World, user: User, message: Message, channel: Channel) -> Json:
    """The parts of a press on a message that say on which."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.to),
    }
    if message.thread:
        container["thread_ts"] = message.thread
    seen: Json = {
        "container": container,
        "channel": place(channel),
        "response_url": world.reply_url(user.id, channel.id, message),
        "trigger_id": world.trigger(user.id),
        "state": {"values": {}},
    }
    return seen if message.to else {**seen, "message": message.shown()}


def in_view(world: World, user: User, view: View) -> Json:
    """The parts of a press in a view that say in which."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.trigger(user.id, view.id),
        "view": shown(view),
    }


def command(
    world: World, user: User, channel: Channel, name: str, text: str, team: str = TEAM
) -> Json:
    """A slash command."""
    where = place(channel)
    return {
        "token": TOKEN,
        "team_id": team,
        "team_domain": world.domain,
        "channel_id": where["id"],
        "channel_name": where["name"],
        "user_id": user.id,
        "user_name": directory.handle(user),
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": world.reply_url(user.id, channel.id),
        "trigger_id": world.trigger(user.id),
    }
