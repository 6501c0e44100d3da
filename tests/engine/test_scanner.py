"""What the organisation's own program takes for harmful is not kept; in doubt nothing is."""

import sys
from pathlib import Path

import pytest

from bot.engine.scanner import CannotTell, Scanner

LOOKS = """
import sys
said = sys.stdin.buffer.read()
sys.exit(1 if b"VIRUS" in said else 2 if b"BROKEN" in said else 0)
"""


def scanner() -> Scanner:
    return Scanner((sys.executable, "-c", LOOKS))


async def test_the_program_says_what_may_be_kept() -> None:
    scan = scanner()
    assert await scan(b"a photo" * 100_000)
    assert not await scan(b"a VIRUS")


async def test_a_program_that_fails_has_told_nothing() -> None:
    with pytest.raises(CannotTell, match="ended with 2"):
        await scanner()(b"BROKEN")


async def test_a_program_that_is_not_there_has_told_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotTell, match="does not start"):
        await Scanner((str(tmp_path / "none"),))(b"a photo")


async def test_a_program_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.scanner.SECONDS", 0.2)
    slow = Scanner((sys.executable, "-c", "import threading; threading.Event().wait()"))
    with pytest.raises(CannotTell, match="too long"):
        await slow(b"a photo")
