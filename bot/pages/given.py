"""What came in a request's body, made harmless: small, shallow, text that can be stored."""

import json
import re
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from bot.core.commands import Refused
from bot.core.texts import t

BODY_MOST = 64 * 1024
DEPTH_MOST = 6
THINGS_MOST = 2_000
FIELDS_MOST = 100
_SURROGATES = re.compile(r"[\ud800-\udfff]")

Given = dict[str, Any]

NOT_READABLE = Refused(
    code="unreadable",
    text=t("This could not be read. Reload the page and try again; your words are kept here."),
)
TOO_LARGE = Refused(
    code="too_large", text=t("This is too much at once. Please shorten it and send it again.")
)


class Unreadable(ValueError):
    """The body is not what a page of ours would send."""


def from_json(body: bytes) -> Given:
    """A JSON object. Raises Unreadable for anything else, and for what is too deep or too much."""
    try:
        found = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as wrong:
        raise Unreadable from wrong
    if not isinstance(found, dict):
        raise Unreadable
    budget = [THINGS_MOST]
    return {_text(name): _clean(value, 1, budget) for name, value in found.items()}


def from_form(body: bytes) -> Given:
    """The fields of a plain form; the last one counts where a name comes twice."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MOST,
        )
    except (ValueError, UnicodeError) as wrong:
        raise Unreadable from wrong
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise Unreadable(constant)


def _clean(value: Any, depth: int, budget: list[int]) -> Any:
    budget[0] -= 1
    if depth > DEPTH_MOST or budget[0] < 0:
        raise Unreadable
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_clean(one, depth + 1, budget) for one in value]
    if isinstance(value, dict):
        return {_text(name): _clean(one, depth + 1, budget) for name, one in value.items()}
    return value


def _text(value: str) -> str:
    """Half a character cannot be stored or sent; it becomes the sign for something unreadable."""
    return _SURROGATES.sub("\ufffd", value)
