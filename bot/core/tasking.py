"""What the deciders about tasks share: which task, whose place, which time, and why not."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.core import resource_words as rw
from bot.core.calendar import DAY, MINUTE
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.handling import me, over
from bot.core.ids import Millis, PersonId, SubjectId
from bot.core.incident import Incident
from bot.core.incident_commands import TaskCommand
from bot.core.incident_words import TaskPlace
from bot.core.intents import Intent, Ring, Say
from bot.core.major import commands
from bot.core.notices import page
from bot.core.person import Person
from bot.core.places import Seat
from bot.core.playbook import Playbook
from bot.core.playbook_parts import Party
from bot.core.rules import refuse
from bot.core.task import COMING, Task
from bot.core.texts import Text, When, Who, Words, t

ETA_WITHIN = 7 * DAY
ETA_LEEWAY = MINUTE
"""A time of arrival chosen in the minute before it came in still counts as now."""

NOT_NEEDED = refuse("not_needed", t("This is over: nobody is needed there any more. Thank you."))
COMMANDS = refuse(
    "commands", t("You command this major incident, so somebody else repairs. Hand over first.")
)
NEEDS_HELP = refuse(
    "help",
    t("Help was called for from there. First whoever called for it says that all is well."),
)
NOT_YOURS = refuse("not_yours", t("You have no place on this task. Claim one first."))


def task_in(state: Incident | None, number: int) -> Task | Refused:
    """Task `number` of an incident that has not ended, or why it cannot be worked on."""
    task = None if state is None else state.task(number)
    if state is None or task is None:
        return over(None)
    if state.ended or task.cancelled:
        return NOT_NEEDED
    return task


def wanted(state: Incident | None, number: int, ctx: Context) -> Task | Refused:
    """The task, if whoever asks could still come for it."""
    task = task_in(state, number)
    if isinstance(task, Refused):
        return task
    mine = task.place_of(me(ctx))
    if mine is not None:
        return already_yours(mine)
    if state is None or not state.working:
        return NOT_NEEDED
    if commands(state, me(ctx)):
        return COMMANDS
    return lost(task) if len(task.places) >= task.needed else task


def own_place(state: Incident | None, command: TaskCommand, ctx: Context) -> TaskPlace | Refused:
    """The place that the actor has on the task, or why nothing can be done with it."""
    task = task_in(state, command.task)
    if isinstance(task, Refused):
        return task
    return task.place_of(me(ctx)) or NOT_YOURS


def already_yours(place: TaskPlace) -> Refused:
    """Why somebody who has a place gets no other."""
    if place.status == "done":
        return refuse("already_done", t("You have done this task. Thank you."))
    text = t(
        "This is already yours, expected at {eta}. To change the time, state a new one.",
        eta=When(at=place.eta),
    )
    return refuse("already_yours", text)


def lost(task: Task) -> Refused:
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


def arrival(eta: Millis, now: Millis) -> Millis | Refused:
    """A time at which somebody may say to be there."""
    if eta < now - ETA_LEEWAY:
        text = t("This time of arrival has passed. Say when you will be there from now on.")
        return refuse("eta_past", text)
    if eta > now + ETA_WITHIN:
        return refuse("eta_far", t("Say a time of arrival within the next 7 days."))
    return max(eta, now)


def freed(task: Task, *coming: PersonId) -> list[Event]:
    """Who was asked or bid and is not needed once `coming` have a place, if that is enough."""
    if len(task.places) + len(coming) < task.needed:
        return []
    people = task.call.involved(but=coming)
    seats = {one.person: one.alone for one in task.call.bids if one.alone is not None}
    alone = tuple((one, seats[one]) for one in people if one in seats)
    return [rw.ResourcesFreed(task=task.number, people=people, alone=alone)] if people else []


def task_name(task: Task, ctx: Context) -> Words | None:
    """What its template is called, if it has one."""
    for category in ctx.playbook.categories.values():
        for part in category.tasks:
            if task.template and part.key == task.template:
                return part.title
    return ctx.playbook.skills.get(task.skill)


NOT_A_RESOURCE = refuse(
    "not_a_resource",
    t("This person cannot be asked: they are no resource, or work here no more. Choose another."),
)


def comes(person: Person, playbook: Playbook) -> bool:
    """Whether they are somebody who can be asked for a task."""
    place = playbook.places.get(person.shown_in)
    granted = place is not None and place.grants == "resource"
    return not person.disabled and ("resource" in person.roles or granted)


def works_in(person: Person) -> str:
    """The place by which alone they work here, "" for who has a role of their own."""
    return "" if "resource" in person.roles else person.shown_in


def alone(ctx: Context) -> Seat | None:
    """Where somebody reads us alone who works here by being in a place: they have no account on
    which they could be called.
    """
    return ctx.alone if ctx.actor.granted and ctx.alone and ctx.alone.reached else None


def marked(state: Incident, text: Text) -> Text:
    """The same for what is real; an exercise says so before anything else."""
    return text if state.mode == "live" else t("EXERCISE {text}", text=text)


class Call(NamedTuple):
    """What is said to somebody about task `number` of `state`, and until when it is worth it."""

    state: Incident
    number: int
    text: Text
    why: str
    until: Millis
    subject: SubjectId | None = None
    supersedes: str = ""


def tell(call: Call, person: PersonId, seat: Seat | None = None) -> Iterator[Intent]:
    """Call a resource, with what they may press: where they read us alone (`seat`), else on every
    channel that they have.
    """
    text = marked(call.state, call.text)
    if seat is not None:
        yield Ring(person=person, why=call.why)
        yield Say(
            to=seat,
            lane="safety",
            text=text,
            until=call.until,
            supersedes=call.supersedes,
            subject=call.subject,
            at_once=True,
            task=call.number,
            colleague=True,
        )
        return
    said = page(
        call.state.stream,
        [Party(of="person", key=person)],
        text,
        call.why,
        until=call.until,
        supersedes=call.supersedes,
        subject=call.subject,
        alone=True,
    )
    for one in said:
        yield one.model_copy(update={"task": call.number}) if isinstance(one, Say) else one
