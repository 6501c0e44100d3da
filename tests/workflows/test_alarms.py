"""Whoever must act is called, then somebody else is, and it never falls silent."""

from typing import Any

import pytest

from bot.core import alarm_words as aw
from bot.core.alarms import found
from bot.core.incident_commands import (
    CancelIncident,
    HandOverIncident,
    HoldIncident,
    PublishUpdate,
    ReopenIncident,
)
from bot.core.major_words import DEPUTY, DeclareMajor, OfferPost
from tests.workflows.calling import (
    ACKNOWLEDGE,
    BOTH,
    ESCALATE,
    RESOLVE,
    TAKE,
    causes,
    coming,
    told,
)
from tests.workflows.crew import ARRIVE, ASK, CLAIM, DEPART, LATER, RELEASE
from tests.workflows.desk import P1, P2, P4, RITA, RITA_ACTS, staff
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    CHIEF,
    CHIEF_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    names,
)

# --- nobody acknowledges ---------------------------------------------------------------------


def test_nobody_acts_and_every_rung_is_called_at_its_minute_for_ever() -> None:
    """practice 1.5: when the last step is used up the incident is still shouted about."""
    house = told(answers=P1).until(60)
    alarms = [one for one in house.called if "Nobody has acknowledged" in one.said]
    assert [(one.at, one.who) for one in alarms] == [
        (0, "role:agent,role:supervisor"),
        (5, "role:supervisor"),
        (10, "role:supervisor"),
        (15, BOTH),
        (25, BOTH),
        (35, BOTH),
        (45, BOTH),
        (55, BOTH),
    ]
    house.until(7 * 24 * 60)
    late = [one.at for one in house.called if "Nobody has acknowledged" in one.said and one.at > 60]
    assert late == list(range(65, 7 * 24 * 60 + 1, 10)), "a week later nothing has changed"


def test_what_is_read_says_which_incident_what_is_the_matter_what_to_do_and_why_you() -> None:
    house = told(answers=P1).until(10)
    ref = house.incident.reference
    first, *_, last = [one.said for one in house.called if "Nobody has acknowledged" in one.said]
    head = f"{ref}, P1 Power outage. Nobody has acknowledged it since 10:30. Take it, or"
    assert first == f"{head} acknowledge it. You are the first to be called."
    assert last == f"{head} acknowledge it. You are called again because nobody has acted."


