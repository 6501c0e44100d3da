"""What everybody may read: public updates, and how the incidents behind them stand.

Nothing but what was published for everyone: no place, no name, no number of people, no words of a
customer. What is asked for is read once and kept until something public has changed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.core.calendar import MINUTE
from bot.core.ids import DESK, Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_listed import UpdateRow
from bot.core.incident_words import Status
from bot.core.texts import Phrase
from bot.engine.handle import Engine
from bot.engine.hub import Changed, News
from bot.engine.read import Reads, Worded
from bot.store.base import Range, Row, number, text

OPEN_MOST = 2_000
TOGETHER = 100
"""Incidents whose updates are read in one look."""
UPDATES_MOST = 500
KEPT_MOST = 400
NOBODY: StreamId = "inc_" + "0" * 26
"""Looked for where a reference stands for nothing, so that this costs the same."""
NO_WORDS = Worded((("", ""),))


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """Words for everyone; `changed_at` is when they were corrected last, else `at`.

    Of one that was `withdrawn` there are no words any more.
    """

    number: int
    at: Millis
    words: Worded
    next_by: Millis | None
    corrected: bool
    changed_at: Millis
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """An incident that everyone was told of, with its updates, the newest first.

    `stream` tells it from all others for good and is shown to nobody. `over_at` is when it was
    resolved, or called off, `into` the incident in which it goes on, where everyone may know it.
    """

    stream: StreamId
    reference: str
    status: Status
    category: Phrase | None
    opened_at: Millis
    over_at: Millis | None
    updates: tuple[PublicUpdate, ...]
    into: str = ""
    merged: bool = False
    major: bool = False

    @property
    def touched_at(self) -> Millis:
        """When everyone heard of it last."""
        return self.updates[0].at

    @property
    def over(self) -> bool:
        """Nothing more is being done."""
        return over(self.status)

    @property
    def changed_at(self) -> Millis:
        """When anything of it changed for everyone."""
        return max(self.over_at or 0, *(one.changed_at for one in self.updates))


class Past(NamedTuple):
    """What was over in some days, the newest first; all of it from `since` on, as far as that
    is later than what was asked for. `older` is when everyone heard of something before that.
    """

    incidents: tuple[PublicIncident, ...]
    since: Millis
    older: Millis | None


class Published:
    """What was read of the public part, until a change of that."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, object] = {}
        self._shown: set[StreamId] = set()
        self.edition = 0

    def hear(self, news: News) -> None:
        """What is restricted, withdrawn or erased is gone with the commit that says so."""
        if not isinstance(news, Changed):
            return
        if "updates" in news.tables or news.stream in self._shown or news.stream == DESK:
            self._kept.clear()
            self._shown.clear()
            self.edition += 1

    def shows(self, *streams: StreamId) -> None:
        """From now on a change of these is one of the public part."""
        self._shown.update(streams)

    def find(self, key: Hashable) -> object | None:
        """What is kept."""
        return self._kept.get(key)

    def keep(self, key: Hashable, found: object, edition: int) -> None:
        """Keep it, unless something changed while it was read."""
        if edition != self.edition:
            return
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[key] = found


