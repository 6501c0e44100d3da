"""Likely duplicates: each state, each command, what is decided and what follows."""

from typing import Any

import pytest

from bot.core import likely_words as lw
from bot.core import report_words as w
from bot.core.incident import Incident, Update
from bot.core.incident_commands import AddFacts, AttachReport
from bot.core.intents import Do, DropTimer, Say, WhenIdle
from bot.core.personal import Personal
from bot.core.report import Report
from tests.workflows.desk import opened, resolved
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    CUSTOMER_ACTS,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
    REPORT,
    Story,
    names,
)
from tests.workflows.reports import POWER, REQUIRED, SAFE, WHAT, answered, personal, report, sent

KNOWN = "inc_" + "2" * 26
OTHER = "inc_" + "3" * 26
WHERE = answered("where", personal({"text": "Mill Lane 3", "lat": None, "lon": None}))


def likely(incident: str = KNOWN, shown: bool = True, score: int = 90) -> lw.Likely:
    return lw.Likely(
        incident=incident,
        reference="I-333-3333",
        opened_at=AT - 20 * MINUTE,
        score=score,
        reasons=(lw.Reason(what="place"),),
        shown=shown,
    )


def known(**more: Any) -> Incident:
    state = opened().state
    assert isinstance(state, Incident)
    return state.model_copy(update={"stream": KNOWN, **more})


def told(withdrawn: bool = False) -> Update:
    words = Personal("sub_inc", "A cable is being mended.")
    return Update(
        number=1, at=AT, words=words, audience="public", next_by=None, withdrawn=withdrawn
    )


def offered(*events: Any, found: tuple[lw.Likely, ...] = (likely(),)) -> Story:
    return report(SAFE, WHAT, POWER, lw.KnownOffered(found=found), *events)


JOIN, DECLINE = lw.JoinKnown(incident=KNOWN), lw.DeclineKnown()
OFFER, NOTE = lw.OfferKnown(report=REPORT), lw.NoteLikely(incident=INCIDENT)


# --- while they answer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "said", "looked"),
    [
        ((SAFE, WHAT), POWER, True),
        ((SAFE, WHAT, POWER), WHERE, True),
        ((SAFE,), WHAT, False),
        ((SAFE, WHAT, POWER), answered("power.extent", "part"), False),
        ((SAFE, WHAT, POWER, w.DangerReported()), WHERE, False),
        (
            (*REQUIRED, w.SummaryConfirmed(), w.ReportLinked(incident=INCIDENT, how="opened")),
            WHERE,
            False,
        ),
    ],
)
def test_it_is_looked_for_when_what_and_where_become_known(
    before: tuple[Any, ...], said: Any, looked: bool
) -> None:
    """Issue 7.6: while the customer is still answering, and never in danger."""
    story = report(*before).happens(said)
    wanted = WhenIdle(stream=REPORT, command=OFFER)
    assert (wanted in story.wants(WhenIdle)) is looked


def test_what_was_found_is_asked_once_and_twice_and_not_more() -> None:
    story = report(SAFE, WHAT, POWER)
    assert names(story.do(OFFER, likely=(likely(),))) == ["KnownOffered"]
    assert names(story.do(OFFER, likely=(likely(),))) == []
    assert names(story.do(OFFER, likely=(likely(), likely(OTHER)))) == ["KnownOffered"]
    third = likely("inc_" + "4" * 26)
    assert names(story.do(OFFER, likely=(third,))) == []


@pytest.mark.parametrize(
    ("story", "found", "decided"),
    [
        (report(SAFE, WHAT, POWER), (), []),
        (report(SAFE, WHAT, POWER), None, []),
        (report(SAFE, WHAT, POWER), (likely(shown=False),), []),
        (report(SAFE, WHAT, POWER, w.DangerReported()), (likely(),), []),
        (sent(), (likely(),), []),
        (offered(), (), ["KnownOffered"]),
        (offered(), None, []),
        (offered(found=(likely(), likely(OTHER))), (likely(),), []),
    ],
)
def test_what_customers_may_not_know_or_nobody_could_read_is_not_offered(
    story: Story, found: Any, decided: list[str]
) -> None:
    assert names(story.ask(OFFER, likely=found)) == decided


