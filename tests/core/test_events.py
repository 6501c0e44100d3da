"""Old logs stay readable: tags, revisions, upcasters."""

from typing import Any, ClassVar

import pytest

from bot.core.errors import UnknownEvent
from bot.core.events import Event, Registry
from bot.core.ids import Kind
from bot.core.registry import COMMAND_TYPES, EVENT_TYPES, FOLDS


class Painted(Event):
    tag = "painted"
    revision = 3
    kinds: ClassVar[tuple[Kind, ...]] = ("desk",)
    colour: str
    coats: int


def two_to_three(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "coats": 1}


def one_to_two(body: dict[str, Any]) -> dict[str, Any]:
    return {"colour": body["color"]}


REGISTRY = Registry((Painted,), {("painted", 1): one_to_two, ("painted", 2): two_to_three})


def test_an_event_of_any_old_revision_reads_as_todays() -> None:
    assert REGISTRY.read("painted", 3, {"colour": "red", "coats": 2}) == Painted(
        colour="red", coats=2
    )
    assert REGISTRY.read("painted", 2, {"colour": "red"}) == Painted(colour="red", coats=1)
    assert REGISTRY.read("painted", 1, {"color": "red"}) == Painted(colour="red", coats=1)


@pytest.mark.parametrize(("tag", "revision"), [("unheard_of", 1), ("painted", 4)])
def test_an_event_of_a_newer_muster_says_which_version_is_needed(tag: str, revision: int) -> None:
    with pytest.raises(UnknownEvent, match="Start the version that wrote it"):
        REGISTRY.read(tag, revision, {})


def test_a_missing_upcaster_is_told_not_guessed() -> None:
    with pytest.raises(UnknownEvent):
        Registry((Painted,)).read("painted", 1, {"color": "red"})


def test_two_events_never_share_a_tag() -> None:
    with pytest.raises(ValueError, match="share the tag"):
        Registry((Painted, Painted))


@pytest.mark.parametrize("event", EVENT_TYPES, ids=lambda event: event.__name__)
def test_every_event_is_folded_by_each_kind_it_names_and_no_other(event: type[Event]) -> None:
    claimed = {kind for kind, fold in FOLDS.items() if event in fold.events}
    assert claimed == set(event.kinds)


def test_every_command_has_a_tag_of_its_own() -> None:
    tags = [command.tag for command in COMMAND_TYPES]
    assert len(tags) == len(set(tags))
