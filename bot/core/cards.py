"""Cards: what an incident, a task or a report looks like in a chat, with no channel in sight.

A view writes a card in phrases (`Card[Phrase]`); delivery puts it into one language with
`spoken`, names filled in and personal values opened, and only then a channel sees it
(`Card[str]`). Every card has a plain-text form, and stays small enough for every channel.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Literal, TypeVar

from bot.core.texts import Phrase

T = TypeVar("T")

BLOCKS_MOST = 8
FIELDS_MOST = 10
BUTTONS_MOST = 6
MORE_MOST = 5
STEPS_MOST = 10

Tone = Literal["plain", "good", "notice", "warning", "danger"]
StepState = Literal["open", "now", "done"]
Style = Literal["normal", "primary", "danger"]
Wants = Literal["", "location", "contact"]
Arg = str | int | bool


@dataclass(frozen=True, slots=True)
class Action:
    """What a button stands for: a word that `bot.views.actions` knows, and its arguments.

    It never leaves the house; a channel carries a token that stands for it.
    """

    name: str
    args: Mapping[str, Arg] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The one text of this action, for rows and comparisons."""
        return json.dumps([self.name, self.args], sort_keys=True, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Action":
        """The action that `text` stands for. Raises ValueError for anything else."""
        name, args = json.loads(text)
        return cls(name, args)


@dataclass(frozen=True, slots=True)
class Confirm(Generic[T]):
    """The question that is asked before a press counts."""

    title: T
    text: T
    button: T


@dataclass(frozen=True, slots=True)
class Button(Generic[T]):
    """Something to press. `token` is empty until delivery has given it one.

    One with a `link` leads there, and its press asks for nothing. One for a `sheet` is shown only
    where forms open on a sheet of their own.
    """

    label: T
    action: Action
    style: Style = "normal"
    confirm: Confirm[T] | None = None
    token: str = ""
    link: str = ""
    sheet: bool = False


@dataclass(frozen=True, slots=True)
class Header(Generic[T]):
    """What the card is about, in a few words."""

    text: T


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """A paragraph."""

    text: T


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A label and its value; labels come first wherever there is only text."""

    label: T
    value: T


@dataclass(frozen=True, slots=True)
class Fields(Generic[T]):
    """Labelled values, at most ten on a card."""

    items: tuple[Field[T], ...]


@dataclass(frozen=True, slots=True)
class Context(Generic[T]):
    """Something less important, in small letters."""

    text: T


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Badge(Generic[T]):
    """A status in a word or two. The tone may be shown as a colour, never instead of the words."""

    text: T
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """One step of a progress list."""

    text: T
    state: StepState = "open"


@dataclass(frozen=True, slots=True)
class Progress(Generic[T]):
    """How far things are, step by step."""

    steps: tuple[Step[T], ...]


@dataclass(frozen=True, slots=True)
class Actions(Generic[T]):
    """Buttons in order of importance; `more` lie in an overflow. What finds no room goes there."""

    buttons: tuple[Button[T], ...]
    more: tuple[Button[T], ...] = ()


@dataclass(frozen=True, slots=True)
class Footer(Generic[T]):
    """Version and time, so that two copies can be told apart."""

    text: T


Block = (
    Header[T]
    | Section[T]
    | Fields[T]
    | Context[T]
    | Divider
    | Badge[T]
    | Progress[T]
    | Actions[T]
    | Footer[T]
)


@dataclass(frozen=True, slots=True)
class Card(Generic[T]):
    """A card. `summary` is the one line for notifications, and for those who hear it read.

    `wants` is what it asks for, where a platform has a way of its own to give that. `language` is
    the tag of that in which its words are ("": not known), for what a platform adds of its own.
    """

    summary: T
    blocks: tuple[Block[T], ...]
    wants: Wants = ""
    language: str = ""

    def __post_init__(self) -> None:
        fields = sum(len(one.items) for one in self.blocks if isinstance(one, Fields))
        rows = [one for one in self.blocks if isinstance(one, Actions)]
        sizes = (
            (len(self.blocks), BLOCKS_MOST, "blocks"),
            (fields, FIELDS_MOST, "fields"),
            (sum(len(one.buttons) for one in rows), BUTTONS_MOST, "buttons"),
            (sum(len(one.more) for one in rows), MORE_MOST, "more buttons"),
            (
                max(
                    (len(one.steps) for one in self.blocks if isinstance(one, Progress)), default=0
                ),
                STEPS_MOST,
                "steps",
            ),
        )
        for count, most, what in sizes:
            if count > most:
                raise ValueError(f"a card has at most {most} {what}, and this one {count}")

    @property
    def buttons(self) -> tuple[Button[T], ...]:
        """Every button, the most important first."""
        rows = [one for one in self.blocks if isinstance(one, Actions)]
        return (
            *(button for row in rows for button in row.buttons),
            *(button for row in rows for button in row.more),
        )


def spoken(card: Card[Phrase], say: Callable[[Phrase], str], language: str = "") -> Card[str]:
    """The card in words, which are those of `language`."""
    blocks = tuple(_said(one, say) for one in card.blocks)
    return Card(say(card.summary), blocks, card.wants, language)


def _said(block: Block[Phrase], say: Callable[[Phrase], str]) -> Block[str]:
    said: Block[str]
    match block:
        case Divider():
            said = block
        case Badge():
            said = Badge(say(block.text), block.tone)
        case Fields():
            said = Fields(tuple(Field(say(one.label), say(one.value)) for one in block.items))
        case Progress():
            said = Progress(tuple(Step(say(one.text), one.state) for one in block.steps))
        case Actions():
            said = Actions(_said_buttons(block.buttons, say), _said_buttons(block.more, say))
        case Header():
            said = Header(say(block.text))
        case Section():
            said = Section(say(block.text))
        case Context():
            said = Context(say(block.text))
        case Footer():
            said = Footer(say(block.text))
    return said


def _said_buttons(
    row: tuple[Button[Phrase], ...], say: Callable[[Phrase], str]
) -> tuple[Button[str], ...]:
    return tuple(
        Button(
            label=say(one.label),
            action=one.action,
            style=one.style,
            confirm=_said_confirm(one.confirm, say),
            token=one.token,
            link=one.link,
            sheet=one.sheet,
        )
        for one in row
    )


def _said_confirm(
    asked: Confirm[Phrase] | None, say: Callable[[Phrase], str]
) -> Confirm[str] | None:
    if asked is None:
        return None
    return Confirm(say(asked.title), say(asked.text), say(asked.button))


def with_tokens(card: Card[T], tokens: Mapping[str, str]) -> Card[T]:
    """The card with a token on each button, by the text of its action."""

    def marked(row: tuple[Button[T], ...]) -> tuple[Button[T], ...]:
        return tuple(replace(one, token=tokens[one.action.text]) for one in row)

    blocks = tuple(
        Actions(marked(one.buttons), marked(one.more)) if isinstance(one, Actions) else one
        for one in card.blocks
    )
    return Card(card.summary, blocks, card.wants, card.language)


def without_sheets(card: Card[T]) -> Card[T]:
    """The card where no form opens on a sheet of its own."""

    def asked(row: tuple[Button[T], ...]) -> tuple[Button[T], ...]:
        return tuple(one for one in row if not one.sheet)

    blocks = tuple(
        Actions(asked(one.buttons), asked(one.more)) if isinstance(one, Actions) else one
        for one in card.blocks
    )
    return replace(card, blocks=blocks)


_MARKS: Mapping[StepState, str] = {"open": "[ ]", "now": "[>]", "done": "[x]"}


def plain(card: Card[str]) -> str:
    """The card as text, without its buttons: where nothing else can be shown, and for records."""
    return "\n".join(line for block in card.blocks for line in _lines(block))


def _lines(block: Block[str]) -> Iterator[str]:
    match block:
        case Divider():
            yield "---"
        case Fields():
            yield from (_field(one.label, one.value) for one in block.items)
        case Progress():
            yield from (f"{_MARKS[one.state]} {one.text}" for one in block.steps)
        case Actions():
            return
        case _:
            yield block.text


def _field(label: str, value: str) -> str:
    """A label that is a question ends with its own mark, in any script."""
    return f"{label} {value}" if label.endswith(("?", "？", "؟")) else f"{label}: {value}"
