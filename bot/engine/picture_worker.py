"""A picture made anew, in a process of its own that can do little and lives for seconds.

Reads a picture of a stranger on its input and writes the new one: a line with type, width and
height, then the bytes. Only pixels go over; whatever else was in the file does not. Ends with a
number other than 0 for whatever is no sound picture. Stands alone: it imports nothing of Muster.
"""

import contextlib
import io
import os
import resource
import sys

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
EDGE_MOST = 2560
"""Pixels; the print on a label in a photo can still be read."""
PIXELS_MOST = 50_000_000
"""Decoded they take 200 MB. Of JPEG files less is decoded than there is."""
JPEG_PIXELS_MOST = 250_000_000
PNG_MOST = 3_000_000
"""Bytes; what is larger was no drawing, and goes as JPEG."""
MEMORY_MOST = 1 << 30
CPU_SECONDS = 15
FILES_MOST = 32


def confine() -> None:
    """Nothing that a hostile picture may lead this process to can go far."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_MOST),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES_MOST),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # Not every system knows every limit.
            resource.setrlimit(limit, (bound, bound))
    os.nice(10)


def remade(content: bytes) -> tuple[str, int, int, bytes]:
    """Type, width, height and bytes of the new picture. Raises anything for no sound picture."""
    Image.MAX_IMAGE_PIXELS = None  # The bounds below are closer, and come before any decoding.
    with Image.open(io.BytesIO(content), formats=FORMATS) as found:
        width, height = found.size
        most = JPEG_PIXELS_MOST if found.format == "JPEG" else PIXELS_MOST
        if width * height > most:
            raise ValueError("too many pixels")
        found.thumbnail((EDGE_MOST, EDGE_MOST))
        turned = ImageOps.exif_transpose(found)
        drawn = found.format != "JPEG"
    clear = _has_gaps(turned) and drawn
    pixels = turned.convert("RGBA" if clear else "RGB")
    fresh = Image.new(pixels.mode, pixels.size)
    fresh.paste(pixels)
    if drawn and len(png := _written(fresh, "PNG")) <= PNG_MOST:
        return "image/png", *fresh.size, png
    return "image/jpeg", *fresh.size, _written(_flat(fresh), "JPEG")


def _has_gaps(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _flat(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture)
    return ground


def _written(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=85)
    return out.getvalue()


def main() -> None:
    """One picture in, one out."""
    confine()
    try:
        kind, width, height, content = remade(sys.stdin.buffer.read())
    except BaseException:  # Whatever a decoder raises, it is no picture for us.
        os._exit(2)
    sys.stdout.buffer.write(f"{kind} {width} {height}\n".encode() + content)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
