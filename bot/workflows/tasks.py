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
from bot.core import resource_words as rw
from bot.core.calendar import HOUR, MINUTE
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import about, me, task_of
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, Ring, SetTimer
from bot.core.notices import NEWS_LASTS, ring_owner, to_reporters
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.task import COMING, Task
from bot.core.tasking import (
    NEEDS_HELP,
    alone,
    already_yours,
    arrival,
    freed,
    own_place,
    task_in,
    wanted,
)
from bot.core.texts import Text, When, Words, t

ETA_GRACE = 5 * MINUTE
"""Who arrives this much later than stated has kept the time."""

# --- claiming --------------------------------------------------------------------------------


def claim(state: Incident | None, command: ic.ClaimTask, ctx: Context) -> Decision:
    """Take a free place and say when one will be there."""
    task = wanted(state, command.task, ctx)
    if isinstance(task, Refused):
        return task
    if task.call.how == "bids":
        return _BIDS
    eta = arrival(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    claimed = ie.TaskClaimed(task=task.number, person=me(ctx), eta=eta, alone=alone(ctx))
    return [claimed, *freed(task, me(ctx))]


_BIDS = refuse(
    "bids",
    t("Somebody will be chosen for this. Say when you could be there, and you will hear."),
)


def revise(state: Incident | None, command: ic.ReviseEta, ctx: Context) -> Decision:
    """A new time of arrival, while one is still on the way."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status not in COMING:
        return refuse("arrived", t("You have arrived already, so there is no time to change."))
    eta = arrival(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    if eta == place.eta:
        return []
    return [ie.EtaRevised(task=command.task, person=me(ctx), before=place.eta, eta=eta)]


# --- working ---------------------------------------------------------------------------------


def depart(state: Incident | None, command: ic.Depart, ctx: Context) -> Decision:
    """On the way."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status != "claimed":
        return []
    return [ie.Departed(task=command.task, person=me(ctx))]


def arrive(state: Incident | None, command: ic.Arrive, ctx: Context) -> Decision:
    """There, whether one said before that one set out or not."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status not in COMING:
        return []
    kept = ctx.at <= place.eta + ETA_GRACE
    return [ie.Arrived(task=command.task, person=me(ctx), eta=place.eta, kept=kept)]


def complete(state: Incident | None, command: ic.CompleteTask, ctx: Context) -> Decision:
    """Done, with a note if there is something to say."""
    place = own_place(state, command, ctx)
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
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status == "done":
        return already_yours(place)
    if place.help:
        return NEEDS_HELP
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.TaskReleased(task=command.task, person=me(ctx), reason=reason)]


def decline(state: Incident | None, command: ic.DeclineTask, ctx: Context) -> Decision:
    """Cannot come, and why; others are still asked."""
    task = task_in(state, command.task)
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
    assert isinstance(rec.event, ie.TaskClaimed | ie.EtaRevised | rw.PlaceHandedOver)
    task, person, eta = task_of(rec, state), rec.event.person, rec.event.eta
    yield _alarm(state, task, person, eta)
    who, time = _role(task, ctx), When(at=eta)
    text = t("Help is coming: {who}, expected at {time}.", who=who, time=time)
    if not isinstance(rec.event, ie.TaskClaimed):
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


def on_handed_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody looks out for who had the place before."""
    assert isinstance(rec.event, rw.PlaceHandedOver)
    yield DropTimer(name=_arriving(rec.event.task, rec.event.before))


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody looks out for who was coming; customers hear it while the work goes on."""
    task = task_of(rec, state)
    coming = [one for one in task.places if one.status in COMING]
    for place in coming:
        yield DropTimer(name=_arriving(task.number, place.person))
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
    """The one who is late is asked for a new time, the owner knows; customers hear that it takes
    longer, and then that time. Once it is resolved nobody waits for them.
    """
    assert isinstance(rec.event, ie.EtaPassed)
    event = rec.event
    if not state.working:
        return
    yield Ring(person=event.person, why="eta_passed")
    yield ring_owner(state, "eta_passed")
    text = t(
        "Help is taking longer than we said: {who} was expected at {time}. We are asking for a "
        "new time, and will tell you.",
        who=_role(task_of(rec, state), ctx),
        time=When(at=event.eta),
    )
    family = f"eta:{state.stream}:{event.task}:{event.person}"
    yield from to_reporters(state, text, rec.at + NEWS_LASTS, supersedes=family)


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
        (rw.PlaceHandedOver, on_claimed),
        (rw.PlaceHandedOver, on_handed_over),
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
