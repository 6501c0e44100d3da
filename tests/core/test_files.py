"""Names of files: short, on one line, with the ending that the content has."""

import pytest

from bot.core.files import NAME_MOST, FileType, safe_name, size_text

NAMES: list[tuple[str, FileType, str]] = [
    ("photo.jpg", "image/jpeg", "photo.jpg"),
    ("IMG_1.WEBP", "image/jpeg", "IMG_1.jpg"),
    ("evil.html", "text/plain", "evil.html.txt"),
    ("page.png", "text/plain", "page.png.txt"),
    ("plan.PDF", "application/pdf", "plan.pdf"),
    ("../../etc/passwd", "text/plain", "passwd.txt"),
    ("C:\\fakepath\\photo.png", "image/png", "photo.png"),
    ("..", "text/plain", "file.txt"),
    ("", "image/png", "file.png"),
    (".png", "image/png", "file.png"),
    ("\u202egnp.exe", "image/png", "gnp.exe.png"),
    ("a\u2066b\u200bc\u2028d.txt", "text/plain", "abc d.txt"),
    ("a\r\nSet-Cookie: x=1.txt", "text/plain", "a Set-Cookie_ x=1.txt"),
    ('"; filename="x.exe', "application/pdf", "__ filename=_x.exe.pdf"),
    ("a\x00b.pdf", "application/pdf", "ab.pdf"),
    ("щит в подвале.jpeg", "image/jpeg", "щит в подвале.jpg"),
    ("🔥.png", "image/png", "🔥.png"),
    ("\ud800.png", "image/png", "\ufffd.png"),
]


@pytest.mark.parametrize(("raw", "kind", "kept"), NAMES)
def test_a_name_is_made_harmless_and_says_what_the_content_is(
    raw: str, kind: FileType, kept: str
) -> None:
    assert safe_name(raw, kind) == kept


def test_a_huge_name_keeps_its_beginning_and_its_ending() -> None:
    name = safe_name("x" * 100_000 + ".png", "image/png")
    assert len(name) == NAME_MOST
    assert name.endswith("x.png")


def test_sizes_are_said_as_people_say_them() -> None:
    said = [(one.key, one.args["n"]) for one in map(size_text, (1, 1_499, 999_999, 2_350_000))]
    assert said == [("{n} kB", 1), ("{n} kB", 1), ("{n} kB", 1000), ("{n} MB", "2.4")]
