"""How long an incident took: pairs of milestones (incident practice 1.6)."""

import pytest

from bot.core import moving_words as mw
from bot.core.calendar import DAY
from bot.core.commands import Actor, Command, Refused
from bot.core.ids import Millis
from bot.core.incident_commands import (
    Arrive,
    CancelIncident,
    CancelTask,
    CloseIncident,
    PublishUpdate,
    ReleaseTask,
    ReopenIncident,
    ResolveIncident,
    ResumeIncident,
    ReviseEta,
    TakeIncident,
    WriteIncidentNote,
)
from bot.core.intents import Show
from bot.core.milestone_words import CorrectMilestone, Milestone, MilestoneCorrected
from bot.core.milestones import Figure, figures, paused
from bot.core.moving_words import SetKind
from tests.workflows.desk import (
    P2,
    RITA,
    RITA_ACTS,
    Desk,
    asked,
    claimed,
    held,
    nothing_yet,
    opened,
    opening,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    HOUR,
    INCIDENT,
    MINUTE,
    TASKS,
    names,
)

RESUME = ResumeIncident(incident=INCIDENT)
RESOLVE = ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS)
CLOSE = CloseIncident(incident=INCIDENT)


def found(desk: Desk, key: str, spoken: Millis | None = None) -> Figure:
    """That figure, as it is now; of several the last."""
    return [one for one in figures(desk.incident, desk.at, spoken) if one.key == key][-1]


def says(desk: Desk, key: str) -> tuple[str, str, int | None]:
    one = found(desk, key)
    return one.status, one.why, one.ms


def corrects(milestone: Milestone, at: Millis, reason: str = "Noted late") -> CorrectMilestone:
    return CorrectMilestone(incident=INCIDENT, milestone=milestone, happened_at=at, reason=reason)


def closed() -> Desk:
    desk = resolved()
    desk.later(HOUR).do(CLOSE, ANA_ACTS)
    return desk


def update(desk: Desk, after: Millis | None) -> None:
    next_by = None if after is None else desk.at + after
    words = "We are looking into it."
    told = PublishUpdate(incident=INCIDENT, words=words, audience="reporters", next_by=next_by)
    assert not isinstance(desk.do(told, ANA_ACTS), Refused)


# --- each has one of four states ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("desk", "key", "said"),
    [
        (opened, "acknowledge", ("pending", "", None)),
        (taken, "acknowledge", ("recorded", "", 10 * MINUTE)),
        (opened, "first_word", ("pending", "", None)),
        (taken, "restore", ("pending", "", None)),
        (resolved, "restore", ("recorded", "", HOUR)),
        (resolved, "close", ("pending", "", None)),
        (closed, "close", ("recorded", "", 2 * HOUR)),
        (closed, "first_word", ("not_applicable", "ended", None)),
        (closed, "punctual", ("not_applicable", "none_owed", None)),
        (asked, "claim", ("pending", "", None)),
        (claimed, "claim", ("recorded", "", 0)),
        (claimed, "arrive", ("pending", "", None)),
    ],
)
def test_practice_1_6_each_pair_of_milestones_is_recorded_pending_or_does_not_apply(
    desk: object, key: str, said: tuple[str, str, int | None]
) -> None:
    assert callable(desk)
    assert says(desk(), key) == said


def exercised() -> Desk:
    desk = resolved()
    desk.state = desk.incident.model_copy(update={"mode": "exercise"})
    return desk


def merged() -> Desk:
    desk = taken()
    gone = mw.IncidentMerged(into="inc_" + "2" * 26, reference="N-7K4-M2QX", by="per_x")
    desk.happens(gone)
    return desk


def requested() -> Desk:
    desk = taken()
    desk.do(SetKind(incident=INCIDENT, incident_kind="service_request"), ANA_ACTS)
    return desk


def cancelled() -> Desk:
    desk = taken()
    desk.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    return desk


def distressed() -> Desk:
    desk = taken()
    shelter = desk.incident.shelter.model_copy(update={"helped": True})
    desk.state = desk.incident.model_copy(update={"shelter": shelter})
    return desk


@pytest.mark.parametrize(
    ("desk", "why"),
    [
        (exercised, "exercise"),
        (merged, "merged"),
        (requested, "kind"),
        (cancelled, "cancelled"),
        (distressed, "distress"),
    ],
)
def test_practice_1_6_exercises_duplicates_and_other_kinds_are_not_measured_and_say_why(
    desk: object, why: str
) -> None:
    """... nor is anybody's time where somebody is in distress (7.3)."""
    assert callable(desk)
    every = figures(desk().incident, AT + DAY)
    assert {(one.status, one.why) for one in every} == {("not_applicable", why)}


# --- time to restore ---------------------------------------------------------------------------


