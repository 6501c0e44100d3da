"""What Slack would refuse in blocks, views and messages.

slack_sdk's models look first, then the rules that they miss and the limits that are documented.
Where Slack is known to be lenient or two sources disagree the stricter one counts. Each function
returns sentences; an empty list means that Slack takes it.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack import elements
from tests.slack.texts import ANY, Faults, Json, flag, keys, maybe, string, text, unique

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXT_MOST, TEXT_SUM, TEXT_CUT = 4_000, 10_000, 40_000
VIEW_BYTES, METADATA_BYTES = 250_000, 8_000
ONLY: dict[str, tuple[Surface, ...]] = {
    "input": ("modal", "home"),
    "alert": ("modal",),
    "markdown": ("message",),
    "table": ("message",),
    "file": ("message",),
    "context_actions": ("message",),
}


def faults(blocks: object, surface: Surface = "message") -> list[str]:
    """What is wrong with the blocks of a message, a modal or a Home tab."""
    if not isinstance(blocks, list):
        return ["blocks: must be a list"]
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    found = [f"blocks: {len(blocks)} of {most}"] if len(blocks) > most else []
    for at, block in enumerate(blocks):
        found += _block(f"blocks[{at}]", block, surface)
    return [*found, *_across(blocks)]


def view_faults(view: object) -> list[str]:
    """What is wrong with a modal or a Home tab."""
    if not isinstance(view, dict):
        return ["view: must be an object"]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"view.type: {kind} must be modal or home"]
    surface: Surface = "modal" if kind == "modal" else "home"
    found = [*_sdk("view", view, _view_model), *_view(view), *faults(view.get("blocks"), surface)]
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        found.append("view: too large")
    return found


def message_faults(payload: Json) -> list[str]:
    """What is wrong with the arguments of chat.postMessage and its like.

    A message without blocks needs a text, and one with blocks needs it for notifications,
    screen readers and search.
    """
    said = payload.get("text")
    found = list(string("text", said, TEXT_MOST))
    if not said:
        found.append("text: missing, and nobody's notification would say anything")
    blocks = unpacked(payload.get("blocks"))
    if blocks is not None:
        found += faults(blocks)
        if isinstance(blocks, list) and (length := text_sum(blocks)) > TEXT_SUM:
            found.append(f"blocks: {length} characters of text in all, must be at most {TEXT_SUM}")
    return [*found, *_metadata(unpacked(payload.get("metadata")))]


def unpacked(given: object) -> object:
    """An argument that may come as JSON in a string; the string itself when it is none."""
    if isinstance(given, str):
        try:
            return json.loads(given)
        except ValueError:
            return given
    return given


def text_sum(blocks: Sequence[object]) -> int:
    """How many characters of text stand in the blocks, in all."""
    return sum(len(one) for one in words(list(blocks)))


def words(given: object) -> Iterator[str]:
    """Every text that people would see in (a part of) a payload."""
    if isinstance(given, list):
        for one in given:
            yield from words(one)
    elif isinstance(given, dict):
        for key, one in given.items():
            if key in ("text", "alt_text") and isinstance(one, str):
                yield one
            else:
                yield from words(one)


# --- slack_sdk's own models --------------------------------------------------------------------


def _sdk(where: str, given: Json, model: Callable[[Json], Any]) -> list[str]:
    """What slack_sdk's models say about it."""
    try:
        parsed = model(copy.deepcopy(given))
        if parsed is None:
            return [f"{where}: unknown block {given.get('type')}"]
        parsed.to_dict()
    except Exception as error:
        return [f"{where}: {error}"]
    return []


def _view_model(given: Json) -> View:
    # Blocks of both are looked at one by one, with their place in the view.
    return View(**{**given, "blocks": given.get("blocks") or []})


# --- blocks ------------------------------------------------------------------------------------


def _block(where: str, given: object, surface: Surface) -> Faults:
    if not isinstance(given, dict):
        yield f"{where}: must be an object"
        return
    kind = str(given.get("type"))
    where = f"{where} {kind}"
    yield from _sdk(where, given, Block.parse)
    yield from string(f"{where}.block_id", given.get("block_id"), 255)
    if surface not in ONLY.get(kind, (surface,)):
        yield f"{where}: not in a {surface}"
    if kind in BLOCKS:
        allowed, check = BLOCKS[kind]
        yield from keys(where, given, allowed | {"type", "block_id"})
        yield from check(where, given)
    for at, element in enumerate(within(given)):
        if element.get("type") in elements.MODAL_ONLY and surface != "modal":
            yield f"{where}[{at}]: {element['type']} only in a modal"


def within(block: Json) -> list[Json]:
    """The elements of a block, wherever they stand in it."""
    several = block.get("elements")
    found = [*(several if isinstance(several, list) else [])]
    found += [block[one] for one in ("accessory", "element") if one in block]
    return [one for one in found if isinstance(one, dict)]


def _section(where: str, given: Json) -> Faults:
    if "text" not in given and "fields" not in given:
        yield f"{where}: needs text or fields"
    yield from maybe(f"{where}.text", given.get("text"), 3_000, ANY)
    for at, one in enumerate(_list(given.get("fields"))):
        yield from text(f"{where}.fields[{at}]", one, 2_000, ANY)
    yield from _count(f"{where}.fields", given.get("fields"), 10)
    if "accessory" in given:
        yield from elements.element(f"{where}.accessory", given["accessory"], elements.IN_SECTION)


