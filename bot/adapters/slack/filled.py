"""What somebody filled in in a window, as answers; nothing of it is checked here."""

import json
from collections.abc import Mapping
from typing import Any

from bot.engine.heard import Given
from bot.untrusted import part, text

MARK = "q."
"""An input's block is called by this and its question's key."""
ALIAS = "~"
"""A choice whose value is too long for Slack is called by this and a number."""


def given(view: Mapping[str, Any]) -> dict[str, Given]:
    """What stands in the inputs of a window, by the keys of their questions; nothing is checked."""
    known = _kept(view).get("v")
    names = known if isinstance(known, dict) else {}
    found: dict[str, Given] = {}
    for block, inside in part(view, "state", "values").items():
        if block.startswith(MARK) and isinstance(inside, dict):
            element = next((one for one in inside.values() if isinstance(one, dict)), {})
            found[block.removeprefix(MARK)] = _answer(element, names)
    return found


def _kept(view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        kept = json.loads(text(view, "private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _answer(element: Mapping[str, Any], names: Mapping[str, Any]) -> Given:
    """What stands in one input."""
    for key in ("value", "selected_date", "selected_time"):
        if isinstance(element.get(key), str):
            return str(element[key])
    if isinstance(element.get("selected_option"), dict):
        return _named(text(element, "selected_option", "value"), names)
    for key, name in (("selected_options", "value"), ("files", "id")):
        several = element.get(key)
        if isinstance(several, list):
            said = (text(one, name) for one in several if isinstance(one, dict))
            return tuple(_named(one, names) for one in said if one)
    return None


def _named(value: str, names: Mapping[str, Any]) -> str:
    known = names.get(value) if value.startswith(ALIAS) else value
    return known if isinstance(known, str) else value
