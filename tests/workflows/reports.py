"""Reports that tests of intake, conversation and follow-up begin from."""

from typing import Any

from bot.core import report_words as w
from bot.core.events import Event
from bot.core.ids import Millis
from bot.core.personal import Personal
from tests.workflows.kit import (
    ANA,
    AT,
    CUSTOMER,
    CUSTOMER_ACTS,
    DAY,
    INCIDENT,
    PLAYBOOK,
    Story,
    seat,
)

SUBJECT = f"sub:{CUSTOMER}"
UNTIL = AT + DAY
"""Until when reports here ask for confirmation."""

BEGUN = w.ReportStarted(
    reference="R-222-2222",
    person=CUSTOMER,
    subject=SUBJECT,
    seat=seat(),
    language="en",
    playbook=PLAYBOOK.version,
)
LINKED = w.ReportLinked(incident=INCIDENT, how="opened")
SENT = (w.SummaryConfirmed(), LINKED, w.WaitBegan(why="reported"))
TAKEN = (w.WaitEnded(began=AT, by=ANA), w.ReportTaken(by=ANA))
ASKED = w.FixAsked(incident=INCIDENT, until=UNTIL)
CONFIRMED = w.FixConfirmed(incident=INCIDENT, by="customer")
CLOSED = w.ReportClosed(why="closed", until=UNTIL + DAY)


def personal(value: Any) -> Personal:
    """Something about the customer."""
    return Personal(SUBJECT, value)


def answered(field: str, value: Any) -> w.QuestionAnswered:
    """An answer as the log has it."""
    return w.QuestionAnswered(field=field, value=value)


SAFE = answered("safety", "no")
BROKEN = answered("kind", "incident")
WHAT = answered("what", personal("The lights went out."))
POWER = answered("category", "power")
REQUIRED = (
    SAFE,
    WHAT,
    POWER,
    answered("power.extent", "building"),
    answered("power.hazards", ("none",)),
    answered("power.depends", ("none",)),
    answered("where", personal({"text": "Mill Lane 3", "lat": None, "lon": None})),
)


def report(*events: Event, at: Millis = AT) -> Story:
    """A report in which `events` have happened after its beginning."""
    return Story("report", BEGUN, *events, at=at)


def sent(*events: Event) -> Story:
    """A report that was sent and has an incident."""
    return report(*REQUIRED, *SENT, *events)


def confirming(*events: Event) -> Story:
    """A report whose person is asked whether it is fixed."""
    return sent(*TAKEN, ASKED, *events)


def closed(*events: Event) -> Story:
    """A report that is closed, its window still open."""
    return confirming(CONFIRMED, CLOSED, *events)


def started() -> Story:
    """Nothing yet: the next word is the first."""
    return Story("report")


def press(story: Story, *commands: w.ReportCommand) -> Story:
    """The customer does one thing after the other; none of it may be refused."""
    for command in commands:
        decision = story.do(command, CUSTOMER_ACTS)
        assert isinstance(decision, list), decision
    return story
