"""What Slack tells about places and people without anybody asking for anything."""

from collections.abc import Callable, Mapping
from typing import Literal

from bot.adapters.slack.payloads import CHANNEL, Me, ident, idents, message_id, person
from bot.core.commands import Place
from bot.engine.heard import Changed
from bot.untrusted import Payload, part, text

Told = tuple[Changed, ...]
What = Literal["gone", "back"]
DELETED = "message_deleted"
EVERYWHERE: Told = (Changed("gone"),)
"""Our access to all of it is no more."""


def name_of(event: Payload) -> str:
    """The type of an event; a message that is no more is one of its own."""
    if text(event, "type") != "message":
        return text(event, "type")
    kind = text(event, "subtype")
    gone = kind == "message_changed" and text(event, "message", "subtype") == "tombstone"
    return DELETED if gone or kind == DELETED else "message"


def _place(address: str) -> Place:
    return Place(CHANNEL, address)


def _member(what: Literal["joined", "left"]) -> Callable[[Payload, str, Me], Told]:
    def told(event: Payload, team: str, me: Me) -> Told:
        user, channel = ident(event, "user"), ident(event, "channel")
        if not user or not channel:
            return ()
        if user == me.user:
            return (Changed("back" if what == "joined" else "gone", _place(channel)),)
        who = person(user, ident(event, "team") or team)
        return (Changed(what, _place(channel), who),)

    return told


def _channel(what: What) -> Callable[[Payload, str, Me], Told]:
    def told(event: Payload, team: str, me: Me) -> Told:
        channel = ident(event, "channel")
        return (Changed(what, _place(channel)),) if channel else ()

    return told


def _moved(event: Payload, team: str, me: Me) -> Told:
    """A channel has another number now: the old one is no more."""
    old, new = ident(event, "old_channel_id"), ident(event, "new_channel_id")
    return (Changed("gone", _place(old)), Changed("back", _place(new))) if old and new else ()


def _user(event: Payload, team: str, me: Me) -> Told:
    user = part(event, "user")
    number = ident(user, "id")
    if not number or number == me.user:
        return ()
    who = person(number, ident(user, "team_id") or team)
    return (Changed("blocked" if user.get("deleted") is True else "role", who=who),)


def _group_members(event: Payload, team: str, me: Me) -> Told:
    group = ident(event, "subteam_id")
    if not group:
        return ()
    added, removed = idents(event, "added_users"), idents(event, "removed_users")
    return (
        *(Changed("joined", _place(group), person(one, team)) for one in added),
        *(Changed("left", _place(group), person(one, team)) for one in removed),
    )


def _group(event: Payload, team: str, me: Me) -> Told:
    """A user group was made, changed or ended: who is in it must be read again."""
    group = ident(event, "subteam", "id")
    if not group:
        return ()
    ended = bool(part(event, "subteam").get("date_delete"))
    return (Changed("gone" if ended else "role", _place(group)),)


def _lost(event: Payload, team: str, me: Me) -> Told:
    channel = ident(event, "channel")
    stamp = text(event, "deleted_ts") or text(event, "message", "ts")
    message = message_id(channel, stamp)
    return (Changed("lost", _place(channel), message=message),) if message else ()


def _ended(event: Payload, team: str, me: Me) -> Told:
    return EVERYWHERE


def _revoked(event: Payload, team: str, me: Me) -> Told:
    """Only the bot's own token is ours."""
    return EVERYWHERE if idents(event, "tokens", "bot") else ()


CHANGES: Mapping[str, Callable[[Payload, str, Me], Told]] = {
    "member_joined_channel": _member("joined"),
    "member_left_channel": _member("left"),
    "channel_left": _channel("gone"),
    "channel_archive": _channel("gone"),
    "channel_deleted": _channel("gone"),
    "channel_unarchive": _channel("back"),
    "group_left": _channel("gone"),
    "group_archive": _channel("gone"),
    "group_deleted": _channel("gone"),
    "group_unarchive": _channel("back"),
    "channel_id_changed": _moved,
    "user_change": _user,
    "subteam_created": _group,
    "subteam_updated": _group,
    "subteam_members_changed": _group_members,
    DELETED: _lost,
    "tokens_revoked": _revoked,
    "app_uninstalled": _ended,
}
