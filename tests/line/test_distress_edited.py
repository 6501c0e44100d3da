"""The net of words hears what is changed, and what stands beneath a picture, on both platforms
(practice 7.1: misses are expected, so it is cast over everything that somebody writes).
"""

from pathlib import Path

from bot.core.report import Report
from tests.line.kit import CAT, Line, line
from tests.line.tg import CAL, Phones, phones
from tests.pictures import picture

SAD = "I want to die"
HARMLESS = "The lamp in the hall is broken"


async def newest(one: Phones | Line) -> Report:
    rows = await one.desk.store.select("reports", limit=50)
    return await one.desk.report(str(rows[-1]["report"]))


async def test_practice_7_1_in_telegram_an_edited_message_is_heard(tmp_path: Path) -> None:
    """practice 7.1: edited_message."""
    async with phones(tmp_path) as one:
        await one.telegram.starts(CAL)
        said = await one.says(CAL, HARMLESS)
        assert (await newest(one)).care.since is None
        await one.telegram.edits(CAL, said, SAD)
        await one.shown()
        assert (await newest(one)).care.since is not None
        assert "You do not have to be alone with it" in one.said(CAL)


async def test_practice_7_1_in_telegram_the_words_beneath_a_photo_are_heard(tmp_path: Path) -> None:
    """practice 7.1: caption."""
    async with phones(tmp_path) as one:
        await one.telegram.starts(CAL)
        await one.says(CAL, HARMLESS)
        await one.telegram.sends(CAL, CAL, content=picture(), caption=SAD)
        await one.shown()
        assert (await newest(one)).care.since is not None


async def test_practice_7_1_in_slack_an_edited_message_is_heard(tmp_path: Path) -> None:
    """practice 7.1: message_changed."""
    async with line(tmp_path) as one:
        await one.writes(CAT, HARMLESS)
        said = [x for x in one.slack.messages(CAT) if x.text == HARMLESS]
        await one.slack.edits(CAT, said[-1], SAD)
        await one.shown()
        assert (await newest(one)).care.since is not None


async def test_practice_7_1_in_slack_the_comment_on_a_file_is_heard(tmp_path: Path) -> None:
    """practice 7.1: file comment, also where it is changed afterwards."""
    async with line(tmp_path) as one:
        await one.writes(CAT, HARMLESS)
        await one.slack.says(CAT, CAT, "Look", files=[("me.jpg", picture())])
        await one.shown()
        assert (await newest(one)).care.since is None
        said = [x for x in one.slack.messages(CAT) if x.text == "Look"]
        await one.slack.edits(CAT, said[-1], SAD)
        await one.shown()
        assert (await newest(one)).care.since is not None
