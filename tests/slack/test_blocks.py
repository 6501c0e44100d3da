"""One broken payload for every rule of Slack, and one whole payload of each kind."""

from typing import Any

import pytest

from tests.slack.blocks import faults, message_faults, view_faults

Json = dict[str, Any]


def plain(text: str = "Take") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "*Printer* on fire") -> Json:
    return {"type": "mrkdwn", "text": text}


def choice(value: str = "a", text: str = "A", **more: object) -> Json:
    return {"text": plain(text), "value": value, **more}


def choices(count: int) -> list[Json]:
    return [choice(f"v{at}") for at in range(count)]


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "take", "text": plain(), "value": "token", **more}


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "s", "options": choices(2), **more}


def typed(**more: object) -> Json:
    return {"type": "plain_text_input", "action_id": "what", **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def asks(element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": "b", "label": plain("What"), "element": element, **more}


def modal(*blocks: Json, **more: object) -> Json:
    view = {"type": "modal", "title": plain("Report"), "submit": plain("Send")}
    return {**view, "blocks": list(blocks) or [section()], **more}


SURE = {"title": plain("Sure?"), "text": plain("All will be told."), "confirm": plain("Yes")}
SURE["deny"] = plain("No")
PICTURE = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "A map"}

WHOLE_BLOCKS: list[Json] = [
    {"type": "header", "text": plain("N-1 · P1")},
    section(fields=[mrkdwn("a"), plain("b")], accessory=button(style="danger", confirm=SURE)),
    section(accessory=PICTURE),
    {"type": "divider"},
    PICTURE,
    {"type": "context", "elements": [mrkdwn("since 10:00"), plain("v3"), PICTURE]},
    actions(
        button(url="https://x.example"),
        select(initial_option=choice("v1")),
        {"type": "overflow", "action_id": "more", "options": choices(5)},
        {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-31"},
    ),
    {"type": "markdown", "text": "# Words"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]},
]

WHOLE_INPUTS: list[Json] = [
    typed(multiline=True, max_length=3_000, initial_value="a"),
    select(option_groups=[{"label": plain("G"), "options": choices(2)}]),
    {"type": "multi_static_select", "action_id": "m", "options": choices(100)},
    {"type": "radio_buttons", "action_id": "r", "options": choices(10)},
    {"type": "checkboxes", "action_id": "c", "options": choices(10)},
    {"type": "timepicker", "action_id": "t", "initial_time": "09:30"},
    {"type": "datetimepicker", "action_id": "d", "initial_date_time": 1_790_000_000},
    {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "1"},
    {"type": "email_text_input", "action_id": "e"},
    {"type": "file_input", "action_id": "f", "max_files": 10},
    {"type": "users_select", "action_id": "u"},
    {"type": "conversations_select", "action_id": "p", "filter": {"include": ["public"]}},
]
WHOLE_INPUTS[1].pop("options")


@pytest.mark.parametrize("block", WHOLE_BLOCKS)
def test_what_slack_takes_in_a_message_is_taken(block: Json) -> None:
    assert message_faults({"text": "N-1", "blocks": [block]}) == []


@pytest.mark.parametrize("element", WHOLE_INPUTS)
def test_what_slack_takes_in_a_modal_is_taken(element: Json) -> None:
    view = modal(asks(element, hint=plain("Why"), optional=True), private_metadata="{}")
    assert view_faults(view) == []


def test_a_home_tab_has_no_title() -> None:
    home = {"type": "home", "blocks": [section()]}
    assert view_faults(home) == []
    assert view_faults({**home, "title": plain("Home")})


BROKEN_BLOCKS: dict[str, list[Json]] = {
    "unknown block": [{"type": "poster", "text": plain()}],
    "no type": [{"text": plain()}],
    "51 blocks": [{"type": "divider"}] * 51,
    "block_id twice": [section(block_id="a"), section(block_id="a")],
    "block_id too long": [section(block_id="a" * 256)],
    "action_id twice": [actions(button(), button())],
    "action_id too long": [actions(button(action_id="a" * 256))],
    "header as mrkdwn": [{"type": "header", "text": mrkdwn()}],
    "header too long": [{"type": "header", "text": plain("a" * 151)}],
    "button as mrkdwn": [actions(button(text=mrkdwn()))],
    "button too long": [actions(button(text=plain("a" * 76)))],
    "button empty": [actions(button(text=plain("")))],
    "value too long": [actions(button(value="a" * 2_001))],
    "url too long": [actions(button(url="https://x.example/" + "a" * 3_000))],
    "url of no web": [actions(button(url="muster"))],
    "url empty": [actions(button(url=""))],
    "style unknown": [actions(button(style="warning"))],
    "property unknown": [actions(button(colour="red"))],
    "property of a block unknown": [section(colour="red")],
    "section empty": [section(text=mrkdwn(""))],
    "section too long": [section(text=mrkdwn("a" * 3_001))],
    "section of nothing": [{"type": "section"}],
    "section of a string": [section(text="words")],
    "11 fields": [section(fields=[plain()] * 11)],
    "no fields": [section(fields=[])],
    "field too long": [section(fields=[plain("a" * 2_001)])],
    "actions empty": [actions()],
    "26 actions": [actions(*(button(action_id=str(at)) for at in range(26)))],
    "emoji in mrkdwn": [section(text={**mrkdwn(), "emoji": True})],
    "verbatim in plain": [section(text={**plain(), "verbatim": True})],
    "emoji as text": [section(text={**plain(), "emoji": "yes"})],
    "option text too long": [actions(select(options=[choice(text="a" * 76)]))],
    "option value too long": [actions(select(options=[choice("a" * 151)]))],
    "option value over what both allow": [actions(select(options=[choice("a" * 76)]))],
    "option value twice": [actions(select(options=[choice(), choice()]))],
    "option description too long": [
        actions(select(options=[choice(description=plain("a" * 76))])),
    ],
    "option text as mrkdwn": [actions(select(options=[{"text": mrkdwn(), "value": "a"}]))],
    "option leads elsewhere": [actions(select(options=[choice(url="https://x.example")]))],
    "no options": [actions(select(options=[]))],
    "101 options": [actions(select(options=choices(101)))],
    "options and groups": [
        actions(select(option_groups=[{"label": plain(), "options": choices(1)}]))
    ],
    "first chosen is no option": [actions(select(initial_option=choice("other")))],
    "placeholder too long": [actions(select(placeholder=plain("a" * 151)))],
    "overflow of 1": [actions({"type": "overflow", "action_id": "o", "options": choices(1)})],
    "overflow of 6": [actions({"type": "overflow", "action_id": "o", "options": choices(6)})],
    "11 radio buttons": [
        actions({"type": "radio_buttons", "action_id": "r", "options": choices(11)}),
    ],
    "11 checkboxes": [actions({"type": "checkboxes", "action_id": "c", "options": choices(11)})],
    "none checked": [
        actions(
            {
                "type": "checkboxes",
                "action_id": "c",
                "options": choices(1),
                "initial_options": [],
            },
        ),
    ],
    "confirm title too long": [actions(button(confirm={**SURE, "title": plain("a" * 101)}))],
    "confirm text too long": [actions(button(confirm={**SURE, "text": plain("a" * 301)}))],
    "confirm button too long": [actions(button(confirm={**SURE, "confirm": plain("a" * 31)}))],
    "confirm without deny": [
        actions(button(confirm={key: SURE[key] for key in ("title", "text", "confirm")})),
    ],
    "date of no form": [
        actions({"type": "datepicker", "action_id": "d", "initial_date": "31.1.2026"})
    ],
    "button in context": [{"type": "context", "elements": [button()]}],
    "11 in context": [{"type": "context", "elements": [mrkdwn()] * 11}],
    "context empty": [{"type": "context", "elements": []}],
    "element unknown": [actions({"type": "slider", "action_id": "a"})],
    "input element in actions": [actions(typed())],
    "input in a message": [asks(typed())],
    "alert in a message": [{"type": "alert", "text": mrkdwn()}],
    "picture without words": [{"type": "image", "image_url": "https://x.example/a.png"}],
    "picture of nothing": [{"type": "image", "alt_text": "A map"}],
    "picture's title as mrkdwn": [{**PICTURE, "title": mrkdwn()}],
    "markdown too long": [{"type": "markdown", "text": "a" * 12_001}],
    "markdown too long in all": [{"type": "markdown", "text": "a" * 6_001}] * 2,
    "two tables": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}] * 2,
    "101 rows": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101}],
    "21 columns": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]}],
}


