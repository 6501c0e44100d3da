"""From an update of Telegram's to what the house hears: one table, no network, nothing that raises.

What is of no use, or cannot be what it says, gives nothing. An update may bring several things at
once, such as everybody who was added to a group.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from bot.adapters.telegram.attached import files_of, is_unreadable, phone_of, place_of, words_of
from bot.adapters.telegram.payloads import token_of
from bot.adapters.telegram.reading import (
    Me,
    is_on,
    message_of,
    moment,
    name_of,
    number,
    numbered,
    person,
    place,
)
from bot.adapters.telegram.told import member_told, of_us, told_in
from bot.engine.heard import Arrived, Changed, Heard, Pressed, Typed, Wrote
from bot.untrusted import Payload, part, text

PATH = "/telegram/updates"
"""Where Telegram reaches us over HTTP."""
READ = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""The kinds of updates that we ask for."""

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
START = "start"
NAMELESS = (1087968824, 136817688)
"""Whom Telegram names where an administrator is anonymous, or somebody speaks as a channel."""
GROUPS = ("group", "supergroup")


@dataclass(frozen=True, slots=True)
class Unread(Heard):
    """They sent us alone something of a kind that we cannot read."""


@dataclass(frozen=True, slots=True)
class Nameless(Heard):
    """Somebody who hides who they are asked us for something; `message` is theirs."""

    message: str = ""


Something = Pressed | Wrote | Typed | Arrived | Unread | Nameless | Changed


@dataclass(frozen=True, slots=True)
class Known:
    """What reading needs to know: who we are, the words that are ours without our name in groups,
    and how it is said whose words were forwarded.
    """

    me: Me
    words: Collection[str] = ()
    forwarded: Callable[[str], str] = "{}:".format


def heard(update: Payload, known: Known) -> tuple[Something, ...]:
    """Everything that `update` brings, in order."""
    kind = next((one for one in READ if part(update, one)), "")
    if not kind or not is_numbered(update):
        return ()
    return KINDS[kind](part(update, kind), source_of(update, known.me), known)


def is_numbered(update: Payload) -> bool:
    """It has a number by which it is known when it comes again."""
    found = update.get("update_id")
    return isinstance(found, int) and not isinstance(found, bool) and abs(found) < 1 << 62


def source_of(update: Payload, me: Me) -> str:
    """By what the same update is known, whoever brings it."""
    return f"update:{me.number}:{update['update_id']}"


def chat_of(update: Payload) -> int:
    """The chat that it is about, 0 where there is none."""
    boxes = (part(update, one) for one in READ)
    found = (number(one, "chat", "id") or number(one, "message", "chat", "id") for one in boxes)
    return next((one for one in found if one), 0)


def album_of(update: Payload) -> str:
    """By what the pieces of one album know each other, "" when it is none; never two people's."""
    message = part(update, "message")
    group, by = text(message, "media_group_id"), number(message, "from", "id")
    where = f"{chat_of(update)}/{_topic(message)}/{by}"
    return f"{where}/{group}" if group and chat_of(update) else ""


def fields_of(happened: Heard) -> dict[str, Any]:
    """What everything that is heard has in common."""
    return {one.name: getattr(happened, one.name) for one in fields(Heard)}


# --- presses -----------------------------------------------------------------------------------


def _pressed(query: Payload, source: str, known: Known) -> tuple[Something, ...]:
    user, data = number(query, "from", "id"), text(query, "data")
    message = part(query, "message")
    chat = number(message, "chat", "id") or user
    if user <= 0 or not data or (is_on(query, "from", "is_bot") and user not in NAMELESS):
        return ()
    happened = Heard(
        source=source,
        who=person(user),
        place=place(chat),
        private=chat == user,
        language=text(query, "from", "language_code")[:35],
        alone=place(user),
        within=_topic(message),
    )
    ours = message_of(message) if _stands_on(message, data) else ""
    if user in NAMELESS:
        return (Nameless(**fields_of(happened), message=ours),)
    return (Pressed(**fields_of(happened), token=token_of(data)[0], message=ours),)


def _stands_on(message: Payload, data: str) -> bool:
    """Whether the button is there. A tampered app sends what it likes, for whatever message it
    sees; one that Telegram does not show us any more is believed.
    """
    if number(message, "date") == 0:
        return True
    rows = part(message, "reply_markup").get("inline_keyboard")
    listed = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return any(text(key, "callback_data") == data for row in listed for key in row)


def _topic(message: Payload) -> str:
    thread = number(message, "message_thread_id")
    return str(thread) if thread > 0 and is_on(message, "is_topic_message") else ""


# --- messages ----------------------------------------------------------------------------------


def _message(message: Payload, source: str, known: Known) -> tuple[Something, ...]:
    if not _is_known(message):
        return ()
    if found := told_in(message, known.me):
        return found
    if part(message, "sender_chat") or number(message, "from", "id") in NAMELESS:
        return _nameless(message, source, known)
    happened = _happened(message, source)
    if happened is None:
        return ()
    one = _line(message, happened, known) or _wrote(message, happened, known)
    return (one,) if one else ()


def _is_known(message: Payload) -> bool:
    """It is of a group, or of somebody alone with us, whose number such a chat has."""
    chat, kind = number(message, "chat", "id"), text(message, "chat", "type")
    if kind == "private":
        return chat > 0 and chat == number(message, "from", "id")
    return chat < 0 and kind in GROUPS


