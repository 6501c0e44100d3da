"""Texts and entities: how Telegram counts, what it refuses, what it makes of bare words."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from telegram.constants import MessageEntityType, MessageLimit

from tests.telegram.state import ApiError

Json = dict[str, Any]
KINDS = frozenset(one.value for one in MessageEntityType)
ALONE = ("code", "pre")
EMPTY = "\u00ad\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff"
DROPPED = frozenset("\r" + "".join(chr(one) for one in range(0x2028, 0x202F)))
FOUND = (
    ("url", re.compile(r"(?i)\b(?:https?://|www\.|tg://|ton://)[^\s<>\"]*[^\s<>\".,;:!?)\]]")),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    (
        "url",
        re.compile(
            r"(?i)(?<![\w@.-])(?:[a-z0-9-]+\.)+"
            r"(?:com|net|org|io|dev|app|info|co|de|ru|eu|uk|me|su|ai|рф)\b(?:[/?#][^\s<>\"]*)?"
        ),
    ),
    ("url", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?(?![\w.])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}\b")),
    (
        "bot_command",
        re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])"),
    ),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,255}")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}\b")),
    ("phone_number", re.compile(r"(?<![\w+])\+\d(?:[ ()-]?\d){6,14}(?!\w)")),
)


@dataclass(frozen=True, slots=True)
class Live:
    """A stretch of a text that does something when it is touched: `kind` as Telegram names it."""

    kind: str
    text: str
    offset: int


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def part(text: str, offset: int, length: int) -> str:
    """What an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2]
    return raw.decode("utf-16-le", "surrogatepass")


def blank(text: str) -> bool:
    """Nothing can be seen of it."""
    return not text.strip().strip(EMPTY).strip()


def detected(text: str, entities: list[Json]) -> list[Live]:
    """What Telegram itself makes of bare words, outside of code and of links that were given."""
    taken = [
        (one["offset"], one["offset"] + one["length"])
        for one in entities
        if one["type"] in (*ALONE, "text_link", "text_mention")
    ]
    found: list[Live] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match.group())
            if all(end <= begun or start >= over for begun, over in taken):
                taken.append((start, end))
                found.append(Live(kind, match.group(), start))
    return sorted(found, key=lambda one: one.offset)


def marked(text: str, entities: list[Json]) -> list[Json]:
    """The entities that a reader gets: those given and those found."""
    found = [
        {"type": one.kind, "offset": one.offset, "length": units(one.text)}
        for one in detected(text, entities)
    ]
    return sorted([*entities, *found], key=lambda one: (one["offset"], -one["length"]))


def formatted(
    text: str, entities: list[Json], most: int, what: str, known: Container[int] | None = None
) -> tuple[str, list[Json]]:
    """A text as Telegram stores it, with its entities moved along; what it refuses is raised.

    `known` are the people who may be mentioned by number, None: all. Only the first hundred
    entities stay.
    """
    checked = [_entity(one, text, known) for one in entities]
    _nested(checked)
    cleaned, moved = _cleaned(text, checked)
    if units(cleaned) > most:
        raise ApiError(f"{what} is too long")
    shown = [one for one in moved if one["length"] > 0]
    return cleaned, shown[: int(MessageLimit.MESSAGE_ENTITIES)]


def _entity(given: object, text: str, known: Container[int] | None) -> Json:
    parse = "can't parse MessageEntity: "
    if not isinstance(given, dict):
        raise ApiError(f"{parse}expected an Object")
    if given.get("type") not in KINDS:
        raise ApiError(f"{parse}Unsupported type specified")
    for key in ("offset", "length"):
        if not isinstance(given.get(key), int):
            raise ApiError(f'{parse}Field "{key}" must be a valid Number')
        if given[key] < 0:
            raise ApiError(f"receive an entity with incorrect {key} {given[key]}")
    needed = {"text_link": "url", "text_mention": "user"}.get(given["type"])
    if needed and needed not in given:
        raise ApiError(f'{parse}Can\'t find field "{needed}"')
    if needed == "url" and (wrong := url_fault(given["url"])):
        raise ApiError(f"entity URL '{given['url']}' is invalid: {wrong}")
    if needed == "user" and known is not None and given["user"].get("id") not in known:
        raise ApiError("user not found")
    _borders(text, given["offset"], given["length"])
    return dict(given)


def _over(offset: int, end: int) -> ApiError:
    where = f"entity beginning at UTF-16 offset {offset}"
    return ApiError(f"{where} ends after the end of the text at UTF-16 offset {end}")


def _borders(text: str, offset: int, length: int) -> None:
    size, end = units(text), offset + length
    if offset >= size:
        raise ApiError(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if end > size:
        raise _over(offset, end)
    edges, at = {0}, 0
    for sign in text:
        at += 2 if ord(sign) > 0xFFFF else 1
        edges.add(at)
    if offset not in edges or end not in edges:
        where = f"entity beginning at UTF-16 offset {offset}"
        raise ApiError(f"{where} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}")


def _nested(entities: list[Json]) -> None:
    """Entities lie inside each other or apart; code and links hold nothing that they cannot.

    Telegram drops some of what is refused here without a word; then it is not what was meant.
    """
    ordered = sorted(entities, key=lambda one: (one["offset"], -one["length"]))
    ranged = [(one["offset"], one["offset"] + one["length"], one["type"]) for one in ordered]
    for at, (start, end, kind) in enumerate(ranged):
        for begun, over, other in ranged[at + 1 :]:
            if end <= begun:
                continue
            if over > end:
                raise _over(begun, over)
            if kind in ALONE or other in ALONE or kind == other:
                both = f"{kind} at {start} and {other} at {begun}"
                raise ApiError(f"can't parse entities: {both} exclude each other")


def _cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without signs that Telegram takes away and without blanks at both ends."""
    kept: list[tuple[int, str]] = []
    at = 0
    for sign in text:
        if sign not in DROPPED:
            plain = " " if ord(sign) < 32 and sign != "\n" else sign
            kept.append((at, plain))
        at += 2 if ord(sign) > 0xFFFF else 1
    whole = "".join(sign for _, sign in kept)
    begin = len(whole) - len(whole.lstrip())
    kept = kept[begin : len(whole.rstrip())]
    return "".join(sign for _, sign in kept), [_moved(one, kept) for one in entities]


def _moved(entity: Json, kept: list[tuple[int, str]]) -> Json:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    before = sum(2 if ord(sign) > 0xFFFF else 1 for at, sign in kept if at < start)
    inside = sum(2 if ord(sign) > 0xFFFF else 1 for at, sign in kept if start <= at < end)
    return {**entity, "offset": before, "length": inside}


def url_fault(url: str) -> str:
    """What is wrong with an address, "" when Telegram makes a link of it.

    A name without a dot is no host; an address without a scheme is refused, to be strict.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "Wrong HTTP URL"
    host = (parts.hostname or "").strip(".")
    if parts.scheme in ("tg", "ton"):
        return "" if parts.netloc else f"Wrong {parts.scheme} URL"
    if parts.scheme not in ("", "http", "https"):
        return "Unsupported URL protocol"
    if not url or (parts.scheme and not host):
        return "URL host is empty"
    return "" if parts.scheme and "." in host and " " not in url else "Wrong HTTP URL"


def commands(text: str) -> Iterator[tuple[str, str]]:
    """The commands in a text, each with the name of the bot for which it is meant ("": any)."""
    for one in detected(text, []):
        if one.kind == "bot_command":
            name, _, bot = one.text[1:].partition("@")
            yield name, bot
