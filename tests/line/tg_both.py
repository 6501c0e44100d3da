"""The same incident with its team in Slack and on the web, while everybody else is in Telegram."""

from tests.line.kit import ANA, TEAM
from tests.line.tg import CAL, FORUM
from tests.line.tg_story import Story
from tests.slack.state import Message

UPDATE = {"words": "An electrician is there", "audience": "Everyone", "next": "in 1 hour"}


class Both(Story):
    """What Ann does in `Story` Ana does in Slack."""

    @property
    def slack_card(self) -> Message:
        """The triage card in Slack."""
        return self.line.team.card(TEAM, self.now.reference)

    async def taken(self) -> None:
        """Ana takes it and asks for another pair of hands."""
        team = self.line.team
        await team.presses(ANA, self.slack_card, "Take")
        more = "Ask for resources"
        await team.fills(ANA, self.slack_card, more, template="Bring a generator")
        assert len((await self.look()).tasks) == 2

    async def told(self) -> None:
        """Ana publishes an update."""
        await self.line.team.fills(ANA, self.slack_card, "Update", **UPDATE)
        assert (await self.look()).updates == 1

    async def talked(self) -> None:
        """Cal writes, the team talks about it in the thread, and Ana answers."""
        line = self.line
        await line.says(CAL, "It smells of smoke")
        assert line.slack is not None
        await line.slack.says(ANA, TEAM, "They sound worried", thread=self.slack_card)
        await line.shown()
        await line.team.fills(ANA, self.slack_card, "Reply", words="Please wait outside")
        assert "wait outside" in line.said(CAL)

    async def resolved(self) -> None:
        """Ana resolves it."""
        left = [f"{one.number}: Bring a generator" for one in (await self.look()).tasks[1:]]
        await self.line.team.fills(ANA, self.slack_card, "Resolve", note="New fuse", call_off=left)
        assert (await self.look()).resolved_at

    async def ended(self) -> None:
        """Ana resolves it, and Cal agrees and says how it was."""
        await self.resolved()
        await self.agreed()

    async def stands(self, *words: str) -> None:
        """All of this is on the card in Slack, on the one in the topic, and on the desk."""
        assert self.line.site is not None
        card = self.line.team.reads(self.slack_card)
        page = await self.line.site.staff(f"Looker {self.line.clock.now()}")
        desk = (await page.page(f"/desk/incidents/{self.now.reference}")).text
        (topic,) = self.line.cards(FORUM, self.now.reference, "Who has it")
        assert topic.thread
        for word in words:
            assert word in card, (word, card)
            assert word in topic.text, (word, topic.text)
            assert word.casefold() in desk.casefold(), (word, desk)
