"""A form as a window of Slack's, and what was typed there as answers.

Every question is one input block whose id is made of the question's key, and stays the same while
the window is open, so that Slack keeps what somebody typed when the window is drawn anew.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.adapters.slack import limits
from bot.adapters.slack.filled import ALIAS, MARK, given
from bot.adapters.slack.text import Json, cut, escaped, plain, seen, size
from bot.core.cards import Button
from bot.core.forms import (
    LIMITS,
    Choice,
    Location,
    Question,
    QuestionType,
    Value,
    advice,
    visible,
)
from bot.core.texts import t, tn
from bot.engine.heard import Given
from bot.engine.ports import Opened
from bot.losses import Loss, Losses
from bot.untrusted import text

ACTION = "answer"
CALLBACK = "form"
VIEW_BYTES = 240_000
"""Slack takes 250,000."""
OPTIONS_MOST = limits.OPTIONS * limits.OPTIONS
NAMES_MOST = limits.METADATA // 2
"""Characters of choices that Slack cannot take as they are: they travel with the form."""
TYPED = frozenset({QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.PHONE})
_ANYTHING = re.compile(r".+", re.DOTALL)
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FIGURES = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
YES_NO = (Choice(value="yes", label=t("Yes")), Choice(value="no", label=t("No")))


@dataclass(frozen=True, slots=True)
class Window:
    """What is opened, and what found no room in it."""

    view: Json
    losses: tuple[Loss, ...] = ()


def window(opened: Opened, at: str = "", faults: Mapping[str, str] | None = None) -> Window:
    """A form as a modal; `at` is where somebody was when they opened it.

    `faults` say by question what does not do; "" is the whole form. Answers that are known are
    filled in, and what was typed meanwhile stays, as long as nobody closes the window.
    """
    return _Maker(opened, faults or {}).made(at)


class Modals:
    """Forms as windows, for whoever opens them; `losses` hears what found no room."""

    def __init__(self, losses: Losses | None = None) -> None:
        self._losses = losses or Losses("Slack")

    def view(self, opened: Opened, at: str = "", faults: Mapping[str, str] | None = None) -> Json:
        """The window; what found no room in it is told to the operator."""
        made = window(opened, at, faults)
        self._losses.tell(made.losses)
        return made.view

    def faults(self, view: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, str]:
        """What is written beside each input; what has none there stands at the first one.

        Empty where the window has no input at all.
        """
        blocks = view.get("blocks")
        names = [text(one, "block_id") for one in blocks] if isinstance(blocks, list) else []
        asked = [one for one in names if one.startswith(MARK)]
        found: dict[str, str] = {}
        for key, said in faults.items() if asked else ():
            where = f"{MARK}{key}" if f"{MARK}{key}" in asked else asked[0]
            found[where] = f"{found[where]} {said}" if where in found else said
        return {where: escaped(cut(said, limits.INPUT_HINT)) for where, said in found.items()}

    def given(self, view: Mapping[str, Any]) -> dict[str, Given]:
        """What was filled in, by the keys of the questions."""
        return given(view)


@dataclass(slots=True)
class _Maker:
    """Makes one window."""

    opened: Opened
    faults: Mapping[str, str]
    names: dict[str, str] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)

    def lose(self, what: str, count: int, reason: str) -> None:
        """Something found no room."""
        self.losses.append(Loss(what, count, reason))

    def made(self, at: str) -> Window:
        """The whole of it."""
        say, form = self.opened.say, self.opened.state.form
        title, submit = say(form.title), say(form.submit)
        blocks = [*self.head(title), *self.questions()]
        view: Json = {
            "type": "modal",
            "callback_id": CALLBACK,
            "title": plain(_short(title), limits.VIEW_TITLE),
            "submit": plain(_short(submit), limits.VIEW_TITLE),
            "close": plain(_short(say(t("Cancel"))), limits.VIEW_TITLE),
            "private_metadata": self.metadata(at),
            "blocks": blocks,
        }
        self.shorten(view)
        if not any(one["type"] == "input" for one in blocks):
            del view["submit"]
        return Window(view, tuple(self.losses))

    def metadata(self, at: str) -> str:
        """What comes back with the answers."""
        seen_at = max(self.opened.state.changed_at.values(), default=0)
        kept: Json = {"ref": self.opened.ref, "seen": seen_at}
        kept |= {"at": at} if at else {}
        kept |= {"v": self.names} if self.names else {}
        return json.dumps(kept, separators=(",", ":"), ensure_ascii=False)

    def head(self, title: str) -> Iterator[Json]:
        """A title longer than Slack's, the introduction, and what is wrong with all of it."""
        if size(seen(title)) > limits.VIEW_TITLE:
            yield self.header(title)
        if self.opened.help is not None:
            # A row that can be pressed in a window, above the questions: the end may be cut off.
            yield {"type": "actions", "elements": [_pressed(self.opened.help)]}
        form = self.opened.state.form
        if form.intro is not None:
            yield self.section(self.opened.say(form.intro))
        asked = {one.key for one in self.asked()}
        for key, said in self.faults.items():
            if key not in asked:
                yield self.section(f"▲ {said}")

    def asked(self) -> tuple[Question, ...]:
        """What is asked after what is known."""
        return visible(self.opened.state.form, self.opened.state.answers)

    def questions(self) -> Iterator[Json]:
        """What is asked, each with what belongs to it."""
        for one in self.asked():
            if len(one.key) > limits.ID - len(MARK):
                self.lose("questions", 1, "its key is too long for Slack")
                continue
            value = self.opened.state.answers.get(one.key)
            if one.key in self.faults:
                yield self.section(f"▲ {self.faults[one.key]}")
            yield self.question(one, value)
            for told in advice(one, value):
                yield self.section(f"▲ {self.opened.say(told)}")

    def shorten(self, view: Json) -> None:
        """Take away from the end what Slack does not take, and say so."""
        blocks: list[Json] = view["blocks"]
        lost = 0
        while len(blocks) > limits.VIEW_BLOCKS - (lost > 0) or _bytes(view) > VIEW_BYTES:
            lost += blocks.pop()["type"] == "input"
        if lost:
            self.lose("questions", lost, "the form is larger than a window of Slack's")
            there_is_more = t(
                "This form is longer than fits here. Please tell us the rest in words."
            )
            blocks.append(self.section(self.opened.say(there_is_more)))
        elif not blocks:
            blocks.append(self.header(self.opened.say(self.opened.state.form.title)))

    def header(self, words: str) -> Json:
        """In large letters."""
        if size(seen(words)) > limits.HEADER:
            self.lose("title", 1, "more than 150 characters")
        return {"type": "header", "text": plain(words, limits.HEADER)}

    def section(self, words: str) -> Json:
        """A paragraph."""
        if size(seen(words)) > limits.SECTION:
            self.lose("words", 1, "more than 3,000 characters")
        return {"type": "section", "text": plain(words, limits.SECTION)}

    # --- one question --------------------------------------------------------------------------

    def question(self, one: Question, value: Value) -> Json:
        """One input."""
        say = self.opened.say
        label = say(one.label)
        if size(seen(label)) > limits.INPUT_LABEL:
            self.lose("label", 1, "more than 2,000 characters")
        element = self.element(one, value)
        made: Json = {
            "type": "input",
            "block_id": f"{MARK}{one.key}",
            "label": plain(label, limits.INPUT_LABEL),
            "element": {**element, "action_id": ACTION},
            "optional": not one.required or (one.type is QuestionType.FILE and bool(value)),
        }
        if hint := self.hint(one, value):
            made["hint"] = plain(hint, limits.INPUT_HINT)
        if self.decides(one):
            made["dispatch_action"] = True
            if element["type"] in ("plain_text_input", "number_input"):
                asks = {"trigger_actions_on": ["on_character_entered"]}
                made["element"]["dispatch_action_config"] = asks
        return made

    def decides(self, one: Question) -> bool:
        """Whether other questions, or a word of advice, depend on its answer."""
        state = self.opened.state
        needed = any(
            q.when is not None and q.when.question == one.key for q in state.form.questions
        )
        return (
            needed
            or one.key in state.decides
            or any(choice.advice is not None for choice in one.choices)
        )

    def hint(self, one: Question, value: Value) -> str:
        """Help, choices whose label was cut in full, and how many files are there."""
        say = self.opened.say
        lines = [say(one.help)] if one.help else []
        long = [said for choice in one.choices if size(said := say(choice.label)) > limits.OPTION]
        lines += [f"• {said}" for said in long]
        if one.type is QuestionType.FILE and isinstance(value, tuple) and value:
            lines.append(
                say(tn("{n} file is there already.", "{n} files are there.", n=len(value)))
            )
        whole = "\n".join(lines)
        if size(whole) > limits.INPUT_HINT:
            self.lose("hint", 1, "more than 2,000 characters")
        return whole

    def element(self, one: Question, value: Value) -> Json:
        """What is filled in, with what is known of it."""
        match one.type:
            case QuestionType.CHOICE:
                made = self.choice(one, one.choices, value)
            case QuestionType.YES_NO:
                said = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
                made = self.choice(one, YES_NO, said)
            case QuestionType.MULTI_CHOICE:
                made = self.several(one, value)
            case QuestionType.NUMBER:
                made = _number(one, value)
            case QuestionType.EMAIL:
                made = {"type": "email_text_input", **_first("initial_value", value)}
            case QuestionType.DATE:
                made = {"type": "datepicker", **_first("initial_date", value, _DATE)}
            case QuestionType.TIME:
                made = {"type": "timepicker", **_first("initial_time", value, _TIME)}
            case QuestionType.FILE:
                most = min(int(one.maximum or limits.FILES), limits.FILES)
                made = {"type": "file_input", "max_files": max(1, most)}
            case _:
                made = self.words(one, value)
        return made

    def words(self, one: Question, value: Value) -> Json:
        """A line or a paragraph."""
        most = min(int(one.maximum or LIMITS.get(one.type, limits.INPUT)), limits.INPUT)
        if one.type not in TYPED and one.type is not QuestionType.LOCATION:
            most = limits.INPUT
        least = int(one.minimum or 0) if one.type in TYPED else 0
        made: Json = {"type": "plain_text_input", "max_length": max(1, most)}
        made |= {"multiline": True} if one.type is QuestionType.LONG_TEXT else {}
        made |= {"min_length": least} if 0 < least <= most else {}
        known = value.text if isinstance(value, Location) else value
        if isinstance(known, str) and known:
            if len(known) > most:
                self.lose("answer", 1, f"more than {most:,} characters")
            made["initial_value"] = known[:most]
        return made

    # --- choices -------------------------------------------------------------------------------

    def choice(self, one: Question, choices: Sequence[Choice], value: Value) -> Json:
        """One of several."""
        known = self.options(choices)
        made: Json = {"type": "radio_buttons", "options": list(known.values())}
        if len(known) > limits.RADIO:
            made = {"type": "static_select", **_listed(list(known.values()))}
        taken = known.get(value) if isinstance(value, str) else None
        return {**made, "initial_option": taken} if taken else made

    def several(self, one: Question, value: Value) -> Json:
        """Any of several."""
        known = self.options(one.choices)
        made: Json = {"type": "checkboxes", "options": list(known.values())}
        if len(known) > limits.RADIO:
            made = {"type": "multi_static_select", **_listed(list(known.values()))}
            if one.maximum:
                made["max_selected_items"] = max(1, min(int(one.maximum), limits.OPTIONS))
        values = value if isinstance(value, tuple) else (value,)
        taken = [option for name, option in known.items() if name in values]
        return {**made, "initial_options": taken} if taken else made

    def options(self, choices: Sequence[Choice]) -> dict[str, Json]:
        """By what they stand for; Slack is given another value where that is too long for it."""
        made: dict[str, Json] = {}
        for choice in choices[:OPTIONS_MOST]:
            label, value = self.opened.say(choice.label), choice.value
            if size(seen(label)) > limits.OPTION:
                self.lose("choice", 1, "more than 75 characters; the hint says it in full")
            if not 0 < len(value) <= limits.OPTION_VALUE or value.startswith(ALIAS):
                value = f"{ALIAS}{len(self.names)}"
                if len(json.dumps([*self.names.values(), choice.value])) > NAMES_MOST:
                    self.lose("choices", 1, "their values are too long for Slack")
                    continue
                self.names[value] = choice.value
            made[choice.value] = {"text": plain(label, limits.OPTION), "value": value}
            if choice.hint is not None:
                told = self.opened.say(choice.hint)
                made[choice.value]["description"] = plain(told, limits.OPTION)
        if len(choices) > OPTIONS_MOST:
            self.lose("choices", len(choices) - OPTIONS_MOST, "more than 10,000")
        return made


