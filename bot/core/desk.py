"""The desk itself: which edition of the playbook it works by, what was ordered about messages that
did not arrive. State and fold.
"""

from bot.core.delivery_words import DeliveriesOrdered
from bot.core.desk_words import PlaybookAdopted
from bot.core.events import Recorded
from bot.core.fold import Changes, Fold, State


class Desk(State):
    """`playbook` is the version (hash) of the current edition, `orders` the number of the last."""

    playbook: str
    playbook_name: str
    orders: int = 0


def _first(event: PlaybookAdopted, rec: Recorded) -> Desk:
    return Desk(stream=rec.stream, playbook=event.version, playbook_name=event.name)


def _adopted(state: Desk, event: PlaybookAdopted, rec: Recorded) -> Changes:
    return {"playbook": event.version, "playbook_name": event.name}


def _ordering(event: DeliveriesOrdered, rec: Recorded) -> Desk:
    return Desk(stream=rec.stream, playbook="", playbook_name="", orders=event.number)


def _ordered(state: Desk, event: DeliveriesOrdered, rec: Recorded) -> Changes:
    return {"orders": event.number}


fold = Fold(
    kind="desk",
    model=Desk,
    revision=2,
    first={PlaybookAdopted: _first, DeliveriesOrdered: _ordering},
    steps={PlaybookAdopted: _adopted, DeliveriesOrdered: _ordered},
)
