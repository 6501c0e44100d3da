"""Bids: resources say when they could be there, and whoever dispatches chooses one of them.

Until somebody chooses, or the time is up and the nearest comes (`dispatch`). Whoever is chosen
is told everything, whoever is not is told who comes and that they are free.
"""

from collections.abc import Iterator

from bot.core import resource_words as rw
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import STAFF, about, me, over, overtaken
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.incident_events import TaskClaimed
from bot.core.intents import Intent
from bot.core.major import commands
from bot.core.notices import ring_owner
from bot.core.person import Person
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.task import Task
from bot.core.tasking import NOT_A_RESOURCE, alone, arrival, comes, freed, task_in, wanted
from bot.core.texts import When, Who, t

NOTE_MOST = 300


def bid(state: Incident | None, command: rw.BidForTask, ctx: Context) -> Decision:
    """Could be there at that time; a second bid takes the place of the first."""
    task = wanted(state, command.task, ctx)
    if isinstance(task, Refused):
        return task
    if task.call.how != "bids":
        return refuse("no_bids", t("No bids are taken for this: whoever claims it first comes."))
    eta = arrival(command.eta, ctx.at)
    if isinstance(eta, Refused):
        return eta
    note = about(state, command.note, least=1, most=NOTE_MOST) if command.note.strip() else None
    if isinstance(note, Refused):
        return note
    before = task.call.bid_of(me(ctx))
    if before is not None and before.eta == eta and note is None:
        return []
    return [rw.BidMade(task=task.number, person=me(ctx), eta=eta, note=note, alone=alone(ctx))]


def take_back(state: Incident | None, command: rw.TakeBackBid, ctx: Context) -> Decision:
    """Cannot come after all; who was chosen meanwhile gives the place back instead."""
    task = task_in(state, command.task)
    if isinstance(task, Refused):
        return task
    if task.place_of(me(ctx)) is not None:
        return refuse("yours", t("You were chosen meanwhile. Give it back if you cannot come."))
    if task.call.bid_of(me(ctx)) is None:
        return []
    return [rw.BidTakenBack(task=task.number, person=me(ctx))]


def award(state: Incident | None, command: rw.AwardTask, ctx: Context) -> Decision:
    """Choose a bid as whoever asks saw it; of two who choose at once the first counts."""
    task = task_in(state, command.task)
    if isinstance(task, Refused):
        return task
    if state is None or not state.working:
        return over(state)
    chosen = task.call.bid_of(command.person)
    if task.place_of(command.person) is not None or len(task.places) >= task.needed:
        return _taken(task)
    if chosen is None:
        text = t("{who} cannot come after all. Choose another.", who=Who(person=command.person))
        return refuse("no_bid", text)
    refused = overtaken(str(command.eta), str(chosen.eta)) or _cannot(state, chosen.person, ctx)
    if refused is not None:
        return refused
    awarded = rw.TaskAwarded(task=task.number, person=chosen.person, by=me(ctx))
    eta = max(chosen.eta, ctx.at)
    claimed = TaskClaimed(task=task.number, person=chosen.person, eta=eta, alone=chosen.alone)
    return [awarded, claimed, *freed(task, chosen.person)]


def _cannot(state: Incident, person: PersonId, ctx: Context) -> Refused | None:
    """Why somebody who bid can come no more: they have left since, or command."""
    known = ctx.reads.get(person)
    if not isinstance(known, Person) or not comes(known, ctx.playbook):
        return NOT_A_RESOURCE
    if not commands(state, person):
        return None
    text = t("{who} commands by now, so somebody else repairs.", who=Who(person=person))
    return refuse("commands", text)


def _taken(task: Task) -> Refused:
    last = task.places[-1]
    text = t(
        "{who} has it since {time}, expected at {eta}.",
        who=Who(person=last.person),
        time=When(at=last.claimed_at),
        eta=When(at=last.eta),
    )
    return refuse("taken", text)


def tell_owner(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever chooses sees each bid as it comes and goes."""
    yield ring_owner(state, rec.event.tag)


WORKFLOW = Workflow(
    rules=(
        Rule(rw.BidForTask, bid, "named", roles=("resource",), named_by="incident"),
        Rule(rw.TakeBackBid, take_back, "named", roles=("resource",), named_by="incident"),
        Rule(
            rw.AwardTask,
            award,
            "named",
            roles=STAFF,
            named_by="incident",
            reads=lambda command: (command.person,),
        ),
    ),
    reactors=((rw.BidMade, tell_owner), (rw.BidTakenBack, tell_owner)),
)