@pytest.mark.parametrize("name", BROKEN_BLOCKS)
def test_what_slack_refuses_in_a_message_is_refused(name: str) -> None:
    assert faults(BROKEN_BLOCKS[name])


BROKEN_INPUTS: dict[str, Json] = {
    "max_length too long": typed(max_length=3_001),
    "max_length zero": typed(max_length=0),
    "min over max": typed(min_length=5, max_length=4),
    "first words too long": typed(max_length=3, initial_value="abcd"),
    "number of unknown kind": {"type": "number_input", "action_id": "n"},
    "number as number": {
        "type": "number_input",
        "action_id": "n",
        "is_decimal_allowed": True,
        "min_value": 1,
    },
    "11 files": {"type": "file_input", "action_id": "f", "max_files": 11},
    "time of no form": {"type": "timepicker", "action_id": "t", "initial_time": "9:30"},
    "button as input": button(),
    "placeholder as mrkdwn": typed(placeholder=mrkdwn()),
}


@pytest.mark.parametrize("name", BROKEN_INPUTS)
def test_what_slack_refuses_in_an_input_is_refused(name: str) -> None:
    assert view_faults(modal(asks(BROKEN_INPUTS[name])))


def without(key: str, view: Json) -> Json:
    return {name: value for name, value in view.items() if name != key}


