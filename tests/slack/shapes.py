"""A card and a form for the fake's own tests."""

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


SURE = {key: plain("Really?") for key in ("title", "text", "confirm", "deny")}
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*N-1*"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "t1", "value": "tok1", "text": plain("Take")},
            {"type": "button", "action_id": "t2", "text": plain("Resolve"), "confirm": SURE},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": plain("Hold"), "value": "tok3"},
                    {"text": plain("Merge"), "value": "tok4"},
                ],
            },
        ],
    },
]


def asks(label: str, element: Json, **more: object) -> Json:
    block = {"type": "input", "block_id": label.lower(), "label": plain(label)}
    return {**block, "element": {"action_id": "x", **element}, **more}


OPTIONS = [{"text": plain("Fire"), "value": "fire"}, {"text": plain("Flood"), "value": "flood"}]
FORM: Json = {
    "type": "modal",
    "title": plain("Report"),
    "submit": plain("Send"),
    "private_metadata": "ref",
    "notify_on_close": True,
    "blocks": [
        asks("What", {"type": "plain_text_input", "max_length": 10}),
        asks("Kind", {"type": "static_select", "options": OPTIONS}, dispatch_action=True),
        asks("Count", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
        asks("Photo", {"type": "file_input", "max_files": 1}, optional=True),
    ],
}
