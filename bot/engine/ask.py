"""Who asks, from where, and for which stream: the first thing settled about every command."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

from bot.core import ids
from bot.core.access import serving
from bot.core.commands import SYSTEM, Actor, Command, Envelope, Place
from bot.core.ids import StreamId
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.report import Report
from bot.engine.parts import Parts
from bot.engine.queue import Job
from bot.engine.resolve import Directory, NoSuchTarget, Somebody, family, still_serves
from bot.engine.streams import Streams

SEATS = 20_000


class Asked(NamedTuple):
    """Who asks, from where, and for which stream."""

    actor: Actor
    identity: str
    somebody: Somebody | None
    seat: Seat | None
    stream: StreamId
    alone: Seat | None = None


class Asker:
    """Settles it from caches, and from the store where they do not know."""

    def __init__(
        self,
        parts: Parts,
        streams: Streams,
        directory: Directory,
        bring: Callable[[list[StreamId]], Awaitable[None]],
    ) -> None:
        self._book = parts.book
        self._codec = parts.codec
        self._clock = parts.clock
        self._chance = parts.chance
        self._streams = streams
        self._directory = directory
        self._bring = bring
        self._seats: dict[tuple[str, Place], Seat] = {}

    async def ask(self, job: Job) -> Asked:
        """Who asks and for which stream, by what the job's envelope says and the store knows."""
        envelope = job.envelope
        if envelope.identity is None:
            return Asked(SYSTEM, "", None, None, job.stream)
        somebody = self._directory.somebody(job.identity) or self._stranger()
        seat = self._seat(job, somebody, envelope.place)
        alone = self._seat(job, somebody, envelope.alone)
        stream = job.stream or await self._find(job, somebody, seat)
        actor = await self._actor(job, somebody)
        return Asked(actor, job.identity, somebody, seat, stream, alone)

    def _stranger(self) -> Somebody:
        person = ids.stream_id("person", self._clock.now(), self._chance(10))
        return Somebody(person, self._codec.keys.mint(), fresh=True)

    def _seat(self, job: Job, somebody: Somebody, place: Place | None) -> Seat | None:
        if place is None:
            return None
        seat = self._seats.get((job.identity, place))
        if seat is None or seat.key.subject != somebody.subject:
            key = self._codec.seat_key(place.channel, place.address)
            seat = Seat(
                channel=place.channel,
                key=Personal(somebody.subject, key),
                address=Personal(somebody.subject, place.address),
            )
            if len(self._seats) >= SEATS:
                self._seats.clear()
            self._seats[job.identity, place] = seat
        return seat

    async def _find(self, job: Job, somebody: Somebody, seat: Seat | None) -> StreamId:
        rule = self._book.rules[type(job.envelope.command)]
        if rule.aim == "self":
            return somebody.person
        if rule.aim == "own_report" and job.envelope.report:
            return await self._theirs(somebody, job.envelope)
        if rule.aim == "own_report" and not somebody.fresh:
            key = "" if seat is None else str(seat.key.plain())
            also = family(await self._person(somebody))
            current = await self._directory.current(somebody.person, key, also)
            if current is not None and await self._serves(current, job.envelope.command):
                return current
        return ids.stream_id(rule.command.kind, self._clock.now(), self._chance(10))

    async def _theirs(self, somebody: Somebody, envelope: Envelope) -> StreamId:
        """The report that they named. Raises NoSuchTarget for one that is not theirs, or over."""
        own = (somebody.person, *family(await self._person(somebody)))
        report = await self._report(envelope.report)
        if report is None or report.person not in own:
            raise NoSuchTarget
        if not still_serves(report, self._clock.now(), envelope.command):
            raise NoSuchTarget
        return envelope.report

    async def _serves(self, report: StreamId, command: Command) -> bool:
        state = await self._report(report)
        return state is not None and still_serves(state, self._clock.now(), command)

    async def _report(self, stream: StreamId) -> Report | None:
        if self._streams.get(stream) is None:
            await self._bring([stream])
        live = self._streams.get(stream)
        state = None if live is None else live.state
        return state if isinstance(state, Report) else None

    async def _person(self, somebody: Somebody) -> Person | None:
        if not somebody.fresh and self._streams.get(somebody.person) is None:
            await self._bring([somebody.person])
        live = None if somebody.fresh else self._streams.get(somebody.person)
        return live.state if live is not None and isinstance(live.state, Person) else None

    async def _actor(self, job: Job, somebody: Somebody) -> Actor:
        person = await self._person(somebody)
        roles = () if person is None or person.disabled else person.roles
        actor = Actor(
            person=somebody.person,
            subject=somebody.subject,
            roles=roles,
            language=job.envelope.language or (person.language if person else ""),
            is_system=False,
            also=family(person),
            proved_at=job.envelope.proved_at,
            behind=person.program.by if person is not None and person.program else "",
        )
        shut_out = person is not None and person.disabled
        return actor if shut_out or not job.envelope.grants else self._granted(job, actor)

    def _granted(self, job: Job, actor: Actor) -> Actor:
        """With the roles that the place of the command gives as well, as far as they serve."""
        rule = self._book.rules[type(job.envelope.command)]
        serve = serving(rule, job.envelope.grants, self._clock.now())
        fresh = tuple(dict.fromkeys(one.role for one in serve))
        needed = () if any(role in rule.roles for role in actor.roles) else rule.roles
        return replace(
            actor,
            roles=(*actor.roles, *(role for role in fresh if role not in actor.roles)),
            granted=next((one for one in serve if one.role in needed), None),
            stale=tuple(one.role for one in job.envelope.grants if one.role not in fresh),
        )
