"""A file as pages are told of it: everything but the bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bot.core.files import KeptFile, is_picture
from bot.core.ids import Millis, StreamId
from bot.core.personal import Personal


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a report. `name` None: erased. `width` and `height` in pixels, 0: no picture.
    `digest` is that of its sealed bytes.
    """

    report: StreamId
    file: str
    name: str | None
    type: str
    size: int
    width: int
    height: int
    at: Millis
    number: int | None
    picture: bool
    digest: str = ""


def view_of(report: StreamId, one: KeptFile, said: Callable[[Personal], str | None]) -> FileView:
    """`said` opens its name."""
    return FileView(
        report=report,
        file=one.file,
        name=said(one.name),
        type=one.type,
        size=one.size,
        width=one.width,
        height=one.height,
        at=one.at,
        number=one.number,
        picture=is_picture(one.type),
        digest=one.digest,
    )


def headers_of(view: FileView) -> Mapping[str, str]:
    """With what its bytes are given out: as what they are, never as a page, for nobody else.

    Pictures were made anew by us and may be shown; all else is only saved.
    """
    name = view.name or "file"
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    how = "inline" if view.picture else "attachment"
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        "content-type": view.type,
        "content-disposition": f"{how}; {names}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
    }
