"""A place of its own for each major incident, where the platform can: its cards hang there, too.

A channel is opened beside the team's place, for whoever is in that, and what the platform calls it
is a part of the incident; a crash in between leaves an empty channel and never two cards. Where
the platform says no, the incident stays where it is, and says why. What people may do there, they
may by being in the team's place. A restricted one has none.
"""

import structlog

from bot.core.commands import Place
from bot.core.errors import MusterError
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.major_words import MajorDeclared, NotePlace
from bot.core.playbook_assess import team_place
from bot.core.priority import Priority
from bot.engine.audience import states
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.ports import Outage, RateLimited, SendFault
from bot.engine.prepare import Planned
from bot.store.base import Row, text

log = structlog.get_logger(__name__)

AGAIN: Millis = 30_000
TRIES = 5
MOST = 1_000
NAMED = "major-{reference}"


class OwnPlaces(Loop):
    """The worker."""

    name = "own places"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._due: dict[StreamId, Millis] = {}
        self._tries: dict[StreamId, int] = {}

    def notice(self, planned: Planned) -> None:
        """A unit was committed: something was declared."""
        if planned.work is None or not self._channels():
            return
        for rec in planned.work.events:
            if isinstance(rec.event, MajorDeclared):
                self._due[rec.stream] = self._clock.now()
                self.wake()

    async def start(self) -> None:
        """What is declared already: where it stands, and where it is still to."""
        pressing: Row = {"ended": 0, "priority": Priority.P1.value}
        if self._channels():
            rows = await self._engine.store.select("incidents", pressing, limit=MOST)
            known = await states(self._engine, [text(row, "incident") for row in rows])
            for stream, state in known.items():
                if isinstance(state, Incident) and state.major.declared:
                    self._learn(state)
                    self._due[stream] = self._clock.now()
        await super().start()

    def _channels(self) -> list[str]:
        known = self._engine.parts.channels.items()
        return [name for name, one in known if "channel" in one.capabilities.opens]

    def _learn(self, state: Incident) -> None:
        """Who is in the team's place may do the same in the one beside it."""
        for own in state.major.own:
            home = self._home(state, own.channel)
            address = own.seat.address.open(self._engine.codec.open) if own.seat else None
            if home is not None and isinstance(address, str):
                self._engine.parts.beside[Place(own.channel, address)] = home

    def _home(self, state: Incident, channel: str) -> Place | None:
        """The team's place on that channel."""
        name = team_place(self._engine.editions.current, state.category)
        every = self._engine.parts.places.get(name, ())
        return next((one for one in every if one.channel == channel), None)

    async def turn(self) -> Millis | None:
        """Open what is due."""
        now = self._clock.now()
        for stream in [one for one, due in self._due.items() if due <= now]:
            del self._due[stream]
            await self._look(stream)
        return min(self._due.values(), default=None)

    async def _look(self, stream: StreamId) -> None:
        state = (await states(self._engine, [stream]))[stream]
        if not isinstance(state, Incident) or not state.major.declared:
            return
        if state.visibility != "normal":
            return
        there = {one.channel for one in state.major.own}
        for channel in self._channels():
            home = self._home(state, channel)
            if home is not None and channel not in there:
                await self._open(state, home)

    async def _open(self, state: Incident, home: Place) -> None:
        title = NAMED.format(reference=state.reference)
        channel = self._engine.parts.channels[home.channel]
        note = NotePlace(incident=state.stream, channel=home.channel)
        try:
            address = self._engine.parts.moves.address(home)
            found = await channel.open("channel", address, title)
        except (Outage, RateLimited) as fault:
            if self._later(state.stream):
                return
            note = note.model_copy(update={"refused": str(fault)})
        except SendFault as fault:
            log.warning("a major incident has no place of its own", reason=str(fault))
            note = note.model_copy(update={"refused": str(fault)})
        else:
            key = self._engine.codec.seat_key(home.channel, found)
            fresh = {"address": found, "key": key, "name": f"{channel.title}: {title.lower()}"}
            note = note.model_copy(update=fresh)
            self._engine.parts.beside[Place(home.channel, found)] = home
        await self._kept(note)

    def _later(self, stream: StreamId) -> bool:
        """Whether it is worth another try."""
        tries = self._tries[stream] = self._tries.get(stream, 0) + 1
        if tries < TRIES:
            self._due[stream] = self._clock.now() + AGAIN
        return tries < TRIES

    async def _kept(self, note: NotePlace) -> None:
        cause = f"{note.tag}:{note.incident}:{note.channel}"
        try:
            await self._engine.house(note, note.incident, "do", cause)
        except MusterError as trouble:
            log.warning("where a major incident stands cannot be kept yet", reason=str(trouble))
            self._due[note.incident] = self._clock.now() + AGAIN