def test_no_goes_on_with_the_questions_and_the_same_is_not_asked_again() -> None:
    story = offered()
    assert names(story.do(DECLINE, CUSTOMER_ACTS)) == ["KnownDeclined"]
    assert isinstance(story.state, Report)
    assert story.state.asking
    assert story.state.alike.declined == (KNOWN,)
    assert not story.state.alike.offered
    assert names(story.ask(DECLINE, CUSTOMER_ACTS)) == []


# --- yes, that is it -------------------------------------------------------------------------


def test_yes_joins_the_report_to_it_and_the_customer_hears_how_it_stands() -> None:
    story = offered()
    reads = {KNOWN: known(latest=(told(),))}
    decided = story.do(JOIN, CUSTOMER_ACTS, reads=reads)
    assert names(decided) == ["KnownJoined", "ReportLinked", "WaitBegan"]
    state = story.state
    assert isinstance(state, Report)
    assert (state.incident, state.stage, state.asking) == (KNOWN, "sent", False)
    assert state.reference == "R-222-2222"
    commands = [one.command for one in story.wants(Do)]
    assert AttachReport(incident=KNOWN, report=REPORT) in commands
    assert [one.facts for one in commands if isinstance(one, AddFacts)]
    assert "quiet" in [one.name for one in story.wants(DropTimer)]
    said, update = story.wants(Say)
    assert "R-222-2222" in str(said.text.args["ref"])
    assert update.words == told().words


def test_yes_to_one_without_a_word_so_far_says_nothing_of_it() -> None:
    for latest in ((), (told(withdrawn=True),)):
        story = offered()
        story.do(JOIN, CUSTOMER_ACTS, reads={KNOWN: known(latest=latest)})
        assert len(story.wants(Say)) == 1


@pytest.mark.parametrize(
    "state",
    [
        None,
        known(visibility="restricted"),
        known(mode="exercise"),
        known(status="closed"),
        known(status="merged"),
        known(incident_kind="complaint"),
    ],
)
def test_yes_to_what_is_over_or_hidden_meanwhile_loses_nothing(state: Incident | None) -> None:
    story = offered()
    assert names(story.do(JOIN, CUSTOMER_ACTS, reads={KNOWN: state})) == ["KnownDeclined"]
    assert isinstance(story.state, Report)
    assert story.state.asking
    assert len(story.wants(Say)) == 1


@pytest.mark.parametrize(
    ("story", "code"),
    [
        (report(SAFE, WHAT, POWER), "not_offered"),
        (offered(lw.KnownDeclined(incidents=(KNOWN,))), "not_offered"),
        (sent(), "at_work"),
    ],
)
def test_nobody_joins_what_was_not_offered_to_them(story: Story, code: str) -> None:
    assert names(story.ask(JOIN, CUSTOMER_ACTS, reads={KNOWN: known()})) in (code, "sent")


def test_a_second_yes_changes_nothing_and_another_customer_cannot_say_it() -> None:
    story = offered()
    story.do(JOIN, CUSTOMER_ACTS, reads={KNOWN: known()})
    assert names(story.ask(JOIN, CUSTOMER_ACTS, reads={KNOWN: known()})) == []
    assert names(story.ask(JOIN, ANA_ACTS, reads={KNOWN: known()})) == "not_found"


# --- what agents see -------------------------------------------------------------------------


def test_whenever_facts_come_it_is_looked_again() -> None:
    """Issue 7.6: agents see likely duplicates, and the list is updated when facts come."""
    desk = opened()
    assert WhenIdle(stream=INCIDENT, command=NOTE) in desk.wants(WhenIdle)
    desk.do(
        AddFacts(
            incident=INCIDENT,
            report=REPORT,
            category="it",
            facts=(),
            complete=False,
        )
    )
    assert WhenIdle(stream=INCIDENT, command=NOTE) in desk.wants(WhenIdle)


