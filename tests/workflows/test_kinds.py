"""Kinds of things are told apart by asking, at intake and at triage (practice 2.1)."""

from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.forms import Answers, complete
from bot.core.incident_commands import (
    AddFacts,
    AssessIncident,
    HoldIncident,
    ResumeIncident,
    TakeIncident,
)
from bot.core.incident_events import IncidentOpened
from bot.core.intents import Do, Say
from bot.core.moving_words import KindChanged, SetCategory, SetKind
from bot.core.path_words import AnswerEnquiry
from bot.core.playbook import Playbook
from bot.core.playbook_assess import due
from bot.core.playbook_forms import CATEGORY, KIND, KINDS, UNSURE, form_for, intake_form, kind_of
from bot.core.playbook_parse import parse
from bot.core.priority import Level, Priority
from tests.tidy import ROOT
from tests.workflows.desk import Desk, facts, opened, opening
from tests.workflows.kit import (
    ANA_ACTS,
    AT,
    CUSTOMER_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
    REPORT,
    names,
)
from tests.workflows.reports import BROKEN, POWER, SAFE, WHAT, answered, press, report


def keys(known: Answers) -> list[str]:
    return [one.key for one in form_for(PLAYBOOK, known).questions]


def offered(known: Answers) -> list[str]:
    questions = {one.key: one for one in form_for(PLAYBOOK, known).questions}
    return [one.value for one in questions[CATEGORY].choices]


def test_practice_2_1_what_kind_it_is_is_asked_right_after_safety() -> None:
    assert keys({})[:2] == ["safety", KIND]
    choices = [one.value for one in form_for(PLAYBOOK, {}).questions[1].choices]
    assert choices == [*KINDS, UNSURE]


@pytest.mark.parametrize("kind", KINDS)
def test_only_categories_of_that_kind_are_offered(kind: str) -> None:
    found = [one for one in offered({KIND: kind}) if one != UNSURE]
    assert found
    assert {PLAYBOOK.categories[one].kind for one in found} == {kind}


def test_who_is_unsure_is_taken_for_the_more_urgent_an_incident() -> None:
    assert offered({KIND: UNSURE}) == offered({KIND: "incident"})
    assert kind_of(PLAYBOOK, "", {KIND: UNSURE}) == "incident"
    assert kind_of(PLAYBOOK, "", {}) == "incident"


def test_what_makes_no_sense_for_a_kind_is_not_asked() -> None:
    assert "how_many" in keys({KIND: "incident"})
    assert "where" in keys({KIND: "service_request"})
    for kind in ("complaint", "enquiry"):
        assert not {"where", "how_many"} & set(keys({KIND: kind}))


def test_a_category_that_came_by_a_link_says_what_kind_it_is_and_nobody_asks() -> None:
    assert KIND not in keys({CATEGORY: "complaint"})
    assert "where" not in keys({CATEGORY: "complaint"})
    assert KIND not in keys({CATEGORY: UNSURE})


def test_who_is_in_danger_is_not_asked_what_kind_of_thing_it_is() -> None:
    story = press(report(), w.AnswerQuestion(field="safety", value="yes"))
    assert story.state.danger
    decision = story.ask(w.AnswerQuestion(field=KIND, value="complaint"), CUSTOMER_ACTS)
    assert names(decision) == "no_longer_asked"


def test_another_kind_asks_anew_what_it_is_about() -> None:
    story = press(
        report(SAFE, BROKEN, WHAT, POWER), w.AnswerQuestion(field=KIND, value="complaint")
    )
    assert story.events[-1] == w.QuestionReopened(field=CATEGORY)
    assert CATEGORY not in story.state.known()


def test_an_older_playbook_without_the_question_works_as_before() -> None:
    text = (ROOT / "bot" / "playbooks" / "default.toml").read_text()
    text = text.replace('"safety", "kind", "what"', '"safety", "what"')
    for line in (
        'when = { question = "kind", is = ["incident", "service_request"] }\n',
        'when = { question = "kind", is = "incident" }\n',
    ):
        text = text.replace(line, "")
    older = parse(text, "older.toml")
    assert isinstance(older, Playbook), older
    asked = [one.key for one in intake_form(older, None).questions]
    assert KIND not in asked
    known: Answers = {"safety": "no", "what": "x", CATEGORY: UNSURE, "where": "here"}
    assert complete(form_for(older, known), known)
    assert kind_of(older, "complaint", {}) == "complaint"


