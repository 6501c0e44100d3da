"""They came to us alone by a link: what stands in it says where to begin, and gives no right.

A payload is `<kind>_<rest>`; who opens it is judged as if they had typed or pressed the same.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.core.ids import kind_of, read_reference
from bot.core.incident import Incident
from bot.core.texts import t
from bot.engine.front_customers import NOTHING, Customers
from bot.engine.front_following import ALONE
from bot.engine.front_people import Asking
from bot.engine.front_replies import Replies
from bot.engine.limits import Limiter
from bot.engine.links import TRIES
from bot.engine.ports import Clock, Reply
from bot.engine.reader import Reader

JOIN, GO_ON, START, INCIDENT = "j", "g", "s", "i"
TOO_MANY = t("Those were many links at once. Please wait a minute, then open it again.")

Run = Callable[[Asking, str], Awaitable[Reply]]
Shown = Callable[[Asking, str], Awaitable[Reply]]


class Arriving:
    """Reads payloads. `join` takes a code, `show` a stream whose card they may see."""

    def __init__(
        self,
        clock: Clock,
        reader: Reader,
        replies: Replies,
        customers: Customers,
        join: Run,
        show: Shown,
    ) -> None:
        self._reader = reader
        self._replies = replies
        self._customers = customers
        self._show = show
        self._tries = Limiter(clock, TRIES)
        self._by: Mapping[str, Run] = {
            JOIN: join,
            GO_ON: customers.going.open,
            START: customers.start,
            INCIDENT: self._incident,
        }

    async def arrive(self, asking: Asking, payload: str) -> Reply:
        """What the link was for; without one, or with one that says nothing, the first words."""
        kind, _, rest = payload.partition("_")
        run = self._by.get(kind) if rest else None
        if run is None:
            return await self._customers.welcome(asking)
        if not asking.heard.private:
            return await self._replies.no(asking, ALONE)
        who = asking.heard.who
        if self._tries.wait(f"{who.channel}:{who.opaque}"):
            return await self._replies.no(asking, TOO_MANY)
        return await run(asking, rest)

    async def _incident(self, asking: Asking, rest: str) -> Reply:
        reference = read_reference(rest)
        stream = await self._reader.stream_of(reference) if reference else None
        if stream is None:
            return await self._replies.no(asking, NOTHING)
        seen = await self._show(asking, stream)
        if seen.cards:
            return seen
        state = await self._reader.state(stream) if kind_of(stream) == "incident" else None
        if not isinstance(state, Incident):
            return await self._replies.no(asking, NOTHING)
        return await self._customers.about(asking, state)
