"""Help now on whatever a customer or a follower sees in Telegram and Slack (practice 7.1)."""

import json
from pathlib import Path

from bot.core.report_words import ReplyToCustomer
from tests.line.kit import CAT, LOBBY, line
from tests.line.tg import CAL, Phones, phones
from tests.line.tg_story import SITE

LABEL = "I need help now"
SCREEN = "You are not alone"
"""Where the button leads."""
MINUTE = 60_000


def bare(one: Phones, user: int) -> list[str]:
    """What we say to them without the button."""
    ours = one.telegram.ours(user)
    return [x.text for x in ours if LABEL not in x.labels and SCREEN not in x.text]


async def test_practice_7_1_every_message_in_telegram_has_help_beneath_it(tmp_path: Path) -> None:
    """practice 7.1: questions, answers, confirmations, errors, "I did not understand", updates."""
    async with phones(tmp_path) as one:
        await one.telegram.starts(CAL, SITE)
        await one.shown()
        for said in ("/find nothing", "/status", "/stop", "/language", "/subscribe N-XXX", "?"):
            await one.says(CAL, said)
        await one.says(CAL, "/subscribe")
        await one.says(CAL, "/cancel")
        await one.taps(CAL, CAL, "I want a person")
        await one.advance(MINUTE)
        await one.says(CAL, "Is anybody there?")
        report = await one.report()
        assert report.incident is not None
        await one.desk.join("ana")
        await one.desk.done(ReplyToCustomer(report=report.stream, words="Yes, I am here"), "ana")
        await one.shown()
        assert one.cards(CAL, "Yes, I am here")
        assert len(one.telegram.ours(CAL)) > 8
        assert bare(one, CAL) == []


async def test_practice_7_1_in_telegram_it_is_pressed_on_plain_words_and_leads_there(
    tmp_path: Path,
) -> None:
    """practice 7.1: a button beneath words works as one on a card does."""
    async with phones(tmp_path) as one:
        await one.telegram.starts(CAL, SITE)
        await one.says(CAL, "/find nothing")
        said = one.telegram.ours(CAL)[-1]
        await one.taps(CAL, said, LABEL)
        assert "116 123" in one.card(CAL, SCREEN).text


def shows(blocks: object) -> bool:
    said = json.dumps(blocks)
    return LABEL in said or SCREEN in said


async def test_practice_7_1_in_slack_words_and_windows_have_it_too(tmp_path: Path) -> None:
    """practice 7.1: what only they see, what is said alone, and the window that they fill in."""
    async with line(tmp_path) as one:
        await one.types(CAT, "find nothing", LOBBY)
        assert all(shows(each.blocks) for each in one.slack.ephemerals(CAT))
        await one.types(CAT, "report", LOBBY)
        view = one.slack.modal(CAT)
        assert shows(view.blocks)
        await one.slack.presses(CAT, view, LABEL)
        await one.rest()
        top = one.slack.modal(CAT)
        assert "116 123" in json.dumps(top.blocks), "on top of what they were filling in"
        await one.writes(CAT, "SOS")
        assert "116 123" in one.direct(CAT)[-1]
        await one.writes(CAT, "Everything is dark here and I do not know what to do")
        await one.advance()
        assert [one.reads(each) for each in one.cards(CAT) if not shows(each.blocks)] == []
