"""Many sign-ins claim one task at the same moment: one gets it, the others hear who."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.incident_events import TaskClaimed
from tests.proof.http.keeper import Keeper, kept
from tests.proof.http.people import Browser, Customer, customer, joined, staff
from tests.proof.http.stopped import every_event, opened, verified

POWER = {
    "safety": "no",
    "kind": "incident",
    "what": "The lights went out",
    "category": "power",
    "power.extent": "floor",
    "power.hazards": ["none"],
    "power.depends": ["none"],
    "where": "Main street 5",
}


async def reported(keeper: Keeper) -> Customer:
    """A customer who has reported a power outage, for which the playbook asks for help."""
    who = await customer(keeper)
    await who.press("begin-report", "begin_report")
    number = 0
    while (question := (await who.state())["report"]["question"]) is not None:
        number += 1
        await answer(who, f"answer-{number:04d}", question["key"])
    assert (await who.press("confirm-it", "confirm_summary"))["outcome"] == "done"
    await keeper.asked("rest")
    return who


async def answer(who: Customer, source: str, key: str) -> dict[str, Any]:
    """Answer the question `key`, or leave it out."""
    if key in POWER:
        return await who.press(source, "answer_question", field=key, value=POWER[key])
    return await who.press(source, "skip_question", field=key)


@dataclass(frozen=True)
class Result:
    """How often each answer was given, and how many claims the log holds."""

    winners: int
    told: int
    others: Counter[str]
    events: int

    def lines(self) -> list[str]:
        """For people."""
        return [
            (
                f"{self.winners + self.told + self.others.total()} sign-ins, each by a link and "
                "with a cookie of its own, claim one task over connections that are already open"
            ),
            (
                f"{self.winners} winner, {self.told} answers naming the winner, "
                f"{self.others.total()} other answers"
            ),
            f"claims in the log: {self.events}; `muster verify` sound",
        ]


async def prove(folder: Path, count: int) -> Result:
    """The whole run."""
    async with kept(folder) as keeper:
        # The first account has every role, and every account needs a link.
        await joined(keeper, keeper.link, "Ana Smith")
        await reported(keeper)
        names = [f"Engineer {number} of {count}" for number in range(1, count + 1)]
        people = [await staff(keeper, name, "resource") for name in names]
        fields = (await people[0].page("/tasks")).fields()
        place = {"incident": fields["incident"], "task": fields["task"]}
        answers = await _at_once(people, place)
    async with opened(keeper.data) as house:
        claims = sum(one.row.tag == TaskClaimed.tag for one in await every_event(house))
    await verified(keeper.data)
    return _counted(names, answers, claims)


async def _at_once(people: list[Browser], place: dict[str, str]) -> list[dict[str, Any]]:
    gate = asyncio.Event()

    async def claim(number: int, who: Browser) -> dict[str, Any]:
        await who.page("/tasks")
        await gate.wait()
        return await who.press(f"claim-{number:05d}", "claim_task", **place, minutes=15)

    claims = [asyncio.create_task(claim(n, who)) for n, who in enumerate(people)]
    for who in people:
        await who.wire.open()
    gate.set()
    return await asyncio.gather(*claims)


def _counted(names: list[str], answers: list[dict[str, Any]], claims: int) -> Result:
    outcomes = [one["outcome"] for one in answers]
    winner = names[outcomes.index("done")]
    losers = [one for one in answers if one["outcome"] != "done"]
    told = [one for one in losers if one["text"].startswith(f"{winner} took it at ")]
    others = Counter(one["text"] for one in losers if one not in told)
    return Result(outcomes.count("done"), len(told), others, claims)
