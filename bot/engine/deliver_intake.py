"""What delivery takes in: rows that were decided, audiences unfolded, cards that are wanted."""

from collections.abc import Callable, Iterable, Sequence

import structlog

from bot.core.errors import Damaged, StoreDown
from bot.core.ids import Millis
from bot.core.intents import Lane
from bot.engine.audience import Unfolder, audience, open_to_subscribers, states
from bot.engine.deliver_beneath import beneath_of
from bot.engine.deliver_cards import Cards
from bot.engine.deliver_ends import Ends, Entry
from bot.engine.deliver_lines import LANES, Job, Lines
from bot.engine.deliver_wants import Wanted, Wish
from bot.engine.handle import Engine
from bot.engine.paging import Pages
from bot.engine.standing import Standing
from bot.store.base import Op, Patch, Range, Row, number, text

log = structlog.get_logger(__name__)

PAGE = 500
PAGES = 8
CALLS = 100
_LANES: dict[str, Lane] = {lane: lane for lane in LANES}


class Intake:
    """Puts jobs in line. `entries` collects what must be written of that."""

    def __init__(self, engine: Engine, lines: Lines, ends: Ends, cards: Cards) -> None:
        self._engine = engine
        self._store = engine.store
        self._lines = lines
        self._ends = ends
        self._cards = cards
        self._unfolder = Unfolder(engine)
        self._standing = Standing(engine)
        self._pages = Pages(engine)
        self._cursor = 0
        self._audiences: list[int] = []
        self._calls: list[tuple[int, bool]] = []
        self.is_behind: Callable[[], bool] = lambda: False
        self.overslept: Callable[[Millis], bool] = lambda at: False
        self._wanted: dict[Wish, Wanted] = {}
        self.entries: list[Entry] = []
        self.on_unfolded: Callable[[], None] = lambda: None
        self.on_chunk: Callable[[], None] = lambda: None
        self.fresh: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._audiences) + len(self._calls) + len(self._wanted)

    @property
    def holds(self) -> bool:
        """Whether people are called only once it is known to what, after a long sleep."""
        return bool(self._calls) and self.is_behind()

    def want(self, wishes: Iterable[Wanted]) -> bool:
        """Cards that should look different; whether there were any."""
        before = len(self._wanted)
        for one in wishes:
            self._wanted[one.wish] = one.instead_of(self._wanted.get(one.wish))
        return len(self._wanted) > before

    async def take_in(self) -> bool:
        """Everything new, or a good part of it; whether there is more.

        `fresh` are the rows that came now, for whoever needs them at once.
        """
        self.fresh = {}
        # What is decided until it has caught up is read before anybody is called.
        behind = self.is_behind()
        more = await self._read()
        if self._calls and behind:
            more = more or not self.holds
        elif self._calls:
            await self._call()
            more = await self._read()
        if self._audiences:
            await self._unfold()
            # The copies take their places before anything decided later is picked.
            more = await self._read() or bool(self._audiences)
        await self._draw_up()
        return more

    # --- rows ------------------------------------------------------------------------------

    async def _read(self) -> bool:
        """What was decided since the last look; at the start all that is waiting."""
        for _ in range(PAGES):
            rows = await self._store.select(
                "outbox",
                {"kind": "say", "state": "waiting"},
                within=Range("id", above=self._cursor),
                order="id",
                limit=PAGE,
            )
            for row in rows:
                self._admitted(row)
            if rows:
                self._cursor = number(rows[-1], "id")
            if len(rows) < PAGE:
                return False
        return True

    def _admitted(self, row: Row) -> None:
        try:
            self.admit(row)
        except Damaged:
            log.exception("a row of the outbox is damaged", row=row["id"])
            self._refused(row, "dead", "failed: damaged")

    def admit(self, row: Row) -> None:
        """An outbox row takes its place in line."""
        if audience(row) is not None:
            # Whoever must act now does not wait for thousands of readers.
            if text(row, "target").startswith("staff:"):
                self._calls.append((number(row, "id"), self.overslept(number(row, "at"))))
            else:
                self._audiences.append(number(row, "id"))
            return
        job = _job(row)
        self.fresh[number(row, "id")] = row
        for old in self._lines.add(job, number(row, "due") if job.tries else 0):
            self.entries.append(self._ends.superseded(old))

    # --- audiences -------------------------------------------------------------------------

    async def _call(self) -> None:
        """Pages that wait, all before any of them goes out: of several the newest is brought."""
        some = dict(self._calls[:CALLS])
        rows = await self._store.select("outbox", {"id": list(some)}, order="id", limit=CALLS)
        ops: list[Op] = []
        for row in rows:
            if row["state"] == "waiting":
                ops += await self._called(row, some[number(row, "id")])
        try:
            await self._store.write(ops)
        except ValueError:  # Whatever is wrong with one hurts no other.
            log.exception("a page cannot be unfolded")
            for row in rows:
                self._refused(row, "dead", "failed: not unfolded")
        del self._calls[:CALLS]

    async def _called(self, row: Row, slept: bool) -> Sequence[Op]:
        """Whom a page calls; that it called nobody is listed with what did not arrive."""
        whom, until = audience(row), row["until"]
        if whom is None or (isinstance(until, int) and until <= self._engine.clock.now()):
            self._refused(row, "dead", "expired")
            return ()
        try:
            ops, nobody = await self._pages.unfold(row, whom.stream, whom.scope, slept)
        except (ValueError, Damaged):
            log.exception("a page cannot be unfolded", row=row["id"])
            self._refused(row, "dead", "failed: not unfolded")
            return ()
        if nobody:
            source = text(row, "source")
            self.entries.append(Entry([], lambda: self._ends.told("dead", source, nobody)))
        return ops

    async def _unfold(self) -> None:
        """A chunk of the first audience."""
        rows = await self._store.select("outbox", {"id": self._audiences[0]}, limit=1)
        if not rows or rows[0]["state"] != "waiting" or await self._unfolded(rows[0]):
            self._audiences.pop(0)
            self.on_unfolded()
        self.on_chunk()

    async def _unfolded(self, row: Row) -> bool:
        whom, until = audience(row), row["until"]
        if whom is None:
            return True
        if isinstance(until, int) and until <= self._engine.clock.now():
            return self._refused(row, "dead", "expired")
        if whom.of in ("subscribers", "newcomers"):
            known = await states(self._engine, [whom.stream])
            if not open_to_subscribers(known[whom.stream]):
                return self._refused(row, "refused", "not for subscribers")
        try:
            if whom.of == "picture":
                await self._standing.unfold(row, whom)
                return True
            return await self._unfolder.chunk(row, whom)
        except (ValueError, Damaged):
            log.exception("an audience cannot be unfolded", row=row["id"])
            return self._refused(row, "dead", "failed: not unfolded")

    def _refused(self, row: Row, state: str, reason: str) -> bool:
        ops: list[Op] = [Patch("outbox", {"id": row["id"]}, {"state": state, "reason": reason})]
        source = str(row["source"])
        self.entries.append(Entry(ops, lambda: self._ends.told(state, source, reason)))
        return True

    # --- cards -----------------------------------------------------------------------------

    async def _draw_up(self) -> None:
        """Cards that should look different become jobs."""
        while self._wanted:
            wish = next(iter(self._wanted))
            wanted = self._wanted[wish]
            try:
                jobs, ops = await self._cards.jobs(wanted)
            except StoreDown:
                raise
            except Exception:
                log.exception("a card cannot be hung", stream=wish.stream, card=wish.card)
                jobs, ops = [], []
            for job in jobs:
                self._lines.add(job)
            self.entries.append(Entry(ops))
            # What was asked for meanwhile is a new wish of the same name, and stays.
            if self._wanted[wish] is wanted:
                del self._wanted[wish]


def _job(row: Row) -> Job:
    until, position = row["until"], row["position"]
    return Job(
        key=number(row, "id"),
        kind="say",
        channel=text(row, "channel"),
        seat=text(row, "target"),
        lane=_LANES.get(text(row, "lane"), "reply"),
        at=number(row, "at"),
        order=(position if isinstance(position, int) else 0, number(row, "id")),
        until=until if isinstance(until, int) else None,
        family=text(row, "family"),
        tries=number(row, "tries"),
        unknown=bool(row["sending"]),
        stream=text(row, "source"),
        thread=beneath_of(row),
        about=text(row, "about") if row["about"] else "",
    )
