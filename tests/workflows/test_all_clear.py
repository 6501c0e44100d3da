"""The all-clear before a second person: by the rule of other updates (incident practice 4.1)."""

from bot.core.approval_words import ApproveUpdate, BreakGlass, ReviseDraft
from bot.core.commands import Actor, Command, Refused
from bot.core.intents import Say
from bot.core.major_words import CancelMajor, MajorStoodDown
from bot.core.rules import Decision
from bot.views import draft, incident
from bot.views.actions import form_of
from bot.views.look import Look
from tests.workflows.drafts import known
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN,
    BEN_ACTS,
    CAREFUL,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    names,
)
from tests.workflows.majors import ALL_CLEAR, DECLARE, Crew, declared
from tests.workflows.test_major import update


def careful(desk: Crew, command: Command, by: Actor = ANA_ACTS, **more: object) -> Decision:
    """Decided by the default playbook: whatever goes to everybody at P1 waits."""
    people = known(desk, reached=3)
    return desk.do(command, by, **{"playbook": CAREFUL, "people": people, **more})


def told_to_all() -> Crew:
    """A major incident of which everybody was told."""
    desk = declared()
    assert not isinstance(desk.do(update("public", at=desk.at), ANA_ACTS), Refused)
    return desk


def test_practice_4_1_an_all_clear_to_everybody_waits_by_the_rule_of_updates() -> None:
    desk = told_to_all()
    assert names(careful(desk, ALL_CLEAR)) == ["UpdateDrafted"]
    assert desk.incident.major.declared, "nothing is over before it was read"
    assert names(careful(desk, ALL_CLEAR)) == "all_clear_waits"
    approve = ApproveUpdate(incident=INCIDENT, draft=1, version=1)
    assert names(careful(desk, approve)) == "own_draft"
    done = careful(desk, approve, CHIEF_ACTS)
    assert names(done) == ["DraftApproved", "MajorStoodDown", "UpdatePublished"]
    assert desk.incident.major.stage == "stood_down"
    last = desk.incident.latest[-1]
    assert (last.approved_by, last.next_by) == (CHIEF_ACTS.person, None)
    down = next(one for one in desk.events if isinstance(one, MajorStoodDown))
    assert (down.by, str(down.data_loss.plain())) == (ANA, "No data was lost.")


def test_practice_4_1_in_need_the_commander_gives_it_without_for_a_reason() -> None:
    desk = told_to_all()
    careful(desk, ALL_CLEAR)
    glass = BreakGlass(incident=INCIDENT, draft=1, version=1, reason="Nobody answers")
    assert names(careful(desk, glass)) == ["GlassBroken", "MajorStoodDown", "UpdatePublished"]
    assert desk.incident.latest[-1].unapproved


def test_practice_4_1_whoever_approves_an_all_clear_is_told_what_ends_with_it() -> None:
    desk = told_to_all()
    careful(desk, ALL_CLEAR)
    (called,) = desk.wants(Say)
    assert "stands the major incident down" in called.text.key
    look = Look(CAREFUL, lambda version: CAREFUL, {})
    shown = draft.card(desk.incident, 1, look)
    assert shown is not None
    assert "draft of the all-clear" in str(shown.blocks)
    assert "the major incident is stood down with it" in str(shown.blocks)
    assert "revise_draft" not in {form_of(one.action) for one in shown.buttons}
    assert "resolve" not in {
        form_of(one.action) for one in incident.card(desk.incident, 0, look).buttons
    }


def test_an_all_clear_is_not_changed_and_counts_only_while_its_author_commands() -> None:
    desk = told_to_all()
    careful(desk, ALL_CLEAR)
    revise = ReviseDraft(incident=INCIDENT, draft=1, words="All is well again.", before=1)
    assert names(careful(desk, revise, BEN_ACTS)) == "all_clear"
    desk.offers("commander", BEN)
    desk.accepts("commander", BEN_ACTS)
    approve = ApproveUpdate(incident=INCIDENT, draft=1, version=1)
    assert names(careful(desk, approve, CHIEF_ACTS)) == "not_commander"
    assert desk.incident.major.declared


def test_an_all_clear_of_an_earlier_declaration_ends_no_later_one() -> None:
    desk = told_to_all()
    careful(desk, ALL_CLEAR)
    careful(desk, CancelMajor(incident=INCIDENT, reason="It is none after all"))
    desk.later(HOUR)
    assert not isinstance(careful(desk, DECLARE), Refused)
    approve = ApproveUpdate(incident=INCIDENT, draft=1, version=1)
    assert names(careful(desk, approve, CHIEF_ACTS)) == "declared_anew"
    glass = BreakGlass(incident=INCIDENT, draft=1, version=1, reason="Nobody answers")
    assert names(careful(desk, glass)) == "declared_anew"
    assert desk.incident.major.declared


def test_one_that_is_told_to_few_customers_needs_nobody_else() -> None:
    desk = declared()
    assert names(careful(desk, ALL_CLEAR)) == ["MajorStoodDown", "UpdatePublished"]
    assert desk.incident.latest[-1].approved_by == ANA
