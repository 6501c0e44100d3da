"""Where a report is seen: the desk's lane, then its incident's card; its person's own view."""

import pytest

from bot.core import report_words as w
from bot.core.events import Event
from bot.core.intents import Show
from tests.workflows.kit import ANA, AT, INCIDENT, REPORT, Story, seat
from tests.workflows.reports import LINKED, SAFE, SENT, personal, report, sent

OWN = ("progress", REPORT, seat())
LANE = ("report", REPORT, "team")
CARD = ("incident", INCIDENT, "team")

SHOWN: list[tuple[Story, Event, list[tuple[object, ...]]]] = [
    (report(), SAFE, [OWN, LANE]),
    (report(), w.MessageReceived(number=1, words=personal("x")), [OWN, LANE]),
    (report(), w.WaitBegan(why="wrote"), [LANE]),
    (report(), LINKED, [OWN, LANE, CARD]),
    (report(LINKED), SAFE, [OWN]),
    (sent(), w.MessageSent(number=1, words=personal("x"), author=ANA), [OWN, CARD]),
    (sent(), w.WaitEnded(began=AT, by=ANA), [OWN, CARD]),
    (sent(), w.NoteWritten(words=personal("x"), author=ANA), []),
]


@pytest.mark.parametrize(("story", "event", "expected"), SHOWN)
def test_each_change_is_shown_where_it_is_seen(
    story: Story, event: Event, expected: list[tuple[object, ...]]
) -> None:
    story.happens(event)
    shown = [one for one in story.wants(Show) if one.card != "asking"]
    assert [(one.card, one.stream, one.place) for one in shown] == expected


def test_a_fresh_report_is_shown_at_once() -> None:
    story = Story("report").happens(*report().events)
    assert [one.card for one in story.wants(Show)] == ["progress", "report", "asking"]


def test_cards_wait_behind_words() -> None:
    story = report().happens(*SENT)
    assert {one.lane for one in story.wants(Show) if one.card != "asking"} == {"card"}
