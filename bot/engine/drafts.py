"""Drafts: forms of staff that are begun and not sent, kept so that nothing typed is ever lost.

One row per person, form and target, sealed under the subject that the form is about. What is
in it was not checked: an answer that is refused, too long for one, is kept all the same.
"""

import asyncio
from collections.abc import Mapping

from bot.core.ids import Millis, PersonId, SubjectId
from bot.core.personal import JsonValue
from bot.engine.ports import Clock
from bot.store.base import Drop, Put, Range, Row, Store, number, text
from bot.store.codec import Codec, canonical

LASTS: Millis = 7 * 24 * 3600 * 1000
MOST = 64 * 1024
PAGE = 500

Typed = Mapping[str, JsonValue]
"""What was typed, by the key of the question."""


class Drafts:
    """Keeps what people typed, for a week from their last word."""

    def __init__(self, store: Store, codec: Codec, clock: Clock) -> None:
        self._store = store
        self._codec = codec
        self._clock = clock
        self._turn = asyncio.Lock()

    async def load(self, person: PersonId, form: str, target: str) -> dict[str, JsonValue]:
        """What `person` typed into `form` about `target`; empty without a draft."""
        row = await self._row(person, form, target)
        if row is None or number(row, "until") <= self._clock.now():
            return {}
        typed = self._codec.open_note(text(row, "body"), _about(row))
        return typed if isinstance(typed, dict) else {}

    async def save(
        self, person: PersonId, form: str, target: str, subject: SubjectId | None, typed: Typed
    ) -> None:
        """Keep `typed` in the place of what was there.

        Raises ValueError when that is more than any form can hold, KeyGone when `subject`
        was erased.
        """
        if len(canonical(dict(typed))) > MOST:
            raise ValueError(f"a draft holds at most {MOST} characters")
        now = self._clock.now()
        row: Row = {
            "person": person,
            "form": form,
            "target": target,
            "at": now,
            "until": now + LASTS,
            "subject": subject,
            "body": self._codec.seal_note(dict(typed), subject),
        }
        await self._store.write([Put("drafts", row)])

    async def answer(
        self,
        person: PersonId,
        form: str,
        target: str,
        subject: SubjectId | None,
        key: str,
        value: JsonValue,
    ) -> dict[str, JsonValue]:
        """Keep one more answer, as it was typed; returns all that is kept now."""
        async with self._turn:
            typed = {**await self.load(person, form, target), key: value}
            await self.save(person, form, target, subject, typed)
        return typed

    async def drop(self, person: PersonId, form: str, target: str) -> None:
        """It was sent, or thrown away."""
        key = {"person": person, "form": form, "target": target}
        await self._store.write([Drop("drafts", key)])

    async def sweep(self) -> int:
        """Delete what has expired; how many there were."""
        gone = 0
        over = Range("until", below=self._clock.now() + 1)
        while rows := await self._store.select("drafts", within=over, order="until", limit=PAGE):
            keys = [{name: row[name] for name in ("person", "form", "target")} for row in rows]
            await self._store.write([Drop("drafts", key) for key in keys])
            gone += len(rows)
        return gone

    async def _row(self, person: PersonId, form: str, target: str) -> Row | None:
        key = {"person": person, "form": form, "target": target}
        rows = await self._store.select("drafts", key, limit=1)
        return rows[0] if rows else None


def _about(row: Row) -> SubjectId | None:
    subject = row["subject"]
    return subject if isinstance(subject, str) else None
