"""Handing over: somebody who has a place on a task asks a colleague to take it, who accepts.

Until then the place stays with whoever has it, so nobody is ever missing.
"""

from collections.abc import Iterator

from bot.core import resource_words as rw
from bot.core.calendar import HOUR
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import me, task_of
from bot.core.incident import Incident
from bot.core.incident_words import TaskPlace
from bot.core.intents import Intent, Ring
from bot.core.major import commands
from bot.core.notices import NEWS_LASTS, page
from bot.core.person import Person
from bot.core.playbook_parts import Party
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.tasking import (
    COMMANDS,
    NEEDS_HELP,
    NOT_A_RESOURCE,
    Call,
    alone,
    already_yours,
    arrival,
    comes,
    own_place,
    task_in,
    task_name,
    tell,
    works_in,
)
from bot.core.texts import Ref, When, Who, t


def offer(state: Incident | None, command: rw.OfferPlace, ctx: Context) -> Decision:
    """Ask a colleague; asking another takes the first offer back."""
    place = own_place(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.status == "done":
        return already_yours(place)
    task = task_in(state, command.task)
    to = ctx.state_of(command.to)
    if isinstance(task, Refused) or not isinstance(to, Person) or not comes(to, ctx.playbook):
        return NOT_A_RESOURCE
    if task.place_of(command.to) is not None:
        return refuse("theirs", t("They have a place on this task already. Choose another."))
    if place.offered_to == command.to:
        return []
    where = works_in(to)
    return [rw.PlaceOffered(task=task.number, person=me(ctx), to=command.to, place=where)]


def _offered(
    state: Incident | None, command: rw.AcceptPlace | rw.RefusePlace, ctx: Context
) -> TaskPlace | Refused:
    """The place that whoever asks may take over."""
    task = task_in(state, command.task)
    if isinstance(task, Refused):
        return task
    place = task.place_of(command.holder)
    if place is None or place.offered_to != me(ctx) or place.status == "done":
        return refuse("not_offered", t("This is not offered to you any more. Thank you."))
    return place


def accept(state: Incident | None, command: rw.AcceptPlace, ctx: Context) -> Decision:
    """The place is theirs from now on, with a time of arrival of their own."""
    place = _offered(state, command, ctx)
    if isinstance(place, Refused):
        return place
    if place.help:  # Their place is where they are looked for.
        return NEEDS_HELP
    if state is not None and commands(state, me(ctx)):
        return COMMANDS
    eta = arrival(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    over = rw.PlaceHandedOver(
        task=command.task, before=place.person, person=me(ctx), eta=eta, alone=alone(ctx)
    )
    return [over]


def decline(state: Incident | None, command: rw.RefusePlace, ctx: Context) -> Decision:
    """Cannot; the place stays where it is."""
    place = _offered(state, command, ctx)
    if isinstance(place, Refused):
        return place
    return [rw.PlaceRefused(task=command.task, person=place.person, to=me(ctx))]


# --- what follows ----------------------------------------------------------------------------


def on_offered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The colleague is called, with a card of their own."""
    assert isinstance(rec.event, rw.PlaceOffered)
    task = task_of(rec, state)
    text = t(
        "{who} asks you to take over: {what} ({ref})\n{words}",
        who=Who(person=rec.event.person),
        what=task_name(task, ctx) or t("Help is wanted"),
        ref=Ref(ref=state.reference),
        words=task.what,
    )
    call = Call(state, task.number, text, "offered", rec.at + HOUR, subject=task.what.subject)
    yield from tell(call, rec.event.to)


def on_refused(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever wanted to be relieved must look for somebody else."""
    assert isinstance(rec.event, rw.PlaceRefused)
    text = t(
        "{who} cannot take over task {n} of {ref}. It stays with you.",
        who=Who(person=rec.event.to),
        n=rec.event.task,
        ref=Ref(ref=state.reference),
    )
    place = task_of(rec, state).place_of(rec.event.person)
    call = Call(state, rec.event.task, text, "refused", rec.at + HOUR)
    yield from tell(call, rec.event.person, place.alone if place else None)


def on_handed_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever had the place is relieved; the owner sees who has it now."""
    assert isinstance(rec.event, rw.PlaceHandedOver)
    text = t(
        "{who} takes over task {n} of {ref}, expected at {eta}. Thank you.",
        who=Who(person=rec.event.person),
        n=rec.event.task,
        ref=Ref(ref=state.reference),
        eta=When(at=rec.event.eta),
    )
    who = [Party(of="person", key=rec.event.before)]
    yield from page(state.stream, who, text, "relieved", until=rec.at + NEWS_LASTS, alone=True)
    yield Ring(person=rec.event.person, why="task_moved")


WORKFLOW = Workflow(
    rules=(
        Rule(
            rw.OfferPlace,
            offer,
            "named",
            roles=("resource",),
            by_holder=True,
            named_by="incident",
            reads=lambda command: (command.to,),
        ),
        Rule(rw.AcceptPlace, accept, "named", roles=("resource",), named_by="incident"),
        Rule(rw.RefusePlace, decline, "named", roles=("resource",), named_by="incident"),
    ),
    reactors=(
        (rw.PlaceOffered, on_offered),
        (rw.PlaceRefused, on_refused),
        (rw.PlaceHandedOver, on_handed_over),
    ),
)
