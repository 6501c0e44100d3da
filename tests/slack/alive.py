"""What would come alive in a message: people and groups called, links made, previews loaded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ANGLED = re.compile(r"<([^<>\s|][^<>|]*)(?:\|[^<>]*)?>")
ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.|mailto:)[^\s<>|]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
BARE = re.compile(r"(?i)\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|info|co|de|ru|eu|uk)\b")
SHOUT = re.compile(r"(?<![\w&])@(?:here|channel|everyone)\b|(?<![\w&])[@#][a-z0-9][\w.-]*")


@dataclass(frozen=True, slots=True)
class Alive:
    """What in a message does something by itself; false when nothing does.

    `mentions` are people, groups and channels, `broadcasts` whole channels, `links` addresses
    that can be followed, `unfurls` those of which Slack would show a preview.
    """

    mentions: tuple[str, ...] = ()
    broadcasts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    unfurls: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.mentions or self.broadcasts or self.links or self.unfurls)


def alive(payload: Json) -> Alive:
    """Everything that would come alive in this message or view.

    Buttons that lead elsewhere are meant to, so they are not listed.
    """
    found: list[tuple[str, str]] = []
    if payload.get("mrkdwn") is not False:
        found += _found(str(payload.get("text") or ""), _parse(payload))
    for key in ("blocks", "attachments"):
        for text, bare in _texts(payload.get(key)):
            found += _found(text, bare)
        found += _rich(payload.get(key))
    links = _of("link", found)
    quiet = payload.get("unfurl_links") is False and payload.get("unfurl_media") is False
    return Alive(
        _of("mention", found),
        _of("broadcast", found),
        links,
        () if quiet else tuple(one for one in links if one.startswith("http")),
    )


def _of(kind: str, found: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(what for one, what in found if one == kind))


def _parse(payload: Json) -> str:
    """How Slack reads the text beside the blocks: "auto" makes links of addresses only."""
    if payload.get("parse") == "full" or payload.get("link_names") in (True, 1, "1", "true"):
        return "full"
    return "auto"


def _texts(given: object) -> Iterator[tuple[str, str]]:
    """Every text with marks, and whether Slack looks for bare names in it too."""
    if isinstance(given, list):
        for one in given:
            yield from _texts(one)
    elif isinstance(given, dict):
        kind = given.get("type")
        if kind == "mrkdwn":
            yield str(given.get("text")), "" if given.get("verbatim") else "full"
        elif kind == "markdown":
            yield str(given.get("text")), "full"
        else:
            for one in given.values():
                yield from _texts(one)


def _found(text: str, bare: str) -> Iterator[tuple[str, str]]:
    for inside in ANGLED.findall(text):
        if inside.startswith("!date"):
            continue
        if inside.startswith("!") and not inside.startswith("!subteam"):
            yield "broadcast", inside
        elif inside.startswith(("!", "@", "#")):
            yield "mention", inside
        else:
            yield "link", inside
    outside = ANGLED.sub(" ", text)
    if bare:
        for one in [*ADDRESS.findall(outside), *BARE.findall(ADDRESS.sub(" ", outside))]:
            yield "link", one
    if bare == "full":
        for one in SHOUT.findall(ADDRESS.sub(" ", outside)):
            shout = one in ("@here", "@channel", "@everyone")
            yield ("broadcast" if shout else "mention"), one


RICH = {
    "user": ("mention", "user_id"),
    "usergroup": ("mention", "usergroup_id"),
    "channel": ("mention", "channel_id"),
    "broadcast": ("broadcast", "range"),
    "link": ("link", "url"),
}


def _rich(given: object) -> Iterator[tuple[str, str]]:
    if isinstance(given, list):
        for one in given:
            yield from _rich(one)
    elif isinstance(given, dict):
        kind, key = RICH.get(str(given.get("type")), ("", ""))
        if kind and key in given:
            yield kind, str(given[key])
        for one in given.values():
            yield from _rich(one)
