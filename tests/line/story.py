"""One incident from the first word to the rating, as its people live it.

Where something of theirs came to nothing, they do it once more, as people do.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.core.incident import Incident
from tests.line.kit import ANA, BEN, CREW, NAMES, NEWS, SAM, TEAM, Line
from tests.pages.kit import Visitor
from tests.slack.state import Message

FOLLOW = {"what": "Everything", "least": "However pressing", "when": "At once"}
PATIENCE = 5
"""So often somebody tries before they give up."""


@dataclass
class Story:
    """Carol is on the web, everybody else in Slack. Each method is a chapter, in this order."""

    line: Line
    carol: Visitor
    state: Incident

    @property
    def card(self) -> Message:
        """The triage card."""
        return self.line.card(TEAM, self.state.reference)

    @property
    def task(self) -> Message:
        """The card of the first task."""
        return self.line.card(CREW, f"{self.state.reference}, task 1")

    async def look(self) -> Incident:
        """The incident as it is now."""
        self.state = await self.line.state(self.state.stream)
        return self.state

    async def _until(
        self, reached: Callable[[Incident], object], act: Callable[[], Awaitable[object]]
    ) -> None:
        for _ in range(PATIENCE):
            if reached(await self.look()):
                return
            await act()
        assert reached(await self.look()), self.line.slack.ephemerals(ANA)[-1:]

    async def followed(self) -> None:
        """Sam follows alone, and has the news channel follow."""
        for number, where in enumerate(WHERE, 1):
            for _ in range(PATIENCE):
                if await self._followers() >= number:
                    break
                await self.line.advance(2_000)
                await self.line.types(SAM, "subscribe", NEWS)
                if (view := self.line.slack.view(SAM)) is None:
                    continue
                if "q.where" not in str(view.blocks):
                    # It could not be seen just now who Sam is.
                    await self.line.slack.closes(SAM)
                    continue
                await self.line.sends(SAM, **FOLLOW, where=where)
            assert await self._followers() == number

    async def _followers(self) -> int:
        return await self.line.desk.store.count("subscriptions", {})

    async def taken(self) -> None:
        """Ana takes it and asks for another pair of hands."""
        line = self.line
        await self._until(lambda now: now.owner, lambda: line.presses(ANA, self.card, "Take"))
        await self._until(
            lambda now: len(now.tasks) == 2,
            lambda: line.fills(ANA, self.card, "Ask for resources", template="Bring a generator"),
        )

    async def worked_on(self) -> None:
        """Ben claims the first task, goes there, and does it."""
        line = self.line
        for step, label in enumerate(("I am there in 15 minutes", "On the way", "On site")):
            reached = partial(_past, step)
            await self._until(reached, partial(self._ben, label))
        await self._until(
            partial(_past, 3),
            lambda: line.fills(BEN, self.task, "Done", note="A fuse had blown"),
        )

    async def _ben(self, label: str) -> None:
        await self.line.presses(BEN, self.task, label)

    async def told(self, words: str = "An electrician is there") -> None:
        """Ana publishes an update."""
        given = {"words": words, "audience": "Everyone", "next": "in 1 hour"}
        count = (await self.look()).updates + 1
        await self._until(
            lambda now: now.updates == count,
            lambda: self.line.fills(ANA, self.card, "Update", **given),
        )

    async def talked(self) -> None:
        """Carol writes, the team talks about it in the thread, and Ana answers her."""
        line = self.line
        await self.carol.did("write_message", words="It smells of smoke <!channel>")
        await line.shown()
        await line.slack.says(ANA, TEAM, "She sounds worried", thread=self.card)
        await line.shown()
        for _ in range(PATIENCE):
            if "wait outside" in str(await self.carol.state()):
                break
            await line.fills(ANA, self.card, "Reply", words="Please wait outside")

    async def ended(self) -> None:
        """Ana resolves it, and Carol agrees and says how it was."""
        line = self.line
        left = [f"{one.number}: Bring a generator" for one in (await self.look()).tasks[1:]]
        await self._until(
            lambda now: now.resolved_at,
            lambda: line.fills(ANA, self.card, "Resolve", note="New fuse", call_off=left),
        )
        await self.carol.did("answer_fixed", fixed=True)
        await self.carol.did("rate_service", score=5)
        await line.shown()
        await self.look()

    @property
    def chapters(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """All of it, one after the other."""
        return self.followed, self.taken, self.worked_on, self.told, self.talked, self.ended

    async def picture(self) -> list[str]:
        """All that happened and all that stands anywhere, without what is another each time."""
        line = self.line
        log = await line.desk.store.events(self.state.stream, 0, 500)
        kinds = Counter(one.row.tag for one in log)
        found = [f"event {kind}: {'x' * count}" for kind, count in kinds.items()]
        for place in (TEAM, CREW, NEWS):
            for card in line.cards(place):
                said = [line.reads(card), *(f"  {one}" for one in sorted(line.beneath(card)))]
                found.append(f"{place}: " + "\n".join(said))
        found += [f"{who}: {said}" for who in NAMES for said in line.delivered(who)]
        letters = (await self.carol.state())["letters"]
        found += [f"carol: {one.get('text')}" for one in letters]
        return sorted(_plain(one, self.state) for one in found)


WHERE = ("To me alone, in a direct message", "Here, for everybody in this place")


def _past(step: int, state: Incident) -> bool:
    """Whether somebody is further with the first task than its `step`th status."""
    return any(STEPS.index(one.status) >= step for one in state.tasks[0].places)


STEPS = ("claimed", "en_route", "on_site", "done")


def _plain(said: str, state: Incident) -> str:
    said = re.sub(r"\b[NR]-[0-9A-Z]{3}-[0-9A-Z]{4}\b", "REF", said)
    return re.sub(r"\d+", "0", said.replace("\u202fAM", "").replace("\u202fPM", ""))


async def begun(line: Line) -> Story:
    """Carol has reported."""
    carol, state = await line.incident()
    return Story(line, carol, state)
