"""Files in the chat: sent by whoever has the conversation open, and read by nobody else.

The bytes are the whole body; what belongs to them travels as headers, each escaped like a part of
an address. They are read with the token as a header too, so no address alone leads to a file.
"""

from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import CHANNEL, INCOMPLETE, SOURCE, enveloped
from bot.adapters.web.uploads import Stopped, Uploads
from bot.adapters.web.visited import NOBODY, Visited, Visitor, address_of, answered
from bot.core.commands import Answer, Refused
from bot.core.file_words import AttachFile
from bot.core.files import NOTHING_YET
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.file_views import headers_of
from bot.engine.limits import Limiter

NAME, PRESS, FIELD = "x-muster-name", "x-muster-press", "x-muster-field"
NAME_SENT = 1_000
FIELD_SENT = 200

NO_FILE = Refused(code="not_found", text=t("This file is not here any more."))


class ChatFiles(Visited):
    """Routes under `/chat/file`."""

    def __init__(self, house: ChatHouse) -> None:
        super().__init__(house)
        self._by_sender = Limiter(house.engine.clock, house.limits.files)
        self._by_looker = Limiter(house.engine.clock, house.limits.looks)
        self._sent_from = Limiter(house.engine.clock, house.limits.files_of_address)
        self._uploads = Uploads(house.engine.clock)

    def routes(self) -> list[BaseRoute]:
        """For whoever has the conversation."""
        return [
            Route("/chat/file", self.send, methods=["POST"]),
            Route("/chat/file/{file}", self.fetch, methods=["GET"]),
        ]

    async def send(self, request: Request) -> Response:
        """Take one file."""
        try:
            return await self._taken(request)
        except Stopped as stopped:
            return _closing(self._refusal(request, stopped.refused, stopped.status))

    async def _taken(self, request: Request) -> Response:
        visitor = self._who(request)
        if visitor is None:
            raise Stopped(401, NOBODY)
        wait = self._by_sender.wait(visitor.opaque)
        if wait := wait or self._sent_from.wait(address_of(request)):
            return _closing(self._slow(request, wait))
        press = request.headers.get(PRESS, "")
        if not SOURCE.fullmatch(press):
            raise Stopped(400, INCOMPLETE)
        report = await self._report(visitor)
        if report is None:
            raise Stopped(409, NOTHING_YET)
        with self._uploads.room(request, visitor.opaque, address_of(request)) as size:
            content = await self._uploads.read(request, size)
            return await self._kept(request, visitor, report, press, content)

    async def _kept(
        self, request: Request, visitor: Visitor, report: Report, press: str, content: bytes
    ) -> Response:
        say = self._speaker(request)

        async def deliver(command: AttachFile, said: str) -> Answer:
            envelope = enveloped(command, press, visitor.opaque, say.language, said)
            return await self._house.engine.handle(envelope)

        name = _header(request, NAME, NAME_SENT)
        field = _header(request, FIELD, FIELD_SENT)
        key = f"{CHANNEL}:{visitor.opaque}:{press}"
        answer, file = await self._house.files.take(report, key, name, content, field, deliver)
        return answered(answer, say, file=file)

    async def fetch(self, request: Request) -> Response:
        """The bytes of a file that this visitor has sent."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_looker.wait(visitor.opaque):
            return self._slow(request, wait)
        report = await self._report(visitor)
        if report is not None and self._idle(report):
            return self._refusal(request, NOBODY, 401)
        person = await self._person(visitor)
        file = request.path_params["file"]
        allowed = None if person is None else await self._house.reader.own_file(person, file)
        if allowed is None:
            return self._refusal(request, NO_FILE, 404)
        pieces = self._house.files.read(file, allowed.subject)
        return StreamingResponse(pieces, headers=headers_of(allowed.view))

    async def _report(self, visitor: Visitor) -> Report | None:
        person = await self._person(visitor)
        if person is None:
            return None
        return await self._house.reader.current(person, visitor.seat)


def _header(request: Request, name: str, most: int) -> str:
    return unquote(request.headers.get(name, "")[: 9 * most], errors="replace")[:most]


def _closing(response: Response) -> Response:
    # Whatever is left of the body is not read, so the connection cannot go on.
    response.headers["connection"] = "close"
    return response
