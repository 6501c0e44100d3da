"""`python -m tests.proof.http NAME [--full]`: a proof by command; full figures are published."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.proof.http import broadcast, claims, hostile, killed, messages
from tests.proof.published import publish

Proof = Callable[[Path, bool], Coroutine[Any, Any, tuple[bool, list[str]]]]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _messages(folder: Path, full: bool) -> tuple[bool, list[str]]:
    size = (5_000, 200, 10) if full else (300, 20, 2, 1)
    found = await messages.prove(folder, *size)
    return found.well, found.lines()


async def _claims(folder: Path, full: bool) -> tuple[bool, list[str]]:
    found = await claims.prove(folder, 200 if full else 20)
    return (found.winners, found.others.total(), found.events) == (1, 0, 1), found.lines()


async def _points(folder: Path, full: bool) -> tuple[bool, list[str]]:
    return _judged(await killed.prove_points(folder, _say))


async def _line(folder: Path, full: bool) -> tuple[bool, list[str]]:
    return _judged(await killed.prove_line(folder, 2 if full else 1, _say))


def _judged(results: list[killed.Result]) -> tuple[bool, list[str]]:
    kills = sum(one.kills for one in results)
    whole = (
        "four people from the first word to closed and rated, every request repeated under its id "
        f"until it is answered; {kills} kills in all; compared with an undisturbed run: events, "
        "states, letters, chat, status page after each stage; ids and times left out"
    )
    well = not any(one.different for one in results) and kills > 0
    return well, [whole, *(one.line for one in results)]


async def _hostile(folder: Path, full: bool) -> tuple[bool, list[str]]:
    found = await hostile.prove(folder)
    return not found.wrong, found.lines()


async def _broadcast(folder: Path, full: bool) -> tuple[bool, list[str]]:
    size = broadcast.Size(100_000, 1_000, 5, 5.0) if full else broadcast.Size(2_000, 20, 2, 0.3)
    found = await broadcast.prove(folder, size)
    return found.well, found.lines()


PROOFS: dict[str, tuple[str, Proof]] = {
    "broadcast": ("An update to 101,000, killed while it goes out", _broadcast),
    "messages": ("Messages over HTTP, killed at random moments", _messages),
    "points": ("Killed at named points, over HTTP", _points),
    "claims": ("One task, many claims over HTTP", _claims),
    "line": ("The thin line over HTTP, killed in every step", _line),
    "hostile": ("Hostile bytes", _hostile),
}


def main() -> int:
    """Run one proof; 0 when it holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof.http")
    parser.add_argument("name", choices=PROOFS)
    parser.add_argument("--full", action="store_true", help="the whole figure, published")
    chosen = parser.parse_args()
    title, proof = PROOFS[chosen.name]
    with tempfile.TemporaryDirectory(prefix="muster-") as folder:
        well, lines = asyncio.run(proof(Path(folder), chosen.full))
    for line in lines:
        _say(line)
    if chosen.full and well:
        publish(title, f"python -m tests.proof.http {chosen.name} --full", lines)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