def test_practice_1_6_time_to_restore_is_never_taken_from_the_last_thing_that_was_written() -> None:
    desk = resolved()
    before = found(desk, "restore")
    desk.later(3 * HOUR).do(WriteIncidentNote(incident=INCIDENT, words="Thanked them"), ANA_ACTS)
    desk.later(HOUR).do(CLOSE, ANA_ACTS)
    desk.later(HOUR).do(WriteIncidentNote(incident=INCIDENT, words="Filed"), ANA_ACTS)
    assert desk.incident.touched_at == AT + 6 * HOUR
    assert found(desk, "restore") == before
    assert before.ms == HOUR


def test_pauses_are_in_one_time_and_out_of_the_other() -> None:
    desk = held()
    desk.later(2 * HOUR).do(RESUME, ANA_ACTS)
    desk.later(10 * MINUTE).do(RESOLVE, ANA_ACTS)
    one = found(desk, "restore")
    assert (one.ms, one.net_ms) == (2 * HOUR + 30 * MINUTE, 30 * MINUTE)


def test_a_reopening_adds_to_the_same_incident_and_keeps_who_saw_it_first_and_its_pauses() -> None:
    desk = held()
    desk.later(HOUR).do(RESUME, ANA_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    desk.later(HOUR).do(ReopenIncident(incident=INCIDENT, reason="It went out again"), ANA_ACTS)
    assert says(desk, "restore") == ("pending", "", None)
    desk.later(HOUR).do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    one = found(desk, "restore")
    assert (one.ms, one.net_ms) == (3 * HOUR + 20 * MINUTE, 2 * HOUR + 20 * MINUTE)
    assert says(desk, "acknowledge") == ("recorded", "", 10 * MINUTE)


def test_what_two_pauses_share_counts_once() -> None:
    assert paused([(0, 10), (5, 20), (6, 7), (30, 40), (50, 60)], 2, 35) == 18 + 5


# --- corrected -----------------------------------------------------------------------------------


def test_practice_1_6_a_corrected_time_is_counted_everywhere_and_the_recorded_one_is_kept() -> None:
    desk = closed()
    desk.do(corrects("opened", AT - 20 * MINUTE, "The call was noted late"), ANA_ACTS)
    whole = {one.key: (one.ms, one.corrected) for one in figures(desk.incident, desk.at)}
    assert whole["acknowledge"] == (30 * MINUTE, True)
    assert whole["restore"] == (80 * MINUTE, True)
    assert whole["close"] == (140 * MINUTE, True)
    (event,) = (one for one in desk.events if isinstance(one, MilestoneCorrected))
    assert (event.before, str(event.reason.plain())) == (AT, "The call was noted late")
    assert desk.incident.opened_at == AT


def test_a_second_correction_counts_and_still_knows_what_was_recorded() -> None:
    desk = resolved()
    desk.do(corrects("restored", AT + 40 * MINUTE), ANA_ACTS)
    desk.do(corrects("restored", AT + 50 * MINUTE), ANA_ACTS)
    assert says(desk, "restore") == ("recorded", "", 50 * MINUTE)
    known = desk.incident.measured.correction("restored")
    assert known is not None
    assert known.before == AT + HOUR


def test_practice_1_6_a_pair_that_ends_before_it_begins_is_invalid_until_it_is_put_right() -> None:
    desk = taken()
    desk.do(corrects("acknowledged", AT - 5 * MINUTE, "I rang them before"), ANA_ACTS)
    assert says(desk, "acknowledge") == ("invalid", "reversed", None)
    desk.do(corrects("opened", AT - 10 * MINUTE), ANA_ACTS)
    assert says(desk, "acknowledge") == ("recorded", "", 5 * MINUTE)


def test_times_are_said_to_the_minute() -> None:
    desk = nothing_yet()
    desk.later(40_000).do(opening())
    desk.later(10 * MINUTE).do(corrects("acknowledged", AT), ANA_ACTS)
    assert says(desk, "acknowledge") == ("recorded", "", 0)


def test_a_word_by_telephone_counts_though_nobody_wrote_anything_here() -> None:
    desk = taken()
    desk.do(corrects("first_word", AT + 4 * MINUTE, "I rang them"), ANA_ACTS)
    assert says(desk, "first_word") == ("recorded", "", 4 * MINUTE)


def test_what_was_corrected_of_an_end_is_gone_when_it_is_opened_again() -> None:
    desk = resolved()
    desk.do(corrects("restored", AT + 40 * MINUTE), ANA_ACTS)
    desk.do(ReopenIncident(incident=INCIDENT, reason="It went out again"), ANA_ACTS)
    assert says(desk, "restore") == ("pending", "", None)


@pytest.mark.parametrize(
    ("desk", "command", "code"),
    [
        (taken, corrects("opened", AT + DAY), "future"),
        (taken, corrects("opened", AT - 40 * DAY), "too_early"),
        (taken, corrects("restored", AT), "not_yet"),
        (resolved, corrects("closed", AT), "not_yet"),
        (resolved, corrects("restored", AT, "no"), "too_short"),
        (merged, corrects("opened", AT - 1), "merged"),
        (taken, corrects("acknowledged", AT + 10 * MINUTE), []),
    ],
)
def test_a_time_that_cannot_have_been_is_refused_and_the_same_time_changes_nothing(
    desk: object, command: CorrectMilestone, code: object
) -> None:
    assert callable(desk)
    assert names(desk().ask(command, ANA_ACTS)) == code
    assert names(desk().ask(command, RITA_ACTS)) == "not_allowed"


def test_no_promise_moves_and_nobody_seems_to_have_worked_on_it() -> None:
    desk = taken()
    before = desk.incident
    desk.later(HOUR).do(corrects("opened", AT - 20 * MINUTE), ANA_ACTS)
    changed = desk.incident.model_copy(update={"measured": before.measured})
    assert changed == before
    assert not [one for one in desk.intents if not isinstance(one, Show)]


# --- the first word, updates, resources ----------------------------------------------------------


def test_the_first_word_is_that_of_a_person_in_the_talk_or_an_update_whichever_was_first() -> None:
    desk = taken()
    assert found(desk, "first_word", AT + 7 * MINUTE).ms == 7 * MINUTE
    assert found(desk, "first_word", AT - 1).why == "before"
    update(desk, HOUR)
    assert found(desk, "first_word").ms == 10 * MINUTE
    assert found(desk, "first_word", AT + 7 * MINUTE).ms == 7 * MINUTE


def test_of_the_updates_that_were_promised_those_in_time_are_counted() -> None:
    """Practice 1.6 and 8: update punctuality, on time of due."""
    desk = taken(P2)
    desk.state = desk.incident.model_copy(
        update={"targets": desk.incident.targets.model_copy(update={"update": None})}
    )
    update(desk, 30 * MINUTE)
    assert found(desk, "punctual").status == "pending"
    desk.later(20 * MINUTE)
    update(desk, 30 * MINUTE)
    desk.later(40 * MINUTE)
    one = found(desk, "punctual")
    assert (one.status, one.kept, one.due) == ("recorded", 1, 2)
    update(desk, HOUR)
    one = found(desk, "punctual")
    assert (one.kept, one.due) == (1, 2)


def test_practice_1_6_an_update_that_never_came_is_missed_once_though_it_is_resolved() -> None:
    """Who said nothing at all would look better than who was a minute late."""
    desk = taken(P2)
    desk.later(DAY).do(RESOLVE, ANA_ACTS)
    one = found(desk, "punctual")
    assert (one.status, one.kept, one.due) == ("recorded", 0, 1)
    update(desk, None)
    desk.later(HOUR).do(CLOSE, ANA_ACTS)
    one = found(desk, "punctual")
    assert (one.kept, one.due) == (0, 1)


def test_who_comes_is_measured_by_the_time_that_they_said_first() -> None:
    desk = claimed()
    later = ReviseEta(incident=INCIDENT, task=1, eta=desk.at + 3 * HOUR)
    desk.do(later, RITA_ACTS)
    desk.later(2 * HOUR).do(Arrive(incident=INCIDENT, task=1), RITA_ACTS)
    one = found(desk, "arrive")
    assert (one.status, one.ms, one.late_ms, one.person) == ("recorded", 2 * HOUR, HOUR, RITA)


@pytest.mark.parametrize(
    ("command", "by", "why"),
    [
        (
            ReleaseTask(incident=INCIDENT, task=1, reason="My car broke down"),
            RITA_ACTS,
            "given_back",
        ),
        (CancelTask(incident=INCIDENT, task=1, reason="Not needed"), ANA_ACTS, "called_off"),
    ],
)
def test_who_never_came_is_not_measured(command: Command, by: Actor, why: str) -> None:
    desk = claimed()
    desk.do(command, by)
    assert says(desk, "arrive")[:2] == ("not_applicable", why)
    assert says(desk, "claim")[0] == "recorded"


def test_a_task_that_nobody_claimed_before_it_was_called_off_does_not_apply() -> None:
    desk = asked()
    desk.do(CancelTask(incident=INCIDENT, task=1, reason="Not needed"), ANA_ACTS)
    assert says(desk, "claim")[:2] == ("not_applicable", "called_off")


# --- what changes nothing ----------------------------------------------------------------------


def test_the_one_that_takes_another_in_keeps_its_figures() -> None:
    """Practice 1.6 and 8: merging changes no time of the one that stays."""
    desk = resolved()
    before = figures(desk.incident, desk.at)
    absorbed = mw.IncidentAbsorbed(
        source="inc_" + "2" * 26,
        reference="N-7K4-M2QX",
        by=ANA,
        absorbed=(),
        danger=False,
        told=(),
        told_from=None,
        targets=desk.incident.targets,
    )
    desk.later(HOUR).happens(absorbed)
    assert figures(desk.incident, desk.at) == before


def test_the_night_in_which_clocks_change_is_as_long_as_it_was() -> None:
    """Figures are of time that went by: no zone and no summer time changes them."""
    desk = nothing_yet()
    desk.at = 1_774_738_800_000  # 2026-03-28 23:00 UTC, the night before summer time in London.
    desk.do(opening())
    desk.do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    desk.later(4 * HOUR).do(RESOLVE, ANA_ACTS)
    assert says(desk, "restore") == ("recorded", "", 4 * HOUR)
