"""A major incident's own place: kept as an event, and left some time after all is over.

Who opens and shuts it is the engine's worker; what it does is wanted by the log: a declared major
incident without one, and an `OwnPlacesLeft` for each that is open still. Nothing is ever deleted.
"""

from collections.abc import Iterator

from bot.core import major_words as w
from bot.core.calendar import DAY, MINUTE
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, SetTimer
from bot.core.notices import page
from bot.core.own_place_words import LeaveOwnPlaces, NotePlaceShut, OwnPlaceShut, OwnPlacesLeft
from bot.core.own_places import to_shut
from bot.core.parties import Party
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.rules import Decision, Rule, Workflow
from bot.core.texts import Ref, t

LEAVE = "own_places"
AGAIN: Millis = 5 * MINUTE
TRIES = 5
SUPERVISORS = Party(of="role", key="supervisor")


def note_place(state: Incident | None, command: w.NotePlace, ctx: Context) -> Decision:
    """Where it goes on, beside where it is; or why not. What was opened while it ended is kept,
    too, so that it is shut in its time.
    """
    if state is None or not state.major.stage or state.subject in state.erased:
        return []
    if any(one.channel == command.channel and one.seat for one in state.major.own):
        return []
    if not command.address:
        return [w.OwnPlaceRefused(channel=command.channel, reason=command.refused)]
    seat = Seat(
        channel=command.channel,
        key=Personal(state.subject, command.key),
        address=Personal(state.subject, command.address),
    )
    return [w.OwnPlaceOpened(place=seat, name=command.name)]


def leave(state: Incident | None, command: LeaveOwnPlaces, ctx: Context) -> Decision:
    """The time is over for which it is kept; one that was declared anew goes on. A timer that
    comes late, since the house slept, finds the same.
    """
    if state is None or state.major.declared or not to_shut(state.major.own):
        return []
    if command.tries < TRIES:
        return [OwnPlacesLeft(tries=command.tries)]
    given_up = "Nobody could shut it. Archive it by hand."
    return [OwnPlaceShut(channel=one.channel, reason=given_up) for one in to_shut(state.major.own)]


def note_shut(state: Incident | None, command: NotePlaceShut, ctx: Context) -> Decision:
    """It is shut, unless it was declared anew meanwhile and is needed."""
    if state is None or command.channel not in [x.channel for x in to_shut(state.major.own)]:
        return []
    return [OwnPlaceShut(channel=command.channel, reason=command.refused)]


# --- what follows ----------------------------------------------------------------------------


def on_place(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever has a post finds it, and so do supervisors, wherever they are."""
    assert isinstance(rec.event, w.OwnPlaceOpened)
    had = dict.fromkeys(one.person for one in state.major.posts if one.person is not None)
    crew = [*(Party(of="person", key=one) for one in had), SUPERVISORS]
    ref, name = Ref(ref=state.reference), rec.event.name
    text = t("{ref} has a place of its own now: {name}", ref=ref, name=name)
    until = rec.at + DAY
    yield from page(state.stream, crew, text, "major:place", until=until, alone=True)


def on_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its places are kept for a while, since people still talk there."""
    if isinstance(rec.event, w.MajorCancelled) and rec.event.was != "declared":
        return
    due = rec.at + ctx.playbook.major.keep_place
    yield SetTimer(name=LEAVE, due=due, command=LeaveOwnPlaces(incident=state.stream))


def on_left(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What was not shut by then is tried again; nothing is to be lost with the process."""
    assert isinstance(rec.event, OwnPlacesLeft)
    again = LeaveOwnPlaces(incident=state.stream, tries=rec.event.tries + 1)
    yield SetTimer(name=LEAVE, due=rec.at + AGAIN, command=again)


def on_shut(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """With the last one nothing is left to do."""
    if not to_shut(state.major.own):
        yield DropTimer(name=LEAVE)


def on_declared(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Declared anew: it is needed again."""
    yield DropTimer(name=LEAVE)


WORKFLOW = Workflow(
    rules=(
        Rule(w.NotePlace, note_place, "named", by_system=True, named_by="incident"),
        Rule(LeaveOwnPlaces, leave, "named", by_system=True, named_by="incident"),
        Rule(NotePlaceShut, note_shut, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (w.OwnPlaceOpened, on_place),
        (w.MajorStoodDown, on_over),
        (w.MajorCancelled, on_over),
        (w.MajorDeclared, on_declared),
        (OwnPlacesLeft, on_left),
        (OwnPlaceShut, on_shut),
    ),
)
