"""Hearing of updates on the status page itself: the browser keeps a token, we keep its hash.

Its mailbox is read by cursor, so each update arrives once and the page goes on where it was.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.commands import Command, Envelope, Identity, Place, Refused
from bot.core.following_words import VISIT_EVERY, VISIT_LASTS, FollowHere, Visit
from bot.core.person import Person
from bot.core.person_words import Unsubscribe
from bot.core.texts import When, t
from bot.engine.limits import Limiter, Rate
from bot.engine.live import Change, frame
from bot.engine.mailbox import Letter
from bot.pages.base import Base, answered
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.live import streamed
from bot.pages.subscribing import HOUSE, SECRET_BYTES, Wrong, scope_in, what_of, wish_given
from bot.pages.words import Words
from bot.texts import Speaker

CHANNEL = "page"
HEADER = "x-muster-page"
TOKEN_SIGNS = 32
SHOWN = 20
ASKER = Rate(burst=20, per_minute=6)
"""Of one address, behind which a whole office may sit."""
WHOLE = Rate(burst=5_000, per_minute=1_200)
"""On the worst day thousands ask within minutes; one costs less than a millisecond."""
READS = Rate(burst=120, per_minute=60)

NOBODY = Refused(code="nobody", text=t("This page does not follow anything any more."))
UNKNOWN = Refused(
    code="no_scope", text=t("There is nothing under that name that you could follow.")
)


class Hearing(Base):
    """Routes for browsers that follow."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        clock = house.engine.clock
        self._askers, self._all = Limiter(clock, ASKER), Limiter(clock, WHOLE)
        self._reads = Limiter(clock, READS)
        self._open: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [
            Route("/status/here", self.read, methods=["GET"]),
            Route("/status/here", self.follow, methods=["POST"]),
            Route("/status/here/end", self.end, methods=["POST"]),
            Route("/status/here/live", self.live, methods=["GET"]),
        ]

    def _who(self, request: Request) -> str:
        """Whom the browser's token stands for, "" without one."""
        token = request.headers.get(HEADER, "")
        fits = len(token) == TOKEN_SIGNS and token.isascii()
        return self.house.engine.codec.token_hash(token) if fits else ""

    async def _person(self, opaque: str) -> Person | None:
        """Who that is, as long as they follow something."""
        known = opaque and await self.house.engine.person_behind(CHANNEL, opaque)
        state = await self.house.reader.state(known) if known else None
        return state if isinstance(state, Person) and state.subscriptions else None

    async def follow(self, request: Request) -> Response:
        """From now on; a browser that has no token gets one."""
        if self._askers.wait(address_of(request)) or self._all.wait(HOUSE):
            return self.words.refusal(request, TOO_FAST, 429)
        given = {name: str(value).strip()[:80] for name, value in request.state.given.items()}
        scope = await scope_in(self.house, given)
        if scope is None:
            return self.words.refusal(request, UNKNOWN, 404)
        try:
            wish = wish_given(self.house, {**given, "language": ""})
        except Wrong as wrong:
            return self.words.refusal(request, Refused(code="no_time", text=wrong.args[0]), 400)
        token, opaque = request.headers.get(HEADER, ""), self._who(request)
        if await self._person(opaque) is None:
            token = base64.urlsafe_b64encode(self.house.engine.parts.chance(SECRET_BYTES)).decode()
            opaque = self.house.engine.codec.token_hash(token)
        speaker = self.speaker(request)
        source = given.get("id") or self._number()
        envelope = _envelope(FollowHere(scope=scope, wish=wish), opaque, source, speaker.language)
        answer = await self.house.engine.handle(envelope)
        if answer.outcome != "done":
            return answered(answer, speaker(answer.text) if answer.text else "")
        return JSONResponse({"outcome": "done", "token": token})

    def _number(self) -> str:
        return self.house.engine.parts.chance(16).hex()

    async def read(self, request: Request) -> Response:
        """The newest letters, and whether more will come."""
        if self._reads.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        opaque = self._who(request)
        person = await self._person(opaque)
        if person is None:
            return self.words.refusal(request, NOBODY, 404)
        seat = self.house.engine.codec.seat_key(CHANNEL, opaque)
        letters = await self.house.mailbox.newest(seat, SHOWN)
        if self.now + VISIT_LASTS >= person.visited_until + VISIT_EVERY:
            await self._do(Visit(), opaque)
        speaker = self.speaker(request)
        shown = [_letter(one, speaker.time(When(at=one.at))) for one in reversed(letters)]
        what = [await self._covers(one.scope, speaker) for one in person.subscriptions]
        return JSONResponse({"letters": shown, "what": what})

    async def _covers(self, scope: str, speaker: Speaker) -> str:
        """What is followed, in a few words."""
        what = await what_of(self.house, scope)
        if what.reference:
            return speaker(t("Incident {reference}", reference=what.reference))
        named = [what.category or t("Everything"), *filter(None, [what.serious])]
        return " · ".join(map(speaker, named))

    async def _do(self, command: Command, opaque: str) -> None:
        await self.house.engine.handle(_envelope(command, opaque, self._number(), ""))

    async def end(self, request: Request) -> Response:
        """No more; with the last one the browser is forgotten."""
        if self._reads.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        opaque = self._who(request)
        person = await self._person(opaque)
        for one in () if person is None else person.subscriptions:
            await self._do(Unsubscribe(scope=one.scope, number=one.number), opaque)
        return JSONResponse({"outcome": "done"})

    async def live(self, request: Request) -> Response:
        """Rings when there is something new to read."""
        address = address_of(request)
        full = self._open[address] >= self.house.limits.streams
        if full or self._reads.wait(address):
            return self.words.refusal(request, TOO_FAST, 429)
        opaque = self._who(request)
        if await self._person(opaque) is None:
            return self.words.refusal(request, NOBODY, 404)
        seat = self.house.engine.codec.seat_key(CHANNEL, opaque)
        return streamed(self.house.feeds, Rings(seat), self._held(address))

    @contextmanager
    def _held(self, address: str) -> Iterator[None]:
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            self._open += Counter()  # Those who have none left are forgotten.


class Rings:
    """An open page that follows."""

    def __init__(self, seat: str) -> None:
        self._seat = seat

    async def topics(self) -> Iterable[str] | None:
        """Its mailbox."""
        return [f"seat:{self._seat}"]

    async def first(self) -> list[bytes]:
        """Look once."""
        return [frame("ring", {})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """Look again."""
        return await self.first()


def _envelope(command: Command, opaque: str, source: str, language: str) -> Envelope:
    return Envelope(
        entry=CHANNEL,
        source=source,
        command=command,
        identity=Identity(CHANNEL, opaque),
        place=Place(CHANNEL, opaque),
        language=language,
    )


def _letter(one: Letter, when: str) -> dict[str, object]:
    return {"number": one.number, "when": when, "text": one.text, "words": one.words}
