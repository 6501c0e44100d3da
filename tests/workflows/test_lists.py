"""Lists as data: what each state stands for, and nothing for those whom no list shows."""

from typing import Any

import pytest

from bot.core import desk_words
from bot.core import person_words as pw
from bot.core import report_words as w
from bot.core.events import Erased, Event
from bot.core.personal import Personal
from bot.core.rows import Findable, ListRow
from bot.store.tables import TABLES
from bot.workflows.lists import LISTS
from tests.workflows.kit import (
    ANA,
    AT,
    CUSTOMER,
    INCIDENT,
    MINUTE,
    PERSON,
    REPORT,
    Story,
    seat,
)
from tests.workflows.reports import (
    CONFIRMED,
    LINKED,
    POWER,
    SAFE,
    SUBJECT,
    WHAT,
    closed,
    confirming,
    personal,
    press,
    report,
    sent,
)
from tests.workflows.test_people import CHAT, HERE, INVITED, JOINED, MET, OWN

HELLO = w.MessageReceived(number=1, words=personal("Hello?"))
ANSWER = w.MessageSent(number=2, words=personal("I am coming."), author=ANA)
QUIET = w.IntakeLeft(why="quiet")


def rows(story: Story, table: str = "") -> list[Any]:
    """Rows of `table`, or what can be found."""
    listed = list(LISTS[story.kind](story.state))
    if not table:
        return [one for one in listed if isinstance(one, Findable)]
    return [one for one in listed if isinstance(one, ListRow) and one.table == table]


ALL_STORIES = [
    report(),
    sent(),
    closed(),
    Story("person", MET, HERE),
    Story("person", INVITED, JOINED),
]


@pytest.mark.parametrize("story", ALL_STORIES)
def test_every_row_fits_its_table(story: Story) -> None:
    for one in LISTS[story.kind](story.state):
        if isinstance(one, ListRow):
            table = TABLES[one.table]
            assert set(table.key) <= set(one.columns)
            assert set(one.columns) <= set(table.columns)
            assert (one.body is not None) <= ("body" in table.columns)


def test_a_report_is_found_by_its_reference_which_nobody_else_may_have() -> None:
    (row,) = rows(report(), "refs")
    assert (row.columns, row.new) == ({"reference": "R-222-2222", "stream": REPORT}, True)


LANES: list[tuple[Story, str, int]] = [
    (report(), "answering", 0),
    (report(SAFE, QUIET), "quiet", 0),
    (report(SAFE, QUIET, WHAT), "answering", 0),
    (report(SAFE, LINKED), "", 0),
    (sent(), "", 0),
    (sent(w.WaitEnded(began=AT, by=ANA), HELLO), "waiting", 0),
    (sent(HELLO, ANSWER), "", 0),
    (report(SAFE, LINKED, w.WaitBegan(why="asked")), "waiting", 0),
    (report(SAFE, HELLO), "answering", 0),
    (confirming(), "", 0),
    (confirming(CONFIRMED), "", 0),
    (closed(), "", 1),
    (report(w.ReportWithdrawn(why="cancelled")), "", 1),
]


@pytest.mark.parametrize(("story", "lane", "settled"), LANES)
def test_unfinished_reports_and_those_who_want_an_answer_stand_in_a_lane_of_the_desk(
    story: Story, lane: str, settled: int
) -> None:
    (row,) = rows(story, "reports")
    assert (row.columns["lane"], row.columns["settled"]) == (lane, settled)


def test_the_line_of_a_report_says_who_where_and_who_waits() -> None:
    story = press(report(SAFE, POWER).later(MINUTE), w.WriteMessage(words="Hello?"))
    story.happens(LINKED)
    (row,) = rows(story, "reports")
    assert row.columns["person"] == CUSTOMER
    assert row.columns["seat"] == seat().key
    assert row.columns["incident"] == INCIDENT
    assert row.columns["touched_at"] == AT + MINUTE
    body = row.body
    assert (body.category, body.messages, body.unseen) == ("power", 1, 1)
    assert (body.waiting_since, body.waiting_for) == (AT + MINUTE, "wrote")


def test_what_a_person_told_of_themselves_can_be_found_until_it_is_erased() -> None:
    story = report(SAFE, WHAT, POWER)
    assert rows(story) == [Findable(field="answer:what", words=personal("The lights went out."))]
    assert rows(story.happens(Erased(subject=SUBJECT, classes=(), through=4))) == []


def test_customers_are_in_no_list_of_people() -> None:
    assert list(LISTS["person"](Story("person", MET).state)) == []


def test_an_invitation_is_found_by_the_hash_of_its_token() -> None:
    (row,) = rows(Story("person", INVITED), "people")
    assert row.columns == {
        "person": PERSON,
        "roles": "agent",
        "disabled": 0,
        "invitation": "t" * 64,
    }


def test_who_has_joined_is_listed_by_name_and_known_by_identity() -> None:
    story = Story("person", INVITED, JOINED)
    (row,) = rows(story, "people")
    assert (row.body.name, row.columns["invitation"]) == (Personal(OWN, "Ana"), None)
    (identity,) = rows(story, "identities")
    assert identity.columns == {
        "identity": Personal(OWN, "hash of ana"),
        "person": PERSON,
        "subject": OWN,
    }


def test_who_was_disabled_stays_on_the_list() -> None:
    (row,) = rows(Story("person", INVITED, JOINED, pw.PersonDisabled()), "people")
    assert (row.columns["disabled"], row.columns["roles"]) == (1, "")


SUBSCRIBED: list[tuple[list[Event], list[int]]] = [
    ([HERE], [1]),
    ([HERE, CHAT], [1, 2]),
    ([HERE, CHAT, pw.Unsubscribed(number=1)], [2]),
    ([HERE, Erased(subject=OWN, classes=(), through=2)], []),
]


@pytest.mark.parametrize(("events", "numbers"), SUBSCRIBED)
def test_each_subscription_has_a_row_with_the_place_to_send_to(
    events: list[Event], numbers: list[int]
) -> None:
    found = rows(Story("person", MET, *events), "subscriptions")
    assert [one.columns["number"] for one in found] == numbers
    assert all(one.body == seat(PERSON, one.columns["channel"]) for one in found)


def test_erased_identities_are_in_no_row() -> None:
    gone = Erased(subject=OWN, classes=(), through=2)
    assert rows(Story("person", INVITED, JOINED, gone), "identities") == []


def test_the_desk_itself_is_in_no_list() -> None:
    desk = Story("desk", desk_words.PlaybookAdopted(version="abc", name="default.toml"))
    assert list(LISTS["desk"](desk.state)) == []
