"""The index of cards: by which name each is shown, where it hangs, and what it reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.cards import Card
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.texts import Phrase
from bot.views import alike, asking, draft, incident, known, major, report, task, update
from bot.views.help import helped
from bot.views.look import Look


def no_reads(state: State) -> tuple[StreamId, ...]:
    """Nothing beside its own stream."""
    return ()


@dataclass(frozen=True, slots=True)
class CardKind:
    """A kind of card. `number` tells cards of one stream apart, such as its tasks.

    `draw` gives the card as the state is now (None: nothing to show), `places` the playbook's
    places where it belongs, `hangs` whether it is hung where it does not hang yet, `reads`
    the other streams that `draw` needs. `anew`: when its message is gone, it is hung once more.
    """

    draw: Callable[[Any, int, Look], Card[Phrase] | None]
    places: Callable[[Any, int, Look], tuple[str, ...]]
    hangs: Callable[[Any, int], bool]
    reads: Callable[[State], tuple[StreamId, ...]] = no_reads
    anew: bool = True


KINDS: Mapping[str, CardKind] = {
    "incident": CardKind(incident.card, incident.places, incident.hangs, alike.reads),
    "major": CardKind(major.card, major.places, major.hangs),
    "task": CardKind(task.card, task.places, task.hangs),
    "draft": CardKind(draft.card, draft.places, draft.hangs),
    "update": CardKind(update.card, update.places, update.hangs, anew=False),
    "report": CardKind(report.card, report.places, report.hangs),
    "asking": CardKind(asking.card, asking.places, asking.hangs),
    "known": CardKind(helped(known.card), known.places, known.hangs, known.reads),
    "progress": CardKind(report.own_card, report.own_places, report.own_hangs, report.reads),
}
