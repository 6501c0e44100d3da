"""Another incident and its report, and what comes and goes between the two."""

from random import Random
from typing import Any

from bot.core.commands import Command
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import (
    AttachReport,
    CancelIncident,
    CloseIncident,
    RestrictIncident,
)
from bot.core.incident_words import TaskPlace
from bot.core.moving_words import (
    AbsorbIncident,
    BroughtTask,
    DetachReport,
    EndMerge,
    GoInto,
    MergeIncident,
    SetCategory,
    SetKind,
    SplitIncident,
)
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.report import Report
from bot.core.report_words import ReportLinked
from tests.workflows.desk import OTHER_REPORT, RITA, Desk, opened, resolved, taken
from tests.workflows.kit import ANA, ANA_ACTS, AT, DAY, HOUR, INCIDENT, MINUTE
from tests.workflows.reports import sent

OTHER = "inc_" + "2" * 26
OLDER = "inc_" + "0" * 26


def other(stream: StreamId = OTHER, **changes: Any) -> Incident:
    """Another incident, as a rule of this one reads it."""
    known = {"stream": stream, "reference": "N-333-3333", **changes}
    return opened().incident.model_copy(update=known)


def report(stream: StreamId = OTHER_REPORT, incident: StreamId = INCIDENT) -> Report:
    """A report that hangs under `incident`."""
    state = sent().state
    assert isinstance(state, Report)
    return state.model_copy(update={"stream": stream, "incident": incident})


def go_into(into: StreamId = OTHER, **more: Any) -> GoInto:
    known: dict[str, Any] = {"visibility": "normal", "mode": "live", **more}
    return GoInto(
        incident=INCIDENT, into=into, reference="N-333-3333", own="N-222-2222", by=ANA, **known
    )


def brought(eta: Millis = AT + HOUR) -> BroughtTask:
    """Rita is coming to it."""
    place = TaskPlace(person=RITA, status="en_route", claimed_at=AT, eta=eta)
    return BroughtTask(
        number=1,
        template="",
        what=Personal("sub:other", "Free them"),
        skill="",
        needed=2,
        opened_at=AT,
        asked_at=AT,
        rounds=0,
        declined=(),
        places=(place,),
    )


def coming(source: StreamId = OTHER, **more: Any) -> AbsorbIncident:
    """What another incident brings along."""
    known: dict[str, Any] = {
        "tasks": (),
        "absorbed": (),
        "impact": Level.LOW,
        "urgency": Level.LOW,
        "priority": Priority.P4,
        "danger": False,
        "next_by": None,
        **more,
    }
    return AbsorbIncident(incident=INCIDENT, source=source, reference="N-333-3333", by=ANA, **known)


READS: dict[StreamId, Any] = {OTHER: other(), OTHER_REPORT: report()}
LINKED = ReportLinked(incident=OTHER, how="joined", before=INCIDENT)


MERGE = MergeIncident(incident=OTHER, into=INCIDENT)
SPLIT = SplitIncident(incident=INCIDENT, reports=(OTHER_REPORT,), reason="Another street")
END = EndMerge(incident=INCIDENT, source=OTHER, reference="N-333-3333", code="closed")
ATTACH = AttachReport(incident=INCIDENT, report=OTHER_REPORT)


def expecting() -> Desk:
    desk = opened()
    desk.do(MERGE, ANA_ACTS, reads=READS)
    return desk


def closed() -> Desk:
    desk = resolved()
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    return desk


def cancelled() -> Desk:
    desk = opened()
    desk.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    return desk


def merged() -> Desk:
    desk = taken()
    desk.do(go_into())
    return desk


def shared() -> Desk:
    """Two reports hang under it."""
    desk = taken()
    desk.do(ATTACH)
    return desk


def split() -> Desk:
    desk = shared()
    desk.do(SPLIT, ANA_ACTS, reads=READS)
    return desk


def restricted() -> Desk:
    desk = shared()
    hide = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="The police")
    desk.do(hide, ANA_ACTS)
    return desk


def moving_commands(pick: Random, now: Millis) -> list[Command]:
    """Any of it, at any moment."""
    priority = pick.choice(list(Priority))
    bringing = coming(
        source=f"inc_{pick.randrange(10)}" + "3" * 25,
        tasks=(brought(now + 5 * MINUTE),) if pick.random() < 0.5 else (),
        priority=priority,
        danger=priority is Priority.P1 and pick.random() < 0.5,
        next_by=pick.choice([None, now + HOUR]),
    )
    return [
        SetKind(incident=INCIDENT, incident_kind=pick.choice(["incident", "complaint"])),
        SetCategory(incident=INCIDENT, category=pick.choice(["power", "it", "nonsense"])),
        *([MergeIncident(incident=OTHER, into=INCIDENT)] if pick.random() < 0.3 else []),
        EndMerge(incident=INCIDENT, source=OTHER, reference="N-333-3333", code="closed"),
        EndMerge(incident=INCIDENT, source=OTHER, reference="N-333-3333", code="closed"),
        AttachReport(incident=INCIDENT, report=OTHER_REPORT, danger=pick.random() < 0.1),
        SplitIncident(incident=INCIDENT, reports=(OTHER_REPORT,), reason="Another street"),
        DetachReport(incident=INCIDENT, report=OTHER_REPORT),
        *([bringing] if pick.random() < 0.2 else []),
        *([go_into(call_off=(1, 2))] if now > AT + DAY and pick.random() < 0.3 else []),
    ]
