"""The routes of the chat channel. What changes something has passed the wall of the pages, which
checked where it came from and read its body into `request.state.given`.
"""

import hmac
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import CHANNEL, Wrong, envelope_of, enveloped
from bot.adapters.web.render import letter_json, report_json
from bot.adapters.web.transcript import transcript
from bot.adapters.web.visitors import HEADER, IDLE, Visitors
from bot.core.commands import Answer, Refused
from bot.core.ids import PersonId
from bot.core.report_words import KeepWayBack
from bot.core.texts import t
from bot.engine.hub import Typing
from bot.engine.limits import Limiter, household
from bot.engine.live import HEARTBEAT, TYPING, Change, Feed, customers_of, frame
from bot.engine.read_chat import Mine
from bot.texts import Speaker

LETTERS = 200
TRANSIENT = ("stopping", "overloaded", "not_saved")

NOBODY = Refused(code="lost", text=t("This conversation is not known here any more."))
WRONG_LINK = Refused(
    code="link",
    text=t("This link does not work any more. Look for a newer one, or begin a new report."),
)
TOO_FAST = Refused(
    code="too_fast",
    text=t("That was a little too much at once. Please wait a minute and try again."),
    transient=True,
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who writes: by what identities know them, the place that they write from, its hash."""

    opaque: str
    seat: str


class Chat:
    """Routes under `/chat/`."""

    def __init__(self, house: ChatHouse) -> None:
        self._house = house
        engine, limits = house.engine, house.limits
        self._visitors = Visitors(engine.codec.token_hash, engine.clock, engine.parts.chance)
        self._by_visitor = Limiter(engine.clock, limits.visitor)
        self._by_reader = Limiter(engine.clock, limits.reader)
        self._by_address = Limiter(engine.clock, limits.address)
        self._by_taker = Limiter(engine.clock, limits.taken)
        self._coming_back = Limiter(engine.clock, limits.back)
        self._by_typing = Limiter(engine.clock, limits.typing)
        self._fresh = Limiter(engine.clock, limits.fresh)
        self._streams: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """For everybody who has the page open."""
        return [
            Route("/chat/visitor", self.visitor, methods=["POST"]),
            Route("/chat/do", self.do, methods=["POST"]),
            Route("/chat/state", self.state, methods=["GET"]),
            Route("/chat/typing", self.typing, methods=["POST"]),
            Route("/chat/keep", self.keep, methods=["POST"]),
            Route("/chat/back", self.back, methods=["POST"]),
            Route("/chat/transcript", self.transcript, methods=["GET"]),
            Route("/chat/stream", self.stream, methods=["GET"]),
        ]

    # --- in ------------------------------------------------------------------------------------

    async def visitor(self, request: Request) -> Response:
        """A token for somebody who is about to say their first word."""
        if wait := self._fresh.wait(_address(request)):
            return self._slow(request, wait)
        return JSONResponse({"token": self._visitors.make()})

    async def do(self, request: Request) -> Response:
        """Hand what was pressed or written to the door, and say what it answered."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._too_fast(request, visitor, self._by_visitor):
            return self._slow(request, wait)
        say = self._speaker(request)
        try:
            envelope = envelope_of(request.state.given, visitor.opaque, say.language)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        answer = await self._house.engine.handle(envelope)
        return _answered(answer, say)

    async def typing(self, request: Request) -> Response:
        """The visitor is writing a message. Nothing is kept of it; too many are not passed on."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if self._too_fast(request, visitor, self._by_typing):
            return Response(status_code=204)
        person = await self._person(visitor)
        report = person and await self._house.reader.current(person, visitor.seat)
        if report and report.serves(self._house.engine.clock.now()):
            self._house.engine.hub.tell(Typing(report.stream, "customer"))
        return Response(status_code=204)

    async def keep(self, request: Request) -> Response:
        """A link by which the visitor can come back from anywhere; older ones serve no more."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._too_fast(request, visitor, self._by_taker):
            return self._slow(request, wait)
        say, link = self._speaker(request), self._visitors.link(visitor.opaque)
        command = KeepWayBack(token=self._house.engine.codec.token_hash(link))
        try:
            source = request.state.given.get("id")
            envelope = enveloped(command, source, visitor.opaque, say.language)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        answer = await self._house.engine.handle(envelope)
        if answer.outcome != "done":
            return _answered(answer, say)
        return JSONResponse({"outcome": "done", "link": link})

    async def back(self, request: Request) -> Response:
        """A token for another browser of whoever the link stands for. What is wrong with a link
        is never told apart.
        """
        if wait := self._coming_back.wait(_address(request)):
            return self._slow(request, wait)
        link = str(request.state.given.get("link", ""))
        opaque = self._visitors.behind(link)
        if opaque is None or not await self._leads(link, opaque):
            return self._refusal(request, WRONG_LINK, 404)
        visitor = self._who(request)
        same = visitor is not None and visitor.opaque == opaque
        return JSONResponse({"token": "" if same else self._visitors.make(opaque)})

    async def _leads(self, link: str, opaque: str) -> bool:
        codec, now = self._house.engine.codec, self._house.engine.clock.now()
        visitor = Visitor(opaque, codec.seat_key(CHANNEL, opaque))
        person = await self._person(visitor)
        if person is None:
            return False
        report = await self._house.reader.current(person, visitor.seat)
        if report is None or now >= report.way_back_until:
            return False
        return hmac.compare_digest(report.way_back, codec.token_hash(link))

    # --- out -----------------------------------------------------------------------------------

    async def state(self, request: Request) -> Response:
        """The report as it stands, and the letters after `after`."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._too_fast(request, visitor, self._by_reader):
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
        if wait := self._too_fast(request, visitor, self._by_taker):
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
        address = _address(request)
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

    def _who(self, request: Request) -> Visitor | None:
        opaque = self._visitors.opaque(request.headers.get(HEADER, ""))
        if opaque is None:
            return None
        return Visitor(opaque, self._house.engine.codec.seat_key(CHANNEL, opaque))

    async def _person(self, visitor: Visitor) -> PersonId | None:
        return await self._house.engine.person_behind(CHANNEL, visitor.opaque)

    async def _mine(self, visitor: Visitor) -> Mine | None:
        person = await self._person(visitor)
        return None if person is None else await self._house.reader.mine(person, visitor.seat)

    def _idle(self, mine: Mine) -> bool:
        """Over, and untouched for so long that whoever has this browser may be somebody else."""
        is_over = mine.stage in ("withdrawn", "done", "closed")
        return is_over and self._house.engine.clock.now() - mine.touched_at >= IDLE

    def _too_fast(self, request: Request, visitor: Visitor, limit: Limiter) -> float:
        address = self._by_address.wait(_address(request))
        return limit.wait(visitor.opaque) or address

    def _speaker(self, request: Request) -> Speaker:
        given = getattr(request.state, "given", {})
        asked = given.get("language") or request.query_params.get("lang", "")
        organisation = self._house.reader.playbook.organisation
        known = (*self._house.catalogues.languages, *organisation.languages)
        language = asked if asked in known else organisation.default_language
        plain = self._house.catalogues.speaker(
            language, organisation.time_zone, self._house.engine.clock.now()
        )
        # Customers hear of roles, never of names.
        role = plain(t("an agent"))
        return self._house.catalogues.speaker(
            language,
            organisation.time_zone,
            self._house.engine.clock.now(),
            lambda person: role,
        )

    def _refusal(self, request: Request, refused: Refused, status: int) -> Response:
        text = self._speaker(request)(refused.text)
        return JSONResponse({"outcome": "refused", "code": refused.code, "text": text}, status)

    def _slow(self, request: Request, wait: float) -> Response:
        response = self._refusal(request, TOO_FAST, 429)
        response.headers["retry-after"] = str(round(wait) + 1)
        return response


def _is_of_incident(changes: list[Change], shown: Mine | None) -> bool:
    """Whether nothing but the incident behind the report has moved."""
    topic = customers_of(shown.incident) if shown else ""
    return bool(changes) and all(one == topic for one, _ in changes)


def _topics(visitor: Visitor, mine: Mine | None) -> list[str]:
    """The visitor's place, and the incident behind their report."""
    seat = f"seat:{visitor.seat}"
    return [seat] if mine is None or not mine.incident else [seat, customers_of(mine.incident)]


def _answered(answer: Answer, say: Speaker) -> Response:
    body = {
        "outcome": answer.outcome,
        "code": answer.code,
        "text": say(answer.text) if answer.text else "",
        "repeat": answer.repeat,
        "reference": answer.data.get("reference", ""),
    }
    return JSONResponse(body, 503 if answer.code in TRANSIENT else 200)


def _address(request: Request) -> str:
    return household(request.client.host if request.client else "")


def routes(house: ChatHouse) -> list[BaseRoute]:
    """Everything that the web chat serves."""
    return Chat(house).routes()
