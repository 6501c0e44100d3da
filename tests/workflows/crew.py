"""Resources at work: what they press, and how far a task has come."""

from bot.core.incident_commands import (
    Arrive,
    AskForResource,
    CancelTask,
    ClaimTask,
    CloseIncident,
    CompleteTask,
    DeclineTask,
    Depart,
    HoldIncident,
    ReleaseTask,
    ResolveIncident,
    ReviseEta,
)
from tests.workflows.desk import ETA, RITA_ACTS, Desk, asked, claimed
from tests.workflows.kit import ANA_ACTS, AT, HOUR, INCIDENT, MINUTE, TASKS

ASKED_AT = AT + 10 * MINUTE
CLAIM = ClaimTask(incident=INCIDENT, task=1, eta=ETA)
LATER = ReviseEta(incident=INCIDENT, task=1, eta=ETA + HOUR)
DEPART = Depart(incident=INCIDENT, task=1)
ARRIVE = Arrive(incident=INCIDENT, task=1)
DONE = CompleteTask(incident=INCIDENT, task=1, note="New fuse")
RELEASE = ReleaseTask(incident=INCIDENT, task=1, reason="Car broke down")
DECLINE = DeclineTask(incident=INCIDENT, task=1, reason="On leave")
CANCEL = CancelTask(incident=INCIDENT, task=1, reason="Works again")
ASK = AskForResource(incident=INCIDENT, what="Bring a ladder", skill="electrical", needed=2)
STEPS = (CLAIM, LATER, DEPART, ARRIVE, DONE, RELEASE, DECLINE)


def en_route() -> Desk:
    desk = claimed()
    desk.do(DEPART, RITA_ACTS)
    return desk


def on_site() -> Desk:
    desk = claimed()
    desk.later(HOUR).do(ARRIVE, RITA_ACTS)
    return desk


def done() -> Desk:
    desk = on_site()
    desk.do(DONE, RITA_ACTS)
    return desk


def called_off() -> Desk:
    desk = claimed()
    desk.do(CANCEL, ANA_ACTS)
    return desk


def declined() -> Desk:
    desk = asked()
    desk.do(DECLINE, RITA_ACTS)
    return desk


def half_filled() -> Desk:
    return claimed(needed=2)


def on_hold() -> Desk:
    desk = asked()
    desk.do(HoldIncident(incident=INCIDENT, reason="Waits for parts"), ANA_ACTS)
    return desk


def finished() -> Desk:
    """Resolved while Rita is on site: she may finish."""
    desk = on_site()
    desk.do(ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS), ANA_ACTS)
    return desk


def closed() -> Desk:
    desk = finished()
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    return desk
