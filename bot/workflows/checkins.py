"""Checking in: who is on site says now and then that all is well, and how it stands there.

Who says nothing is asked once more; then somebody must look after them. Who calls for help does
not have to be asked: that is an alarm at once.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import resource_words as rw
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.alarms import found
from bot.core.calendar import HOUR
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import about, me, task_of
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, SetTimer, Then
from bot.core.moving_words import TaskBrought, TaskMoved
from bot.core.notices import page, ring_owner
from bot.core.playbook_parts import Party
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.tasking import Call, marked, own_place, task_name, tell
from bot.core.texts import Ref, Text, Who, t

TIMES = 2
"""How often somebody is asked before it is an alarm."""
CAN_MOST = 600


def ask_well(state: Incident | None, command: rw.AskWell, ctx: Context) -> Decision:
    """Nothing was heard since: ask, ask again, then call for somebody; late, it is asked once."""
    task = None if state is None or state.ended else state.task(command.task)
    place = None if task is None or task.cancelled else task.place_of(command.person)
    if place is None or place.status != "on_site" or place.heard_at != command.since:
        return []
    if command.time != place.unanswered + 1:
        return []
    if command.time > TIMES:
        return [rw.CheckInMissed(task=command.task, person=command.person)]
    return [rw.CheckInAsked(task=command.task, person=command.person, time=command.time)]


def say_well(state: Incident | None, command: rw.SayWell, ctx: Context) -> Decision:
    """All is well; who called for help says so wherever they are, whatever has ended since."""
    task = None if state is None else state.task(command.task)
    mine = None if task is None else task.place_of(me(ctx))
    if mine is not None and mine.help:
        return [rw.CheckedIn(task=command.task, person=me(ctx))]
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status != "on_site":
        return refuse("not_there", t("Say first that you are on site."))
    return [rw.CheckedIn(task=command.task, person=me(ctx))]


def call_for_help(state: Incident | None, command: rw.CallForHelp, ctx: Context) -> Decision:
    """Wherever they are by now, and whatever the task has come to."""
    task = None if state is None else state.task(command.task)
    place = None if task is None else task.place_of(me(ctx))
    if place is None:
        refused = own_place(state, command, ctx)
        return refused if isinstance(refused, Refused) else []
    if place.help and state is not None and _is_called(state, command.task, me(ctx), ctx.at):
        return []
    note = about(state, command.note, least=1) if command.note.strip() else None
    # A call for help is never lost for want of words.
    words = None if isinstance(note, Refused) else note
    return [rw.HelpCalled(task=command.task, person=me(ctx), note=words)]


def read(state: Incident | None, command: rw.ReadBriefing, ctx: Context) -> Decision:
    """Has read the briefing; once is enough."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.read_at is not None:
        return []
    return [rw.BriefingRead(task=command.task, person=me(ctx))]


def report(state: Incident | None, command: rw.ReportCan, ctx: Context) -> Decision:
    """Condition, actions, needs: kept with the incident, in that order."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    said = [
        about(state, one, least=1, most=CAN_MOST) for one in (command.condition, command.actions)
    ]
    needs = about(state, command.needs, least=1, most=CAN_MOST) if command.needs.strip() else None
    condition, actions = said
    if isinstance(condition, Refused):
        return condition
    if isinstance(actions, Refused):
        return actions
    if isinstance(needs, Refused):
        return needs
    return [
        rw.CanReported(
            task=command.task,
            person=me(ctx),
            condition=condition,
            actions=actions,
            needs=needs,
        )
    ]


# --- what follows ----------------------------------------------------------------------------


def _timer(task: int, person: PersonId) -> str:
    return f"well:{task}:{person}"


def _about(task: int, person: PersonId) -> str:
    return f"{task}:{person}"


def _next(
    state: Incident, number: int, person: PersonId, due: Millis, time: int = 1
) -> Iterator[SetTimer]:
    task = state.task(number)
    place = None if task is None else task.place_of(person)
    if place is not None and place.status == "on_site" and place.heard_at is not None:
        command = rw.AskWell(
            incident=state.stream, task=number, person=person, since=place.heard_at, time=time
        )
        yield SetTimer(name=_timer(number, person), due=due, command=command)


def on_heard(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """From now on they are asked again after the playbook's time; an alarm about them is over."""
    assert isinstance(rec.event, ie.Arrived | rw.CheckedIn | rw.CanReported)
    number, person, every = rec.event.task, rec.event.person, ctx.playbook.tasks.check_in
    if every is not None:
        yield from _next(state, number, person, rec.at + every)
    if not _needs_help(state, number, person):
        yield from _stop(state, number, person)


def _needs_help(state: Incident, number: int, person: PersonId) -> bool:
    task = state.task(number)
    place = None if task is None else task.place_of(person)
    return place is not None and place.help


