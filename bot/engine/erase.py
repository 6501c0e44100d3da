"""Erasing: walk the streams that hold values about a person, then rows, then keys.

Each stream lets go in a transaction of its own (an `erased` event, the sealed bytes deleted,
the snapshot rewritten); the keys go last. The order is kept in a row until all is done, so a
crash anywhere only means that it goes on.
"""

import asyncio

from bot.core import ids
from bot.core.commands import Command
from bot.core.errors import StoreDown
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_commands import EraseFromIncident
from bot.core.person_words import EraseFromPerson, FinishErasure
from bot.core.report_words import EraseFromReport
from bot.engine.handle import Engine
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.prepare import Planned
from bot.engine.timers import done
from bot.store.base import Drop, Op, Patch, text

PAGE = 100


class Eraser(Loop):
    """Carries out ordered erasures, one person at a time."""

    name = "eraser"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self.streams = 0
        self._one_at_a_time = asyncio.Lock()

    def notice(self, planned: Planned) -> None:
        """A unit was committed: wake when an erasure was ordered."""
        if planned.work and any(rec.event.tag == "erasure_ordered" for rec in planned.work.events):
            self.wake()

    async def turn(self) -> Millis | None:
        """Finish every erasure that is open."""
        rows = await self._engine.store.select("erasures", order="person", limit=PAGE)
        for row in rows:
            if not await self.erase(text(row, "person"), text(row, "subjects").split()):
                return self._clock.now() + AFTER_TROUBLE
        return self._clock.now() if rows else None

    async def finish(self, person: PersonId) -> int:
        """Carry out the erasure of `person` now; how many streams let go. Raises StoreDown."""
        rows = await self._engine.store.select("erasures", {"person": person}, limit=1)
        before = self.streams
        if rows and not await self.erase(person, text(rows[0], "subjects").split()):
            raise StoreDown
        return self.streams - before

    async def erase(self, person: PersonId, subjects: list[SubjectId]) -> bool:
        """Everything about `subjects`; False when something must be tried again."""
        async with self._one_at_a_time:
            return await self._erase(person, subjects)

    async def _erase(self, person: PersonId, subjects: list[SubjectId]) -> bool:
        streams = self.streams
        for subject in subjects:
            while rows := await self._engine.store.select(
                "subjects", {"subject": subject}, order="stream", limit=PAGE
            ):
                for row in rows:
                    if not await self._let_go(text(row, "stream"), subject):
                        return False
                    self.streams += 1
            await self._rows(person, subject)
        await self._engine.codec.keys.destroy(subjects)
        finished = FinishErasure(subjects=tuple(subjects), streams=self.streams - streams)
        return done(await self._engine.house(finished, person, "erase", person))

    async def _let_go(self, stream: StreamId, subject: SubjectId) -> bool:
        held = Drop("subjects", {"subject": subject, "stream": stream})
        answer = await self._engine.house(
            _erase_from(stream, subject), stream, "erase", subject, ops=(held,)
        )
        return done(answer)

    async def _rows(self, person: PersonId, subject: SubjectId) -> None:
        """Rows outside the streams: identities, sign-ins, messages under way, search words."""
        ops: list[Op] = [
            Drop("sessions", {"person": person}),
            Drop("identities", {"person": person}),
        ]
        waiting = await self._engine.store.select("outbox", {"subject": subject}, limit=10_000)
        ops.extend(
            Patch(
                "outbox",
                {"id": row["id"]},
                {"state": "erased", "target": "", "body": "", "subject": None},
            )
            for row in waiting
        )
        await self._engine.store.write(ops)
        await self._engine.store.forget(subject)
        self._engine.directory.forget()


def _erase_from(stream: StreamId, subject: SubjectId) -> Command:
    kind = ids.kind_of(stream)
    if kind == "report":
        return EraseFromReport(subject=subject)
    if kind == "incident":
        return EraseFromIncident(incident=stream, subject=subject)
    return EraseFromPerson(subject=subject)
