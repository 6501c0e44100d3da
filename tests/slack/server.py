"""The HTTP side of the fake: tokens, scopes, pace, faults and the log, before any method runs."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from tests.slack import chat, directory, files, views
from tests.slack.ask import METHODS, Ask, Method
from tests.slack.chat import respond
from tests.slack.faults import Call, Fault, first
from tests.slack.pace import Pace
from tests.slack.state import ApiError, Token, World

Json = dict[str, Any]
PARTS = (chat, directory, files, views)
"""Their methods are in the table once they are imported."""


def scope_of(method: str) -> str:
    """The scope that a method needs, of all that this server answers."""
    return METHODS[method].scope


FORM_ONLY = frozenset(
    {
        "bots.info",
        "chat.getPermalink",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "files.getUploadURLExternal",
        "files.info",
        "team.info",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.info",
        "users.list",
        "users.lookupByEmail",
    }
)
"""Methods that read no JSON."""


class Lost(Exception):
    """The connection closes in place of an answer."""


class Server:
    """Answers the app's requests. `calls` is every one of them, oldest first."""

    def __init__(self, world: World, pace: Pace) -> None:
        self.world = world
        self.pace = pace
        self.calls: list[Call] = []
        self.faults: list[Fault] = []

    def routes(self, app: web.Application) -> None:
        """Every address but that of the socket."""
        app.router.add_route("*", "/api/{method}", self.api)
        app.router.add_post("/actions/{key:.+}", self.response_url)
        app.router.add_post("/upload/{file}", self.upload)
        app.router.add_get("/files-pri/{file}/{name}", self.download)

    # --- the Web API ---

    async def api(self, request: web.Request) -> web.StreamResponse:
        """A method of the Web API."""
        name = request.match_info["method"]
        args = await arguments(request, json_too=name not in FORM_ONLY)
        key = bearer(request, args)
        fault = await self._fault(name, args)
        try:
            status, answer, fate = self._answer(name, args, key, fault)
        except Lost:
            self._log(name, args, key, fate="dropped")
            return abort(request)
        self._log(name, args, key, status, answer, fate)
        if fate == "lost":
            return abort(request)
        return self._told(status, answer, key, name, fault)

    def _answer(
        self, name: str, args: Json, key: str, fault: Fault | None
    ) -> tuple[int, Json, str]:
        if fault is not None and fault.drop:
            raise Lost
        if fault is not None and fault.instead:
            return fault.status or 200, {"ok": False, "error": fault.error}, "refused"
        status, answer = self._run(name, args, key)
        if fault is None:
            return status, answer, ""
        return status, answer, "lost" if fault.lose else "garbled" if fault.garbage else "late"

    def _run(self, name: str, args: Json, key: str) -> tuple[int, Json]:
        try:
            method, token = self._admit(name, key)
            place = str(args.get("channel") or "")
            place = f"D{place[1:]}" if place[:1] in ("U", "W") else place
            if wait := self.pace.judge(name, method.tier, place, self.world.clock.now()):
                return 429, {"ok": False, "error": "ratelimited", "retry_after": wait}
            ask = Ask(self.world, args, token)
            ask.need(method.scope)
            return 200, {"ok": True, **method.run(ask)}
        except ApiError as error:
            return 200, {"ok": False, "error": error.error, **error.more}

    def _admit(self, name: str, key: str) -> tuple[Method, Token]:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        if not key:
            raise ApiError("not_authed")
        token = self.world.tokens.get(key)
        if token is None:
            raise ApiError("invalid_auth")
        if token.state:
            raise ApiError(token.state)
        if method.kind not in ("any", token.kind):
            raise ApiError("not_allowed_token_type")
        return method, token

    def _told(
        self, status: int, answer: Json, key: str, name: str, fault: Fault | None
    ) -> web.Response:
        headers = self._headers(key, name)
        if status == 429 and "retry_after" in answer:
            headers["Retry-After"] = str(answer["retry_after"])
        if fault is not None:
            headers |= dict(fault.headers)
            if fault.garbage:
                return web.Response(text="<html>Oops", content_type="text/html", headers=headers)
            if fault.body is not None:
                return web.Response(status=status, text=fault.body, headers=headers)
        return web.json_response(answer, status=status, headers=headers)

    def _headers(self, key: str, name: str) -> dict[str, str]:
        token, method = self.world.tokens.get(key), METHODS.get(name)
        if token is None or method is None:
            return {}
        return {
            "X-OAuth-Scopes": ",".join(token.scopes),
            "X-Accepted-OAuth-Scopes": method.scope,
        }

    # --- all else ---

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """An answer to a press or a command."""
        args = await arguments(request)

        def run() -> tuple[web.Response, str]:
            wrong = respond(self.world, request.match_info["key"], args)
            status = 404 if wrong.endswith("_url") else 400 if wrong else 200
            return web.Response(status=status, text=wrong or "ok"), wrong

        return await self._faced(request, "response_url", args, run)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        content = await _content(request)
        file = self.world.files.get(request.match_info["file"])

        def run() -> tuple[web.Response, str]:
            if file is None or file.content is not None or len(content) != file.length:
                return web.Response(status=400, text="wrong length"), "wrong_length"
            file.content = content
            return web.Response(text=f"OK - {len(content)}"), ""

        return await self._faced(request, "upload", {"size": len(content)}, run)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's content; whoever has no right to it is shown a page to sign in on, with 200."""
        token = self.world.tokens.get(bearer(request, {}))
        file = self.world.files.get(request.match_info["file"])

        def run() -> tuple[web.Response, str]:
            if token is None or token.state or "files:read" not in token.scopes:
                page = "<!DOCTYPE html><title>Sign in</title>"
                return web.Response(text=page, content_type="text/html"), "signed_out"
            if file is None or file.content is None:
                return web.Response(status=404, text="not found"), "file_not_found"
            return web.Response(body=file.content, content_type=file.media_type), ""

        return await self._faced(request, "file", dict(request.match_info), run)

    async def _faced(
        self,
        request: web.Request,
        path: str,
        args: Json,
        run: Callable[[], tuple[web.Response, str]],
    ) -> web.StreamResponse:
        """What `run` answers, unless a fault comes between."""
        fault = await self._fault(path, args)
        key = bearer(request, {})
        if fault is not None and fault.drop:
            self._log(path, args, key, fate="dropped")
            return abort(request)
        if fault is not None and fault.instead:
            status, words = fault.status or 500, fault.body or fault.error
            self._log(path, args, key, status, fate="refused", error=fault.error)
            return web.Response(status=status, text=words, headers=fault.headers)
        answer, wrong = run()
        lost = fault is not None and fault.lose
        self._log(path, args, key, answer.status, fate="lost" if lost else "", error=wrong)
        return abort(request) if lost else answer

    async def _fault(self, path: str, args: Json) -> Fault | None:
        fault = first(self.faults, path, args)
        if fault is not None:
            self.world.stirred.set()
            await fault.hold(self.world.clock)
        return fault

    def _log(
        self,
        path: str,
        args: Json,
        key: str,
        status: int = 200,
        answer: Json | None = None,
        fate: str = "",
        error: str = "",
    ) -> None:
        told = answer or {}
        word = error or ("" if told.get("ok", True) else str(told.get("error")))
        at = self.world.clock.now()
        self.calls.append(Call(path, args, key, at, status, word, told, fate))
        self.world.stirred.set()


def abort(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def arguments(request: web.Request, json_too: bool = True) -> Json:
    """Arguments from the query and the body, form or JSON; the body's count.

    Not every method reads JSON: what stands in it is then as good as not said.
    """
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        raw = await request.read() if json_too else b""
        body = json.loads(raw) if raw else {}
        return {**found, **body} if isinstance(body, dict) else found
    return {**found, **dict(await request.post())}


def bearer(request: web.Request, args: Json) -> str:
    """The key of a request: in its header or in a form, never in its address."""
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    given: Mapping[str, Any] = {} if "token" in request.query else args
    return "" if request.content_type == "application/json" else str(given.get("token") or "")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
