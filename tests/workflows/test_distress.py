"""Distress in what a customer writes: found, said to a person, answered kindly once."""

from typing import Any

import pytest

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.commands import SYSTEM, Command
from bot.core.incident_commands import AddFacts, OpenIncident
from bot.core.intents import Do, DropTimer, Ring, Say, SetTimer, Then
from bot.core.personal import personals
from bot.core.playbook_suggest import distress
from bot.core.report import Report
from bot.core.rows import ListRow
from bot.core.shelter_words import EndShelter, ShelterReport
from bot.core.taken_back_words import TakeBackMessage
from bot.core.welfare_words import AskHowTheyAre
from bot.texts import Catalogues
from bot.workflows.lists import report_rows
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
    Story,
    names,
)
from tests.workflows.reports import LINKED, REQUIRED, SAFE, TAKEN, closed, confirming, report, sent

CATALOGUES = Catalogues.load()
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
        "WaitEnded",
        "IntakeLeft",
        "ReportLinked",
    ]
    linked = story.events[-1]
    assert isinstance(linked, w.ReportLinked)
    assert linked.visibility == "restricted"
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


def test_practice_7_1_one_press_says_it_without_a_word_and_at_any_time() -> None:
    """practice 7.1: a choice on every screen; asked again, the kind words are said again."""
    for story in (Story("report"), report(), sent(), confirming(), closed()):
        happened = does(story, dw.AskForHelp(need="distress"))
        assert "DistressNoticed" in happened
        assert story.state.care.since == story.at
        assert not story.state.asking
        assert story.state.stage in ("answering", "sent")
        assert kind_words(story) == 1
        assert does(story, dw.AskForHelp(need="distress")) == []


def test_practice_2_4_danger_by_the_same_screen_is_danger() -> None:
    """practice 2.4: a threat to life is never queued behind the questions."""
    story = report()
    assert does(story, dw.AskForHelp(need="danger"))[:2] == ["DangerReported", "ReportLinked"]
    said = [one.text.args.get("advice") for one in story.wants(Say) if one.lane == "safety"]
    assert said[0] == PLAYBOOK.safety.emergency
    assert does(story, dw.AskForHelp(need="danger")) == []
    assert "DistressNoticed" in does(story, dw.AskForHelp(need="distress"))


def test_practice_7_2_nothing_closes_by_itself_while_somebody_is_in_distress() -> None:
    """practice 7.2: questions stop, no quiet time, no question whether it is fixed, no survey."""
    story = confirming()
    does(story, dw.AskForHelp(need="distress"))
    dropped = {one.name for one in story.wants(DropTimer)}
    assert {"quiet", "confirmation"} <= dropped
    story.later(30 * DAY)
    for what in ("intake", "confirmation"):
        assert does(story, w.GiveUpWaiting(what=what), SYSTEM) == []
    note = w.NoteStage(incident=INCIDENT, stage="resolved", person=ANA, until=story.at + DAY)
    assert does(story, note, SYSTEM) == []
    assert names(story.ask(w.RateService(score=5), CUSTOMER_ACTS)) == "not_yet"
    assert names(story.ask(w.AnswerFixed(fixed=True), CUSTOMER_ACTS)) == "not_asked"


def test_practice_7_3_nobodys_time_is_measured() -> None:
    """practice 7.3: a wait that ran ends without an answer, and none begins."""
    story = sent()
    happened = does(story, w.WriteMessage(words=SAD))
    assert [one for one in happened if one.startswith("Wait")] == ["WaitEnded"]
    ended = next(one for one in story.events if isinstance(one, w.WaitEnded))
    assert ended.by is None
    for command in (w.WriteMessage(words="Are you there?"), w.AskForPerson(), w.ReportDanger()):
        assert not [one for one in does(story, command) if one == "WaitBegan"]
    does(story, dw.ClearDistress(report=story.stream, why="helped"), ANA_ACTS)
    assert "WaitBegan" not in does(story, w.WriteMessage(words="Thank you"))


def test_practice_7_3_what_was_said_goes_nowhere_before_few_may_see_it_there() -> None:
    """practice 7.3: neither beneath the team's card nor into the facts of their incident."""
    story = report(SAFE, w.DangerReported(), LINKED)
    does(story, w.AnswerQuestion(field="what", value="Dark. I want to die."))
    told = [one.command for one in story.wants(Do)]
    assert [type(one) for one in told] == [ShelterReport]
    assert story.beneath() == []
    for command in (w.WriteMessage(words="Hello?"), TakeBackMessage()):
        does(story, command)
        assert story.beneath() == []
    does(story, w.ReplyToCustomer(report=story.stream, words="I am here."), ANA_ACTS)
    assert story.beneath() == []
    does(story, dw.NoteSheltered(incident=INCIDENT), SYSTEM)
    facts = [one.command for one in story.wants(Do) if isinstance(one.command, AddFacts)]
    assert [one.field for one in facts[0].facts] == ["safety", "what"]


def test_what_a_whole_form_says_is_seen_by_few_from_its_first_moment() -> None:
    story = report()
    known = {one.field: one.value for one in REQUIRED}
    answers = {**known, "what": "I cannot go on. I want to die.", "where": "Mill Lane 3"}
    happened = does(story, w.FillReport(answers=answers, send=True))
    assert "SummaryConfirmed" in happened
    linked = [one for one in story.events if isinstance(one, w.ReportLinked)]
    assert [one.visibility for one in linked] == ["restricted"]
    opened = [one.command for one in story.wants(Do) if isinstance(one.command, OpenIncident)]
    assert [one.visibility for one in opened] == ["restricted"]


