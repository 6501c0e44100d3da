"""The last word on the pace of a chat, beneath that of the house.

The house counts a message once, whatever it is made of. So where something went out beyond that,
such as a further part of a long message or a keyboard beside it, the chat is watched from here
until that counts no more.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

from bot.adapters.telegram import limits
from bot.core.ids import Millis
from bot.engine.ports import Clock

CHATS_MOST = 10_000


@dataclass(slots=True)
class Given:
    """When a chat was given something lately, and until when it is watched."""

    at: deque[Millis]
    watched: Millis = 0


class Pace:
    """When each chat was given something, as far back as its limits reach."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: OrderedDict[str, Given] = OrderedDict()

    async def turn(self, chat: str, beyond: bool = False) -> None:
        """Come back when one more act may begin there; it counts from then on. `beyond`: the house
        does not count it.
        """
        own = [one for one in limits.of_chat(chat) if "send" in one.acts]
        given = self._given.get(chat)
        if given is None:
            given = self._given[chat] = Given(deque(maxlen=max(one.most for one in own)))
        self._given.move_to_end(chat)
        if len(self._given) > CHATS_MOST:
            self._given.popitem(last=False)
        while beyond or self._clock.now() < given.watched:
            full = (one for one in own if len(given.at) >= one.most)
            at = max((given.at[-one.most] + one.per for one in full), default=0)
            if at <= self._clock.now():
                break
            beyond = True
            await self._clock.wait_until(at)
        given.at.append(self._clock.now())
        if beyond:
            given.watched = self._clock.now() + max(one.per for one in own)
