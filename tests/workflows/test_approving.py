"""A second pair of eyes: practice 4.2, draft, approve, send, and the approver logged."""

from typing import Any

import pytest

from bot.core.approval_words import (
    BreakGlass,
    GlassBroken,
)
from bot.core.commands import Actor
from bot.core.incident_commands import (
    CorrectUpdate,
    RestrictIncident,
    WithdrawUpdate,
)
from bot.core.incident_events import UpdateCorrected, UpdatePublished
from bot.core.incident_words import Audience
from bot.core.intents import Ring, Say, Show
from bot.core.parties import Party
from bot.core.personal import Personal
from bot.core.playbook_parts import Approval
from bot.workflows.table import RULES
from tests.workflows.desk import P1, P2, P4, RITA_ACTS, taken
from tests.workflows.drafts import (
    APPROVE,
    BACK,
    EVE_ACTS,
    GLASS,
    WORDS,
    do,
    drafted,
    publish,
    revise,
)
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA,
    ANA_ACTS,
    BEN,
    BEN_ACTS,
    CAREFUL,
    CHIEF,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    HOUR,
    INCIDENT,
    actor,
    names,
)

# --- what waits ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "audience", "reach", "waits"),
    [
        (P1, "public", 0, True),
        (P2, "public", 0, True),
        (P2, "reporters", 50, False),
        (P2, "reporters", 51, True),
        (P2, "staff", 0, False),
        (P4, "public", 50, False),
        (P4, "public", 51, True),
        (P4, "reporters", None, True),
    ],
)
def test_practice_4_2_what_reaches_many_or_everybody_waits_by_the_playbooks_rule(
    answers: dict[str, Any], audience: Audience, reach: int | None, waits: bool
) -> None:
    """Audience, priority and size; a page that everybody reads counts as read, and what nobody
    counted is many.
    """
    desk = taken(answers)
    decided = names(do(desk, publish(desk, audience), ANA_ACTS, reach=reach))
    assert decided == (["UpdateDrafted"] if waits else ["UpdatePublished"])
    assert bool(desk.incident.drafting.open) is waits
    assert desk.incident.updates == (0 if waits else 1)


def test_practice_4_2_what_waits_is_told_to_nobody_and_keeps_no_promise() -> None:
    """So an update that waits too long is overdue by the very clock that was running."""
    desk = taken(P2)
    owed = desk.incident.targets.update
    do(desk, publish(desk), ANA_ACTS)
    assert {getattr(one.to, "of", "") for one in desk.wants(Say)} == {"staff"}
    assert desk.incident.targets.update == owed is not None


def test_whoever_may_approve_is_called_with_the_words_the_audience_and_how_many() -> None:
    desk = drafted(reach=214)
    (said,) = desk.wants(Say)
    assert said.to.scope == f"but:{ANA},role:supervisor", "not whoever wrote it"
    assert (said.lane, said.at_once) == ("safety", True)
    assert said.words == Personal(desk.incident.subject, WORDS)
    assert said.text.args["people"].args == {"n": 214}
    assert said.text.args["audience"].key == "everyone"
    assert [one.role for one in desk.wants(Ring)] == ["supervisor"]
    (shown,) = [one for one in desk.wants(Show) if one.card == "draft"]
    assert (shown.number, shown.place) == (1, "team")


def test_of_what_few_may_see_approvers_are_called_alone_and_no_team() -> None:
    desk = taken(P2)
    why = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Asked for")
    desk.do(why, ANA_ACTS)
    do(desk, publish(desk, "reporters"), ANA_ACTS, reach=60)
    (said,) = desk.wants(Say)
    assert said.to.scope == f"alone,but:{ANA},role:supervisor"


# --- approving -------------------------------------------------------------------------------


