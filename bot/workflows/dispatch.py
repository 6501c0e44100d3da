"""Dispatch: resources are asked for, asked again while nobody comes, and called off."""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import resource_words as rw
from bot.core.calendar import HOUR
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, about, me, over, task_of
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import How
from bot.core.intents import DropTimer, Intent, Ring, SetTimer
from bot.core.major import commands
from bot.core.notices import NEWS_LASTS, page, ring_owner
from bot.core.person import Person
from bot.core.playbook_parts import Party, TaskPart
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.suggesting import Crew, suggest
from bot.core.task import MOST_TASKS, Task
from bot.core.tasking import NOT_A_RESOURCE, Call, comes, freed, marked, task_name, tell, works_in
from bot.core.texts import Ref, When, Who, t

MOST_NEEDED = 99

# --- asking ----------------------------------------------------------------------------------


def ask(state: Incident | None, command: ic.AskForResource, ctx: Context) -> Decision:
    """Want `needed` people: as a template of the category says, or in free words."""
    if state is None or not state.working:
        return over(state)
    if len(state.tasks) >= MOST_TASKS:
        text = t("This incident has {most} tasks already. Open another one.", most=MOST_TASKS)
        return refuse("too_many_tasks", text)
    part = _template(state, command.template, ctx)
    if isinstance(part, Refused):
        return part
    refused = _named(command, ctx)
    if refused is not None:
        return refused
    if command.skill and command.skill not in ctx.playbook.skills:
        return refuse("unknown_skill", t("There is no such skill. Choose one of the list."))
    return _asked(state, command, part, ctx)


def _template(state: Incident, key: str, ctx: Context) -> TaskPart | Refused | None:
    if not key:
        return None
    own = ctx.edition(state.playbook).categories.get(state.category)
    found = next((one for one in own.tasks if one.key == key), None) if own else None
    if found is None:
        text = t("This kind of incident has no such task. Choose another, or write what is needed.")
        return refuse("unknown_template", text)
    return found


def _named(command: ic.AskForResource, ctx: Context) -> Refused | None:
    """Why the one who is asked by name cannot be."""
    person = ctx.state_of(command.whom) if command.whom else None
    if not command.whom or (isinstance(person, Person) and comes(person, ctx.playbook)):
        return None
    return NOT_A_RESOURCE


def _asked(
    state: Incident, command: ic.AskForResource, part: TaskPart | None, ctx: Context
) -> Decision:
    needed = command.needed or (1 if part is None else part.needed)
    if not 1 <= needed <= MOST_NEEDED:
        return refuse("needed", t("Ask for 1 to {most} people.", most=MOST_NEEDED))
    words = command.what
    if part is not None and not words.strip():
        words = part.ask.pick(ctx.playbook.organisation.default_language)
    what = about(state, words, least=1)
    if isinstance(what, Refused):
        return what
    number, how = len(state.tasks) + 1, _how(command, part, ctx)
    opened = ie.TaskOpened(
        task=number,
        template=command.template,
        what=what,
        skill=command.skill or (part.skill if part and part.skill else ""),
        needed=needed,
        by=me(ctx),
        how=how,
        window=_window(how, ctx),
    )
    if not command.whom:
        return [opened]
    person = ctx.state_of(command.whom)
    named = rw.ResourceAsked(
        task=number,
        person=command.whom,
        by=me(ctx),
        because=("named",),
        place=works_in(person) if isinstance(person, Person) else "",
    )
    return [opened, named]


def _how(command: ic.AskForResource, part: TaskPart | None, ctx: Context) -> How:
    if command.whom:
        return "one"
    return command.how or (part.how if part else None) or ctx.playbook.tasks.how


def _window(how: How, ctx: Context) -> Millis:
    tasks = ctx.playbook.tasks
    return {"one": tasks.answer_within, "bids": tasks.bids_for}.get(how, 0)


def cancel(state: Incident | None, command: ic.CancelTask, ctx: Context) -> Decision:
    """No longer needed."""
    task = None if state is None else state.task(command.task)
    if state is None or state.ended or task is None:
        return over(state)
    if task.cancelled:
        return []
    if task.status == "done":
        return refuse("done", t("This task is done, so there is nothing to call off."))
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.TaskCancelled(task=task.number, reason=reason)]


