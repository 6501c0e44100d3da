"""Who we are in Slack, asked again and again: so a token that serves no more is known in time."""

from typing import Protocol

import structlog

from bot.adapters.slack.payloads import Me, ident
from bot.adapters.slack.text import Json
from bot.core.calendar import MINUTE
from bot.core.ids import Millis
from bot.engine.loops import Loop
from bot.engine.ports import Clock, Health, SendFault
from bot.untrusted import Payload, text

log = structlog.get_logger(__name__)

EVERY: Millis = 5 * MINUTE
AT_FIRST: Millis = 2_000
AT_MOST: Millis = MINUTE


class Calls(Protocol):
    """Slack's Web API. Raises a SendFault when it did not work."""

    async def call(self, method: str, body: Json) -> Payload:
        """Call a method; the answer."""


class Acquaintance(Loop):
    """`me` is what Slack last said of us; the `app` may be known before, from its token."""

    name = "slack: who we are"

    def __init__(self, calls: Calls, clock: Clock, app: str = "") -> None:
        super().__init__(clock)
        self._calls = calls
        self._trouble = ""
        self._pause = AT_FIRST
        self.me = Me(app=app)
        self.team_name = ""

    async def turn(self) -> Millis:
        """Ask once."""
        try:
            answer = await self._calls.call("auth.test", {})
        except SendFault as fault:
            self._missed(str(fault))
            pause, self._pause = self._pause, min(2 * self._pause, AT_MOST)
            return self._clock.now() + pause
        self.me = met(answer, self.me.app)
        self.team_name = text(answer, "team")
        if self._trouble:
            log.info("Slack knows us again")
        self._trouble, self._pause = "", AT_FIRST
        return self._clock.now() + EVERY

    def _missed(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("Slack does not know us", reason=trouble)
        self._trouble = trouble

    def health(self) -> Health:
        """Whether Slack knew us when it was last asked."""
        return Health(not self._trouble, self._trouble)


def met(answer: Payload, app: str = "") -> Me:
    """Us, as `auth.test` describes us."""
    return Me(
        team=ident(answer, "team_id"),
        user=ident(answer, "user_id"),
        bot=ident(answer, "bot_id"),
        app=app,
    )


def app_of(app_token: str) -> str:
    """The app's id, which its token names: xapp-1-A0123-..."""
    parts = app_token.split("-")
    return ident({"app": parts[2] if len(parts) > 3 else ""}, "app")