def _listed(options: list[Json]) -> Json:
    """In one list, or in groups of a hundred."""
    if len(options) <= limits.OPTIONS:
        return {"options": options}
    groups = []
    for start in range(0, len(options), limits.OPTIONS):
        some = options[start : start + limits.OPTIONS]
        label = f"{start + 1}–{start + len(some)}"
        groups.append({"label": plain(label, limits.OPTION), "options": some})
    return {"option_groups": groups}


def _pressed(button: Button[str]) -> Json:
    """A button; its token is its value, as in messages."""
    label = plain(button.label, limits.LABEL)
    made: Json = {"type": "button", "text": label, "action_id": button.token, "value": button.token}
    return made if button.style == "normal" else {**made, "style": button.style}


def _number(one: Question, value: Value) -> Json:
    made: Json = {"type": "number_input", "is_decimal_allowed": True}
    bounds = (("min_value", one.minimum), ("max_value", one.maximum))
    made |= {name: _figures(each) for name, each in bounds if each is not None}
    if isinstance(value, int | float) and not isinstance(value, bool):
        made["initial_value"] = _figures(value)
    return made | _first("initial_value", value, _FIGURES)


def _figures(number: float) -> str:
    """Without an exponent."""
    return f"{Decimal(str(number)):f}".removesuffix(".0")


def _first(name: str, value: Value, form: re.Pattern[str] = _ANYTHING) -> Json:
    """What is filled in at first, where Slack would take it."""
    return {name: value} if isinstance(value, str) and form.fullmatch(value) else {}


def _short(words: str) -> str:
    """Cut after a word where that leaves enough of it."""
    said = seen(words)
    if size(said) <= limits.VIEW_TITLE:
        return said
    part_of_it = cut(said, limits.VIEW_TITLE).removesuffix("…")
    head, _, _ = part_of_it.rpartition(" ")
    return (head if len(head) > limits.VIEW_TITLE // 2 else part_of_it).rstrip(" ,.:;") + "…"


def _bytes(view: Json) -> int:
    return len(json.dumps(view).encode())
