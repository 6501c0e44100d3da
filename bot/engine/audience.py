"""Audiences: one row for all of them becomes one row for each, a chunk per transaction.

How far it has come is moved in the write that makes the copies, so that a crash anywhere
neither misses nor repeats anybody; a unique index says the same once more. Who belongs to it
is settled by the log position of the event that speaks to them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from bot.core.calendar import DAY
from bot.core.fold import State
from bot.core.following import held_until, reach_of, scopes_for, wish_in
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.intents import ONCE, Say
from bot.core.person import Person
from bot.core.priority import Priority
from bot.core.report import Report
from bot.engine.circles import Circle, Circles, followed_at
from bot.engine.handle import Engine
from bot.engine.spots import spots
from bot.store.base import Drop, Op, Patch, Put, Range, Row, Scalar, Store, number, text

CHUNK = 500
BOUNCE_LASTS: Millis = 30 * DAY
REPORTERS = 100
"""Fewer at a time where each one's state must be read."""


class Audience(NamedTuple):
    """Everyone who stands in relation `of` to `stream`, as an outbox row addresses them."""

    of: str
    scope: str
    stream: StreamId


@dataclass(frozen=True, slots=True)
class Member:
    """One of them: `key` is unique in the audience, `target` what a copy is addressed to,
    `manner` when it may be told; `person` is whom it tells, where that may be one of several ways,
    and `each` that they are told on others, too.
    """

    key: str
    target: str
    channel: str = ""
    subject: str | None = None
    manner: str = ""
    person: PersonId = ""
    each: bool = False

    @property
    def told(self) -> str:
        """What is unique of its copy."""
        own = f"{self.person}/{self.key}" if self.each else self.person
        return own or self.key


class Page(NamedTuple):
    """Some members, how many had to be left out, and where to go on (None: that is all)."""

    members: Sequence[Member]
    skipped: int
    after: str | None


def audience(row: Row) -> Audience | None:
    """Whom an outbox row is for, if that is an audience."""
    of, mark, rest = text(row, "target").partition(":")
    scope, _, stream = rest.rpartition(":")
    return Audience(of, scope, stream) if mark else None


def open_to_subscribers(state: State | None) -> bool:
    """Whether people who subscribed may hear of it: never of what is restricted, or not real."""
    return isinstance(state, Incident) and state.visibility == "normal" and state.mode == "live"


async def states(engine: Engine, wanted: Iterable[StreamId]) -> dict[StreamId, State | None]:
    """The newest states of these streams; those not at hand are read without being kept."""
    return await engine.look(list(dict.fromkeys(wanted)))


async def called(engine: Engine, people: Iterable[PersonId]) -> dict[PersonId, str]:
    """How colleagues call each of them who has a name."""
    names: dict[PersonId, str] = {}
    for person, state in (await states(engine, people)).items():
        name = state.called if isinstance(state, Person) else None
        opened = None if name is None else name.open(engine.codec.open)
        if isinstance(opened, str):
            names[person] = opened
    return names


