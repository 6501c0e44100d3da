"""Whoever helped is asked how they are: privately, and what they answer stays with them."""

from typing import Any

import pytest

from bot.core import welfare_words as ww
from bot.core.calendar import HOUR
from bot.core.commands import SYSTEM
from bot.core.intents import Members, Say, SetTimer
from bot.core.person_words import PersonInvited, SetAvailability
from bot.core.texts import Who
from tests.workflows.kit import AT, MINUTE, PERSON, PLAYBOOK, Story, actor, names

OWN = actor(PERSON, "agent")


def colleague() -> Story:
    return Story(
        "person", PersonInvited(subject="sub", roles=("agent",), token="hash", until=AT + HOUR)
    )


def asked() -> Story:
    story = colleague()
    assert names(story.do(ww.AskHowTheyAre(), SYSTEM)) == ["WelfareAsked"]
    return story


def test_practice_7_3_they_are_asked_alone_with_three_answers_at_hand() -> None:
    """practice 7.3: the agent is offered welfare support and a break."""
    story = asked()
    (said,) = story.wants(Say)
    assert said.to == Members(of="staff", stream=PERSON, scope=f"alone,person:{PERSON}")
    assert said.cares
    assert names(story.do(ww.AskHowTheyAre(), SYSTEM)) == []
    assert names(story.later(13 * HOUR).do(ww.AskHowTheyAre(), SYSTEM)) == ["WelfareAsked"]


def test_practice_7_3_a_break_begins_at_once_and_supervisors_hear_that_and_never_why() -> None:
    """practice 7.3: availability off for a while; a supervisor is told that a break was taken."""
    story = asked()
    decided = names(story.do(ww.SayHowIAm(how="pause"), OWN))
    assert decided == ["WelfareAnswered", "AvailabilitySet"]
    assert story.state.off
    assert not story.state.available
    assert story.state.away_until == story.at + PLAYBOOK.safety.pause == story.at + 30 * MINUTE
    assert [one.name for one in story.wants(SetTimer)] == ["availability"]
    (said,) = story.wants(Say)
    assert said.to.scope == "alone,role:supervisor"
    assert set(said.text.args) == {"who", "time"}
    assert said.text.args["who"] == Who(person=PERSON)
    assert "distress" not in said.text.key


def test_a_longer_absence_of_theirs_stays() -> None:
    story = asked()
    story.do(SetAvailability(available=False, off=True, until=story.at + 9 * HOUR), OWN)
    assert names(story.do(ww.SayHowIAm(how="pause"), OWN)) == ["WelfareAnswered"]
    assert story.state.away_until == story.at + 9 * HOUR


@pytest.mark.parametrize(("how", "told"), [("fine", 0), ("talk", 1)])
def test_who_wants_to_talk_is_found_by_a_supervisor_and_who_is_fine_by_nobody(
    how: Any, told: int
) -> None:
    story = asked()
    assert names(story.do(ww.SayHowIAm(how=how), OWN)) == ["WelfareAnswered"]
    assert len(story.wants(Say)) == told
    assert story.state.available
    assert names(story.ask(ww.SayHowIAm(how=how), OWN)) == "not_asked"
