"""Another way: what does not reach somebody outside by one channel is said to them by another.

Whoever follows hears it on another of their accounts; a customer where else they wrote to us, on an
account that they joined, or at the address that they left as a way back. The row that did not get
through says so. Where there is no other way, and it is urgent, somebody is called to phone them.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import structlog

from bot.core.calendar import DAY, HOUR
from bot.core.errors import KeyGone, StoreDown
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.intents import Members, Say
from bot.core.person import Person, Subscription
from bot.core.places import Seat
from bot.core.reaching_words import NoteUnreached
from bot.core.report import Report
from bot.engine.audience import bounced, heard_under, open_to_subscribers
from bot.engine.circles import everybody
from bot.engine.deliver import Deliveries
from bot.engine.deliver_lines import Job
from bot.engine.deliver_whom import BOUNCED, LEFT
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.mailbox import said_in
from bot.store.base import Patch, Put, Range, Row, Scalar, number, text

log = structlog.get_logger(__name__)

AT_ONCE = 100
PAGE = 500
LATELY: Millis = HOUR
LATELY_PRESSING: Millis = 3 * DAY
"""How old it may be that came to its end while no process looked."""
REPORTS = 10
ELSEWHERE = "said another way"
CALLED = "called"
"""What a row notes of itself once somebody was called to phone its reader."""
OTHER = "/other/"


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody outside who was not told: how they are instead (None: there is no other way), or
    whose `report` it is.
    """

    copy: Put | None = None
    report: StreamId = ""


