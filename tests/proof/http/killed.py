"""The thin line with the process killed around every press, beside the same line undisturbed."""

import asyncio
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from tests.proof.http import points
from tests.proof.http.keeper import Keeper
from tests.proof.http.stopped import differences
from tests.proof.http.story import Around, Press, Told, told, undisturbed

LONGEST = 0.03
ALL = range(1, 1_000)
FULL_POINTS = (
    (points.BEFORE_ROWS, 1),
    (points.BEFORE_COMMIT, 1),
    (points.BEFORE_COMMIT, 2),
    (points.BEFORE_ANSWER, 1),
    (points.BEFORE_ANSWER, 2),
    (points.BEFORE_SEND, 1),
    (points.AFTER_SEND, 1),
)

Plan = Callable[[int], tuple[str, int] | None]


def at_points(plan: Plan) -> Around:
    """At the step for which `plan` names a point and a count, the process kills itself there."""

    async def around(keeper: Keeper, step: int, press: Press) -> dict[str, Any]:
        lit = plan(step)
        if lit is None:
            return await press()
        await keeper.asked("light", point=lit[0], count=lit[1])
        answer = await press()
        await keeper.asked("rest")
        await keeper.asked("light", point="", count=0)
        return answer

    return around


def at_random(
    chance: Random, steps: Container[int] = ALL, otherwise: Around = undisturbed
) -> Around:
    """At these steps the process is killed while the press is under way, or just after."""

    async def around(keeper: Keeper, step: int, press: Press) -> dict[str, Any]:
        if step not in steps:
            return await otherwise(keeper, step, press)
        life = keeper.lives
        asyncio.get_running_loop().call_later(chance.uniform(0, LONGEST), keeper.kill)
        answer = await press()
        await keeper.after(life)
        return answer

    return around


@dataclass(frozen=True)
class Result:
    """One disturbed run; `different` is what it left otherwise than the undisturbed one."""

    name: str
    steps: int
    kills: int
    repeats: int
    different: Sequence[str]

    @property
    def line(self) -> str:
        """For people."""
        how = (
            f"{len(self.different)} differences: {self.different[:3]}"
            if self.different
            else ("the same end state")
        )
        return (
            f"{self.name}: killed {self.kills} times in {self.steps} steps, {self.repeats} answers "
            f"were those to a repeat, {how}"
        )


def compared(name: str, plain: Told, disturbed: Told) -> Result:
    """The disturbed run beside the undisturbed one."""
    different = tuple(differences(plain.picture, disturbed.picture))
    return Result(name, disturbed.steps, disturbed.kills, disturbed.repeats, different)


def _always(lit: tuple[str, int], step: int) -> tuple[str, int]:
    return lit


async def prove_points(folder: Path, report: Callable[[str], None]) -> list[Result]:
    """Each point at each step of the line."""
    plain = await told(folder / "undisturbed")
    results = []
    for number, (point, count) in enumerate(FULL_POINTS):
        around = at_points(partial(_always, (point, count)))
        name = point if count == 1 else f"{point}, the {count}nd time that it is passed"
        results.append(compared(name, plain, await told(folder / str(number), around)))
        report(results[-1].line)
    return results


async def prove_line(folder: Path, seeds: int, report: Callable[[str], None]) -> list[Result]:
    """Killed at a random moment of every step, once for each seed."""
    plain = await told(folder / "undisturbed")
    results = []
    for seed in range(seeds):
        disturbed = await told(folder / str(seed), at_random(Random(seed)))
        results.append(compared(f"seed {seed}", plain, disturbed))
        report(results[-1].line)
    return results
