"""The index: which function decides each command, and which react to each event, in order."""

from collections.abc import Iterable, Iterator

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.ids import Kind
from bot.core.rules import Lister, Reactor, Rule, Workflow
from bot.workflows import (
    approving,
    asking_cards,
    availability,
    beneath,
    bids,
    briefing,
    checkins,
    closure,
    conversation,
    deliveries,
    dispatch,
    distress,
    erasure,
    escalation,
    escalation_alarms,
    escalation_answers,
    escalation_causes,
    files,
    following,
    followup,
    giving_back,
    going_on,
    handing,
    hearing,
    holding,
    incident_cards,
    incident_lists,
    intake,
    joining,
    language,
    likely,
    lists,
    looking,
    major,
    merging,
    methane,
    milestones,
    moving,
    opening,
    own_places,
    paths,
    people,
    posts,
    problems,
    programs,
    reaching,
    relaying,
    report_cards,
    reveal,
    script,
    sheets,
    shelter,
    standing_down,
    tasks,
    triage,
    undelivered,
    updates,
    vulnerability,
    way_back,
    welfare,
)

WORKFLOWS: tuple[Workflow, ...] = (
    intake.WORKFLOW,
    relaying.WORKFLOW,
    conversation.WORKFLOW,
    files.WORKFLOW,
    followup.WORKFLOW,
    going_on.WORKFLOW,
    likely.WORKFLOW,
    way_back.WORKFLOW,
    reaching.WORKFLOW,
    opening.WORKFLOW,
    paths.WORKFLOW,
    problems.WORKFLOW,
    triage.WORKFLOW,
    giving_back.WORKFLOW,
    holding.WORKFLOW,
    merging.WORKFLOW,
    moving.WORKFLOW,
    distress.WORKFLOW,
    shelter.WORKFLOW,
    welfare.WORKFLOW,
    vulnerability.WORKFLOW,
    script.WORKFLOW,
    sheets.WORKFLOW,
    reveal.WORKFLOW,
    looking.WORKFLOW,
    dispatch.WORKFLOW,
    tasks.WORKFLOW,
    bids.WORKFLOW,
    handing.WORKFLOW,
    checkins.WORKFLOW,
    standing_down.WORKFLOW,
    briefing.WORKFLOW,
    updates.WORKFLOW,
    approving.WORKFLOW,
    deliveries.WORKFLOW,
    undelivered.WORKFLOW,
    escalation.WORKFLOW,
    escalation_alarms.WORKFLOW,
    escalation_causes.WORKFLOW,
    escalation_answers.WORKFLOW,
    closure.WORKFLOW,
    major.WORKFLOW,
    own_places.WORKFLOW,
    posts.WORKFLOW,
    methane.WORKFLOW,
    milestones.WORKFLOW,
    people.WORKFLOW,
    following.WORKFLOW,
    hearing.WORKFLOW,
    programs.WORKFLOW,
    availability.WORKFLOW,
    joining.WORKFLOW,
    language.WORKFLOW,
    erasure.WORKFLOW,
    report_cards.WORKFLOW,
    asking_cards.WORKFLOW,
    beneath.WORKFLOW,
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
