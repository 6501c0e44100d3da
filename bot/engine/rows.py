"""From work to one unit: event rows, list rows, outbox rows, timers, search words."""

from collections.abc import Callable, Iterable, Iterator

from bot.core.commands import Command
from bot.core.delivery_words import DeliveriesOrdered
from bot.core.events import Erased, Recorded
from bot.core.ids import Millis, StreamId, SubjectId, kind_of
from bot.core.intents import (
    Do,
    DropTimer,
    Find,
    Intent,
    KeepFile,
    Members,
    Order,
    Say,
    SetTimer,
    Show,
)
from bot.core.personal import Personal, personals
from bot.core.places import Seat
from bot.core.rows import Cell, Findable, Listed, ListRow
from bot.engine.streams import Live
from bot.engine.work import Book, Work
from bot.store.base import DedupeRow, Drop, EventRow, Index, Op, Patch, Put, Row, Scalar, Unit
from bot.store.codec import Codec
from bot.store.tables import TABLES

QUOTES = "quotes"
"""The kind of a row that sends nothing: by it a message is found that quotes somebody besides."""


class Writer:
    """Turns what was worked out into what is stored."""

    def __init__(
        self, book: Book, codec: Codec, hangs: Callable[[Show | Say], bool] = lambda show: False
    ) -> None:
        self._book = book
        self._codec = codec
        self._hangs = hangs

    def unit(
        self, before: Live, work: Work, dedupe: DedupeRow | None, ops: tuple[Op, ...]
    ) -> tuple[Unit, Live]:
        """The unit, and the stream as it will stand once the unit is committed.

        The new `Live` still has the old head; the commit's outcome brings the new one.
        """
        if not work.events:
            return Unit(before.stream, before.version, before.head, dedupe=dedupe, ops=ops), before
        rows = [self._event(rec) for rec in work.events]
        subjects = self._subjects(work, rows)
        listed = self._book.rows(work.state)
        state = work.state
        assert state is not None
        every = (
            *ops,
            *self._subject_ops(before, subjects),
            *self._list_ops(before, listed),
            *self._intent_ops(work),
        )
        unit = Unit(
            stream=before.stream,
            expected=before.version,
            head=before.head,
            events=tuple(rows),
            fold=self._book.folds[kind_of(before.stream)].revision,
            state=self._codec.encode_state(state),
            dedupe=dedupe,
            ops=every,
        )
        after = Live(
            stream=before.stream,
            version=work.version,
            head=before.head,
            state=state,
            rows=listed,
            subjects=before.subjects | subjects,
        )
        return unit, after

    def _event(self, rec: Recorded) -> EventRow:
        body, sealed = self._codec.encode_event(rec.event)
        return EventRow(
            stream=rec.stream,
            version=rec.version,
            tag=rec.event.tag,
            revision=rec.event.revision,
            at=rec.at,
            source_at=rec.source_at,
            actor=rec.actor,
            cause=rec.cause,
            body=body,
            sealed=sealed,
        )

    def _subjects(self, work: Work, rows: list[EventRow]) -> frozenset[SubjectId]:
        """Whom the stream now holds values about, and whose key it was given to hold some."""
        about = {one for row in rows for one in self._codec.subjects_of(row.body)}
        for rec in work.events:
            named = getattr(rec.event, "subject", None)
            if named is not None and not isinstance(rec.event, Erased):
                about.add(named)
        return frozenset(about)

    def _subject_ops(self, before: Live, subjects: frozenset[SubjectId]) -> Iterator[Op]:
        for subject in sorted(subjects - before.subjects):
            yield Put("subjects", {"subject": subject, "stream": before.stream})

    def _list_ops(self, before: Live, listed: tuple[Listed, ...]) -> Iterator[Op]:
        old = {_row_key(one): one for one in before.rows}
        for one in listed:
            key = _row_key(one)
            if old.pop(key, None) != one:
                yield self._listed(before.stream, one)
        for gone in old.values():
            if isinstance(gone, Findable) or not gone.lasting:
                yield self._unlisted(before.stream, gone)

    def _listed(self, stream: str, one: Listed) -> Op:
        if isinstance(one, Findable):
            return self._index(stream, one.field, one.words)
        row = {name: self._cell(value) for name, value in one.columns.items()}
        if one.body is not None:
            row["body"] = self._codec.encode_row(one.body)
        return Put(one.table, row, one.new)

    def _cell(self, value: Cell) -> Scalar:
        if not isinstance(value, Personal):
            return value
        opened = value.open(self._codec.open)
        return opened if isinstance(opened, str) else None

    def _unlisted(self, stream: str, one: Listed) -> Op:
        if isinstance(one, Findable):
            return Index(stream, one.field, one.words.subject, "")
        return Drop(
            one.table, {name: self._cell(one.columns[name]) for name in TABLES[one.table].key}
        )

    def _index(self, stream: str, field: str, words: Personal) -> Op:
        opened = words.open(self._codec.open)
        return Index(stream, field, words.subject, _plain_words(opened))

    def _intent_ops(self, work: Work) -> Iterator[Op]:
        # A timer that is set and dropped in one unit ends as the last word says.
        timers: dict[str, Op] = {}
        for number, (rec, intent) in enumerate(work.intents):
            if isinstance(intent, SetTimer):
                timers[intent.name] = self._timer(rec, intent)
            elif isinstance(intent, DropTimer):
                timers[intent.name] = Drop("timers", {"stream": rec.stream, "name": intent.name})
            elif isinstance(intent, Find):
                yield self._index(rec.stream, intent.field, intent.words)
            elif isinstance(intent, KeepFile):
                yield Patch("files", {"file": intent.file}, {"kept": 1, "stream": rec.stream})
            elif isinstance(intent, Order):
                yield Put("orders", order_row(rec.at, intent.event), new=True)
            else:
                yield from self._outgoing(rec, intent, number)
        yield from timers.values()

    def _timer(self, rec: Recorded, intent: SetTimer) -> Op:
        return Put(
            "timers",
            {
                "stream": rec.stream,
                "name": intent.name,
                "due": intent.due,
                "command": self._codec.encode_command(intent.command),
                "cause": rec.id,
            },
        )

    def _outgoing(self, rec: Recorded, intent: Intent, number: int) -> Iterable[Op]:
        cause = f"{rec.id}:{number}"
        if isinstance(intent, Do):
            yield self.do(rec.stream, self._target(intent.stream), intent.command, cause, rec.at)
        elif isinstance(intent, Say):
            if not intent.beneath or self._hangs(intent):
                yield self.say(rec, intent, cause)
                yield from _quoted(rec, intent, cause)
        elif isinstance(intent, Show) and self._hangs(intent):
            yield self._show(rec, intent, cause)

    def do(
        self, source: StreamId, target: str, command: Command, cause: str, at: Millis = 0
    ) -> Put:
        """The outbox row of a command from one stream to another."""
        row = _outbox("do", "do", source, target, at, cause)
        row["subject"] = _subject_in(command)
        row["body"] = self._codec.encode_command(command)
        return Put("outbox", row)

    def _target(self, where: StreamId | Seat | Members) -> str:
        if isinstance(where, Members):
            return f"{where.of}:{where.scope}:{where.stream}"
        return str(self._cell(where.key)) if isinstance(where, Seat) else where

    def say(self, rec: Recorded, intent: Say, cause: str) -> Put:
        """The outbox row of a message."""
        row = _outbox("say", intent.lane, rec.stream, self._target(intent.to), rec.at, cause)
        row["channel"] = intent.to.channel if isinstance(intent.to, Seat) else ""
        row["until"] = intent.until
        row["family"] = intent.supersedes
        about = intent.update or (0 if intent.own else intent.message)
        row["about"] = f"{rec.stream}/{about}" if about else None
        row["subject"] = intent.subject or _subject_in(intent)
        row["body"] = self._codec.encode_row(intent)
        return Put("outbox", row)

    def _show(self, rec: Recorded, intent: Show, cause: str) -> Put:
        seat = intent.place if isinstance(intent.place, Seat) else None
        row: dict[str, Scalar] = {
            "stream": intent.stream,
            "card": intent.card,
            "number": intent.number,
            "place": self._target(intent.place),
            "lane": intent.lane,
            "wanted": cause,
            "at": rec.at,
            "state": "waiting",
            "subject": None if seat is None else seat.key.subject,
            "body": "" if seat is None else self._codec.encode_row(seat),
        }
        return Put("shows", row)


