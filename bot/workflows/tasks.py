"""Tasks: resources claim a place with a time of arrival, come, and are done.

The first claim of a place wins; who comes too late is told who was faster and when they will
be there. A stated time that passes is an alarm, and customers hear of every change without
anybody typing it. How resources are asked is `dispatch`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import about, me, over, task_of
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import TaskPlace
from bot.core.intents import DropTimer, Intent, Ring, SetTimer
from bot.core.notices import NEWS_LASTS, ring_owner, to_reporters
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.task import COMING, Task
from bot.core.texts import Text, When, Who, Words, t

ETA_WITHIN = 7 * DAY
ETA_LEEWAY = MINUTE
"""A time of arrival chosen in the minute before it came in still counts as now."""
ETA_GRACE = 5 * MINUTE
"""Who arrives this much later than stated has kept the time."""

# --- claiming --------------------------------------------------------------------------------


def claim(state: Incident | None, command: ic.ClaimTask, ctx: Context) -> Decision:
    """Take a free place and say when one will be there."""
    task = _task(state, command.task)
    if isinstance(task, Refused):
        return task
    mine = task.place_of(me(ctx))
    if mine is not None:
        return _already_yours(mine)
    if state is None or not state.working:
        return _NOT_NEEDED
    if len(task.places) >= task.needed:
        return _lost(task)
    eta = _eta(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    return [ie.TaskClaimed(task=task.number, person=me(ctx), eta=eta)]


_NOT_NEEDED = refuse("not_needed", t("This is over: nobody is needed there any more. Thank you."))
_NOT_YOURS = refuse("not_yours", t("You have no place on this task. Claim one first."))


def _task(state: Incident | None, number: int) -> Task | Refused:
    """Task `number` of an incident that has not ended, or why it cannot be worked on."""
    task = None if state is None else state.task(number)
    if state is None or task is None:
        return over(None)
    if state.ended or task.cancelled:
        return _NOT_NEEDED
    return task


def _already_yours(place: TaskPlace) -> Refused:
    if place.status == "done":
        return refuse("already_done", t("You have done this task. Thank you."))
    text = t(
        "This is already yours, expected at {eta}. To change the time, state a new one.",
        eta=When(at=place.eta),
    )
    return refuse("already_yours", text)


def _lost(task: Task) -> Refused:
    """Somebody was faster: who, when, and when they will be there."""
    last = task.places[-1]
    who, time = Who(person=last.person), When(at=last.claimed_at)
    text = t("{who} took it at {time} and is there already.", who=who, time=time)
    if last.status in COMING:
        text = t(
            "{who} took it at {time} and will be there at {eta}. Thank you for offering.",
            who=who,
            time=time,
            eta=When(at=last.eta),
        )
    return refuse("lost", text)


def _eta(eta: Millis, now: Millis) -> Millis | Refused:
    if eta < now - ETA_LEEWAY:
        text = t("This time of arrival has passed. Say when you will be there from now on.")
        return refuse("eta_past", text)
    if eta > now + ETA_WITHIN:
        return refuse("eta_far", t("Say a time of arrival within the next 7 days."))
    return max(eta, now)


def revise(state: Incident | None, command: ic.ReviseEta, ctx: Context) -> Decision:
    """A new time of arrival, while one is still on the way."""
    place = _mine(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status not in COMING:
        return refuse("arrived", t("You have arrived already, so there is no time to change."))
    eta = _eta(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    if eta == place.eta:
        return []
    return [ie.EtaRevised(task=command.task, person=me(ctx), before=place.eta, eta=eta)]


def _mine(state: Incident | None, command: ic.TaskCommand, ctx: Context) -> TaskPlace | Refused:
    """The place that the actor has on the task, or why nothing can be done with it."""
    task = _task(state, command.task)
    if isinstance(task, Refused):
        return task
    return task.place_of(me(ctx)) or _NOT_YOURS


# --- working ---------------------------------------------------------------------------------


def depart(state: Incident | None, command: ic.Depart, ctx: Context) -> Decision:
    """On the way."""
    place = _mine(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status != "claimed":
        return []
    return [ie.Departed(task=command.task, person=me(ctx))]


def arrive(state: Incident | None, command: ic.Arrive, ctx: Context) -> Decision:
    """There, whether one said before that one set out or not."""
    place = _mine(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status not in COMING:
        return []
    kept = ctx.at <= place.eta + ETA_GRACE
    return [ie.Arrived(task=command.task, person=me(ctx), eta=place.eta, kept=kept)]


def complete(state: Incident | None, command: ic.CompleteTask, ctx: Context) -> Decision:
    """Done, with a note if there is something to say."""
    place = _mine(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status == "done":
        return []
    if place.status != "on_site":
        return refuse("not_arrived", t("Say first that you are on site, then that it is done."))
    note = about(state, command.note, least=1) if command.note.strip() else None
    if isinstance(note, Refused):
        return note
    return [ie.TaskCompleted(task=command.task, person=me(ctx), note=note)]


def release(state: Incident | None, command: ic.ReleaseTask, ctx: Context) -> Decision:
    """Give the place back; somebody else will be asked."""
    place = _mine(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status == "done":
        return _already_yours(place)
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.TaskReleased(task=command.task, person=me(ctx), reason=reason)]


def decline(state: Incident | None, command: ic.DeclineTask, ctx: Context) -> Decision:
    """Cannot come, and why; others are still asked."""
    task = _task(state, command.task)
    if isinstance(task, Refused):
        return task
    if task.place_of(me(ctx)) is not None:
        return refuse("yours", t("You have a place on this task. Release it if you cannot come."))
    if task.status != "open":
        return refuse("filled", t("Enough people are coming already; you need not decline."))
    if me(ctx) in task.declined:
        return []
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.TaskDeclined(task=task.number, person=me(ctx), reason=reason)]


# --- timers ----------------------------------------------------------------------------------


def note_eta_passed(state: Incident | None, command: ic.NoteEtaPassed, ctx: Context) -> Decision:
    """Not there by the stated time; a time that was changed since is another timer's."""
    task = None if state is None or state.ended else state.task(command.task)
    place = None if task is None or task.cancelled else task.place_of(command.person)
    if place is None or place.status not in COMING:
        return []
    if place.eta != command.eta or place.eta_passed:
        return []
    return [ie.EtaPassed(task=command.task, person=command.person, eta=place.eta)]


