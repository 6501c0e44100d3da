"""A major incident declared, and stood down (incident practice 3.1, 3.4 and 4.1)."""

import pytest

from bot.core.commands import Actor, Command, Refused
from bot.core.disclosure import People
from bot.core.incident_commands import (
    AskForResource,
    AssessIncident,
    CancelIncident,
    ClaimTask,
    HoldIncident,
    OverridePriority,
    PublishUpdate,
    ResolveIncident,
    RestrictIncident,
)
from bot.core.incident_events import PriorityChanged, UpdatePublished
from bot.core.intents import Ring, Say
from bot.core.major import holder
from bot.core.major_words import (
    CancelMajor,
    DeclareMajor,
    StandByForMajor,
    StandDownMajor,
)
from bot.core.moving_words import GoInto, MergeIncident
from bot.core.notices import ALONE
from bot.core.priority import Level, Priority
from bot.core.texts import Who
from tests.workflows.crew import closed
from tests.workflows.desk import RITA_ACTS, nothing_yet, opened, resolved
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    TASKS,
    Story,
    actor,
    names,
)
from tests.workflows.majors import ALL_CLEAR, DECLARE, HERE, Crew, crew, declared, manned

BOTH = actor(ANA, "agent", "resource")
STAND_BY = StandByForMajor(incident=INCIDENT, reason="The whole street may go dark")
NOT_MAJOR = CancelMajor(incident=INCIDENT, reason="Only one house after all")


def update(audience: str = "reporters", after: int | None = 5 * MINUTE, at: int = 0) -> Command:
    next_by = None if after is None else at + after
    known = {"incident": INCIDENT, "words": "We are looking into it.", "audience": audience}
    return PublishUpdate.model_validate({**known, "next_by": next_by})


def goes(into: str) -> GoInto:
    known = {"incident": INCIDENT, "into": into, "reference": "N-7K4-M2QX", "own": "N-1"}
    more = {"by": ANA, "visibility": "normal", "mode": "live", "call_off": TASKS}
    return GoInto.model_validate({**known, **more})


# --- 3.1: declared by a press, against written criteria --------------------------------------


def test_it_is_declared_by_a_press_and_becomes_p1_with_the_reason_kept() -> None:
    """Practice 3.1: a separate procedure, declared by an explicit press against criteria."""
    desk = declared()
    state = desk.incident
    assert state.major.stage == "declared"
    assert state.major.criteria == ("many_people",)
    assert (state.priority, state.overridden) == (Priority.P1, True)
    changed = next(one for one in desk.events if isinstance(one, PriorityChanged))
    assert changed.reason is not None
    assert "Many people" in str(changed.reason.plain())


def test_a_reason_of_ones_own_does_where_no_criterion_fits_and_nothing_at_all_does_not() -> None:
    """Practice 3.1: written criteria, ticked; or a reason that is kept."""
    desk = crew()
    assert names(desk.ask(DeclareMajor(incident=INCIDENT), ANA_ACTS)) == "no_criterion"
    unknown = DeclareMajor(incident=INCIDENT, criteria=("nonsense",))
    assert names(desk.ask(unknown, ANA_ACTS)) == "no_criterion"
    own = DeclareMajor(incident=INCIDENT, reason="The lake is rising")
    assert "MajorDeclared" in names(desk.ask(own, ANA_ACTS))


def test_two_declare_at_once_and_one_wins_and_the_other_is_told_who_and_when() -> None:
    """Practice 3.1: one declaration wins under a race."""
    desk = declared()
    second = desk.ask(DECLARE, BEN_ACTS)
    assert isinstance(second, Refused)
    assert second.code == "declared"
    assert second.text.args["who"] == Who(person=ANA)
    assert desk.ask(DECLARE, ANA_ACTS) == []
    assert holder(desk.incident, "commander") == ANA


def test_the_four_states_of_a_major_incident() -> None:
    """Practice 3.1: stand-by, declared, stand-down, cancelled."""
    desk = crew()
    stages: list[str] = []
    for command, by in ((STAND_BY, BEN_ACTS), (DECLARE, ANA_ACTS), (ALL_CLEAR, ANA_ACTS)):
        desk.do(command, by)
        stages.append(desk.incident.major.stage)
        if command is STAND_BY:
            assert names(desk.ask(STAND_BY, ANA_ACTS)) == "stand_by"
            assert holder(desk.incident, "commander") is None
    assert stages == ["stand_by", "declared", "stood_down"]
    again = crew()
    again.do(STAND_BY, BEN_ACTS)
    again.do(NOT_MAJOR, BEN_ACTS)
    assert again.incident.major.stage == "cancelled"
    assert again.ask(NOT_MAJOR, ANA_ACTS) == []
    assert "MajorDeclared" in names(again.ask(DECLARE, ANA_ACTS))


def test_only_its_commander_or_a_supervisor_says_that_it_is_none() -> None:
    desk = declared()
    assert names(desk.ask(NOT_MAJOR, BEN_ACTS)) == "not_commander"
    assert names(desk.ask(NOT_MAJOR, CHIEF_ACTS)) == ["MajorCancelled"]
    assert names(desk.do(NOT_MAJOR, ANA_ACTS)) == ["MajorCancelled"]
    assert holder(desk.incident, "commander") is None


