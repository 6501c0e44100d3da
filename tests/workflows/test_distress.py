"""Distress in what a customer writes: found, said to a person, answered kindly once."""

from typing import Any

import pytest

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core.commands import Command
from bot.core.intents import Do, Ring, Say, Then
from bot.core.personal import personals
from bot.core.playbook_suggest import distress
from bot.core.report import Report
from bot.core.rows import ListRow
from bot.workflows.lists import report_rows
from tests.workflows.kit import ANA_ACTS, CUSTOMER_ACTS, PLAYBOOK, Story, names
from tests.workflows.reports import closed, confirming, report, sent

SAD = "I CAN’T go\non like this"


def does(story: Story, command: Command, by: Any = CUSTOMER_ACTS) -> list[str]:
    """What happened, follow-ups included; their intents stay with the story."""
    first = names(story.do(command, by))
    assert isinstance(first, list), first
    intents = story.intents
    for one in [one for one in intents if isinstance(one, Then)]:
        first += names(story.do(one.command))
        intents = [*intents, *story.intents]
    story.intents = intents
    return first


def kind_words(story: Story) -> int:
    advice = [one.text.args.get("advice") for one in story.wants(Say)]
    return advice.count(PLAYBOOK.safety.distress)


def lane(state: Report) -> tuple[object, object]:
    (row,) = [
        one for one in report_rows(state) if isinstance(one, ListRow) and one.table == "reports"
    ]
    return row.columns["lane"], row.columns["settled"]


def test_a_first_word_of_distress_opens_an_incident_and_ends_the_questions() -> None:
    story = Story("report")
    happened = does(story, w.WriteMessage(words=SAD))
    assert happened == [
        "ReportStarted",
        "MessageReceived",
        "WaitBegan",
        "DistressNoticed",
        "IntakeLeft",
        "ReportLinked",
    ]
    assert kind_words(story) == 1
    assert {one.why for one in story.wants(Ring)} >= {"distress"}
    assert story.wants(Do)
    assert lane(story.state) == ("distress", 0)


@pytest.mark.parametrize(
    ("begin", "command"),
    [
        (report, w.AnswerQuestion(field="what", value="Dark. I want to die.")),
        (confirming, w.AnswerFixed(fixed=False, words=SAD)),
        (confirming, w.AnswerFixed(fixed=True, words="Я не хочу жить")),
        (closed, w.RateService(score=1, words="better off dead")),
        (closed, w.WriteMessage(words="Сам не знаю, нет сил жить.")),
    ],
)
def test_it_is_heard_wherever_a_customer_writes(begin: Any, command: Command) -> None:
    story = begin()
    assert "DistressNoticed" in does(story, command)
    assert kind_words(story) == 1
    assert lane(story.state) == ("distress", 0)


def test_the_event_says_that_and_never_what() -> None:
    for event in (dw.DistressNoticed, dw.DistressCleared):
        assert not {"words", "phrase", "text"} & set(event.model_fields)
    assert not list(personals(dw.DistressNoticed()))


def test_known_distress_is_no_second_event_and_brings_no_second_letter() -> None:
    story = sent()
    does(story, w.WriteMessage(words=SAD))
    assert "DistressNoticed" not in does(story, w.WriteMessage(words=SAD))
    assert kind_words(story) == 0


def test_a_false_alarm_is_put_right_and_new_words_raise_a_new_one_without_a_new_letter() -> None:
    story = sent()
    does(story, w.WriteMessage(words=SAD))
    clear = dw.ClearDistress(report=story.stream, why="false_alarm")
    assert names(story.ask(clear, CUSTOMER_ACTS)) == "not_allowed"
    assert does(story, clear, ANA_ACTS) == ["DistressCleared"]
    assert does(story, clear, ANA_ACTS) == []
    assert lane(story.state)[0] == "waiting"
    assert "DistressNoticed" in does(story, w.WriteMessage(words=SAD))
    assert kind_words(story) == 0
    assert {one.why for one in story.wants(Ring)} >= {"distress"}


def test_words_of_the_desk_raise_nothing() -> None:
    story = sent()
    reply = w.ReplyToCustomer(report=story.stream, words="Did you say that you want to die?")
    assert does(story, reply, ANA_ACTS) == ["MessageSent", "WaitEnded"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("i cant go on", True),
        ("I can`t  GO on", True),
        ("Ｉ want to die", True),
        ("suicidal thoughts", True),
        ("I want to diet", False),
        ("unsuicidal", False),
        ("the go on button cant be pressed", False),
        ("хочу умереть", True),
        ("ХОЧУ\u00a0УМЕРЕТЬ", True),
        ("лучше бы я умёрла", True),
        ("не хочу жить в этом районе без света", True),
        ("хочу жить", False),
    ],
)
def test_words_are_whole_and_folded_in_every_language(text: str, heard: bool) -> None:
    assert (distress(PLAYBOOK, text) is not None) == heard
