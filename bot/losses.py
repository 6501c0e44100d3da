"""What a platform had no room for, told to operators."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a platform has no room for: `what`, how many of it, and why."""

    what: str
    count: int
    reason: str


@dataclass(slots=True)
class Losses:
    """What people do not see, for operators: how often something was cut, and what the last time.

    Counted since the start, since it is no more than a hint where to look. `title` is how people
    call the platform.
    """

    title: str
    count: int = 0
    last: str = ""

    def tell(self, losses: Iterable[Loss]) -> None:
        """Note what found no room in one message or window."""
        lost = [f"{one.count} x {one.what}: {one.reason}" for one in losses]
        if lost:
            self.count, self.last = self.count + 1, lost[-1]
            log.info("something found no room", where=self.title, lost=list(dict.fromkeys(lost)))

    def __str__(self) -> str:
        if not self.count:
            return ""
        return f"Shortened to fit since the start: {self.count:,}; the last: {self.last}."
