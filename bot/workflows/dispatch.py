"""Dispatch: resources are asked for, asked again while nobody comes, and called off."""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import STAFF, about, me, over, task_of
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, Ring, SetTimer
from bot.core.notices import ring_owner
from bot.core.playbook_parts import TaskPart
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.task import MOST_TASKS, Task
from bot.core.texts import t

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
    opened = ie.TaskOpened(
        task=len(state.tasks) + 1,
        template=command.template,
        what=what,
        skill=command.skill or (part.skill if part and part.skill else ""),
        needed=needed,
        by=me(ctx),
    )
    return [opened]


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
    """Nobody filled it in time; one that was asked for anew since is left alone."""
    task = None if state is None or not state.working else state.task(command.task)
    if task is None or task.status != "open" or task.asked_at != command.asked_at:
        return []
    return [ie.TaskExpired(task=task.number, round=task.rounds + 1)]


def _asked_timer(state: Incident, task: Task, ctx: Context) -> SetTimer:
    """When to ask again: in the time in which the priority promises that somebody acts."""
    wait = ctx.edition(state.playbook).targets.of(state.priority).acknowledge
    command = ic.ExpireTask(incident=state.stream, task=task.number, asked_at=task.asked_at)
    return SetTimer(name=_asking(task), due=task.asked_at + wait, command=command)


def _asking(task: Task) -> str:
    return f"claim:{task.number}"


def on_asked(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Resources are called, and called again if nobody comes."""
    task = task_of(rec, state)
    yield Ring(role="resource", why="task")
    yield _asked_timer(state, task, ctx)
    if isinstance(rec.event, ie.TaskExpired):
        yield ring_owner(state, "unclaimed")


def on_claimed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody more is asked once enough are coming."""
    task = task_of(rec, state)
    if task.status != "open":
        yield DropTimer(name=_asking(task))


def on_released(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The place is free again, so others are asked while there is something to do."""
    if state.working:
        yield Ring(role="resource", why="task")
        yield _asked_timer(state, task_of(rec, state), ctx)


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody is asked any more."""
    yield DropTimer(name=_asking(task_of(rec, state)))


def on_brought(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What nobody has taken yet is asked for again in time; nobody is called anew."""
    task = task_of(rec, state)
    if state.working and task.status == "open":
        yield _asked_timer(state, task, ctx)


WORKFLOW = Workflow(
    rules=(
        Rule(ic.AskForResource, ask, "named", roles=STAFF, by_system=True, named_by="incident"),
        Rule(ic.CancelTask, cancel, "named", roles=STAFF, named_by="incident"),
        Rule(ic.ExpireTask, expire, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (ie.TaskOpened, on_asked),
        (ie.TaskExpired, on_asked),
        (ie.TaskReopened, on_asked),
        (ie.TaskClaimed, on_claimed),
        (ie.TaskReleased, on_released),
        (ie.TaskCancelled, on_cancelled),
        (mw.TaskMoved, on_cancelled),
        (mw.TaskBrought, on_brought),
    ),
)
