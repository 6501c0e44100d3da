"""Where something counts as pressed that is shown elsewhere: the place in which it was asked for.

Who works here by that place alone is shown what else they can do wherever that is possible, and
can do it. The button names the place by the playbook's key; whether they are still a member there
is asked at each press, as for any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.core.cards import Action
from bot.core.commands import Place
from bot.engine.heard import Heard
from bot.views.look import THERE

H = TypeVar("H", bound=Heard)
Places = Mapping[str, Sequence[Place]]


def key_of(places: Places, place: Place) -> str:
    """What the playbook calls a place of ours, "" for any other."""
    return next((key for key, some in places.items() if place in some), "")


def place_of(places: Places, action: Action, channel: str) -> Place | None:
    """The place in which a button counts as pressed, None where it was pressed."""
    named = places.get(str(action.args.get(THERE) or ""), ())
    return next((one for one in named if one.channel == channel), None)


def as_there(places: Places, heard: H, action: Action) -> H:
    """What was heard alone with us, as if they had done it there."""
    place = place_of(places, action, heard.who.channel) if heard.private else None
    if place is None:
        return heard
    return replace(heard, place=place, private=False, alone=heard.place)