def expire(state: Incident | None, command: ic.ExpireTask, ctx: Context) -> Decision:
    """Nobody filled it in time: the nearest bids come, or the next one is asked, or others are.

    One that was asked for anew since is left alone.
    """
    task = None if state is None or not state.working else state.task(command.task)
    if state is None or task is None or task.status != "open":
        return []
    if task.asked_at != command.asked_at:
        return []
    found: list[Event] = []
    if task.call.how == "bids":
        found = _nearest(state, task, ctx)
    elif task.call.how == "one":
        found = _next(state, task, ctx)
    return found or _nobody(task)


def _nobody(task: Task) -> list[Event]:
    passed = [rw.ResourcePassed(task=task.number, person=one) for one in task.call.pending]
    return [*passed, ie.TaskExpired(task=task.number, round=task.rounds + 1)]


def _nearest(state: Incident, task: Task, ctx: Context) -> list[Event]:
    """Those who can be there first, of those who are still here."""
    here = {one.person for one in ctx.crew.people} if ctx.crew else set()
    free = task.needed - len(task.places)
    near = [one for one in task.call.nearest if one.person in here]
    chosen = [one for one in near if not commands(state, one.person)][:free]
    events: list[Event] = []
    for bid in chosen:
        events.append(rw.TaskAwarded(task=task.number, person=bid.person, by=None))
        eta = max(bid.eta, ctx.at)
        claimed = {"task": task.number, "person": bid.person, "eta": eta, "alone": bid.alone}
        events.append(ie.TaskClaimed.model_validate(claimed))
    return [*events, *freed(task, *(one.person for one in chosen))] if chosen else []


def _next(state: Incident, task: Task, ctx: Context) -> list[Event]:
    """As many of those who fit best as there are free places; who said nothing is passed over."""
    crew = ctx.crew or Crew()
    found = suggest(crew, ctx.playbook, task.skill, ctx.at, state, task).people
    asked = [
        rw.ResourceAsked(
            task=task.number, person=one.person, by=None, because=one.because, place=one.place
        )
        for one in found[: task.needed - len(task.places)]
    ]
    passed = [rw.ResourcePassed(task=task.number, person=one) for one in task.call.pending]
    return [*passed, *asked] if asked else []


def _asked_timer(state: Incident, task: Task, ctx: Context) -> SetTimer:
    """When to ask again: in the time that whoever was asked has, or in which the priority promises
    that somebody acts; of several who are asked one after the other the first is at once.
    """
    wait = task.call.window or ctx.edition(state.playbook).targets.of(state.priority).acknowledge
    if task.call.how == "one" and not task.call.pending and not task.rounds:
        wait = 0
    command = ic.ExpireTask(incident=state.stream, task=task.number, asked_at=task.asked_at)
    return SetTimer(name=_asking(task), due=task.asked_at + wait, command=command)


def _asking(task: Task) -> str:
    return f"claim:{task.number}"


