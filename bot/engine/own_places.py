"""A place of its own for each major incident, where the platform can: its cards hang there, too.

What is wanted follows from the log: a declared incident has one on every channel that can and that
its team has a place on; one that was left is shut. What was made is an event. Opening is asked for
by a title that no other incident has, so that a try that was cut short anywhere is done again and
finds what it made; shutting is asked for again by a timer until it is noted. Both keep the pace of
everything else. In the place are those of the team's, whoever has a post, and supervisors; what
people may do there they may by being in the team's place. A restricted one has none.
"""

from collections.abc import AsyncIterator, Awaitable

import structlog

from bot.core.commands import Place
from bot.core.errors import MusterError
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_events import VisibilityChanged
from bot.core.listed import PersonRow
from bot.core.major_words import MajorDeclared, NotePlace, PostAccepted
from bot.core.own_place_words import NotePlaceShut, OwnPlacesLeft
from bot.core.own_places import Own, to_shut
from bot.core.person import Person
from bot.core.playbook_assess import team_place
from bot.core.priority import Priority
from bot.engine.audience import states
from bot.engine.deliver_asides import AsidesByPace, Carried
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.paging import may_be_called, seats_of
from bot.engine.ports import AnswerLost, Invites, Outage, RateLimited, SendFault
from bot.engine.prepare import Planned
from bot.store.base import Drop, Op, Row, text

log = structlog.get_logger(__name__)

AGAIN: Millis = 30_000
LATE: Millis = 20_000
TRIES = 5
MOST = 1_000
EVERYBODY = 100_000
NAMED = "major-{reference}"
WAKES = (MajorDeclared, OwnPlacesLeft, PostAccepted, VisibilityChanged)
Address = tuple[StreamId, str]


