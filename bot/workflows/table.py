"""The index: which function decides each command, and which react to each event, in order."""

from collections.abc import Iterable, Iterator

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.ids import Kind
from bot.core.rules import Lister, Reactor, Rule, Workflow
from bot.workflows import (
    closure,
    conversation,
    dispatch,
    erasure,
    escalation,
    followup,
    incident_cards,
    incident_lists,
    intake,
    lists,
    people,
    report_cards,
    tasks,
    triage,
    updates,
)

WORKFLOWS: tuple[Workflow, ...] = (
    intake.WORKFLOW,
    conversation.WORKFLOW,
    followup.WORKFLOW,
    triage.WORKFLOW,
    dispatch.WORKFLOW,
    tasks.WORKFLOW,
    updates.WORKFLOW,
    escalation.WORKFLOW,
    closure.WORKFLOW,
    people.WORKFLOW,
    erasure.WORKFLOW,
    report_cards.WORKFLOW,
    incident_cards.WORKFLOW,
)


def _rules(workflows: Iterable[Workflow]) -> Iterator[tuple[type[Command], Rule]]:
    for workflow in workflows:
        for rule in workflow.rules:
            yield rule.command, rule


def _reactors(workflows: Iterable[Workflow]) -> dict[type[Event], tuple[Reactor, ...]]:
    gathered: dict[type[Event], tuple[Reactor, ...]] = {}
    for workflow in workflows:
        for event, reactor in workflow.reactors:
            gathered[event] = (*gathered.get(event, ()), reactor)
    return gathered


RULES: dict[type[Command], Rule] = dict(_rules(WORKFLOWS))
REACTORS: dict[type[Event], tuple[Reactor, ...]] = _reactors(WORKFLOWS)
LISTS: dict[Kind, Lister] = {**lists.LISTS, **incident_lists.LISTS}