@pytest.mark.parametrize(
    ("story", "code"),
    [(nothing_yet, "not_found"), (resolved, "resolved"), (closed, "closed")],
)
def test_what_is_over_is_not_declared(story: object, code: str) -> None:
    assert callable(story)
    desk: Story = story()
    assert names(desk.ask(DECLARE, ANA_ACTS)) == code


def test_a_merged_one_is_not_declared() -> None:
    desk = crew()
    desk.do(goes("inc_" + "0" * 26))
    assert names(desk.ask(DECLARE, ANA_ACTS)) == "merged"


def test_a_restricted_one_is_declared_by_those_who_may_see_it() -> None:
    desk = crew()
    desk.do(RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Police"), ANA_ACTS)
    assert names(desk.ask(DECLARE, BEN_ACTS)) == "not_found"
    assert "MajorDeclared" in names(desk.do(DECLARE, ANA_ACTS))
    (called,) = desk.wants(Say)
    assert called.to.scope.startswith(ALONE)
    assert Ring(role="agent", why="major:declared") not in desk.intents


@pytest.mark.parametrize("who", [RITA_ACTS, actor("per_" + "9" * 26, "stakeholder")])
def test_agents_and_supervisors_declare_and_nobody_else(who: Actor) -> None:
    assert names(crew().ask(DECLARE, who)) == "not_allowed"
    assert "MajorDeclared" in names(crew().ask(DECLARE, CHIEF_ACTS))


def test_nobody_has_to_see_it_first_to_declare_it() -> None:
    desk = opened()
    decided = desk.ask(DECLARE, BEN_ACTS)
    assert names(decided)[:2] == ["IncidentAcknowledged", "MajorDeclared"]


# --- 3.4: command ----------------------------------------------------------------------------


def test_whoever_declares_commands() -> None:
    """Practice 3.4: commander, exactly one; the declarer until somebody accepts."""
    assert holder(declared().incident, "commander") == ANA


def test_who_repairs_does_not_command_and_who_commands_does_not_repair() -> None:
    """Practice 3.4: the commander is never a resolver."""
    desk = crew()
    desk.do(AskForResource(incident=INCIDENT, what="Look at the line"), ANA_ACTS)
    claim = ClaimTask(incident=INCIDENT, task=len(desk.incident.tasks), eta=desk.at + HOUR)
    mine = crew()
    mine.state, mine.events, mine.at = desk.state, list(desk.events), desk.at
    mine.do(claim, BOTH)
    assert names(mine.ask(DECLARE, BOTH)) == "resolver"
    desk.do(DECLARE, ANA_ACTS)
    assert names(desk.ask(claim, BOTH)) == "commands"
    assert "TaskClaimed" in names(desk.ask(claim, RITA_ACTS))


# --- 4.1: its own cadence --------------------------------------------------------------------


def test_the_first_update_is_due_five_minutes_after_the_declaration() -> None:
    """Practice 4.1: first update within 5 min of declaration."""
    desk = declared()
    assert desk.incident.targets.update == desk.at + 5 * MINUTE


def test_scope_follows_within_five_more_minutes_then_every_twenty_and_each_names_the_next() -> None:
    """Practice 4.1: scope within 5 more, then at least every 20 min for 2 h, slower after that;
    each update states when the next one comes.
    """
    desk = declared()
    begun = desk.at

    def within(after: int) -> bool:
        found = desk.ask(update(after=after, at=desk.at), ANA_ACTS)
        assert not isinstance(found, Refused) or found.code == "major_cadence"
        return not isinstance(found, Refused)

    def publishes(after: int) -> None:
        desk.do(update(after=after, at=desk.at), ANA_ACTS)

    assert (within(5 * MINUTE), within(20 * MINUTE)) == (True, False)
    publishes(5 * MINUTE)
    assert desk.incident.targets.update == desk.at + 5 * MINUTE
    desk.later(5 * MINUTE)
    assert (within(20 * MINUTE), within(30 * MINUTE)) == (True, False)
    assert names(desk.ask(update(after=None), ANA_ACTS)) == "major_cadence"
    publishes(20 * MINUTE)
    desk.later(begun + 2 * HOUR - desk.at)
    assert (within(HOUR), within(2 * HOUR)) == (True, False)


def test_staff_are_told_whenever_somebody_likes() -> None:
    desk = declared()
    told = desk.ask(update("staff", after=None), ANA_ACTS)
    assert not isinstance(told, Refused)


def test_a_change_of_impact_is_told_at_once() -> None:
    """Practice 4.1: a change of impact is posted at once."""
    desk = declared()
    desk.do(update(after=5 * MINUTE, at=desk.at), ANA_ACTS)
    desk.later(4 * MINUTE)
    desk.do(update(after=20 * MINUTE, at=desk.at), ANA_ACTS)
    desk.later(MINUTE)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH), ANA_ACTS)
    assert desk.incident.major.wanted == "impact"
    assert desk.incident.targets.update == desk.at + 5 * MINUTE
    assert desk.timer("target:update") is not None
    desk.do(update(after=20 * MINUTE, at=desk.at), ANA_ACTS)
    assert desk.incident.major.wanted is None