def order_row(at: Millis, event: DeliveriesOrdered) -> Row:
    """An order as it begins: nothing of it is done."""
    return {
        "number": event.number,
        "at": at,
        "what": event.what,
        "letter": event.letter,
        "about": event.update,
        "why": event.fault,
        "because": event.because,
        "person": event.by,
        "open": 1,
        "channel": "",
        "after": 0,
        "wanted": 0,
        "done": 0,
        "kept": 0,
    }


def _outbox(
    kind: str, lane: str, source: StreamId, target: str, at: Millis, cause: str
) -> dict[str, Scalar]:
    return {
        "id": None,
        "kind": kind,
        "lane": lane,
        "source": source,
        "target": target,
        "channel": "",
        "member": "",
        "state": "waiting",
        "reason": "",
        "at": at,
        "position": None,
        "due": at,
        "tries": 0,
        "sending": 0,
        "until": None,
        "family": "",
        "cause": cause,
        "progress": "",
        "subject": None,
        "body": "",
        "record": "",
        "about": None,
    }


def _quoted(rec: Recorded, intent: Say, cause: str) -> Iterator[Put]:
    """What is erased with one person quotes others, too: a row for each, by which it is found."""
    if intent.subject is None:
        return
    said = (intent.text, intent.words, *(one.words for one in intent.also))
    others = dict.fromkeys(one.subject for thing in said for one in personals(thing))
    for number, subject in enumerate(one for one in others if one != intent.subject):
        row = _outbox(QUOTES, intent.lane, rec.stream, cause, rec.at, f"{cause}~{number}")
        yield Put("outbox", {**row, "state": "delivered", "subject": subject})


def _subject_in(thing: object) -> str | None:
    found = next(iter(personals(thing)), None)
    return None if found is None else found.subject


def _row_key(one: Listed) -> tuple[object, ...]:
    if isinstance(one, ListRow):
        return (one.table, *(one.columns[name] for name in TABLES[one.table].key))
    return ("search", one.field)


def _plain_words(value: object) -> str:
    """What of an opened value can be searched: its strings."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(filter(None, (_plain_words(one) for one in value.values())))
    if isinstance(value, (list, tuple)):
        return " ".join(filter(None, (_plain_words(one) for one in value)))
    return ""
