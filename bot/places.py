"""Where the playbook's places are: what the settings `places` and `groups` say, and what is odd.

`triage=slack:C0123` says that the place `triage` of the playbook is `C0123` on the channel
`slack`; a group is named by the role that it gives. What an address looks like is the channel's
affair.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.commands import Place
from bot.core.playbook import Playbook
from bot.core.toml_text import did_you_mean

LINE = re.compile(r"([A-Za-z0-9_.-]+)=([a-z][a-z0-9_-]*):([^\s,=:]+)")
EXAMPLE = "triage=slack:C0123"

Located = Mapping[str, tuple[Place, ...]]


@dataclass(frozen=True, slots=True)
class Where:
    """Where the playbook's places are, which groups give a role, and whether to guests, too."""

    places: Located = field(default_factory=dict)
    groups: Located = field(default_factory=dict)
    guests: bool = False


def listed(value: Any, example: str = EXAMPLE) -> tuple[str, ...]:
    """Each as `key=channel:address`, once. Takes a table of a settings file, a list, or a line
    with spaces or commas. Raises ValueError with a sentence.
    """
    found = tuple(dict.fromkeys(_lines(value, example)))
    for one in found:
        if not LINE.fullmatch(one):
            raise ValueError(f"{one!r} names no place; write it like {example}")
    return found


def _lines(value: Any, example: str) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, re.split(r"[\s,]+", value))
        return
    if isinstance(value, Mapping):
        value = [
            f"{key}={one}"
            for key, of in value.items()
            for one in (of if isinstance(of, list) else [of])
        ]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        key, _, address = example.partition("=")
        raise ValueError(f'write a table such as {key} = "{address}"')
    yield from (one.strip() for one in value if one.strip())


def located(lines: Iterable[str]) -> dict[str, tuple[Place, ...]]:
    """The places by their keys, in order. Raises ValueError for a line that `listed` refuses."""
    found: dict[str, tuple[Place, ...]] = {}
    for one in lines:
        match = LINE.fullmatch(one)
        if match is None:
            raise ValueError(f"{one!r} names no place; write it like {EXAMPLE}")
        key, channel, address = match.groups()
        found[key] = (*found.get(key, ()), Place(channel, address))
    return found


def oddities(places: Located, playbook: Playbook, channels: Collection[str]) -> Iterator[str]:
    """A sentence for every place that shows nothing to anybody, and what to do about it.

    `channels` are those that are set up.
    """
    for key, where in places.items():
        if key not in playbook.places:
            hint = did_you_mean(key, list(playbook.places))
            known = f" (it knows: {', '.join(playbook.places)})"
            yield f"the playbook has no place {key!r}, so nothing appears there{hint or known}"
        for channel in dict.fromkeys(one.channel for one in where):
            if channel not in channels:
                yield f"{key!r} is on {channel!r}, and no such channel is set up"


def nowhere(places: Located, playbook: Playbook) -> str:
    """A sentence about places of the playbook that are nowhere, "" when there are none. Who has
    named no place at all wants none, and one that only stands in for others need not be there.
    """
    stand_in = {one.fallback for one in playbook.places.values()}
    wanted = [key for key in playbook.places if key not in places and key not in stand_in]
    missing = wanted if places else []
    return f"nothing says where these are, so they have no cards: {', '.join(missing)}" * bool(
        missing
    )
