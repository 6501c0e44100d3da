"""What strangers send is taken by what it is; of pictures the pixels alone are kept."""

import asyncio
import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from bot.engine import picture_worker, pictures
from bot.engine.pictures import Busy, Pictures, look
from tests.pictures import BROKEN, NOT_TAKEN, POLYGLOTS, SECRET, from_a_phone, picture, png


@pytest.mark.parametrize("name", [name for name in NOT_TAKEN if "phone" not in name])
def test_what_is_not_on_the_list_is_not_taken_however_it_begins(name: str) -> None:
    assert look(NOT_TAKEN[name]) == ""


def test_what_is_on_the_list_is_known_by_its_content() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        assert look(picture(kind)) == "picture"
    assert look(picture("GIF", mode="P")) == "picture"
    assert look(b"%PDF-1.7\n...") == "pdf"
    assert look("Zeile eins\r\n\tZweite: żółć <3\n".encode()) == "text"
    assert look("\ufeffДва этажа".encode("utf-16-le")) == "text"
    assert look(NOT_TAKEN["a photo of a phone in its own format"]) == "phone_picture"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_come_out_as_one_of_two_kinds(kind: str) -> None:
    kept, width, height, content = picture_worker.remade(picture(kind))
    assert kept == ("image/jpeg" if kind == "JPEG" else "image/png")
    assert (width, height) == (60, 40)
    assert look(content) == "picture"


def test_a_photo_loses_everything_but_its_pixels_and_stands_upright() -> None:
    taken = from_a_phone()
    assert taken.count(SECRET) == 2
    kept, width, height, content = picture_worker.remade(taken)
    assert (kept, width, height) == ("image/jpeg", 40, 60)
    assert SECRET not in content
    found = Image.open(io.BytesIO(content))
    assert not found.getexif()
    assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_nothing_that_hides_in_a_picture_comes_along(name: str) -> None:
    *_, content = picture_worker.remade(POLYGLOTS[name])
    assert all(sign not in content for sign in (b"script", b"PK\x03\x04", b"Comment"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA"])
def test_pictures_of_every_depth_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (9, 5)).save(out, "PNG")
    kept, width, height, _ = picture_worker.remade(out.getvalue())
    assert (kept, width, height) == ("image/png", 9, 5)


def test_a_drawing_that_is_large_as_png_goes_as_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_worker, "PNG_MOST", 50)
    kept, _, _, content = picture_worker.remade(picture("PNG", mode="RGBA"))
    assert kept == "image/jpeg"
    assert Image.open(io.BytesIO(content)).mode == "RGB"


def test_a_picture_is_made_no_larger_than_can_be_looked_at() -> None:
    _, width, height, _ = picture_worker.remade(png(9_000, 90))
    assert (width, height) == (picture_worker.EDGE_MOST, 26)


@pytest.mark.parametrize("name", [name for name in BROKEN if "bomb" not in name])
def test_what_is_no_sound_picture_is_refused(name: str) -> None:
    assert look(BROKEN[name]) == "picture"
    with pytest.raises(Exception, match=r"."):
        picture_worker.remade(BROKEN[name])


async def test_the_worker_makes_a_picture_and_survives_a_bomb() -> None:
    made = Pictures()
    whole, pixels, words = await asyncio.gather(
        made(from_a_phone()), made(BROKEN["a bomb of pixels"]), made(BROKEN["a bomb of words"])
    )
    assert whole is not None
    assert (whole.type, whole.width, whole.height) == ("image/jpeg", 40, 60)
    assert SECRET not in whole.content
    assert pixels is None
    assert words is None


async def test_a_worker_that_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tmp_path / "number"
    script = tmp_path / "worker.py"
    script.write_text(
        f"import os, time\nopen({str(number)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    monkeypatch.setattr(pictures, "WORKER", script)
    monkeypatch.setattr(pictures, "SECONDS", 0.5)
    began = time.monotonic()
    assert await Pictures()(b"anything") is None
    assert time.monotonic() - began < 20
    if number.exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int(number.read_text()), 0)


async def test_what_a_worker_writes_is_believed_no_further_than_it_must_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "worker.py"
    script.write_text("import sys\nsys.stdout.buffer.write(b'text/html 1 1\\n<script>')\n")
    monkeypatch.setattr(pictures, "WORKER", script)
    assert await Pictures()(b"anything") is None


async def test_only_so_many_wait_for_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WAITING", 0)
    with pytest.raises(Busy):
        await Pictures()(picture())