class OwnPlaces(Loop):
    """The worker; `asides` keeps the pace."""

    name = "own places"

    def __init__(self, engine: Engine, asides: AsidesByPace) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._asides = asides
        self._due: dict[StreamId, Millis] = {}
        self._tries: dict[StreamId, int] = {}
        self._invited: dict[Address, set[str]] = {}

    def notice(self, planned: Planned) -> None:
        """A unit was committed: something was declared or is seen by all again, somebody has a
        post, it is over.
        """
        if planned.work is None or not self._channels():
            return
        for rec in planned.work.events:
            if isinstance(rec.event, WAKES):
                self._due[rec.stream] = self._clock.now()
                self.wake()

    async def recall(self) -> None:
        """What is declared already: where it stands, and where it is still to."""
        pressing: Row = {"ended": 0, "priority": Priority.P1.value}
        if self._channels():
            rows = await self._engine.store.select("incidents", pressing, limit=MOST)
            known = await states(self._engine, [text(row, "incident") for row in rows])
            for stream, state in known.items():
                if isinstance(state, Incident) and state.major.stage:
                    self._learn(state)
                    self._due[stream] = self._clock.now()

    def _channels(self) -> list[str]:
        known = self._engine.parts.channels.items()
        return [name for name, one in known if "channel" in one.capabilities.opens]

    def _learn(self, state: Incident) -> None:
        """Who is in the team's place may do the same in the one beside it."""
        for own in to_shut(state.major.own):
            home, address = self._home(state, own.channel), self._address(own)
            if home is not None and address:
                self._engine.parts.beside[Place(own.channel, address)] = home

    def _address(self, own: Own) -> str:
        found = None if own.seat is None else own.seat.address.open(self._engine.codec.open)
        return found if isinstance(found, str) else ""

    def _home(self, state: Incident, channel: str) -> Place | None:
        """The team's place on that channel."""
        name = team_place(self._engine.editions.current, state.category)
        every = self._engine.parts.places.get(name, ())
        return next((one for one in every if one.channel == channel), None)

    async def turn(self) -> Millis | None:
        """Do what is due."""
        now = self._clock.now()
        for stream in [one for one, due in self._due.items() if due <= now]:
            del self._due[stream]
            await self._look(stream)
        return min(self._due.values(), default=None)

    async def _look(self, stream: StreamId) -> None:
        state = (await states(self._engine, [stream]))[stream]
        if not isinstance(state, Incident):
            return
        for own in to_shut(state.major.own):
            if own.left:
                await self._shut(state, own)
        if not state.major.declared or state.visibility != "normal":
            return
        there = {one.channel: one for one in state.major.own if not one.left}
        for channel in self._channels():
            home, known = self._home(state, channel), there.get(channel)
            if known is not None:
                await self._let_in(state, channel, self._address(known))
            elif home is not None:
                await self._open(state, home)

    # --- opening ---------------------------------------------------------------------------

    async def _open(self, state: Incident, home: Place) -> None:
        title = NAMED.format(reference=state.reference)
        channel = self._engine.parts.channels[home.channel]
        note = NotePlace(incident=state.stream, channel=home.channel)
        try:
            found = await self._carried(home, lambda at: channel.open("channel", at, title))
        except (AnswerLost, Outage, RateLimited) as fault:
            if self._later(state.stream):
                return
            note = note.model_copy(update={"refused": str(fault)})
        except SendFault as fault:
            log.warning("a major incident has no place of its own", reason=str(fault))
            note = note.model_copy(update={"refused": str(fault)})
        else:
            self._tries.pop(state.stream, None)
            self._engine.parts.beside[Place(home.channel, found)] = home
            key = self._engine.codec.seat_key(home.channel, found)
            fresh = {"address": found, "key": key, "name": f"{channel.title}: {title.lower()}"}
            note = note.model_copy(update=fresh)
            await self._let_in(state, home.channel, found)
        await self._kept(note)

    async def _carried(self, place: Place, do: Carried) -> str:
        """Done in the pace of the place. Raises SendFault."""
        found = await self._asides.carry(place, do, self._clock.now() + LATE)
        if found is None:
            raise Outage("There is too much to be said there first.", whole=False)
        return found

    def _later(self, stream: StreamId) -> bool:
        """Whether it is worth another try."""
        tries = self._tries[stream] = self._tries.get(stream, 0) + 1
        if tries < TRIES:
            self._due[stream] = self._clock.now() + AGAIN
        return tries < TRIES

    async def _kept(self, note: NotePlace | NotePlaceShut, *ops: Op) -> None:
        cause = f"{note.tag}:{note.incident}:{note.channel}:{self._clock.now()}"
        try:
            await self._engine.house(note, note.incident, "do", cause, ops=ops)
        except MusterError as trouble:
            log.warning("where a major incident stands cannot be kept yet", reason=str(trouble))
            self._due[note.incident] = self._clock.now() + AGAIN

    # --- who is in it ----------------------------------------------------------------------

    async def _let_in(self, state: Incident, channel: str, address: str) -> None:
        """Who has a post, and supervisors, wherever they are; best effort, and each asked once."""
        known = self._engine.parts.channels[channel]
        if not isinstance(known, Invites) or not address:
            return
        asked = self._invited.setdefault((state.stream, address), set())
        people = [x async for x in self._crew(state, channel) if x not in asked]
        if not people:
            return
        invite = known.invite
        try:
            await self._carried(Place(channel, address), lambda at: _nothing(invite(at, people)))
        except SendFault as fault:
            log.warning("somebody was not let in", channel=channel, reason=str(fault))
        else:
            asked.update(people)

    async def _crew(self, state: Incident, channel: str) -> AsyncIterator[str]:
        holders = [one.person for one in state.major.posts if one.person is not None]
        everybody = dict.fromkeys([*holders, *await self._supervisors()])
        found = await self._engine.look(list(everybody))
        for one in found.values():
            if not isinstance(one, Person) or not may_be_called(one, state, {}):
                continue
            for _, seat in seats_of(self._engine, one):
                address = seat.address.open(self._engine.codec.open)
                if seat.channel == channel and isinstance(address, str):
                    yield address

    async def _supervisors(self) -> list[PersonId]:
        rows = await self._engine.store.select(
            "people", {"disabled": 0}, order="person", limit=EVERYBODY
        )
        decode = self._engine.codec.decode_row
        return [
            text(row, "person")
            for row in rows
            if "supervisor" in decode(PersonRow, text(row, "body")).roles
        ]

    # --- shutting --------------------------------------------------------------------------

    async def _shut(self, state: Incident, own: Own) -> None:
        """Nothing is taken away there; what is not done is asked for again by its timer."""
        address = self._address(own)
        note = NotePlaceShut(incident=state.stream, channel=own.channel)
        channel = self._engine.parts.channels.get(own.channel)
        place = Place(own.channel, address)
        if channel is None or not address:
            await self._kept(note.model_copy(update={"refused": "Nobody knows where it is."}))
            return
        try:
            await self._carried(place, lambda at: _nothing(channel.shut(at, "", shut=True)))
        except (AnswerLost, Outage, RateLimited) as fault:
            log.warning("a place of its own is shut later", reason=str(fault))
            return
        except SendFault as fault:
            log.warning("a place of its own stays open", reason=str(fault))
            note = note.model_copy(update={"refused": str(fault)})
        self._engine.parts.beside.pop(place, None)
        self._invited.pop((state.stream, address), None)
        seat = self._engine.codec.seat_key(own.channel, address)
        await self._kept(note, Drop("cards", {"seat": seat, "stream": state.stream}))


async def _nothing(done: Awaitable[None]) -> str:
    await done
    return "done"
