"""Commands about problems and the steps of a path that the staff's forms bring."""

from typing import Any, Protocol

from bot.core import path_words as pw
from bot.core import problem_words as w
from bot.core.commands import Command
from bot.core.ids import Millis
from bot.pages.given import Given

COMMANDS: tuple[type[Command], ...] = (
    w.OpenProblem,
    w.LinkProblem,
    w.UnlinkProblem,
    w.DescribeCause,
    w.SetWorkaround,
)
OTHER = "other_"


class Days(Protocol):
    """What knows when a day here is over."""

    def day(self, given: object, clock: object) -> Millis:
        """When a clock here shows `clock` on the day `given`."""


def _follows(given: Given, moment: Days) -> dict[str, Any]:
    """Of a follow-up: who, and until the end of which day; both left empty: nobody."""
    owner, day = given.get("owner") or None, given.get("day") or None
    return {**given, "owner": owner, "until": moment.day(day, "") if day else None}


def _others(given: Given, moment: Days) -> dict[str, Any]:
    """A box for each other incident, the ticked ones being sent."""
    ticked = (name.removeprefix(OTHER) for name in given if name.startswith(OTHER))
    return {**given, "others": tuple(ticked)}


PREPARED = {w.OpenProblem.tag: _others, pw.DoPathStep.tag: _follows}