class StatusReads(Reads):
    """Queries of the status page, its feeds and whatever else is for everybody."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.published = Published()
        engine.hub.listen(self.published.hear)

    async def status(self) -> tuple[PublicIncident, ...]:
        """Public incidents that are being worked on, the one with the newest update first."""
        # What was over for long and is opened again comes with the next minute.
        key = ("now", self.now // MINUTE)
        edition, kept = self.published.edition, self.published.find(key)
        if isinstance(kept, tuple):
            return kept
        rows = await self.store.select(
            "incidents", {"ended": 0}, order="touched_at", descending=True, limit=OPEN_MOST
        )
        self.published.shows(*(text(row, "incident") for row in rows if not _everybodys(row)))
        streams = [text(row, "incident") for row in rows if _everybodys(row)]
        streams += [part for one in streams for part in await self._absorbed(one)]
        told = [one for one in await self._public(streams) if not one.over]
        found = tuple(sorted(told, key=lambda one: -one.touched_at))
        self.published.keep(key, found, edition)
        return found

    async def past(self, since: Millis, until: Millis) -> Past:
        """Public incidents that are over, of which everyone heard last from `since` to `until`."""
        key = ("past", since, until)
        edition, kept = self.published.edition, self.published.find(key)
        if isinstance(kept, Past):
            return kept
        rows = await self._updates(Range("at", above=since - 1, below=until), UPDATES_MOST)
        if len(rows) == UPDATES_MOST:
            since = number(rows[-1], "at") + 1
        streams = dict.fromkeys(text(row, "incident") for row in rows)
        shown = [
            one
            for one in await self._public(list(streams))
            if one.over and since <= one.touched_at < until
        ]
        older = await self._updates(Range("at", below=since), 1)
        found = Past(
            tuple(sorted(shown, key=lambda one: -one.touched_at)),
            since,
            number(older[0], "at") if older else None,
        )
        self.published.keep(key, found, edition)
        return found

    async def public(self, reference: str) -> PublicIncident | None:
        """One by its reference, with the updates that were taken back.

        None, in the same looks, where there is no such thing, nothing was published, or it is
        not for everybody (any more).
        """
        labels = await self.store.select("refs", {"reference": reference}, limit=1)
        stream = text(labels[0], "stream") if labels else NOBODY
        rows = await self.store.select("incidents", {"incident": stream}, limit=1)
        updates = await self.store.select(
            "updates",
            {"incident": stream, "audience": "public"},
            order="number",
            descending=True,
            limit=UPDATES_MOST,
        )
        stand = any(not row["withdrawn"] for row in updates)
        if not stand or not rows or not _everybodys(rows[0]):
            return None
        return await self._told(stream, updates)

    async def _updates(self, within: Range, limit: int) -> list[Row]:
        return await self.store.select(
            "updates",
            {"audience": "public", "withdrawn": 0},
            within=within,
            order="at",
            descending=True,
            limit=limit,
        )

    async def _absorbed(self, incident: StreamId) -> tuple[StreamId, ...]:
        state = await self.state(incident)
        return state.kin.absorbed if isinstance(state, Incident) else ()

    async def _public(self, streams: Sequence[StreamId]) -> list[PublicIncident]:
        """Those of them that everyone was told of."""
        found: list[PublicIncident] = []
        for start in range(0, len(streams), TOGETHER):
            some = streams[start : start + TOGETHER]
            rows = await self.store.select(
                "updates",
                {"incident": some, "audience": "public", "withdrawn": 0},
                order="at",
                descending=True,
                limit=UPDATES_MOST * TOGETHER,
            )
            by = {one: [row for row in rows if row["incident"] == one] for one in some}
            told = [await self._told(one, mine) for one, mine in by.items() if mine]
            found += [one for one in told if one is not None]
        return found

    async def _told(self, stream: StreamId, rows: Sequence[Row]) -> PublicIncident | None:
        """What was merged stands as whatever goes on for it."""
        self.published.shows(stream)
        state = await self.state(stream)
        if not isinstance(state, Incident) or state.visibility != "normal" or state.mode != "live":
            return None
        if state.incident_kind != "incident":
            return None
        changed = await self._changed(state)
        shown = PublicIncident(
            stream=stream,
            reference=state.reference,
            status=state.status,
            category=self.playbook.category_name(state.category),
            opened_at=state.opened_at,
            over_at=state.resolved_at or state.closed_at,
            updates=tuple(self._update(row, changed) for row in rows),
            major=state.major.declared,
        )
        return await self._as_it_goes_on(shown, state)

    async def _as_it_goes_on(self, shown: PublicIncident, now: Incident) -> PublicIncident:
        while (into := now.kin.merged_into) is not None:
            after = await self.state(into)
            assert isinstance(after, Incident)
            self.published.shows(into)
            over_at = after.resolved_at or after.closed_at
            shown = replace(shown, status=after.status, over_at=over_at, merged=True)
            now = after
        if not shown.merged or now.visibility != "normal" or now.mode != "live":
            return shown
        known: Row = {"incident": now.stream, "audience": "public", "withdrawn": 0}
        is_public = await self.store.select("updates", known, limit=1)
        return replace(shown, into=now.reference if is_public else "")

    async def _changed(self, state: Incident) -> dict[int, Millis]:
        """When those updates were corrected last that still can be."""
        found: dict[int, Millis] = {}
        for one in state.latest:
            if one.as_of:
                for event in await self.store.events(state.stream, one.as_of - 1, 1):
                    found[one.number] = event.row.at
        return found

    def _update(self, row: Row, changed: dict[int, Millis]) -> PublicUpdate:
        body = self.codec.decode_row(UpdateRow, text(row, "body"))
        at, which = number(row, "at"), number(row, "number")
        gone = bool(row["withdrawn"])
        return PublicUpdate(
            number=which,
            at=at,
            words=NO_WORDS if gone else self.worded(body.words, body.language, body.also),
            next_by=None if gone else body.next_by,
            corrected=body.corrected,
            changed_at=max(at, changed.get(which, at)),
            withdrawn=gone,
        )


def _everybodys(row: Row) -> bool:
    """By the lists: real, and not for few only."""
    return row["visibility"] == "normal" and row["mode"] == "live"


def over(status: str) -> bool:
    """Nothing more is being done."""
    return status in ("resolved", "closed", "cancelled", "merged")
