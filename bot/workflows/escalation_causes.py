"""What the incident itself raises alarms about, and what ends them.

Nobody has acknowledged; who did does nothing; a resource is late, or says nothing; a promise is
broken. Other parts of the practice raise their own (`RaiseAlarm`). Whatever shows that somebody
acted ends what called for it, whoever they are.
"""

from collections.abc import Iterator

from bot.core import alarm_words as aw
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import shelter_words as sw
from bot.core.alarm_needed import calls, needed
from bot.core.alarm_words import Alarm
from bot.core.alarms import found, place_about, task_and_person
from bot.core.calendar import add
from bot.core.climbing import own_ladder, own_ladders
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, over, task_of
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import TaskPlace
from bot.core.intents import DropTimer, Intent, SetTimer, Then
from bot.core.rules import Decision, Rule, Workflow
from bot.core.task import COMING, EVENTS

SEEN = "watch:acknowledged"
WAITS = "watch:unacknowledged"

# --- nobody has acknowledged it --------------------------------------------------------------


def wait_for_somebody(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """While nobody has acknowledged it, its ladder is climbed, counted from its beginning, or from
    when it was given back.
    """
    called = any(one.cause in UNSEEN for one in state.alarms)
    if state.status != "open" or state.acknowledged_at is not None or called or state.unclocked:
        return
    plan = ctx.edition(state.playbook)
    ladder = plan.ladders.get(own_ladder(state, plan))
    due = state.waits_from + (0 if ladder is None else ladder.after)
    command = aw.RaiseAlarm(incident=state.stream, cause="unacknowledged", since=due)
    if due > rec.at:
        yield SetTimer(name=WAITS, due=due, command=command)
    else:
        yield DropTimer(name=WAITS)
        yield Then(command=command)


UNSEEN: tuple[aw.Cause, ...] = ("unacknowledged", "acknowledgement_expired")


def go_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What is called about goes on by the ladder of the new priority, from when it began."""
    plan = ctx.edition(state.playbook)
    key, own = own_ladder(state, plan), own_ladders(state, plan)
    stand = [one for one in state.alarms if not _is_settled(one, rec.event, state, ctx)]
    for alarm in stand:
        if alarm.ladder != key and alarm.ladder in own and alarm.cause != "manual":
            yield Then(
                command=aw.RaiseAlarm(
                    incident=state.stream, cause=alarm.cause, about=alarm.about, ladder=key
                )
            )


# --- who acknowledged it does nothing --------------------------------------------------------


def expire(state: Incident | None, command: aw.ExpireAcknowledgement, ctx: Context) -> Decision:
    """Nothing has followed: it is as if nobody had seen it."""
    if state is None:
        return over(state)
    late = state.acknowledged_at != command.at or state.unclocked
    if state.status != "acknowledged" or late:
        return []
    return [aw.AcknowledgementExpired(by=state.acknowledged_by)]


def wait_for_work(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Work must follow in the playbook's time, by the clock of the priority; after a false alarm
    of distress, in which no clock ran, that time begins anew.
    """
    if state.status == "acknowledged" and state.acknowledged_at and not state.unclocked:
        command = aw.ExpireAcknowledgement(incident=state.stream, at=state.acknowledged_at)
        since = max((state.acknowledged_at, *(end for _, end in state.holds)))
        due = _work_by(state, since, ctx)
        yield SetTimer(name=SEEN, due=due, command=command)


def _work_by(state: Incident, at: Millis, ctx: Context) -> Millis:
    return _by_clock(state, at, ctx.edition(state.playbook).escalation.acknowledged_within, ctx)


def _by_clock(state: Incident, at: Millis, span: Millis, ctx: Context) -> Millis:
    """`span` after `at` by the clock of the priority."""
    target = ctx.edition(state.playbook).targets.of(state.priority)
    return add(ctx.playbook.calendar(target.calendar), at, span)


def on_expired(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who had seen it is called first."""
    assert isinstance(rec.event, aw.AcknowledgementExpired)
    yield Then(
        command=aw.RaiseAlarm(
            incident=state.stream, cause="acknowledgement_expired", about=rec.event.by or ""
        )
    )


def nobody_waits(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Somebody works on it, or it is over."""
    if state.status != "acknowledged":
        yield DropTimer(name=SEEN)
    if state.acknowledged_at is not None or not state.working:
        yield DropTimer(name=WAITS)


def on_kind(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody is waited for at a problem; what is none any more is everybody's again."""
    assert isinstance(rec.event, mw.KindChanged)
    if state.incident_kind == "problem":
        yield DropTimer(name=SEEN)
        yield DropTimer(name=WAITS)
    elif rec.event.before == "problem":
        yield from wait_for_somebody(rec, state, ctx)
        yield from wait_for_work(rec, state, ctx)


# --- resources -------------------------------------------------------------------------------


def on_late(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever is late is called with the owner, until there is a new time."""
    assert isinstance(rec.event, ie.EtaPassed)
    yield Then(
        command=aw.RaiseAlarm(
            incident=state.stream,
            cause="eta_passed",
            about=place_about(rec.event.task, rec.event.person),
            since=rec.event.eta,
        )
    )


def on_brought(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who is late is still late where their task goes on."""
    task = task_of(rec, state)
    for place in task.places:
        if place.status in COMING and place.eta_passed:
            about = place_about(task.number, place.person)
            command = aw.RaiseAlarm(incident=state.stream, cause="eta_passed", about=about)
            yield Then(command=command)


def make_room(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who was late when so many were that nobody was called about them has their turn now."""
    assert isinstance(rec.event, aw.AlarmEnded)
    if rec.event.cause != "eta_passed":
        return
    for task in state.tasks:
        for place in task.places:
            about = place_about(task.number, place.person)
            if needed(state, "eta_passed", about) and not found(state.alarms, "eta_passed", about):
                yield Then(
                    command=aw.RaiseAlarm(
                        incident=state.stream, cause="eta_passed", about=about, since=place.eta
                    )
                )


def listen(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever is to come is heard of now and then, until they are due or there."""
    task = task_of(rec, state)
    person = getattr(rec.event, "person", None)
    for place in task.places:
        if person in (None, place.person):
            yield _heard_by(state, task.number, place, rec.at, ctx)


def _heard_by(
    state: Incident, task: int, place: TaskPlace, at: Millis, ctx: Context
) -> SetTimer | DropTimer:
    name = _listening(task, place.person)
    span = ctx.edition(state.playbook).escalation.progress_within
    due = _by_clock(state, at, span, ctx)
    if place.status not in COMING or due >= place.eta or place.eta_passed:
        return DropTimer(name=name)
    about = place_about(task, place.person)
    command = aw.RaiseAlarm(incident=state.stream, cause="no_progress", about=about, since=due)
    return SetTimer(name=name, due=due, command=command)


def _listening(task: int, person: PersonId) -> str:
    return f"watch:heard:{place_about(task, person)}"


# --- what ends them --------------------------------------------------------------------------


def settle(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whatever need not be acted on any more after this calls nobody."""
    for alarm in state.alarms:
        if _is_settled(alarm, rec.event, state, ctx):
            by = None if ctx.actor.is_system else rec.actor
            yield Then(
                command=aw.StopAlarm(
                    incident=state.stream, cause=alarm.cause, about=alarm.about, by=by
                )
            )


def _is_settled(alarm: Alarm, event: Event, state: Incident, ctx: Context) -> bool:
    if not needed(state, alarm.cause, alarm.about):
        return True
    if alarm.cause == "manual":
        return type(event) in TAKEN_NOTICE and calls(alarm, ctx.actor)
    if alarm.cause == "hold_over":
        return any(role in STAFF for role in ctx.actor.roles)
    if alarm.cause == "no_progress" and isinstance(event, HEARD):
        return task_and_person(alarm.about) == (event.task, event.person)
    return False


TAKEN_NOTICE = (ie.IncidentAcknowledged, ie.IncidentTaken, ie.IncidentHandedOver)
HEARD = (ie.EtaRevised, ie.Departed)
ENDS = (ie.IncidentResolved, ie.IncidentClosed, ie.IncidentCancelled, mw.IncidentMerged)
SETTLES: tuple[type[Event], ...] = (
    *TAKEN_NOTICE,
    *ENDS,
    ie.IncidentReopened,
    ie.PriorityChanged,
    ie.FactsAdded,
    ie.IncidentHeld,
    ie.UpdatePublished,
    mw.IncidentAbsorbed,
    mw.KindChanged,
    mw.CategoryChanged,
    sw.ReportSheltered,
    *EVENTS,
)

WORKFLOW = Workflow(
    rules=(Rule(aw.ExpireAcknowledgement, expire, "named", by_system=True, named_by="incident"),),
    reactors=(
        *((event, settle) for event in SETTLES),
        (ie.IncidentOpened, wait_for_somebody),
        (ie.IncidentReopened, wait_for_somebody),
        (ie.IncidentReleased, nobody_waits),
        (ie.IncidentReleased, wait_for_somebody),
        (ie.PriorityChanged, wait_for_somebody),
        (sw.ShelterEnded, wait_for_somebody),
        (ie.PriorityChanged, go_over),
        (mw.KindChanged, on_kind),
        (ie.IncidentAcknowledged, wait_for_work),
        (ie.PriorityChanged, wait_for_work),
        (sw.ShelterEnded, wait_for_work),
        (aw.AcknowledgementExpired, on_expired),
        *((event, nobody_waits) for event in (*TAKEN_NOTICE, *ENDS)),
        (ie.EtaPassed, on_late),
        (aw.AlarmEnded, make_room),
        (ie.TaskClaimed, listen),
        (ie.EtaRevised, listen),
        (ie.Departed, listen),
        (ie.Arrived, listen),
        (ie.TaskReleased, listen),
        (mw.TaskBrought, listen),
        (mw.TaskBrought, on_brought),
    ),
)
