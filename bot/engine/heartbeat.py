"""The heartbeat: a ping to a monitor outside, for as long as the watchdog finds all well.

What is down cannot say so itself. The monitor misses the ping and calls people by ways that have
nothing to do with us. A ping that fails stops nobody: it is said in the log and at the desk.
"""

from typing import Protocol

import structlog

from bot.core.ids import Millis
from bot.engine.hub import Ailed, Hub
from bot.engine.loops import Loop
from bot.engine.ports import Clock, SendFault
from bot.engine.watchdog import Watchdog

log = structlog.get_logger(__name__)

SECOND: Millis = 1_000
FIRST: Millis = 2 * SECOND
"""The watchdog looks first."""


class Ping(Protocol):
    """What pings a monitor."""

    @property
    def every(self) -> Millis:
        """How often it waits for us."""

    async def __call__(self) -> None:
        """One ping, within seconds. Raises SendFault with a sentence that names no secret."""


class Heartbeat(Loop):
    """The worker. `trouble` is why the last ping did not arrive, "" when it did; `held`: none was
    sent, since something is late.
    """

    name = "heartbeat"

    def __init__(self, ping: Ping, watchdog: Watchdog, clock: Clock, hub: Hub) -> None:
        super().__init__(clock)
        self._ping = ping
        self._watchdog = watchdog
        self._hub = hub
        self._every = ping.every
        self._first = True
        self.trouble = ""
        self.held = False
        self.since: Millis = 0

    async def turn(self) -> Millis | None:
        """A ping, if all is well."""
        began = self._clock.now()
        if self._first:
            self._first = False
            return began + FIRST
        if not self._watchdog.well:
            self._note(self.trouble, held=True)
            return began + self._every
        try:
            await self._ping()
        except SendFault as fault:
            self._note(str(fault) or type(fault).__name__, held=False)
        else:
            self._note("", held=False)
        # However long it took, the next one is due when it would have been.
        return max(began + self._every, self._clock.now() + SECOND)

    def _note(self, trouble: str, *, held: bool) -> None:
        if (trouble, held) == (self.trouble, self.held):
            return
        if held and not self.held:
            log.error("no heartbeat is sent, since something is late")
        if trouble and trouble != self.trouble:
            log.warning("the heartbeat does not arrive", reason=trouble)
        if not trouble and not held:
            log.info("the heartbeat arrives again")
        if bool(trouble) != bool(self.trouble):
            self.since = self._clock.now()
        self.trouble, self.held = trouble, held
        self._hub.tell(Ailed())