def _happened(message: Payload, source: str) -> Heard | None:
    """Who did it and where; nobody where a program did."""
    user, chat = number(message, "from", "id"), number(message, "chat", "id")
    if user <= 0 or is_on(message, "from", "is_bot"):
        return None
    return Heard(
        source=source,
        who=person(user),
        place=place(chat),
        private=text(message, "chat", "type") == "private",
        at=moment(message, "edit_date") or moment(message, "date"),
        language=text(message, "from", "language_code")[:35],
        alone=place(user),
        within=_topic(message),
    )


def _line(message: Payload, happened: Heard, known: Known) -> Typed | Arrived | None:
    """A command, or words that begin with our name; what they forwarded is none."""
    words = text(message, "text").strip()
    if part(message, "forward_origin"):
        return None
    found = COMMAND.fullmatch(words)
    if found is None:
        return _named(words, message, happened, known)
    word, rest = found[1].lower(), (found[3] or "").strip()
    if not _is_ours(word, found[2], happened.private, known):
        return None
    if word != START:
        return Typed(**fields_of(happened), line=f"{word.replace('_', ' ')} {rest}".strip())
    if happened.private:
        return Arrived(**fields_of(happened), payload=rest if PAYLOAD.fullmatch(rest) else "")
    return Typed(**fields_of(happened), line="help")


def _is_ours(word: str, name: str | None, private: bool, known: Known) -> bool:
    if name is not None:
        return name.casefold() == known.me.username.casefold()
    return private or word in known.words


def _named(words: str, message: Payload, happened: Heard, known: Known) -> Typed | None:
    """In a group we may be named instead; beneath a card that is a part of what they say."""
    name = f"@{known.me.username}"
    first, _, rest = words.partition(" ")
    if (
        happened.private
        or not known.me.username
        or first.rstrip(",:").casefold() != name.casefold()
    ):
        return None
    return None if _beneath(message, known.me) else Typed(**fields_of(happened), line=rest.strip())


def _wrote(message: Payload, happened: Heard, known: Known) -> Wrote | Unread | None:
    if _is_command(message):
        return None  # One of ours was taken before; it is another's.
    words, files = words_of(message), files_of(message)
    where, phone = place_of(message), phone_of(message)
    if not (words or files or where or phone):
        readable = not happened.private or not is_unreadable(message)
        return None if readable else Unread(**fields_of(happened))
    return Wrote(
        **fields_of(happened),
        words=_with_origin(message, words, known.forwarded),
        message=message_of(message),
        beneath=_beneath(message, known.me),
        files=files,
        album=text(message, "media_group_id"),
        location=where,
        phone=phone,
    )


def _is_command(message: Payload) -> bool:
    """A forwarded one is words."""
    forwarded = part(message, "forward_origin")
    return not forwarded and bool(COMMAND.fullmatch(text(message, "text").strip()))


def _with_origin(message: Payload, words: str, said: Callable[[str], str]) -> str:
    """Whose words they are, when they were forwarded."""
    origin = part(message, "forward_origin")
    if not origin:
        return words
    chat = part(origin, "chat") or part(origin, "sender_chat")
    names = (
        name_of(part(origin, "sender_user")),
        " ".join(text(origin, "sender_user_name").split())[:128],
        " ".join(text(chat, "title").split())[:128],
    )
    whose = said(next((one for one in names if one), "?"))
    return f"{whose}\n{words}" if words else whose


def _beneath(message: Payload, me: Me) -> str:
    """The message to which it belongs: ours that it answers, the one that began its thread, or
    whichever it answers. That a topic begins with a message is no answer to that.
    """
    chat, replied = number(message, "chat", "id"), part(message, "reply_to_message")
    target, thread = number(replied, "message_id"), number(message, "message_thread_id")
    in_topic = bool(_topic(message))
    if "forum_topic_created" in replied or (in_topic and target == thread):
        target = 0
    if target and number(replied, "from", "id") == me.number:
        return numbered(chat, target)
    return numbered(chat, target if in_topic or not thread else thread)


def _nameless(message: Payload, source: str, known: Known) -> tuple[Something, ...]:
    """Nobody is behind it whom we could know; a sentence is due where something was asked of us."""
    chat, words = number(message, "chat", "id"), text(message, "text").strip()
    if is_on(message, "is_automatic_forward"):
        return ()
    ours = number(message, "reply_to_message", "from", "id") == known.me.number
    command = COMMAND.fullmatch(words)
    if not ours and not (command and _is_ours(command[1].lower(), command[2], False, known)):
        return ()
    nobody = Nameless(
        source=source,
        who=person(NAMELESS[0]),
        place=place(chat),
        at=moment(message, "date"),
        within=_topic(message),
        message=message_of(message),
    )
    return (nobody,)


def _edited(message: Payload, source: str, known: Known) -> tuple[Something, ...]:
    """Other words than before. A place that moves on, and a command, are no words."""
    happened, words = _happened(message, source), words_of(message)
    if happened is None or not _is_known(message) or part(message, "sender_chat"):
        return ()
    if not words or not message_of(message) or _is_command(message):
        return ()
    wrote = Wrote(
        **fields_of(happened),
        words=_with_origin(message, words, known.forwarded),
        message=message_of(message),
        beneath=_beneath(message, known.me),
        edited=True,
    )
    return (wrote,)


# --- what Telegram tells -----------------------------------------------------------------------


def _of_us(told: Payload, source: str, known: Known) -> tuple[Something, ...]:
    return of_us(told)


def _member(told: Payload, source: str, known: Known) -> tuple[Something, ...]:
    return member_told(told)


KINDS: Mapping[str, Callable[[Payload, str, Known], tuple[Something, ...]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _of_us,
    "chat_member": _member,
}
