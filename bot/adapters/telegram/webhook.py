"""Being told by Telegram: it is asked to send updates to us, and whether it can."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import structlog
from telegram import WebhookInfo

from bot.adapters.telegram.receive import READ
from bot.core.calendar import MINUTE
from bot.core.ids import Millis
from bot.engine.loops import Loop
from bot.engine.ports import Clock, Health, SendFault

log = structlog.get_logger(__name__)

EVERY: Millis = 5 * MINUTE
AT_FIRST: Millis = 2_000
AT_MOST: Millis = MINUTE
RECENT: Millis = 10 * MINUTE
"""A delivery that failed longer ago than this says nothing of today."""
AT_ONCE = 40
NOT_YET = "Telegram was not asked to send updates yet."


class Hooking(Protocol):
    """The part of the Bot API about the webhook. Raises a SendFault when it did not work."""

    async def hook(self, url: str, secret: str, most: int, kinds: Sequence[str]) -> None:
        """Have updates sent to `url` from now on, `most` at once; `secret` comes with each."""

    async def hooked(self) -> WebhookInfo:
        """Where updates are sent, and how that goes."""


class Webhook(Loop):
    """Sets it at the start, and again when somebody took it away."""

    name = "telegram: webhook"

    def __init__(
        self,
        api: Hooking,
        url: str,
        secret: str,
        clock: Clock,
        missed: Callable[[], Awaitable[None]],
    ) -> None:
        """`missed` is called when Telegram may have kept something from us."""
        super().__init__(clock)
        self._missed = missed
        self._api = api
        self._url = url
        self._secret = secret
        self._set = False
        self._pause = AT_FIRST
        self._trouble = NOT_YET

    async def turn(self) -> Millis:
        """Look once."""
        try:
            info = await self._api.hooked()
            if not self._set or not self._is_ours(info):
                # What it knows of the word that proves it, nobody can ask; so it is told anew.
                await self._api.hook(self._url, self._secret, AT_ONCE, READ)
                if not self._set:
                    await self._missed()
                else:
                    log.warning("somebody had changed the webhook; it is ours again")
                self._set = True
                info = await self._api.hooked()
        except SendFault as fault:
            self._told(str(fault))
            pause, self._pause = self._pause, min(2 * self._pause, AT_MOST)
            return self._clock.now() + pause
        self._pause = AT_FIRST
        self._told(wrong_with(info, self._clock.now()))
        return self._clock.now() + EVERY

    def _is_ours(self, info: WebhookInfo) -> bool:
        return info.url == self._url and set(info.allowed_updates) == set(READ)

    def _told(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            log.warning("Telegram does not reach us", reason=trouble)
        self._trouble = trouble

    def health(self) -> Health:
        """Whether Telegram could send us what it had when it was last asked."""
        return Health(not self._trouble, self._trouble or "Telegram sends updates to us.")


def wrong_with(info: WebhookInfo, now: Millis) -> str:
    """What keeps updates from us, "" for nothing."""
    failed = info.last_error_date
    if failed is None or now - failed.timestamp() * 1000 > RECENT:
        return ""
    return (
        f"Telegram could not send an update ({_plain(info.last_error_message or 'no reason')}); "
        f"{info.pending_update_count} wait."
    )


def _plain(words: str) -> str:
    """One line, without addresses."""
    said = " ".join(one for one in str(words).split() if "://" not in one)
    return said[:200].rstrip(".")
