"""Files of customers: looked at, made harmless, sealed in parts, given out, swept, checked.

The bytes stand in the store before the log names them, under an id that follows from the press
that brings them; so a repeat finds them there, and what no event came to name is swept.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog

from bot.core.calendar import HOUR
from bot.core.commands import Answer, Refused
from bot.core.errors import KeyGone, StoreDown
from bot.core.file_words import AttachFile
from bot.core.files import FILE_MOST, FILES_MOST, REPORT_MOST, TOO_MANY, FileType
from bot.core.ids import Millis, SubjectId
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.parts import Parts
from bot.engine.pictures import Busy, Look, Made, Remake, look
from bot.engine.prepare import NOT_SAVED
from bot.engine.scanner import CannotTell, Scan, anything
from bot.store.base import Drop, Op, Put, Range, Row, Store, number, raw, text
from bot.store.codec import Codec

log = structlog.get_logger(__name__)

PART = 64 * 1024
TOGETHER = 4
"""Parts in one write: whoever waits for the store goes in between."""
UNNAMED_KEPT: Millis = HOUR
SWEPT_AT_ONCE = 100
HOUSE_MOST = 20_000_000_000
"""Bytes of all files together: thousands of reports with photos, and still less than a disk.
What strangers send must not take the room that the log needs."""
COUNTED_AT_ONCE = 1_000

Deliver = Callable[[AttachFile, str], Awaitable[Answer]]
"""Takes the command to the door; the text stands for the content, the same at a repeat."""

UNKNOWN = Refused(
    code="file_type",
    text=t(
        "We can take photos and pictures (JPEG, PNG, WebP, GIF), PDF files and plain text. "
        "This is something else, so it was not sent."
    ),
)
PHONE = Refused(
    code="file_type",
    text=t(
        "This photo is in a format that we cannot open (HEIC or AVIF). "
        "Please send it as JPEG, or send a screenshot of it."
    ),
)
NO_PICTURE = Refused(
    code="file_damaged",
    text=t("This picture cannot be opened. It may be damaged or far too large in pixels."),
)
EMPTY = Refused(code="file_empty", text=t("This file is empty, so there was nothing to send."))
LARGE = Refused(
    code="file_large",
    text=t(
        "This file is too large. The most that we can take is {most} MB.", most=FILE_MOST // 10**6
    ),
)
NO_ROOM = Refused(
    code="no_room",
    text=t("We cannot take files at this moment. Please describe it in words."),
    transient=True,
)
BUSY = Refused(
    code="busy",
    text=t("Many files are arriving at this moment. Please try again in a minute."),
    transient=True,
)
HARMFUL = Refused(
    code="file_harmful",
    text=t("This file looks dangerous to us, so it was not taken. Please describe it in words."),
)
NOT_SCANNED = Refused(
    code="not_scanned",
    text=t(
        "This file cannot be checked at this moment, so it was not taken. Please try again later, "
        "or describe it in words."
    ),
    transient=True,
)
GONE = Refused(
    code="erased",
    text=t("The personal data here was deleted, so nothing can be added to it any more."),
)
_PLAIN: dict[Look, FileType] = {"pdf": "application/pdf", "text": "text/plain"}


class Files:
    """Keeps files and gives them out. Who may read them is asked elsewhere, at each reading."""

    def __init__(self, parts: Parts, remake: Remake, scan: Scan = anything) -> None:
        self._store = parts.store
        self._codec = parts.codec
        self._clock = parts.clock
        self._remake = remake
        self._scan = scan
        self._under_way: set[str] = set()
        self._bytes: int | None = None

    # --- in ------------------------------------------------------------------------------------

    def id_of(self, press: str) -> str:
        """What the file of `press` is called, whether it is there or not."""
        return self._codec.token_hash(f"file:{press}")[:32]

    async def take(
        self, report: Report, press: str, name: str, content: bytes, field: str, deliver: Deliver
    ) -> tuple[Answer, str]:
        """Keep what was sent to `report` by `press`, which is the same at a repeat; the answer,
        and the file's id.
        """
        file = self.id_of(press)
        if file in self._under_way:
            return _refusal(BUSY), file
        self._under_way.add(file)
        try:
            made = await self._looked_at(report, file, content)
            if isinstance(made, Refused):
                return _refusal(made), file
            digest = await self._kept(file, report, made)
            command = AttachFile(
                file=file,
                name=name,
                type=made.type,
                size=len(made.content),
                digest=digest,
                width=made.width,
                height=made.height,
                field=field,
            )
            said = f"{field}:{name}:{await asyncio.to_thread(_sum, content)}"
            return await self._delivered(command, said, deliver), file
        except KeyGone:
            return _refusal(GONE), file
        except StoreDown:
            return NOT_SAVED, file
        finally:
            self._under_way.discard(file)

    async def _looked_at(self, report: Report, file: str, content: bytes) -> Made | Refused:
        known = any(one.file == file for one in report.files)
        refused = _bounds(content) or (None if known else _room(report))
        if refused is not None:
            return refused
        if await self._stored() + len(content) > HOUSE_MOST:
            log.warning("no more files are taken: they have all the room that is theirs")
            return NO_ROOM
        if refused := None if known else await self._scanned(content):
            return refused
        # So many bytes are read in a thread, where they hold nobody up.
        kind = await asyncio.to_thread(look, content)
        if kind == "picture":
            return await self._picture(content)
        return Made(content, _PLAIN[kind]) if kind in _PLAIN else _not_taken(kind)

    async def _scanned(self, content: bytes) -> Refused | None:
        """Why it must not be kept, as the organisation's own program sees it."""
        try:
            return None if await self._scan(content) else HARMFUL
        except CannotTell as trouble:
            log.warning("files are not taken: they cannot be scanned", why=str(trouble))
            return NOT_SCANNED

    async def _stored(self) -> int:
        """About how many bytes all files have; counted anew after each sweep."""
        if self._bytes is None:
            total, last = 0, ""
            while rows := await self._store.select(
                "files", within=Range("file", above=last), order="file", limit=COUNTED_AT_ONCE
            ):
                total += sum(number(row, "size") for row in rows)
                last = text(rows[-1], "file")
            self._bytes = total
        return self._bytes

    async def _picture(self, content: bytes) -> Made | Refused:
        try:
            return await self._remake(content) or NO_PICTURE
        except Busy:
            return BUSY

    async def _kept(self, file: str, report: Report, made: Made) -> str:
        """The digest of the sealed parts, which are in the store at return."""
        rows = await self._store.select("files", {"file": file}, limit=1)
        if rows and rows[0]["kept"]:
            return text(rows[0], "digest")
        about, whole = report.subject, hashlib.sha256()
        cut = range(0, len(made.content), PART)
        row: Row = {
            "file": file,
            "stream": report.stream,
            "subject": about,
            "at": self._clock.now(),
            "kept": 0,
            "size": len(made.content),
            "parts": len(cut),
            "digest": "",
        }
        await self._store.write([Drop("file_parts", {"file": file}), Put("files", row)])
        self._bytes = (self._bytes or 0) + len(made.content)
        waiting: list[Op] = []
        for part, at in enumerate(cut):
            piece = made.content[at : at + PART]
            sealed = self._codec.seal_part(about, f"{file}:{part}", piece)
            whole.update(sealed)
            fresh: Row = {"file": file, "part": part, "subject": about, "body": sealed}
            waiting.append(Put("file_parts", fresh))
            if len(waiting) == TOGETHER:
                await self._store.write(waiting)
                waiting = []
        digest = whole.hexdigest()
        await self._store.write([*waiting, Put("files", {**row, "digest": digest})])
        return digest

    async def _delivered(self, command: AttachFile, said: str, deliver: Deliver) -> Answer:
        answer = await deliver(command, self._codec.digest(said).hex())
        if answer.outcome == "refused":
            await self._drop([command.file])
        return answer

    # --- out -----------------------------------------------------------------------------------

    async def read(self, file: str, subject: SubjectId) -> AsyncIterator[bytes]:
        """The bytes of a file, piece by piece; it ends early when they are being erased.

        Raises Damaged.
        """
        async for piece in pieces(self._store, self._codec, file, subject):
            yield piece

    # --- upkeep --------------------------------------------------------------------------------

    async def sweep(self) -> int:
        """Let go of bytes that no event came to name; how many files they were."""
        self._bytes = None
        before = self._clock.now() - UNNAMED_KEPT
        gone = 0
        while rows := await self._store.select(
            "files", {"kept": 0}, within=Range("at", below=before), limit=SWEPT_AT_ONCE
        ):
            old = [text(row, "file") for row in rows if text(row, "file") not in self._under_way]
            if not old:
                break
            await self._drop(old)
            gone += len(old)
        return gone

    async def _drop(self, files: Sequence[str]) -> None:
        """Unless an event names them after all."""
        await self._store.write([Drop("files", {"file": one, "kept": 0}) for one in files])
        left = await self._store.select("files", {"file": list(files)}, limit=len(files))
        named = {row["file"] for row in left}
        for one in files:
            if one not in named:
                await self._store.write([Drop("file_parts", {"file": one})])


async def pieces(store: Store, codec: Codec, file: str, subject: SubjectId) -> AsyncIterator[bytes]:
    """What is kept of a file, piece by piece. Raises Damaged."""
    part = 0
    while rows := await store.select("file_parts", {"file": file, "part": part}, limit=1):
        piece = codec.open_part(subject, f"{file}:{part}", raw(rows[0], "body"))
        if piece is None:
            return
        yield piece
        part += 1


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _bounds(content: bytes) -> Refused | None:
    if not content:
        return EMPTY
    return LARGE if len(content) > FILE_MOST else None


def _room(report: Report) -> Refused | None:
    """The report decides; here only so that nothing is worked on in vain."""
    kept = sum(one.size for one in report.files)
    full = len(report.files) >= FILES_MOST or kept >= REPORT_MOST
    return TOO_MANY if full else None


def _refusal(refused: Refused) -> Answer:
    return Answer(outcome="refused", code=refused.code, text=refused.text)


def _not_taken(kind: Look) -> Refused:
    return PHONE if kind == "phone_picture" else UNKNOWN
