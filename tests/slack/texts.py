"""Checks of Block Kit's small parts: texts, options and confirmations.

Every check yields sentences, each beginning with where in the payload it looked.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]
Faults = Iterator[str]

PLAIN = ("plain_text",)
ANY = ("plain_text", "mrkdwn")
TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
OPTION_VALUE = 75  # slack_sdk allows 150 and @slack/types 75: whoever writes 75 is right twice


def keys(where: str, given: Mapping[str, Any], allowed: set[str]) -> Faults:
    """Slack refuses properties that it does not know."""
    for key in given:
        if key not in allowed:
            yield f"{where}: unknown property {key}"


def string(where: str, given: object, most: int, least: int = 1) -> Faults:
    """A text of `least` to `most` characters; None is a text that was left out."""
    if given is None:
        return
    if not isinstance(given, str):
        yield f"{where}: must be a string"
    elif not least <= len(given) <= most:
        yield f"{where}: {len(given)} characters, must be {least} to {most}"


def flag(where: str, given: object) -> Faults:
    """True, False or left out."""
    if given is not None and not isinstance(given, bool):
        yield f"{where}: must be true or false"


def whole(where: str, given: object, least: int, most: int) -> Faults:
    """A whole number in its bounds, or left out."""
    if given is None:
        return
    if not isinstance(given, int) or isinstance(given, bool):
        yield f"{where}: must be a whole number"
    elif not least <= given <= most:
        yield f"{where}: {given} must be {least} to {most}"


def url(where: str, given: object, most: int = 3_000) -> Faults:
    """An address of the web, or left out."""
    yield from string(where, given, most)
    if isinstance(given, str) and not re.match(r"https?://[^\s/]+", given):
        yield f"{where}: must be an address of the web"


def text(where: str, given: object, most: int, kinds: tuple[str, ...] = PLAIN) -> Faults:
    """A text object of one of `kinds` that says something."""
    if not isinstance(given, dict):
        yield f"{where}: must be a text object"
        return
    kind = given.get("type")
    if kind not in kinds:
        yield f"{where}: {kind} must be {' or '.join(kinds)}"
        return
    yield from keys(where, given, TEXT_KEYS[kind])
    yield from string(f"{where}.text", given.get("text", ""), most)
    yield from flag(f"{where}.emoji", given.get("emoji"))
    yield from flag(f"{where}.verbatim", given.get("verbatim"))


def maybe(where: str, given: object, most: int, kinds: tuple[str, ...] = PLAIN) -> Faults:
    """A text object that may be left out."""
    if given is not None:
        yield from text(where, given, most, kinds)


def confirm(where: str, given: object) -> Faults:
    """The question before a press counts, or none."""
    if given is None:
        return
    if not isinstance(given, dict):
        yield f"{where}: must be an object"
        return
    yield from keys(where, given, {"title", "text", "confirm", "deny", "style"})
    yield from text(f"{where}.title", given.get("title"), 100)
    yield from text(f"{where}.text", given.get("text"), 300, ANY)
    yield from text(f"{where}.confirm", given.get("confirm"), 30)
    yield from text(f"{where}.deny", given.get("deny"), 30)
    yield from style(where, given)


def style(where: str, given: Json) -> Faults:
    """The look of a button; the usual one has no name."""
    if given.get("style") not in (None, "primary", "danger"):
        yield f"{where}.style: must be primary or danger"


def option(where: str, given: object, kind: str) -> Faults:
    """One choice of an element of this `kind`."""
    if not isinstance(given, dict):
        yield f"{where}: must be an object"
        return
    yield from keys(where, given, {"text", "value", "description", "url"})
    kinds = ANY if kind in ("radio_buttons", "checkboxes") else PLAIN
    yield from text(f"{where}.text", given.get("text"), 75, kinds)
    yield from string(f"{where}.value", given.get("value", ""), OPTION_VALUE)
    yield from maybe(f"{where}.description", given.get("description"), 75, kinds)
    yield from url(f"{where}.url", given.get("url"))
    if "url" in given and kind != "overflow":
        yield f"{where}.url: only an overflow menu leads elsewhere"


def options(where: str, given: object, kind: str, least: int, most: int) -> Faults:
    """`least` to `most` choices, no value twice."""
    if not isinstance(given, list):
        yield f"{where}: must be a list"
        return
    if not least <= len(given) <= most:
        yield f"{where}: {len(given)} options, must be {least} to {most}"
    for at, one in enumerate(given):
        yield from option(f"{where}[{at}]", one, kind)
    values = [one.get("value") for one in given if isinstance(one, dict)]
    yield from unique(where, values, "value")


def unique(where: str, given: list[Any], what: str) -> Faults:
    """None of `given` is there twice, those left out aside."""
    named = [one for one in given if one is not None]
    for one in dict.fromkeys(named):
        if named.count(one) > 1:
            yield f"{where}: duplicate {what} {one}"


def offered(element: Json) -> list[Json]:
    """Every choice of an element, through its groups."""
    groups: list[Json] = element.get("option_groups") or []
    within: list[Json] = [one for group in groups for one in group.get("options") or []]
    return [*(element.get("options") or []), *within]
