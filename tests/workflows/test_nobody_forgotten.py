"""What goes on beside the straight way, after which somebody would wait, or lie, unseen."""

from bot.core import incident_commands as ic
from bot.core import path_words as pw
from bot.core.alarm_words import RaiseAlarm
from bot.core.alarms import found
from bot.core.clocks import runs
from bot.core.intents import SetTimer, Then
from bot.core.moving_words import TaskBrought
from bot.core.priority import Priority
from bot.core.task import as_brought
from tests.workflows.calling import ACKNOWLEDGE, RESOLVE, TAKE, causes, coming, told
from tests.workflows.crew import ARRIVE, ASK, CLAIM
from tests.workflows.desk import P1, P2, RITA, RITA_ACTS, SAM, SAM_ACTS, held, opened
from tests.workflows.kit import (
    ANA_ACTS,
    AT,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
    names,
)
from tests.workflows.moves import ATTACH
from tests.workflows.test_milestones import update
from tests.workflows.test_path_of_category import breach
from tests.workflows.test_problems import problem
from tests.workflows.test_shelter import SHELTER, ended, sheltered

AGAIN = ic.ReopenIncident(incident=INCIDENT, reason="It went out again")


def test_practice_5_1_who_is_on_site_and_says_nothing_is_missed_also_when_it_is_resolved() -> None:
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    house.do(RESOLVE, ANA_ACTS)
    house.until(2 * 60)
    assert "check_in" in causes(house)
    assert [one for one in house.called if one.who.startswith(f"person:{RITA}")]
    house.do(ic.CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert causes(house) == [], "with the end they are called off"


def test_practice_5_1_an_alarm_about_somebody_on_site_does_not_end_with_the_work() -> None:
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    house.do(RaiseAlarm(incident=INCIDENT, cause="check_in", about=f"1:{RITA}"))
    house.do(RESOLVE, ANA_ACTS)
    assert causes(house) == ["check_in"]


def test_practice_5_1_who_is_missed_on_site_is_missed_where_their_task_goes_on() -> None:
    """A merge must not give half an hour to whoever lies there."""
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    house.until(2 * 60)
    (task,) = house.incident.tasks
    assert causes(house) == ["check_in"]
    other = told(category="it")
    other.happens(TaskBrought(task=1, brought=as_brought(task)))
    raised = [one.command for one in other.wants(Then)]
    assert RaiseAlarm(incident=INCIDENT, cause="check_in", about=f"1:{RITA}") in raised


def test_practice_1_4_who_was_told_not_to_come_is_not_waited_for_when_it_is_opened_again() -> None:
    """Their place would look taken, and nobody else would ever be asked for it."""
    house = told(category="it")
    house.do(TAKE, ANA_ACTS)
    house.do(ASK.model_copy(update={"needed": 2}), ANA_ACTS)
    house.do(CLAIM, RITA_ACTS)
    house.do(CLAIM, SAM_ACTS)
    house.do(ARRIVE, RITA_ACTS)
    house.do(RESOLVE, ANA_ACTS)
    house.do(AGAIN, ANA_ACTS)
    (task,) = house.incident.tasks
    assert [one.person for one in task.places] == [RITA]
    assert (task.status, "claim:1" in house.timers) == ("open", True)


def test_customers_do_not_hear_of_who_is_late_for_what_is_resolved() -> None:
    house = told(category="it")
    house.do(TAKE, ANA_ACTS)
    house.do(ASK.model_copy(update={"needed": 2}), ANA_ACTS)
    house.do(CLAIM, RITA_ACTS)
    house.do(CLAIM, SAM_ACTS)
    house.do(ARRIVE, RITA_ACTS)
    house.do(RESOLVE, ANA_ACTS)
    (place,) = [one for one in house.incident.tasks[0].places if one.person == SAM]
    late = ic.NoteEtaPassed(incident=INCIDENT, task=1, person=SAM, eta=place.eta)
    house.at = place.eta + HOUR
    assert names(house.do(late)) == ["EtaPassed"]
    assert house.says() == []


def test_danger_that_comes_to_a_problem_presses_as_anywhere() -> None:
    """A report that was on its way when nobody waited yet."""
    desk = problem()
    desk.do(ATTACH.model_copy(update={"danger": True}))
    now = desk.incident
    assert (now.incident_kind, now.danger, now.priority) == ("incident", True, Priority.P1)
    assert now.targets.acknowledge is not None
    assert found(now.alarms, "unacknowledged", "") is not None


def test_practice_1_3_who_acknowledged_before_a_false_alarm_is_waited_for_afterwards() -> None:
    """practice 1.3: an acknowledgement that no work follows expires."""
    desk = sheltered(opened(P1))
    desk.later(MINUTE).do(ACKNOWLEDGE, CHIEF_ACTS)
    desk.later(5 * HOUR).do(ended("false_alarm"))
    (timer,) = [one for one in desk.wants(SetTimer) if one.name == "watch:acknowledged"]
    assert timer.due > desk.at, "no clock ran meanwhile"
    assert names(desk.ask(timer.command)) == ["AcknowledgementExpired"]


def test_nobody_is_unseen_for_what_they_did_not_do_while_somebody_was_in_distress() -> None:
    desk = opened(P1)
    desk.later(MINUTE).do(ACKNOWLEDGE, ANA_ACTS)
    (timer,) = [one for one in desk.wants(SetTimer) if one.name == "watch:acknowledged"]
    desk.do(SHELTER)
    assert desk.ask(timer.command) == []


def test_practice_7_3_whoever_comes_for_somebody_in_distress_ends_the_hold() -> None:
    desk = held()
    desk.later(HOUR).do(SHELTER)
    desk.do(RaiseAlarm(incident=INCIDENT, cause="distress", about=REPORT))
    assert names(desk.do(TAKE, BEN_ACTS)) == ["IncidentResumed", "IncidentTaken"]
    now = desk.incident
    assert (now.status, now.held_since, now.held_ms) == ("in_progress", None, HOUR)


def test_what_colleagues_are_told_promises_customers_nothing() -> None:
    """Nobody is called about an update that nobody was promised."""
    desk = opened(P2)
    desk.later(MINUTE).do(TAKE, ANA_ACTS)
    desk.do(ic.ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS), ANA_ACTS)
    words = {"incident": INCIDENT, "words": "Spare fuses are in the van.", "audience": "staff"}
    desk.do(ic.PublishUpdate.model_validate(words), ANA_ACTS)
    assert not runs(desk.incident, "update")


