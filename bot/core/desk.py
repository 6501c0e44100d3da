"""The desk itself: which edition of the playbook it works by. State and fold."""

from bot.core.events import Recorded
from bot.core.fold import Changes, Fold, State
from bot.core.person_words import PlaybookAdopted


class Desk(State):
    """`playbook` is the version (hash) of the current edition."""

    playbook: str
    playbook_name: str


def _first(event: PlaybookAdopted, rec: Recorded) -> Desk:
    return Desk(stream=rec.stream, playbook=event.version, playbook_name=event.name)


def _adopted(state: Desk, event: PlaybookAdopted, rec: Recorded) -> Changes:
    return {"playbook": event.version, "playbook_name": event.name}


fold = Fold(
    kind="desk",
    model=Desk,
    revision=1,
    first={PlaybookAdopted: _first},
    steps={PlaybookAdopted: _adopted},
)
