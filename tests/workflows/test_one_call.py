"""Somebody who calls again and again: one call stands, it is never silent, and they are told so
kindly; what they wrote is looked through once.
"""

import pytest

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core.alarm_words import AlarmSounded
from bot.core.commands import Refused
from bot.core.intents import Say
from bot.core.path_words import WriteFromIncident
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.playbook_suggest import distress
from bot.engine.mailbox import letter_row
from bot.engine.resolve import still_serves
from bot.store.base import Row
from tests.workflows.calling import ESCALATE, causes, told
from tests.workflows.kit import ANA, ANA_ACTS, AT, CUSTOMER_ACTS, INCIDENT, MINUTE, Story, names
from tests.workflows.reports import SUBJECT, TAKEN, report, sent


def calling(*before: w.ReportEvent) -> Story:
    return sent(*before, dw.DistressNoticed(by="asked"))


def test_practice_7_2_a_call_is_not_taken_back_by_a_press_while_it_stands() -> None:
    """practice 7.2: nothing ends it but a person; they are told so kindly."""
    story = calling()
    said = story.do(w.WithdrawReport(why="solved_itself"), CUSTOMER_ACTS)
    assert isinstance(said, Refused)
    assert said.text.key.startswith("A person is being called for you")
    story.happens(dw.DistressCleared(why="false_alarm", by=ANA))
    gone = story.do(w.WithdrawReport(why="solved_itself"), CUSTOMER_ACTS)
    assert names(gone)[-1:] == ["ReportWithdrawn"]


def test_whoever_begins_again_and_again_stays_in_the_call_that_stands() -> None:
    story = calling()
    beside = w.BeginReport(beside=True)
    assert story.state is not None
    assert still_serves(story.state, AT, beside), "no second incident, no second round of calls"
    said = story.do(beside, CUSTOMER_ACTS)
    assert isinstance(said, Refused)
    assert said.code == "called"
    quiet = sent()
    assert quiet.state is not None
    assert not still_serves(quiet.state, AT, beside)


def test_who_asks_twice_is_called_for_once_and_anew_once_somebody_has_gone() -> None:
    story = calling()
    ask = dw.AskForHelp(need="distress")
    assert names(story.do(ask, CUSTOMER_ACTS)) == []
    story.happens(*TAKEN)
    assert names(story.do(ask, CUSTOMER_ACTS)) == ["WaitBegan"], "a real call is never silent"
    assert names(story.do(ask, CUSTOMER_ACTS)) == []


def test_an_agent_climbs_the_ladder_press_by_press_and_at_its_top_once_a_minute() -> None:
    house = told()
    rungs = []
    for _ in range(9):
        done = house.do(ESCALATE, ANA_ACTS)
        if isinstance(done, Refused):
            assert done.code == "at_the_top"
            break
        rungs += [one.rung for one in done if isinstance(one, AlarmSounded)]
    else:
        raise AssertionError("there is no end to it")
    assert rungs == sorted(set(rungs)), "each rung once"
    assert "manual" in causes(house), "and it goes on calling"
    house.at += MINUTE
    assert names(house.do(ESCALATE, ANA_ACTS)) == ["AlarmRaised", "AlarmSounded"]


def test_practice_2_1_a_step_of_a_complaint_is_said_in_the_name_of_the_desk() -> None:
    """practice 2.1: no single agent apologises for the organisation."""
    story = sent(*TAKEN)
    words = Personal(SUBJECT, "We are sorry.")
    story.do(WriteFromIncident(incident=INCIDENT, words=words, author=ANA))
    (said,) = [one for one in story.wants(Say) if one.words == words]
    assert said.as_desk
    assert said.text.key == "{desk} wrote:"
    row: Row = {"target": "t", "at": AT, "lane": "reply", "cause": "c", "subject": None}
    assert letter_row(row, said, "").row["author"] == "house"
    plain = said.model_copy(update={"as_desk": False})
    assert letter_row(row, plain, "").row["author"] == "desk"


def test_what_somebody_wrote_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def counted(playbook: Playbook, words: str) -> str | None:
        looked.append(words)
        return distress(playbook, words)

    monkeypatch.setattr("bot.core.reporting.distress", counted)
    story = report()
    story.do(w.WriteMessage(words="The lift is stuck"), CUSTOMER_ACTS)
    story.do(w.WriteMessage(words="And the door, too"), CUSTOMER_ACTS)
    assert looked == ["The lift is stuck", "And the door, too"]
