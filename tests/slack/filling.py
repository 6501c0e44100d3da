"""What Slack's own client lets somebody enter, press and send; it refuses the rest."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.slack import files
from tests.slack.blocks import within
from tests.slack.state import File, View, World
from tests.slack.views import VALUES, choice, empty

Json = dict[str, Any]
Answer = str | int | float | bool | None | Sequence[Any]
PRESSABLE = ("button", "overflow")


class Refused(AssertionError):
    """Slack's client would not let anybody do this."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An element with the block in which it stands, and for a menu the choice in it."""

    block: Json
    element: Json
    option: Json | None = None


def spots(blocks: list[Json]) -> Iterator[Spot]:
    """Everything in these blocks that can be pressed or filled in; each choice of a menu."""
    for block in blocks:
        for element in within(block):
            if element.get("type") == "overflow":
                for option in element["options"]:
                    yield Spot(block, element, option)
            elif "action_id" in element:
                yield Spot(block, element)


def label(spot: Spot) -> str:
    """What people read on it."""
    said = (spot.option or spot.element).get("text") or spot.block.get("label") or {}
    return str(said.get("text", ""))


def labels(blocks: list[Json]) -> list[str]:
    """What can be pressed, in the order in which it is shown."""
    return [label(one) for one in spots(blocks) if one.element["type"] in PRESSABLE]


def pressable(blocks: list[Json], what: str) -> Spot:
    """The one button or choice that people call `what`: by its label, value or action_id."""
    found = [one for one in spots(blocks) if one.element["type"] in PRESSABLE]
    return _only(found, what, _names, f"nothing to press is called {what!r}: {labels(blocks)}")


def fillable(blocks: list[Json], what: str) -> Spot:
    """The one input that people call `what`: by its label, block_id or action_id."""
    found = [one for one in spots(blocks) if one.element["type"] in VALUES]
    known = [label(one) or one.element["action_id"] for one in found]
    return _only(found, what, _titles, f"nothing to fill in is called {what!r}: {known}")


def _only(found: list[Spot], what: str, names: Callable[[Spot], set[str]], complaint: str) -> Spot:
    hits = [one for one in found if what in names(one)]
    exact = [one for one in hits if what == label(one)] or hits
    if not exact:
        raise Refused(complaint)
    if len(exact) > 1:
        raise Refused(f"{len(exact)} are called {what!r}: say which by its value or action_id")
    return exact[0]


def _names(spot: Spot) -> set[str]:
    given = spot.option or spot.element
    names = {label(spot), given.get("value"), None if spot.option else spot.element["action_id"]}
    return {one for one in names if one}


def _titles(spot: Spot) -> set[str]:
    hint = (spot.element.get("placeholder") or {}).get("text")
    names = {label(spot), spot.block["block_id"], spot.element["action_id"], hint}
    return {one for one in names if one}


# --- filling in --------------------------------------------------------------------------------


def filled(world: World, user: str, element: Json, given: Answer) -> Json:
    """The answer as the client would send it."""
    kind = element["type"]
    key, _ = VALUES[kind]
    if given is None or given in ("", [], ()):
        return {**empty({"type": kind}), "type": kind}
    return {"type": kind, key: _value(world, user, element, given)}


def _value(world: World, user: str, element: Json, given: Answer) -> Any:
    kind, check = element["type"], _CHECKS.get(element["type"])
    if kind == "file_input":
        return _files(world, user, element, given)
    if check is not None:
        text = str(given)
        if not check(element, text):
            raise Refused(f"{kind} does not take {text!r}")
        return int(text) if kind == "datetimepicker" else text
    if kind in ("static_select", "radio_buttons"):
        return _chosen(element, str(given))
    if kind in ("multi_static_select", "checkboxes"):
        return [_chosen(element, one) for one in _several(element, given)]
    return _who_or_where(world, element, given)


def _several(element: Json, given: Answer) -> list[str]:
    many = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else []
    if len(many) > element.get("max_selected_items", 100):
        raise Refused(f"{element['type']} takes {element['max_selected_items']}")
    return [str(one) for one in many]


def _chosen(element: Json, wanted: str) -> Json:
    found = choice(element, wanted)
    if found is None:
        raise Refused(f"{wanted!r} is no option of {element['action_id']}")
    return found


def _who_or_where(world: World, element: Json, given: Answer) -> Any:
    kind: str = element["type"]
    known = world.users if "users" in kind else world.channels
    many = _several(element, given)
    for one in many:
        if one not in known:
            raise Refused(f"{kind} does not offer {one!r}")
    return many if kind.startswith("multi_") else many[0]


def _files(world: World, user: str, element: Json, given: Answer) -> list[Json]:
    many = list(given) if isinstance(given, Sequence) else []
    if len(many) > element.get("max_files", 10):
        raise Refused(f"file_input takes {element.get('max_files', 10)}")
    return [files.shown(world, attach(world, user, one)) for one in many]


def attach(world: World, user: str, given: Any) -> File:
    """A file that somebody brings, as (name, content) or (name, content, media type)."""
    name, content, *media = given
    kind = media[0] if media else "application/octet-stream"
    file = File(f"F{world.serial()}", name, kind, content, user, len(content), shared=True)
    world.files[file.id] = file
    return file


def _words(element: Json, text: str) -> bool:
    """Slack counts as JavaScript does, in UTF-16 units."""
    length = len(text.encode("utf-16-le")) // 2
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    return least <= length <= most and (bool(element.get("multiline")) or "\n" not in text)


def _number(element: Json, text: str) -> bool:
    whole = r"-?\d+" if not element.get("is_decimal_allowed") else r"-?\d+(\.\d+)?"
    if not re.fullmatch(whole, text):
        return False
    least = float(element.get("min_value", text))
    return least <= float(text) <= float(element.get("max_value", text))


def _like(pattern: str) -> Callable[[Json, str], bool]:
    return lambda _, text: re.fullmatch(pattern, text) is not None


_CHECKS: dict[str, Callable[[Json, str], bool]] = {
    "plain_text_input": _words,
    "number_input": _number,
    "email_text_input": _like(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    "url_text_input": _like(r"https?://\S+"),
    "datepicker": _like(r"\d{4}-\d\d-\d\d"),
    "timepicker": _like(r"\d\d:\d\d"),
    "datetimepicker": _like(r"\d{10}"),
}


def unanswered(view: View) -> list[str]:
    """What Slack's client would still ask before it sends the view."""
    asked = [one for one in spots(view.blocks) if one.block["type"] == "input"]
    needed = [one for one in asked if not one.block.get("optional")]
    return [label(one) for one in needed if not _answered(view, one)]


def _answered(view: View, spot: Spot) -> bool:
    given = view.filled.get((spot.block["block_id"], spot.element["action_id"]), {})
    key, _ = VALUES.get(spot.element["type"], ("value", ""))
    return given.get(key) not in (None, "", [])
