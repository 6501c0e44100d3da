"""Whether somebody must still act: what each cause of an alarm says of how things stand."""

from bot.core.alarm_words import Alarm, Cause
from bot.core.alarms import task_and_person
from bot.core.clocks import runs
from bot.core.commands import Actor
from bot.core.handling import STAFF
from bot.core.incident import Incident
from bot.core.incident_words import Target, TaskPlace
from bot.core.task import COMING

OF_PATH = "path:"
"""How an alarm about a step of the path begins."""


def needed(state: Incident, cause: Cause, about: str) -> bool:
    """Whether somebody must act on that. What the incident cannot tell by itself is needed while
    it is worked on, and for somebody in distress until somebody says that it is over. Who is on
    site is missed as long as their task goes on, which may be longer; a customer who could not be
    told what is urgent until somebody sees to it.
    """
    if cause in ("distress", "undelivered"):
        return state.status != "merged"
    if cause == "update_overdue":
        return _broken(state, "update")
    if cause == "check_in":
        missed = not state.ended and _place_needs(place_of(state, about), cause)
        return missed or calls_for_help(state, about)
    if cause == "promise" and about.startswith(OF_PATH):
        return not state.ended and about.removeprefix(OF_PATH) in state.path.overdue
    return state.working and _wants(state, cause, about)


def _wants(state: Incident, cause: Cause, about: str) -> bool:
    match cause:
        case "unacknowledged" | "acknowledgement_expired":
            return state.acknowledged_at is None and not state.unclocked
        case "promise":
            return _broken(state, "resolve")
        case "eta_passed" | "no_progress":
            return _place_needs(place_of(state, about), cause)
        case _:
            return True


def _broken(state: Incident, target: Target) -> bool:
    return runs(state, target) and state.band(target) == "breached"


def place_of(state: Incident, about: str) -> TaskPlace | None:
    """The place that an alarm is about, if it is there and its task goes on."""
    number, person = task_and_person(about)
    task = state.task(number)
    return None if task is None or task.cancelled else task.place_of(person)


def calls_for_help(state: Incident, about: str) -> bool:
    """Whether that person is in danger by their own word, whatever their task has come to. Where
    it was before a merge they are heard only if they said so there since.
    """
    number, person = task_and_person(about)
    task = state.task(number)
    place = None if task is None else task.place_of(person)
    if task is None or place is None or not place.help:
        return False
    return not task.moved or (place.heard_at or 0) > (state.closed_at or 0)


def _place_needs(place: TaskPlace | None, cause: Cause) -> bool:
    if place is None:
        return False
    match cause:
        case "eta_passed":
            return place.status in COMING and place.eta_passed
        case "no_progress":
            return place.status in COMING and not place.eta_passed
        case _:
            return place.status == "on_site"


def calls(alarm: Alarm, actor: Actor) -> bool:
    """Whether `actor` is among those whom it called last."""
    for party in alarm.who:
        if party.of == "person" and actor.person is not None and actor.stands_for(party.key):
            return True
        if party.of == "role" and party.key in actor.roles:
            return True
        if party.of == "team" and any(role in STAFF for role in actor.roles):
            return True
    return False
