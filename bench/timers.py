"""6,000 timers due in the same second, and as many that a start finds late; people press meanwhile.

Beside them the very same rows, replayed through one plain `sqlite3` connection, as everywhere.
"""

import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench import durable
from bench.house import Measured, measured, shuffled
from bench.record import keep, recorded, replay
from bot.engine.prepare import Planned
from bot.store.base import Patch, number, text

AHEAD = 2_000
PACE = 0.05
"""Seconds between two presses of somebody who works meanwhile."""
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Late:
    """How late timers were handled, and how long presses took meanwhile, in ms."""

    timers: int
    seconds: float
    bare: float
    lag: list[float]
    presses: list[float]

    @property
    def row(self) -> dict[str, object]:
        """As it is printed."""
        return {
            "all handled within s (limit: 10)": round(self.seconds, 2),
            "lag p50 ms": _share(self.lag, 0.5),
            "lag p99 ms (aim: under 5,000)": _share(self.lag, 0.99),
            "timers per second": round(self.timers / self.seconds),
            "of bare SQLite": round(self.bare / self.seconds, 3),
            "presses meanwhile": len(self.presses),
            "press p50 ms": _share(self.presses, 0.5),
            "press p99 ms": _share(self.presses, 0.99),
        }


def _share(of: list[float], part: float) -> float:
    return round(sorted(of)[min(len(of) - 1, int(len(of) * part))], 1) if of else 0


async def rates(folder: Path, count: int) -> dict[str, object]:
    """Both: due while it runs, and late at the start."""
    async with measured(folder / "timers") as house:
        await durable.people(house, 64)
        await durable.stock(house, count)
        running = await _due(house, count, folder, stopped=False)
        late = await _due(house, count, folder, stopped=True)
    return {f"{count:,} due at once": running.row, f"{count:,} late at the start": late.row}


async def _due(house: Measured, count: int, scratch: Path, *, stopped: bool) -> Late:
    machine, lag = house.machine, list[float]()
    rows = await house.store.select("timers", {"name": "target:resolve"}, limit=count)
    if stopped:
        await machine.timers.stop()
    due = machine.parts.clock.now() + AHEAD
    keys = [{"stream": text(row, "stream"), "name": "target:resolve"} for row in rows]
    for first in range(0, len(keys), 500):
        ops = [Patch("timers", key, {"due": due}) for key in keys[first : first + 500]]
        await house.store.write(ops)
    machine.timers.wake()
    heard = machine.engine.on_work

    def noticed(planned: Planned) -> None:
        heard(planned)
        if planned.job.envelope.entry == "timer":
            lag.append(float(machine.parts.clock.now() - due))

    machine.engine.on_work = noticed
    copy = keep(house.folder.database, scratch)
    if stopped:
        await asyncio.to_thread(time.sleep, AHEAD / 1_000)
    with recorded() as tape:
        began = time.time() * 1_000
        if stopped:
            await machine.timers.start()
        presses = await _meanwhile(house, due)
        seconds = (time.time() * 1_000 - (began if stopped else due)) / 1_000
    machine.engine.on_work = heard
    bare = await asyncio.to_thread(replay, copy, tape)
    return Late(len(rows), seconds, bare, lag, presses)


async def main() -> None:
    """This one alone."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        found = await rates(Path(name), 6_000)
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


async def _meanwhile(house: Measured, due: int) -> list[float]:
    """Presses until no timer of that second is left."""
    chance, times = shuffled(7), list[float]()
    under_way: set[asyncio.Task[None]] = set()

    async def press() -> None:
        began = time.perf_counter()
        await durable.errand(house, chance)
        times.append((time.perf_counter() - began) * 1_000)

    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        await asyncio.to_thread(time.sleep, PACE)
        task = asyncio.create_task(press())
        under_way.add(task)
        rows = await house.store.select("timers", order="due", limit=1)
        if not rows or number(rows[0], "due") > due:
            break
    await asyncio.gather(*under_way)
    return times


if __name__ == "__main__":
    asyncio.run(main())
