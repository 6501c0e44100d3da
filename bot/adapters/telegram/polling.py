"""Long polling, by our own hand: what was fetched is confirmed once it is kept, and never before.

Telegram keeps an update until a later number is asked for. So the number moves on over what is
kept, and stands still before what is not; what lies behind that is fetched again and known.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import structlog

from bot.adapters.telegram.ears import Ears
from bot.adapters.telegram.receive import READ, is_numbered
from bot.core.calendar import HOUR, MINUTE
from bot.core.ids import Millis
from bot.engine.loops import Loop, first_of
from bot.engine.ports import Clock, Health, Misconfigured, Outage, RateLimited, SendFault
from bot.untrusted import Payload

log = structlog.get_logger(__name__)

WAIT = 25
"""Seconds for which Telegram keeps a question that it has no answer to."""
FETCHED_MOST = 100
PEEK: Millis = 300
"""While something that was fetched is not kept yet, it is looked so often for more."""
PEEK_MOST: Millis = 5_000
AT_FIRST: Millis = 1_000
AT_MOST: Millis = MINUTE
KEPT: Millis = 20 * HOUR
"""Telegram keeps what it could not tell for a day."""
MET: Millis = 500
"""Until it is looked again whether we know who we are."""
UNREADABLE = "Telegram's answer could not be read. It is tried again."
NOT_YET = "Nothing was fetched from Telegram yet."


class Fetching(Protocol):
    """The part of the Bot API that fetches. Raises a SendFault when it did not work."""

    async def updates(
        self, offset: int | None, limit: int, wait: int, kinds: Sequence[str]
    ) -> object:
        """Updates from `offset` on (None: from the first that is not confirmed)."""

    async def unhook(self) -> None:
        """End the webhook, keeping what waits."""


class Polling(Loop):
    """Fetches, hands on and confirms."""

    name = "telegram: updates"

    def __init__(
        self, api: Fetching, ears: Ears, clock: Clock, missed: Callable[[], Awaitable[None]]
    ) -> None:
        """`missed` is called when Telegram may have kept something from us."""
        super().__init__(clock)
        self._missed = missed
        self._api = api
        self._ears = ears
        self._unhooked = False
        self._offset: int | None = None
        self._order: list[int] = []
        self._taking: dict[int, asyncio.Task[bool]] = {}
        self._asking: asyncio.Task[Any] | None = None
        self._pause = AT_FIRST
        self._peek = PEEK
        self._refused = False
        self._trouble = NOT_YET
        self._heard_at: Millis = 0

    async def turn(self) -> Millis:
        """Ask once, when it is time to."""
        if not self._ears.knows:
            return self._clock.now() + MET
        await self._settled()
        self._confirm()
        if self._ends():
            return self._clock.now()
        self._asking = asyncio.create_task(self._asked())
        try:
            found = await self._asking
        except asyncio.CancelledError:
            if not self._ends():
                raise
            return self._clock.now()
        except SendFault as trouble:
            return self._clock.now() + self._failed(trouble)
        finally:
            self._asking = None
        await self._well()
        new = self._hand_on(found)
        # What cannot be confirmed comes at once, again and again.
        return self._clock.now() + (AT_FIRST if found and not new and not self._taking else 0)

    def _ends(self) -> bool:
        """It was told to stop, by now."""
        return self._stopping

    async def stop(self) -> None:
        """Ask no more, finish what is in hand, confirm what is kept."""
        self._stopping = True
        self._ears.end()
        if self._asking is not None:
            self._asking.cancel()
        await super().stop()
        if self._taking:
            await asyncio.wait(self._taking.values())
            self._confirm()
        if self._offset is not None:
            await self._last()
        self._taking.clear()
        self._order.clear()

    async def _last(self) -> None:
        """So that another process, or a webhook, is not given it once more."""
        try:
            await self._api.updates(self._offset, 1, 0, READ)
        except SendFault as trouble:
            log.info("what was kept was not confirmed and will come again", reason=str(trouble))

    def health(self) -> Health:
        """Whether we hear, and since when we know."""
        if self._trouble:
            return Health(False, self._trouble)
        age = (self._clock.now() - self._heard_at) // 1_000
        return Health(True, f"Updates are fetched from Telegram; last answer {age} s ago.")

    # --- one round -----------------------------------------------------------------------------

    async def _settled(self) -> None:
        """Return when all that was fetched is kept, or it is time to look for more."""
        if not self._taking:
            return
        peek = self._clock.wait_until(self._clock.now() + self._peek)
        await first_of(asyncio.wait(self._taking.values()), peek, self._wake.wait())

    def _confirm(self) -> None:
        """Move on over what is kept."""
        while self._order and (done := self._taking[self._order[0]]).done():
            if trouble := done.exception():
                log.error("an update was left alone", reason=type(trouble).__name__)
            elif not done.result():
                return  # All ends; it stays with Telegram.
            self._offset = self._order[0] + 1
            del self._taking[self._order.pop(0)]

    async def _asked(self) -> list[Payload]:
        if not self._unhooked:
            await self._api.unhook()
            self._unhooked = True
        # The first answer, and the first after trouble, says at once that all is well.
        wait = 0 if self._taking or self._trouble else WAIT
        offset = self._order[0] if self._order else self._offset
        found = await self._api.updates(offset, FETCHED_MOST, wait, READ)
        if not isinstance(found, list):
            raise Outage(UNREADABLE)
        if not found and not self._order:
            # All is confirmed. After a quiet week Telegram's numbers may begin anew, below.
            self._offset = None
        return [one for one in found if isinstance(one, dict)]

    def _hand_on(self, found: list[Payload]) -> int:
        """Let those be taken that are not yet; how many there were."""
        numbered = {int(one["update_id"]): one for one in reversed(found) if is_numbered(one)}
        new = {key: one for key, one in sorted(numbered.items()) if key not in self._taking}
        for number, update in new.items():
            self._order.append(number)
            self._taking[number] = asyncio.create_task(self._ears.take(update, insist=True))
        slow = not new and not self._ears.gathers
        self._peek = min(2 * self._peek, PEEK_MOST) if slow else PEEK
        return len(new)

    # --- trouble -------------------------------------------------------------------------------

    async def _well(self) -> None:
        if self._clock.now() - self._heard_at > KEPT:
            await self._missed()
        if self._trouble and self._trouble != NOT_YET:
            log.info("updates are fetched from Telegram again")
        self._trouble, self._pause, self._refused = "", AT_FIRST, False
        self._heard_at = self._clock.now()

    def _failed(self, trouble: SendFault) -> Millis:
        """How long to wait before the next try."""
        said = str(trouble)
        if said != self._trouble:
            log.warning("no updates from Telegram", reason=said)
        self._trouble = said
        if isinstance(trouble, Misconfigured):
            # A second poller, or a webhook that was set elsewhere: ours is the one that counts.
            # Once it may have been the doctor, who listens for a moment.
            self._unhooked = False
            again, self._refused = self._refused, True
            return AT_MOST if again else AT_FIRST
        pause, self._pause = self._pause, min(2 * self._pause, AT_MOST)
        if isinstance(trouble, RateLimited):
            return max(pause, _named(trouble.retry_after))
        return pause


def _named(seconds: object) -> Millis:
    """How long Telegram asked us to wait, within reason."""
    try:
        found = float(str(seconds))
    except ValueError:
        return AT_MOST
    return int(min(max(found, 1.0), 600.0) * 1_000) if math.isfinite(found) else AT_MOST
