"""Chance by seed, and what a seed may do to its world."""

import random
from dataclasses import dataclass

from bot.core.ids import Millis


class Chance(random.Random):
    """One stream of chance; `part` gives another that depends on the seed and its name alone."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def part(self, name: str) -> "Chance":
        """A stream of its own, so that what one draws does not move another."""
        return Chance(f"{self.name}/{name}")

    def happens(self, share: float) -> bool:
        """True in this share of the cases; draws nothing where it cannot be."""
        return share > 0 and self.random() < share


@dataclass(frozen=True, slots=True)
class Faults:
    """How much of each kind of trouble a world has; shares of one, times in milliseconds."""

    disk_slow: Millis = 0
    disk_down: float = 0.0
    lost: float = 0.0
    doubled: float = 0.0
    late: Millis = 0
    platform: float = 0.0
    storms: float = 0.0
    crashes: int = 0
    clock: bool = False

    @classmethod
    def of(cls, chance: Chance) -> "Faults":
        """A random part of them: each alone, and some together, is what finds most."""

        def some(share: float, most: float) -> float:
            return chance.random() * most if chance.random() < share else 0.0

        return cls(
            disk_slow=round(some(0.7, 40)),
            disk_down=some(0.3, 0.02),
            lost=some(0.6, 0.25),
            doubled=some(0.6, 0.2),
            late=round(some(0.5, 20_000)),
            platform=some(0.6, 0.25),
            storms=some(0.3, 1.0),
            crashes=chance.choice((0, 0, 1, 2, 4)),
            clock=chance.random() < 0.2,
        )
