"""Who and where: conversations.*, users.*, usergroups.*, team, auth."""

import re
from typing import Any

from tests.slack.ask import FREE, Ask, method
from tests.slack.state import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    ApiError,
    Channel,
    Group,
    Kind,
    Message,
    User,
    World,
)

Json = dict[str, Any]


# --- conversations -----------------------------------------------------------------------------


def described(channel: Channel) -> Json:
    """A conversation as the API shows it."""
    seen: Json = {
        "id": channel.id,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.kind != "public",
        "is_archived": channel.archived,
        "is_ext_shared": channel.shared,
        "is_shared": channel.shared,
        "context_team_id": TEAM,
    }
    if channel.kind == "im":
        return {**seen, "user": channel.im, "is_user_deleted": False}
    named = {"name": channel.name, "name_normalized": channel.name}
    return {**seen, **named, "is_member": BOT_USER in channel.members, "creator": channel.creator}


def _kinds(ask: Ask) -> list[str]:
    known = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
    scopes = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
    given = (ask.word("types") or "public_channel").split(",")
    if any(one.strip() not in known for one in given):
        raise ApiError("invalid_types")
    kinds = [known[one.strip()] for one in given]
    for kind in kinds:
        ask.need(f"{scopes[kind]}:read")
    return kinds


@method("conversations.list", tier=2)
def conversations(ask: Ask) -> Json:
    """Every conversation of the asked kinds that the app may know of."""
    kinds = _kinds(ask)
    found = [
        described(one)
        for one in ask.world.channels.values()
        if one.kind in kinds
        and ask.world.find(one.id) is not None
        and not (one.archived and ask.flag("exclude_archived"))
    ]
    return ask.page("channels", found)


@method("users.conversations", tier=3)
def own_conversations(ask: Ask) -> Json:
    """The conversations in which somebody is; without `user`, the bot."""
    kinds, user = _kinds(ask), ask.word("user") or BOT_USER
    known = [one for one in ask.world.channels.values() if ask.world.find(one.id)]
    left_out = ask.flag("exclude_archived")
    found = [
        described(one)
        for one in known
        if one.kind in kinds and user in one.members and not (one.archived and left_out)
    ]
    return ask.page("channels", found)


@method("conversations.info", tier=3)
def info(ask: Ask) -> Json:
    """One conversation."""
    channel = ask.channel("read")
    seen = described(channel)
    if ask.flag("include_num_members"):
        seen["num_members"] = len(channel.members)
    return {"channel": seen}


@method("conversations.members", tier=4)
def members(ask: Ask) -> Json:
    """Who is in it."""
    return ask.page("members", list(ask.channel("read").members))


@method("conversations.join", tier=3, scope="channels:join")
def join(ask: Ask) -> Json:
    """The bot comes into a public channel."""
    channel = ask.channel()
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    channel.members[BOT_USER] = None
    return {"channel": described(channel)}


@method("conversations.create", tier=2)
def create(ask: Ask) -> Json:
    """A new channel, with the bot in it."""
    private, name = ask.flag("is_private"), ask.must("name")
    ask.need("groups:write" if private else "channels:manage")
    if len(name) > 80:
        raise ApiError("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise ApiError("invalid_name_specials")
    if any(one.name == name and one.kind != "im" for one in ask.world.channels.values()):
        raise ApiError("name_taken")
    kind: Kind = "private" if private else "public"
    channel = Channel(f"C0NEW{ask.world.serial()}", name, kind, {BOT_USER: None})
    channel.creator = BOT_USER
    ask.world.channels[channel.id] = channel
    return {"channel": described(channel)}


@method("conversations.archive", tier=2)
def archive(ask: Ask) -> Json:
    """Nobody writes there any more."""
    channel = ask.channel()
    ask.need("groups:write" if channel.kind == "private" else "channels:manage")
    if channel.archived:
        raise ApiError("already_archived")
    channel.archived = True
    return {}


@method("conversations.invite", tier=3)
def invite(ask: Ask) -> Json:
    """Up to a hundred people into a channel in which the bot is."""
    channel, users = ask.channel(), ask.must("users").split(",")
    ask.need("groups:write" if channel.kind == "private" else "channels:manage")
    if len(users) > 100:
        raise ApiError("too_many_users")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    for one in users:
        if one == BOT_USER:
            raise ApiError("cant_invite_self")
        if one not in ask.world.users:
            raise ApiError("user_not_found")
        if one in channel.members:
            raise ApiError("already_in_channel")
    channel.members.update(dict.fromkeys(users))
    return {"channel": described(channel)}


@method("conversations.open", tier=3, scope="im:write")
def open_direct(ask: Ask) -> Json:
    """The conversation with one person."""
    given = ask.word("users") or ask.word("channel")
    if not given:
        raise ApiError("users_list_not_supplied")
    user = ask.world.users.get(given)
    if user is None:
        raise ApiError("user_not_found")
    if user.bot:
        raise ApiError("cannot_dm_bot")
    if user.deleted:
        raise ApiError("user_disabled")
    channel = ask.world.direct(user.id)
    return {"channel": described(channel) if ask.flag("return_im") else {"id": channel.id}}


@method("conversations.history", tier=3)
def history(ask: Ask) -> Json:
    """What was said in a channel, newest first; replies only when they were sent to all."""
    channel = _member_of(ask)
    said = [one for one in channel.messages.values() if one.thread in ("", one.ts)]
    return _read(ask, channel, sorted(said, key=lambda one: one.ts, reverse=True))


@method("conversations.replies", tier=3)
def replies(ask: Ask) -> Json:
    """A message and what was said beneath it, oldest first."""
    channel = _member_of(ask)
    parent = channel.messages.get(ask.must("ts"))
    if parent is None:
        raise ApiError("thread_not_found")
    return _read(ask, channel, [parent, *channel.threaded(parent.ts)])


def _member_of(ask: Ask) -> Channel:
    channel = ask.channel("history")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _read(ask: Ask, channel: Channel, said: list[Message]) -> Json:
    oldest, latest = ask.word("oldest") or "0", ask.word("latest") or "9999999999.999999"
    same = ask.flag("inclusive")
    inside = [
        one
        for one in said
        if oldest < one.ts < latest
        or (same and one.ts in (oldest, latest))
        or one.ts == ask.word("ts")
    ]
    metadata = ask.flag("include_all_metadata")
    shown = [_counted(channel, one, metadata) for one in inside]
    answer = ask.page("messages", shown)
    more = bool(answer["response_metadata"]["next_cursor"])
    return (
        {**answer, "has_more": more}
        if more
        else {"messages": answer["messages"], "has_more": False}
    )


def _counted(channel: Channel, message: Message, metadata: bool) -> Json:
    beneath = channel.threaded(message.ts)
    seen = message.shown(metadata)
    if beneath:
        seen |= {"thread_ts": message.ts, "reply_count": len(beneath)}
    return seen


# --- people ------------------------------------------------------------------------------------


def profile(world: World, user: User, email: bool = False, locale: bool = False) -> Json:
    """Somebody as the API and events show them."""
    about: Json = {"real_name": user.name, "display_name": user.name.split()[0], "team": user.team}
    if email and user.email:
        about["email"] = user.email
    if user.bot:
        about["bot_id"] = BOT
    seen: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": handle(user),
        "real_name": user.name,
        "deleted": user.deleted,
        "is_bot": user.bot,
        "is_app_user": False,
        "is_restricted": bool(user.guest),
        "is_ultra_restricted": user.guest == "single",
        "is_stranger": user.team != TEAM,
        "tz": user.zone,
        "updated": world.clock.now() // 1_000,
        "profile": about,
    }
    return {**seen, "locale": user.locale} if locale else seen


