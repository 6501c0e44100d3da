"""A process with its team in Slack, killed around every press, event and message."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.wiring import House
from tests.line.kit import ANA, BEN, CREW, TEAM, town
from tests.proof.http import points
from tests.proof.http.keeper import Keeper, kept
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, FakeSlack
from tests.slack.faults import Fault
from tests.slack.state import Message

LONGEST = 60
PLACES = f"triage=slack:{TEAM} it_desk=slack:{TEAM} field_crew=slack:{CREW}"


@dataclass
class Killed:
    """One process, one workspace, and what was found to be wrong."""

    keeper: Keeper
    slack: FakeSlack
    kills: int = 0
    wrong: list[str] = field(default_factory=list)

    async def card(self, place: str, *words: str) -> Message:
        """Our card there on which all of this stands."""

        def found() -> Message | None:
            ours = [one for one in self.slack.messages(place) if "bot_id" in one.body]
            every = (one for one in ours if all(word in self.slack.reads(one) for word in words))
            return next(every, None)

        return await self.slack.until(found, LONGEST)

    async def connected(self) -> None:
        await self.slack.until(lambda: self.slack.sockets.sockets, LONGEST)

    async def after_kill(self, life: int) -> None:
        await asyncio.wait_for(self.keeper.after(life), LONGEST)
        await self.connected()
        self.kills += 1

    def once(self, place: str, what: str, *words: str) -> None:
        """There must be one such message and no other."""
        ours = [one for one in self.slack.messages(place) if "bot_id" in one.body]
        count = sum(all(word in self.slack.reads(one) for word in words) for one in ours)
        if count != 1:
            self.wrong.append(f"{what}: {count} messages")

    # --- what they do ----------------------------------------------------------------------

    async def opened(self, words: str) -> None:
        """Ana makes an incident of a message."""
        await self.slack.says(ANA, TEAM, words)
        (said,) = (one for one in self.slack.messages(TEAM) if one.text == words)
        await self.slack.message_shortcut(ANA, said, "incident")
        await self.slack.until(lambda: self.slack.view(ANA), LONGEST)
        await self.slack.submits(ANA, None, {"q.category": "Power outage"})

    async def disturbed(self, point: str, act: Callable[[], Awaitable[object]]) -> None:
        """It is killed at `point` while they do something, which they do once more after it."""
        life = self.keeper.lives
        await self.keeper.asked("light", point=point, count=1)
        await act()
        await self.after_kill(life)
        await act()

    async def held(self, how: Fault, words: str) -> None:
        """It is killed while the card of an incident is on its way."""
        life, let = self.keeper.lives, asyncio.Event()
        how.until = let
        self.slack.server.faults.append(how)
        await self.opened(words)
        await self.slack.until(lambda: how.waiting, LONGEST)
        self.keeper.kill()
        await self.keeper.process.wait()
        let.set()
        await self.after_kill(life)
        await self.card(TEAM, words)


def _first_card() -> Callable[[dict[str, object]], bool]:
    return lambda args: args.get("channel") == TEAM and "metadata" in args


async def _told(one: Killed) -> None:
    slack = one.slack
    await one.connected()
    await one.opened("The lift has stopped")
    card = await one.card(TEAM, "The lift has stopped", "Nobody yet")
    await one.disturbed(points.BEFORE_COMMIT, lambda: slack.presses(ANA, card, "Take"))
    await one.card(TEAM, "The lift has stopped", "Ana")
    await slack.presses(ANA, card, "Ask for resources")
    await slack.until(lambda: slack.view(ANA), LONGEST)
    await slack.submits(ANA, None, {"q.template": "Bring a generator"})
    task = slack.as_seen(await one.card(CREW, "Bring a generator"))
    press = "I am there in 15 minutes"
    await one.disturbed(points.BEFORE_ANSWER, lambda: slack.presses(BEN, task, press))
    await one.card(CREW, "Bring a generator", "Ben")
    await one.card(BEN, "You took task 2")
    life = one.keeper.lives
    await one.keeper.asked("light", point=points.BEFORE_ANSWER, count=1)
    note = await slack.says(ANA, TEAM, "A note", thread=card)
    await one.after_kill(life)
    await slack.deliveries.again(note)
    await one.held(Fault("chat.postMessage", where=_first_card(), drop=True), "It is dark here")
    await one.held(Fault("chat.postMessage", where=_first_card()), "It is cold here")
    await one.keeper.asked("rest")
    one.once(BEN, "the briefing", "You took task 2")
    one.once(CREW, "the task", "Bring a generator")
    for words in ("The lift has stopped", "It is dark here", "It is cold here"):
        one.once(TEAM, words, words)


async def _log(data: Path) -> Counter[str]:
    house = House(data)
    await house.open()
    try:
        every = await house.store.select("incidents", limit=50)
        streams = [str(one["incident"]) for one in every]
        log = [each for one in streams for each in await house.store.events(one, 0, 500)]
        return Counter(one.row.tag for one in log)
    finally:
        await house.stop()


EXPECTED = {
    "incident_opened": 3,
    "incident_taken": 1,
    "task_claimed": 1,
    "incident_note_written": 1,
}


async def killed(folder: Path) -> Killed:
    """Lives through all of it."""
    async with FakeSlack() as slack:
        town(slack)
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "MUSTER_PLACES": PLACES,
        }
        async with kept(folder, settings=settings) as keeper:
            one = Killed(keeper, slack)
            try:
                await _told(one)
            except AssertionError as trouble:
                one.wrong.append(f"{trouble}; {slack.troubles}; its log ends: {keeper.tail()}")
        log = await _log(keeper.data)
        for tag, count in EXPECTED.items():
            if log[tag] != count:
                one.wrong.append(f"{tag}: {log[tag]} times, not {count}")
        one.wrong += slack.violations
        return one
