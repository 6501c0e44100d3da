"""The one gate: whatever is not granted is denied, and what may not be seen does not exist."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.access import (
    GRANT_SERVES,
    GRAVE,
    GRAVE_SERVES,
    current,
    gate,
    is_grave,
    serving,
)
from bot.core.commands import SYSTEM, Actor, Grant, granted_in
from bot.core.fold import State
from bot.core.registry import COMMANDS
from bot.core.report_words import BeginReport
from bot.core.rules import Proof, Rule
from bot.workflows.table import RULES
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


# --- by being somewhere ----------------------------------------------------------------------

NOW = 2_000_000_000_000
PROOFS: tuple[Proof, ...] = ("", "many", "always")
TIMES = st.one_of(
    st.integers(0, 2 * NOW),
    st.integers(NOW - 2 * GRANT_SERVES, NOW + GRANT_SERVES),
    st.integers(NOW - 2 * GRAVE_SERVES, NOW + GRAVE_SERVES),
)


@given(seen_at=TIMES, proof=st.sampled_from(PROOFS))
def test_a_grant_serves_while_it_was_seen_lately_and_less_long_for_what_is_grave(
    seen_at: int, proof: Proof
) -> None:
    asked = replace(AGENTS, proof=proof)
    grant, age = Grant("agent", "triage", seen_at), NOW - seen_at
    most = GRAVE_SERVES if proof else GRANT_SERVES
    assert serving(asked, (grant,), NOW) == ((grant,) if 0 <= age < most else ())
    assert set(serving(asked, (grant,), NOW)) <= set(current((grant,), NOW))


def test_what_was_never_seen_or_is_from_the_future_never_serves() -> None:
    for seen_at in (0, NOW + 1):
        assert serving(AGENTS, (Grant("agent", "triage", seen_at),), NOW) == ()


def test_a_grant_that_is_too_old_is_told_apart_from_none_and_hides_what_is_hidden() -> None:
    stale = replace(STRANGER, stale=("agent",))
    refused = gate(AGENTS, stale, SOMEBODY)
    assert refused is not None
    assert (refused.code, refused.transient) == ("stale", True)
    other = gate(rule(roles=("supervisor",)), stale, SOMEBODY)
    assert other is not None
    assert other.code == "not_allowed"


def test_what_takes_a_proof_is_grave_and_what_is_named_as_grave_is_a_command_of_staff() -> None:
    for command, one in RULES.items():
        assert is_grave(one) == (bool(one.proof) or command.tag in GRAVE)
    assert set(COMMANDS) >= GRAVE
    assert all(RULES[COMMANDS[tag]].roles for tag in GRAVE)


@given(
    role=st.sampled_from(["agent", "resource"]),
    place=st.from_regex(r"[a-z_]*", fullmatch=True),
    seen_at=st.integers(0, NOW),
)
def test_the_log_keeps_by_which_place_somebody_may(role: str, place: str, seen_at: int) -> None:
    grant = Grant(role, place, seen_at)
    assert granted_in(replace(STRANGER, granted=grant).evidence) == grant


@pytest.mark.parametrize("cause", ["", "inc_1:3", "timer", "grant:", "grant:agent:triage:soon"])
def test_what_else_leads_to_an_event_is_no_evidence(cause: str) -> None:
    assert granted_in(cause) is None
