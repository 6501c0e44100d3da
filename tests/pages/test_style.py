"""What can be read off the style sheets: contrast in light and dark, and the weight of a page."""

import gzip
import re

import pytest

from tests.tidy import ROOT

STATIC = ROOT / "bot" / "pages" / "static"
BASE = (STATIC / "base.css").read_text()
READ = 4.5
SEEN = 3.0
PAIRS = [
    ("ink", "ground", READ),
    ("ink", "surface", READ),
    ("ink", "raised", READ),
    ("ink", "accent-wash", READ),
    ("ink", "alarm-wash", READ),
    ("ink", "warn-wash", READ),
    ("soft", "ground", READ),
    ("soft", "surface", READ),
    ("soft", "raised", READ),
    ("soft", "accent-wash", READ),
    ("soft", "warn-wash", READ),
    ("accent", "ground", READ),
    ("accent", "surface", READ),
    ("accent", "accent-wash", READ),
    ("accent-ink", "accent", READ),
    ("mine-ink", "mine", READ),
    ("alarm", "surface", READ),
    ("alarm", "alarm-wash", READ),
    ("alarm-ink", "alarm", READ),
    ("warn", "raised", READ),
    ("warn", "warn-wash", READ),
    ("well", "surface", READ),
    ("p1", "surface", READ),
    ("p2", "surface", READ),
    ("p3", "surface", READ),
    ("p4", "surface", READ),
    ("ground", "ink", READ),
    ("soft", "surface", SEEN),
]


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css))


LIGHT = tokens(BASE.partition("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | tokens(BASE.partition("@media (prefers-color-scheme: dark)")[2])


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_words_can_be_read_on_what_they_stand_on(
    scheme: dict[str, str], ink: str, ground: str, least: float
) -> None:
    assert contrast(scheme[ink], scheme[ground]) >= least


def test_what_an_answer_means_stands_below_it() -> None:
    """Beside it, on a phone, neither has room: words break in the middle."""
    styles = (STATIC / "chat.css").read_text()
    (rule,) = re.findall(r"(?m)^\.question \.options button \{([^}]*)\}", styles)
    assert "flex-direction: column" in rule


def test_the_chat_weighs_little() -> None:
    """All that a customer's phone must fetch, packed: fifty kilobytes at the most."""
    scripts = ("chat.js", "ask.js", "dom.js", "log.js", "outbox.js", "stream.js")
    files = ("base.css", "parts.css", "chat.css", "icon.svg", *scripts)
    weight = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in files)
    assert weight < 50_000


def test_scripts_never_make_elements_out_of_words() -> None:
    """The one place that reads HTML takes it from our own templates, which escape."""
    dangerous = (
        r"innerHTML|outerHTML\s*=(?!=)|insertAdjacentHTML|document\.write|eval\(|new Function"
    )
    for path in sorted(STATIC.glob("*.js")):
        assert not re.search(dangerous, path.read_text()), path.name
    readers = [path.name for path in STATIC.glob("*.js") if "parseFromString" in path.read_text()]
    assert readers == ["desk.js"]
