"""Calls: what somebody of the staff was called to and has not seen to, as their desk shows it."""

from dataclasses import dataclass, replace

from bot.core.access import calls_anybody, may_see
from bot.core.alarm_words import Alarm, AlarmSounded, Cause
from bot.core.alarms import found
from bot.core.approval_words import UpdateDrafted
from bot.core.calendar import DAY
from bot.core.events import Event
from bot.core.fold import State
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.person import Person
from bot.core.personal import JsonValue
from bot.core.report import Report
from bot.core.texts import Text
from bot.engine.handle import Engine
from bot.engine.mailbox import said_in
from bot.engine.paging import DESK
from bot.engine.read import Staff
from bot.engine.respoken import phrase_in
from bot.store.base import Put, Row, number, text
from bot.views.page import FIRST

SHOWN = 30
LASTS: Millis = DAY


@dataclass(frozen=True, slots=True)
class CallView:
    """A call. `stands`: it stays until somebody has acted, else until whoever reads it has seen it.

    `acknowledge` and `answer` are what can be done about it at once; `kind` is what it is about.
    `takes` is an incident to which whoever reads it may come, though they see nothing of it yet;
    one that `cares` asks how they are. `text` is how it was said then, `phrase` what says it again.
    """

    number: int
    at: Millis
    text: str
    stream: StreamId
    kind: str
    reference: str
    stands: bool = False
    acknowledge: bool = False
    answer: tuple[Cause, str] | None = None
    takes: StreamId = ""
    cares: bool = False
    phrase: Text | None = None


class Calls:
    """Reads them from the mailbox of somebody's desk."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    def topic(self, person: PersonId) -> str:
        """What an open page follows to hear of the next one."""
        return f"seat:{self._seat(person)}"

    def _seat(self, person: PersonId) -> str:
        return self._engine.codec.seat_key(DESK, person)

    async def of(self, staff: Staff) -> list[CallView]:
        """The newest first; several of one kind about the same thing are one."""
        seat = {"seat": self._seat(staff.person)}
        rows = await self._store.select("mailbox", seat, order="id", descending=True, limit=SHOWN)
        since, seen = self._engine.clock.now() - LASTS, await self._seen(staff.person)
        shown: dict[tuple[str, object], CallView] = {}
        for row in rows:
            view = await self._view(staff, row) if number(row, "at") > since else None
            if view is None or (view.number <= seen and not view.stands):
                continue
            again = replace(view, phrase=phrase_in(self._note(row)))
            shown.setdefault((view.stream, view.answer or view.text), again)
        return list(shown.values())

    async def saw(self, person: PersonId, through: int) -> None:
        """They have seen all up to that one; what stands stays."""
        if through > await self._seen(person):
            await self._store.write([Put("marks", {"name": _mark(person), "at": through})])

    async def _seen(self, person: PersonId) -> int:
        rows = await self._store.select("marks", {"name": _mark(person)}, limit=1)
        return number(rows[0], "at") if rows else 0

    async def _view(self, staff: Staff, row: Row) -> CallView | None:
        """As it is now; None for what is over, or for who may not see it any more."""
        stream, version = _source(text(row, "intent"))
        state = (await self._engine.look([stream]))[stream]
        said, _ = said_in(self._note(row))
        if said is not None and isinstance(state, Person):
            return self._of_person(staff, row, said, state)
        if said is None or not isinstance(state, Incident | Report):
            return None
        behind = await self._behind(state)
        if not may_see(staff.actor, state, behind):
            called = next((x for x in (state, *behind.values()) if calls_anybody(x)), None)
            return self._coming(row, said, called) if called is not None else None
        view = CallView(
            number=number(row, "id"),
            at=number(row, "at"),
            text=said,
            stream=stream,
            kind="incident" if isinstance(state, Incident) else "report",
            reference=state.reference,
        )
        if isinstance(state, Report):
            return replace(view, stands=state.care.since is not None)
        return self._while_it_matters(view, await self._event(stream, version), state, staff)

    def _note(self, row: Row) -> JsonValue:
        """What is sealed of it."""
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        return self._engine.codec.open_note(text(row, "body"), about)

    def _while_it_matters(
        self, view: CallView, event: Event | None, state: Incident, staff: Staff
    ) -> CallView | None:
        """An alarm until it ends, a draft until it is decided, the rest while it is worked on."""
        if isinstance(event, AlarmSounded):
            alarm = found(state.alarms, event.cause, event.about)
            return None if alarm is None else self._standing(view, state, alarm, staff)
        if isinstance(event, UpdateDrafted):
            draft = state.drafting.draft(event.draft)
            return view if draft is not None and draft.version == event.version else None
        return view if state.working else None

    def _of_person(self, staff: Staff, row: Row, said: str, state: Person) -> CallView | None:
        """What concerns a colleague, or asks themselves how they are until they have answered."""
        cares = state.stream == staff.person
        if cares and state.welfare_since is None:
            return None
        at, number_of = number(row, "at"), number(row, "id")
        return CallView(number_of, at, said, state.stream, "person", "", stands=cares, cares=cares)

    def _coming(self, row: Row, said: str, state: State) -> CallView:
        """Somebody in distress waits for a person, whoever that is."""
        at, reference = number(row, "at"), getattr(state, "reference", "")
        view = CallView(number(row, "id"), at, said, state.stream, "incident", reference)
        return replace(view, stands=True, takes=state.stream)

    def _standing(
        self, view: CallView, state: Incident, alarm: Alarm, staff: Staff
    ) -> CallView | None:
        """Somebody must act; not shown to who said that they see to it, while that holds."""
        if alarm.answered_by == staff.person and alarm.quiet_until > self._engine.clock.now():
            return None
        first = alarm.cause in FIRST
        answer = None if first else (alarm.cause, alarm.about)
        acknowledge = first and state.acknowledged_at is None
        return replace(view, stands=True, acknowledge=acknowledge, answer=answer)

    async def _behind(self, state: Incident | Report) -> dict[StreamId, State | None]:
        behind = state.incident if isinstance(state, Report) else None
        return await self._engine.look([behind]) if behind else {}

    async def _event(self, stream: StreamId, version: int) -> Event | None:
        """What it comes from, where that says how long it matters."""
        rows = await self._store.events(stream, version - 1, 1)
        row = rows[0].row if rows else None
        if row is None or row.tag not in (AlarmSounded.tag, UpdateDrafted.tag):
            return None
        return self._engine.codec.decode_event(row.tag, row.revision, row.body, row.sealed)


def _mark(person: PersonId) -> str:
    return f"calls:{person}"


def _source(intent: str) -> tuple[StreamId, int]:
    """The event that a letter came from."""
    stream, _, rest = intent.partition(":")
    version = rest.partition(":")[0]
    return stream, int(version) if version.isdecimal() else 0
