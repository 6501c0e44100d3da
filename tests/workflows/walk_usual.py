"""What people do most: without it a random walk seldom gets to where much can happen."""

from bot.core.commands import Command
from bot.core.incident import Incident
from bot.core.incident_commands import (
    Arrive,
    CloseIncident,
    CompleteTask,
    Depart,
    HoldIncident,
    ReopenIncident,
    ResolveIncident,
    ResumeIncident,
    TakeIncident,
)
from bot.core.incident_words import Status
from tests.workflows.kit import INCIDENT, TASKS


def usual(state: Incident) -> list[Command]:
    """What people do with an incident that stands so, and with the tasks of it."""
    why, on = {"incident": INCIDENT, "reason": "A good reason"}, {"incident": INCIDENT}
    ways: dict[Status, list[Command]] = {
        "in_progress": [
            HoldIncident.model_validate(why),
            ResolveIncident(incident=INCIDENT, note="It is mended", call_off=TASKS),
        ],
        "on_hold": [ResumeIncident.model_validate(on)],
        "resolved": [CloseIncident.model_validate(on), ReopenIncident.model_validate(why)],
        "closed": [ReopenIncident.model_validate(why)],
    }
    steps: dict[str, type[Command]] = {
        "claimed": Depart,
        "en_route": Arrive,
        "on_site": CompleteTask,
    }
    coming = [
        steps[place.status].model_validate({**on, "task": task.number})
        for task in state.tasks
        for place in task.places
        if place.status in steps
    ]
    return [*ways.get(state.status, [TakeIncident.model_validate(on)]), *coming]
