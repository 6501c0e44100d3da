"""How long an answer of a customer takes with many incidents open, and what is found for it.

Beside it the same answers with nothing that looks for duplicates, so that what is ours shows.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from bench.house import Measured, measured
from bot.core.commands import Command
from bot.core.incident_commands import OpenIncident
from bot.core.incident_words import Fact
from bot.core.report import Report
from bot.core.report_words import AnswerQuestion, BeginReport
from bot.engine.likely import Alike
from bot.store.base import text

STAFF = 64
STREETS = (
    "Mill Lane",
    "Harbour Road",
    "Station Street",
    "Church Walk",
    "King's Parade",
    "The Green",
)
THINGS = ("lights", "lift", "heating", "water", "network", "telephone", "door", "boiler", "alarm")
WHAT = ("went out", "does not work", "makes a noise", "is dripping", "smells odd", "is very slow")


def _said(number: int) -> tuple[str, str]:
    thing, what = THINGS[number % len(THINGS)], WHAT[number // 7 % len(WHAT)]
    where = f"{number % 200} {STREETS[number // 3 % len(STREETS)]}"
    return f"The {thing} on floor {number % 12} {what} since this morning", where


async def _stock(house: Measured, count: int) -> None:
    for number in range(STAFF):
        await house.hire(f"desk{number}")
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            what, where = _said(number)
            facts = (Fact(field="what", value=what), Fact(field="where", value=where))
            command = OpenIncident(report=None, category="power", facts=facts)
            answer = await house.ask(command, f"desk{number % STAFF}")
            if answer.outcome != "done":
                raise RuntimeError(answer.code)

    await asyncio.gather(*(worker() for _ in range(64)))


async def _answers(house: Measured, count: int, name: str) -> list[float]:
    """`count` people answer four questions each, one after the other; ms of each answer."""
    times: list[float] = []

    async def one(number: int) -> None:
        what, where = _said(number * 31)
        who = f"{name}{number}"
        await house.ask(BeginReport(), who)
        given = (("safety", "no"), ("kind", "incident"), ("what", what), ("category", "power"))
        for field, value in (*given, ("where", where)):
            began = time.perf_counter()
            await house.ask(AnswerQuestion(field=field, value=value), who)
            times.append(1000 * (time.perf_counter() - began))

    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            await one(number)

    await asyncio.gather(*(worker() for _ in range(4)))
    return times


def _share(of: list[float], part: float) -> float:
    return round(sorted(of)[min(len(of) - 1, int(len(of) * part))], 2)


class Blind(Alike):
    """Finds nothing, at once."""

    def __init__(self) -> None:
        pass

    async def of(self, command: Command) -> None:
        """Nothing may be the same."""


async def rates(folder: Path, opened: int, people: int) -> dict[str, object]:
    """With `opened` incidents open, as it is and with nothing that looks."""
    async with measured(folder / "likely") as house:
        beside = house.machine.engine.beside
        sees = beside.alike
        beside.alike = Blind()
        await _stock(house, opened)
        await _rest(house)
        without = await _answers(house, people, "before")
        await _rest(house)
        beside.alike = sees
        began = time.perf_counter()
        looking = await _answers(house, people, "now")
        await _rest(house)
        seconds = time.perf_counter() - began
        rows = await house.store.select("reports", {"lane": "answering"}, limit=100_000)
        offered = 0
        for row in rows:
            live = await house.machine.engine.live(text(row, "report"))
            offered += isinstance(live.state, Report) and bool(live.state.alike.offered)
        alone = await _alone(house)
    return {
        f"an answer with {opened:,} incidents open": {
            "p50 ms": _share(looking, 0.5),
            "p99 ms (aim: under 50)": _share(looking, 0.99),
            "p50 ms with nothing that looks": _share(without, 0.5),
            "p99 ms with nothing that looks": _share(without, 0.99),
            "of so many who answered": people,
            "were offered one": offered,
            "all seconds": round(seconds, 2),
            "one look, p50 ms": _share(alone, 0.5),
            "one look, p99 ms": _share(alone, 0.99),
        }
    }


async def _rest(house: Measured) -> None:
    while await house.store.count("outbox", {"kind": "do", "state": "waiting"}):
        await asyncio.to_thread(time.sleep, 0.02)
    while house.machine.leisure.waiting:
        await asyncio.to_thread(time.sleep, 0.02)


async def _alone(house: Measured) -> list[float]:
    """How long one look takes when nobody else wants anything."""
    rows = await house.store.select("reports", {"lane": "answering"}, limit=100)
    times = []
    for row in rows:
        began = time.perf_counter()
        await house.machine.engine.beside.alike.found(text(row, "report"))
        times.append(1000 * (time.perf_counter() - began))
    return times


if __name__ == "__main__":
    size = (500, 20) if "--quick" in sys.argv else (5_000, 200)
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as place:
        found = asyncio.run(rates(Path(place), *size))
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
