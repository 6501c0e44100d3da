"""Faults in front of the fake, and the log of who called what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.ids import Millis
from tests.slack import faults as common
from tests.slack.faults import first

__all__ = ["Call", "Fault", "first"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the bot and what it was told. `method` is Telegram's name, or "file".

    `error` is the description of a refusal, `wait` the seconds of a 429, `fate` what a fault made
    of it ("" when nothing).
    """

    method: str
    args: Json
    at: Millis
    status: int = 200
    error: str = ""
    result: Any = None
    fate: str = ""
    wait: int = 0

    @property
    def ok(self) -> bool:
        """It did what it was asked for, whether or not anybody learnt of it."""
        return self.status == 200 and not self.error


@dataclass(slots=True, eq=False)
class Fault(common.Fault):
    """What befalls the next `times` requests to a method, as `tests.slack.faults.Fault` says.

    `retry_after`: seconds of a 429. `half`: it is done, and half of the answer comes.
    """

    retry_after: int = 0
    half: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def instead(self) -> bool:
        """It answers in place of the method."""
        return bool(self.status or self.error or self.retry_after or self.body is not None)

    @property
    def code(self) -> int:
        """The status of that answer."""
        return 429 if self.retry_after else self.status or 400

    def answer(self) -> Json:
        """The body of that answer."""
        if self.retry_after:
            words = self.error or f"Too Many Requests: retry after {self.retry_after}"
            more = {"parameters": {"retry_after": self.retry_after}}
        else:
            words, more = self.error or f"fault {self.code}", {}
        return {"ok": False, "error_code": self.code, "description": words, **more}
