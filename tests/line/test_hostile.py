"""Somebody floods the house through Slack: nobody else notices, and Slack is not flooded by us."""

from pathlib import Path

from tests.line.kit import ANA, OUT, TEAM, line
from tests.line.story import begun

MANY = 100


async def test_whoever_floods_is_told_so_once_and_costs_nothing_more(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        before = len(one.slack.calls)
        for number in range(MANY):
            await one.slack.says(OUT, TEAM, f"among ourselves {number}")
        await one.rest()
        assert one.slack.calls[before:] == []
        with one.told(OUT) as told:
            for number in range(MANY):
                await one.slack.says(OUT, TEAM, f"beneath {number}", thread=story.card)
            await one.rest()
        assert len(told) <= 4
        assert "too much at once" in told[-1]
        (told_ana,) = await one.presses(ANA, story.card, "Take")
        assert "yours" in told_ana


async def test_whoever_changes_their_words_hears_why_that_was_not_kept(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await one.slack.says(ANA, TEAM, "A fuse", thread=story.card)
        await one.shown()
        (note,) = (x for x in one.slack.messages(TEAM, story.card) if x.user == ANA)
        with one.told(ANA) as told:
            await one.slack.edits(ANA, note, "x" * 3_000)
            await one.shown()
        assert "Please shorten this" in told[0]


async def test_slack_that_asks_to_wait_with_answers_is_left_alone_so_long(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        wait = {"Retry-After": "30"}
        one.slack.fails("chat.postEphemeral", status=429, error="ratelimited", headers=wait)
        asked = len(one.slack.called("chat.postEphemeral"))
        for words in ("one", "two", "three"):
            await one.slack.says(OUT, TEAM, words, thread=story.card)
            await one.rest()
        assert len(one.slack.called("chat.postEphemeral")) == asked + 1
        await one.advance(6 * 60_000)
        with one.told(OUT) as told:
            await one.slack.says(OUT, TEAM, "four", thread=story.card)
            await one.rest()
        assert "not kept with the incident" in told[0]