def handle(user: User) -> str:
    """Their short name."""
    return user.name.lower().replace(" ", ".")


def _shown(ask: Ask, user: User) -> Json:
    email = "users:read.email" in ask.token.scopes
    return profile(ask.world, user, email, ask.flag("include_locale"))


@method("users.info", tier=4, scope="users:read")
def user_info(ask: Ask) -> Json:
    """One person."""
    user = ask.world.users.get(ask.must("user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": _shown(ask, user)}


@method("users.list", tier=2, scope="users:read")
def users(ask: Ask) -> Json:
    """Everybody of the workspace."""
    return ask.page("members", [_shown(ask, one) for one in ask.world.users.values()])


@method("users.lookupByEmail", tier=3, scope="users:read.email")
def by_email(ask: Ask) -> Json:
    """Who has this address."""
    email = ask.must("email").lower()
    known = [one for one in ask.world.users.values() if one.email and not one.deleted]
    found = [one for one in known if one.email.lower() == email]
    if not found:
        raise ApiError("users_not_found")
    return {"user": _shown(ask, found[0])}


@method("usergroups.list", tier=2, scope="usergroups:read")
def groups(ask: Ask) -> Json:
    """Every user group."""
    found = [
        one for one in ask.world.groups.values() if ask.flag("include_disabled") or not one.off
    ]
    return {"usergroups": [group_shown(one, ask.flag("include_users")) for one in found]}


def group_shown(group: Group, people: bool = True) -> Json:
    """A user group as the API and events show it."""
    seen: Json = {
        "id": group.id,
        "team_id": TEAM,
        "is_usergroup": True,
        "name": group.handle,
        "handle": group.handle,
        "date_delete": group.off // 1_000,
        "user_count": len(group.users),
    }
    return {**seen, "users": list(group.users)} if people else seen


@method("usergroups.users.list", tier=2, scope="usergroups:read")
def group_users(ask: Ask) -> Json:
    """Who is in a user group."""
    group = ask.world.groups.get(ask.must("usergroup"))
    if group is None or (group.off and not ask.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


# --- the app itself ----------------------------------------------------------------------------


@method("auth.test", tier=FREE, kind="any")
def auth(ask: Ask) -> Json:
    """Whose key this is."""
    if ask.token.kind == "app":
        return {"app_name": "Muster", "app_id": APP}
    return {
        "url": f"https://{ask.world.domain}.slack.example/",
        "team": "Muster Test",
        "team_id": TEAM,
        "user": "muster",
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


@method("team.info", tier=3, scope="team:read")
def team(ask: Ask) -> Json:
    """The workspace."""
    return {"team": {"id": TEAM, "name": "Muster Test", "domain": ask.world.domain}}


@method("bots.info", tier=3, scope="users:read")
def bot(ask: Ask) -> Json:
    """The bot."""
    if ask.word("bot") not in ("", BOT):
        raise ApiError("bot_not_found")
    about = {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": "muster", "deleted": False}
    return {"bot": about}


@method("apps.connections.open", tier=2, scope="connections:write", kind="app")
def connect(ask: Ask) -> Json:
    """The address of a socket, good for one connection."""
    ticket = f"ticket{ask.world.serial()}"
    ask.world.tickets.add(ticket)
    base = ask.world.base.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={APP}"}