def test_a_broken_promise_calls_nobody_once_it_is_opened_again_with_new_ones() -> None:
    desk = opened(category="it")
    desk.later(MINUTE).do(TAKE, ANA_ACTS)
    update(desk, 10 * MINUTE)
    desk.do(ic.ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS), ANA_ACTS)
    desk.later(HOUR)
    until = desk.incident.targets.update
    assert until is not None
    warn = ic.WarnTarget(incident=INCIDENT, target="update", band="breached", until=until)
    desk.do(warn)
    assert [one.cause for one in desk.incident.alarms] == ["update_overdue"]
    desk.do(AGAIN, ANA_ACTS)
    assert found(desk.incident.alarms, "update_overdue", "") is None


def test_practice_5_3_a_phase_of_the_category_it_has_left_calls_nobody() -> None:
    """The customer may be who says that it is something else."""
    desk = breach()
    desk.later(20 * HOUR).do(pw.NotePathDue(incident=INCIDENT, step="report", due=AT))
    assert "report" in desk.incident.path.overdue
    added = {"incident": INCIDENT, "report": REPORT, "category": "it", "facts": ()}
    desk.do(ic.AddFacts.model_validate({**added, "complete": True, "danger": False}))
    assert desk.incident.category == "it"
    assert "report" not in desk.incident.path.overdue
    assert "promise" not in [one.cause for one in desk.incident.alarms]
