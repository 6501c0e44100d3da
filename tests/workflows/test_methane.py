"""METHANE and the log of decisions (incident practice 3.2, 5.2)."""

import pytest

from bot.core.commands import Refused
from bot.core.incident_commands import PublishUpdate
from bot.core.incident_words import Fact
from bot.core.major_words import (
    LETTERS,
    MethaneWritten,
    RecordDecision,
    WriteMethane,
)
from bot.core.personal import Personal
from tests.workflows.crew import closed
from tests.workflows.desk import RITA_ACTS, SUBJECT, resolved
from tests.workflows.kit import ANA, ANA_ACTS, BEN, BEN_ACTS, HOUR, INCIDENT, MINUTE, names
from tests.workflows.majors import DECLARE, Crew, crew, declared

WHERE = {"where": "12 Mill Lane", "what": "The lights went out"}


def writes(desk: Crew, by: str = ANA, **findings: str) -> MethaneWritten:
    who = ANA_ACTS if by == ANA else BEN_ACTS
    decided = desk.do(WriteMethane(incident=INCIDENT, findings=findings), who)
    assert not isinstance(decided, Refused)
    (event,) = decided
    assert isinstance(event, MethaneWritten)
    return event


def wanted(desk: Crew) -> str | None:
    return desk.incident.major.wanted


def said(desk: Crew) -> dict[str, str | None]:
    words = {one: desk.incident.major.methane.words(one) for one in LETTERS}
    return {one: None if found is None else str(found.plain()) for one, found in words.items()}


def test_it_has_the_fields_of_methane_and_every_one_may_be_unknown() -> None:
    """Practice 3.2: exact location, type, hazards, access, number, emergency services; "unknown"
    is an allowed, visible value.
    """
    assert LETTERS == ("location", "type", "hazards", "access", "number", "services")
    desk = crew()
    event = writes(desk, location="Mill Lane", hazards="")
    assert event.findings[1].words is None
    found = desk.incident.major.methane.of("hazards")
    assert found is not None
    assert (found.words, found.by) == (None, ANA)
    assert desk.incident.major.methane.of("access") is None


def test_versions_are_kept_and_each_field_has_its_time_and_author() -> None:
    """Practice 3.2: each field has time and author; versions are kept."""
    desk = crew()
    writes(desk, location="Mill Lane", hazards="Live wires")
    first = desk.at
    desk.later(5 * MINUTE)
    second = writes(desk, BEN, hazards="None left")
    assert (second.number, [one.letter for one in second.findings]) == (2, ["hazards"])
    place, hazards = (desk.incident.major.methane.of(one) for one in ("location", "hazards"))
    assert place is not None
    assert hazards is not None
    assert (place.at, place.by) == (first, ANA)
    assert (hazards.at, hazards.by) == (desk.at, BEN)
    kept = [one for one in desk.events if isinstance(one, MethaneWritten)]
    assert [one.number for one in kept] == [1, 2]


def test_it_begins_with_what_those_who_reported_it_said() -> None:
    """Practice 3.2: prefilled from the incident's facts, and anybody can see that it was."""
    desk = crew(None, **WHERE)
    desk.do(DECLARE, ANA_ACTS)
    assert said(desk)["location"] == "12 Mill Lane"
    assert said(desk)["type"] == "The lights went out"
    found = desk.incident.major.methane.of("location")
    assert found is not None
    assert found.by is None


def test_what_was_written_before_the_declaration_stays() -> None:
    """Practice 3.2: below the threshold ETHANE, with the same fields."""
    desk = crew(None, **WHERE)
    before = writes(desk, location="Behind the mill")
    assert before.major == ""
    desk.do(DECLARE, ANA_ACTS)
    assert said(desk)["location"] == "Behind the mill"
    assert writes(desk, access="By the bridge").major == "declared"


