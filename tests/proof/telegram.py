"""The whole line in Telegram with every call failing in every way, and with the process killed."""

import asyncio
from pathlib import Path

from tests import nursery
from tests.line.tg import WAYS as TRANSPORTS
from tests.line.tg_faults import METHODS, WAYS, lived
from tests.proof.telegram_killed import Killed, counted, killed

SHOWN = 10
EACH = 100
"""So often the process is killed at each point, by each way to hear."""


async def shown(folder: Path, full: bool) -> tuple[bool, list[str]]:
    """Whether it all holds, and lines that say what was done. `full`: each method for itself."""
    # Each process imports what the proof was started with: here that is done once for all.
    preload = [*nursery.IMPORTED, "tests.proof.telegram_server", "tests.proof.__main__"]
    nursery._nursery.set_forkserver_preload(preload)
    found, count = Killed(), EACH if full else 1
    killing = [
        asyncio.to_thread(asyncio.run, killed(folder / by, by, count, found)) for by in TRANSPORTS
    ]
    killed_too = asyncio.gather(*killing)
    runs, wrong = await _failing(folder, full)
    await killed_too
    for by in TRANSPORTS:
        await counted(folder / by, count, found)
    return not (wrong or found.bad), [*_said(runs, wrong, full), *_killed(found)]


async def _failing(folder: Path, full: bool) -> tuple[int, list[str]]:
    undisturbed = await lived(folder / "calm")
    each = [(one,) for one in METHODS] if full else []
    wrong: list[str] = []
    runs = 0
    for way in WAYS:
        for methods in (METHODS, *each):
            runs += 1
            if different := await _different(folder / str(runs), way, methods, undisturbed):
                wrong.append(f"{way}, {', '.join(methods)}: {different}")
    return runs, wrong


async def _different(
    folder: Path, way: str, methods: tuple[str, ...], undisturbed: list[str]
) -> list[str]:
    try:
        found = await lived(folder, way, *methods)
    except (AssertionError, TimeoutError) as trouble:
        return [str(trouble)[:200] or type(trouble).__name__]
    return sorted({*found} ^ {*undisturbed}) or ([] if found == undisturbed else ["counts"])


def _said(runs: int, wrong: list[str], full: bool) -> list[str]:
    return [
        (
            "everybody in Telegram: reported by a link, question by question and with an album, "
            "followed alone and by a group, taken in a topic, resources asked, claimed, another "
            "time of arrival, done, an update, words both ways, resolved, confirmed, rated"
        ),
        (
            f"{runs} runs in which, in each of seven chapters, the first call of a method fails "
            f"({', '.join(WAYS)}): all {len(METHODS)} methods at once"
            + (", and each for itself" if full else "")
        ),
        (
            "with another end than undisturbed (events, cards in groups and topics, messages to "
            f"each person): {len(wrong)} of {runs}; asked too soon: never"
        ),
        *wrong[:SHOWN],
    ]


def _killed(found: Killed) -> list[str]:
    how = ", ".join(f"{name} {count} times" for name, count in sorted(found.kills.items()))
    return [
        (
            f"`kill -9` of the process while it takes one of {found.presses} presses and "
            f"{found.words} messages of customers: {how}"
        ),
        (
            f"counted in the log and in what Telegram shows: lost {len(found.lost)}, "
            f"doubled {len(found.doubled)}"
        ),
        *found.bad[:SHOWN],
    ]
