"""The delivery ledger: what became of each message of an update, and what did not arrive at all.

Numbers are those that the store keeps as things happen, lists are read along an index, so it
costs the same with a hundred recipients and with a hundred thousand.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.core.approval_words import GlassBroken
from bot.core.delivery_words import BECAUSE
from bot.core.ids import PersonId, StreamId, kind_of
from bot.core.incident import Incident
from bot.core.person import Person
from bot.core.places import Seat
from bot.core.report import Report
from bot.core.texts import Text
from bot.engine.ledger_views import (
    Counts,
    End,
    GlassView,
    LedgerOf,
    Letters,
    LetterView,
    OrderView,
    PauseView,
    StuckView,
    counted,
    end_of,
)
from bot.engine.read import Reads, Said, Staff
from bot.engine.read_board import BoardReads, may
from bot.store.base import Range, Row, Scalar, number, text

LETTERS = 100
GROUPS = 1_000
ORDERS_SHOWN = 10
SHOWN_MOST = 100


class LedgerReads(BoardReads):
    """Queries about deliveries. Each takes who asks; what they may not see is not there."""

    def channel_names(self) -> Mapping[str, str]:
        """What each channel is called."""
        return {name: one.title for name, one in self.engine.parts.channels.items()}

    async def ledger(
        self, staff: Staff, reference: str, update: int, end: str, channel: str, after: int
    ) -> LedgerOf | None:
        """The ledger of one update: those by `channel` that came to `end`, or all of them."""
        stream = await self.stream_of(reference)
        state = None if stream is None else await self.state(stream)
        if not isinstance(state, Incident) or not may(staff, state):
            return None
        one = state.update(update)
        if one is None:
            return None
        about = f"{state.stream}/{update}"
        rows = await tallied(self, about)
        where: Row = {"kind": "say", "about": about}
        return LedgerOf(
            incident=state.stream,
            reference=state.reference,
            number=update,
            at=one.at,
            words=self.said(one.words),
            withdrawn=one.withdrawn,
            counts=counted(rows),
            channels=tuple(sorted({text(row, "channel") for row in rows})),
            letters=await self._letters(staff, where, rows, end, channel, after),
            approved_by=await self._name(one.approved_by),
            glass=await self._glass(state.stream, one.glass),
        )

    async def _glass(self, stream: StreamId, version: int) -> GlassView | None:
        """What stands in the log at `version`, where that is it."""
        found = await self.log(stream, version, 1) if version else []
        event = found[0].event if found else None
        if not isinstance(event, GlassBroken):
            return None
        return GlassView(
            by=await self._name(event.by),
            at=found[0].at,
            reason=self.said(event.reason),
            approver=event.approver,
            proved_at=event.proved_at,
        )

    async def _name(self, person: PersonId | None) -> str:
        return "" if person is None else (await self.names([person])).get(person, "")

    async def dead(self, staff: Staff, channel: str, after: int) -> Letters:
        """Everything that did not arrive, the oldest first."""
        rows = [row for row in await tallied(self, "") if row["state"] == "dead"]
        return await self._letters(staff, {"kind": "say"}, rows, "", channel, after)

    async def everything(self) -> Counts:
        """What became of all that the house ever said."""
        return counted(await tallied(self, ""))

    async def undelivered(self) -> int:
        """How many messages did not arrive and wait for a decision."""
        return counted(await tallied(self, "")).dead

    async def channels(self) -> tuple[str, ...]:
        """The channels by which something did not arrive."""
        rows = await tallied(self, "")
        return tuple(sorted({text(row, "channel") for row in rows if row["state"] == "dead"}))

    async def whys(self) -> tuple[tuple[End, int], ...]:
        """Why messages did not arrive, and how many each."""
        rows = [row for row in await tallied(self, "") if row["state"] == "dead"]
        return counted(rows).by

    async def orders(self, staff: Staff) -> tuple[OrderView, ...]:
        """What was ordered lately, the newest first."""
        rows = await self.store.select(
            "orders", order="number", descending=True, limit=ORDERS_SHOWN
        )
        names = await self.names([text(row, "person") for row in rows])
        return tuple([await self._order(staff, row, names) for row in rows])

    async def pauses(self) -> tuple[PauseView, ...]:
        """What takes nothing now, whole channels first."""
        rows = await self.store.select("pauses", order="since", limit=GROUPS)
        single = Counter(text(row, "channel") for row in rows if row["seat"])
        first = {text(row, "channel"): row for row in reversed(rows) if row["seat"]}
        whole = [row for row in rows if not row["seat"]]
        return (
            *(_pause(row, 0) for row in whole),
            *(_pause(first[one], many) for one, many in single.items()),
        )

    async def stuck(self, staff: Staff) -> tuple[StuckView, ...]:
        """What the house could not do, the newest first."""
        refused: list[Row] = []
        for state in ("refused", "dead"):
            key: Row = {"kind": "do", "state": state}
            refused += await self.store.select(
                "outbox", key, order="id", descending=True, limit=SHOWN_MOST
            )
        held = await self.store.select(
            "quarantine", {"state": "waiting"}, order="at", descending=True, limit=SHOWN_MOST
        )
        found = [
            StuckView(
                number(row, "at"),
                "refused",
                text(row, "reason"),
                await self._label(staff, text(row, "target")),
            )
            for row in refused
        ]
        found += [
            StuckView(
                number(row, "at"),
                "quarantined",
                f"{text(row, 'command')}: {text(row, 'reason')}",
                await self._label(staff, text(row, "stream")),
            )
            for row in held
        ]
        return tuple(found)

    # --- rows ----------------------------------------------------------------------------------

    async def _letters(
        self, staff: Staff, where: Row, tallies: Sequence[Row], end: str, channel: str, after: int
    ) -> Letters:
        """A page. Each state and channel of which there are any is read on its own."""
        wanted = [row for row in tallies if _is(row, end, channel)]
        groups = sorted({(text(row, "state"), text(row, "channel")) for row in wanted})
        rows: list[Row] = []
        for state, by in groups:
            key: dict[str, Scalar] = {**where, "state": state, "channel": by}
            rows += await self.store.select(
                "outbox", key, within=Range("id", above=after), order="id", limit=LETTERS + 1
            )
        rows.sort(key=lambda row: number(row, "id"))
        page = rows[:LETTERS]
        shown = await self._shown(staff, [row for row in page if _is(_class(row), end, channel)])
        return Letters(shown, number(page[-1], "id") if len(rows) > LETTERS else 0)

    async def _shown(self, staff: Staff, rows: Sequence[Row]) -> tuple[LetterView, ...]:
        streams = [text(row, "source") for row in rows]
        streams += [text(row, "member").partition("/")[0] for row in rows if row["member"]]
        known = await self.engine.look(list(dict.fromkeys(streams)))
        found = [await self._view(staff, row, known) for row in rows]
        return tuple(one for one in found if one is not None)

    async def _view(
        self, staff: Staff, row: Row, known: Mapping[StreamId, object]
    ) -> LetterView | None:
        source = text(row, "source")
        reference = await self._label(staff, source)
        if not reference and kind_of(source) in ("incident", "report"):
            return None
        member = text(row, "member")
        who = known.get(member.partition("/")[0] if member else source)
        state, why = text(row, "state"), text(row, "reason")
        first, _, rest = why.partition(":")
        waits = state in ("waiting", "held")
        return LetterView(
            id=number(row, "id"),
            channel=text(row, "channel"),
            whom=self._whom(row, who),
            role=_role(row, who),
            end=end_of(state, first),
            detail=rest.strip() if state == "dead" else "",
            tries=number(row, "tries"),
            at=number(row, "at"),
            due=number(row, "due") if waits and row["tries"] else None,
            can_replay=state == "dead",
            reference=reference,
            number=_update(text(row, "about") if row["about"] else ""),
        )

    def _whom(self, row: Row, who: object) -> Said:
        seat: Seat | None = None
        if isinstance(who, Report):
            seat = who.seat
        elif isinstance(who, Person):
            which = text(row, "member").partition("/")[2]
            seats = [(str(one.number), one.seat) for one in who.subscriptions]
            if who.asked is not None:
                seats.insert(0, (str(who.asked.number), who.asked.seat))
            here = (one for one in seats if one[1].channel == row["channel"])
            seat = next((one for key, one in here if which in ("", key)), None)
        address = self.said(seat.address) if seat is not None else None
        return None if address is None else masked(address)

    async def _label(self, staff: Staff, stream: StreamId) -> str:
        """The reference of what it is about, for those who may see it."""
        state = None if ":" in stream else await self.state(stream)
        if isinstance(state, Incident):
            return state.reference if may(staff, state) else ""
        if not isinstance(state, Report):
            return ""
        incident = None if state.incident is None else await self.state(state.incident)
        hidden = isinstance(incident, Incident) and not may(staff, incident)
        return "" if hidden else state.reference

    async def _order(self, staff: Staff, row: Row, names: Mapping[StreamId, str]) -> OrderView:
        because = text(row, "because")
        stream = text(row, "about").rpartition("/")[0]
        if row["letter"]:
            letters = await self.store.select("outbox", {"id": row["letter"]}, limit=1)
            stream = text(letters[0], "source") if letters else ""
        reasons: Mapping[str, Text] = {str(key): said for key, said in BECAUSE.items()}
        return OrderView(
            number=number(row, "number"),
            at=number(row, "at"),
            what=text(row, "what"),
            by=names.get(text(row, "person"), ""),
            because=reasons.get(because),
            open=bool(row["open"]),
            done=number(row, "done"),
            kept=number(row, "kept"),
            wanted=number(row, "wanted"),
            reference=await self._label(staff, stream) if stream else "",
            update=_update(text(row, "about")),
        )


async def tallied(reads: Reads, about: str) -> list[Row]:
    """How many messages of an update, or of all (""), came to which state."""
    rows = await reads.store.select("tallies", {"about": about}, limit=GROUPS)
    return [row for row in rows if row["many"]]


async def told(reads: Reads, incident: Incident) -> tuple[tuple[int, Counts], ...]:
    """What became of each recent update of an incident that was sent to anybody."""
    numbers = [one.number for one in incident.latest]
    found = [(one, await tallied(reads, f"{incident.stream}/{one}")) for one in numbers]
    return tuple((one, counted(rows)) for one, rows in found if rows)


def masked(address: str) -> str:
    """Enough of an address to tell it from others, and too little to use it."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}…@{host}"
    return f"…{address[-3:]}" if len(address) > 6 else "…"


def _update(about: str) -> int:
    """The number of the update that something is about, 0 for anything else."""
    stream, _, which = about.rpartition("/")
    return int(which) if stream.startswith("inc_") else 0


def _class(row: Row) -> Row:
    """A message as its tally names it."""
    why = text(row, "reason").partition(":")[0]
    return {"state": row["state"], "why": why, "channel": row["channel"]}


def _is(row: Row, end: str, channel: str) -> bool:
    came = end_of(text(row, "state"), text(row, "why"))
    return end in ("", came) and channel in ("", row["channel"])


def _role(row: Row, who: object) -> str:
    if ":" in text(row, "target"):
        return "audience"
    if isinstance(who, Report):
        return "reporter"
    return "subscriber" if row["member"] else "staff"


def _pause(row: Row, many: int) -> PauseView:
    return PauseView(
        channel=text(row, "channel"),
        why=text(row, "why"),
        detail=text(row, "detail"),
        since=number(row, "since"),
        until=number(row, "until"),
        many=many,
    )
