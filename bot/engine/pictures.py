"""Looking at what strangers send: what it is by its content, and pictures made anew.

A decoder of pictures is the likeliest thing here to be broken by a hostile file, so it works in a
process of its own (`picture_worker`) with little memory and time, of which few run at once.
"""

import asyncio
import contextlib
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from bot.core.errors import MusterError
from bot.core.files import FileType

log = structlog.get_logger(__name__)

WORKER = Path(__file__).with_name("picture_worker.py")
AT_ONCE = 2
"""Two photos at a time keep up with a busy desk, and leave room on the smallest computer."""
WAITING = 16
SECONDS = 25
MADE_MOST = 20_000_000
HEAD_MOST = 64

Look = Literal["picture", "phone_picture", "pdf", "text", ""]

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_PHONE = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_BOMS = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<iframe", b"<body", b"<head")
_MARKUP_IN = 2_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


class Busy(MusterError):
    """Too many pictures are being worked on. Try again in a minute."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is kept of a file: its bytes, what they are, and the size of a picture in pixels."""

    content: bytes
    type: FileType
    width: int = 0
    height: int = 0


Remake = Callable[[bytes], Awaitable[Made | None]]
"""A picture made anew, None when it is none. May raise Busy."""


def look(content: bytes) -> Look:
    """What something is by its content, whatever it is called; "" for what is not taken."""
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return "picture"
    if content[4:8] == b"ftyp" and content[8:12] in _PHONE:
        return "phone_picture"
    if content.startswith(b"%PDF-"):
        return "pdf"
    return "text" if _is_text(content) else ""


def _is_text(content: bytes) -> bool:
    """Words in one of the usual writings of Unicode, and not a page or a program of the web."""
    try:
        text = content.decode("utf-16" if content.startswith(_BOMS) else "utf-8-sig")
    except UnicodeDecodeError:
        return False
    start = text[:_MARKUP_IN].lower().encode()
    return not _CONTROLS.search(text) and not any(sign in start for sign in _MARKUP)


class Pictures:
    """Makes pictures anew, a few at a time, at the cost of nobody else."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def __call__(self, content: bytes) -> Made | None:
        """See `Remake`."""
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._places:
                return await self._made(content)
        finally:
            self._waiting -= 1

    async def _made(self, content: bytes) -> Made | None:
        # Nothing of our environment goes along: settings may hold secrets.
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(WORKER), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
        )
        try:
            async with asyncio.timeout(SECONDS):
                out, _ = await worker.communicate(content)
        except TimeoutError:
            log.info("a picture took too long to be made anew", size=len(content))
            return None
        finally:
            if worker.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    worker.kill()
                await worker.wait()
        return _read(out) if worker.returncode == 0 else None


def _read(out: bytes) -> Made | None:
    """What the worker wrote, believed no further than it must be."""
    head, _, content = out[: HEAD_MOST + MADE_MOST].partition(b"\n")
    kind, width, height = head.decode("ascii").split(" ")
    if kind == "image/jpeg" and content.startswith(_PICTURES[0]):
        return Made(content, "image/jpeg", int(width), int(height))
    if kind == "image/png" and content.startswith(_PICTURES[1]):
        return Made(content, "image/png", int(width), int(height))
    return None