def test_less_pressing_ones_wait_as_long_as_their_ladder_says_and_for_opening_hours() -> None:
    """practice 2.3: clocks run on business hours."""
    house = told(answers=P4)
    house.until(119)
    assert house.asks() == []
    house.until(DAY // MINUTE)
    calls = [one for one in house.called if "Nobody has acknowledged" in one.said]
    assert [(one.at, one.who) for one in calls[:4]] == [
        (120, "role:agent"),
        (180, "role:agent"),
        (240, "role:supervisor"),
        (300, "role:supervisor"),
    ]
    shut = range(450, 21 * 60 + 30)
    assert [one.at for one in calls if one.at in shut] == [], "nobody is called at night"
    assert calls[-1].at >= 21 * 60 + 30, "and somebody is when it opens"


@pytest.mark.parametrize("command", [ACKNOWLEDGE, TAKE])
def test_whoever_sees_to_it_ends_it_and_nobody_else_is_called(command: Any) -> None:
    house = told(answers=P1).until(7)
    house.do(command, ANA_ACTS)
    ended = [one for one in house.events if isinstance(one, aw.AlarmEnded)]
    assert [(one.cause, one.why, one.by) for one in ended] == [("unacknowledged", "acted", ANA)]
    assert causes(house) == ["update_overdue"], "which nobody has done anything about"
    assert "alarm:unacknowledged:" not in house.timers


@pytest.mark.parametrize(
    "command",
    [CancelIncident(incident=INCIDENT, reason="Not ours"), RESOLVE],
)
def test_the_end_of_the_incident_ends_every_alarm(command: Any) -> None:
    house = told(answers=P1)
    house.do(TAKE, ANA_ACTS)
    house.do(ESCALATE, ANA_ACTS)
    house.do(aw.RaiseAlarm(incident=INCIDENT, cause="vacancy", about="scribe"))
    house.do(aw.RaiseAlarm(incident=INCIDENT, cause="unanswered", about="rep_1"))
    assert causes(house) == ["manual", "vacancy", "unanswered"]
    house.do(command, ANA_ACTS)
    assert causes(house) == []
    whys = {one.why for one in house.events if isinstance(one, aw.AlarmEnded)}
    assert "over" in whys


def test_opened_again_it_is_called_about_again() -> None:
    house = told(answers=P1)
    house.do(TAKE, ANA_ACTS)
    house.do(RESOLVE, ANA_ACTS)
    house.do(ReopenIncident(incident=INCIDENT, reason="The fuse blew again"), ANA_ACTS)
    assert causes(house) == ["unacknowledged"]


# --- acknowledged, and then nothing ----------------------------------------------------------


def test_an_acknowledgement_that_no_work_follows_expires_and_who_gave_it_is_called_first() -> None:
    """practice 1.3: acknowledge that expires back to open."""
    house = told(answers=P2)
    house.do(ACKNOWLEDGE, ANA_ACTS)
    house.until(29)
    assert (house.incident.status, house.asks()) == ("acknowledged", [])
    house.until(90)
    expired = [one for one in house.events if isinstance(one, aw.AcknowledgementExpired)]
    assert expired == [aw.AcknowledgementExpired(by=ANA)]
    assert house.incident.status == "open"
    calls = [(one.at, one.who) for one in house.called if "no work began" in one.said]
    assert calls[:4] == [
        (30, f"person:{ANA}"),
        (40, f"person:{ANA}"),
        (50, "role:agent"),
        (60, "role:agent"),
    ]
    house.do(TAKE, BEN_ACTS)
    assert "acknowledgement_expired" not in causes(house)


def test_work_in_time_keeps_the_acknowledgement() -> None:
    house = told(answers=P2)
    house.do(ACKNOWLEDGE, ANA_ACTS)
    house.until(20)
    late = house.timers["watch:acknowledged"].command
    house.do(TAKE, ANA_ACTS)
    assert "watch:acknowledged" not in house.timers
    assert house.ask(late) == []


def test_the_time_to_begin_runs_by_the_clock_of_the_priority() -> None:
    """practice 2.3: a P4 that was acknowledged at 17:45 is begun in the morning."""
    house = told(answers=P4)
    house.at = AT + 7 * HOUR + 15 * MINUTE
    house.do(ACKNOWLEDGE, ANA_ACTS)
    assert house.timers["watch:acknowledged"].due == AT + 21 * HOUR + 45 * MINUTE


# --- a person escalates ----------------------------------------------------------------------


def test_anybody_of_the_staff_escalates_at_any_time_with_a_reason_that_is_kept() -> None:
    """practice 1.5: with a reason, whatever the clocks say, to the rung above all called so far."""
    house = told(answers=P2).until(6)
    house.do(TAKE, ANA_ACTS)
    assert names(house.ask(aw.EscalateIncident(incident=INCIDENT, reason=" "), ANA_ACTS)) == "empty"
    house.do(ESCALATE, ANA_ACTS)
    (raised,) = [x for x in house.events if isinstance(x, aw.AlarmRaised) and x.cause == "manual"]
    assert (raised.by, raised.reason and raised.reason.plain()) == (ANA, ESCALATE.reason)
    first = house.called[-1]
    assert first.who == "role:agent"
    assert "A colleague asks for help" in first.said
    assert "cannot do this" not in first.said, "the reason stands on the desk, not on lock screens"
    house.do(ESCALATE, ANA_ACTS)
    assert house.called[-1].who == "role:supervisor", "again: the next rung, now"
    assert house.incident.alarms[0].rung == 1
    house.do(ESCALATE, ANA_ACTS)
    assert house.called[-1].who == BOTH, "and the last, as often as somebody asks"


def test_an_escalation_ends_when_somebody_who_was_called_says_that_they_see_to_it() -> None:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.do(ESCALATE, ANA_ACTS)
    house.until(25)
    assert house.called[-1].who == "role:supervisor"
    answer = aw.AnswerAlarm(incident=INCIDENT, cause="manual")
    assert names(house.ask(answer, BEN_ACTS)) == "not_called"
    house.do(
        HandOverIncident(incident=INCIDENT, to=BEN), ANA_ACTS, reads={BEN: staff(BEN, "agent")}
    )
    assert causes(house) == ["manual"], "who was not called cannot end it"
    assert names(house.do(answer, CHIEF_ACTS)) == ["AlarmEnded"]
    assert house.events[-1] == aw.AlarmEnded(cause="manual", about="", why="acted", by=CHIEF)
    assert names(house.ask(answer, CHIEF_ACTS)) == "no_alarm"


def test_nobody_answers_for_an_acknowledgement_but_by_acknowledging() -> None:
    house = told(answers=P1)
    answer = aw.AnswerAlarm(incident=INCIDENT, cause="unacknowledged")
    assert names(house.ask(answer, ANA_ACTS)) == "acknowledge"


def test_after_the_end_nothing_is_escalated() -> None:
    house = told(answers=P1)
    house.do(TAKE, ANA_ACTS)
    house.do(RESOLVE, ANA_ACTS)
    assert names(house.ask(ESCALATE, ANA_ACTS)) == "resolved"
    assert names(house.ask(ESCALATE, RITA_ACTS)) == "not_allowed"


# --- resources -------------------------------------------------------------------------------


RITA_LATE = f"1:{RITA}"


def test_a_resource_who_is_late_and_the_owner_are_called_once_then_again_then_the_ladder() -> None:
    """practice 1.4: an ETA slip raises an alarm."""
    house = coming().until(120)
    calls = [one for one in house.called if "was to be there at 11:40" in one.said]
    assert [(one.at, one.who) for one in calls[:3]] == [
        (75, f"person:{RITA},person:{ANA}"),
        (85, f"person:{RITA},person:{ANA}"),
        (95, "role:agent"),
    ]
    assert causes(house) == ["eta_passed"]


@pytest.mark.parametrize("command", [LATER, ARRIVE, RELEASE])
def test_a_new_time_or_an_arrival_ends_it(command: Any) -> None:
    """practice 1.4: ... and is over with a new time, an arrival, or somebody else's coming."""
    house = coming().until(80)
    house.do(command, RITA_ACTS)
    assert causes(house) == []
    assert house.events[-1] == aw.AlarmEnded(
        cause="eta_passed", about=RITA_LATE, why="acted", by=RITA
    )


def test_who_takes_a_task_for_much_later_and_says_nothing_is_asked_about() -> None:
    """practice 5.1: a claim without progress raises the right person once, then again."""
    far = CLAIM.model_copy(update={"eta": AT + 10 * MINUTE + 10 * HOUR})
    house = told(category="it", answers={"it.extent": "all"}, danger=True)
    house.do(TAKE, ANA_ACTS)
    house.do(ASK.model_copy(update={"needed": 1}), ANA_ACTS)
    house.do(far, RITA_ACTS)
    house.until(239)
    assert "no_progress" not in causes(house)
    house.until(245)
    assert "no_progress" in causes(house)
    calls = [one.who for one in house.called if "nothing heard" in one.said]
    assert calls == [f"person:{RITA},person:{ANA}"]
    house.do(DEPART, RITA_ACTS)
    assert "no_progress" not in causes(house)
    house.until(245 + 241)
    assert "no_progress" in causes(house), "on the way, and silent again for as long"


def test_who_will_be_there_soon_is_left_in_peace() -> None:
    house = coming()
    assert not [name for name in house.timers if name.startswith("watch:heard:")]


# --- promises --------------------------------------------------------------------------------


def test_an_update_that_is_overdue_calls_the_owner_until_one_is_published() -> None:
    """practice 4.1: timers are durable; an overdue update raises."""
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.until(85)
    calls = [one for one in house.called if "An update was due by 11:30. Publish" in one.said]
    assert [(one.at, one.who) for one in calls] == [
        (60, f"person:{ANA}"),
        (70, f"person:{ANA}"),
        (80, "role:agent"),
    ]
    update = PublishUpdate(
        incident=INCIDENT, words="On it", audience="reporters", next_by=house.at + HOUR
    )
    house.do(update, ANA_ACTS)
    assert causes(house) == []


@pytest.mark.parametrize(("posts", "who"), [((DEPUTY,), BEN), ((), ANA)])
def test_practice_4_1_in_a_major_incident_an_overdue_update_is_raised_to_the_deputy(
    posts: tuple[str, ...], who: str
) -> None:
    """... whoever has the incident; without a deputy to its commander."""
    house = told(answers=P2)
    house.do(TAKE, CHIEF_ACTS)
    house.do(DeclareMajor(incident=INCIDENT, criteria=("many_people",)), ANA_ACTS)
    for post in posts:
        house.do(OfferPost(incident=INCIDENT, post=post), BEN_ACTS)
    house.until(5)
    late = [one for one in house.called if "An update was due by" in one.said]
    assert (5, f"person:{who}") in [(one.at, one.who) for one in late]


def test_on_hold_nobody_is_called_about_the_time_to_resolve() -> None:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.until(8 * 60 + 1)
    assert "promise" in causes(house)
    house.do(HoldIncident(incident=INCIDENT, reason="Waits for parts"), ANA_ACTS)
    assert "promise" not in causes(house)


def test_who_sees_to_what_is_late_is_asked_again_the_next_day_and_of_other_things_sooner() -> None:
    """practice 1.5: there is no silent end, also when somebody said that they see to it."""
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.until(8 * 60 + 1)
    sees = aw.AnswerAlarm(incident=INCIDENT, cause="promise", about="resolve")
    assert names(house.do(sees, ANA_ACTS)) == ["AlarmAnswered"]
    alarm = found(house.incident.alarms, "promise", "resolve")
    assert alarm is not None
    assert alarm.quiet_until == house.at + DAY
    overdue = aw.AnswerAlarm(incident=INCIDENT, cause="update_overdue")
    assert names(house.do(overdue, ANA_ACTS)) == ["AlarmAnswered"]
    assert house.ask(overdue, ANA_ACTS) == [], "the same again"
    before = len(house.called)
    house.until(8 * 60 + 30)
    assert len(house.called) == before, "quiet for half an hour"
    house.until(8 * 60 + 31)
    assert len(house.called) == before + 1, "and not for ever"
