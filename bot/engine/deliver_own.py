"""Where a major incident has a place of its own, and where it had one in which nothing changes."""

from collections.abc import Iterator

from bot.core.fold import State
from bot.core.major import left_seats, own_seats
from bot.core.personal import Opener


def standing(state: State | None, opener: Opener) -> Iterator[tuple[str, str]]:
    """Channel and address of each in which its cards hang."""
    for seat in own_seats(state):
        address = seat.address.open(opener)
        if isinstance(address, str):
            yield seat.channel, address


def left(state: State | None, opener: Opener) -> list[str]:
    """The keys of those that were left."""
    keys = (seat.key.open(opener) for seat in left_seats(state))
    return [key for key in keys if isinstance(key, str)]
