"""Files that customers send: what is taken, how much of it, and under which name it is kept."""

import re
import unicodedata
from typing import Literal

from bot.core.answers import clean
from bot.core.commands import Refused
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.personal import Personal
from bot.core.texts import Text, t

FileType = Literal["image/jpeg", "image/png", "application/pdf", "text/plain"]
"""What is kept. Pictures of other kinds are made anew as one of these."""

FILE_MOST = 25 * 1000 * 1000
"""Bytes of one file: the photo of any phone, a long PDF; what web chats commonly take."""
FILES_MOST = 20
"""Files of one report: they stand in its state, which stays small."""
REPORT_MOST = 50 * 1000 * 1000
"""Bytes kept for one report, so that no stranger fills the disk through one of them."""
NAME_MOST = 100
"""Characters; longer names are cut before their ending."""

NOTHING_YET = Refused(
    code="nothing_yet",
    text=t("Tell us first what happened; then send the file. Nothing was sent."),
)
TOO_MANY = Refused(
    code="too_many",
    text=t("We have as many files from you as we can take here. Describe the rest in words."),
)

ENDINGS: dict[FileType, str] = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}
_PICTURES = (".jpg", ".jpeg", ".jfif", ".png", ".gif", ".webp")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*;%]')
_UNSEEN = ("Cf", "Cc", "Co", "Cn")
_SPACES = re.compile(r"\s+")


class KeptFile(Frozen):
    """A file of a report. `size` in bytes as kept; `width` and `height` in pixels, 0: no picture.

    `number` is its place in the conversation; None when it answers the question `field`. `digest`
    is SHA-256 of its sealed bytes, as hex.
    """

    file: str
    name: Personal
    type: FileType
    size: int
    width: int
    height: int
    at: Millis
    number: int | None
    field: str
    digest: str = ""


def is_picture(kind: FileType) -> bool:
    """Whether it was made anew by us, and so may be shown."""
    return kind in ("image/jpeg", "image/png")


def size_text(size: int) -> Text:
    """So many bytes as people say it."""
    if size < 1_000_000:
        return t("{n} kB", n=max(1, round(size / 1000)))
    return t("{n} MB", n=f"{size / 1_000_000:.1f}")


def safe_name(raw: str, kind: FileType) -> str:
    """The name that somebody gave a file: one line of a path's last part, without what turns
    text around or is not seen, with the ending that its content has.
    """
    last = _SPACES.sub(" ", re.split(r"[/\\]", clean(raw))[-1])
    seen = "".join(one for one in last if unicodedata.category(one) not in _UNSEEN)
    name, ending = _NOT_IN_NAMES.sub("_", seen).strip(), ENDINGS[kind]
    stem, dot, old = name.rpartition(".")
    if f"{dot}{old}".lower() not in (_PICTURES if is_picture(kind) else (ending,)):
        stem = name
    return (stem.strip(" .")[: NAME_MOST - len(ending)].strip(" .") or "file") + ending
