"""Telegram over HTTP: one route in the house's own port, to which Telegram alone knows the word."""

import asyncio
import hashlib
import hmac
import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.adapters.telegram.ears import Ears
from bot.adapters.telegram.receive import PATH
from bot.untrusted import body_of

BODY_SECONDS = 10
PROOF = "x-telegram-bot-api-secret-token"
AGAIN = 503
"""Telegram brings it again."""


def secret_of(token: str) -> str:
    """The word by which Telegram proves itself. Made of the bot's token, so that both know it, and
    no setting can be forgotten; the token cannot be told from it.
    """
    return hmac.new(token.encode(), b"muster telegram updates", hashlib.sha256).hexdigest()


class Door:
    """Reads what Telegram sends, within bounds, once it has proved itself."""

    def __init__(self, ears: Ears, token: str) -> None:
        self._ears = ears
        self._secret = secret_of(token).encode()

    def route(self) -> Route:
        """For Telegram alone."""
        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """One update, acknowledged once it is kept."""
        said = request.headers.get(PROOF, "").encode("latin-1", "replace")
        if not hmac.compare_digest(said, self._secret):
            return _refused(401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await body_of(request)
            update = None if body is None else json.loads(body)
        except (TimeoutError, ValueError, RecursionError):
            return _refused(400)
        if not isinstance(update, dict):
            return _refused(413 if body is None else 400)
        kept = self._ears.knows and await self._ears.take(update)
        return Response(status_code=200 if kept else AGAIN)


def _refused(status: int) -> Response:
    """What was not read stays unread."""
    return Response(status_code=status, headers={"connection": "close"})
