"""Posts and cards as Telegram's messages: text, entities and a keyboard beneath.

Made for a phone: what it is about in bold, labels before values, one line for each step, small
print in italics. What is longer than a message goes on in the next one; the buttons are at the end.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.telegram import limits
from bot.adapters.telegram.payloads import carried
from bot.adapters.telegram.text import (
    Styled,
    aside,
    cut,
    dead,
    head,
    href,
    joined,
    one_line,
    pages,
    said,
    seen,
    size,
)
from bot.core import cards
from bot.core.cards import Badge, Block, Button, Card, Progress, StepState
from bot.core.texts import t
from bot.engine.ports import Post, Speak
from bot.losses import Loss

DOTS: Mapping[cards.Tone, str] = {
    "plain": "⚪",
    "good": "🟢",
    "notice": "🔵",
    "warning": "🟠",
    "danger": "🔴",
}
"""Beside the words, never instead of them."""
STEPS: Mapping[StepState, str] = {"open": "▫️", "now": "▶️", "done": "✅"}
LINE = "──────────"
NOTHING = "-"
"""What a button carries whose card was never hung."""
QUESTION = 120
"""What is longer is a text that is read, and no question."""
LONG_LABEL = 26
"""In letters; a label is hardly ever longer."""
WIDTHS = ((3, 7.0), (2, 14.0))
"""So many buttons stand in a row of a phone when none of their labels is wider, in letters."""
REPEAT = t("You may have had this before.")
LEAVE = t("Stop telling me here")
CUT = t("Shortened: there is more than fits here.")
AGAIN = t("Press the same button once more, and it counts.")

Rows = list[list[InlineKeyboardButton]]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the channel itself says, in the language of the house."""

    repeat: str = REPEAT.key
    leave: str = LEAVE.key
    cut: str = CUT.key
    again: str = AGAIN.key

    @classmethod
    def said(cls, say: Speak) -> "Labels":
        """In the language of `say`."""
        return cls(say(REPEAT), say(LEAVE), say(CUT), say(AGAIN))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is sent: the text in pages, and the buttons beneath the last one.

    `questions` are asked before a press of the button with this token counts. `losses` is what
    found no room.
    """

    pages: tuple[Styled, ...]
    keyboard: InlineKeyboardMarkup | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()


def drawn(post: Post, labels: Labels, most: int = limits.TEXT) -> Drawn:
    """A post as one message, or as several when one of `most` units is too short for it."""
    losses: list[Loss] = []
    whole = text_of(post.card) if post.card else said(dead(post.text))
    if post.repeat:
        whole = joined((whole, said(dead(labels.repeat), "italic")), "\n\n")
    rows = rows_of(post.card, losses) if post.card else []
    if post.leave:
        rows += [[one] for one in _leading(labels.leave, post.leave, losses)]
    return Drawn(
        pages=_kept(pages(whole, most), labels, most, losses),
        keyboard=InlineKeyboardMarkup(rows) if rows else None,
        questions=questions_of(post.card, labels) if post.card else {},
        losses=tuple(losses),
    )


def linked(
    keyboard: InlineKeyboardMarkup | None, label: str, url: str
) -> InlineKeyboardMarkup | None:
    """The keyboard with a button below it that leads somewhere; None when it has no button."""
    rows = [*(keyboard.inline_keyboard if keyboard else ())]
    rows += [(one,) for one in _leading(label, url, [])]
    return InlineKeyboardMarkup(rows) if rows else None


def _kept(
    made: Sequence[Styled], labels: Labels, most: int, losses: list[Loss]
) -> tuple[Styled, ...]:
    """As many pages as anybody reads; who reads them is told when there is more."""
    if len(made) <= limits.PARTS:
        return tuple(made)
    losses.append(Loss("pages", len(made) - limits.PARTS, f"more than {limits.PARTS} messages"))
    note = said(f"…\n\n{dead(labels.cut)}", "italic")
    last = made[limits.PARTS - 1]
    room = len(head(last.text, most - size(note.text)).rstrip())
    return (*made[: limits.PARTS - 1], last.between(0, room) + note)


# --- words -----------------------------------------------------------------------------------


def text_of(card: Card[str]) -> Styled:
    """All that a card says, without its buttons."""
    whole = Styled()
    before: Block[str] | None = None
    asks = _question_of(card)
    for block in card.blocks:
        made = said(dead(block.text), "bold") if block is asks else _block(block)
        if not made.text:
            continue
        between = "" if before is None else _between(before, block)
        whole = whole + said(between) + made
        before = block
    return whole if whole.text else said(dead(card.summary))


def _question_of(card: Card[str]) -> cards.Section[str] | None:
    """What is asked, where a card has no title and buttons that answer: it is what it is about."""
    if any(isinstance(one, cards.Header) for one in card.blocks):
        return None
    first = next((one for one in card.blocks if isinstance(one, cards.Section)), None)
    answers = any(not _link_of(one) for one in card.buttons)
    return first if answers and first and size(first.text) <= QUESTION else None


def _between(before: Block[str], after: Block[str]) -> str:
    """A status belongs to the line above it, and small print to small print; all else is apart."""
    close = isinstance(after, Badge) and isinstance(before, cards.Header)
    small = (cards.Context, cards.Footer)
    return "\n" if close or (isinstance(before, small) and isinstance(after, small)) else "\n\n"


def _block(block: Block[str]) -> Styled:
    made = Styled()
    match block:
        case cards.Header():
            made = said(dead(block.text), "bold")
        case cards.Section():
            made = said(dead(block.text))
        case Badge():
            made = said(f"{DOTS[block.tone]} ") + said(aside(dead(block.text)), "bold")
        case cards.Fields():
            made = _fields(block.items)
        case Progress():
            made = joined(map(_step, block.steps), "\n")
        case cards.Context() | cards.Footer():
            made = said(dead(block.text), "italic")
        case cards.Divider():
            made = said(LINE)
        case cards.Actions():
            pass
    return made


def _fields(items: Sequence[cards.Field[str]]) -> Styled:
    """A line for each; what takes several has room around it."""
    whole = Styled()
    for number, item in enumerate(items):
        room = number and (_is_tall(item) or _is_tall(items[number - 1]))
        between = "\n\n" if room else "\n" if number else ""
        whole = whole + said(between) + _field(item)
    return whole


def _field(item: cards.Field[str]) -> Styled:
    """A label before its value, or above it; one that is a question ends with its own mark."""
    label, value = dead(item.label), dead(item.value)
    bare = label.endswith(("?", "？", "؟")) or _width(label) > LONG_LABEL
    named = said(aside(label if bare else f"{label}:"), "bold")
    return named + said(("\n" if _is_tall(item) else " ") + aside(value))


def _is_tall(item: cards.Field[str]) -> bool:
    return "\n" in seen(item.value) or _width(seen(item.label)) > LONG_LABEL


def _step(step: cards.Step[str]) -> Styled:
    words = aside(dead(step.text))
    return said(f"{STEPS[step.state]} ") + said(words, "bold" if step.state == "now" else None)


# --- buttons ---------------------------------------------------------------------------------


def rows_of(card: Card[str], losses: list[Loss]) -> Rows:
    """Buttons in rows that can be read on a phone, what is wanted less often below."""
    blocks = [one for one in card.blocks if isinstance(one, cards.Actions)]
    first = [_button(one, losses) for row in blocks for one in row.buttons]
    rest = [_button(one, losses) for row in blocks for one in row.more]
    return [*_rows(first), *_rows(rest)]


def questions_of(card: Card[str], labels: Labels) -> dict[str, str]:
    """What is asked before a press counts, by the token of its button, ready for a toast."""
    return {
        one.token: question(f"{one.confirm.title}\n{one.confirm.text}", labels)
        for one in card.buttons
        if one.confirm is not None and not _link_of(one)
    }


def question(words: str, labels: Labels) -> str:
    """A question and how it is answered."""
    tail = f"\n\n{labels.again}"
    return cut(seen(words), limits.TOAST - size(tail)) + tail


def _button(button: Button[str], losses: list[Loss]) -> InlineKeyboardButton:
    label = _label(button.label, losses)
    if link := _link_of(button):
        return InlineKeyboardButton(label, url=link)
    data = carried(button.token or NOTHING, button.confirm is not None)
    style = None if button.style == "normal" else button.style
    return InlineKeyboardButton(label, callback_data=data, style=style)


def _link_of(button: Button[str]) -> str | None:
    return href(button.link) if button.link else None


def _leading(label: str, url: str, losses: list[Loss]) -> Iterator[InlineKeyboardButton]:
    """A button that opens a page, where Telegram takes its address."""
    if (address := href(url)) is None:
        losses.append(Loss("link", 1, "Telegram takes no such address"))
    else:
        yield InlineKeyboardButton(_label(label, losses), url=address)


def _label(words: str, losses: list[Loss]) -> str:
    label = one_line(words)
    if size(label) > limits.LABEL:
        losses.append(Loss("button", 1, f"more than {limits.LABEL} characters"))
    return cut(label, limits.LABEL)


def _rows(buttons: Sequence[InlineKeyboardButton]) -> Rows:
    rows: Rows = []
    left = list(buttons)
    while left:
        many = _beside(left)
        rows.append(left[:many])
        left = left[many:]
    return rows


def _beside(left: Sequence[InlineKeyboardButton]) -> int:
    """How many of the next buttons stand in one row; the last is not left alone by it."""
    for many, widest in WIDTHS:
        next_ones = left[:many]
        alone = len(left) == many + 1 and many > 2
        if (
            len(next_ones) == many
            and not alone
            and all(_width(x.text) <= widest for x in next_ones)
        ):
            return many
    return 1


def _width(label: str) -> float:
    """In small Latin letters; those of most other scripts are wider."""
    return sum(map(_letter, label))


def _letter(one: str) -> float:
    if unicodedata.east_asian_width(one) in "WF":
        return 2.0
    return 1.0 if one < "\u0250" and not one.isupper() else 1.15