def _stop(state: Incident, number: int, person: PersonId) -> Iterator[Then]:
    which = _about(number, person)
    if found(state.alarms, "check_in", which) is not None:
        yield Then(command=StopAlarm(incident=state.stream, cause="check_in", about=which))


def _is_called(state: Incident, number: int, person: PersonId, at: Millis) -> bool:
    """Whether people are called to look after them, and nobody said that they see to it."""
    alarm = found(state.alarms, "check_in", _about(number, person))
    return alarm is not None and alarm.quiet_until <= at


def on_asked(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """By their channels, with what they may answer; silence is looked at again soon."""
    assert isinstance(rec.event, rw.CheckInAsked)
    number, person = rec.event.task, rec.event.person
    what = task_name(task_of(rec, state), ctx) or t("the task")
    text: Text = t("All well? {what}, {ref}", what=what, ref=Ref(ref=state.reference))
    if rec.event.time > 1:
        text = t(
            "We have not heard from you. All well? {what}, {ref}. Otherwise somebody looks for "
            "you in a moment.",
            what=what,
            ref=Ref(ref=state.reference),
        )
    family = f"well:{state.stream}:{number}:{person}"
    call = Call(state, number, text, "check_in", rec.at + HOUR, supersedes=family)
    place = task_of(rec, state).place_of(person)
    yield from tell(call, person, place.alone if place else None)
    due = rec.at + ctx.playbook.tasks.answer_within
    yield from _next(state, number, person, due, rec.event.time + 1)


def on_missed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Somebody must look after them. Who calls for help is heard, whatever was called before."""
    assert isinstance(rec.event, rw.CheckInMissed | rw.HelpCalled)
    if isinstance(rec.event, rw.HelpCalled):
        yield from _stop(state, rec.event.task, rec.event.person)
    which = _about(rec.event.task, rec.event.person)
    yield Then(command=RaiseAlarm(incident=state.stream, cause="check_in", about=which))


def on_left(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who is done, gave it back or was relieved is not asked any more."""
    event = rec.event
    assert isinstance(event, ie.TaskCompleted | ie.TaskReleased | rw.PlaceHandedOver)
    person = event.before if isinstance(event, rw.PlaceHandedOver) else event.person
    yield DropTimer(name=_timer(event.task, person))
    yield from _stop(state, event.task, person)


def on_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody is asked where the task is over; who called for help still needs it."""
    task = task_of(rec, state)
    for place in task.places:
        yield DropTimer(name=_timer(task.number, place.person))


def on_brought(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who is on site is asked from here, and again where the task is wanted after all; who calls
    for help, or has said nothing for so long, is looked after from here.
    """
    task, tasks = task_of(rec, state), ctx.playbook.tasks
    for place in task.places:
        if tasks.check_in is not None:
            time = min(place.unanswered, TIMES) + 1
            due = rec.at + (tasks.answer_within if place.unanswered else tasks.check_in)
            yield from _next(state, task.number, place.person, due, time)
        if place.help or place.unanswered >= TIMES:
            which = _about(task.number, place.person)
            yield Then(command=RaiseAlarm(incident=state.stream, cause="check_in", about=which))


def on_reported(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The owner reads what is needed at once; what needs nothing only calls attention."""
    assert isinstance(rec.event, rw.CanReported)
    event = rec.event
    if event.needs is None:
        yield ring_owner(state, "can_reported")
        return
    text = t(
        "{who} at {ref}. Condition: {condition}\nActions: {actions}\nNeeds: {needs}",
        who=Who(person=event.person),
        ref=Ref(ref=state.reference),
        condition=event.condition,
        actions=event.actions,
        needs=event.needs,
    )
    key, text = state.owner, marked(state, text)
    who = Party(of="person", key=key) if key else Party(of="role", key="supervisor")
    subject = event.needs.subject
    yield from page(
        state.stream, [who], text, "can_reported", until=rec.at + HOUR, subject=subject, alone=True
    )


def _by_holder(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "named", roles=("resource",), by_holder=True, named_by="incident")


WORKFLOW = Workflow(
    rules=(
        Rule(rw.AskWell, ask_well, "named", by_system=True, named_by="incident"),
        _by_holder(rw.SayWell, say_well),
        _by_holder(rw.CallForHelp, call_for_help),
        _by_holder(rw.ReadBriefing, read),
        _by_holder(rw.ReportCan, report),
    ),
    reactors=(
        (ie.Arrived, on_heard),
        (rw.CheckedIn, on_heard),
        (rw.CanReported, on_heard),
        (rw.CanReported, on_reported),
        (rw.CheckInAsked, on_asked),
        (rw.CheckInMissed, on_missed),
        (rw.HelpCalled, on_missed),
        (ie.TaskCompleted, on_left),
        (ie.TaskReleased, on_left),
        (rw.PlaceHandedOver, on_left),
        (ie.TaskCancelled, on_over),
        (TaskMoved, on_over),
        (TaskBrought, on_brought),
        (ie.TaskReopened, on_brought),
    ),
)
