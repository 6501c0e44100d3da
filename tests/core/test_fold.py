"""A state lets go of whom it is told to forget, and of nobody else."""

from typing import ClassVar

import pytest

from bot.core.errors import Fault
from bot.core.events import Erased, Event, Recorded
from bot.core.fold import Fold, State
from bot.core.ids import Kind
from bot.core.personal import Personal


class Begun(Event):
    tag = "test_begun"
    kinds: ClassVar[tuple[Kind, ...]] = ("desk",)
    about: tuple[Personal, ...]


class Other(Event):
    tag = "test_other"
    kinds: ClassVar[tuple[Kind, ...]] = ("desk",)


class Kept(State):
    about: tuple[Personal, ...]


FOLD = Fold(
    kind="desk",
    model=Kept,
    revision=1,
    first={Begun: lambda event, rec: Kept(stream=rec.stream, about=event.about)},
    steps={},
)


def rec(event: Event, version: int = 1) -> Recorded:
    return Recorded("desk", version, 0, None, None, "", event)


def test_an_erased_subject_leaves_the_state_and_is_remembered_as_erased() -> None:
    one, two = Personal("sub_a", sealed="x"), Personal("sub_b", sealed="y")
    state = FOLD(None, rec(Begun(about=(one, two))))
    state = FOLD(state, rec(Erased(subject="sub_a", classes=(), through=1), 2))
    assert [value.erased for value in state.about] == [True, False]
    assert state.erased == ("sub_a",)


def test_an_event_that_cannot_stand_there_is_a_fault() -> None:
    with pytest.raises(Fault, match="cannot begin"):
        FOLD(None, rec(Other()))
    state = FOLD(None, rec(Begun(about=())))
    with pytest.raises(Fault, match="cannot happen"):
        FOLD(state, rec(Other(), 2))
