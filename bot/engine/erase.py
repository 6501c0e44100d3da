"""Erasing: walk the streams that hold values about a person, then rows, then keys.

Each stream lets go in a transaction of its own (an `erased` event, the sealed bytes deleted,
the snapshot rewritten); the keys go last. The order is kept in a row until all is done, so a
crash anywhere only means that it goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.core import ids
from bot.core.alike import forget
from bot.core.commands import Command
from bot.core.errors import MusterError, StoreDown
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_commands import EraseFromIncident
from bot.core.person import Person
from bot.core.person_words import EraseFromPerson, FinishErasure
from bot.core.report_words import EraseFromReport
from bot.engine.handle import Engine
from bot.engine.hub import SignedOut
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.prepare import Planned
from bot.engine.remove import Removals
from bot.engine.resolve import family
from bot.engine.rows import QUOTES
from bot.store.base import Drop, Op, Patch, Range, Row, Scalar, text

PAGE = 100
MOST = 10_000
ROUNDS = 100
BY_PERSON = (
    "sessions",
    "accounts",
    "passkeys",
    "logins",
    "identities",
    "drafts",
    "walks",
    "chosen",
)
BY_SEAT = ("tokens", "pauses", "moves")
"""Tables whose rows know where somebody is reached and not who it is."""


class Eraser(Loop):
    """Carries out ordered erasures, one person at a time."""

    name = "eraser"

    def __init__(
        self, engine: Engine, carry: Callable[[], Awaitable[object]], removals: Removals
    ) -> None:
        """`carry` takes the Dos that wait to their streams."""
        super().__init__(engine.clock)
        self._removals = removals
        self._engine = engine
        self._carry = carry
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
        before = self.streams
        if not await self._close_the_door(person, subjects):
            return False
        for subject in subjects:
            if not await self._walk(subject):
                return False
        for subject in subjects:
            await self._rows(subject)
        await self._engine.codec.keys.destroy(subjects)
        forget()
        for subject in subjects:
            # What delivery had sealed just before has reached the store by now.
            await self._rows(subject)
        finished = FinishErasure(subjects=tuple(subjects), streams=self.streams - before)
        return await self._done(finished, person)

    async def _close_the_door(self, person: PersonId, subjects: list[SubjectId]) -> bool:
        """Whoever comes by an identity of this person is somebody new from now on.

        A command of the house passes after all that was being read or committed before it: the
        first time nobody is read by the old rows any more, the second time nobody acts by what
        was read.
        """
        sessions = await self._engine.store.select("sessions", {"person": person})
        known = (await self._engine.live(person)).state
        people = (person, *family(known if isinstance(known, Person) else None))
        seats = await self._seats(people, subjects)
        known_by = await self._engine.store.select("identities", {"person": people}, limit=MOST)
        await self._engine.store.write(
            [
                *(Drop(table, {"person": one}) for one in people for table in BY_PERSON),
                *(Drop(table, {"seat": seat}) for seat in seats for table in BY_SEAT),
                *(Drop("memberships", {"who": text(one, "identity")}) for one in known_by),
            ]
        )
        for one in sessions:
            self._engine.hub.tell(SignedOut(text(one, "token")))
        for _ in range(2):
            if not await self._done(EraseFromPerson(subject=subjects[0]), person):
                return False
            self._engine.directory.forget()
        return True

    async def _walk(self, subject: SubjectId) -> bool:
        """Every stream lets go, also those that Dos under way bring a value to meanwhile."""
        for _ in range(ROUNDS):
            while rows := await self._engine.store.select(
                "subjects", {"subject": subject}, order="stream", limit=PAGE
            ):
                for row in rows:
                    if not await self._let_go(text(row, "stream"), subject):
                        return False
                    self.streams += 1
            waiting = {"kind": "do", "state": "waiting", "subject": subject}
            if not await self._engine.store.count("outbox", waiting):
                return True
            await self._carry()
        return False

    async def _let_go(self, stream: StreamId, subject: SubjectId) -> bool:
        held = Drop("subjects", {"subject": subject, "stream": stream})
        return await self._done(_erase_from(stream, subject), stream, held)

    async def _done(self, command: Command, stream: StreamId, *ops: Op) -> bool:
        try:
            answer = await self._engine.house(command, stream, "erase", stream, ops=ops)
        except MusterError:
            return False
        return answer.outcome == "done"

    async def _seats(self, people: Sequence[PersonId], subjects: list[SubjectId]) -> list[str]:
        """Where they were reached, by the keyed hash that some rows are found by."""
        store = self._engine.store
        rows = [
            *await store.select("reports", {"person": people}, limit=MOST),
            *await store.select("subscriptions", {"person": people}, limit=MOST),
            *await store.select("cards", {"subject": subjects}, limit=MOST),
        ]
        return list(dict.fromkeys(seat for row in rows if isinstance(seat := row["seat"], str)))

    async def _rows(self, subject: SubjectId) -> None:
        """Rows outside the streams: messages under way or sent, drafts, search words."""
        store, removals = self._engine.store, self._removals
        while rows := await store.select("outbox", {"subject": subject}, order="id", limit=PAGE):
            gone = [op for row in rows for op in removals.of_say(row, subject)]
            for row in rows:
                if row["kind"] == QUOTES:
                    gone += await self._quoting(text(row, "target"))
            await store.write([*gone, *(_emptied(row) for row in rows)])
        cards = await store.select("cards", {"subject": subject}, limit=MOST)
        await store.write([op for row in cards for op in removals.of_card(row, subject)])
        await store.forget(subject)
        removals.wake()

    async def _quoting(self, cause: str) -> list[Op]:
        """A message that quotes them and is about somebody else: taken away wherever it went."""
        store = self._engine.store
        ops: list[Op] = []
        direct = await store.select("outbox", {"cause": cause}, limit=1)
        members = Range("cause", above=f"{cause}/", below=f"{cause}0")
        for row in (*direct, *await store.select("outbox", within=members, limit=MOST)):
            about = row["subject"]
            if row["kind"] != QUOTES and isinstance(about, str):
                ops += [*self._removals.of_say(row, about), _emptied(row)]
            ops.append(Drop("mailbox", {"intent": row["cause"]}))
        return ops


def _emptied(row: Row) -> Op:
    """What went out, or did not, stays told; to whom and what is gone."""
    changes: dict[str, Scalar] = {"target": "", "subject": None, "body": "", "record": ""}
    if row["state"] in ("waiting", "held"):
        changes["state"] = "erased"
    return Patch("outbox", {"id": row["id"]}, changes)


def _erase_from(stream: StreamId, subject: SubjectId) -> Command:
    kind = ids.kind_of(stream)
    if kind == "report":
        return EraseFromReport(subject=subject)
    if kind == "incident":
        return EraseFromIncident(incident=stream, subject=subject)
    return EraseFromPerson(subject=subject)
