"""Checks of Block Kit's elements: buttons, menus, choices and inputs."""

import re
from collections.abc import Callable

from tests.slack.texts import (
    ANY,
    Faults,
    Json,
    confirm,
    flag,
    keys,
    maybe,
    offered,
    option,
    options,
    string,
    style,
    text,
    unique,
    url,
    whole,
)

SINGLE = (
    "static_select",
    "external_select",
    "users_select",
    "conversations_select",
    "channels_select",
)
MULTI = tuple(f"multi_{one}" for one in SINGLE)
FEW = ("radio_buttons", "checkboxes")
PICKERS = ("datepicker", "timepicker")
TYPED = (
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
)
IN_ACTIONS = (*SINGLE, *FEW, *PICKERS, "datetimepicker", "button", "overflow", "workflow_button")
IN_SECTION = (*SINGLE, *MULTI, *FEW, *PICKERS, "button", "overflow", "image", "workflow_button")
IN_INPUT = (*SINGLE, *MULTI, *FEW, *PICKERS, *TYPED, "datetimepicker", "file_input")
IN_CONTEXT = ("image", "plain_text", "mrkdwn")
MODAL_ONLY = ("email_text_input", "url_text_input", "number_input", "file_input")

COMMON = {"type", "action_id"}
CHOOSING = COMMON | {"placeholder", "confirm", "focus_on_load"}
TYPING = COMMON | {"placeholder", "focus_on_load", "dispatch_action_config", "initial_value"}
ALLOWED: dict[str, set[str]] = {
    "button": COMMON | {"text", "value", "url", "style", "confirm", "accessibility_label"},
    "overflow": COMMON | {"options", "confirm"},
    "static_select": CHOOSING | {"options", "option_groups", "initial_option"},
    "multi_static_select": CHOOSING
    | {"options", "option_groups", "initial_options", "max_selected_items"},
    "external_select": CHOOSING | {"initial_option", "min_query_length"},
    "multi_external_select": CHOOSING
    | {"initial_options", "min_query_length", "max_selected_items"},
    "users_select": CHOOSING | {"initial_user"},
    "multi_users_select": CHOOSING | {"initial_users", "max_selected_items"},
    "conversations_select": CHOOSING
    | {"initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"},
    "multi_conversations_select": CHOOSING
    | {"initial_conversations", "default_to_current_conversation", "filter", "max_selected_items"},
    "channels_select": CHOOSING | {"initial_channel", "response_url_enabled"},
    "multi_channels_select": CHOOSING | {"initial_channels", "max_selected_items"},
    "radio_buttons": COMMON | {"options", "initial_option", "confirm", "focus_on_load"},
    "checkboxes": COMMON | {"options", "initial_options", "confirm", "focus_on_load"},
    "datepicker": CHOOSING | {"initial_date"},
    "timepicker": CHOOSING | {"initial_time", "timezone"},
    "datetimepicker": COMMON | {"initial_date_time", "confirm", "focus_on_load"},
    "plain_text_input": TYPING | {"multiline", "min_length", "max_length"},
    "email_text_input": TYPING,
    "url_text_input": TYPING,
    "number_input": TYPING | {"is_decimal_allowed", "min_value", "max_value"},
    "rich_text_input": TYPING,
    "file_input": COMMON | {"filetypes", "max_files"},
    "image": {"type", "image_url", "slack_file", "alt_text"},
    "workflow_button": COMMON | {"text", "workflow", "style", "accessibility_label"},
}


def element(where: str, given: object, allowed: tuple[str, ...]) -> Faults:
    """An element where only `allowed` ones may stand."""
    if not isinstance(given, dict):
        yield f"{where}: must be an object"
        return
    kind = given.get("type")
    if kind not in allowed:
        yield f"{where}: unsupported element {kind}"
        return
    if kind in ANY:
        yield from text(where, given, 2_000, ANY)
        return
    yield from keys(where, given, ALLOWED[kind])
    yield from string(f"{where}.action_id", given.get("action_id"), 255)
    yield from maybe(f"{where}.placeholder", given.get("placeholder"), 150)
    yield from confirm(f"{where}.confirm", given.get("confirm"))
    yield from flag(f"{where}.focus_on_load", given.get("focus_on_load"))
    if check := CHECKS.get(kind):
        yield from check(where, given)


def _button(where: str, given: Json) -> Faults:
    yield from text(f"{where}.text", given.get("text"), 75)
    yield from string(f"{where}.value", given.get("value"), 2_000)
    yield from url(f"{where}.url", given.get("url"))
    yield from string(f"{where}.accessibility_label", given.get("accessibility_label"), 75)
    yield from style(where, given)


