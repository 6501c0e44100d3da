"""Of which class what is kept of people is: how long it may be kept goes by that, and so does what
an erasure says it took away.

Special is whatever is about somebody's health, and so about distress: of a report, from the moment
at which somebody sounds like it or says so until it turns out to have been none.
"""

from typing import Literal

from bot.core.fold import State
from bot.core.incident import Incident
from bot.core.report import Report

Class = Literal["transcript", "special"]
"""As the playbook's `retention` names them."""
ERASED = ("identity", "conversation", "answers", "notes", "files")


def held_as(state: State) -> Class:
    """What is said in a report, or copied from it to an incident."""
    if isinstance(state, Report):
        return "special" if state.care.unclocked or state.care.noted else "transcript"
    special = isinstance(state, Incident) and state.shelter.unclocked
    return "special" if special else "transcript"


def erased_of(state: State) -> tuple[str, ...]:
    """The classes that go when it lets go of somebody."""
    return (*ERASED, "special") if held_as(state) == "special" else ERASED
