"""A distress call in Telegram, through the real house and the fake platform (practice 7)."""

from pathlib import Path

from tests.line.tg import CAL, FORUM, phones
from tests.line.tg_story import SITE

MINUTE = 60_000
SAD = "I want to die tonight"


async def test_practice_7_in_telegram_one_press_shows_the_numbers_and_one_more_calls_a_person(
    tmp_path: Path,
) -> None:
    """practice 7.1 to 7.3, golden: on every question; the team's group never shows it."""
    async with phones(tmp_path) as one:
        await one.telegram.starts(CAL, SITE)
        await one.shown()
        await one.taps(CAL, CAL, "I need help now")
        shown = one.card(CAL, "You are not alone")
        assert "999" in shown.text
        assert "116 123" in shown.text
        assert not await one.desk.store.select("incidents", limit=1), "nothing was asked or sent"
        await one.taps(CAL, shown, "I cannot go on, I want to talk")
        report, incident = await one.report(), await one.incident()
        assert report.care.asked
        assert not report.asking
        assert (incident.visibility, incident.priority) == ("restricted", "P1")
        assert "You do not have to be alone with it" in one.said(CAL)
        await one.says(CAL, SAD)
        await one.advance(10 * MINUTE)
        await one.shown()
        assert [x.cause for x in (await one.incident()).alarms] == ["distress"], "still calling"
        for words in (SAD, "die", "distress", incident.reference):
            assert words not in one.said(FORUM)
        last = one.telegram.ours(CAL)[-1]
        assert "I need help now" in [
            label for message in one.telegram.ours(CAL) for label in message.labels
        ]
        assert last.text