class Unfolder:
    """Makes copies of rows that are addressed to an audience."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store
        self._circles = Circles(engine)

    async def chunk(self, row: Row, whom: Audience) -> bool:
        """Copies for the next members of `whom`; True when there are no more."""
        done = json.loads(text(row, "progress") or "{}")
        page = await self._page(row, whom, str(done.get("after", "")))
        progress = {
            "after": page.after,
            "made": done.get("made", 0) + len(page.members),
            "skipped": done.get("skipped", 0) + page.skipped,
        }
        waits = any(one.manner for one in page.members) and not self._presses(row)
        ops: list[Op] = [
            self._held(row, one) if waits else copy_of(row, one) for one in page.members
        ]
        ops.append(_moved(row, progress))
        await self._store.write(ops)
        return page.after is None

    def _presses(self, row: Row) -> bool:
        """It is about danger, which waits for nobody's quiet hours."""
        return self._engine.codec.decode_row(Say, text(row, "body")).at_once

    def _held(self, row: Row, one: Member) -> Put:
        """The copy, put off where its reader wished so."""
        copy = copy_of(row, one)
        due = held_until(wish_in(one.manner), self._engine.clock.now())
        return copy if due is None else Put("outbox", held(copy.row, due))

    async def count(self, whom: Audience) -> int:
        """How many members there are, as of the position that `whom` names."""
        found: set[str] = set()
        after: str | None = ""
        while after is not None:
            page = await self._page({"position": None}, whom, after)
            found |= {one.person or one.key for one in page.members}
            after = page.after
        return len(found)

    async def _page(self, row: Row, whom: Audience, after: str) -> Page:
        if whom.of == "streams":
            return await self._streams(whom.stream, after, once=whom.scope == ONCE)
        if whom.of == "reporters":
            return await self._reporters(whom.stream, after)
        if whom.of == "beneath":
            return await self._beneath(row, whom)
        if whom.of == "posts":
            return await self._posts(whom.stream)
        return await self._subscribers(row, whom, after)

    # --- reports ---------------------------------------------------------------------------

    async def _streams(self, incident: StreamId, after: str, once: bool) -> Page:
        rows = await self._linked(incident, after, CHUNK)
        more = text(rows[-1], "report") if len(rows) == CHUNK else None
        first = await self._first_at(incident, rows) if once else {}
        reports = [text(one, "report") for one in rows]
        if once:
            reports = [text(one, "report") for one in rows if _is_first(one, first)]
        return Page([Member(one, one) for one in reports], 0, more)

    async def _reporters(self, incident: StreamId, after: str) -> Page:
        rows = await self._linked(incident, after, REPORTERS)
        known = await states(self._engine, (text(one, "report") for one in rows))
        first = await self._first_at(incident, rows)
        reports = [one for one in known.values() if isinstance(one, Report)]
        told = await self._circles.told_on(incident, ((x.stream, x.subject) for x in reports))
        members = [
            Member(state.stream, seat, state.seat.channel, state.subject)
            for row in rows
            if isinstance(state := known[text(row, "report")], Report)
            and isinstance(seat := row["seat"], str)
            and told.get(state.stream, first[seat] == state.stream)
        ]
        more = text(rows[-1], "report") if len(rows) == REPORTERS else None
        return Page(members, sum(one["seat"] is None for one in rows), more)

    async def _posts(self, person: StreamId) -> Page:
        """Major incidents are few, and P1 while they are declared."""
        pressing: Row = {"ended": 0, "priority": Priority.P1.value}
        rows = await self._store.select("incidents", pressing, order="incident", limit=CHUNK)
        known = await states(self._engine, (text(one, "incident") for one in rows))
        members = [
            Member(key, key)
            for key, one in known.items()
            if isinstance(one, Incident) and one.major.has_to_do_with(person)
        ]
        return Page(members, 0, None)

    async def _linked(self, incident: StreamId, after: str, limit: int) -> list[Row]:
        return await self._store.select(
            "reports",
            {"incident": incident},
            within=Range("report", above=after),
            order="report",
            limit=limit,
        )

    async def _first_at(self, incident: StreamId, rows: Sequence[Row]) -> dict[Scalar, str]:
        """Who reported twice from one place hears it once: the first report of each seat."""
        seats = [one["seat"] for one in rows if one["seat"] is not None]
        found = await self._store.select(
            "reports", {"incident": incident, "seat": seats}, order="report", limit=CHUNK
        )
        return {one["seat"]: text(one, "report") for one in reversed([*found, *rows])}

    # --- cards -----------------------------------------------------------------------------

    async def _beneath(self, row: Row, whom: Audience) -> Page:
        """Wherever the card hangs or is about to; the words stand in one place already."""
        subject = row.get("subject")
        about = subject if isinstance(subject, str) else None
        members = [
            Member(f"{whom.stream}/{one.seat}", one.seat, one.channel, about)
            for one in await spots(self._engine, whom.stream)
            if one.seat != whom.scope
        ]
        return Page(members, 0, None)

    # --- subscriptions ---------------------------------------------------------------------

    async def _subscribers(self, row: Row, whom: Audience, after: str) -> Page:
        """Some people with all of their subscriptions that cover it, so that each is told once;
        where several do, the closest to this incident says when.
        """
        named, _, reach = whom.scope.partition(";")
        own = row["position"]
        scopes = await heard_under(self._engine, whom.stream, reach)
        found, last = await self._of_people(scopes, after)
        since, until = _span(whom.of, int(named) if named else own, own)
        counts = partial(_counts, at=until)
        counted = [one for one in found if counts(one)]
        circles = await self._circles.following(counted, scopes, whom.stream, counts)
        # Who followed before, on whatever account, is told as one of those.
        circles = [one for one in circles if one.since > since]
        circles = await self._untold(row, circles)
        seats = (x["seat"] for each in circles for x in each.rows if self._bounces(x))
        gone = await bounced(self._store, seats, self._engine.clock.now())
        down = self._engine.standins.down
        members = [_subscriber(x, one) for one in circles for x in one.chosen(gone, down)]
        skipped = sum(one["seat"] is None or one["seat"] in gone for one in found)
        return Page(members, skipped, last)

    async def _untold(self, row: Row, circles: list[Circle]) -> list[Circle]:
        """Whom no earlier page has brought, with another of their accounts."""
        cause = text(row, "cause") if "cause" in row else ""
        if not cause:
            return circles
        copies = {f"{cause}/{each}": one for one in circles for each in one.causes}
        rows = await self._store.select("outbox", {"cause": list(copies)}, limit=len(copies))
        told = {copies[text(row, "cause")].root for row in rows}
        return [one for one in circles if one.root not in told]

    def _bounces(self, row: Row) -> bool:
        known = self._engine.parts.channels.get(text(row, "channel"))
        return known is not None and known.capabilities.bounces

    async def _of_people(self, scopes: Sequence[str], after: str) -> tuple[list[Row], str | None]:
        """Rows of the next people, the closest scope first, and where to go on."""
        pages = [await self._scoped(scope, after) for scope in scopes]
        # Beyond the end of a page that is full, nobody knows all about anybody.
        ends = [text(rows[-1], "person") for rows in pages if len(rows) >= CHUNK]
        every = [row for rows in pages for row in rows]
        known = [row for row in every if not ends or text(row, "person") < min(ends)]
        people = sorted({text(row, "person") for row in known}) or ends[:1]
        last = people[min(CHUNK, len(people)) - 1] if ends or len(people) >= CHUNK else None
        return [row for row in every if last is None or text(row, "person") <= last], last

    async def _scoped(self, scope: str, after: str) -> list[Row]:
        return await self._store.select(
            "subscriptions",
            {"scope": scope},
            within=Range("person", above=after),
            order="person",
            limit=CHUNK,
        )


