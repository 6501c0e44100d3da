"""Who can be asked now: said by each for themselves, for a while or until they say otherwise."""

from collections.abc import Iterator

from bot.core import person_words as w
from bot.core.calendar import DAY
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.ids import Millis
from bot.core.intents import DropTimer, Intent, SetTimer
from bot.core.meeting import NO_PERSON, met_first
from bot.core.person import Person
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

TIMER = "availability"
AWAY_MOST: Millis = 30 * DAY


def set_availability(state: Person | None, command: w.SetAvailability, ctx: Context) -> Decision:
    """Can be asked, or cannot; somebody new can."""
    until = None if command.available else command.until
    if until is not None and not ctx.at < until <= ctx.at + AWAY_MOST:
        return refuse("wrong_time", t("Choose a time that is still to come, within 30 days."))
    said = (command.available, command.off and not command.available, until)
    if said == _now(state):
        return []
    met = met_first(state, ctx)
    if state is None and not met:
        return NO_PERSON
    return [*met, w.AvailabilitySet(available=said[0], off=said[1], until=until)]


def _now(state: Person | None) -> tuple[bool, bool, Millis | None]:
    return (True, False, None) if state is None else (state.available, state.off, state.away_until)


def end_absence(state: Person | None, command: w.EndAbsence, ctx: Context) -> Decision:
    """The time is over, unless something else was said meanwhile."""
    if state is None or state.available or state.away_until != command.until:
        return []
    return [] if state.disabled else [w.AvailabilitySet(available=True)]


def on_set(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """It ends by itself when a time was given."""
    if state.away_until is None:
        yield DropTimer(name=TIMER)
    else:
        ended = w.EndAbsence(until=state.away_until)
        yield SetTimer(name=TIMER, due=state.away_until, command=ended)


WORKFLOW = Workflow(
    rules=(
        Rule(w.SetAvailability, set_availability, "self", roles=w.ROLES),
        Rule(w.EndAbsence, end_absence, "named", by_system=True),
    ),
    reactors=((w.AvailabilitySet, on_set),),
)
