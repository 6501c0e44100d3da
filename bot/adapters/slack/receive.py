"""From what Slack sends to what the house hears: one table, no network, nothing that raises.

What is of no use, or cannot be what it says, gives nothing. An event may bring several things at
once, such as everybody who joined a user group.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice
from typing import Any

from bot.adapters.slack.payloads import Me, alone, at, ident, message_id, moment, person, plain
from bot.adapters.slack.told import CHANGES, DELETED, name_of
from bot.core.commands import Identity, Place
from bot.engine.heard import (
    Attached,
    Changed,
    Given,
    Heard,
    Pointed,
    Pressed,
    Submitted,
    Typed,
    Wrote,
)
from bot.untrusted import Payload, items, part, text

PATH = "/slack/events"
"""Where Slack reaches us over HTTP."""
COMMAND = "/incident"
REPORT = "report"
INCIDENT = "incident"
"""Callback ids of the shortcuts: report an incident; make an incident of a message."""

PLAIN_MESSAGES = ("", "file_share", "thread_broadcast", "me_message")
FILES_MOST = 10
ID_MOST = 100

Read = Callable[[Payload], Mapping[str, Given]]
"""The answers in a view, by the keys of their questions."""


@dataclass(frozen=True, slots=True)
class AtHome(Heard):
    """Somebody opened our page."""


Something = Pressed | Submitted | Wrote | Typed | Pointed | AtHome | Changed


def is_foreign(payload: Payload, me: Me) -> bool:
    """Whether it is about another workspace, or for another app, than ours."""
    app = ident(payload, "api_app_id")
    if me.app and app and app != me.app:
        return True
    named = {
        ident(payload, "team_id"),
        ident(payload, "context_team_id"),
        ident(payload, "team", "id"),
        *(ident(one, "team_id") for one in items(payload, "authorizations")),
    } - {""}
    return bool(me.team and named) and me.team not in named


def heard(payload: Payload, me: Me, read: Read) -> tuple[Something, ...]:
    """Everything that `payload` brings, in order."""
    if is_foreign(payload, me):
        return ()
    if text(payload, "command"):
        found = _typed(payload)
        return (found,) if found else ()
    kind = text(payload, "type")
    if kind == "event_callback":
        return _event(payload, me)
    one = KINDS[kind](payload, read) if kind in KINDS else None
    return (one,) if one else ()


# --- what people do on purpose -----------------------------------------------------------------


def _typed(payload: Payload) -> Typed | None:
    user, trigger = ident(payload, "user_id"), text(payload, "trigger_id")
    if not user or not trigger or text(payload, "command") != COMMAND:
        return None
    place, private = at(ident(payload, "channel_id"), user)
    return Typed(
        source=f"typed:{trigger}",
        who=person(user, ident(payload, "team_id")),
        place=place,
        private=private,
        alone=alone(user),
        line=plain(text(payload, "text")).strip(),
    )


def _acting(payload: Payload) -> tuple[str, Identity] | None:
    """Who pressed or sent something."""
    user = ident(payload, "user", "id")
    team = ident(payload, "user", "team_id") or ident(payload, "team", "id")
    return (user, person(user, team)) if user and team else None


def _acted(payload: Payload, read: Read) -> Pressed | Submitted | None:
    action = next(items(payload, "actions"), None)
    acting = _acting(payload)
    if action is None or acting is None:
        return None
    user, who = acting
    stamp, view = text(action, "action_ts"), part(payload, "view")
    token = _token(action)
    if text(view, "type") == "modal" and not (token and text(action, "type") == "button"):
        source = f"chosen:{user}:{ident(view, 'id')}:{stamp}"
        return _form(view, user, who, source, read, partly=True)
    box = part(payload, "container")
    channel = ident(box, "channel_id") or ident(payload, "channel", "id")
    message = message_id(channel, text(box, "message_ts"))
    where = message or ident(view, "id")
    if not token or not stamp or not where:
        return None
    place, private = at(channel, user) if channel else _opened_at(view, user)
    return Pressed(
        source=f"pressed:{user}:{where}:{stamp}",
        who=who,
        place=place,
        private=private,
        alone=alone(user),
        at=moment(action, "action_ts"),
        token=token,
        message="" if box.get("is_ephemeral") is True else message,
    )


def _token(action: Payload) -> str:
    """What the button, or the line of a menu, carries for us; a link carries nothing."""
    return text(action, "value") or text(action, "selected_option", "value")


def _sent(payload: Payload, read: Read) -> Submitted | None:
    acting, view = _acting(payload), part(payload, "view")
    number = ident(view, "id")
    if acting is None or not number:
        return None
    values = json.dumps(part(view, "state", "values"), sort_keys=True)
    digest = hashlib.sha256(values.encode()).hexdigest()[:32]
    # Without the view's hash: what was shown again, and is sent as it was, is the same.
    source = f"sent:{number}:{digest}"
    return _form(view, *acting, source, read, partly=False)


def _form(
    view: Payload, user: str, who: Identity, source: str, read: Read, *, partly: bool
) -> Submitted | None:
    kept = kept_in(view)
    seen = kept.get("seen")
    if not text(kept, "ref"):
        return None
    place, private = _opened_at(view, user)
    return Submitted(
        source=source,
        who=who,
        place=place,
        private=private,
        alone=alone(user),
        ref=text(kept, "ref"),
        given=read(view),
        seen=seen if type(seen) is int and seen > 0 else 0,
        part=partly,
    )


def kept_in(view: Payload) -> Payload:
    """What we wrote into a view when we opened it; nobody else can write there."""
    try:
        kept = json.loads(text(view, "private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _opened_at(view: Payload, user: str) -> tuple[Place, bool]:
    """Where somebody was when the view was opened for them."""
    return at(ident(kept_in(view), "at").removeprefix(user), user)


def _shortcut(payload: Payload, read: Read) -> Typed | None:
    acting, trigger = _acting(payload), text(payload, "trigger_id")
    if acting is None or not trigger or text(payload, "callback_id") != REPORT:
        return None
    user, who = acting
    place = alone(user)
    return Typed(source=f"short:{trigger}", who=who, place=place, private=True, alone=place)


def _pointed(payload: Payload, read: Read) -> Pointed | None:
    acting, trigger = _acting(payload), text(payload, "trigger_id")
    if acting is None or not trigger or text(payload, "callback_id") != INCIDENT:
        return None
    user, who = acting
    channel, message = ident(payload, "channel", "id"), part(payload, "message")
    author = ident(message, "user")
    place, private = at(channel, user)
    return Pointed(
        source=f"short:{trigger}",
        who=who,
        place=place,
        private=private,
        alone=alone(user),
        words=plain(text(message, "text")),
        link=_link(payload, channel, text(message, "ts"), text(message, "thread_ts")),
        author=person(author, ident(message, "team") or ident(payload, "team", "id")).opaque
        if author
        else "",
    )


def _link(payload: Payload, channel: str, stamp: str, thread: str) -> str:
    """Back to a message, "" where it is not known how."""
    domain = text(payload, "team", "domain")
    if not message_id(channel, stamp) or not domain.replace("-", "").isalnum():
        return ""
    link = f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}"
    beneath = message_id(channel, thread) and thread != stamp
    return f"{link}?thread_ts={thread}&cid={channel}" if beneath else link


KINDS: Mapping[str, Callable[[Payload, Read], Something | None]] = {
    "block_actions": _acted,
    "view_submission": _sent,
    "shortcut": _shortcut,
    "message_action": _pointed,
}


# --- what happens ------------------------------------------------------------------------------


def _event(payload: Payload, me: Me) -> tuple[Something, ...]:
    event, number = part(payload, "event"), text(payload, "event_id")[:ID_MOST]
    kind = name_of(event)
    if kind in CHANGES:
        told = CHANGES[kind](event, ident(payload, "team_id"), me)
        back = _taken_back(payload, event, me) if kind == DELETED else None
        return (*told, back) if back else told
    user = ident(event, "user") or ident(event, "message", "user")
    team = ident(event, "user_team") or ident(event, "team") or ident(payload, "team_id")
    by_program = text(event, "bot_id") or text(event, "message", "bot_id")
    if kind not in EVENTS or not (number and user and team) or by_program or user == me.user:
        return ()
    place, private = at(ident(event, "channel"), user)
    happened = Heard(
        source=f"event:{number}",
        who=person(user, team),
        place=place,
        private=private,
        at=moment(event, "event_ts") or moment(payload, "event_time"),
        alone=alone(user),
    )
    one = EVENTS[kind](event, happened, me)
    return (one,) if one else ()


def _taken_back(payload: Payload, event: Payload, me: Me) -> Wrote | None:
    """What somebody wrote to us alone and has deleted."""
    before, number = part(event, "previous_message"), text(payload, "event_id")[:ID_MOST]
    channel, user = ident(event, "channel"), ident(before, "user")
    team = ident(before, "team") or ident(payload, "team_id")
    stamp = text(event, "deleted_ts") or text(event, "message", "ts")
    if not (channel and number and user and team) or user == me.user or text(before, "bot_id"):
        return None
    place, private = at(channel, user)
    if not private or text(before, "subtype") not in PLAIN_MESSAGES:
        return None
    return Wrote(
        source=f"event:{number}",
        who=person(user, team),
        place=place,
        private=True,
        at=moment(event, "event_ts") or moment(payload, "event_time"),
        alone=place,
        message=message_id(channel, stamp),
        edited=True,
    )


def _message(event: Payload, happened: Heard, me: Me) -> Wrote | None:
    """Words in a channel, a group or a direct conversation."""
    kind = text(event, "subtype")
    if kind == "message_changed":
        return _changed(event, happened, me)
    return _wrote(event, event, happened, me) if kind in PLAIN_MESSAGES else None


def _changed(event: Payload, happened: Heard, me: Me) -> Wrote | None:
    """Other words than before; a link that was unfolded is no change."""
    message, before = part(event, "message"), part(event, "previous_message")
    if text(message, "subtype") not in PLAIN_MESSAGES or not part(message, "edited"):
        return None
    if text(message, "text") == text(before, "text"):
        return None
    wrote = _wrote(event, message, happened, me)
    return replace(wrote, edited=True, files=()) if wrote else None


def _wrote(event: Payload, message: Payload, happened: Heard, me: Me) -> Wrote | None:
    channel, stamp = ident(event, "channel"), text(message, "ts")
    thread = text(message, "thread_ts")
    beneath = message_id(channel, thread) if thread != stamp else ""
    words, named = without(text(message, "text"), me)
    files = tuple(_files(message))
    if not message_id(channel, stamp) or not (words or files):
        return None
    if named and not happened.private and not beneath:
        return None  # It comes as a line for us, too, and is heard as that.
    return Wrote(
        **fields_of(happened),
        words=words,
        message=message_id(channel, stamp),
        beneath=beneath,
        files=files,
    )


def _files(message: Payload) -> Iterator[Attached]:
    for one in islice(items(message, "files"), FILES_MOST):
        size = one.get("size")
        if ident(one, "id"):
            yield Attached(
                file=ident(one, "id"),
                name=text(one, "name"),
                size=size if type(size) is int and size > 0 else 0,
                media_type=text(one, "mimetype"),
            )


def without(words: str, me: Me) -> tuple[str, bool]:
    """The words as people see them, and whether they name us; our own name is left out."""
    ours = re.compile(rf"\s*<@{me.user}(?:\|[^<>]*)?>[\s:,]*") if me.user else None
    found = ours.sub(" ", words) if ours else words
    return plain(found).strip(), found != words


def _named(event: Payload, happened: Heard, me: Me) -> Typed | None:
    """We were named in a channel; what is said in a thread comes as a message as well."""
    if happened.private or text(event, "thread_ts"):
        return None
    line, _ = without(text(event, "text"), me)
    return Typed(**fields_of(happened), line=line)


def _home(event: Payload, happened: Heard, me: Me) -> AtHome | None:
    """They look at our page; there is no place to it but the two of us."""
    return AtHome(**fields_of(happened)) if text(event, "tab") == "home" else None


def fields_of(happened: Heard) -> dict[str, Any]:
    """What everything that is heard has in common."""
    return {one.name: getattr(happened, one.name) for one in fields(Heard)}


EVENTS: Mapping[str, Callable[[Payload, Heard, Me], Wrote | Typed | AtHome | None]] = {
    "message": _message,
    "app_mention": _named,
    "app_home_opened": _home,
}