class Ways:
    """Finds them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    async def missed(self, row: Row) -> Missed | None:
        """Who does not hear what a row says; None for what is not said to somebody outside."""
        if not row["body"] or row["lane"] == "card":
            return None
        say = self._engine.codec.decode_row(Say, text(row, "body"))
        member, source = text(row, "member"), text(row, "source")
        if isinstance(say.to, Members) and say.to.of in ("subscribers", "newcomers"):
            return Missed(await self._follower(row, say, say.to, member.partition("/")[0]))
        report = member if isinstance(say.to, Members) else source
        told = isinstance(say.to, Seat) or say.to.of == "reporters"
        answer = say.own or say.message  # Whoever wrote it hears what became of that.
        if not told or answer or not report.startswith("rep_"):
            return None
        return await self._customer(row, say, report)

    # --- who follows -------------------------------------------------------------------------

    async def _follower(self, row: Row, say: Say, whom: Members, person: StreamId) -> Put | None:
        incident = (await self._engine.look([whom.stream]))[whom.stream]
        if not isinstance(incident, Incident) or not open_to_subscribers(incident):
            return None
        scopes = await heard_under(self._engine, whom.stream, whom.scope.partition(";")[2])
        family = await everybody(self._engine, person)
        base = text(row, "cause").removesuffix(f"/{text(row, 'member')}")
        every = (f"{x.stream}/{one.number}" for x in family for one in x.subscriptions)
        tried = await self._tried([base, *(f"{base}/{one}" for one in every)])
        found = [
            (one, each.stream)
            for each in family
            if not each.disabled
            for one in reversed(each.subscriptions)
            if one.scope in scopes
        ]
        first = family[0].hears.channel if family else ""
        found.sort(key=lambda pair: (pair[0].seat.channel != first, _closest(pair[0], scopes)))
        async for seat, key in self._open((one.seat for one, _ in found), tried):
            number, whose = next((x.number, who) for x, who in found if x.seat == seat)
            member = f"{whose}/{number}"
            own: dict[str, Scalar] = {"cause": f"{base}/{member}", "about": seat.key.subject}
            own["record"] = self._gathered(row, say, seat.key.subject)
            return self._copy(row, seat, key, member=member, **own)
        return None

    def _gathered(self, row: Row, say: Say, about: str) -> str:
        """What was put off and is said as one goes along; other words are said as they are now."""
        codec, was = self._engine.codec, row["subject"]
        if not row["record"]:
            return ""
        note = codec.open_note(text(row, "record"), was if isinstance(was, str) else None)
        said, words = said_in(note)
        many = bool(said) and not words and say.words is not None
        return codec.seal_note(note, about) if many else ""

    # --- customers ---------------------------------------------------------------------------

    async def _customer(self, row: Row, say: Say, report: StreamId) -> Missed | None:
        state = (await self._engine.look([report]))[report]
        if not isinstance(state, Report) or state.stage == "withdrawn":
            return None
        mailed = state.mailed.seat if state.mailed is not None else None
        if mailed is not None and self._key(mailed) == row["target"]:
            return None  # That is a way back, which they asked for.
        ways = [one async for one in self._ways(state)]
        base = text(row, "cause").partition(OTHER)[0]
        keys = [key for one in ways if (key := self._key(one)) is not None]
        tried = await self._tried([base, *(f"{base}{OTHER}{key}" for key in keys)])
        async for seat, key in self._open(ways, tried | {row["target"]}):
            body = self._engine.codec.encode_row(say.model_copy(update={"to": seat}))
            cause = f"{base}{OTHER}{key}"
            copy = self._copy(row, seat, key, member="", source=report, body=body, cause=cause)
            return Missed(copy, report)
        return Missed(None, report)

    async def _ways(self, state: Report) -> AsyncIterator[Seat]:
        """Where they can be told something that is for them alone, where they write now first."""
        yield state.seat
        family = await everybody(self._engine, state.person)
        for account in family[0].own if family else ():
            yield account.seat
        people = [one.stream for one in family] or [state.person]
        rows = await self._store.select(
            "reports", {"person": people}, order="report", descending=True, limit=REPORTS
        )
        known = await self._engine.look([text(row, "report") for row in rows])
        parted = _parted(family)
        for one in known.values():
            if isinstance(one, Report) and one.seat.key.subject not in parted:
                yield one.seat
        if state.mailed is not None:
            yield state.mailed.seat

    # --- both --------------------------------------------------------------------------------

    def _key(self, seat: Seat) -> str | None:
        key = seat.key.open(self._engine.codec.open)
        return key if isinstance(key, str) else None

    async def _tried(self, causes: list[str]) -> set[Scalar]:
        """Where the same was said, or is about to be."""
        rows = await self._store.select("outbox", {"cause": causes}, limit=AT_ONCE)
        return {row["target"] for row in rows}

    async def _open(
        self, seats: Iterable[Seat], tried: set[Scalar]
    ) -> AsyncIterator[tuple[Seat, str]]:
        """Those that somebody reads, of a channel that works, and that were not tried."""
        channels, down = self._engine.parts.channels, self._engine.standins.down
        for seat in seats:
            channel, key = channels.get(seat.channel), self._key(seat)
            if channel is None or key is None or key in tried or seat.channel in down:
                continue
            if channel.capabilities.pulled:
                continue  # Nobody may be looking there, and nobody would know.
            if not await bounced(self._store, [key], self._engine.clock.now()):
                yield seat, key

    def _copy(self, row: Row, seat: Seat, key: str, **changes: Scalar) -> Put:
        about = changes.pop("about", row["subject"])
        now = self._engine.clock.now()
        return said_at(row, now, channel=seat.channel, target=key, subject=about, **changes)


def said_at(row: Row, now: Millis, **changes: Scalar) -> Put:
    """The same message once more as it is to be said elsewhere, as if nothing had been tried."""
    fresh: Row = {
        "id": None,
        "state": "waiting",
        "reason": "",
        "tries": 0,
        "sending": 0,
        "record": "",
        "progress": "",
        "due": now,
    }
    return Put("outbox", {**row, **fresh, **changes})


def _closest(one: Subscription, scopes: tuple[str, ...]) -> int:
    return scopes.index(one.scope)


def _parted(family: Iterable[Person]) -> set[str]:
    """The accounts that stand for themselves again."""
    every = [one for each in family for one in each.joined]
    return {one.subject for one in every if one.parted} - {x.subject for x in every if not x.parted}


class OtherWays(Loop):
    """The worker: of what has come to its end unheard."""

    name = "other_ways"

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self._deliveries = deliveries
        self._ways = Ways(engine)
        self._missed: list[int] = []
        deliveries.ends.missed = self._hear

    def _hear(self, job: Job) -> None:
        if job.kind == "say" and isinstance(job.key, int):
            self._missed.append(job.key)
            self.wake()

    async def start(self) -> None:
        """Go on where the last process stopped."""
        self._missed += [number(row, "id") async for row in self._left_over()]
        await super().start()

    async def _left_over(self) -> AsyncIterator[Row]:
        """What is pressing and nobody was called about first, then the newest of the rest."""
        now, dead = self._clock.now(), {"kind": "say", "state": ["dead", "refused"]}
        pressing: Row = {"kind": "say", "state": "dead", "lane": "safety", "progress": ""}
        for where, lasts in ((pressing, LATELY_PRESSING), (dead, LATELY)):
            below: int | None = None
            while True:
                rows = await self._store.select(
                    "outbox",
                    where,
                    within=Range("id", below=below),
                    order="id",
                    descending=True,
                    limit=PAGE,
                )
                fresh = [row for row in rows if number(row, "at") > now - lasts]
                for row in fresh:
                    yield row
                if not fresh or len(rows) < PAGE:
                    break
                below = number(rows[-1], "id")

    async def turn(self) -> Millis | None:
        """Some of them; come back at once when there are more."""
        some = self._missed[:AT_ONCE]
        if not some:
            return None
        rows = await self._store.select("outbox", {"id": some}, order="id", limit=AT_ONCE)
        for row in rows:
            await self._walled(row)
        del self._missed[: len(some)]
        return self._clock.now() if self._missed else None

    async def _walled(self, row: Row) -> None:
        """Whatever is wrong with one keeps no other; of what is pressing somebody hears."""
        try:
            await self._one(row)
        except KeyGone:
            return  # Erased meanwhile: nobody is told any more.
        except StoreDown:
            raise
        except Exception:
            log.exception("no other way can be looked for")
            whose = (text(row, "member"), text(row, "source"))
            report = next(filter(None, whose), "")
            if row["state"] == "dead" and report.startswith("rep_"):
                await call(self._engine, row, report)

    async def _one(self, row: Row) -> None:
        left = row["state"] == "refused" and row["reason"] in (LEFT, BOUNCED)
        if (row["state"] != "dead" and not left) or row["progress"] == CALLED:
            return
        missed = await self._ways.missed(row)
        if missed is None:
            return
        if missed.copy is not None and row["reason"] != "expired":
            ended = {"state": "superseded", "reason": ELSEWHERE, "body": ""}
            here = {"id": row["id"], "state": row["state"]}
            over = Patch("outbox", here, ended)
            try:
                await self._store.write([missed.copy, over])
            except ValueError:  # It was said there meanwhile.
                await self._store.write([over])
            self._deliveries.wake()
        elif missed.report:
            await call(self._engine, row, missed.report)


async def call(engine: Engine, row: Row, report: StreamId, waits: bool = False) -> None:
    """Somebody phones who cannot be told something urgent, once for each message."""
    if row["lane"] != "safety" or row["progress"] == CALLED:
        return
    command = NoteUnreached(channel=text(row, "channel"), waits=waits)
    noted = Patch("outbox", {"id": row["id"]}, {"progress": CALLED})
    await engine.house(command, report, OtherWays.name, text(row, "cause"), [noted])
