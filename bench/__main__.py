"""`./dev bench`: every figure beside its limit in the same run. `--quick` for a short look."""

import argparse
import asyncio
import json
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from bench import durable, http, likely, slack, status, streams, telegram, timers
from bench.house import measured
from bot.commands.serve import keep_what_lasts

HOT = 1_000


async def _rates(folder: Path, errands: int) -> dict[str, object]:
    found: dict[str, object] = {}
    async with measured(folder / "rates") as house:
        keep_what_lasts()
        await durable.people(house, 200)
        for at_once in (1, 8, 64):
            figures = await durable.run(house, at_once, errands, folder)
            found[f"{at_once} at once"] = _row(figures)
    return found


async def _growth(folder: Path, small: int, large: int, errands: int) -> dict[str, object]:
    async with measured(folder / "growth") as house:
        await durable.people(house, min(HOT, small))
        await durable.stock(house, max(0, small - HOT))
        before = await durable.run(house, 64, errands, folder)
        await durable.stock(house, large - small)
        after = await durable.run(house, 64, errands, folder)
    ours = (after.seconds / after.events) / (before.seconds / before.events)
    bare = (after.bare / after.events) / (before.bare / before.events)
    return {
        f"with {small:,} incidents": _row(before),
        f"with {large:,} incidents": _row(after),
        "our cost per event grew by": round(ours, 3),
        "bare SQLite's grew by": round(bare, 3),
        "ours beside its (aim: at most 1.1)": round(ours / bare, 3),
    }


def _row(figures: durable.Figures) -> dict[str, float]:
    return {
        "events per second": round(figures.rate),
        "of bare SQLite (aim: 0.6)": round(figures.ratio, 3),
        "p50 ms": round(figures.p50, 2),
        "p99 ms": round(figures.p99, 2),
        "CPU us per event": round(figures.cpu / figures.events * 1e6),
        "commits per event": round(figures.commits, 3),
        "statement rows per event": round(figures.statements, 2),
        "thread calls per event": round(figures.wakes, 3),
    }


def _print(name: str, rows: dict[str, object], depth: int = 0) -> None:
    sys.stdout.write(f"{'  ' * depth}{name}\n")
    for key, value in rows.items():
        if isinstance(value, dict):
            _print(key, value, depth + 1)
        else:
            sys.stdout.write(f"{'  ' * (depth + 1)}{key:<38} {value}\n")


def _now(doing: str) -> None:
    sys.stderr.write(f"... {doing}\n")


async def main() -> None:
    """Measure everything and print it, as text or as JSON."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    share = 10 if chosen.quick else 1
    found: dict[str, object] = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        folder = Path(name)
        _now("durable events in process")
        found["durable events in process"] = await _rates(folder, 10_000 // share)
        _now("through HTTP")
        found["through HTTP"] = await http.rates(folder / "http", 8 // min(share, 4))
        _now("open pages")
        found["open pages"] = await streams.rates(folder / "streams", 2_000 // share)
        _now("the status page on its worst day")
        found["status page"] = await status.costs(folder / "status", 2_000 // share)
        _now("answers while likely duplicates are looked for")
        found["likely duplicates"] = await likely.rates(folder, 5_000 // share, 200 // share)
        _now("interactions in Slack")
        found["interactions in Slack"] = await slack.acknowledged(folder / "slack", 60 / share)
        _now("updates in Telegram")
        found["updates in Telegram"] = await telegram.confirmed(folder / "telegram", 60 / share)
        _now("timers due at once")
        found["timers"] = await timers.rates(folder / "timers", 6_000 // share)
        _now("growth: the incidents are opened first, which takes some minutes")
        found["growth"] = await _growth(folder, 1_000, 100_000 // share, 10_000 // share)
    if chosen.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        _print("muster bench", found)


if __name__ == "__main__":
    asyncio.run(main())
