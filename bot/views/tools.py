"""What else can be done with an incident: shown to whoever asks, beside its card.

A card has room for few buttons. Each part of the practice says here what it offers, in the order
of the parts; what does not fit the moment offers nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.core.cards import (
    BUTTONS_MOST,
    MORE_MOST,
    Action,
    Actions,
    Arg,
    Button,
    Card,
    Footer,
    Header,
)
from bot.core.incident import Incident
from bot.core.texts import Phrase, Ref, t
from bot.views import (
    alike,
    calling,
    distress_forms,
    draft,
    hand_forms,
    major,
    milestones,
    paths,
    pressing,
    problem,
)
from bot.views.incident import title
from bot.views.look import THERE, TOOLS, Look, built, opens

MOST = BUTTONS_MOST + MORE_MOST

Offer = Callable[[Incident, Look], Iterable[Button[Phrase]]]


def _ending(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    if state.working and not state.major.declared:
        yield opens(t("Cancel the incident"), "cancel", "danger", incident=state.stream)


OFFERS: tuple[Offer, ...] = (
    calling.offers,
    hand_forms.offers,
    pressing.offers,
    distress_forms.offers,
    draft.offers,
    alike.offer,
    major.offers,
    paths.offers,
    problem.offers,
    draft.ready_answer,
    milestones.offers,
    _ending,
)
"""The last is what should be pressed least."""
KEPT: tuple[Offer, ...] = (calling.offers, distress_forms.offers, _ending)
"""What stands on the first card whatever else is offered: to call somebody, and to end it."""
PAGE = "page"


def card(state: Incident, look: Look, there: str = "", page: int = 0) -> Card[Phrase]:
    """What is offered now; what is pressed on it counts as pressed in the place `there`. What one
    card has no room for is on the next `page`.
    """
    pages = _pages(state, look)
    number = min(page, len(pages) - 1)
    buttons = list(pages[number])
    if number + 1 < len(pages):
        args: dict[str, Arg] = {"incident": state.stream, PAGE: number + 1}
        buttons.append(Button(t("What else there is"), Action(TOOLS, args)))
    buttons = [_from(one, there) for one in buttons]
    return built(
        t("What else can be done"),
        Header(title(state, look)),
        Actions(tuple(buttons[:BUTTONS_MOST]), tuple(buttons[BUTTONS_MOST:])),
        Footer(t("{ref}", ref=Ref(ref=state.reference))),
    )


def offered(state: Incident, look: Look, there: str = "") -> tuple[Button[Phrase], ...]:
    """All of it, on whichever page."""
    return tuple(_from(one, there) for some in _pages(state, look) for one in some)


def _pages(state: Incident, look: Look) -> list[list[Button[Phrase]]]:
    """In the order of the parts, but for what is kept on the first one."""
    every = [(one, offer in KEPT) for offer in OFFERS for one in offer(state, look)]
    if len(every) <= MOST:
        return [[one for one, _ in every]]
    room = MOST - 1 - sum(kept for _, kept in every)
    loose = [one for one, kept in every if not kept]
    first, rest = loose[:room], loose[room:]
    pages = [[one for one, kept in every if kept or one in first]]
    while rest:
        pages.append(rest[: MOST - 1])
        rest = rest[MOST - 1 :]
    return pages


def _from(button: Button[Phrase], there: str) -> Button[Phrase]:
    if not there or button.link:
        return button
    args = {**button.action.args, THERE: there}
    return replace(button, action=Action(button.action.name, args))
