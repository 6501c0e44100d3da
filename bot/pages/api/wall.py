"""The wall of the API: key, pace, and a body that is small, shallow and can be kept.

Everything is decided here before a route sees anything. A wrong key costs its sender's address
a try and nobody else anything: whoever has a key that serves is counted by that key alone.
"""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.commands import Refused
from bot.engine.limits import Limiter, Rate
from bot.engine.programs import Caller, Programs
from bot.pages.api import problems as p
from bot.pages.api.problems import Problem
from bot.pages.base import Base
from bot.pages.given import BODY_MOST, TOO_LARGE, Unreadable, from_json
from bot.pages.limited import TOO_FAST, address_of
from bot.untrusted import body_of

BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{1,200})")
SOURCE = re.compile(r"[A-Za-z0-9._:-]{8,128}")
SIGNS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
BODY_SECONDS = 20
OPENAPI = "/openapi.json"
PER_KEY = Rate(burst=200, per_minute=1_200)
PER_ADDRESS = Rate(burst=30, per_minute=20)


class Wall:
    """Wraps the API; a caller that comes through is `request.state.caller`."""

    def __init__(self, make: Callable[[], ASGIApp], base: Base, programs: Programs) -> None:
        """`make` makes the API, once it is wanted: that takes a while, and many never ask."""
        clock = base.house.engine.clock
        self._make = make
        self._app: ASGIApp | None = None
        self._base = base
        self._programs = programs
        self._keys = Limiter(clock, PER_KEY)
        self._strangers = Limiter(clock, PER_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what may come in, and say why of everything else."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            state = scope.setdefault("state", {})
            if not _is_description(scope):
                state["caller"] = await self._caller(request)
                receive = await self._read(request)
            elif wait := self._strangers.wait(f"read:{address_of(request)}"):
                raise _slow(wait)
        except Problem as problem:
            await self.refuse(request, problem)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        self._app = self._app or self._make()
        await self._app(scope, receive, send)

    def refuse(self, request: Request, problem: Problem) -> ASGIApp:
        """The answer to a problem."""
        said = self._base.speaker(request)(problem.refused.text)
        return p.response(problem, said)

    async def _caller(self, request: Request) -> Caller:
        """Who asks. Raises Problem."""
        given = request.headers.getlist("authorization")
        found = BEARER.fullmatch(given[0]) if len(given) == 1 else None
        caller = await self._programs.find(found[1]) if found else None
        if caller is None:
            wait = self._strangers.wait(address_of(request))
            raise _slow(wait) if wait else Problem(401, p.NO_KEY, {"www-authenticate": "Bearer"})
        if wait := self._keys.wait(caller.person):
            raise _slow(wait)
        await self._programs.mark(caller)
        return caller

    async def _read(self, request: Request) -> Receive:
        """The body, looked through and ready to be read again. Raises Problem."""
        if request.method in ("GET", "HEAD"):
            return _again(b"")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await body_of(request, BODY_MOST)
        except TimeoutError:
            raise _closing(408, p.TOO_SLOW) from None
        if body is None:
            raise _closing(413, TOO_LARGE)
        if body:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise Problem(415, p.NOT_JSON)
            _look_through(body)
        return _again(body)


def _is_description(scope: Scope) -> bool:
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    return path == OPENAPI and scope["method"] in ("GET", "HEAD")


def _slow(wait: float) -> Problem:
    return Problem(429, TOO_FAST, {"retry-after": str(int(wait) + 1)})


def _closing(status: int, refused: Refused) -> Problem:
    """What is left of the body is not read, so the connection cannot go on."""
    return Problem(status, refused, {"connection": "close"})


def _look_through(body: bytes) -> None:
    """Raises Problem for what is no object, too deep, too much, or holds what cannot be kept."""
    try:
        from_json(body)
        found = json.loads(body, object_pairs_hook=_once)
    except (Unreadable, ValueError, RecursionError):
        raise Problem(400, p.UNREADABLE) from None
    if _holds_signs(found):
        raise Problem(422, p.CONTROL)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that comes twice means two things, so it means nothing."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable
    return found


def _holds_signs(value: Any) -> bool:
    if isinstance(value, str):
        return SIGNS.search(value) is not None
    if isinstance(value, list):
        return any(map(_holds_signs, value))
    if isinstance(value, dict):
        return any(map(_holds_signs, (*value, *value.values())))
    return False


def source_of(request: Request) -> str:
    """The Idempotency-Key. Raises Problem."""
    given = request.headers.getlist("idempotency-key")
    if len(given) != 1 or not SOURCE.fullmatch(given[0]):
        raise Problem(400, p.NO_SOURCE)
    return given[0]


def _again(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
