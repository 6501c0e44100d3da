"""Resources are asked for, asked again while nobody comes, alarmed when late, and called off."""

import pytest

from bot.core.incident_commands import (
    AddFacts,
    AskForResource,
    CancelIncident,
    ExpireTask,
    NoteEtaPassed,
    ReopenIncident,
    ResolveIncident,
)
from bot.core.intents import DropTimer, Ring, SetTimer
from tests.workflows.crew import (
    ARRIVE,
    ASK,
    ASKED_AT,
    CLAIM,
    LATER,
    RELEASE,
    called_off,
    closed,
    done,
    finished,
    on_site,
)
from tests.workflows.desk import (
    ETA,
    RITA,
    RITA_ACTS,
    asked,
    claimed,
    facts,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
    names,
)


def test_a_template_brings_its_words_skill_and_number() -> None:
    desk = taken({"injury.kind": "person"}, category="injury")
    template = AskForResource(incident=INCIDENT, template="first_aid")
    desk.do(template, ANA_ACTS)
    task = desk.incident.tasks[-1]
    assert (task.template, task.skill, task.needed) == ("first_aid", "first_aid", 2)
    assert "first aiders" in str(task.what.plain())


def test_the_own_words_of_an_agent_take_the_templates_place() -> None:
    desk = taken()
    words = "Second floor, ask for Mr Low"
    asks = AskForResource(incident=INCIDENT, template="inspect", what=words, needed=3)
    desk.do(asks, ANA_ACTS)
    task = desk.incident.tasks[-1]
    assert (task.what.plain(), task.skill, task.needed) == (words, "electrical", 3)
    assert task.what.subject == desk.incident.subject


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"what": ""}, "empty"),
        ({"what": " \u202e "}, "empty"),
        ({"what": "x" * 2001}, "too_long"),
        ({"skill": "wizardry"}, "unknown_skill"),
        ({"template": "broomstick"}, "unknown_template"),
        ({"needed": -1}, "needed"),
        ({"needed": 100}, "needed"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes: dict[str, object], code: str) -> None:
    assert names(taken().ask(ASK.model_copy(update=changes), ANA_ACTS)) == code


def test_an_incident_has_fifty_tasks_at_most() -> None:
    desk = taken(category="it")
    for _ in range(50):
        assert names(desk.do(ASK, ANA_ACTS)) == ["TaskOpened"]
    assert names(desk.ask(ASK, ANA_ACTS)) == "too_many_tasks"
    late = AddFacts(
        incident=INCIDENT,
        report=REPORT,
        category="it",
        facts=facts({"it.service": "network"}),
        complete=True,
    )
    assert names(desk.do(late)) == ["FactsAdded"], "what the playbook wants at once finds no room"


# --- being late, nobody coming ---------------------------------------------------------------


def late(eta: int = ETA, person: str = RITA) -> NoteEtaPassed:
    return NoteEtaPassed(incident=INCIDENT, task=1, person=person, eta=eta)


def test_a_time_that_passes_calls_whoever_is_late_and_the_owner_once() -> None:
    desk = claimed()
    desk.at = ETA + 5 * MINUTE
    assert names(desk.do(late())) == ["EtaPassed"]
    assert desk.wants(Ring) == [
        Ring(person=RITA, why="eta_passed"),
        Ring(person=ANA, why="eta_passed"),
    ]
    audience, text = desk.says()[-1]
    assert audience == "reporters", "practice 1.4: an ETA slip is a note to the customer"
    assert text.startswith("Help is taking longer than we said")
    assert desk.ask(late()) == []


def test_practice_1_4_a_place_that_is_free_is_asked_for_again_once_it_is_opened_again() -> None:
    """One is on site when it is resolved, and may finish; the other place waited for nobody."""
    desk = claimed(needed=2)
    desk.later(HOUR).do(ARRIVE, RITA_ACTS)
    desk.do(ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS), ANA_ACTS)
    assert desk.incident.tasks[0].status == "open"
    desk.do(ReopenIncident(incident=INCIDENT, reason="It is dark again"), ANA_ACTS)
    (timer,) = [one for one in desk.wants(SetTimer) if one.name == "claim:1"]
    desk.at = max(desk.at, timer.due)
    assert names(desk.do(timer.command)) == ["TaskExpired"]
    assert Ring(role="resource", why="task") in desk.intents


def test_an_alarm_for_what_has_changed_is_silent() -> None:
    revised = claimed()
    revised.do(LATER, RITA_ACTS)
    given_back = claimed()
    given_back.do(RELEASE, RITA_ACTS)
    cancelled = claimed()
    cancelled.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    for desk in (revised, given_back, cancelled, on_site(), done(), called_off(), asked()):
        assert desk.ask(late()) == []


def test_a_new_time_is_watched_anew() -> None:
    desk = claimed()
    desk.at = ETA + 5 * MINUTE
    desk.do(late())
    desk.do(LATER, RITA_ACTS)
    assert names(desk.ask(late(ETA + HOUR))) == ["EtaPassed"]


def test_a_task_that_nobody_fills_is_asked_for_again_and_again() -> None:
    desk = asked()
    for round_ in (1, 2, 3):
        timer = next(one for one in desk.wants(SetTimer) if one.name == "claim:1")
        assert timer.due == desk.at + 4 * HOUR, "as long as its priority gives for a reaction"
        desk.at = timer.due
        assert names(desk.do(timer.command)) == ["TaskExpired"]
        assert desk.incident.tasks[0].rounds == round_
        assert Ring(role="resource", why="task") in desk.intents
        assert Ring(person=ANA, why="unclaimed") in desk.intents


def test_a_place_given_back_is_offered_again_with_its_full_time() -> None:
    desk = asked()
    first = next(one for one in desk.wants(SetTimer) if one.name == "claim:1")
    desk.do(CLAIM, RITA_ACTS)
    desk.later(HOUR).do(RELEASE, RITA_ACTS)
    second = next(one for one in desk.wants(SetTimer) if one.name == "claim:1")
    assert second.due == desk.at + 4 * HOUR
    assert Ring(role="resource", why="task") in desk.intents
    assert DropTimer(name=f"eta:1:{RITA}") in desk.intents
    assert desk.ask(first.command) == [], "the first asking is over"
    assert names(desk.ask(second.command)) == ["TaskExpired"]


def test_nobody_is_asked_again_when_enough_come_or_nobody_is_needed() -> None:
    again = ExpireTask(incident=INCIDENT, task=1, asked_at=ASKED_AT)
    assert names(asked().ask(again)) == ["TaskExpired"]
    half_done = claimed(needed=2)
    half_done.do(ARRIVE, RITA_ACTS)
    half_done.do(ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS), ANA_ACTS)
    assert half_done.incident.tasks[0].status == "open"
    for desk in (claimed(), done(), called_off(), finished(), closed(), half_done):
        assert desk.ask(again) == []


def test_whoever_was_coming_is_stood_down() -> None:
    desk = called_off()
    assert Ring(person=RITA, why="task_cancelled") in desk.intents
    assert DropTimer(name=f"eta:1:{RITA}") in desk.intents
    assert DropTimer(name="claim:1") in desk.intents