def test_before_anybody_was_told_anything_the_first_update_says_it_all() -> None:
    desk = declared()
    due = desk.incident.targets.update
    desk.later(MINUTE)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH), ANA_ACTS)
    assert (desk.incident.major.wanted, desk.incident.targets.update) == (None, due)


def test_it_is_p1_until_it_is_stood_down() -> None:
    desk = declared()
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.LOW), ANA_ACTS)
    assert (desk.incident.priority, desk.incident.overridden) == (Priority.P1, True)
    lower = OverridePriority(incident=INCIDENT, priority=Priority.P3, reason="Calm again")
    assert names(desk.ask(lower.model_copy(), CHIEF_ACTS)) in ("major", [])
    desk.do(ALL_CLEAR, ANA_ACTS)
    assert names(desk.ask(lower, CHIEF_ACTS)) == ["PriorityChanged"]


# --- 4.1: the all-clear ----------------------------------------------------------------------


def test_the_all_clear_is_the_last_update_to_all_who_were_told_and_states_data_loss() -> None:
    """Practice 4.1: full recovery confirmed by the commander, data loss stated even if none."""
    desk = declared()
    desk.do(update("public", after=5 * MINUTE, at=desk.at), ANA_ACTS)
    desk.later(5 * MINUTE)
    decided = desk.do(ALL_CLEAR, ANA_ACTS)
    assert names(decided) == ["MajorStoodDown", "UpdatePublished"]
    last = desk.events[-1]
    assert isinstance(last, UpdatePublished)
    assert (last.audience, last.next_by, last.approved_by) == ("public", None, ANA)
    assert str(last.words.plain()).endswith("No data was lost.")
    assert desk.incident.targets.update is None
    assert {of for of, _ in desk.says()} >= {"reporters", "subscribers"}


def test_who_was_told_alone_hears_the_all_clear_alone() -> None:
    desk = declared()
    desk.do(ALL_CLEAR, ANA_ACTS)
    last = desk.events[-1]
    assert isinstance(last, UpdatePublished)
    assert last.audience == "reporters"
    nobody = declared().ask(ALL_CLEAR, ANA_ACTS, people=People(reached=0), reads=HERE)
    assert names(nobody) == ["MajorStoodDown"]


@pytest.mark.parametrize(
    ("command", "by", "code"),
    [
        (ALL_CLEAR, BEN_ACTS, "not_commander"),
        (ALL_CLEAR, CHIEF_ACTS, "not_commander"),
        (ALL_CLEAR.model_copy(update={"data_loss": " "}), ANA_ACTS, "data_loss"),
        (ALL_CLEAR.model_copy(update={"recovered": " "}), ANA_ACTS, "empty"),
    ],
)
def test_who_does_not_command_or_does_not_say_all_gives_no_all_clear(
    command: StandDownMajor, by: Actor, code: str
) -> None:
    """Practice 4.1: stand-down by one who is not commander, or without the word on data loss."""
    assert names(manned().ask(command, by)) == code


def test_what_is_not_declared_is_not_stood_down_and_nothing_is_told_twice() -> None:
    assert names(crew().ask(ALL_CLEAR, ANA_ACTS)) == "not_declared"
    desk = declared()
    desk.do(ALL_CLEAR, ANA_ACTS)
    assert desk.ask(ALL_CLEAR, ANA_ACTS) == []
    assert names(desk.ask(ALL_CLEAR, BEN_ACTS)) == "stood_down"


@pytest.mark.parametrize(
    "command",
    [
        ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS),
        CancelIncident(incident=INCIDENT, reason="It was none"),
    ],
)
def test_it_does_not_end_before_the_all_clear(command: Command) -> None:
    """Practice 4.1: the final update is the commander's."""
    desk = declared()
    assert names(desk.ask(command, CHIEF_ACTS)) == "major"
    desk.do(ALL_CLEAR, ANA_ACTS)
    assert not isinstance(desk.ask(command, CHIEF_ACTS), Refused)


def test_it_goes_into_no_other_incident() -> None:
    """Bad input: merge of a major into another."""
    desk = declared()
    other = desk.incident.model_copy(update={"stream": "inc_" + "2" * 26})
    press = MergeIncident(incident=other.stream, into=INCIDENT)
    plain = crew()
    asked = plain.ask(press, ANA_ACTS, reads={other.stream: other})
    assert names(asked) == "major"
    assert names(desk.ask(goes(other.stream))) == "major"


def test_on_hold_people_still_hear_in_time() -> None:
    desk = declared()
    due = desk.incident.targets.update
    desk.do(HoldIncident(incident=INCIDENT, reason="Waits for the network"), ANA_ACTS)
    assert desk.incident.targets.update == due


def test_who_had_a_post_hears_that_it_is_over() -> None:
    desk: Crew = manned()
    desk.do(ALL_CLEAR, ANA_ACTS)
    assert ("staff", "The major incident {ref} is stood down. Your post ends. Thank you.") in (
        desk.says()
    )
