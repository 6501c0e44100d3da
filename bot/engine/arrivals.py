"""Files that somebody sent on a channel: noted with their words, fetched afterwards, then kept.

A file is a row from the moment at which we heard of it, so none is lost when the channel cannot
give it at once or the house stops. It has one id however often it is fetched, so a repeat is one
file. What cannot be taken is told to whoever sent it.
"""

import asyncio
from collections import OrderedDict
from dataclasses import asdict
from typing import Any

import structlog

from bot.core.calendar import DAY
from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.errors import Damaged, KeyGone, StoreDown
from bot.core.file_words import AttachFile, RefuseFile
from bot.core.files import FILE_MOST
from bot.core.ids import Millis, StreamId
from bot.core.report import Report
from bot.core.report_words import AnswerQuestion
from bot.core.texts import Text, t
from bot.engine.files import LARGE, Files
from bot.engine.front_people import Asking
from bot.engine.handle import Engine
from bot.engine.heard import Attached, Wrote
from bot.engine.loops import Loop, first_of
from bot.engine.ports import Channel, File, SendFault, Unsendable
from bot.engine.reader import Reader
from bot.store.base import Drop, Patch, Put, Range, Row, number, text

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""So many files are in memory at a time."""
FIRST: Millis = 2_000
LONGEST: Millis = 600_000
PATIENCE: Millis = 60_000
"""How long a channel may take over one file."""
TRIED_FOR: Millis = DAY
MOST_OF_ONE = 20
ALBUMS_MOST = 1_000

LATER = ("busy", "no_room", "not_scanned", "not_saved", "stopping", "overloaded")
"""Refusals of a file that another try may not meet."""

NOT_FETCHED = t("This file did not reach us. Please send it again, or describe it in words.")


class Arrivals(Loop):
    """Fetches files and keeps them. Without `files` none are taken."""

    name = "arrivals"

    def __init__(self, engine: Engine, reader: Reader, files: Files | None) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._reader = reader
        self._files = files
        self._parting = asyncio.Event()
        self._albums: OrderedDict[str, str] = OrderedDict()

    @property
    def takes(self) -> bool:
        """Whether files are taken at all."""
        return self._files is not None

    async def note(self, asking: Asking, wrote: Wrote, report: Report, field: str) -> None:
        """These files are on their way to `report`, for the question `field` ("": in talk).

        Each stands for itself, by whatever message it comes: one that comes late or again, alone
        or among others, is taken once.
        """
        if wrote.album:
            self._albums[_album(wrote, report)] = field
            while len(self._albums) > ALBUMS_MOST:
                self._albums.popitem(last=False)
        now = self._clock.now()
        rows = [
            self._row(asking, one, report, field, wrote.source, now)
            for one in wrote.files[:MOST_OF_ONE]
        ]
        await self._engine.store.write([Put("arrivals", one) for one in rows])
        self.wake()

    def with_others(self, wrote: Wrote, report: Report) -> str | None:
        """The question for which the album came to which these files belong; None when they are
        the first of it, as far as this process knows.
        """
        return self._albums.get(_album(wrote, report)) if wrote.album else None

    def _row(
        self,
        asking: Asking,
        one: Attached,
        report: Report,
        field: str,
        event: str,
        now: Millis,
    ) -> Row:
        heard, source = asking.heard, f"file:{report.stream}:{one.file}"
        body = {
            "file": asdict(one),
            "source": source,
            "event": event,
            "who": asdict(heard.who),
            "place": asdict(heard.place),
            "language": asking.language,
            "report": report.stream,
            "field": field,
        }
        press = f"{heard.who.channel}:{heard.who.opaque}:{source}"
        return {
            "arrival": self._engine.codec.token_hash(f"arrival:{press}")[:32],
            "at": now,
            "channel": heard.who.channel,
            "tries": 0,
            "due": now,
            "subject": report.subject,
            "body": self._engine.codec.seal_note(body, report.subject),
        }

    # --- fetching ------------------------------------------------------------------------------

    async def turn(self) -> Millis | None:
        """Fetch what is due; when the next one is."""
        now = self._clock.now()
        rows = await self._engine.store.select(
            "arrivals", within=Range("due", below=now + 1), order="due", limit=AT_ONCE
        )
        own: dict[str, list[Row]] = {}
        for row in rows:
            own.setdefault(text(row, "subject"), []).append(row)
        await asyncio.gather(*(self._in_order(some) for some in own.values()))
        if len(rows) == AT_ONCE:
            return now
        left = await self._engine.store.select("arrivals", order="due", limit=1)
        return number(left[0], "due") if left else None

    async def start(self) -> None:
        """Go on where the last process stopped."""
        self._parting.clear()
        await super().start()

    async def stop(self) -> None:
        """Wait for no channel; what was under way is fetched again."""
        self._parting.set()
        await super().stop()

    async def _in_order(self, rows: list[Row]) -> None:
        for row in rows:
            await self._arrive(row)

    async def _arrive(self, row: Row) -> None:
        try:
            note = self._engine.codec.open_note(text(row, "body"), text(row, "subject"))
        except (KeyGone, Damaged):
            note = None
        if not isinstance(note, dict):
            await self._done(row)  # Erased meanwhile.
            return
        try:
            why = await self._taken(text(row, "channel"), note)
        except StoreDown:
            raise
        except SendFault as fault:
            over = isinstance(fault, Unsendable) and fault.final
            await self._again(row, note, str(fault), over)
        except Exception as wrong:  # The wall: whatever is wrong with one hurts no other.
            log.exception("a file cannot be fetched")
            await self._again(row, note, type(wrong).__name__)
        else:
            if why is not None:
                await self._refused(note, why)
            await self._done(row)

    async def _taken(self, name: str, note: dict[str, Any]) -> Text | None:
        """Fetch and keep one; why it was not taken, if it was not."""
        attached, channel = Attached(**note["file"]), self._engine.parts.channels.get(name)
        state = await self._reader.state(str(note["report"]))
        if channel is None or self._files is None or not isinstance(state, Report):
            return NOT_FETCHED
        if attached.size > min(FILE_MOST, channel.capabilities.download_most or FILE_MOST):
            return LARGE.text
        field = str(note["field"])
        press = f"{name}:{note['who']['opaque']}:{note['source']}"
        file = self._files.id_of(press)
        if any(one.file == file for one in state.files):
            await self._answer(note, field, file)
            return None
        found = await self._fetched(channel, attached.file)

        async def deliver(command: AttachFile, said: str) -> Answer:
            return await self._engine.handle(_envelope(note, command, "", said))

        name_of = attached.name or found.name
        answer, file = await self._files.take(state, press, name_of, found.content, field, deliver)
        if answer.code in LATER:
            raise SendFault(f"It could not be kept: {answer.code}.")
        if answer.outcome != "done":
            return answer.text or NOT_FETCHED
        await self._answer(note, field, file)
        return None

    async def _answer(self, note: dict[str, Any], field: str, file: str) -> None:
        """The file answers the question, with those that came for it before."""
        if not field:
            return
        state = await self._reader.state(str(note["report"]))
        if isinstance(state, Report) and state.stage == "answering":
            ids = [one.file for one in state.files if one.field == field]
            command = AnswerQuestion(field=field, value=list(dict.fromkeys([*ids, file])))
            part = f":{note.get('event', '')}:answer"
            await self._engine.handle(_envelope(note, command, part))

    async def _fetched(self, channel: Channel, file: str) -> File:
        """The file, unless the channel takes too long over it."""
        fetching = asyncio.ensure_future(channel.fetch(file))
        late = self._clock.wait_until(self._clock.now() + PATIENCE)
        await first_of(fetching, late, self._parting.wait())
        if fetching.cancelled():
            raise SendFault("The channel took too long over a file.")
        return fetching.result()

    # --- ends ----------------------------------------------------------------------------------

    async def _again(self, row: Row, note: dict[str, Any], why: str, over: bool = False) -> None:
        tries, now = number(row, "tries") + 1, self._clock.now()
        if over or now - number(row, "at") >= TRIED_FOR:
            log.warning("a file was given up", why=why)
            await self._refused(note, NOT_FETCHED)
            await self._done(row)
            return
        due = now + min(LONGEST, FIRST << min(tries - 1, 20))
        key: Row = {"arrival": row["arrival"]}
        await self._engine.store.write([Patch("arrivals", key, {"tries": tries, "due": due})])

    async def _refused(self, note: dict[str, Any], why: Text) -> None:
        report: StreamId = str(note["report"])
        name = str(note["file"]["name"])
        command = RefuseFile(name=name, why=why)
        await self._engine.house(command, report, "arrivals", str(note["source"]))

    async def _done(self, row: Row) -> None:
        await self._engine.store.write([Drop("arrivals", {"arrival": row["arrival"]})])


def _album(wrote: Wrote, report: Report) -> str:
    return f"{report.stream}/{wrote.who.opaque}/{wrote.album}"


def _envelope(note: dict[str, Any], command: Command, part: str, said: str = "") -> Envelope:
    who = Identity(**note["who"])
    return Envelope(
        entry=who.channel,
        source=f"{note['source']}{part}",
        command=command,
        identity=who,
        place=Place(**note["place"]),
        language=str(note["language"]),
        said=said,
    )
