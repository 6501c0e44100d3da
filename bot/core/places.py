"""Where people are, as the log may know it: a channel, a keyed hash, a sealed address."""

from bot.core.frozen import Frozen
from bot.core.personal import Personal

NOWHERE = "nowhere"
"""The channel of whoever cannot be told anything by us."""


class Seat(Frozen):
    """One person's conversation on one channel.

    `key` is the keyed hash by which rows find it, `address` what the adapter needs to send
    there. Both are personal: in the log they are sealed, and erased with the person.
    """

    channel: str
    key: Personal
    address: Personal

    @property
    def reached(self) -> bool:
        """Whether anything that is said there is read."""
        return self.channel != NOWHERE
