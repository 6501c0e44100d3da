"""What staff write about an incident: needed, bounded, cleaned, and never about the erased."""

from typing import Any

import pytest

from bot.core.commands import Command
from bot.core.events import Erased
from bot.core.incident_commands import (
    HoldIncident,
    OverridePriority,
    RestrictIncident,
    WriteIncidentNote,
)
from bot.core.personal import Personal
from bot.core.priority import Priority
from tests.workflows.desk import (
    P1,
    P2,
    opened,
    taken,
)
from tests.workflows.kit import (
    ANA_ACTS,
    CUSTOMER_ACTS,
    INCIDENT,
    names,
)

NOTE = WriteIncidentNote(incident=INCIDENT, words="Asked the landlord")


def with_words(raw: str) -> list[Command]:
    return [
        HoldIncident(incident=INCIDENT, reason=raw),
        OverridePriority(incident=INCIDENT, priority=Priority.P1, reason=raw),
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason=raw),
        WriteIncidentNote(incident=INCIDENT, words=raw),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [("", "empty"), (" \x00\n", "empty"), ("x" * 2001, "too_long")],
)
def test_words_that_say_nothing_or_too_much_are_refused(raw: str, code: str) -> None:
    for command in with_words(raw):
        assert names(taken(P2).ask(command, ANA_ACTS)) == code


def test_a_reason_has_three_letters_at_least() -> None:
    codes = [names(taken(P2).ask(command, ANA_ACTS)) for command in with_words("ok")]
    assert codes == ["too_short"] * 3 + [["IncidentNoteWritten"]]


def test_what_nobody_can_see_is_not_kept() -> None:
    desk = opened()
    desk.do(WriteIncidentNote(incident=INCIDENT, words=" a\x00\u202eb "), ANA_ACTS)
    written: Any = desk.events[-1]
    assert written.words.plain() == "ab"


def test_nothing_is_written_about_people_who_were_erased() -> None:
    desk = taken(P2)
    gone = Erased(subject=desk.incident.subject, classes=("notes",), through=1)
    desk.happens(gone)
    for command in with_words("Nothing to see"):
        assert names(desk.ask(command, ANA_ACTS)) == "erased"


def test_erasing_a_customer_does_not_stop_the_work() -> None:
    desk = taken(P1, where="12 Mill Lane")
    desk.happens(Erased(subject=f"sub:{CUSTOMER_ACTS.person}", classes=("answers",), through=2))
    assert names(desk.ask(NOTE, ANA_ACTS)) == ["IncidentNoteWritten"]
    where = next(one.value for one in desk.incident.facts if one.field == "where")
    assert isinstance(where, Personal)
    assert where.erased
