"""The wall before everything: a name that is ours; and before what changes something: right
origin, small body, readable.

Routes find the body as `request.state.given`. What adapters serve to other platforms proves
itself by signature instead; it lies under `/hooks/`, or at a path that its platform expects.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.core.commands import Refused
from bot.core.texts import t
from bot.pages.given import BODY_MOST, NOT_READABLE, TOO_LARGE, Given, Unreadable
from bot.pages.given import from_form as read_form
from bot.pages.given import from_json as read_json
from bot.pages.limited import TOO_FAST
from bot.pages.words import Words, wants_json
from bot.untrusted import body_of

BODY_SECONDS = 20
READERS = {"application/json": read_json, "application/x-www-form-urlencoded": read_form}
HOOKS = "/hooks/"
API = "/api/"
"""What programs ask proves itself by its key, and has a wall of its own behind it."""
READING = ("GET", "HEAD")
BY_ROUTE = ("/chat/file",)
"""Paths whose route reads the body itself, piece by piece and within bounds of its own."""

HERE = ("localhost", "127.0.0.1", "::1")
HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:/@\s]+))(?::[0-9]{1,5})?")

WRONG_NAME = Refused(
    code="host",
    text=t(
        "Muster does not serve under this name. Open it at its own address. "
        "Whoever runs it can set that address as public_url."
    ),
)
WRONG_ORIGIN = Refused(
    code="origin",
    text=t("This came from another page. Open Muster at its own address and try again."),
)
WRONG_TYPE = Refused(
    code="type", text=t("This was sent in a form that Muster does not read. Reload the page.")
)
TOO_SLOW = Refused(
    code="slow", text=t("This took too long to arrive. Please try again."), transient=True
)
NOT_SO = Refused(code="method", text=t("That cannot be done here."))


class Stop(Exception):
    """The request goes no further: status and refusal."""

    def __init__(self, status: int, refused: Refused) -> None:
        super().__init__(refused.code)
        self.status = status
        self.refused = refused


class Guard:
    """Wraps the routes; `allowed` names the methods that the path of a request takes, `waits`
    says how many seconds a stranger must wait, `signed` are paths that prove themselves.
    """

    def __init__(
        self,
        app: ASGIApp,
        words: Words,
        public_url: str,
        allowed: Callable[[Scope], str],
        waits: Callable[[Request], Awaitable[float]],
        signed: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._signed = frozenset(signed)
        self._words = words
        self._waits = waits
        self._origin = public_url
        self._public = urlsplit(public_url).hostname
        self._allowed = allowed
        name = socket.gethostname().lower()
        short = name.partition(".")[0]
        self._own_names = {name, short, f"{short}.local"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let reading through under a name of ours; check everything else first."""
        if scope["path"] in self._signed and scope["method"] != "POST":
            # A platform asks like no browser; who it is that does is not even looked up.
            await Response(status_code=405, headers={"allow": "POST"})(scope, receive, send)
            return
        if scope["path"].startswith(HOOKS) or scope["path"] in self._signed:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            if not self._is_ours(request):
                raise Stop(421, WRONG_NAME)
            if scope["path"].startswith(API):
                await self._app(scope, receive, send)
                return
            if wait := await self._waits(request):
                await self._slow(request, wait)(scope, receive, send)
                return
            if request.method not in READING:
                self._check(request)
                by_route = scope["path"] in BY_ROUTE
                given = {} if by_route else await self._given(request)
                scope.setdefault("state", {})["given"] = given
        except Stop as stop:
            await self._refusal(request, stop)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        """Whether the browser asks for us, and not for a stranger's name that was pointed here.

        Such a name would make the stranger's page one of our own origin. A number is nobody's
        name. Who comes from this very computer must use one of the names that it has for itself.
        """
        host = _host(request.headers.get("host", ""))
        if host in HERE:
            return True
        if self._public is not None:
            return host == self._public
        local, _ = request.scope.get("server") or ("", 0)
        return local not in HERE and (_is_address(host) or host in self._own_names)

    def _check(self, request: Request) -> None:
        if request.method != "POST":
            raise Stop(405, NOT_SO)
        if request.headers.get("origin") != self.origin(request):
            raise Stop(403, WRONG_ORIGIN)

    def origin(self, request: Request) -> str:
        """Our own origin, as a browser writes it."""
        return self._origin or f"{request.url.scheme}://{request.headers.get('host', '')}"

    async def _given(self, request: Request) -> Given:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await body_of(request, BODY_MOST)
            if body is None:
                raise Stop(413, TOO_LARGE)
            if body and kind not in READERS:
                raise Stop(415, WRONG_TYPE)
            return READERS[kind](body) if body else {}
        except TimeoutError:
            raise Stop(408, TOO_SLOW) from None
        except Unreadable:
            raise Stop(400, NOT_READABLE) from None

    def _slow(self, request: Request, wait: float) -> Response:
        """No page is made for it: that is what there is not enough time for."""
        text = self._words.speaker(self._words.language(request))(TOO_FAST.text)
        body = {"outcome": "refused", "code": TOO_FAST.code, "text": text}
        as_json = wants_json(request)
        response = JSONResponse(body, 429) if as_json else PlainTextResponse(text, 429)
        response.headers["retry-after"] = str(round(wait) + 1)
        response.headers["connection"] = "close"
        return response

    def _refusal(self, request: Request, stop: Stop) -> Response:
        response = self._words.refusal(request, stop.refused, stop.status)
        if stop.status == 405:
            response.headers["allow"] = self._allowed(request.scope)
        # Whatever is left of the body is not read, so the connection cannot go on.
        response.headers["connection"] = "close"
        return response


def _host(header: str) -> str:
    """The name or address in a Host header, without the port; "" for what is neither."""
    found = HOST.fullmatch(header)
    return (found[1] or found[2]).lower() if found else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