BROKEN_VIEWS: dict[str, Json] = {
    "no title": without("title", modal()),
    "title as mrkdwn": modal(title=mrkdwn()),
    "title too long": modal(title=plain("a" * 25)),
    "submit too long": modal(submit=plain("a" * 25)),
    "close too long": modal(close=plain("a" * 25)),
    "input without submit": without("submit", modal(asks(typed()))),
    "label as mrkdwn": modal(asks(typed(), label=mrkdwn())),
    "label too long": modal(asks(typed(), label=plain("a" * 2_001))),
    "private_metadata too long": modal(private_metadata="a" * 3_001),
    "private_metadata no text": modal(private_metadata={}),
    "callback_id too long": modal(callback_id="a" * 256),
    "external_id too long": modal(external_id="a" * 256),
    "101 blocks": modal(*[{"type": "divider"}] * 101),
    "markdown in a modal": modal({"type": "markdown", "text": "a"}),
    "focus twice": modal(
        asks(typed(focus_on_load=True)),
        asks(typed(focus_on_load=True), block_id="c"),
    ),
    "property unknown": modal(colour="red"),
    "no type": without("type", modal()),
    "no blocks": without("blocks", modal()),
    "number at home": {
        "type": "home",
        "blocks": [asks({"type": "number_input", "action_id": "n", "is_decimal_allowed": True})],
    },
    "too large": modal(
        *[
            asks(select(options=[choice("a" * 70 + str(at)) for at in range(100)]), block_id=str(b))
            for b in range(30)
        ]
    ),
}


@pytest.mark.parametrize("name", BROKEN_VIEWS)
def test_what_slack_refuses_in_a_view_is_refused(name: str) -> None:
    assert view_faults(BROKEN_VIEWS[name])


BROKEN_MESSAGES: dict[str, Json] = {
    "no words for notifications": {"blocks": [section()]},
    "nothing": {},
    "text too long": {"text": "a" * 4_001},
    "text in all too long": {"text": "a", "blocks": [section(text=mrkdwn("a" * 2_600))] * 4},
    "blocks no list": {"text": "a", "blocks": "{"},
    "metadata without payload": {"text": "a", "metadata": {"event_type": "a"}},
    "metadata with more": {
        "text": "a",
        "metadata": {"event_type": "a", "event_payload": {}, "b": 1},
    },
    "metadata too large": {
        "text": "a",
        "metadata": {"event_type": "a", "event_payload": {"b": "c" * 8_001}},
    },
}


@pytest.mark.parametrize("name", BROKEN_MESSAGES)
def test_what_slack_refuses_of_a_message_is_refused(name: str) -> None:
    assert message_faults(BROKEN_MESSAGES[name])


def test_arguments_may_come_as_json_in_a_string() -> None:
    payload = {"text": "a", "blocks": '[{"type": "divider"}]'}
    assert message_faults(payload) == []
