"""What else can be done with an incident: shown to whoever asks, beside its card.

A card has room for few buttons. Each part of the practice says here what it offers, in the order
of the parts; what does not fit the moment offers nothing.
"""

from collections.abc import Callable, Iterable

from bot.core.cards import BUTTONS_MOST, MORE_MOST, Actions, Button, Card, Footer, Header
from bot.core.incident import Incident
from bot.core.texts import Phrase, Ref, t
from bot.views.incident import title
from bot.views.look import Look, built, opens

MOST = BUTTONS_MOST + MORE_MOST

Offer = Callable[[Incident, Look], Iterable[Button[Phrase]]]


def _ending(state: Incident, look: Look) -> Iterable[Button[Phrase]]:
    if state.working:
        yield opens(t("Cancel the incident"), "cancel", "danger", incident=state.stream)


OFFERS: tuple[Offer, ...] = (_ending,)
"""The last is what should be pressed least."""


def card(state: Incident, look: Look) -> Card[Phrase]:
    """All that is offered now."""
    buttons = [one for offer in OFFERS for one in offer(state, look)][:MOST]
    return built(
        t("What else can be done"),
        Header(title(state, look)),
        Actions(tuple(buttons[:BUTTONS_MOST]), tuple(buttons[BUTTONS_MOST:])),
        Footer(t("{ref}", ref=Ref(ref=state.reference))),
    )
