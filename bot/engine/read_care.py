"""What stands beside the conversation with somebody in distress: numbers, prompts, and notes on
what they need, beside whichever of their reports they were made.
"""

from dataclasses import dataclass

from bot.core.ids import Millis, StreamId
from bot.core.report import Report
from bot.core.texts import Phrase
from bot.engine.read import Said
from bot.engine.read_board import BoardReads
from bot.store.base import text

REPORTS = 20


@dataclass(frozen=True, slots=True)
class NoteView:
    """What whoever works for a person needs to know, noted beside `report`."""

    report: StreamId
    number: int
    words: Said
    review_by: Millis
    due: bool


@dataclass(frozen=True, slots=True)
class CareView:
    """`since` when somebody is in distress; `asked`: they said so themselves. `shown`: they are,
    or were, so what they need may be noted.
    """

    since: Millis | None
    asked: bool
    shown: bool
    emergency: str
    number: str
    guidance: tuple[Phrase, ...]
    notes: tuple[NoteView, ...]


async def care(reads: BoardReads, state: Report) -> CareView:
    """Of one report, with the notes of every report of the same person."""
    safety = reads.playbook.safety
    return CareView(
        since=state.care.since,
        asked=state.care.asked,
        shown=state.care.unclocked,
        emergency=safety.emergency_number,
        number=safety.distress_number,
        guidance=safety.guidance if state.care.since else (),
        notes=await _notes(reads, state),
    )


async def _notes(reads: BoardReads, state: Report) -> tuple[NoteView, ...]:
    rows = await reads.rows("reports", {"person": state.person})
    found = [await reads.state(text(row, "report")) for row in rows[:REPORTS]]
    return tuple(
        NoteView(one.stream, note.number, reads.said(note.words), note.review_by, note.due)
        for one in found
        if isinstance(one, Report)
        for note in one.care.notes
    )
