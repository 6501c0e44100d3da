"""What becomes of a report: told how it stands, asked whether it is fixed, rated once."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.commands import SYSTEM, Actor
from bot.core.events import Erased, Event
from bot.core.incident_commands import NoteReporter
from bot.core.intents import Do, DropTimer, Ring, Say, SetTimer
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    CUSTOMER_ACTS,
    DAY,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
    REPORT,
    Story,
    names,
)
from tests.workflows.reports import (
    ASKED,
    CLOSED,
    CONFIRMED,
    LINKED,
    SUBJECT,
    TAKEN,
    UNTIL,
    answered,
    closed,
    confirming,
    personal,
    press,
    report,
    sent,
    started,
)

DISPUTED = w.FixDisputed(incident=INCIDENT, words=None)
WITHDRAWN = w.ReportWithdrawn(why="cancelled")
CANCELLED = w.ReportClosed(why="cancelled", until=UNTIL)
YES = w.AnswerFixed(fixed=True)
NO = w.AnswerFixed(fixed=False)


def stage(name: Any, person: str | None = ANA, until: int | None = UNTIL) -> w.NoteStage:
    return w.NoteStage(incident=INCIDENT, stage=name, person=person, until=until)


def asked(story: Story, command: w.ReportCommand, by: Actor = CUSTOMER_ACTS) -> Any:
    return names(story.ask(command, by))


# --- how the incident stands -----------------------------------------------------------------

STAGES: list[tuple[Story, w.NoteStage, list[Event]]] = [
    # Taken: the wait ends by whoever took it; heard twice it is no news.
    (sent(), stage("taken"), list(TAKEN)),
    (sent(*TAKEN), stage("taken"), []),
    (sent(*TAKEN), stage("taken", BEN), [w.ReportTaken(by=BEN)]),
    (sent(w.WaitEnded(began=AT, by=ANA)), stage("taken"), []),
    (sent(w.WaitEnded(began=AT, by=ANA)), stage("taken", BEN), [w.ReportTaken(by=BEN)]),
    (sent(), stage("taken", None), []),
    (closed(), stage("taken"), []),
    # Resolved: the person is asked, also one who never finished the questions.
    (sent(*TAKEN), stage("resolved"), [ASKED]),
    (sent(), stage("resolved"), [TAKEN[0], ASKED]),
    (report(LINKED), stage("resolved"), [ASKED]),
    (confirming(), stage("resolved"), []),
    (
        confirming(),
        stage("resolved", until=UNTIL + 1),
        [w.FixAsked(incident=INCIDENT, until=UNTIL + 1)],
    ),
    (confirming(CONFIRMED), stage("resolved"), []),
    (closed(), stage("resolved"), []),
    # Reopened: whoever was asked or had answered goes on; whoever opened it knows.
    (confirming(), stage("reopened"), [w.ReportReopened()]),
    (confirming(CONFIRMED), stage("reopened"), [w.ReportReopened()]),
    (closed(), stage("reopened"), [w.ReportReopened()]),
    (confirming(DISPUTED), stage("reopened"), []),
    (sent(*TAKEN), stage("reopened"), []),
    # Closed or cancelled, from wherever it stands, once.
    (confirming(CONFIRMED), stage("closed"), [w.ReportClosed(why="closed", until=UNTIL)]),
    (confirming(), stage("closed"), [w.ReportClosed(why="closed", until=UNTIL)]),
    (sent(), stage("cancelled"), [TAKEN[0], CANCELLED]),
    (sent(), stage("cancelled", None), [w.WaitEnded(began=AT, by=None), CANCELLED]),
    (closed(), stage("closed"), []),
    (sent(CANCELLED), stage("cancelled"), []),
]


@pytest.mark.parametrize(("story", "command", "expected"), STAGES)
def test_a_report_follows_its_incident(
    story: Story, command: w.NoteStage, expected: list[Event]
) -> None:
    assert story.ask(command, SYSTEM) == expected


@pytest.mark.parametrize("name", ["taken", "resolved", "reopened", "closed", "cancelled"])
@pytest.mark.parametrize(
    "story",
    [
        started(),
        report(),
        sent(WITHDRAWN),
        report(w.ReportLinked(incident="inc_" + "9" * 26, how="opened")),
    ],
)
def test_what_no_longer_concerns_a_report_changes_nothing(story: Story, name: str) -> None:
    """Withdrawn, never begun, not linked, or linked to another incident."""
    assert story.ask(stage(name), SYSTEM) == []


def test_without_a_time_the_playbook_says_how_long_there_is_a_way_back() -> None:
    (event,) = sent(*TAKEN).ask(stage("cancelled", until=None), SYSTEM)
    assert event == w.ReportClosed(why="cancelled", until=AT + PLAYBOOK.closing.confirm_within)


def test_only_the_house_tells_a_report_how_its_incident_stands() -> None:
    assert asked(sent(), stage("closed"), ANA_ACTS) == "not_allowed"


# --- fixed? ----------------------------------------------------------------------------------

ANSWERS: list[tuple[Story, w.AnswerFixed, list[str] | str]] = [
    (confirming(), YES, ["FixConfirmed"]),
    (confirming(), w.AnswerFixed(fixed=True, words="Great"), ["MessageReceived", "FixConfirmed"]),
    (confirming(), NO, ["FixDisputed", "WaitBegan"]),
    (confirming(w.WaitBegan(why="asked")), NO, ["FixDisputed"]),
    # The same press again is done already; a slip can be corrected.
    (confirming(CONFIRMED), YES, []),
    (confirming(CONFIRMED), NO, ["FixDisputed", "WaitBegan"]),
    (confirming(DISPUTED), NO, []),
    # Within the window of a closed report "no" opens it again, "yes" changes nothing.
    (closed(), NO, ["FixDisputed", "WaitBegan"]),
    (closed(), YES, []),
    (closed().later(3 * DAY), NO, "ended"),
    # Nobody was asked.
    (report(), NO, "not_asked"),
    (sent(), YES, "not_asked"),
    (sent(), NO, "not_asked"),
    (confirming(DISPUTED), YES, "not_asked"),
    (sent(CANCELLED), NO, "not_asked"),
    (report(WITHDRAWN), NO, "ended"),
    (confirming(Erased(subject=SUBJECT, classes=(), through=1)), NO, "erased"),
    (confirming(), w.AnswerFixed(fixed=False, words="x" * 8001), "too_long"),
]


@pytest.mark.parametrize(("story", "command", "expected"), ANSWERS)
def test_only_the_press_says_whether_it_is_fixed(
    story: Story, command: w.AnswerFixed, expected: list[str] | str
) -> None:
    assert asked(story, command) == expected


def test_the_question_has_an_end_and_says_when() -> None:
    story = sent(*TAKEN)
    story.do(stage("resolved"))
    (timer,) = story.wants(SetTimer)
    assert (timer.name, timer.due) == ("confirmation", UNTIL)
    (said,) = story.wants(Say)
    assert (said.until, said.text.args["time"].at) == (UNTIL, UNTIL)
    assert story.wants(DropTimer) == [DropTimer(name="quiet")]
    assert not story.state.asking


def test_yes_is_told_to_the_incident_and_thanked_for() -> None:
    story = press(confirming(), YES)
    (do,) = story.wants(Do)
    told = NoteReporter(incident=INCIDENT, report=REPORT, what="confirmed")
    assert (do.stream, do.command) == (INCIDENT, told)
    assert "1 to 5" in story.wants(Say)[0].text.key
    assert story.wants(DropTimer) == [DropTimer(name="confirmation")]
    assert story.state.stage == "done"


def test_no_is_told_to_the_incident_with_its_words_kept_and_agents_called() -> None:
    story = press(confirming(), w.AnswerFixed(fixed=False, words="Still dark"))
    assert w.FixDisputed(incident=INCIDENT, words=personal("Still dark")) in story.events
    (do,) = story.wants(Do)
    assert do.command == NoteReporter(incident=INCIDENT, report=REPORT, what="disputed")
    assert story.wants(Ring) == [Ring(role="agent", why="disputed")]
    assert story.wants(DropTimer) == [DropTimer(name="confirmation")]
    assert "open again" in story.wants(Say)[0].text.key
    state = story.state
    assert (state.stage, state.taken_by, state.waiting_for) == ("sent", None, "disputed")


def test_without_a_survey_nobody_is_asked_for_a_rating() -> None:
    quiet = PLAYBOOK.closing.model_copy(update={"survey": False})
    story = confirming()
    story.do(YES, CUSTOMER_ACTS, playbook=PLAYBOOK.model_copy(update={"closing": quiet}))
    assert "1 to 5" not in story.wants(Say)[0].text.key


SILENT: list[tuple[Story, int, list[Event]]] = [
    (confirming(), DAY, [w.FixConfirmed(incident=INCIDENT, by="window")]),
    (confirming(), 9 * DAY, [w.FixConfirmed(incident=INCIDENT, by="window")]),
    (confirming(), DAY - 1, []),
    (confirming(CONFIRMED), DAY, []),
    (confirming(DISPUTED), DAY, []),
    (confirming(w.ReportReopened()), DAY, []),
    (confirming(WITHDRAWN), DAY, []),
    (closed(), DAY, []),
    (started(), DAY, []),
]


@pytest.mark.parametrize(("story", "after", "expected"), SILENT)
def test_silence_until_the_end_counts_as_fixed(
    story: Story, after: int, expected: list[Event]
) -> None:
    story.later(after)
    assert story.ask(w.GiveUpWaiting(what="confirmation"), SYSTEM) == expected


def test_the_incident_hears_that_the_window_ended_and_nobody_is_disturbed() -> None:
    story = confirming().later(DAY)
    story.do(w.GiveUpWaiting(what="confirmation"))
    (do,) = story.wants(Do)
    assert do.command == NoteReporter(incident=INCIDENT, report=REPORT, what="window_ended")
    assert story.wants(Say) == []


def test_an_incident_can_close_though_the_person_was_erased() -> None:
    story = confirming(Erased(subject=SUBJECT, classes=(), through=1)).later(DAY)
    assert asked(story, w.GiveUpWaiting(what="confirmation"), SYSTEM) == ["FixConfirmed"]


def test_whoever_is_taken_on_again_after_a_dispute_no_longer_waits() -> None:
    story = press(confirming(), NO).later(MINUTE)
    story.do(stage("reopened"))
    assert story.do(stage("taken", BEN)) == [
        w.WaitEnded(began=AT, by=BEN),
        w.ReportTaken(by=BEN),
    ]


# --- the end ---------------------------------------------------------------------------------

ENDS: list[tuple[str, str]] = [
    ("reopened", "open again"),
    ("closed", "is closed"),
    ("cancelled", "without further work"),
]


@pytest.mark.parametrize(("name", "words"), ENDS)
def test_the_person_hears_of_each_end_and_new_beginning(name: str, words: str) -> None:
    story = confirming()
    story.do(stage(name))
    (said,) = story.wants(Say)
    assert words in said.text.key
    assert said.text.args["ref"].ref == "R-222-2222"
    assert DropTimer(name="confirmation") in story.intents
    assert (DropTimer(name="quiet") in story.intents) == (name != "reopened")


def test_a_closed_report_serves_until_its_window_ends() -> None:
    story = closed()
    assert story.state.serves(CLOSED.until - 1)
    assert not story.state.serves(CLOSED.until)


def test_a_reopened_report_serves_without_end_and_asks_again() -> None:
    story = closed(w.ReportReopened())
    assert story.state.serves(AT + 999 * DAY)
    assert (story.state.open_until, story.state.closed_as) == (None, None)
    assert asked(story, stage("resolved", until=UNTIL + DAY), SYSTEM) == ["FixAsked"]


# --- the rating ------------------------------------------------------------------------------

RATINGS: list[tuple[Story, w.RateService, list[str] | str]] = [
    (confirming(CONFIRMED), w.RateService(score=5), ["ServiceRated"]),
    (closed(), w.RateService(score=1, words="Too slow"), ["ServiceRated"]),
    (closed(w.ServiceRated(score=4, words=None)), w.RateService(score=4), []),
    (closed(w.ServiceRated(score=4, words=None)), w.RateService(score=2), ["ServiceRated"]),
    (closed(), w.RateService(score=0), "invalid"),
    (closed(), w.RateService(score=6), "invalid"),
    (closed(), w.RateService(score=3, words="x" * 8001), "too_long"),
    (confirming(), w.RateService(score=5), "not_yet"),
    (report(), w.RateService(score=5), "not_yet"),
    (closed().later(3 * DAY), w.RateService(score=5), "ended"),
    (report(WITHDRAWN), w.RateService(score=5), "ended"),
    (closed(Erased(subject=SUBJECT, classes=(), through=1)), w.RateService(score=5), "erased"),
]


@pytest.mark.parametrize(("story", "command", "expected"), RATINGS)
def test_a_rating_is_given_at_the_end_and_may_be_changed_in_time(
    story: Story, command: w.RateService, expected: list[str] | str
) -> None:
    assert asked(story, command) == expected


def test_the_comment_of_a_rating_is_personal() -> None:
    story = press(closed(), w.RateService(score=2, words="Rude"))
    assert story.events[-1] == w.ServiceRated(score=2, words=personal("Rude"))
    assert story.state.rating == 2


TOUCHED: Sequence[Event] = (
    answered("safety", "no"),
    w.MessageReceived(number=1, words=personal("x")),
)


@pytest.mark.parametrize("event", TOUCHED)
def test_the_report_remembers_when_its_person_was_there_last(event: Event) -> None:
    story = report().later(MINUTE).happens(event)
    assert story.state.touched_at == AT + MINUTE
