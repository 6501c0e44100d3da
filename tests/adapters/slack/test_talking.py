"""A report in a direct conversation and the team's thread, through Slack as it is: the real client,
the real Bolt and a Slack that refuses what Slack refuses.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters.slack.receive import INCIDENT
from bot.core.commands import Place
from bot.places import Where
from bot.wiring import House, SystemClock
from tests.adapters.slack.ears import slack_by, slack_in
from tests.slack.fake import FakeSlack
from tests.slack.state import Message

STORY = "The lights went out and <!channel> the lift has stopped."
SPEED = 10
TEAM, CAROL, ANA, BOB = "C1", "U1", "U2", "U3"


class Hurried:
    """Time that goes ten times as fast, so that nobody waits for the pace of a channel."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._began, self._at = self._real.ticks(), self._real.now()

    def ticks(self) -> float:
        return self._began + (self._real.ticks() - self._began) * SPEED

    def now(self) -> int:
        return self._at + round((self._real.ticks() - self._began) * SPEED * 1000)

    async def wait_until(self, at: int) -> None:
        await self._real.wait_until(self._real.now() + max(0, at - self.now()) // SPEED)


@asynccontextmanager
async def slack(folder: Path) -> AsyncIterator[FakeSlack]:
    """A workspace with a team's channel; whoever is in it is an agent."""
    async with FakeSlack(pace=False) as fake:
        fake.user(CAROL, "Carol")
        fake.user(ANA, "Ana")
        fake.user(BOB, "Bob", guest="single")
        fake.channel(TEAM, members=[ANA, BOB])
        team = (Place("slack", TEAM),)
        where = Where(places={"triage": team, "it_desk": team})
        house = House(folder, chats=[slack_by(fake.api_url)], where=where)
        house.clock = Hurried()
        try:
            await house.open()
            await house.start()
            socket = slack_in(house).socket
            assert socket is not None
            await socket.idle()
            yield fake
            assert fake.violations == []
        finally:
            await house.stop()


def showing(fake: FakeSlack, channel: str, words: str) -> Message | None:
    """The newest message there in which these words stand."""
    found = [one for one in fake.messages(channel) if words in fake.reads(one)]
    return found[-1] if found else None


async def shown(fake: FakeSlack, channel: str, words: str) -> Message:
    """The same, as soon as it is there."""
    found = await fake.until(lambda: showing(fake, channel, words))
    assert found is not None
    return found


async def test_a_customer_reports_and_the_teams_thread_has_it(tmp_path: Path) -> None:
    async with slack(tmp_path) as fake:
        await fake.says(CAROL, CAROL, STORY)
        question = await shown(fake, CAROL, "is anyone in danger")
        await fake.presses(CAROL, question, "No, everyone is safe")
        question = await shown(fake, CAROL, "What can we do for you?")
        await fake.presses(CAROL, question, "Something is broken or wrong")
        question = await shown(fake, CAROL, "What is it about?")
        await fake.presses(CAROL, question, "Something else, or not sure")
        await shown(fake, CAROL, "Where is it?")
        await fake.says(CAROL, CAROL, "12 Mill Lane")
        for words in ("Who is affected?", "a photo or a file", "On which number"):
            await fake.presses(CAROL, await shown(fake, CAROL, words), "Skip")
        await fake.presses(CAROL, await shown(fake, CAROL, "Is this right?"), "Send the report")
        await shown(fake, CAROL, "Thank you, we have your report.")
        card = await shown(fake, TEAM, "Who has it")
        await fake.says(CAROL, CAROL, "Any news?")
        await fake.until(lambda: "Any news?" in str(fake.messages(TEAM, card)))
        assert "Carol" not in str(fake.messages(TEAM, card))

        await fake.says(ANA, TEAM, "The fuse is gone.", thread=card)
        await fake.says(BOB, TEAM, "I am only looking.", thread=card)
        await fake.until(lambda: fake.ephemerals(BOB))
        assert "is not kept with the incident" in fake.reads(fake.ephemerals(BOB)[-1])
        assert not any("fuse" in fake.reads(one) for one in fake.messages(CAROL))

        await fake.says(CAROL, CAROL, "", files=(("meter.txt", b"It says 0000"),))
        await fake.until(lambda: "meter.txt" in str(fake.messages(TEAM, card)))
        await fake.presses(ANA, await shown(fake, TEAM, "Who has it"), "Who is it?")
        await fake.until(lambda: fake.ephemerals(ANA))
        assert fake.reads(fake.ephemerals(ANA)[-1]).endswith(": Carol")
        assert "Carol" not in str(fake.messages(TEAM) + fake.messages(TEAM, card))


async def test_a_message_becomes_an_incident_in_a_window(tmp_path: Path) -> None:
    async with slack(tmp_path) as fake:
        await fake.says(ANA, TEAM, "The boiler room is flooded.")
        message = await shown(fake, TEAM, "flooded")
        await fake.message_shortcut(ANA, message, INCIDENT)
        view = fake.modal(ANA)
        assert "Where it was written" in fake.reads(view)
        told = await fake.submits(ANA, given={"What is it about?": "Power outage"})
        assert told.ok
        assert fake.view(ANA) is None
        card = await shown(fake, TEAM, "Who has it")
        assert "The boiler room is flooded." in fake.reads(card)
