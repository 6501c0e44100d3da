"""The outermost wall: headers on every answer, and a plain page for whatever goes wrong."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Stricter (`no-referrer`) would make browsers send plain forms with `Origin: null`.
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
FRAMED = "/chat"
LOADER = "/static/embed.js"


class Shield:
    """Wraps the whole app. `embed`: the origins whose pages may show the chat; nothing else of
    ours can be shown inside another page.
    """

    def __init__(self, app: ASGIApp, secure: bool, embed: Sequence[str] = ()) -> None:
        self._app = app
        lasting = {"strict-transport-security": "max-age=31536000"} if secure else {}
        self._headers = {**HEADERS, **lasting}
        self._special = {LOADER: {**self._headers, "cross-origin-resource-policy": "cross-origin"}}
        if embed:
            self._special[FRAMED] = _framed(self._headers, embed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and see to it that every answer is dressed."""
        if scope["type"] != "http":
            return
        began = False

        async def dressed(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                self._dress(scope, message)
            await send(message)

        # What follows the head may be no HTTP; the server then answers by itself and hangs up,
        # which is known one step later.
        await asyncio.sleep(0)
        try:
            await self._app(scope, receive, dressed)
        except ClientDisconnect:
            log.info("somebody hung up in the middle", route=_route(scope))
        except Exception:
            number = secrets.token_hex(4)
            log.exception("a request failed", number=number, route=_route(scope))
            if not began:
                await _sorry(number)(scope, receive, dressed)

    def _dress(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._special.get(scope["path"], self._headers).items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")


def _framed(headers: Mapping[str, str], embed: Sequence[str]) -> dict[str, str]:
    """The same, for a page that exactly these sites may show."""
    ancestors = f"frame-ancestors {' '.join(embed)};"
    policy = POLICY.replace("frame-ancestors 'none';", ancestors)
    kept = {name: value for name, value in headers.items() if name != "x-frame-options"}
    return {**kept, "content-security-policy": policy}


def _route(scope: Scope) -> str:
    """The pattern of the path, never the path itself: a link may carry a token."""
    return str(getattr(scope.get("route"), "path", ""))


def _sorry(number: str) -> PlainTextResponse:
    return PlainTextResponse(
        f"Something went wrong on our side. Please try again. If it goes on, say this number: "
        f"{number}\n",
        status_code=500,
    )
