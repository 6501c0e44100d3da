"""What else can be done with an incident: shown to whoever asks, beside its card.

A card has room for few buttons. Each part of the practice says here what it offers, in the order
of the parts; what does not fit the moment offers nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.core.cards import BUTTONS_MOST, MORE_MOST, Action, Actions, Button, Card, Footer, Header
from bot.core.incident import Incident
from bot.core.texts import Phrase, Ref, t
from bot.views import alike, calling, distress_forms, draft, major, paths, pressing
from bot.views.incident import title
from bot.views.look import THERE, Look, built, opens

MOST = BUTTONS_MOST + MORE_MOST

Offer = Callable[[Incident, Look], Iterable[Button[Phrase]]]


def _ending(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    if state.working:
        yield opens(t("Cancel the incident"), "cancel", "danger", incident=state.stream)


OFFERS: tuple[Offer, ...] = (
    calling.offers,
    pressing.offers,
    distress_forms.offers,
    draft.offers,
    alike.offer,
    major.offers,
    paths.offers,
    draft.ready_answer,
    _ending,
)
"""The last is what should be pressed least."""


def card(state: Incident, look: Look, there: str = "") -> Card[Phrase]:
    """All that is offered now; what is pressed on it counts as pressed in the place `there`."""
    offered = (one for offer in OFFERS for one in offer(state, look))
    buttons = [_from(one, there) for one in offered][:MOST]
    return built(
        t("What else can be done"),
        Header(title(state, look)),
        Actions(tuple(buttons[:BUTTONS_MOST]), tuple(buttons[BUTTONS_MOST:])),
        Footer(t("{ref}", ref=Ref(ref=state.reference))),
    )


def _from(button: Button[Phrase], there: str) -> Button[Phrase]:
    if not there or button.link:
        return button
    args = {**button.action.args, THERE: there}
    return replace(button, action=Action(button.action.name, args))