# --- what follows ----------------------------------------------------------------------------


def _arriving(task: int, person: PersonId) -> str:
    return f"eta:{task}:{person}"


def on_claimed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Customers know that somebody comes and when; the alarm is set for that time."""
    assert isinstance(rec.event, ie.TaskClaimed | ie.EtaRevised)
    task, person, eta = task_of(rec, state), rec.event.person, rec.event.eta
    yield _alarm(state, task, person, eta)
    who, time = _role(task, ctx), When(at=eta)
    text = t("Help is coming: {who}, expected at {time}.", who=who, time=time)
    if isinstance(rec.event, ie.EtaRevised):
        text = t("There is a new time: {who}, expected at {time}.", who=who, time=time)
    family = f"eta:{state.stream}:{task.number}:{person}"
    yield from to_reporters(state, text, eta + HOUR, supersedes=family)
    yield ring_owner(state, rec.event.tag)


def _role(task: Task, ctx: Context) -> Words | Text:
    """Who comes, as customers hear it: what they can do, never a name."""
    return ctx.playbook.skills.get(task.skill) or t("a field engineer")


def on_arrived(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody need look out any more."""
    assert isinstance(rec.event, ie.Arrived)
    yield DropTimer(name=_arriving(rec.event.task, rec.event.person))
    text = t("Help has arrived: {who}.", who=_role(task_of(rec, state), ctx))
    yield from to_reporters(state, text, rec.at + NEWS_LASTS)
    yield ring_owner(state, "arrived")


def on_released(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Customers are not left with a promise that nobody keeps."""
    assert isinstance(rec.event, ie.TaskReleased)
    yield DropTimer(name=_arriving(rec.event.task, rec.event.person))
    yield ring_owner(state, "released")
    if state.working and not task_of(rec, state).places:
        text = t(
            "There is a change: we are asking somebody else to come, and will tell you when "
            "they can be there."
        )
        yield from to_reporters(state, text, rec.at + NEWS_LASTS)


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever was coming is stood down; customers hear it while the work goes on."""
    task = task_of(rec, state)
    coming = [one for one in task.places if one.status in COMING]
    for place in coming:
        yield DropTimer(name=_arriving(task.number, place.person))
    for place in task.places:
        yield Ring(person=place.person, why="task_cancelled")
    if coming and state.working:
        text = t("The visit that was planned is not needed any more. We keep working on it.")
        yield from to_reporters(state, text, rec.at + NEWS_LASTS)


def on_moved(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever is coming still is; they are looked out for where the task goes on."""
    task = task_of(rec, state)
    for place in task.places:
        if place.status in COMING:
            yield DropTimer(name=_arriving(task.number, place.person))


def on_brought(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever is on it should see where it stands now."""
    task = task_of(rec, state)
    for place in task.places:
        if place.status in COMING and not place.eta_passed:
            yield _alarm(state, task, place.person, place.eta)
        if place.status != "done":
            yield Ring(person=place.person, why="task_moved")


def _alarm(state: Incident, task: Task, person: PersonId, eta: Millis) -> SetTimer:
    late = ic.NoteEtaPassed(incident=state.stream, task=task.number, person=person, eta=eta)
    return SetTimer(name=_arriving(task.number, person), due=eta + ETA_GRACE, command=late)


def on_eta_passed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The one who is late is asked for a new time, the owner knows; customers hear that time."""
    assert isinstance(rec.event, ie.EtaPassed)
    yield Ring(person=rec.event.person, why="eta_passed")
    yield ring_owner(state, "eta_passed")


def tell_owner(rec: Recorded, state: Incident, ctx: Context) -> Iterable[Intent]:
    """The owner follows what resources do."""
    return [ring_owner(state, rec.event.tag)]


def _by_resource(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "named", roles=("resource",), named_by="incident")


def _by_holder(command: type[Command], decide: Decider) -> Rule:
    """Whoever is on the way says so to the end, also when few may see the incident by then."""
    return replace(_by_resource(command, decide), by_holder=True)


WORKFLOW = Workflow(
    rules=(
        _by_resource(ic.ClaimTask, claim),
        _by_holder(ic.ReviseEta, revise),
        _by_holder(ic.Depart, depart),
        _by_holder(ic.Arrive, arrive),
        _by_holder(ic.CompleteTask, complete),
        _by_holder(ic.ReleaseTask, release),
        _by_resource(ic.DeclineTask, decline),
        Rule(ic.NoteEtaPassed, note_eta_passed, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (ie.TaskClaimed, on_claimed),
        (ie.EtaRevised, on_claimed),
        (ie.Arrived, on_arrived),
        (ie.TaskReleased, on_released),
        (ie.TaskCancelled, on_cancelled),
        (ie.EtaPassed, on_eta_passed),
        (mw.TaskMoved, on_moved),
        (mw.TaskBrought, on_brought),
        (ie.TaskCompleted, tell_owner),
        (ie.TaskDeclined, tell_owner),
    ),
)