def test_what_was_found_is_noted_once_and_the_others_look_once_too() -> None:
    desk = opened()
    touched = desk.state.touched_at
    desk.later(MINUTE)
    assert names(desk.do(NOTE, likely=(likely(),))) == ["LikelyNoted"]
    back = lw.NoteLikely(incident=KNOWN, answering=True)
    assert [one.command for one in desk.wants(WhenIdle)] == [back]
    assert desk.state.touched_at == touched
    assert names(desk.do(NOTE, likely=(likely(score=70),))) == []
    answering = lw.NoteLikely(incident=INCIDENT, answering=True)
    assert names(desk.do(answering, likely=(likely(OTHER),))) == ["LikelyNoted"]
    assert desk.wants(WhenIdle) == []


def test_one_press_says_that_they_are_two_and_both_know_it() -> None:
    desk = opened()
    desk.do(NOTE, likely=(likely(), likely(OTHER)))
    press = lw.NotTheSame(incident=INCIDENT, other=KNOWN)
    decided = desk.do(press, ANA_ACTS, reads={KNOWN: known(reference="I-333-3333")})
    assert decided == [lw.LikenessDenied(other=KNOWN, reference="I-333-3333", by=ANA)]
    assert [one.incident for one in desk.state.alike.found] == [OTHER]
    (do,) = desk.wants(Do)
    assert do.command == lw.NotTheSame(incident=KNOWN, other=INCIDENT)
    desk.do(NOTE, likely=(likely(), likely(OTHER)))
    assert [one.incident for one in desk.state.alike.found] == [OTHER]
    assert names(desk.ask(press, ANA_ACTS, reads={KNOWN: known()})) == []


def test_two_that_belong_together_are_linked_and_stay_two() -> None:
    """practice 1.3: link duplicate, merge, split are triage acts."""
    desk = opened()
    press = lw.LinkIncidents(incident=INCIDENT, other=KNOWN)
    linked = desk.do(press, ANA_ACTS, reads={KNOWN: known(reference="I-333-3333")})
    assert linked == [lw.IncidentsLinked(other=KNOWN, reference="I-333-3333", by=ANA)]
    assert desk.state.alike.linked == (KNOWN,)
    assert [one.stream for one in desk.wants(Do)] == [KNOWN]
    assert desk.state.working


@pytest.mark.parametrize("word", [lw.NotTheSame, lw.LinkIncidents])
def test_nobody_says_anything_of_what_they_may_not_see(word: Any) -> None:
    desk = opened()
    hidden = known(visibility="restricted")
    press = word(incident=INCIDENT, other=KNOWN)
    assert names(desk.ask(press, ANA_ACTS, reads={KNOWN: hidden})) == "not_found"
    assert names(desk.ask(press, ANA_ACTS, reads={KNOWN: None})) == "not_found"
    assert names(desk.ask(press, CUSTOMER_ACTS, reads={KNOWN: known()})) == "not_allowed"
    own = word(incident=INCIDENT, other=INCIDENT)
    assert names(desk.ask(own, ANA_ACTS, reads={INCIDENT: desk.state})) == "same"


def test_an_exercise_is_never_linked_to_what_is_real() -> None:
    press = lw.LinkIncidents(incident=INCIDENT, other=KNOWN)
    assert names(opened().ask(press, ANA_ACTS, reads={KNOWN: known(mode="exercise")})) == "mode"


def test_what_is_resolved_is_not_looked_for_any_more() -> None:
    assert names(resolved().ask(NOTE, likely=(likely(),))) == []


def test_the_playbook_says_how_many_are_offered_and_how_alike_they_must_be() -> None:
    assert PLAYBOOK.duplicates.offer_most >= 1
    assert 1 <= PLAYBOOK.duplicates.at_least <= 100
