"""How often people hear: practice 4.2 (P2, P3, P4) and what an update must say."""

import pytest

from bot.core.incident_commands import (
    AssessIncident,
    HoldIncident,
    PublishUpdate,
    ResolveIncident,
    ResumeIncident,
)
from bot.core.intents import Do, Ring
from bot.core.priority import Level
from bot.core.publishing import untold
from bot.core.report_words import NoteStage
from bot.core.wording import told
from tests.workflows.desk import P1, P2, P3, P4, Desk, opened, resolved, taken
from tests.workflows.kit import ANA_ACTS, HOUR, INCIDENT, MINUTE, PLAYBOOK, TASKS

HOLD = HoldIncident(incident=INCIDENT, reason="Waits for parts")
RESUME = ResumeIncident(incident=INCIDENT)
WIDER = AssessIncident(incident=INCIDENT, impact=Level.MEDIUM, urgency=Level.LOW)
SAME = AssessIncident(incident=INCIDENT, impact=Level.MEDIUM, urgency=Level.MEDIUM)


def word(desk: Desk, audience: str = "reporters") -> PublishUpdate:
    said = {"incident": INCIDENT, "words": "We mend it.", "audience": audience}
    return PublishUpdate.model_validate({**said, "next_by": desk.at + 2 * HOUR})


def asks(desk: Desk) -> bool:
    """Whether whoever has it is asked to tell people now, and its card says so."""
    rung = [one.why for one in desk.wants(Ring)]
    assert ("untold" in rung) <= untold(desk.incident, PLAYBOOK)
    return "untold" in rung


def test_practice_4_2_a_p2_owes_a_word_every_sixty_minutes() -> None:
    desk = taken(P2)
    assert desk.incident.targets.update == desk.incident.opened_at + HOUR
    desk.later(HOUR - MINUTE).do(word(desk), ANA_ACTS)
    assert desk.incident.targets.update == desk.at + 2 * HOUR, "as they were promised"
    assert PLAYBOOK.updates.P2.every == HOUR


def test_practice_4_2_a_p3_owes_none_by_the_clock_but_one_on_every_change() -> None:
    desk = taken(P4)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.HIGH), ANA_ACTS)
    assert (desk.incident.priority, desk.incident.targets.update) == ("P3", None)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.LOW), ANA_ACTS)
    assert (desk.incident.priority, asks(desk)) == ("P3", True), "it reaches further"
    desk.do(word(desk), ANA_ACTS)
    assert not untold(desk.incident, PLAYBOOK), "now they know"
    for step in (HOLD, RESUME):
        desk.do(step, ANA_ACTS)
        assert asks(desk), "it stands still, or goes on"
        desk.do(word(desk), ANA_ACTS)


def test_what_changes_no_impact_and_what_people_hear_by_itself_asks_for_nothing() -> None:
    desk = taken(P3)
    desk.do(HOLD, ANA_ACTS)
    desk.do(word(desk, "staff"), ANA_ACTS)
    assert untold(desk.incident, PLAYBOOK), "what staff tell each other is no word to people"
    fresh = opened(P3)
    fresh.do(WIDER, ANA_ACTS)
    assert not asks(fresh), "nobody has begun, and nobody was told anything"
    again = taken(P3)
    again.do(ResolveIncident(incident=INCIDENT, note="Mended", call_off=TASKS), ANA_ACTS)
    assert not asks(again), "those who reported are asked whether it is fixed"


def test_whoever_was_told_with_everybody_is_to_hear_that_it_is_over() -> None:
    desk = taken(P3)
    desk.do(word(desk, "public"), ANA_ACTS)
    desk.do(ResolveIncident(incident=INCIDENT, note="Mended", call_off=TASKS), ANA_ACTS)
    assert asks(desk)
    desk.do(word(desk, "public"), ANA_ACTS)
    assert not untold(desk.incident, PLAYBOOK)


@pytest.mark.parametrize("answers", [P1, P2])
def test_where_the_clock_asks_for_words_a_change_does_not(answers: dict[str, object]) -> None:
    desk = taken(answers)
    desk.do(HOLD, ANA_ACTS)
    assert not asks(desk)


def test_practice_4_2_a_p4_owes_none_before_it_closes_and_then_everybody_hears() -> None:
    desk = taken(P4)
    assert desk.incident.targets.update is None
    desk.do(HOLD, ANA_ACTS)
    assert not asks(desk)
    ends = resolved(P4)
    (told_so,) = [one for one in ends.wants(Do) if isinstance(one.command, NoteStage)]
    assert told_so.command.stage == "resolved"


def test_practice_4_2_an_update_is_one_text_of_impact_action_and_advice() -> None:
    """The next time is said by the house, in the reader's own time."""
    parts = ("Half of the houses are dark.", " We mend the cable. ", "", "Keep fridges shut.")
    whole = "Half of the houses are dark.\n\nWe mend the cable.\n\nKeep fridges shut."
    assert told(*parts) == whole