def _overflow(where: str, given: Json) -> Faults:
    yield from options(f"{where}.options", given.get("options"), "overflow", 2, 5)


def _few(where: str, given: Json) -> Faults:
    yield from options(f"{where}.options", given.get("options"), given["type"], 1, 10)
    yield from _initial(where, given)


def _select(where: str, given: Json) -> Faults:
    if ("options" in given) == ("option_groups" in given):
        yield f"{where}: either options or option_groups"
    elif "options" in given:
        yield from options(f"{where}.options", given["options"], given["type"], 1, 100)
    else:
        yield from _groups(f"{where}.option_groups", given["option_groups"], given["type"])
    yield from _initial(where, given)
    yield from _many(where, given)


def _groups(where: str, given: object, kind: str) -> Faults:
    if not isinstance(given, list) or not 1 <= len(given) <= 100:
        yield f"{where}: must be 1 to 100 groups"
        return
    for at, group in enumerate(given):
        yield from keys(f"{where}[{at}]", group, {"label", "options"})
        yield from text(f"{where}[{at}].label", group.get("label"), 75)
        yield from options(f"{where}[{at}].options", group.get("options"), kind, 1, 100)
    within = [one.get("value") for group in given for one in group.get("options") or []]
    yield from unique(where, within, "value")


def _initial(where: str, given: Json) -> Faults:
    """What is chosen at first must be exactly one of the choices."""
    first = [given["initial_option"]] if "initial_option" in given else []
    for at, one in enumerate([*first, *(given.get("initial_options") or [])]):
        yield from option(f"{where}.initial[{at}]", one, given["type"])
        if one not in offered(given):
            yield f"{where}.initial[{at}]: is none of the options"
    if given.get("initial_options") == []:
        yield f"{where}.initial_options: must be left out when empty"


def _many(where: str, given: Json) -> Faults:
    yield from whole(f"{where}.max_selected_items", given.get("max_selected_items"), 1, 100)
    yield from whole(f"{where}.min_query_length", given.get("min_query_length"), 0, 100)


def _pattern(key: str, pattern: str) -> Callable[[str, Json], Faults]:
    def check(where: str, given: Json) -> Faults:
        if key in given and not re.fullmatch(pattern, str(given[key])):
            yield f"{where}.{key}: has not the right form"

    return check


def _typed(where: str, given: Json) -> Faults:
    yield from whole(f"{where}.max_length", given.get("max_length"), 1, 3_000)
    yield from whole(f"{where}.min_length", given.get("min_length"), 0, 3_000)
    yield from flag(f"{where}.multiline", given.get("multiline"))
    most = given.get("max_length")
    yield from string(
        f"{where}.initial_value",
        given.get("initial_value"),
        most if isinstance(most, int) else 3_000,
        least=0,
    )
    if (given.get("min_length") or 0) > (most or 3_000):
        yield f"{where}: min_length is over max_length"


def _number(where: str, given: Json) -> Faults:
    if not isinstance(given.get("is_decimal_allowed"), bool):
        yield f"{where}.is_decimal_allowed: must be true or false"
    for key in ("initial_value", "min_value", "max_value"):
        if key in given and not re.fullmatch(r"-?\d+(\.\d+)?", str(given[key])):
            yield f"{where}.{key}: must be a number"
        if key in given and not isinstance(given[key], str):
            yield f"{where}.{key}: must be a string"


def _file(where: str, given: Json) -> Faults:
    yield from whole(f"{where}.max_files", given.get("max_files"), 1, 10)


def image(where: str, given: Json) -> Faults:
    """A picture needs an address and words for those who do not see it."""
    if ("image_url" in given) == ("slack_file" in given):
        yield f"{where}: either image_url or slack_file"
    yield from url(f"{where}.image_url", given.get("image_url"))
    yield from string(f"{where}.alt_text", given.get("alt_text", ""), 2_000)


CHECKS: dict[str, Callable[[str, Json], Faults]] = {
    "button": _button,
    "overflow": _overflow,
    "radio_buttons": _few,
    "checkboxes": _few,
    "static_select": _select,
    "multi_static_select": _select,
    **dict.fromkeys((one for one in MULTI if one != "multi_static_select"), _many),
    "external_select": _many,
    "datepicker": _pattern("initial_date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "timepicker": _pattern("initial_time", r"([01]\d|2[0-3]):[0-5]\d"),
    "datetimepicker": _pattern("initial_date_time", r"\d{10}"),
    "plain_text_input": _typed,
    "email_text_input": _typed,
    "url_text_input": _typed,
    "number_input": _number,
    "file_input": _file,
    "image": image,
}
