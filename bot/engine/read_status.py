"""What everybody may read: public updates, and how the incidents behind them stand.

Nothing but what was published for everyone: no place, no name, no words of a customer.
"""

from dataclasses import dataclass, replace

from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.texts import Phrase
from bot.engine.read import Reads, Worded
from bot.store.base import Range, text

SHOWN_FOR: Millis = 7 * 24 * 3_600_000
SHOWN = 100


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    """Words for everyone."""

    at: Millis
    words: Worded
    next_by: Millis | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class PublicIncident:
    """An incident that everyone was told of, with its updates, the newest first.

    `over_at` is when it was resolved, or called off.
    """

    reference: str
    status: str
    category: Phrase | None
    opened_at: Millis
    over_at: Millis | None
    updates: tuple[PublicUpdate, ...]

    @property
    def touched_at(self) -> Millis:
        """When everyone heard of it last."""
        return self.updates[0].at


class StatusReads(Reads):
    """Queries of the status page."""

    async def status(self) -> tuple[PublicIncident, ...]:
        """Incidents with public updates in the last week; what goes on first, newest first."""
        rows = await self.store.select(
            "updates",
            {"audience": "public", "withdrawn": 0},
            within=Range("at", above=self.now - SHOWN_FOR),
            order="at",
            descending=True,
            limit=SHOWN,
        )
        streams = dict.fromkeys(text(row, "incident") for row in rows)
        found = [await self._told(stream) for stream in streams]
        shown = [one for one in found if one is not None]
        return tuple(sorted(shown, key=lambda one: (over(one.status), -one.touched_at)))

    async def _told(self, stream: StreamId) -> PublicIncident | None:
        """What was merged stands as whatever goes on for it."""
        state = await self.state(stream)
        if not isinstance(state, Incident):
            return None
        public, now = self._public(state), state
        while public is not None and now.kin.merged_into is not None:
            after = await self.state(now.kin.merged_into)
            assert isinstance(after, Incident)
            now = after
        over_at = now.resolved_at or now.closed_at
        return public and replace(public, status=now.status, over_at=over_at)

    def _public(self, state: Incident) -> PublicIncident | None:
        if state.visibility != "normal" or state.mode != "live":
            return None
        updates = tuple(
            PublicUpdate(
                one.at,
                self.worded(one.words, one.language, one.also),
                one.next_by,
                one.corrected,
            )
            for one in reversed(state.latest)
            if one.audience == "public" and not one.withdrawn
        )
        if not updates:
            return None
        return PublicIncident(
            reference=state.reference,
            status=state.status,
            category=self.playbook.category_name(state.category),
            opened_at=state.opened_at,
            over_at=state.resolved_at or state.closed_at,
            updates=updates,
        )


def over(status: str) -> bool:
    """Nothing more is being done."""
    return status in ("resolved", "closed", "cancelled", "merged")
