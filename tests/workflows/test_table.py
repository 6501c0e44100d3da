"""The table is whole: every word has its place, and nobody but the house does the house's work."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.core import person_words as pw
from bot.core.access import gate
from bot.core.commands import SYSTEM, Actor, Command
from bot.core.events import Erased, Event
from bot.core.program_words import SCOPES
from bot.core.registry import COMMANDS, EVENT_TYPES, FOLDS
from bot.core.rules import Rule
from bot.workflows import incident_cards, report_cards, table
from bot.workflows.table import LISTS, REACTORS, RULES, WORKFLOWS
from tests.tidy import ROOT

COMMAND_TYPES = tuple(COMMANDS.values())
MODULES = sorted((ROOT / "bot" / "workflows").glob("*.py"))
# Helpers of the deciders that live in core make some of the events.
SOURCES = [*MODULES, *sorted((ROOT / "bot" / "core").glob("*.py"))]


def made(path: Path) -> Iterator[str]:
    """The last names of everything that `path` calls, as in `ie.TaskOpened(...)`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


MADE = {name for path in SOURCES for name in made(path)}


# A command that a module of workflows makes goes into a Do, a Then or a timer.
SENT_BY_THE_HOUSE = [one for one in COMMAND_TYPES if one.__name__ in MADE]


def test_every_command_has_exactly_one_rule() -> None:
    ruled = Counter(rule.command for workflow in WORKFLOWS for rule in workflow.rules)
    assert ruled == Counter(COMMAND_TYPES)


def test_every_module_of_workflows_is_in_the_table() -> None:
    named = {name.removeprefix("bot.workflows.") for name in imported(table)}
    expected = {path.stem for path in MODULES} - {"__init__", "table"}
    assert expected <= named


def imported(module: ModuleType) -> Iterator[str]:
    for value in vars(module).values():
        if isinstance(value, ModuleType):
            yield value.__name__


@pytest.mark.parametrize("event", EVENT_TYPES)
def test_every_event_is_made_by_somebody_and_understood_by_its_streams(
    event: type[Event],
) -> None:
    assert event.__name__ in MADE
    for kind in event.kinds:
        assert event in FOLDS[kind].events


def test_every_fold_understands_events_of_its_own_kind_only() -> None:
    for kind, fold in FOLDS.items():
        assert [one for one in fold.events if kind not in one.kinds] == []


def test_every_reaction_is_to_an_event_that_there_is() -> None:
    assert set(REACTORS) <= set(EVENT_TYPES)
    # Nobody is told that something was deleted; it is only seen no more.
    assert set(REACTORS[Erased]) == {incident_cards.show_erased, report_cards.show_erased}


def test_every_kind_of_stream_has_its_list() -> None:
    assert set(LISTS) == set(FOLDS)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.command.tag)
def test_somebody_may_ask_for_each_command(rule: Rule) -> None:
    assert rule.roles or rule.by_reporter or rule.by_system or rule.by_anyone
    assert set(rule.roles) <= {*pw.ROLES, *SCOPES}
    assert not (rule.by_anyone and (rule.roles or rule.by_reporter))


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.command.tag)
def test_the_aim_of_each_rule_can_be_found(rule: Rule) -> None:
    """What is named is named by a field of the command; only the house may bring the stream."""
    fields = rule.command.model_fields
    by_people = bool(rule.roles or rule.by_reporter or rule.by_anyone)
    if rule.named_by:
        assert rule.named_by in fields
        assert rule.aim in ("named", "own_report")
    if rule.aim == "named" and by_people:
        assert (rule.named_by or rule.command.kind) in fields
    if rule.aim == "own_report":
        assert rule.command.kind == "report"
        assert rule.by_reporter
    if rule.by_reporter:
        assert rule.aim == "own_report"
    if rule.aim == "self":
        assert rule.command.kind == "person"
    if rule.aim == "desk":
        assert rule.command.kind == "desk"


@pytest.mark.parametrize("command", SENT_BY_THE_HOUSE)
def test_what_the_house_sends_the_house_may(command: type[Command]) -> None:
    assert RULES[command].by_system
    assert gate(RULES[command], SYSTEM, None) is None


def test_what_only_the_house_does_is_open_to_no_role() -> None:
    """Timers and Dos: whoever sends one by hand is refused, whatever roles they have."""
    everyone = Actor(person="per_" + "X" * 26, roles=pw.ROLES)
    house = [one for one in RULES.values() if one.by_system and not one.roles]
    assert len(house) > 10
    for rule in house:
        refused = gate(rule, everyone, None)
        assert refused is not None
        assert refused.code == "not_allowed"