def on_asked(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Resources are called, and called again if nobody comes."""
    task = task_of(rec, state)
    if task.call.how != "one" or task.rounds:
        yield Ring(role="resource", why="task")
    yield _asked_timer(state, task, ctx)
    if isinstance(rec.event, ie.TaskExpired):
        yield ring_owner(state, "unclaimed")
        yield from _tell_owner(rec, state, task, ctx)


def _tell_owner(rec: Recorded, state: Incident, task: Task, ctx: Context) -> Iterator[Intent]:
    text = t(
        "Nobody came forward for {what} ({ref}). Others are being asked.",
        what=task_name(task, ctx) or t("what was asked for"),
        ref=Ref(ref=state.reference),
    )
    who = Party(of="person", key=state.owner) if state.owner else SUPERVISORS
    text = marked(state, text)
    until, family = rec.at + HOUR, f"unclaimed:{task.number}:{state.stream}"
    yield from page(
        state.stream, [who], text, "unclaimed", until=until, supersedes=family, alone=True
    )


SUPERVISORS = Party(of="role", key="supervisor")


def on_named(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever is asked by name is called on every channel they have, with a card of their own."""
    assert isinstance(rec.event, rw.ResourceAsked)
    task = task_of(rec, state)
    yield from _call(rec, state, task, rec.event.person, ctx)
    yield _asked_timer(state, task, ctx)


def _call(
    rec: Recorded, state: Incident, task: Task, person: PersonId, ctx: Context
) -> Iterator[Intent]:
    text = t(
        "Can you come? {what} ({ref})\n{words}",
        what=task_name(task, ctx) or t("Help is wanted"),
        ref=Ref(ref=state.reference),
        words=task.what,
    )
    until = rec.at + max(task.call.window, HOUR)
    call = Call(state, task.number, text, "task", until, task.what.subject)
    yield from tell(call, person)


def on_declined(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The next one is asked as soon as nobody who was asked may still say yes."""
    task = task_of(rec, state)
    if state.working and task.call.how == "one" and task.status == "open" and not task.rounds:
        timer = _asked_timer(state, task, ctx)
        if not task.call.pending:
            yield timer.model_copy(update={"due": rec.at})


def on_freed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever offered and is not needed hears who comes, and that they are free."""
    assert isinstance(rec.event, rw.ResourcesFreed)
    task = task_of(rec, state)
    last = max(task.places, key=lambda one: one.claimed_at, default=None)
    if last is None:
        return
    text = t(
        "{who} comes for {what} ({ref}), expected at {eta}. You are free. Thank you for offering.",
        who=Who(person=last.person),
        what=task_name(task, ctx) or t("what was asked for"),
        ref=Ref(ref=state.reference),
        eta=When(at=last.eta),
    )
    call, seats = Call(state, 0, text, "free", rec.at + NEWS_LASTS), dict(rec.event.alone)
    for person in rec.event.people:
        yield from tell(call, person, seats.get(person))


def on_claimed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody more is asked once enough are coming."""
    task = task_of(rec, state)
    if task.status != "open":
        yield DropTimer(name=_asking(task))


def on_released(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The place is free again, so others are asked while there is something to do."""
    if state.working:
        task = task_of(rec, state)
        if task.call.how != "one" or task.rounds:
            yield Ring(role="resource", why="task")
        yield _asked_timer(state, task, ctx)


def on_open_again(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What lacked somebody while one was there to finish is asked for again."""
    for task in state.tasks:
        if task.status == "open":
            yield _asked_timer(state, task, ctx)


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody is asked any more."""
    yield DropTimer(name=_asking(task_of(rec, state)))


def on_brought(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What nobody has taken yet is asked for again in time; nobody is called anew, but for who was
    asked by name and finds it here now.
    """
    task = task_of(rec, state)
    for person in task.call.pending:
        yield from _call(rec, state, task, person, ctx)
    if state.working and task.status == "open":
        yield _asked_timer(state, task, ctx)


WORKFLOW = Workflow(
    rules=(
        Rule(
            ic.AskForResource,
            ask,
            "named",
            roles=STAFF,
            by_system=True,
            named_by="incident",
            reads=lambda command: (command.whom,) if command.whom else (),
        ),
        Rule(ic.CancelTask, cancel, "named", roles=STAFF, named_by="incident"),
        Rule(
            ic.ExpireTask,
            expire,
            "named",
            by_system=True,
            named_by="incident",
            crew=lambda command: command.incident,
        ),
    ),
    reactors=(
        (ie.TaskOpened, on_asked),
        (ie.TaskExpired, on_asked),
        (ie.TaskReopened, on_asked),
        (ie.IncidentReopened, on_open_again),
        (ie.TaskClaimed, on_claimed),
        (ie.TaskReleased, on_released),
        (ie.TaskDeclined, on_declined),
        (rw.ResourceAsked, on_named),
        (rw.ResourcesFreed, on_freed),
        (ie.TaskCancelled, on_cancelled),
        (mw.TaskMoved, on_cancelled),
        (mw.TaskBrought, on_brought),
    ),
)
