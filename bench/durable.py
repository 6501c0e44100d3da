"""Durable events: how many per second, how long each takes, beside the same rows in bare SQLite."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.house import Measured, shuffled
from bench.record import keep, recorded, replay
from bot.core.commands import Answer
from bot.core.incident_commands import OpenIncident, WriteIncidentNote
from bot.core.report_words import AskForPerson, ReplyToCustomer, WriteMessage, WriteNote
from bot.store.base import text

STAFF = 64
WORDS = (
    "The lights went out in the whole street about ten minutes ago and the lift is standing "
    "between two floors. Nobody is hurt as far as I can see. Please tell us when somebody comes."
)


@dataclass(frozen=True, slots=True)
class Figures:
    """One run: events per second, percentiles in ms, bare SQLite's seconds, counters per event."""

    events: int
    seconds: float
    cpu: float
    p50: float
    p99: float
    bare: float
    commits: float
    statements: float
    wakes: float

    @property
    def rate(self) -> float:
        """Durable events per second."""
        return self.events / self.seconds

    @property
    def ratio(self) -> float:
        """Of what bare SQLite did with the same rows and batches in the same minute."""
        return self.bare / self.seconds


async def people(house: Measured, count: int) -> None:
    """`count` customers, each with a report that reached a human and so has an incident."""

    async def arrive(number: int) -> None:
        first = await house.ask(WriteMessage(words=WORDS), f"customer{number}")
        await house.ask(AskForPerson(), f"customer{number}")
        house.reports.append(first.data["stream"])

    await _each(arrive, count, 64)
    while await house.store.count("outbox", {"kind": "do", "state": "waiting"}):
        await asyncio.to_thread(time.sleep, 0.02)
    rows = await house.store.select("incidents", limit=count)
    house.incidents = [text(row, "incident") for row in rows]


async def stock(house: Measured, count: int) -> None:
    """`count` more incidents that nobody touches again, opened by the staff at their desks."""

    # One member of staff does one thing at a time, so it takes many to fill a batch.
    for number in range(STAFF):
        await house.hire(f"desk{number}")

    async def open_one(number: int) -> None:
        command = OpenIncident(report=None, category="power")
        answer = await house.ask(command, f"desk{number % STAFF}")
        if answer.outcome != "done":
            raise RuntimeError(f"an incident was refused: {answer.code}")

    await _each(open_one, count, 128)


async def _each(work: Callable[[int], Awaitable[None]], count: int, at_once: int) -> None:
    numbers = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            await work(number)

    await asyncio.gather(*(worker() for _ in range(at_once)))


def errand(house: Measured, chance: Random) -> Awaitable[Answer]:
    """One press of a working day: mostly customers writing, then replies, notes."""
    draw = chance.random()
    number = chance.randrange(len(house.reports))
    if draw < 0.6:
        return house.ask(WriteMessage(words=WORDS), f"customer{number}")
    if draw < 0.8:
        return house.staff(ReplyToCustomer(report=house.reports[number], words=WORDS))
    if draw < 0.9:
        return house.staff(WriteNote(report=house.reports[number], words=WORDS))
    incident = house.incidents[number % len(house.incidents)]
    return house.staff(WriteIncidentNote(incident=incident, words=WORDS))


async def run(house: Measured, at_once: int, errands: int, scratch: Path) -> Figures:
    """`errands` presses, `at_once` of them under way at any time."""
    chance = shuffled(at_once)
    times: list[float] = []

    async def press(number: int) -> None:
        began = time.perf_counter()
        answer = await errand(house, chance)
        times.append(time.perf_counter() - began)
        if answer.outcome != "done":
            raise RuntimeError(f"a press was refused: {answer.code}")

    await _each(press, at_once * 10, at_once)
    times.clear()
    copy = keep(house.folder.database, scratch)
    head = await house.store.head()
    commits, calls = house.store.commits, house.store.calls
    with recorded() as tape:
        cpu, began = time.process_time(), time.perf_counter()
        await _each(press, errands, at_once)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    events = await house.store.head() - head
    bare = await asyncio.to_thread(replay, copy, tape)
    times.sort()
    return Figures(
        events=events,
        seconds=seconds,
        cpu=cpu,
        p50=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        bare=bare,
        commits=(house.store.commits - commits) / events,
        statements=tape.statements / events,
        wakes=(house.store.calls - calls) / events,
    )
