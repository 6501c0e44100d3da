"""A way back by mail: left by the person, used once, for half an hour, not without end."""

import pytest

from bot.core import report_words as w
from bot.core import way_back_words as b
from bot.core.commands import SYSTEM, Actor
from bot.core.events import Event
from bot.core.intents import Say
from bot.core.personal import Personal
from bot.core.places import Seat
from tests.workflows.kit import ANA_ACTS, AT, CUSTOMER_ACTS, DAY, MINUTE, REPORT, Story, names
from tests.workflows.reports import SUBJECT, sent

SEAT = Seat(
    channel="post", key=Personal(SUBJECT, "key"), address=Personal(SUBJECT, "anna@example.org")
)
LEFT = b.MailKept(seat=SEAT)
LINK = Personal(SUBJECT, "https://desk/chat#back=secret")
OUT = b.WayBackMailed(token="hash", link=LINK, until=AT + 30 * MINUTE)
KEEP = b.KeepMail(channel="post", address="anna@example.org", key="key")
SEND = b.MailWayBack(report=REPORT, link="https://desk/chat#back=secret", token="hash")
SPEND = b.SpendWayBack(report=REPORT, token="hash")
SPENT = b.WayBackSpent()


@pytest.mark.parametrize(
    ("before", "command", "by", "after"),
    [
        ((), KEEP, CUSTOMER_ACTS, ["MailKept"]),
        ((), KEEP.model_copy(update={"address": "nobody"}), CUSTOMER_ACTS, "email"),
        ((), KEEP, ANA_ACTS, "not_found"),
        ((), SEND, SYSTEM, "not_yet"),
        ((LEFT,), SEND, SYSTEM, ["WayBackMailed"]),
        ((LEFT,), SEND, CUSTOMER_ACTS, "not_allowed"),
        ((LEFT,), SPEND, SYSTEM, "link"),
        ((LEFT, OUT), SPEND, SYSTEM, ["WayBackSpent"]),
        ((LEFT, OUT), SPEND.model_copy(update={"token": "other"}), SYSTEM, "link"),
        ((LEFT, OUT), SPEND.model_copy(update={"token": ""}), SYSTEM, "link"),
        ((LEFT, OUT, SPENT), SPEND, SYSTEM, "link"),
        ((LEFT, OUT, SPENT), SPEND.model_copy(update={"token": ""}), SYSTEM, "link"),
        ((LEFT, OUT, LEFT), SPEND, SYSTEM, "link"),
        ((LEFT, OUT), SPEND, CUSTOMER_ACTS, "not_allowed"),
        ((LEFT, w.ReportWithdrawn(why="cancelled")), SEND, SYSTEM, "ended"),
    ],
)
def test_who_may_what_and_when(
    before: tuple[Event, ...], command: w.ReportCommand, by: Actor, after: list[str] | str
) -> None:
    assert names(sent(*before).ask(command, by)) == after


def test_the_link_ends_after_half_an_hour() -> None:
    story = sent(LEFT, OUT).later(30 * MINUTE - 1)
    assert names(story.ask(SPEND, SYSTEM)) == ["WayBackSpent"]
    assert names(story.later(1).ask(SPEND, SYSTEM)) == "link"


def test_five_mails_go_out_in_a_day_whoever_asks_for_them() -> None:
    story = sent(LEFT, OUT, OUT, OUT, OUT)
    assert names(story.ask(SEND, SYSTEM)) == "too_many"
    assert names(story.ask(KEEP, CUSTOMER_ACTS)) == "too_many"
    assert names(story.later(DAY).ask(SEND, SYSTEM)) == ["WayBackMailed"]


def _mail(story: Story, event: Event) -> Say:
    (say,) = story.happens(event).wants(Say)
    assert isinstance(say, Say)
    return say


def test_mail_goes_to_the_address_that_was_left_and_only_while_its_link_works() -> None:
    first, second = _mail(sent(), LEFT), _mail(sent(LEFT), OUT)
    assert first.to == second.to == SEAT
    assert first.subject == second.subject == SUBJECT
    assert second.until == OUT.until
    assert second.text.args["link"] == LINK
