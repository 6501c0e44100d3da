"""What Telegram tells about places and people without anybody asking for anything."""

from collections.abc import Iterator

from bot.adapters.telegram.reading import Me, is_on, number, person, place
from bot.engine.heard import Changed
from bot.untrusted import Payload, items, part, text

Told = tuple[Changed, ...]

IN = ("creator", "administrator", "member")


def told_in(message: Payload, me: Me) -> Told:
    """What a message of Telegram's own says; empty when it is somebody's."""
    return tuple(_told_in(message, me))


def _told_in(message: Payload, me: Me) -> Iterator[Changed]:
    here, kind = number(message, "chat", "id"), text(message, "chat", "type")
    # Only a group becomes a supergroup, and each of the two says so of itself.
    there, before = (number(message, f"migrate_{way}_chat_id") for way in ("to", "from"))
    if kind == "group" and there < 0 and there != here:
        yield Changed("moved", place(here), to=place(there))
    if kind == "supergroup" and before < 0 and before != here:
        yield Changed("moved", place(before), to=place(here))
    for one in items(message, "new_chat_members"):
        yield from _member(one, "back" if number(one, "id") == me.number else "joined", here, me)
    if left := part(message, "left_chat_member"):
        yield from _member(left, "gone" if number(left, "id") == me.number else "left", here, me)


def _member(user: Payload, what: str, here: int, me: Me) -> Told:
    who = number(user, "id")
    if who == me.number:
        return (Changed("back" if what == "back" else "gone", place(here)),)
    if who <= 0 or is_on(user, "is_bot"):
        return ()
    return (Changed("joined" if what == "joined" else "left", place(here), person(who)),)


def is_in(member: Payload) -> bool:
    """By this description somebody is there."""
    status = text(member, "status")
    return status in IN or (status == "restricted" and is_on(member, "is_member"))


def of_us(told: Payload) -> Told:
    """We were let in, made something else, or shown out; a person blocked us, or came back."""
    here, now = number(told, "chat", "id"), part(told, "new_chat_member")
    if not here or not text(now, "status"):
        return ()
    silent = text(now, "status") == "restricted" and not is_on(now, "can_send_messages")
    there = is_in(now) and not silent
    if text(told, "chat", "type") == "private":
        return (Changed("back" if there else "blocked", place(here), person(here)),)
    return (Changed("back" if there else "gone", place(here)),)


def member_told(told: Payload) -> Told:
    """Somebody came, went, or is something else there now."""
    here, now = number(told, "chat", "id"), part(told, "new_chat_member")
    who = number(now, "user", "id")
    if not here or who <= 0 or is_on(now, "user", "is_bot") or not text(now, "status"):
        return ()
    before, after = is_in(part(told, "old_chat_member")), is_in(now)
    if after and before:
        return (Changed("role", who=person(who)),)
    return (Changed("joined" if after else "left", place(here), person(who)),)