def test_practice_4_2_the_approver_is_logged_and_exactly_those_words_go_out() -> None:
    desk = drafted()
    waiting = desk.incident.drafting.open[0].words
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == ["DraftApproved", "UpdatePublished"]
    sent = desk.events[-1]
    assert isinstance(sent, UpdatePublished)
    assert sent.words is waiting
    assert (sent.by, sent.approved_by, sent.unapproved) == (ANA, CHIEF, False)
    assert desk.incident.latest[-1].approved_by == CHIEF
    assert [one for one, _ in desk.says()] == ["reporters", "subscribers"]
    assert desk.incident.targets.update == desk.at + HOUR
    assert not desk.incident.drafting.open


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (ANA_ACTS, "own_draft"),
        (BEN_ACTS, "not_allowed"),
        (ADMIN_ACTS, "not_allowed"),
        (RITA_ACTS, "not_allowed"),
        (CUSTOMER_ACTS, "not_allowed"),
        (actor(ANA, "agent", "supervisor"), "own_draft"),
    ],
)
def test_nobody_approves_but_who_may_and_never_an_author(who: Actor, code: str) -> None:
    for command in (APPROVE, BACK):
        assert names(do(drafted(), command, who)) == code


def test_whoever_changed_a_draft_is_an_author_too_and_so_is_who_goes_on_as_one() -> None:
    desk = drafted()
    do(desk, revise(desk), CHIEF_ACTS)
    now = APPROVE.model_copy(update={"version": 2})
    assert names(do(desk, now, CHIEF_ACTS)) == "own_draft"
    joined = Actor(person="per_" + "J" * 26, roles=("supervisor",), also=(ANA,))
    assert names(do(desk, now, joined)) == "own_draft"
    assert names(do(desk, now, EVE_ACTS)) == ["DraftApproved", "UpdatePublished"]


def test_practice_4_2_who_let_a_program_in_does_not_approve_what_it_wrote() -> None:
    desk = taken(P2)
    program = Actor(person="per_" + "K" * 26, roles=("api:publish",), behind=CHIEF)
    do(desk, publish(desk), program)
    for command in (APPROVE, BACK):
        assert names(do(desk, command, CHIEF_ACTS)) == "own_draft"
    assert names(do(desk, APPROVE, EVE_ACTS)) == ["DraftApproved", "UpdatePublished"]


def test_who_let_a_program_in_is_called_when_what_it_wrote_is_sent_back() -> None:
    desk = taken(P2)
    program = Actor(person="per_" + "K" * 26, roles=("api:publish",), behind=CHIEF)
    do(desk, publish(desk), program)
    do(desk, BACK, EVE_ACTS)
    assert [one.to.scope for one in desk.wants(Say)] == [f"person:{CHIEF}"]


def test_where_an_agent_may_approve_a_supervisor_may_as_well() -> None:
    rules = (Approval(audiences=("public",), by="agent"),)
    playbook = CAREFUL.model_copy(update={"approvals": rules})
    for who, decided in ((BEN_ACTS, ["DraftApproved", "UpdatePublished"]), (ANA_ACTS, "own_draft")):
        assert names(do(drafted(playbook=playbook), APPROVE, who)) == decided
    assert isinstance(names(do(drafted(playbook=playbook), APPROVE, CHIEF_ACTS)), list)


def test_a_draft_keeps_the_rule_that_asked_for_it() -> None:
    desk = drafted()
    loose = CAREFUL.model_copy(update={"approvals": ()})
    assert names(do(desk, APPROVE, BEN_ACTS, playbook=loose)) == "not_allowed"
    do(desk, revise(desk), ANA_ACTS, playbook=loose)
    assert desk.incident.drafting.open[0].approver == "supervisor"


def test_of_two_who_approve_at_once_one_does_and_the_other_hears_that_it_went_out() -> None:
    desk = drafted()
    do(desk, APPROVE, CHIEF_ACTS)
    assert names(do(desk, APPROVE, EVE_ACTS)) == "settled"
    assert desk.incident.updates == 1


def test_words_that_changed_since_they_were_read_are_read_again_first() -> None:
    desk = drafted()
    do(desk, revise(desk), ANA_ACTS)
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "overtaken"
    assert names(do(desk, BACK, CHIEF_ACTS)) == "overtaken"


# --- without the second person ---------------------------------------------------------------


