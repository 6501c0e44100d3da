"""The HTTP side of the fake: keys, faults, pace and the log, before any method runs."""

import inspect
import json
from typing import Any

from aiohttp import web

from tests.telegram import files, methods, methods_chats, methods_updates
from tests.telegram.ask import METHODS, Ask, Method, Part
from tests.telegram.deliveries import Deliveries
from tests.telegram.faults import Call, Fault, first
from tests.telegram.pace import Pace
from tests.telegram.state import ApiError, World
from tests.telegram.updates import Updates

Json = dict[str, Any]
Told = tuple[int, Json]
PARTS = (files, methods, methods_chats, methods_updates)
"""Their methods are in the table once they are imported."""


class Server:
    """Answers the bot's requests. `calls` is every one of them, oldest first."""

    def __init__(self, world: World, updates: Updates, hooks: Deliveries, pace: Pace) -> None:
        self.world, self.updates, self.hooks, self.pace = world, updates, hooks, pace
        self.calls: list[Call] = []
        self.faults: list[Fault] = []

    def routes(self, app: web.Application) -> None:
        """Both addresses."""
        app.router.add_get("/file/bot{token}/{path:.+}", self.download)
        app.router.add_get("/bot{token}/{method}", self.api)
        app.router.add_post("/bot{token}/{method}", self.api)

    # --- methods ---

    async def api(self, request: web.Request) -> web.StreamResponse:
        """A method of the Bot API."""
        name = request.match_info["method"]
        try:
            args, parts = await arguments(request)
        except ConnectionError:  # Whoever asked was killed while they did.
            return abort(request)
        known = METHODS.get(name.lower())
        name = known.name if known else name
        fault = await self._fault(name, args)
        if fault is not None and fault.drop:
            self._log(name, args, (0, {}), "dropped")
            return abort(request)
        if fault is not None and fault.instead:
            self._paused(fault, args)
            self._log(name, args, (fault.code, fault.answer()), "refused")
            return _instead(fault)
        told = await self._answer(request.match_info["token"], known, args, parts)
        self._log(name, args, told, _fate(fault))
        return abort(request) if fault is not None and fault.lose else _told(told, fault)

    async def _answer(
        self, token: str, known: Method | None, args: Json, parts: dict[str, Part]
    ) -> Told:
        try:
            chosen = self._admit(token, known, args)
            result = chosen.run(Ask(self.world, self.updates, self.hooks, args, parts))
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            more: Json = {"parameters": error.parameters} if error.parameters else {}
            return error.code, {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
                **more,
            }
        except files.TooLarge:
            large = "Request Entity Too Large"
            return 413, {"ok": False, "error_code": 413, "description": large}
        return 200, {"ok": True, "result": result}

    def _admit(self, token: str, known: Method | None, args: Json) -> Method:
        if token != self.world.me.token:
            raise ApiError("Unauthorized", 401)
        if self.world.me.closed:
            raise ApiError("Logged out", 401)
        if known is None:
            raise ApiError("Not Found", 404)
        if odd := sorted(set(args) - known.args):
            self.world.violations.append(f"{known.name} does not take {', '.join(odd)}")
            raise ApiError(f"unknown arguments: {', '.join(odd)}")
        if known.paced:
            self._pace(known, args)
        return known

    def _pace(self, known: Method, args: Json) -> None:
        place = self._place(args)
        many = 1
        if known.name == "sendMediaGroup":
            many = str(args.get("media", "")).count('"media"') or 1
        if wait := self.pace.judge(place, self.world.clock.now(), many):
            raise ApiError(f"Too Many Requests: retry after {wait}", 429, retry_after=wait)

    def _place(self, args: Json) -> int:
        given = str(args.get("chat_id", ""))
        if given.removeprefix("-").isdigit():
            return int(given)
        return next((one.id for one in self.world.chats.values() if f"@{one.username}" == given), 0)

    def _paused(self, fault: Fault, args: Json) -> None:
        if fault.retry_after and self.pace.on:
            now = self.world.clock.now()
            self.pace.pause(f"chat {self._place(args)}", now, fault.retry_after)

    # --- files ---

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The content of a file."""
        path = request.match_info["path"]
        fault = await self._fault("file", {"path": path})
        if fault is not None and fault.drop:
            self._log("file", {"path": path}, (0, {}), "dropped")
            return abort(request)
        if fault is not None and fault.instead:
            self._log("file", {"path": path}, (fault.code, {}), "refused")
            return _instead(fault)
        good = request.match_info["token"] == self.world.me.token
        found = files.found(self.world, path) if good else None
        told: Told = (200, {}) if found else (404, {"description": "Not Found"})
        self._log("file", {"path": path}, told, _fate(fault))
        if found is None:
            words = {"ok": False, "error_code": 404, "description": "Not Found"}
            return web.json_response(words, status=404)
        if fault is not None and fault.lose:
            return abort(request)
        return web.Response(body=found.content, content_type="application/octet-stream")

    async def _fault(self, name: str, args: Json) -> Fault | None:
        fault = first(list(self.faults), name, args)
        if isinstance(fault, Fault):
            self.world.stirred.set()
            await fault.hold(self.world.clock)
            return fault
        return None

    def _log(self, name: str, args: Json, told: Told, fate: str = "") -> None:
        status, answer = told
        error = str(answer.get("description", ""))
        now, result = self.world.clock.now(), answer.get("result")
        wait = answer.get("parameters", {}).get("retry_after", 0)
        self.calls.append(Call(name, args, now, status, error, result, fate, wait))
        self.world.stirred.set()


def _fate(fault: Fault | None) -> str:
    if fault is None:
        return ""
    return "lost" if fault.lose else "garbled" if fault.garbage or fault.half else "late"


def _instead(fault: Fault) -> web.Response:
    if fault.body is not None:
        return web.Response(status=fault.status or 200, text=fault.body, headers=fault.headers)
    return web.json_response(fault.answer(), status=fault.code, headers=fault.headers)


def _told(told: Told, fault: Fault | None) -> web.Response:
    status, answer = told
    if fault is not None and fault.garbage:
        return web.Response(text="<html>Oops", content_type="text/html")
    if fault is not None and fault.half:
        raw = json.dumps(answer)
        return web.Response(text=raw[: len(raw) // 2], content_type="application/json")
    return web.json_response(answer, status=status)


def abort(request: web.Request) -> web.StreamResponse:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def arguments(request: web.Request) -> tuple[Json, dict[str, Part]]:
    """Arguments from the query and the body, whether form, JSON or multipart; and the files."""
    found: Json = dict(request.query)
    parts: dict[str, Part] = {}
    if request.content_type == "application/json":
        body = json.loads(await request.read() or b"{}")
        return {**found, **body} if isinstance(body, dict) else found, parts
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            parts[key] = Part(value.filename, value.file.read(), value.content_type)
        else:
            found[key] = value
    return found, parts
