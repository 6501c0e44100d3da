"""Help now: the button on every screen of a customer, and the calm screen to which it leads.

The numbers come first, before anything is asked; then one press each for somebody in danger and
for somebody who cannot go on.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from bot.core.cards import (
    BUTTONS_MOST,
    Action,
    Actions,
    Block,
    Button,
    Card,
    Context,
    Footer,
    Header,
    Section,
)
from bot.core.playbook import Playbook
from bot.core.texts import Phrase, Text, t
from bot.views.look import SPEAK, Look, built, button

T = TypeVar("T")

LINE = "help now"
"""The line that opens the screen, too."""
SPOKEN = (LINE, "help_now", "sos")
"""... wherever it is written, also where a question is open."""
LINES = (*SPOKEN, "urgent")
LABEL = t("I need help now")
HELP: Button[Phrase] = Button(LABEL, Action(SPEAK, {"line": LINE}), "danger")
EVERYWHERE = "help-now"
"""What the button carries beneath words: it is the same for everybody and gives no right, so it
needs no row, and works for as long as the message is there.
"""


def screen(playbook: Playbook) -> Card[Phrase]:
    """The numbers, and the two presses."""
    title = t("You are not alone with this.")
    return built(
        title,
        Header(title),
        Section(numbers(playbook)),
        Actions(
            (
                button(t("Somebody is in danger"), "ask_for_help", "danger", need="danger"),
                button(t("I cannot go on, I want to talk"), "ask_for_help", need="distress"),
            )
        ),
        Context(t("One press is enough. A person comes to you here; you need not explain.")),
    )


def numbers(playbook: Playbook) -> Text:
    """Whom to call, in a line each."""
    return t(
        "Call {emergency} if a life is in danger.\n"
        "Call {number} to talk to somebody, day or night.",
        emergency=playbook.safety.emergency_number,
        number=playbook.safety.distress_number,
    )


def pressable(say: Callable[[Phrase], str]) -> Button[str]:
    """The button in words, ready to be pressed wherever it stands."""
    return Button(say(HELP.label), HELP.action, HELP.style, token=EVERYWHERE)


def by_line(lead: str) -> Text:
    """How to ask for it in words; `lead` is what stands before a line where they are."""
    line = f"{lead}{LINE.replace(' ', '_')}" if lead else LINE
    return t("If you need help now, write to me: {line}", line=line)


def worded(said: str, words: str, say: Callable[[Phrase], str]) -> Card[str]:
    """A message to somebody who does not work here, with the button beneath it."""
    sections = tuple(Section(one) for one in (said, words) if one)
    whole = "\n".join(one for one in (said, words) if one)
    return Card(whole, (*sections, Actions((pressable(say),))))


def with_help(card: Card[Phrase]) -> Card[Phrase]:
    """The card with the button in sight, unless it is there; what it takes the room of lies behind
    the others.
    """
    return beside(card, HELP)


def beside(card: Card[T], button: Button[T]) -> Card[T]:
    """The same of a card in words, with `button`."""
    if any(one.action == HELP.action or one.action.name == "ask_for_help" for one in card.buttons):
        return card
    rows = [one for one in card.blocks if isinstance(one, Actions)]
    if not rows:
        return replace(card, blocks=_before_footer(card.blocks, Actions((button,))))
    last, taken = rows[-1], sum(len(one.buttons) for one in rows)
    spare = BUTTONS_MOST - 1 - (taken - len(last.buttons))
    first, rest = last.buttons[:spare], last.buttons[spare:]
    fresh = Actions((*first, button), (*rest, *last.more))
    return replace(card, blocks=tuple(fresh if one is last else one for one in card.blocks))


def helped(
    draw: Callable[[Any, int, Look], Card[Phrase] | None],
) -> Callable[[Any, int, Look], Card[Phrase] | None]:
    """`draw`, with the button on what it draws."""

    def drawn(state: Any, number: int, look: Look) -> Card[Phrase] | None:
        card = draw(state, number, look)
        return None if card is None else with_help(card)

    return drawn


def _before_footer(blocks: tuple[Block[T], ...], row: Actions[T]) -> tuple[Block[T], ...]:
    if blocks and isinstance(blocks[-1], Footer):
        return (*blocks[:-1], row, blocks[-1])
    return (*blocks, row)
