"""The one gate: whatever is not granted is denied, and what may not be seen does not exist."""

import pytest

from bot.core.access import gate
from bot.core.commands import SYSTEM, Actor
from bot.core.fold import State
from bot.core.report_words import BeginReport
from bot.core.rules import Rule
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    actor,
)
from tests.workflows.reports import report
from tests.workflows.test_people import MET, person


def rule(
    roles: tuple[str, ...] = (),
    by_system: bool = False,
    by_reporter: bool = False,
    by_anyone: bool = False,
) -> Rule:
    """A rule for these; what it decides does not matter here."""
    return Rule(
        BeginReport,
        lambda state, command, ctx: [],
        "named",
        roles=roles,
        by_system=by_system,
        by_reporter=by_reporter,
        by_anyone=by_anyone,
    )


AGENTS = rule(roles=("agent",))
HOUSE = rule(by_system=True)
REPORTER = rule(by_reporter=True)
EITHER = rule(by_reporter=True, roles=("agent",))
ANYONE = rule(by_anyone=True)
STRANGER = actor("per_" + "X" * 26)
OWN = report().state
SOMEBODY = person(MET).state

CASES: list[tuple[Rule, Actor, State | None, str]] = [
    # The house does what the table allows it, and nothing else.
    (HOUSE, SYSTEM, None, ""),
    (AGENTS, SYSTEM, None, "not_allowed"),
    (ANYONE, SYSTEM, None, "not_allowed"),
    (HOUSE, ADMIN_ACTS, None, "not_allowed"),
    # Roles open what they are named for.
    (AGENTS, ANA_ACTS, SOMEBODY, ""),
    (AGENTS, CHIEF_ACTS, SOMEBODY, "not_allowed"),
    (AGENTS, STRANGER, SOMEBODY, "not_allowed"),
    # A customer's commands reach their own report, also one that is about to begin.
    (REPORTER, CUSTOMER_ACTS, OWN, ""),
    (REPORTER, CUSTOMER_ACTS, None, ""),
    (REPORTER, STRANGER, OWN, "not_found"),
    (REPORTER, ADMIN_ACTS, OWN, "not_found"),
    (REPORTER, STRANGER, SOMEBODY, "not_found"),
    # Staff may have a way in beside the reporter.
    (EITHER, ANA_ACTS, OWN, ""),
    (EITHER, STRANGER, OWN, "not_allowed"),
    # A link is for whoever holds it.
    (ANYONE, STRANGER, SOMEBODY, ""),
]


@pytest.mark.parametrize(("rule", "by", "state", "code"), CASES)
def test_who_may_is_let_through_and_nobody_else(
    rule: Rule, by: Actor, state: State | None, code: str
) -> None:
    refused = gate(rule, by, state)
    assert ("" if refused is None else refused.code) == code
