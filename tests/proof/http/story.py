"""The thin line in four browsers: from a customer's first word to closed and rated.

Each step is one press with an id of its own. What happens around a press (a kill, a fuse) is
the business of whoever drives the story.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pages.kit import Page
from tests.proof.http.claims import POWER
from tests.proof.http.keeper import KILLED, Keeper, kept
from tests.proof.http.people import Browser, Customer, customer, joined, staff
from tests.proof.http.stopped import masked, picture, plain

Press = Callable[[], Awaitable[dict[str, Any]]]
Around = Callable[[Keeper, int, Press], Awaitable[dict[str, Any]]]


async def undisturbed(keeper: Keeper, step: int, press: Press) -> dict[str, Any]:
    """Nothing happens around the presses."""
    return await press()


@dataclass
class Story:
    """Customer, agent, who approves, resource, a reader of the status page; `steps` so far."""

    keeper: Keeper
    around: Around
    customer: Customer
    agent: Browser
    second: Browser
    resource: Browser
    reader: Browser
    steps: int = 0
    repeats: int = 0

    async def did(self, who: Browser, do: str, **fields: Any) -> None:
        """One press; done, and everything that follows from it carried out."""
        self.steps += 1
        source = f"step-{self.steps:06d}"
        answer = await self.around(self.keeper, self.steps, lambda: who.press(source, do, **fields))
        assert answer["outcome"] == "done", (do, answer)
        self.repeats += answer["repeat"]
        await self.keeper.asked("rest")

    async def told(self) -> str:
        """The status page as everybody sees it."""
        return masked((await self.reader.page("/status")).text)

    async def intake(self) -> None:
        """The customer is guided through the report."""
        await self.did(self.customer, "begin_report")
        while (question := (await self.customer.state())["report"]["question"]) is not None:
            key = question["key"]
            if key in POWER:
                await self.did(self.customer, "answer_question", field=key, value=POWER[key])
            else:
                await self.did(self.customer, "skip_question", field=key)
        await self.did(self.customer, "confirm_summary")

    async def triage(self) -> dict[str, str]:
        """The agent sees it, takes it, talks with the customer; returns what it is called."""
        (line,) = (await self.agent.page("/desk")).all("article")
        incident = {"incident": line["data-id"]}
        await self.did(self.agent, "acknowledge_incident", **incident)
        await self.did(self.agent, "take_incident", **incident)
        await self.did(self.agent, "assess_incident", **incident, impact="medium", urgency="high")
        report = {"report": (await self._incident()).fields()["report"]}
        await self.did(self.agent, "reply_to_customer", **report, words="Is the lift standing?")
        await self.did(self.customer, "write_message", words="Yes, but nobody is in it")
        return incident

    async def _incident(self) -> Page:
        links = (await self.agent.page("/desk")).links()
        return await self.agent.page(next(one for one in links if "/desk/incidents/" in one))

    async def help(self, incident: dict[str, str]) -> None:
        """Somebody is asked, comes and mends it."""
        fields = (await self.resource.page("/tasks")).fields()
        task = {**incident, "task": fields["task"]}
        await self.did(self.resource, "claim_task", **task, minutes=15)
        await self.did(self.resource, "revise_eta", **task, minutes=30)
        await self.did(self.resource, "depart", **task)
        await self.did(self.resource, "arrive", **task)
        await self.did(self.resource, "complete_task", **task, note="Fuse replaced")

    async def updates(self, incident: dict[str, str]) -> None:
        """The public, once a second person has read it, and the customers hear how it stands."""
        for audience in ("public", "reporters"):
            words = f"The power is out in Main street, as the {audience} should know."
            fields = {"words": words, "audience": audience, "next_in": "30"}
            await self.did(self.agent, "publish_update", **incident, **fields)
            if audience == "public":
                assert words not in await self.told()
                await self.did(self.second, "approve_update", **incident, draft=1, version=1)
                assert words in await self.told()

    async def end(self, incident: dict[str, str]) -> None:
        """Resolved, confirmed, closed, rated."""
        await self.did(self.agent, "resolve_incident", **incident, note="A fuse was replaced")
        await self.did(self.customer, "answer_fixed", fixed=True)
        await self.did(self.customer, "rate_service", score=5, words="Quick and kind")

    async def tell(self) -> list[str]:
        """All of it; returns the status page after each stage."""
        seen = [await self.told()]
        await self.intake()
        seen.append(await self.told())
        incident = await self.triage()
        seen.append(await self.told())
        for stage in (self.help, self.updates, self.end):
            await stage(incident)
            seen.append(await self.told())
        return seen


@dataclass(frozen=True)
class Told:
    """How a story went, and what it left behind."""

    picture: dict[str, Any]
    steps: int
    repeats: int
    kills: int


async def told(folder: Path, around: Around = undisturbed) -> Told:
    """The story on a process of its own."""
    async with kept(folder) as keeper:
        story = Story(
            keeper,
            around,
            await customer(keeper),
            await joined(keeper, keeper.link, "Ana Smith"),
            await staff(keeper, "Sue Hall", "supervisor"),
            await staff(keeper, "Ben Jones", "resource"),
            Browser(keeper),
        )
        pages = await story.tell()
        shown = plain(await story.customer.state())
        checked = await keeper.asked("verify")
        assert checked["sound"], checked
    left = {"pages": pages, "chat": shown, **await picture(keeper.data)}
    return Told(left, story.steps, story.repeats, keeper.ends.count(KILLED))
