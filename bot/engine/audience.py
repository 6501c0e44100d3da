"""Audiences: one row for all of them becomes one row for each, a chunk per transaction.

How far it has come is moved in the write that makes the copies, so that a crash anywhere
neither misses nor repeats anybody; a unique index says the same once more. Who belongs to it
is settled by the log position of the event that speaks to them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.handle import Engine
from bot.store.base import Drop, Op, Patch, Put, Range, Row, Scalar, number, text

CHUNK = 500
REPORTERS = 100
"""Fewer at a time where each one's state must be read."""


class Audience(NamedTuple):
    """Everyone who stands in relation `of` to `stream`, as an outbox row addresses them."""

    of: str
    scope: str
    stream: StreamId


@dataclass(frozen=True, slots=True)
class Member:
    """One of them: `key` is unique in the audience, `target` what a copy is addressed to."""

    key: str
    target: str
    channel: str = ""
    subject: str | None = None


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


class Unfolder:
    """Makes copies of rows that are addressed to an audience."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    async def chunk(self, row: Row, whom: Audience) -> bool:
        """Copies for the next members of `whom`; True when there are no more."""
        done = json.loads(text(row, "progress") or "{}")
        page = await self._page(row, whom, str(done.get("after", "")))
        progress = {
            "after": page.after,
            "made": done.get("made", 0) + len(page.members),
            "skipped": done.get("skipped", 0) + page.skipped,
        }
        ops: list[Op] = [_copy(row, one) for one in page.members]
        ops.append(_moved(row, progress))
        await self._store.write(ops)
        return page.after is None

    async def count(self, whom: Audience) -> int:
        """How many members there are, as of the position that `whom` names."""
        found, after = 0, ""
        while True:
            page = await self._page({"position": None}, whom, after)
            found += len(page.members)
            if page.after is None:
                return found
            after = page.after

    async def _page(self, row: Row, whom: Audience, after: str) -> Page:
        if whom.of == "streams":
            return await self._streams(whom.stream, after)
        if whom.of == "reporters":
            return await self._reporters(whom.stream, after)
        position = int(whom.scope) if whom.scope else row["position"]
        return await self._subscribers(whom.stream, after, position)

    # --- reports ---------------------------------------------------------------------------

    async def _streams(self, incident: StreamId, after: str) -> Page:
        rows = await self._linked(incident, after, CHUNK)
        reports = [text(one, "report") for one in rows]
        more = reports[-1] if len(rows) == CHUNK else None
        return Page([Member(one, one) for one in reports], 0, more)

    async def _reporters(self, incident: StreamId, after: str) -> Page:
        rows = await self._linked(incident, after, REPORTERS)
        known = await states(self._engine, (text(one, "report") for one in rows))
        first = await self._first_at(incident, rows)
        members = [
            Member(state.stream, seat, state.seat.channel, state.subject)
            for row in rows
            if isinstance(state := known[text(row, "report")], Report)
            and isinstance(seat := row["seat"], str)
            and first[seat] == state.stream
        ]
        more = text(rows[-1], "report") if len(rows) == REPORTERS else None
        return Page(members, sum(one["seat"] is None for one in rows), more)

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

    # --- subscriptions ---------------------------------------------------------------------

    async def _subscribers(self, incident: StreamId, after: str, position: Scalar) -> Page:
        """First those who subscribed to everything, then those to this incident alone, then
        those to incidents that were merged into it.
        """
        scopes = await self._scopes(incident)
        turn, _, person = after.partition(":")
        scope = scopes[int(turn or 0)]
        rows = await self._store.select(
            "subscriptions",
            {"scope": scope},
            within=Range("person", above=person),
            order="person",
            limit=CHUNK,
        )
        whole, last = _whole_people(rows)
        earlier = scopes[: scopes.index(scope)]
        heard = await self._heard(whole, earlier) if earlier else set()
        members = [one for one in whole if _counts(one, position)]
        fresh = [one for one in members if (one["person"], one["seat"]) not in heard]
        skipped = sum(one["seat"] is None for one in whole)
        if last is not None:
            return Page([_subscriber(one) for one in fresh], skipped, f"{turn or 0}:{last}")
        more = f"{len(earlier) + 1}:" if len(earlier) + 1 < len(scopes) else None
        return Page([_subscriber(one) for one in fresh], skipped, more)

    async def _scopes(self, incident: StreamId) -> tuple[str, ...]:
        state = (await states(self._engine, [incident]))[incident]
        absorbed = state.kin.absorbed if isinstance(state, Incident) else ()
        return ("all", *(f"incident:{one}" for one in (incident, *absorbed)))

    async def _heard(
        self, rows: Sequence[Row], scopes: Sequence[str]
    ) -> set[tuple[Scalar, Scalar]]:
        """Which of these people and places hear of it anyway."""
        people = list(dict.fromkeys(text(one, "person") for one in rows))
        found = await self._store.select(
            "subscriptions", {"person": people, "scope": scopes}, limit=2 * CHUNK
        )
        return {(one["person"], one["seat"]) for one in found}


def _whole_people(rows: list[Row]) -> tuple[list[Row], str | None]:
    """The rows without those of a person that the page may have cut, and where to go on."""
    if len(rows) < CHUNK:
        return rows, None
    last = text(rows[-1], "person")
    whole = [one for one in rows if one["person"] != last]
    return (whole, text(whole[-1], "person")) if whole else (rows, last)


def _counts(row: Row, position: Scalar) -> bool:
    """Subscribed when it was said, and to a place that is still known."""
    at = position if isinstance(position, int) else 0
    since, until = row["since"], row["until"]
    begun = not isinstance(since, int) or since <= at
    return row["seat"] is not None and begun and (not isinstance(until, int) or at < until)


def _subscriber(row: Row) -> Member:
    subject = row["subject"]
    return Member(
        key=f"{text(row, 'person')}/{number(row, 'number')}",
        target=text(row, "seat"),
        channel=text(row, "channel"),
        subject=subject if isinstance(subject, str) else None,
    )


def _copy(row: Row, member: Member) -> Put:
    fresh = {
        **row,
        "id": None,
        "target": member.target,
        "channel": member.channel,
        "member": member.key,
        "cause": f"{text(row, 'cause')}/{member.key}",
        "progress": "",
        "subject": member.subject,
    }
    return Put("outbox", fresh)


def _moved(row: Row, progress: dict[str, object]) -> Op:
    """How far it is now. At the end a Do is gone; a say stays, to tell how many it went to."""
    key = {"id": row["id"]}
    if progress["after"] is None and row["kind"] == "do":
        return Drop("outbox", key)
    changes: dict[str, Scalar] = {"progress": json.dumps(progress)}
    if progress["after"] is None:
        changes |= {"state": "delivered", "body": ""}
    return Patch("outbox", key, changes)
