"""Keyboards: what Telegram takes beneath a message, and what it refuses."""

import json
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

from tests.telegram.state import ApiError
from tests.telegram.texts import url_fault

Json = dict[str, Any]
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "pay",
)
LOOKS = ("text", "style", "icon_custom_emoji_id")
STYLES = ("danger", "success", "primary")
HEAVY = 9_000
KEYS = ("text", "request_contact", "request_location", "style")
KEYBOARD = (
    "keyboard",
    "is_persistent",
    "resize_keyboard",
    "one_time_keyboard",
    "input_field_placeholder",
    "selective",
)


def inline(markup: Json | None) -> Json | None:
    """An inline keyboard that is good, None when it has no button."""
    if markup is None:
        return None
    if set(markup) != {"inline_keyboard"}:
        raise ApiError("object expected as reply markup")
    rows = [_row(row) for row in markup["inline_keyboard"] if row]
    if not rows:
        return None
    many = sum(len(row) for row in rows) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    if many or len(json.dumps(rows, ensure_ascii=False).encode()) > HEAVY:
        raise ApiError("reply markup is too long")
    return {"inline_keyboard": rows}


def _row(row: object) -> list[Json]:
    if not isinstance(row, list):
        raise ApiError('field "inline_keyboard" must be an Array of Arrays')
    if len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW:
        raise ApiError("reply markup is too long: a row shows 8 buttons")
    return [_button(one) for one in row]


def _button(button: object) -> Json:
    parse = "can't parse inline keyboard button: "
    if not isinstance(button, dict) or "text" not in button:
        raise ApiError(f'{parse}Can\'t find field "text"')
    if not str(button["text"]).strip():
        raise ApiError(f"{parse}Button text must be non-empty")
    acts = [key for key in ACTIONS if button.get(key) not in (None, "")]
    if not acts:
        raise ApiError(f"{parse}Text buttons are unallowed in the inline keyboard")
    if len(acts) != 1 or set(button) - {*ACTIONS, *LOOKS}:
        raise ApiError(f"{parse}a button does one thing")
    if button.get("style") not in (None, *STYLES):
        raise ApiError(f"{parse}invalid button style specified")
    _action(acts[0], button[acts[0]])
    return dict(button)


def _action(act: str, value: object) -> None:
    if act == "callback_data":
        size = len(value.encode()) if isinstance(value, str) else 0
        if not 1 <= size <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            raise ApiError("BUTTON_DATA_INVALID")
    elif act == "url" and (wrong := url_fault(str(value))):
        raise ApiError(f"inline keyboard button URL '{value}' is invalid: {wrong}")
    elif act == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not text or len(text) > InlineKeyboardButtonLimit.MAX_COPY_TEXT:
            raise ApiError("BUTTON_COPY_TEXT_INVALID")
    elif act == "pay":
        raise ApiError("BUTTON_TYPE_INVALID")


def reply(markup: Json, private: bool) -> Json | None:
    """A keyboard in place of the phone's own, None when it is taken away (or a reply is asked)."""
    if set(markup) <= {"remove_keyboard", "selective"} and markup.get("remove_keyboard") is True:
        return None
    if set(markup) <= {"force_reply", "selective", "input_field_placeholder"}:
        return None
    rows = markup.get("keyboard")
    if not isinstance(rows, list) or set(markup) - set(KEYBOARD):
        raise ApiError("object expected as reply markup")
    if not rows or not all(rows):
        raise ApiError("reply keyboard must have at least one button in each row")
    if len(str(markup.get("input_field_placeholder") or "")) > 64:
        raise ApiError("input field placeholder is too long")
    return {"keyboard": [[_key(one, private) for one in row] for row in rows]}


def _key(key: object, private: bool) -> Json:
    known = {"text": key} if isinstance(key, str) else key
    if not isinstance(known, dict) or set(known) - set(KEYS) or not known.get("text"):
        raise ApiError("can't parse keyboard button")
    if known.get("request_contact") and not private:
        raise ApiError("phone number can be requested in private chats only")
    if known.get("request_location") and not private:
        raise ApiError("location can be requested in private chats only")
    if known.get("request_contact") and known.get("request_location"):
        raise ApiError("a keyboard button asks for one thing")
    return known
