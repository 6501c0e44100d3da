"""The words of the end of a major incident's own place: left some time after it is over."""

from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent


class LeaveOwnPlaces(IncidentCommand):
    """Its own places have been open for as long as the playbook keeps them (by a timer); `tries`
    is how often it was tried before.
    """

    tag = "leave_own_places"
    tries: int = 0


class NotePlaceShut(IncidentCommand):
    """Its own place on `channel` is shut now (by the house), or stays open: `refused` is why."""

    tag = "note_place_shut"
    channel: str
    refused: str = ""


class OwnPlacesLeft(IncidentEvent):
    """Its own places are to be shut; nothing more goes there."""

    tag = "own_places_left"
    tries: int = 0


class OwnPlaceShut(IncidentEvent):
    """Its own place on `channel` is shut, and what was said there stays; or nobody could shut it,
    for this `reason`.
    """

    tag = "own_place_shut"
    channel: str
    reason: str = ""


EVENTS: tuple[type[IncidentEvent], ...] = (OwnPlacesLeft, OwnPlaceShut)