def test_in_need_its_author_sends_it_and_those_who_approve_read_why_at_once() -> None:
    desk = drafted()
    assert names(do(desk, GLASS, ANA_ACTS)) == ["GlassBroken", "UpdatePublished"]
    sent = desk.events[-1]
    assert isinstance(sent, UpdatePublished)
    assert (sent.approved_by, sent.unapproved) == (None, True)
    update = desk.incident.latest[-1]
    assert update.unapproved
    assert isinstance(desk.events[update.glass - 1], GlassBroken), "where the reason stands"
    (told,) = [one for one in desk.wants(Say) if one.to.of == "staff"]
    assert (told.to.scope, told.at_once) == (f"but:{ANA},role:supervisor", True)
    assert told.words == Personal(desk.incident.subject, GLASS.reason)


def test_the_glass_is_its_authors_and_takes_a_reason_a_proof_and_a_rule_that_allows_it() -> None:
    assert names(do(drafted(), GLASS, BEN_ACTS)) == "not_yours"
    assert names(do(drafted(), GLASS.model_copy(update={"reason": "x"}), ANA_ACTS)) == "too_short"
    assert RULES[BreakGlass].proof == "always"
    strict = (Approval(by="supervisor", break_glass=False),)
    playbook = CAREFUL.model_copy(update={"approvals": strict})
    assert names(do(drafted(playbook=playbook), GLASS, ANA_ACTS)) == "no_glass"


# --- corrections -----------------------------------------------------------------------------


def test_a_correction_of_what_many_read_waits_like_the_update_itself() -> None:
    """Else whoever had one update approved could say anything in its place."""
    desk = drafted()
    do(desk, APPROVE, CHIEF_ACTS)
    correct = CorrectUpdate(incident=INCIDENT, number=1, words="A third of the houses have power.")
    assert names(do(desk, correct, ANA_ACTS)) == ["UpdateDrafted"]
    second = APPROVE.model_copy(update={"draft": 2})
    assert names(do(desk, second, CHIEF_ACTS)) == ["DraftApproved", "UpdateCorrected"]
    sent = desk.events[-1]
    assert isinstance(sent, UpdateCorrected)
    assert (sent.number, sent.by, sent.approved_by) == (1, ANA, CHIEF)
    assert not desk.incident.latest[-1].unapproved
    do(desk, correct, BEN_ACTS)
    desk.do(WithdrawUpdate(incident=INCIDENT, number=1, reason="Wrong"), ANA_ACTS)
    third = APPROVE.model_copy(update={"draft": 3})
    assert names(do(desk, third, CHIEF_ACTS)) == "passed_by"


def test_whom_a_page_names_is_a_party_that_the_playbook_could_name() -> None:
    assert Party(of="person", key=BEN).key == BEN


# --- the words themselves --------------------------------------------------------------------

AVOIDING = CAREFUL.model_copy(
    update={
        "approvals": (),
        "publishing": CAREFUL.publishing.model_copy(
            update={"avoid": {"en": ("fault of", "probably"), "ru": ("виноват*",)}}
        ),
    }
)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("It is the fault of the operator.", True),
        ("The cable was PROBABLY cut.", True),
        ("Виновата погода.", True),
        ("The cable is cut. We mend it. Keep fridges shut.", False),
        ("Improbably quick work.", False),
    ],
)
def test_practice_4_2_blame_and_guesses_are_asked_about_once_and_never_blocked(
    words: str, asks: bool
) -> None:
    desk = taken(P2)
    first = do(desk, publish(desk, words=words), ANA_ACTS, playbook=AVOIDING)
    assert names(first) == ("careless" if asks else ["UpdatePublished"])
    assert not asks or getattr(first, "transient", False), "pressing again is a new press"
    meant = publish(desk, words=words, sure=True)
    assert names(do(desk, meant, ANA_ACTS, playbook=AVOIDING)) == ["UpdatePublished"]


def test_every_language_is_looked_through_for_blame() -> None:
    desk = taken(P2)
    also = publish(desk, also={"ru": "Виноват подрядчик."})
    assert names(do(desk, also, ANA_ACTS, playbook=AVOIDING)) == "careless"
