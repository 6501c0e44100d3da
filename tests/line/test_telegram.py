"""The whole line: customer, resource and stakeholders in Telegram, the team in Slack and on the
web at the same time; and everybody in Telegram alone.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from bot.core.incident import Incident
from tests.line.tg import BO, CAL, CREW, FORUM, NEWS, SUE, WAYS, By, Phones, phones
from tests.line.tg_both import Both
from tests.line.tg_story import SITE, WORDS, Story, begun

GOES_ON = "Until somebody goes on"


@pytest.mark.parametrize("by", WAYS)
async def test_an_incident_with_a_team_in_slack_and_all_others_in_telegram(
    tmp_path: Path, by: By
) -> None:
    async with phones(tmp_path, by, slack=True) as one:
        story = Both(one)
        await _guided(story)
        await story.stands("Nobody yet", WORDS)
        await story.followed()
        await story.taken()
        await story.stands("Ana")
        await _worked_on(story)
        await _told(story)
        await _talked(story)
        assert "They sound worried" in one.said(FORUM)
        await story.resolved()
        await story.stands("Resolved")
        await story.agreed()
        await story.stands("Closed")
        await _closed_on_the_web(story)
        # By webhook the next picture only comes once the one before is acknowledged.
        assert [each.field for each in (await one.report()).files] == ["photo"] * 3
        assert not [each.text for each in one.telegram.everything() if one.telegram.alive(each)]


@pytest.mark.parametrize("by", WAYS)
async def test_an_incident_with_everybody_in_telegram(tmp_path: Path, by: By) -> None:
    async with phones(tmp_path, by) as one:
        story = Story(one)
        await story.reported()
        await story.followed()
        await story.taken()
        assert "Ann Reed" in story.card.text
        await _worked_on(story)
        await _told(story)
        await _talked(story)
        await story.ended()
        assert story.now.status == "closed"
        (topic,) = one.telegram.topics(FORUM)
        assert topic.closed
        assert story.now.reference in topic.name
        assert not [each for each in one.telegram.ours(FORUM) if "Asked of" in each.text]
        assert not [each.text for each in one.telegram.everything() if one.telegram.alive(each)]


async def test_what_else_a_team_does_is_asked_question_by_question_in_the_topic(
    tmp_path: Path,
) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        assess = {"How far": "High", "How soon": "High", "urgent": "High", "Why": "Many wait"}
        steps: tuple[tuple[str, Mapping[str, str], str], ...] = (
            ("Take", {}, "Ann Reed"),
            ("Hold", {"Why?": "A part is on order", "Until when": GOES_ON}, "On hold"),
            ("Resume", {}, "In progress"),
            ("Assess", assess, "P1"),
            ("Note", {"What should": "The part is blue"}, "noted:"),
        )
        for label, given, seen in steps:
            await story.until(partial(_says, story, seen), partial(story.form, label, given))
        topic = [each.text for each in one.telegram.messages(FORUM, story.card.thread)]
        assert not [each for each in topic if "Asked of" in each]


def _says(story: Story, words: str, state: Incident) -> bool:
    return words in story.line.said(FORUM)


async def _guided(story: Both) -> None:
    """Cal comes by the link of a site and goes back, leaves out and changes on the way."""
    one, telegram = story.line, story.line.telegram
    await telegram.opens(CAL, telegram.link(SITE))
    await one.shown()
    assert "Power outage" in telegram.ours(CAL)[0].text
    await one.taps(CAL, CAL, "No, everyone is safe")
    await one.says(CAL, WORDS)
    await one.taps(CAL, CAL, "A room or one socket circuit")
    await one.taps(CAL, CAL, "Back")
    await one.taps(CAL, CAL, "A whole floor or flat")
    for fits in ("None of these", "Nothing of that kind"):
        for label in ("Choose", fits, "Done"):
            await one.taps(CAL, CAL, label)
    for _ in ("fuse box", "since when"):
        await one.taps(CAL, CAL, "Skip")
    assert telegram.keyboard(CAL)
    await telegram.keys(CAL, *telegram.keyboard(CAL))
    await one.shown()
    await one.taps(CAL, CAL, "A few people or a team")
    await story.photos()
    await one.taps(CAL, CAL, "Skip")
    await _changed(one)
    await one.taps(CAL, CAL, "Send the report")
    story.state = await one.incident()
    report = await one.report()
    assert len(report.files) == 3
    assert report.known()["how_many"] == "one"
    assert report.known()["power.extent"] == "floor"
    reference = f"Your reference is {report.reference}"
    assert reference in one.said(CAL)


async def _changed(one: Phones) -> None:
    """What was said before is said anew."""
    for label in ("Change", "Affected", "Just me, or one person"):
        await one.taps(CAL, CAL, label)


async def _worked_on(story: Story) -> None:
    await story.worked_on()
    one = story.line
    assert "Bo Lind, done" in story.task.text
    assert "Find and mend the fault: Done" in story.card.text
    assert "Main street" not in one.said(CREW)
    assert "You took task 1" in one.said(BO)
    for told in ("Help is coming", "There is a new time", "Help has arrived"):
        assert told in one.said(CAL)


async def _told(story: Story) -> None:
    await story.told()
    for chat in (NEWS, SUE, CAL):
        assert "An electrician is there" in story.line.said(chat)


async def _talked(story: Story) -> None:
    await story.talked()
    one = story.line
    topic = [each.text for each in one.telegram.messages(FORUM, story.card.thread)]
    assert "It smells of smoke" in "".join(topic)
    assert "Please wait outside" in "".join(topic)
    assert "worried" not in one.said(CAL)
    log = await one.desk.store.events(story.now.stream, 0, 500)
    assert "incident_note_written" in {each.row.tag for each in log}


async def _closed_on_the_web(story: Both) -> None:
    one, state = story.line, story.now
    assert state.status == "closed"
    assert one.site is not None
    ada = await one.site.staff("Ada")
    page = await ada.page(f"/desk/incidents/{state.reference}")
    _, _, log = page.text.rpartition("Timeline")
    for said in (
        "Ana (Triage desk) Taken",
        "Ana (Triage desk) Resources asked: task 2",
        "Bo Lind (Field engineers) Bo Lind claimed task 1",
        "Bo Lind (Field engineers) Bo Lind is done",
        "Ana (Triage desk) Update to everyone",
        "Ana (Triage desk) Note They sound worried",
        "Ana (Triage desk) Resolved",
        "The customer confirmed that it is fixed",
    ):
        assert said in log
    assert "Rated 5 of 5" in page.text
