"""The routes of the chat channel. What changes something has passed the wall of the pages, which
checked where it came from and read its body into `request.state.given`.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.adapters.web.chat_files import ChatFiles
from bot.adapters.web.going_on import GoingOn
from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import Wrong, envelope_of
from bot.adapters.web.render import letter_json, report_json
from bot.adapters.web.transcript import transcript
from bot.adapters.web.visited import NOBODY, Visitor, address_of, answered
from bot.adapters.web.ways_back import WaysBack
from bot.core.texts import t
from bot.engine.hub import Typing
from bot.engine.limits import Limiter
from bot.engine.live import HEARTBEAT, TYPING, Change, Feed, customers_of, frame
from bot.engine.read_chat import Mine

LETTERS = 200


class Chat(ChatFiles, WaysBack, GoingOn):
    """Routes under `/chat/`."""

    def __init__(self, house: ChatHouse) -> None:
        super().__init__(house)
        engine, limits = house.engine, house.limits
        self._by_visitor = Limiter(engine.clock, limits.visitor)
        self._by_reader = Limiter(engine.clock, limits.reader)
        self._by_typing = Limiter(engine.clock, limits.typing)
        self._fresh = Limiter(engine.clock, limits.fresh)
        self._streams: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """For everybody who has the page open."""
        return [
            *ChatFiles.routes(self),
            *WaysBack.routes(self),
            *GoingOn.routes(self),
            Route("/chat/visitor", self.visitor, methods=["POST"]),
            Route("/chat/do", self.do, methods=["POST"]),
            Route("/chat/state", self.state, methods=["GET"]),
            Route("/chat/typing", self.typing, methods=["POST"]),
            Route("/chat/transcript", self.transcript, methods=["GET"]),
            Route("/chat/stream", self.stream, methods=["GET"]),
        ]

    # --- in ------------------------------------------------------------------------------------

    async def visitor(self, request: Request) -> Response:
        """A token for somebody who is about to say their first word."""
        if wait := self._fresh.wait(address_of(request)):
            return self._slow(request, wait)
        return JSONResponse({"token": self._visitors.make()})

    async def do(self, request: Request) -> Response:
        """Hand what was pressed or written to the door, and say what it answered."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_visitor.wait(visitor.opaque):
            return self._slow(request, wait)
        say = self._speaker(request)
        try:
            envelope = envelope_of(request.state.given, visitor.opaque, say.language)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        answer = await self._house.engine.handle(envelope)
        return answered(answer, say)

    async def typing(self, request: Request) -> Response:
        """The visitor is writing a message. Nothing is kept of it; too many are not passed on."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if self._by_typing.wait(visitor.opaque):
            return Response(status_code=204)
        person = await self._person(visitor)
        report = person and await self._house.reader.current(person, visitor.seat)
        if report and report.serves(self._house.engine.clock.now()):
            self._house.engine.hub.tell(Typing(report.stream, "customer"))
        return Response(status_code=204)

    # --- out -----------------------------------------------------------------------------------

    async def state(self, request: Request) -> Response:
        """The report as it stands, and the letters after `after`."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_reader.wait(visitor.opaque):
            return self._slow(request, wait)
        mine = await self._mine(visitor)
        if mine is not None and self._idle(mine):
            return self._refusal(request, NOBODY, 401)
        return JSONResponse(await self._state(request, visitor, mine))

    async def _state(
        self, request: Request, visitor: Visitor, mine: Mine | None
    ) -> dict[str, object]:
        say = self._speaker(request)
        after = request.query_params.get("after", "0")
        number = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0
        mailbox = self._house.mailbox
        letters = await (
            mailbox.read(visitor.seat, number, LETTERS)
            if number
            else mailbox.newest(visitor.seat, LETTERS)
        )
        closing = self._house.reader.playbook.closing
        now = self._house.engine.clock.now()
        return {
            "report": None if mine is None else report_json(mine, say, now, closing.survey),
            "letters": [letter_json(one, say) for one in letters],
            "cursor": letters[-1].number if letters else number,
            "more": bool(number) and len(letters) == LETTERS,
        }

    async def transcript(self, request: Request) -> Response:
        """The visitor's own report as a text file."""
        visitor = self._who(request)
        mine = None if visitor is None else await self._mine(visitor)
        if visitor is None or mine is None or self._idle(mine):
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_taker.wait(visitor.opaque):
            return self._slow(request, wait)
        seat, mailbox = visitor.seat, self._house.mailbox
        name = self._house.reader.playbook.organisation.name
        text = transcript(
            mine,
            lambda after: mailbox.read(seat, after, LETTERS),
            t("Report {reference}: {organisation}", organisation=name, reference=mine.reference),
            self._speaker(request),
            self._house.engine.clock.now(),
        )
        headers = {"content-disposition": f'attachment; filename="{mine.reference}.txt"'}
        return StreamingResponse(text, media_type="text/plain; charset=utf-8", headers=headers)

    async def stream(self, request: Request) -> Response:
        """Rings whenever there is something new to fetch."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        address = address_of(request)
        if self._streams[address] >= self._house.limits.streams:
            return self._slow(request, 30)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            self._rings(visitor, address), media_type="text/event-stream", headers=headers
        )

    async def _rings(self, visitor: Visitor, address: str) -> AsyncIterator[bytes]:
        self._streams[address] += 1
        try:
            with self._house.feeds.open(f"seat:{visitor.seat}") as feed:
                shown = await self._shown(visitor, feed)
                yield frame("ring", {})
                while not feed.closed:
                    changes = await feed.take()
                    before = shown
                    if _is_of_incident(changes, shown):
                        shown = await self._moved_on(shown)
                    else:
                        shown = await self._shown(visitor, feed)
                    if any(thing == TYPING for _, thing in changes):
                        yield frame("typing", {})
                    if shown != before or any(thing == "mail" for _, thing in changes):
                        yield frame("ring", {})
                    elif not changes:
                        yield HEARTBEAT
        finally:
            self._streams[address] -= 1
            if not self._streams[address]:
                del self._streams[address]

    async def _shown(self, visitor: Visitor, feed: Feed) -> Mine | None:
        """What the customer would see, and from now on to hear of what concerns it. Most of what
        happens to an incident changes nothing of it, and then nothing rings.
        """
        mine = await self._mine(visitor)
        self._house.feeds.follow(feed, _topics(visitor, mine))
        return None if mine is None else replace(mine, version=0, touched_at=0)

    async def _moved_on(self, shown: Mine | None) -> Mine | None:
        """The same report beside its incident as that is now, which is the same for all of its
        customers.
        """
        face = None if shown is None else await self._house.reader.face(shown.incident)
        if shown is None or face is None:
            return shown
        return replace(shown, progress=face.progress, expected=face.expected)

    # --- parts ---------------------------------------------------------------------------------

    async def _mine(self, visitor: Visitor) -> Mine | None:
        person = await self._person(visitor)
        return None if person is None else await self._house.reader.mine(person, visitor.seat)


def _is_of_incident(changes: list[Change], shown: Mine | None) -> bool:
    """Whether nothing but the incident behind the report has moved."""
    topic = customers_of(shown.incident) if shown else ""
    return bool(changes) and all(one == topic for one, _ in changes)


def _topics(visitor: Visitor, mine: Mine | None) -> list[str]:
    """The visitor's place and person, and the incident behind their report."""
    own = [f"seat:{visitor.seat}", *([mine.person] if mine else [])]
    return own if mine is None or not mine.incident else [*own, customers_of(mine.incident)]


def routes(house: ChatHouse) -> list[BaseRoute]:
    """Everything that the web chat serves."""
    return Chat(house).routes()
