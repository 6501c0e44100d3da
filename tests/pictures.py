"""Pictures and files of every kind, made on the spot; most of them hostile."""

import io
import struct
import zlib

from PIL import Image

from bot.engine import picture_worker
from bot.engine.pictures import Made

SECRET = b"Rua das Flores 12"
MEGABYTE = 1 << 20


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new(mode, size, 90 if mode in ("L", "P") else (200, 30, 30, 90)[: len(mode)]).save(
        out, kind
    )
    return out.getvalue()


def from_a_phone() -> bytes:
    """A photo on its side, with the maker, the place and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    """A piece of a PNG file."""
    mark = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + mark


def zeros(count: int) -> bytes:
    """What so many zero bytes are when compressed, without making them all."""
    maker = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = maker.compress(bytes(MEGABYTE)) + maker.flush(zlib.Z_FULL_FLUSH)
    whole, rest = divmod(count, MEGABYTE)
    end = maker.compress(bytes(rest)) + maker.flush()
    return b"\x78\xda" + piece * whole + end + struct.pack(">HH", count % 65_521, 1)


def png(width: int, height: int, *pieces: bytes) -> bytes:
    """A PNG file of these measures, all black, with further pieces before its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zeros((1 + (width + 7) // 8) * height)
    body = (chunk(b"IHDR", head), *pieces, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
NOT_TAKEN: dict[str, bytes] = {
    "a page": HTML,
    "a page after white space": b"\n\n  " + HTML,
    "a page with a mark of its writing": b"\xef\xbb\xbf" + HTML,
    "a page in UTF-16": ("\ufeff" + HTML.decode()).encode("utf-16-le"),
    "a drawing with a script": SVG,
    "a drawing with a prolog": b'<?xml version="1.0"?>' + SVG,
    "a program": b"MZ\x90\x00\x03" + bytes(60),
    "a program for another system": b"\x7fELF" + bytes(60),
    "an archive": b"PK\x03\x04" + bytes(60),
    "an archive that calls itself a PDF further down": b"PK\x03\x04%PDF-1.7",
    "text with a NUL": b"hello\x00there",
    "text with an escape": b"hello\x1b]0;gone\x07",
    "no text in any writing": b"\xc3\x28 hello",
    "half a UTF-16 sign": b"\xff\xfe\x00",
    "a picture of a kind that we do not know": b"BM" + bytes(60),
    "a photo of a phone in its own format": b"\x00\x00\x00\x18ftypheic" + bytes(60),
}
BROKEN: dict[str, bytes] = {
    "only a beginning": b"\xff\xd8\xff",
    "cut in the middle": from_a_phone()[:400],
    "a PNG without pixels": png(4, 4)[:40],
    "a PNG with a wrong measure": png(4, 4).replace(
        struct.pack(">II", 4, 4), struct.pack(">II", 4, 9)
    ),
    "a WebP of nothing": b"RIFF\x04\x00\x00\x00WEBP",
    "a GIF of nothing": b"GIF89a" + bytes(8),
    "a bomb of pixels": png(40_000, 40_000),
    "a bomb of words": png(2, 2, chunk(b"zTXt", b"k\x00\x00" + zeros(200_000_000))),
    "no pixels in one direction": png(0, 4),
}
"""They begin like pictures and are none, or are far too much."""
POLYGLOTS: dict[str, bytes] = {
    "a JPEG with a page behind it": picture() + HTML,
    "a PNG with an archive behind it": picture("PNG") + b"PK\x03\x04evil",
    "a GIF with a script as its comment": picture("GIF", mode="P")[:-1]
    + b"\x21\xfe\x08<script>\x00;",
    "a PNG with a page in its words": png(2, 2, chunk(b"tEXt", b"Comment\x00" + HTML)),
}


async def made_at_once(content: bytes) -> Made | None:
    """What the worker does, without a process of its own."""
    try:
        kind, width, height, fresh = picture_worker.remade(content)
    except Exception:
        return None
    assert kind in ("image/jpeg", "image/png")
    return Made(fresh, "image/png" if kind == "image/png" else "image/jpeg", width, height)
