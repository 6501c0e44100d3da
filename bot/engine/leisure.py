"""What is done when nothing more pressing is: one command of the house after the other.

Nobody waits for it, so it is kept in memory alone; under load it waits, and what was wanted many
times meanwhile is done once.
"""

from bot.core.commands import Command
from bot.core.ids import Millis, StreamId
from bot.core.intents import WhenIdle
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.prepare import Planned

MOST = 20_000
BUSY = 16
"""With so many commands in line, others come first."""
PAUSE: Millis = 100


class Leisure(Loop):
    """Brings commands that can wait."""

    name = "leisure"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._wanted: dict[tuple[StreamId, str], Command] = {}

    @property
    def waiting(self) -> int:
        """How many commands are still to be brought."""
        return len(self._wanted)

    def notice(self, planned: Planned) -> None:
        """A unit was committed: keep in mind what it wants at some time."""
        for _, intent in planned.work.intents if planned.work else ():
            if isinstance(intent, WhenIdle) and len(self._wanted) < MOST:
                self._wanted[intent.stream, intent.command.tag] = intent.command
        if self._wanted:
            self.wake()

    async def turn(self) -> Millis | None:
        """The one that was wanted first."""
        if not self._wanted:
            return None
        if self._engine.waiting >= BUSY:
            return self._clock.now() + PAUSE
        key = next(iter(self._wanted))
        command = self._wanted.pop(key)
        began = self._clock.ticks()
        await self._engine.house(command, key[0], self.name, self.name)
        took = round(1000 * (self._clock.ticks() - began))
        # As long a rest as it took, so that it is never more than half of what is done.
        return self._clock.now() + took if self._wanted else None