def test_what_is_written_late_is_marked_late() -> None:
    """Practice 5.2: a late entry is marked late; both times are kept."""
    desk = crew()
    desk.later(HOUR)
    earlier = desk.at - 30 * MINUTE
    late = WriteMethane(incident=INCIDENT, findings={"number": "Six"}, known_at=earlier)
    desk.do(late, ANA_ACTS)
    event = desk.events[-1]
    assert isinstance(event, MethaneWritten)
    assert (event.late, event.known_at) == (True, earlier)
    found = desk.incident.major.methane.of("number")
    assert found is not None
    assert (found.late, found.at) == (True, earlier)
    ahead = late.model_copy(update={"known_at": desk.at + HOUR})
    assert names(desk.ask(ahead, ANA_ACTS)) == "future"


def test_new_hazards_or_numbers_suggest_an_update_once_people_were_told_something() -> None:
    """Practice 4.1: a change is posted at once."""
    desk = declared()
    writes(desk, hazards="Smoke")
    assert wanted(desk) is None
    due = desk.at + 5 * MINUTE
    told = {"incident": INCIDENT, "words": "We know about it.", "audience": "reporters"}
    desk.do(PublishUpdate.model_validate({**told, "next_by": due}), ANA_ACTS)
    writes(desk, access="By the bridge")
    assert wanted(desk) is None
    writes(desk, number="Forty")
    assert wanted(desk) == "methane"
    assert desk.incident.targets.update == due


def test_who_did_not_see_the_newest_version_looks_at_it_first() -> None:
    desk = crew()
    writes(desk, hazards="Smoke")
    old = WriteMethane(incident=INCIDENT, findings={"hazards": "None"}, before=0)
    assert names(desk.ask(old, BEN_ACTS)) == "overtaken"
    assert desk.ask(WriteMethane(incident=INCIDENT, findings={}), BEN_ACTS) == []
    strange = WriteMethane(incident=INCIDENT, findings={"weather": "Rain"})
    assert names(desk.ask(strange, BEN_ACTS)) == "unknown_letter"
    assert names(desk.ask(old, RITA_ACTS)) == "not_allowed"
    assert names(closed().ask(old, ANA_ACTS)) == "closed"
    assert names(resolved().ask(old.model_copy(update={"before": None}), ANA_ACTS)) == [
        "MethaneWritten"
    ]


def test_an_erased_answer_is_not_carried_over() -> None:
    desk = crew()
    gone = Fact(field="where", value=Personal(SUBJECT))
    desk.state = desk.incident.model_copy(update={"facts": (gone,)})
    desk.do(DECLARE, ANA_ACTS)
    assert said(desk)["location"] is None


# --- decisions -------------------------------------------------------------------------------

DECISION = RecordDecision(
    incident=INCIDENT,
    decision="We evacuate the second floor",
    reason="Smoke is coming up",
    alternatives="Keep people in their rooms",
)


def test_a_decision_is_kept_with_its_reason_and_what_else_could_have_been() -> None:
    """Practice 5.2: decisions with reason and alternatives."""
    desk = declared()
    assert names(desk.do(DECISION, BEN_ACTS)) == ["DecisionRecorded"]
    (kept,) = desk.incident.major.decisions
    assert kept.alternatives is not None
    assert [str(x.plain()) for x in (kept.decision, kept.reason, kept.alternatives)] == [
        "We evacuate the second floor",
        "Smoke is coming up",
        "Keep people in their rooms",
    ]
    assert (kept.by, kept.late) == (BEN, False)


@pytest.mark.parametrize("field", ["decision", "reason"])
def test_a_decision_without_a_reason_is_none(field: str) -> None:
    assert names(declared().ask(DECISION.model_copy(update={field: " "}), ANA_ACTS)) == "empty"


def test_a_decision_that_is_written_down_later_says_so() -> None:
    """Practice 5.2: a late entry is marked late."""
    desk = declared()
    desk.later(HOUR)
    late = DECISION.model_copy(update={"made_at": desk.at - 20 * MINUTE})
    desk.do(late, ANA_ACTS)
    (kept,) = desk.incident.major.decisions
    assert (kept.late, kept.at - kept.made_at) == (True, 20 * MINUTE)
