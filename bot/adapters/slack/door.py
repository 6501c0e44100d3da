"""Slack over HTTP: one route in the house's own port, whose requests are signed by Slack."""

import asyncio
import time

from slack_bolt import BoltResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.adapters.slack.app import Ears
from bot.adapters.slack.receive import PATH
from bot.untrusted import body_of

BODY_SECONDS = 10
WINDOW = 5 * 60
"""Seconds after which nothing that was signed counts any more; Bolt looks at it, too."""
SIGNED = ("x-slack-signature", "x-slack-request-timestamp")


class Door:
    """Reads what Slack sends, within bounds, and hands it to Bolt, which looks at the signature."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears

    def route(self) -> Route:
        """For Slack alone."""
        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """One request of Slack's."""
        if not _may_be_signed(request):
            return Response(status_code=401)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await body_of(request)
            words = None if body is None else body.decode()
        except (TimeoutError, UnicodeDecodeError):
            return Response(status_code=400, headers={"connection": "close"})
        if words is None:
            return Response(status_code=413, headers={"connection": "close"})
        return _response(await self._ears.over_http(words, dict(request.headers)))


def _may_be_signed(request: Request) -> bool:
    """Whether it is worth reading: it is signed, and said to be from now."""
    signature, stamp = (request.headers.get(name, "") for name in SIGNED)
    fresh = stamp.isascii() and stamp.isdigit() and len(stamp) < 12
    return bool(signature) and fresh and abs(time.time() - int(stamp)) <= WINDOW


def _response(answer: BoltResponse) -> Response:
    headers = {name: str(values[0]) for name, values in answer.headers.items() if values}
    return Response(answer.body, answer.status, headers)
