"""Hooks: programs that are told what happens to incidents, each in the order of the log.

A worker follows the log and puts a row into the outbox for each hook that wants to know, in the
write that moves its mark: a crash neither misses nor repeats anything. Each pair of hook and
incident is a place of its own, so that lines, pauses, retries and dead letters are those of all
delivery: strictly in order within an incident, and side by side otherwise.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.calendar import DAY
from bot.core.events import Event, Recorded
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.intents import Say
from bot.core.person import Person
from bot.core.person_words import PersonDisabled
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.program import Program
from bot.core.program_words import HookAdded, Topic
from bot.core.texts import Text
from bot.engine.handle import Engine
from bot.engine.hub import Changed, News
from bot.engine.loops import Loop
from bot.engine.rows import Writer
from bot.store.base import Op, Put, StoredEvent, number, text
from bot.store.codec import Codec

CHANNEL = "webhook"
MARK = "hooks"
LASTS: Millis = DAY
PAGE = 200
MOST = 1_000
SOON: Millis = 50
UNMARKED = 1_000
"""So many events are looked at again after a crash when none of them was told."""
RELOADS = (HookAdded.tag, PersonDisabled.tag)

EVENTS: Mapping[type[Event], tuple[Topic, str, str]] = {
    ie.IncidentOpened: ("opened", "incident.opened", "open"),
    ie.IncidentAcknowledged: ("status", "incident.acknowledged", "acknowledged"),
    ie.IncidentTaken: ("status", "incident.taken", "in_progress"),
    ie.IncidentHeld: ("status", "incident.held", "on_hold"),
    ie.IncidentResumed: ("status", "incident.resumed", "in_progress"),
    ie.IncidentResolved: ("status", "incident.resolved", "resolved"),
    ie.IncidentReopened: ("status", "incident.reopened", "open"),
    ie.IncidentClosed: ("status", "incident.closed", "closed"),
    ie.IncidentCancelled: ("status", "incident.cancelled", "cancelled"),
    mw.IncidentMerged: ("status", "incident.merged", "merged"),
    ie.PriorityChanged: ("priority", "incident.priority_changed", ""),
    ie.UpdatePublished: ("update", "update.published", ""),
    ie.UpdateCorrected: ("update", "update.corrected", ""),
    ie.UpdateWithdrawn: ("update", "update.withdrawn", ""),
}
"""What is told: its topic, its name, and the status that it brings ("": the one there was)."""
_UPDATES = (ie.UpdatePublished, ie.UpdateCorrected, ie.UpdateWithdrawn)


def secret_of(codec: Codec, hook: PersonId) -> str:
    """The secret by which a hook's messages are signed. It is kept nowhere: the house's own key
    and the hook's name make it anew.
    """
    return "whsec_" + b64encode(bytes.fromhex(codec.token_hash(f"webhook:{hook}"))).decode()


@dataclass(frozen=True, slots=True)
class Hook:
    """A program that is told of what came after `since` in the log."""

    person: Person
    program: Program
    since: int


@dataclass(frozen=True, slots=True)
class Mailing:
    """Where a message goes now, and by which secret it is signed."""

    url: str
    secret: str


class Hooks(Loop):
    """The worker; `told` is called when there is something to be sent."""

    name = "hooks"

    def __init__(self, engine: Engine, told: Callable[[], None]) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self._codec = engine.codec
        self._writer = Writer(engine.book, engine.codec)
        self._told = told
        self._hooks: Sequence[Hook] | None = None
        self._cursor = self._marked = 0
        engine.hub.listen(self._hear)

    def _hear(self, news: News) -> None:
        if not isinstance(news, Changed):
            return
        if "programs" in news.tables:
            self._hooks = None
        if self._hooks is None or (self._hooks and news.stream.startswith("inc_")):
            self.wake()

    # --- following the log -----------------------------------------------------------------

    async def turn(self) -> Millis | None:
        """Everything new."""
        while True:
            hooks = await self._known()
            rows = await self._store.log(self._cursor, PAGE) if hooks else []
            if not rows:
                return None
            if not await self._take(hooks, rows):
                return self._clock.now() + SOON

    async def _known(self) -> Sequence[Hook]:
        """Who is told at this point of the log."""
        if self._hooks is None:
            self._hooks = found = await self._load()
            if found:
                marks = await self._store.select("marks", {"name": MARK}, limit=1)
                self._marked = number(marks[0], "at") if marks else 0
                first = min(one.since for one in found)
                self._cursor = max(self._cursor, self._marked, first)
        return self._hooks

    async def _load(self) -> Sequence[Hook]:
        rows = await self._store.select("programs", {"kind": "hook"}, limit=MOST)
        people = [text(row, "person") for row in rows]
        states = await self._engine.look(people)
        found = []
        for one in people:
            state = states[one]
            first = await self._store.events(one, 0, 1)
            if isinstance(state, Person) and state.program is not None and not state.disabled:
                found.append(Hook(state, state.program, first[0].position))
        return found

    async def _take(self, hooks: Sequence[Hook], rows: Sequence[StoredEvent]) -> bool:
        """Rows of the log in order, up to where who is told may have changed; False when one is
        so fresh that its state is not at hand yet.
        """
        ops: list[Op] = []
        last, ripe = self._cursor, True
        for stored in rows:
            found = await self._ops(hooks, stored)
            if found is None:
                ripe = False
                break
            ops += found
            last = stored.position
            if stored.row.tag in RELOADS:
                self._hooks = None
                break
        if ops or last - self._marked >= UNMARKED:
            await self._store.write([*ops, Put("marks", {"name": MARK, "at": last})])
            self._marked = last
        self._cursor = last
        if ops:
            self._told()
        return ripe

    async def _ops(self, hooks: Sequence[Hook], stored: StoredEvent) -> list[Op] | None:
        """What is to be sent of an event; None when the engine does not stand there yet."""
        row = stored.row
        if not row.stream.startswith("inc_"):
            return []
        event = self._codec.decode_event(row.tag, row.revision, row.body, row.sealed)
        known = EVENTS.get(type(event))
        if known is None or (isinstance(event, _UPDATES) and event.audience != "public"):
            return []
        wanted = [
            one for one in hooks if one.since < stored.position and known[0] in one.program.topics
        ]
        if not wanted:
            return []
        live = await self._engine.live(row.stream)
        state = live.state
        if not isinstance(state, Incident) or live.version < row.version:
            return None
        rec = Recorded(row.stream, row.version, row.at, row.source_at, row.actor, row.cause, event)
        return [
            self._op(one, rec, state, stored.position)
            for one in wanted
            if may_be_told(one.program, state)
        ]

    def _op(self, hook: Hook, rec: Recorded, state: Incident, position: int) -> Put:
        subject = hook.person.subject
        address = f"{hook.person.stream}/{state.stream}"
        key = self._codec.seat_key(CHANNEL, address)
        say = Say(
            to=Seat(
                channel=CHANNEL,
                key=Personal(subject, key),
                address=Personal(subject, address),
            ),
            lane="bulk",
            text=Text(key="{body}", args={"body": body_of(rec, state)}),
            until=rec.at + LASTS,
        )
        if isinstance(rec.event, ie.UpdatePublished | ie.UpdateCorrected):
            words = rec.event.words
            said = {"words": words, "language": rec.event.language, "also": rec.event.also}
            say = say.model_copy(update=said)
        put = self._writer.say(rec, say, f"{rec.id}:{hook.person.stream}")
        return Put("outbox", {**put.row, "position": position})

    # --- sending ---------------------------------------------------------------------------

    async def mailing(self, address: str) -> Mailing | None:
        """Where a message goes; None when its hook was removed, or may not be told any more."""
        person, _, incident = address.partition("/")
        states = await self._engine.look([person, incident])
        hook, state = states[person], states[incident]
        if not isinstance(hook, Person) or hook.program is None or hook.disabled:
            return None
        url = None if hook.program.url is None else hook.program.url.open(self._codec.open)
        if not isinstance(state, Incident) or not may_be_told(hook.program, state):
            return None
        return Mailing(url, secret_of(self._codec, person)) if isinstance(url, str) else None


def may_be_told(program: Program, state: Incident) -> bool:
    """Whether a program may know of this incident as it is now."""
    open_to = state.visibility == "normal" or "restricted" in program.beyond
    return open_to and (state.mode == "live" or "exercise" in program.beyond)


def body_of(rec: Recorded, state: Incident) -> str:
    """What is told, as JSON on one line: how it stands, and nothing that a customer said."""
    event = rec.event
    _, kind, status = EVENTS[type(event)]
    priority = event.priority if isinstance(event, ie.PriorityChanged) else state.priority
    data: dict[str, Any] = {
        "reference": state.reference,
        "version": rec.version,
        "status": status or state.status,
        "priority": priority.value,
        "category": state.category,
        "kind": state.incident_kind,
        "visibility": state.visibility,
        "mode": state.mode,
        "opened_at": _time(state.opened_at),
        "resolved_at": _time(state.resolved_at),
        "closed_at": _time(state.closed_at),
    }
    if isinstance(event, _UPDATES):
        data["update"] = event.number
    if isinstance(event, ie.UpdatePublished):
        data["next_update_by"] = _time(event.next_by)
    told = {"type": kind, "timestamp": _time(rec.at), "data": data}
    return json.dumps(told, ensure_ascii=True, separators=(",", ":"))


def _time(at: Millis | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC).isoformat()
