"""Available, busy or off: said by each for themselves, ending by itself when a time was given."""

from collections.abc import Sequence

import pytest

from bot.core import person_words as w
from bot.core.events import Event
from bot.core.intents import DropTimer, SetTimer
from bot.workflows.availability import AWAY_MOST
from tests.workflows.kit import AT, DAY, HOUR, PERSON, actor, names
from tests.workflows.test_people import MET, person

RESOURCE = actor(PERSON, "resource")
LATER = AT + HOUR
BUSY = w.AvailabilitySet(available=False)
BUSY_UNTIL = w.AvailabilitySet(available=False, until=LATER)
OFF = w.AvailabilitySet(available=False, off=True)
ON = w.AvailabilitySet(available=True)

SAID: list[tuple[Sequence[Event], w.SetAvailability, list[str] | str]] = [
    ((MET,), w.SetAvailability(available=False, until=LATER), ["AvailabilitySet"]),
    ((MET, BUSY_UNTIL), w.SetAvailability(available=False, until=LATER), []),
    ((MET, BUSY_UNTIL), w.SetAvailability(available=False), ["AvailabilitySet"]),
    ((MET, BUSY), w.SetAvailability(available=False, off=True), ["AvailabilitySet"]),
    ((MET, OFF), w.SetAvailability(available=False, off=True), []),
    ((MET, OFF), w.SetAvailability(available=True, off=True, until=1), ["AvailabilitySet"]),
    ((MET,), w.SetAvailability(available=True, off=True, until=1), []),
    ((MET,), w.SetAvailability(available=False, until=AT - DAY), "wrong_time"),
    ((MET,), w.SetAvailability(available=False, until=AT + AWAY_MOST + DAY), "wrong_time"),
]


@pytest.mark.parametrize(("events", "command", "expected"), SAID)
def test_staff_say_what_they_are_and_until_when(
    events: Sequence[Event], command: w.SetAvailability, expected: list[str] | str
) -> None:
    assert names(person(*events).ask(command, RESOURCE)) == expected


def test_whoever_is_available_is_neither_off_nor_away() -> None:
    state = person(MET, OFF, ON).state
    assert (state.available, state.off, state.away_until) == (True, False, None)


ENDS: list[tuple[Sequence[Event], list[str]]] = [
    ((MET, BUSY_UNTIL), ["AvailabilitySet"]),
    ((MET, BUSY_UNTIL, ON), []),
    ((MET, BUSY_UNTIL, BUSY), []),
    ((MET, BUSY_UNTIL, w.AvailabilitySet(available=False, until=LATER + 1)), []),
    ((MET, BUSY_UNTIL, w.PersonDisabled()), []),
    ((), []),
]


@pytest.mark.parametrize(("events", "expected"), ENDS)
def test_a_time_that_is_over_ends_only_what_it_was_given_for(
    events: Sequence[Event], expected: list[str]
) -> None:
    assert names(person(*events).ask(w.EndAbsence(until=LATER))) == expected


def test_a_time_sets_a_timer_and_what_is_said_later_drops_it() -> None:
    story = person(MET)
    story.do(w.SetAvailability(available=False, until=LATER), RESOURCE)
    (timer,) = story.wants(SetTimer)
    assert (timer.due, timer.command) == (LATER, w.EndAbsence(until=LATER))
    story.do(w.SetAvailability(available=True), RESOURCE)
    assert [one.name for one in story.wants(DropTimer)] == [timer.name]
