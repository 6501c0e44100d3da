"""Seed after seed, on all cores; a seed that breaks a law is told with the word that replays it."""

import argparse
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import structlog

from tests.sim.story import MINUTES, Told, told

CHUNK = 4


@dataclass
class Sum:
    """What came of many seeds."""

    seeds: int = 0
    events: int = 0
    crashes: int = 0
    twice: int = 0
    met: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    broken: list[Told] = field(default_factory=list)

    def add(self, one: Told) -> None:
        """One more."""
        self.seeds += 1
        self.events += one.events
        self.crashes += one.crashes
        self.met += one.met
        self.tags += one.tags
        if one.broken:
            self.broken.append(one)


def quiet() -> None:
    """Whatever the house logs goes to the standard library, where the story listens."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.lastResort = None
    logging.getLogger().setLevel(logging.ERROR)


def lived(seed: int, minutes: int, every: int) -> Told:
    """One seed; each `every`-th is lived twice, and both must leave the same trace."""
    one = told(seed, minutes)
    if every and seed % every == 0 and not one.broken:
        again = told(seed, minutes)
        if again.trace != one.trace:
            one.broken = f"I14 two lives, {one.trace[:12]} and {again.trace[:12]}"
    return one


def run(seeds: Sequence[int], minutes: int = MINUTES, every: int = 100) -> Iterator[Told]:
    """Each seed's story, in order."""
    cores = max(1, os.cpu_count() or 1)
    if len(seeds) == 1 or cores == 1:
        quiet()
        yield from (lived(seed, minutes, every) for seed in seeds)
        return
    with ProcessPoolExecutor(cores, initializer=quiet) as pool:
        rest = ([minutes] * len(seeds), [every] * len(seeds))
        yield from pool.map(lived, seeds, *rest, chunksize=CHUNK)


def main() -> int:
    """Live the seeds that are asked for; 0 when every law held."""
    parser = argparse.ArgumentParser(prog="./dev sim")
    parser.add_argument("first", type=int, help="the first seed")
    parser.add_argument("count", type=int, nargs="?", default=1, help="how many")
    parser.add_argument("--minutes", type=int, default=MINUTES, help="how long each lives")
    parser.add_argument("--every", type=int, default=100, help="live each such seed twice")
    asked = parser.parse_args()
    whole, began = Sum(), time.monotonic()
    for one in run(range(asked.first, asked.first + asked.count), asked.minutes, asked.every):
        whole.add(one)
        if one.broken:
            sys.stdout.write(f"seed {one.seed}: {one.broken}\n  ./dev sim {one.seed}\n")
            sys.stdout.write(f"  {one.faults}\n")
        elif asked.count == 1:
            sys.stdout.write(f"seed {one.seed}: {one.events} events, {one.trace}\n")
        sys.stdout.flush()
    took = time.monotonic() - began
    sys.stdout.write(
        f"{whole.seeds:,} seeds, {whole.events:,} events, {whole.crashes:,} crashes, "
        f"{len(whole.broken)} broken, {whole.seeds / took:.2f} seeds a second\n"
    )
    return 1 if whole.broken else 0


if __name__ == "__main__":
    sys.exit(main())