# --- the incident that comes of it -----------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "answers", "kind"),
    [
        ("power", {}, "incident"),
        ("access", {}, "service_request"),
        ("complaint", {}, "complaint"),
        ("enquiry", {}, "enquiry"),
        ("", {KIND: "complaint"}, "complaint"),
        ("", {KIND: UNSURE}, "incident"),
        ("", {}, "incident"),
    ],
)
def test_practice_2_1_a_report_opens_what_was_answered(
    category: str, answers: dict[str, Any], kind: str
) -> None:
    assert opened(answers, category=category).incident.incident_kind == kind


def test_a_kind_promises_what_its_path_says_and_p1_stays_p1() -> None:
    complaint = opened(category="complaint").incident
    assert complaint.targets == due(PLAYBOOK, PLAYBOOK, complaint.priority, AT, "complaint")
    assert complaint.targets != due(PLAYBOOK, PLAYBOOK, complaint.priority, AT)
    grave = opened(category="complaint", danger=True).incident
    assert grave.targets == due(PLAYBOOK, PLAYBOOK, Priority.P1, AT)


def test_practice_2_1_a_request_turned_incident_keeps_its_history_and_its_clocks() -> None:
    """They are planned from its opening, as if it had been one all along."""
    desk = opened(category="repair")
    desk.later(30 * MINUTE).do(SetKind(incident=INCIDENT, incident_kind="incident"), ANA_ACTS)
    state = desk.incident
    assert state.incident_kind == "incident"
    assert state.targets == due(PLAYBOOK, PLAYBOOK, state.priority, AT)
    assert isinstance(desk.events[0], IncidentOpened)
    assert desk.events[-1] == KindChanged(
        before="service_request", incident_kind="incident", targets=state.targets
    )


def test_a_pause_counts_for_the_new_kind_too() -> None:
    desk = opened(category="repair")
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.LOW), ANA_ACTS)
    desk.do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    desk.later(HOUR).do(HoldIncident(incident=INCIDENT, reason="Waits for parts"), ANA_ACTS)
    desk.later(HOUR).do(ResumeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(SetKind(incident=INCIDENT, incident_kind="incident"), ANA_ACTS)
    plain = due(PLAYBOOK, PLAYBOOK, desk.incident.priority, AT)
    assert desk.incident.targets.resolve is not None
    assert plain.resolve is not None
    assert desk.incident.targets.resolve > plain.resolve


def more(desk: Desk, category: str = "", **known: Any) -> Any:
    command = AddFacts(
        incident=INCIDENT, report=REPORT, category=category, facts=facts(known), complete=False
    )
    return desk.do(command)


def test_what_the_customer_answers_later_types_it_anew_until_the_desk_has_said_what_it_is() -> None:
    desk = opened(category="")
    more(desk, **{KIND: "enquiry"})
    first = desk.incident.incident_kind
    desk.do(SetKind(incident=INCIDENT, incident_kind="complaint"), ANA_ACTS)
    more(desk, "access", **{KIND: "service_request"})
    assert (first, desk.incident.incident_kind) == ("enquiry", "complaint")


def test_danger_makes_an_incident_of_it_and_no_answer_makes_less() -> None:
    desk = opened(category="", danger=True)
    more(desk, **{KIND: "enquiry"})
    assert desk.incident.incident_kind == "incident"


def test_a_category_of_another_kind_brings_its_kind_along() -> None:
    desk = opened(category="")
    desk.do(SetCategory(incident=INCIDENT, category="billing"), ANA_ACTS)
    assert desk.incident.incident_kind == "complaint"


def test_the_report_asks_in_the_words_of_its_kind() -> None:
    desk = Desk("incident")
    desk.do(opening(category="enquiry"))
    desk.do(AnswerEnquiry(incident=INCIDENT, words="At eight."), ANA_ACTS)
    (told,) = [one for one in desk.wants(Do) if isinstance(one.command, w.NoteStage)]
    assert told.command.incident_kind == "enquiry"
    story = report(SAFE, answered(KIND, "enquiry"), w.SummaryConfirmed(), _linked())
    story.do(told.command)
    (asked,) = [one for one in story.wants(Say) if one.asks]
    assert asked.asked_of == "enquiry"
    assert "answered your question" in asked.text.key


def _linked() -> w.ReportLinked:
    return w.ReportLinked(incident=INCIDENT, how="opened")