def _header(where: str, given: Json) -> Faults:
    yield from text(f"{where}.text", given.get("text"), 150)


def _elements(allowed: tuple[str, ...], most: int) -> Callable[[str, Json], Faults]:
    def check(where: str, given: Json) -> Faults:
        inside = given.get("elements", [])
        yield from _count(where, inside, most)
        for at, one in enumerate(_list(inside)):
            yield from elements.element(f"{where}[{at}]", one, allowed)
        ids = [one.get("action_id") for one in within(given)]
        yield from unique(where, ids, "action_id")

    return check


def _input(where: str, given: Json) -> Faults:
    yield from text(f"{where}.label", given.get("label"), 2_000)
    yield from maybe(f"{where}.hint", given.get("hint"), 2_000)
    yield from flag(f"{where}.optional", given.get("optional"))
    yield from flag(f"{where}.dispatch_action", given.get("dispatch_action"))
    yield from elements.element(f"{where}.element", given.get("element"), elements.IN_INPUT)


def _image(where: str, given: Json) -> Faults:
    yield from maybe(f"{where}.title", given.get("title"), 2_000)
    yield from elements.image(where, given)


def _markdown(where: str, given: Json) -> Faults:
    yield from string(f"{where}.text", given.get("text", ""), 12_000)


def _table(where: str, given: Json) -> Faults:
    rows = _list(given.get("rows"))
    yield from _count(f"{where}.rows", rows, 100)
    if any(len(_list(row)) > 20 for row in rows):
        yield f"{where}.rows: over 20 columns"
    if text_sum(rows) > 10_000:
        yield f"{where}: over 10,000 characters"


def _nothing(where: str, given: Json) -> Faults:
    yield from ()


BLOCKS: dict[str, tuple[set[str], Callable[[str, Json], Faults]]] = {
    "section": ({"text", "fields", "accessory", "expand"}, _section),
    "header": ({"text"}, _header),
    "divider": (set(), _nothing),
    "context": ({"elements"}, _elements(elements.IN_CONTEXT, 10)),
    "actions": ({"elements"}, _elements(elements.IN_ACTIONS, 25)),
    "input": ({"label", "element", "hint", "optional", "dispatch_action"}, _input),
    "image": ({"image_url", "slack_file", "alt_text", "title"}, _image),
    "markdown": ({"text"}, _markdown),
    "table": ({"rows", "column_settings"}, _table),
}


def _list(given: object) -> list[Any]:
    return given if isinstance(given, list) else []


def _count(where: str, given: object, most: int) -> Faults:
    if given is None:
        return
    if not isinstance(given, list) or not 1 <= len(given) <= most:
        yield f"{where}: must hold 1 to {most}"


def _across(blocks: list[Any]) -> Faults:
    """Rules between blocks."""
    known = [one for one in blocks if isinstance(one, dict)]
    yield from unique("blocks", [one.get("block_id") for one in known], "block_id")
    inside = [element for one in known for element in within(one)]
    if sum(one.get("focus_on_load") is True for one in inside) > 1:
        yield "blocks: focus_on_load more than once"
    kinds = [one.get("type") for one in known]
    if kinds.count("table") > 1:
        yield "blocks: more than one table"
    markdown = sum(len(str(one.get("text"))) for one in known if one.get("type") == "markdown")
    if markdown > 12_000:
        yield "blocks: over 12,000 characters of markdown"


# --- views and messages ------------------------------------------------------------------------

VIEW_KEYS = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
MODAL_KEYS = VIEW_KEYS | {"title", "submit", "close", "clear_on_close", "notify_on_close"}
MODAL_KEYS |= {"submit_disabled"}


def _view(view: Json) -> Faults:
    modal = view["type"] == "modal"
    yield from keys("view", view, MODAL_KEYS if modal else VIEW_KEYS)
    yield from string("view.private_metadata", view.get("private_metadata"), 3_000, least=0)
    yield from string("view.callback_id", view.get("callback_id"), 255)
    yield from string("view.external_id", view.get("external_id"), 255, least=0)
    for key in ("clear_on_close", "notify_on_close", "submit_disabled"):
        yield from flag(f"view.{key}", view.get(key))
    if not modal:
        return
    yield from text("view.title", view.get("title"), 24)
    yield from maybe("view.submit", view.get("submit"), 24)
    yield from maybe("view.close", view.get("close"), 24)
    blocks = _list(view.get("blocks"))
    asks = any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if asks and "submit" not in view:
        yield "view.submit: needed, since there is an input"


def _metadata(given: object) -> Faults:
    if given is None:
        return
    if not isinstance(given, dict):
        yield "metadata: must be an object"
        return
    if not given:
        return  # how an edit takes it away
    yield from keys("metadata", given, {"event_type", "event_payload"})
    yield from string("metadata.event_type", given.get("event_type", ""), 255)
    if not isinstance(given.get("event_payload"), dict):
        yield "metadata.event_payload: must be an object"
    if len(json.dumps(given).encode()) > METADATA_BYTES:
        yield "metadata: too large"
