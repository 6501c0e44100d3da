"""Files: taken once, within bounds, as a message or for the question that asks for them."""

from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.events import Erased, Event
from bot.core.file_words import AttachFile, FileAdded
from bot.core.files import FILES_MOST, REPORT_MOST
from bot.core.intents import Find, KeepFile, Ring, Say
from tests.workflows.kit import ANA, ANA_ACTS, AT, CUSTOMER_ACTS, DAY, Story, actor, names
from tests.workflows.reports import (
    CONFIRMED,
    REQUIRED,
    SUBJECT,
    TAKEN,
    closed,
    confirming,
    personal,
    press,
    report,
    sent,
    started,
)


def attach(file: str = "f1", size: int = 1000, field: str = "") -> AttachFile:
    return AttachFile(
        file=file, name="../fuse.jpeg", type="image/jpeg", size=size, digest="d", field=field
    )


def added(file: str, number: int | None = 1, size: int = 1000, field: str = "") -> FileAdded:
    return FileAdded(
        file=file,
        name=personal("fuse.jpg"),
        type="image/jpeg",
        size=size,
        digest="d",
        width=0,
        height=0,
        number=number,
        field=field,
    )


DECIDED: list[tuple[Story, AttachFile, Any]] = [
    (report(), attach(), ["FileAdded", "WaitBegan"]),
    (sent(*TAKEN), attach(), ["FileAdded"]),
    (report(), attach(field="photo"), ["FileAdded"]),
    (report(), attach(field="what"), "no_longer_asked"),
    (report(), attach(field="nothing"), "no_longer_asked"),
    (sent(), attach(field="photo"), "no_longer_asked"),
    (report(added("f1")), attach("f1"), []),
    (report(added("f1")), attach("f2"), ["FileAdded", "WaitBegan"]),
    (report(*(added(f"f{n}", n) for n in range(FILES_MOST))), attach("more"), "too_many"),
    (report(*(added(f"f{n}", n) for n in range(FILES_MOST))), attach("f3"), []),
    (report(added("f1", size=REPORT_MOST - 999)), attach("f2"), "too_many"),
    (report(added("f1", size=REPORT_MOST - 1000)), attach("f2"), ["FileAdded", "WaitBegan"]),
    (started(), attach(), "nothing_yet"),
    (report(w.ReportWithdrawn(why="cancelled")), attach(), "ended"),
    (closed(), attach(), ["FileAdded"]),
    (closed().later(3 * DAY), attach(), "ended"),
    (report(Erased(subject=SUBJECT, classes=(), through=9)), attach(), "erased"),
]


@pytest.mark.parametrize(("story", "command", "expected"), DECIDED)
def test_a_file_is_taken_where_a_message_would_be(
    story: Story, command: AttachFile, expected: Any
) -> None:
    assert names(story.ask(command, CUSTOMER_ACTS)) == expected


def test_it_is_a_message_among_the_others_and_keeps_its_safe_name() -> None:
    story = press(report(), w.WriteMessage(words="Look"), attach())
    event = story.events[-1]
    assert isinstance(event, FileAdded)
    assert (event.number, event.name.plain()) == (2, "fuse.jpg")
    talk = story.state.conversation
    assert (talk.count, talk.last_from, talk.unanswered_since) == (2, "customer", AT)
    (one,) = story.state.files
    assert (one.file, one.number, one.size) == ("f1", 2, 1000)


def test_an_answer_is_no_message() -> None:
    story = press(report(), attach(field="photo"))
    assert story.state.conversation.count == 0
    assert [(one.number, one.field) for one in story.state.files] == [(None, "photo")]
    assert story.wants(KeepFile) == [KeepFile(file="f1")]
    assert story.wants(Say) == []
    assert story.wants(Ring) == []


def test_its_bytes_are_kept_its_name_is_found_and_somebody_is_called() -> None:
    story = press(sent(*TAKEN), attach())
    assert story.wants(KeepFile) == [KeepFile(file="f1")]
    assert [one.words.plain() for one in story.wants(Find)] == ["fuse.jpg"]
    assert story.wants(Ring) == [Ring(person=ANA, why="message")]
    (said,) = story.wants(Say)
    assert (said.own, said.message, said.to) == (True, 1, story.state.seat)


def test_a_photo_after_the_end_asks_and_does_not_reopen() -> None:
    story = press(confirming(CONFIRMED), attach())
    assert story.state.stage == "done"
    assert ["not fixed" in one.text.key for one in story.wants(Say)] == [False, True]


ANSWERED: list[tuple[tuple[Event, ...], Any, Any]] = [
    ((), ["f1"], "not_arrived"),
    ((added("f1", None, field="photo"),), ["f1"], ["QuestionAnswered"]),
    ((added("f1"),), ["f1", "f2"], "not_arrived"),
    ((added("f1"),), ["f1", "f1", "f1", "f1", "f1", "f1"], "invalid"),
    ((), [], ["QuestionSkipped"]),
]


@pytest.mark.parametrize(("events", "value", "expected"), ANSWERED)
def test_a_question_is_answered_by_files_that_have_arrived(
    events: tuple[Event, ...], value: Any, expected: Any
) -> None:
    story = report(*REQUIRED, *events)
    command = w.AnswerQuestion(field="photo", value=value)
    assert names(story.ask(command, CUSTOMER_ACTS)) == expected


def test_nobody_else_adds_a_file() -> None:
    for who in (ANA_ACTS, actor("per_" + "X" * 26), actor("per_" + "X" * 26, "agent")):
        assert names(report().ask(attach(), who)) in ("not_allowed", "not_found")
