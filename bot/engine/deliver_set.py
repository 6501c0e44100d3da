"""Whoever sets the computer's clock must not hold back what waits a while, nor hurry it.

Waits of delivery end at a time on the wall clock, so that a restart keeps them. Set back by an
hour, that clock would make a pause of seconds an hour long; set forward, it would make us forget
what was sent a moment ago. A computer that slept looks as if its clock had been set forward.
"""

from collections.abc import Iterable

import structlog

from bot.core.ids import Millis
from bot.engine.deliver_lines import Lines
from bot.engine.deliver_pace import Pacer
from bot.engine.deliver_pauses import Pauses
from bot.engine.ports import Clock

log = structlog.get_logger(__name__)

NOTICED: Millis = 2_000
"""Less than this is a clock that is being put right little by little."""


class SetClock:
    """Looks at each turn of delivery whether the clock was set since the last one."""

    def __init__(self, clock: Clock, pacers: Iterable[Pacer], pauses: Pauses, lines: Lines) -> None:
        self._clock = clock
        self._pacers = tuple(pacers)
        self._pauses = pauses
        self._lines = lines
        self._ahead = self._now_ahead()

    def look(self, now: Millis) -> None:
        """Put right what waits, if it was."""
        by = self._now_ahead() - self._ahead
        self._ahead += by
        if abs(by) < NOTICED:
            return
        log.warning("the clock of this computer was set, or it slept", milliseconds=by)
        for pacer in self._pacers:
            pacer.begin(now)
        if by < 0:
            self._pauses.shift(by)
            self._lines.shift(by)

    def _now_ahead(self) -> Millis:
        """How far the wall clock is before the one that nobody sets."""
        return self._clock.now() - round(self._clock.ticks() * 1_000)