def test_practice_7_2_people_are_called_as_soon_as_few_may_see_it() -> None:
    """practice 7.2 and 7.3: by the ladder of the playbook; supervisors are told, alone."""
    story = sent(*TAKEN)
    does(story, dw.AskForHelp(need="distress"))
    assert {(one.role, one.person, one.why) for one in story.wants(Ring)} >= {
        ("agent", "", "distress"),
        ("", ANA, "distress"),
    }
    does(story, dw.NoteSheltered(incident=INCIDENT), SYSTEM)
    (raised,) = [one.command for one in story.wants(Do) if isinstance(one.command, RaiseAlarm)]
    assert (raised.cause, raised.about, raised.ladder) == ("distress", story.stream, "distress")
    first, *_, last = PLAYBOOK.ladders["distress"].rungs
    assert first.wait == MINUTE
    assert "supervisor" in [one.key for one in last.who]
    (called,) = [one for one in story.wants(Say) if one.at_once]
    assert called.to.scope == f"alone,person:{ANA},role:supervisor"
    assert not list(personals(called.text))
    assert called.words is None


def test_a_ladder_that_was_not_pinned_is_left_out() -> None:
    safety = PLAYBOOK.safety.model_copy(update={"ladder": "newer"})
    newer = PLAYBOOK.model_copy(update={"safety": safety, "version": "newer"})
    story = sent()
    does(story, dw.AskForHelp(need="distress"))
    story.do(dw.NoteSheltered(incident=INCIDENT), SYSTEM, playbook=newer)
    (raised,) = [one.command for one in story.wants(Do) if isinstance(one.command, RaiseAlarm)]
    assert raised.ladder == ""


def test_practice_7_2_whoever_takes_it_reads_the_prompts_and_the_numbers() -> None:
    """practice 7.2: Breathe, Listen, Ask, Keep safe, End with summary; nobody else is called."""
    story = sent()
    does(story, dw.AskForHelp(need="distress"))
    note = w.NoteStage(incident=INCIDENT, stage="taken", person=ANA)
    does(story, note, SYSTEM)
    (said,) = [one for one in story.wants(Say) if one.at_once]
    assert said.to.scope == f"alone,person:{ANA}"
    spoken = CATALOGUES.speaker("en", "UTC", AT)(said.text)
    for prompt in PLAYBOOK.safety.guidance:
        assert prompt.by["en"] in spoken
    assert PLAYBOOK.safety.emergency_number in spoken
    assert PLAYBOOK.safety.distress_number in spoken
    (stop,) = [one.command for one in story.wants(Do) if isinstance(one.command, StopAlarm)]
    assert (stop.about, stop.by) == (story.stream, ANA)


def test_an_answer_is_a_person_who_has_come() -> None:
    story = sent(*TAKEN)
    does(story, dw.AskForHelp(need="distress"))
    does(story, w.ReplyToCustomer(report=story.stream, words="I am here."), ANA_ACTS)
    assert [type(one.command) for one in story.wants(Do)] == [StopAlarm]


def test_practice_7_2_the_talk_ends_with_a_summary_that_the_person_may_have() -> None:
    """practice 7.2: End with summary; whoever helped is asked how they are (7.3)."""
    for send in (True, False):
        story = sent(*TAKEN)
        does(story, dw.AskForHelp(need="distress"))
        ending = dw.SumUpDistress(
            report=story.stream,
            said="You told me about your week.",
            next_step="Your sister comes over.",
            contact="I write to you tomorrow at ten.",
            send=send,
        )
        happened = does(story, ending, ANA_ACTS)
        assert happened == ["DistressSummedUp", *(["MessageSent"] * send), "DistressCleared"]
        assert not story.state.care.since
        assert story.state.care.helped
        asked = [one for one in story.wants(Do) if isinstance(one.command, AskHowTheyAre)]
        assert [one.stream for one in asked] == [ANA]
        assert names(story.ask(ending, ANA_ACTS)) == "no_distress"


def test_practice_7_3_whoever_helps_for_long_is_asked_how_they_are() -> None:
    """practice 7.3: the agent is offered support; once for a stretch, late or not."""
    story = sent()
    does(story, dw.AskForHelp(need="distress"))
    does(story, w.NoteStage(incident=INCIDENT, stage="taken", person=ANA), SYSTEM)
    (timer,) = [one for one in story.wants(SetTimer) if one.name == "helper"]
    assert timer.due == story.at + PLAYBOOK.safety.check_in == story.at + 30 * MINUTE
    story.later(3 * DAY)
    assert does(story, timer.command, SYSTEM) == ["HelperAsked"]
    assert [one.stream for one in story.wants(Do)] == [ANA]
    does(story, w.NoteStage(incident=INCIDENT, stage="taken", person=BEN), SYSTEM)
    assert does(story, timer.command, SYSTEM) == []


def test_whatever_is_said_of_a_false_alarm_is_kept_with_it() -> None:
    story = sent()
    does(story, w.WriteMessage(words=SAD))
    clear = dw.ClearDistress(report=story.stream, why="false_alarm", words="A line of a song.")
    assert does(story, clear, ANA_ACTS) == ["DistressCleared"]
    assert not story.state.care.unclocked
    sent_on = {type(one.command) for one in story.wants(Do)}
    assert sent_on == {StopAlarm, EndShelter, AddFacts}


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
