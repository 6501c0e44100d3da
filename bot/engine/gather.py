"""What was put off, gathered: all that waited for one moment goes to its reader as one message.

Each waits as a row (`held`, with the time at which it may be told). Then, in one write, the last
of them takes the words of all into the line of its conversation and the others end; so a crash
loses nothing and tells nothing twice, and where nothing waits nothing is sent.
"""

from collections.abc import Iterator, Sequence

import structlog

from bot.core.calendar import DAY
from bot.core.errors import KeyGone
from bot.core.ids import Millis
from bot.core.incident_listed import UpdateRow
from bot.core.intents import Say
from bot.core.texts import tn
from bot.engine.audience import states
from bot.engine.deliver_says import States, Voices
from bot.engine.deliver_whom import NotTold, recipient, streams_of
from bot.engine.handle import Engine
from bot.engine.mailbox import note_of
from bot.engine.ports import Speech
from bot.engine.wordings import Standing, as_it_stands, overdue, standing, still_says
from bot.store.base import Drop, Op, Patch, Put, Range, Row, number, text

log = structlog.get_logger(__name__)

PAGE = 200
EACH_MOST = 100
"""More than that at once nobody reads; the newest are told."""
LASTS: Millis = DAY


class Gather:
    """Looks when something is due. `wake` tells it that something new waits."""

    def __init__(self, engine: Engine, speech: Speech) -> None:
        self._engine = engine
        self._store = engine.store
        self._speech = speech
        self._next: Millis | None = 0

    def wake(self) -> None:
        """Look at the rows again."""
        self._next = 0

    async def turn(self, now: Millis) -> Millis | None:
        """Let go what is due; when there is something again (None: nothing waits)."""
        if self._next is None or self._next > now:
            return self._next
        rows = await self._due(now)
        if rows:
            await self._let_go(rows, now)
            return now
        ahead = await self._store.select("outbox", {"state": "held"}, order="due", limit=1)
        self._next = number(ahead[0], "due") if ahead else None
        return self._next

    async def _due(self, now: Millis) -> list[Row]:
        """All that is due for some readers."""
        within = Range("due", below=now + 1)
        first = await self._store.select(
            "outbox", {"state": "held"}, within=within, order="due", limit=PAGE
        )
        readers = list(dict.fromkeys(text(row, "target") for row in first))
        return (
            await self._store.select(
                "outbox",
                {"state": "held", "target": readers},
                within=within,
                order="id",
                limit=PAGE * EACH_MOST,
            )
            if readers
            else []
        )

    async def _let_go(self, rows: Sequence[Row], now: Millis) -> None:
        known = await states(self._engine, streams_of(rows))
        voices = Voices(self._engine, self._speech)
        now_stands = await standing(self._store, self._engine.codec, rows)
        by_reader: dict[str, list[Row]] = {}
        for row in rows:
            by_reader.setdefault(text(row, "target"), []).append(row)
        ops: list[Op] = []
        for theirs in by_reader.values():
            ops += self._walled(theirs, now_stands, known, voices, now)
        await self._store.write(ops)

    def _walled(
        self, rows: list[Row], stands: Standing, known: States, voices: Voices, now: Millis
    ) -> list[Op]:
        """Whatever is wrong with one reader's hurts no other."""
        try:
            left = list(self._as_they_stand(rows, stands, voices, now))
            gone = {row["id"] for row in rows} - {row["id"] for row in left}
            ended = [_ended(row, "superseded", "") for row in rows if row["id"] in gone]
            return [*ended, *self._message(left, known, voices, now)]
        except KeyGone:
            return [_ended(row, "erased", "") for row in rows]
        except Exception as fault:
            log.exception("what was put off cannot be put into words")
            return [_ended(row, "dead", f"failed: {type(fault).__name__}") for row in rows]

    def _as_they_stand(
        self, rows: list[Row], stands: Standing, voices: Voices, now: Millis
    ) -> Iterator[Row]:
        """Each update once: who has not heard it yet hears the words that stand now, or nothing
        when it was taken back; who has heard it hears the newest of what mends it.
        """
        says = {row["id"]: voices.say(text(row, "body")) for row in rows}
        fresh = {row["about"]: row["id"] for row in rows if not says[row["id"]].mends}
        chosen = {row["about"]: row["id"] for row in rows} | fresh
        for row in rows:
            about = row["about"]
            if about not in stands:
                yield row
            elif chosen[about] == row["id"]:
                found, say = stands[str(about)], says[row["id"]]
                if say.mends:
                    yield row
                elif found is not None:
                    yield {**row, "body": self._body(row, say, found, now)}

    def _body(self, row: Row, say: Say, found: UpdateRow, now: Millis) -> str:
        codec = self._engine.codec
        if still_says(say, found, codec) and not overdue(found, now):
            return text(row, "body")
        return codec.encode_row(as_it_stands(say, found, now))

    def _message(self, rows: list[Row], known: States, voices: Voices, now: Millis) -> list[Op]:
        newest = {text(row, "family") or row["id"]: row["id"] for row in rows}
        told: list[tuple[Row, str]] = []
        ops: list[Op] = []
        language = ""
        for row in rows:
            if row["id"] not in newest.values():
                ops.append(_ended(row, "superseded", ""))
                continue
            try:
                said, language = self._words(row, known, voices)
                told.append((row, said))
            except NotTold as end:
                ops.append(_ended(row, end.state, end.reason))
        if not told:
            return ops
        last = told[-1][0]
        ops += [_ended(row, "superseded", "gathered") for row, _ in told[:-1]]
        record = "" if len(told) == 1 else self._record(told, last, voices, language)
        fresh = {**last, "id": None, "state": "waiting", "due": now, "at": now, "record": record}
        return [*ops, Drop("outbox", {"id": last["id"]}), Put("outbox", fresh | _until(now))]

    def _words(self, row: Row, known: States, voices: Voices) -> tuple[str, str]:
        """What this one says to its reader, and in which language."""
        body = text(row, "body")
        say = voices.say(body)
        who = recipient(row, say, known)
        parts = voices.words(say, body, who.language)
        return "\n".join(part for part in parts if part), who.language

    def _record(self, told: list[tuple[Row, str]], last: Row, voices: Voices, language: str) -> str:
        many = len(told)
        head = voices.speaker(language)(tn("{n} update for you", "{n} updates for you", n=many))
        whole = "\n\n".join((head, *(said for _, said in told[-EACH_MOST:])))
        subject = last["subject"]
        about = subject if isinstance(subject, str) else None
        return self._engine.codec.seal_note(note_of(whole, ""), about)


def _until(now: Millis) -> dict[str, Millis]:
    return {"until": now + LASTS}


def _ended(row: Row, state: str, reason: str) -> Op:
    changes = {"state": state, "reason": reason, "body": ""}
    return Patch("outbox", {"id": row["id"], "state": "held"}, changes)
