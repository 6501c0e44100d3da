"""From the fields of a form to what is known and decided of a major incident, and to times."""

from collections.abc import Callable, Mapping

from bot.core import major_words as w
from bot.core.commands import Command
from bot.core.ids import Millis
from bot.core.major_words import LETTERS
from bot.core.milestone_words import CorrectMilestone
from bot.pages.given import Given
from bot.views.major_forms import last_at
from bot.views.milestone_forms import when

COMMANDS: tuple[type[Command], ...] = (
    w.StandByForMajor,
    w.DeclareMajor,
    w.StandDownMajor,
    w.CancelMajor,
    w.OfferPost,
    w.AcceptPost,
    w.DeclinePost,
    w.TakeBackOffer,
    w.ReleasePost,
    w.WriteMethane,
    w.RecordDecision,
    CorrectMilestone,
)
_CRITERION, _LETTER, _WAS = "criterion_", "letter_", "was_"


def declared(given: Given, at: Millis, zone: str) -> Given:
    """A box for each criterion, the ticked ones being sent."""
    ticked = (one.removeprefix(_CRITERION) for one in given if one.startswith(_CRITERION))
    return {**given, "criteria": tuple(ticked)}


def methane(given: Given, at: Millis, zone: str) -> Given:
    """A field for each letter, beside what stood there; what is the same is not written anew."""
    findings = {
        one: _plain(given[_LETTER + one])
        for one in LETTERS
        if _LETTER + one in given
        and _plain(given[_LETTER + one]) != _plain(given.get(_WAS + one, ""))
    }
    known_at = last_at(str(given.get("time", "")), at, zone)
    return {**given, "findings": findings, "known_at": known_at}


def _plain(typed: object) -> str:
    """Browsers send line ends of their own."""
    return str(typed).replace("\r\n", "\n").strip()


def decision(given: Given, at: Millis, zone: str) -> Given:
    """The time at which it was decided, when that was earlier."""
    return {**given, "made_at": last_at(str(given.get("time", "")), at, zone)}


def milestone(given: Given, at: Millis, zone: str) -> Given:
    """A time (none: now), and a day where it was not the last time that clocks showed it."""
    day, clock = str(given.get("day", "")), str(given.get("time", ""))
    return {**given, "happened_at": when(day, clock, at, zone) if clock else at}


PREPARED: Mapping[str, Callable[[Given, Millis, str], Given]] = {
    w.DeclareMajor.tag: declared,
    w.WriteMethane.tag: methane,
    w.RecordDecision.tag: decision,
    CorrectMilestone.tag: milestone,
}
