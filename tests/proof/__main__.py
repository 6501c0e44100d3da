"""`./dev prove NAME [--full]`: a proof by command; a full figure goes into docs/proof.md."""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import structlog

from tests.proof import followed
from tests.proof.api import asked
from tests.proof.browser import run as browser
from tests.proof.clocks import shown as clocks_shown
from tests.proof.days import lived
from tests.proof.erasing import erase_a_flock
from tests.proof.http.__main__ import PROOFS as OVER_HTTP
from tests.proof.published import publish
from tests.proof.slack import shown as slack_shown
from tests.proof.telegram import shown as telegram_shown
from tests.proof.verifying import tamper_with_towns

Proof = Callable[[Path, bool], Coroutine[Any, Any, tuple[bool, list[str]]]]
SEED = 2026
SHOWN = 20


async def _verify(folder: Path, full: bool) -> tuple[bool, list[str]]:
    found = await tamper_with_towns(folder, SEED, *((20, 50, 120) if full else (2, 19, 60)))
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(found.by_kind.items()))
    lines = [
        (
            f"{found.tried:,} changes made straight in the database files of {found.sound} towns "
            "that lived for days, some people erased, at random times around checkpoints"
        ),
        kinds,
        (
            f"found, the first bad entry named: {found.tried - len(found.missed):,} of "
            f"{found.tried:,}; every town untouched: sound"
        ),
        *found.missed[:SHOWN],
    ]
    return not found.missed, lines


async def _erase(folder: Path, full: bool) -> tuple[bool, list[str]]:
    found = await erase_a_flock(folder, SEED, *((1_000, 100, 20) if full else (40, 10, 3)))
    lines = [
        (
            f"{found.erased:,} canary persons erased and {found.kept} kept, {found.needles:,} "
            "ciphertexts, salts, wrapped keys, hashes and searchable words of theirs looked for in "
            "every byte of the data folder"
        ),
        f"the desk fell over {found.crashes} times while they were being erased",
        (
            f"before: {len(found.missed_before)} not found; after: {len(found.left_after)} of the "
            f"erased left, {len(found.unreadable)} of the kept lost"
        ),
        (
            "afterwards every state is the fold of its stream, every list the rows of states, and "
            "`verify` sound"
        ),
        *(found.missed_before + found.left_after + found.unreadable)[:SHOWN],
    ]
    return not (found.missed_before or found.left_after or found.unreadable), lines


async def _lives(folder: Path, full: bool) -> tuple[bool, list[str]]:
    seeds = range(SEED, SEED + (100 if full else 3))
    different = []
    for seed in seeds:
        digests = []
        for turn in range(2):
            place = folder / f"{seed}-{turn}"
            await asyncio.to_thread(place.mkdir)
            digests.append(await lived(place, seed, days=4, steps=60))
        if len(set(digests)) > 1:
            different.append(f"seed {seed} lived two lives")
    lines = [
        (
            f"{len(seeds)} towns live four days each, with crashes, restarts, erasures and "
            "forgotten caches; after every day state is the fold, lists are the rows, the log "
            "has no gap and `verify` is sound"
        ),
        f"each lived twice: {len(seeds) - len(different)} of {len(seeds)} with the same final hash",
        *different[:SHOWN],
    ]
    return not different, lines


async def _browser(folder: Path, full: bool) -> tuple[bool, list[str]]:
    return await browser.shown(folder, full)


async def _api(folder: Path, full: bool) -> tuple[bool, list[str]]:
    examples = 400 if full else 25
    statuses, wrong = await asked(folder, examples)
    counts = ", ".join(f"{status} {count:,}" for status, count in sorted(statuses.items()))
    lines = [
        (
            f"{sum(statuses.values()):,} requests made by schemathesis from openapi.json, up to "
            f"{examples} that fit it and {examples} that do not for each operation: {counts}"
        ),
        f"answers that the description does not name, or that refuse what it allows: {len(wrong)}",
        *wrong[:SHOWN],
    ]
    return not wrong and not any(one.startswith("5") for one in statuses), lines


async def _followed(folder: Path, full: bool) -> tuple[bool, list[str]]:
    size = followed.Size(10_000, 3, 20, 1.0) if full else followed.Size(500, 1, 3, 5.0)
    found = await followed.prove(folder, size)
    return found.well, found.lines()


PROOFS: dict[str, tuple[str, Proof]] = {
    "verify": ("Changes behind Muster's back", _verify),
    "erase": ("Erased persons", _erase),
    "lives": ("Random lives", _lives),
    "calendar": ("Business time against a watch", clocks_shown),
    "browser": ("The whole line in a real browser, disturbed at every step", _browser),
    "api": ("The API against its own description", _api),
    "followed": ("An update to 10,000 in Telegram, killed while it goes out", _followed),
    "slack": ("The whole line in Slack, disturbed at every call", slack_shown),
    "telegram": ("The whole line in Telegram, disturbed at every call", telegram_shown),
    **OVER_HTTP,
}


def main() -> int:
    """Run one proof; 0 when it holds."""
    parser = argparse.ArgumentParser(prog="./dev prove")
    parser.add_argument("name", choices=PROOFS)
    parser.add_argument("--full", action="store_true", help="the whole figure, published")
    chosen = parser.parse_args()
    title, proof = PROOFS[chosen.name]
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logging.lastResort = None
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="muster-proof-") as folder:
        well, lines = asyncio.run(proof(Path(folder), chosen.full))
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{'It holds' if well else 'IT DOES NOT HOLD'} ")
    sys.stdout.write(f"({time.monotonic() - began:.0f} s).\n")
    if chosen.full and well:
        publish(title, f"./dev prove {chosen.name} --full", lines)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
