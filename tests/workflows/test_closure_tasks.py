"""What becomes of tasks when their incident is resolved, and when it is opened again."""

from bot.core.commands import Refused
from bot.core.incident_commands import CancelTask, NoteReporter, ResolveIncident
from bot.core.intents import Ring, SetTimer
from tests.workflows.desk import resolved, taken
from tests.workflows.kit import ANA_ACTS, HOUR, INCIDENT, REPORT, names

DISPUTED = NoteReporter(incident=INCIDENT, report=REPORT, what="disputed")
RESOLVED = ["IncidentResolved", "WrapUpBegan", "TaskCancelled"]


def test_what_nobody_has_seen_to_is_called_off_in_so_many_words_or_stands_in_the_way() -> None:
    """The lift engineer nobody found must not vanish with a note about a fuse."""
    desk = taken()
    alone = ResolveIncident(incident=INCIDENT, note="Fuse changed")
    refused = desk.ask(alone, ANA_ACTS)
    assert isinstance(refused, Refused)
    assert refused.code == "tasks_left"
    assert refused.text is not None
    assert refused.text.args == {"n": 1, "what": desk.incident.tasks[0].what}
    another = alone.model_copy(update={"call_off": (2,)})
    assert names(desk.ask(another, ANA_ACTS)) == "tasks_left"
    assert names(desk.ask(alone.model_copy(update={"call_off": (1,)}), ANA_ACTS)) == RESOLVED


def test_what_was_called_off_with_the_end_is_asked_for_again_when_it_was_none() -> None:
    desk = resolved()
    assert desk.incident.tasks[0].status == "cancelled"
    desk.later(HOUR).do(DISPUTED)
    (task,) = desk.incident.tasks
    assert (task.status, task.asked_at, task.places) == ("open", desk.at, ())
    assert Ring(role="resource", why="task") in desk.intents
    assert f"claim:{task.number}" in [one.name for one in desk.wants(SetTimer)]


def test_what_somebody_called_off_before_stays_called_off() -> None:
    desk = taken()
    desk.do(CancelTask(incident=INCIDENT, task=1, reason="Not needed"), ANA_ACTS)
    desk.do(ResolveIncident(incident=INCIDENT, note="Fuse changed"), ANA_ACTS)
    desk.later(HOUR).do(DISPUTED)
    assert desk.incident.tasks[0].status == "cancelled"
