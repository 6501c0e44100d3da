"""The agent's script for an incident: the steps that apply, and which of them are done."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.playbook_assess import steps
from bot.core.texts import Words


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: its number in the script, what to say or do and why; when it was done, by whom."""

    number: int
    say: Words
    why: Words
    done_at: Millis | None
    done_by: str


def doers(state: Incident) -> list[PersonId]:
    """Whoever did a step."""
    return [one.by for one in state.script]


def script(plan: Playbook, state: Incident, names: Mapping[PersonId, str]) -> tuple[StepView, ...]:
    """The steps that apply to what is known, numbered as they stand in the playbook; of a problem
    none, since nobody is spoken with.
    """
    if state.incident_kind == "problem":
        return ()
    known = {one.field: one.value for one in state.facts if not isinstance(one.value, Personal)}
    shown = steps(plan, state.category, known)
    category = plan.category(state.category)
    found = []
    for number, step in enumerate(category.script if category else (), 1):
        if step in shown:
            done = state.ticked(state.category, number)
            at, by = (done.at, names.get(done.by, "")) if done else (None, "")
            found.append(StepView(number, step.say, step.why, at, by))
    return tuple(found)
