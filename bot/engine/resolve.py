"""Whom a command is for. Commands from outside name an identity and a place, never a stream.

A customer's command goes to the person's current report at that place: the newest one that
is open, or closed and still inside its window; else a new report begins. Staff name what
they act on in the command itself; timers and Dos bring the stream along.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import ids
from bot.core.commands import Command
from bot.core.errors import MusterError
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.person import Person
from bot.core.report import SETTLED, Report
from bot.core.report_words import BeginReport
from bot.core.rules import Rule
from bot.engine.queue import Job
from bot.store.base import Drop, Put, Row, Scalar, Store

REPORTS_LOOKED_AT = 3


class NoSuchTarget(MusterError):
    """There is nothing here under that name, or you may not see it."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is behind an identity. `fresh` until the unit that met them is committed."""

    person: PersonId
    subject: SubjectId
    fresh: bool = False


class Directory:
    """Identities and current reports that were used lately; the store knows the rest."""

    def __init__(self, store: Store, most: int) -> None:
        self._store = store
        self._most = most
        self._people: OrderedDict[str, Somebody] = OrderedDict()
        self._current: OrderedDict[tuple[PersonId, str], StreamId | None] = OrderedDict()
        self._chosen: OrderedDict[tuple[PersonId, str], StreamId | None] = OrderedDict()

    def somebody(self, identity: str) -> Somebody | None:
        """Who it is, if at hand."""
        return self._people.get(identity)

    def meet(self, identity: str, somebody: Somebody) -> None:
        """Remember who it is, once that is committed."""
        self._people[identity] = somebody
        while len(self._people) > self._most:
            self._people.popitem(last=False)

    def set_current(self, person: PersonId, seat: str, report: StreamId | None) -> None:
        """They have begun a report at this place: it is the one that they are in."""
        self._keep(self._current, (person, seat), report)
        self._keep(self._chosen, (person, seat), None)

    def mean(self, person: PersonId, seat: str, report: StreamId | None) -> None:
        """They mean this one until somebody says otherwise, or the house starts anew."""
        self._keep(self._chosen, (person, seat), report)

    async def choose(self, person: PersonId, seat: str, report: StreamId | None) -> None:
        """They said themselves which of several they mean here; None: that holds no more."""
        self.mean(person, seat, report)
        key: Row = {"person": person, "seat": seat}
        if report is None:
            await self._store.write([Drop("chosen", key)])
            return
        newest = await self._newest((person,), seat=seat) or ""
        await self._store.write([Put("chosen", {**key, "report": report, "newest": newest})])

    async def chosen(self, person: PersonId, seat: str) -> StreamId | None:
        """The one that they said they mean here, unless they have begun another since."""
        key = (person, seat)
        if key not in self._chosen:
            rows = await self._store.select("chosen", {"person": person, "seat": seat}, limit=1)
            newest = await self._newest((person,), seat=seat) or "" if rows else ""
            # The one they mean may itself have come here since.
            fits = bool(rows) and newest in (rows[0]["newest"], rows[0]["report"])
            if key not in self._chosen:  # They may have begun one meanwhile.
                self._keep(self._chosen, key, str(rows[0]["report"]) if fits else None)
        return self._chosen[key]

    def _keep(
        self,
        known: OrderedDict[tuple[PersonId, str], StreamId | None],
        key: tuple[PersonId, str],
        report: StreamId | None,
    ) -> None:
        known[key] = report
        while len(known) > self._most:
            known.popitem(last=False)

    def forget(self) -> None:
        """Know nothing; the store will be asked again."""
        self._people.clear()
        self._current.clear()
        self._chosen.clear()

    def forget_identity(self, identity: str) -> None:
        """Ask the store again who this is."""
        self._people.pop(identity, None)

    async def current(
        self, person: PersonId, seat: str, also: tuple[PersonId, ...] = ()
    ) -> StreamId | None:
        """The newest report at this place of the person, or of who goes on as them, if any.

        Somebody with several accounts may have an open one elsewhere: that comes before one
        that is settled here.
        """
        key = (person, seat)
        if (chosen := await self.chosen(person, seat)) is not None:
            return chosen
        if also:
            return await self._of_several((person, *also), seat)
        if key not in self._current:
            self._keep(self._current, key, await self._newest((person,), seat=seat))
        return self._current[key]

    async def _of_several(self, people: Sequence[PersonId], seat: str) -> StreamId | None:
        return (
            await self._newest(people, seat=seat, settled=0)
            or await self._newest(people, settled=0)
            or await self._newest(people, seat=seat)
        )

    async def _newest(self, people: Sequence[PersonId], **where: Scalar) -> StreamId | None:
        rows = await self._store.select(
            "reports",
            {"person": people, **where},
            order="report",
            descending=True,
            limit=REPORTS_LOOKED_AT,
        )
        return next((str(row["report"]) for row in rows), None)


def family(person: Person | None) -> tuple[PersonId, ...]:
    """Those who go on as this person."""
    return () if person is None else tuple(one.person for one in person.own)


def still_serves(report: Report, now: Millis, command: Command) -> bool:
    """Whether `command` at the report's place still belongs to it; once the work is done,
    somebody may begin another report although words would still belong to this one, and at any
    time one beside it.
    """
    if isinstance(command, BeginReport) and command.beside:
        # However often somebody in distress begins, one call stands, and goes on until one comes.
        return report.care.since is not None
    if isinstance(command, BeginReport) and command.again and report.stage in SETTLED:
        return False
    if report.is_open or report.stage == "done":
        return True
    return report.open_until is not None and now < report.open_until


def holds_both(command: Command) -> bool:
    """Whether whoever asks for it must stay as they are until it is committed."""
    return command.kind == "person"


def named_stream(rule: Rule, job: Job) -> StreamId | None:
    """The stream that the command names, None when it is found from who asks.

    Raises NoSuchTarget for what cannot be the id of such a stream.
    """
    if job.envelope.stream is not None:
        return job.envelope.stream
    if rule.aim == "desk":
        return ids.DESK
    named = getattr(job.envelope.command, rule.named_by or rule.command.kind, None)
    if rule.aim == "own_report" and named is None:
        return None
    if rule.aim not in ("named", "own_report"):
        return None
    try:
        fits = isinstance(named, str) and ids.kind_of(named) == rule.command.kind
    except ValueError:
        fits = False
    if not fits:
        raise NoSuchTarget
    return str(named)