async def heard_under(engine: Engine, incident: StreamId, reach: str) -> tuple[str, ...]:
    """The scopes under which people hear of it, the closest first."""
    state = (await states(engine, [incident]))[incident]
    if not isinstance(state, Incident):
        return ("all", f"incident:{incident}")
    return scopes_for(reach or reach_of(state), (incident, *state.kin.absorbed))


def _is_first(row: Row, first: Mapping[Scalar, str]) -> bool:
    return row["seat"] is not None and first.get(row["seat"]) == text(row, "report")


def _span(of: str, position: Scalar, own: Scalar) -> tuple[int, int]:
    """After which position, and until which, somebody must have subscribed."""
    at, end = (one if isinstance(one, int) else 0 for one in (position, own))
    return (at, end) if of == "newcomers" else (-1, at)


def _counts(row: Row, at: int) -> bool:
    """Subscribed when it was said, and to a place that is still known."""
    return row["seat"] is not None and followed_at(row) <= at


async def bounced(store: Store, seats: Iterable[Scalar], now: Millis) -> frozenset[Scalar]:
    """Those of these places where nobody is, as far as the platform said lately."""
    wanted = list(dict.fromkeys(one for one in seats if one is not None))
    if not wanted:
        return frozenset()
    rows = await store.select("bounces", {"seat": wanted}, limit=len(wanted))
    return frozenset(one["seat"] for one in rows if now - number(one, "at") < BOUNCE_LASTS)


def _subscriber(row: Row, circle: Circle) -> Member:
    subject, manner = row["subject"], row["manner"]
    return Member(
        key=f"{text(row, 'person')}/{number(row, 'number')}",
        target=text(row, "seat"),
        channel=text(row, "channel"),
        subject=subject if isinstance(subject, str) else None,
        manner=manner if isinstance(manner, str) else "",
        person=circle.root,
        each=circle.hears.each,
    )


def copy_of(row: Row, member: Member) -> Put:
    """The row for one of its audience."""
    fresh = {
        **row,
        "id": None,
        "target": member.target,
        "channel": member.channel,
        "member": member.key,
        "cause": f"{text(row, 'cause')}/{member.told}",
        "progress": "",
        "subject": member.subject,
    }
    return Put("outbox", fresh)


def held(copy: Row, due: Millis) -> Row:
    """The copy as it waits until `due`, outside of every line."""
    return {**copy, "state": "held", "due": due, "until": None}


def _moved(row: Row, progress: dict[str, object]) -> Op:
    """How far it is now. At the end a Do is gone; a say stays, to tell how many it went to."""
    key = {"id": row["id"]}
    if progress["after"] is None and row["kind"] == "do":
        return Drop("outbox", key)
    changes: dict[str, Scalar] = {"progress": json.dumps(progress)}
    if progress["after"] is None:
        changes |= {"state": "delivered", "body": ""}
    return Patch("outbox", key, changes)
