"""Going on in another app and back: a code or a link to there, and the links that lead here."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import CHANNEL, Wrong, enveloped
from bot.adapters.web.visited import NOBODY, Visited, Visitor, address_of, answered
from bot.core.commands import Answer, Refused
from bot.core.going_on import LINK_OVER
from bot.core.joining_words import IssueLink, JoinIdentity
from bot.core.texts import t
from bot.engine.going_on import KIND, behind, elsewhere, issue, ways, why_not
from bot.engine.limits import Limiter
from bot.engine.links import Secret, code

NOWHERE = Refused(code="nowhere", text=t("There is no other app here to go on in."))
COME = "/chat#on="
"""What a link that leads here begins with; the rest is told to nobody by a browser."""
SHOWN_ONCE = Answer(
    outcome="refused",
    code="only_once",
    text=t("This code was made already, and it is shown only once. Try again."),
)


class GoingOn(Visited):
    """Routes of one who goes on elsewhere."""

    def __init__(self, house: ChatHouse) -> None:
        super().__init__(house)
        self._by_maker = Limiter(house.engine.clock, house.limits.taken)
        self._coming_on = Limiter(house.engine.clock, house.limits.back)

    def routes(self) -> list[BaseRoute]:
        """For everybody who has the page open."""
        return [
            Route("/chat/code", self.code, methods=["POST"]),
            Route("/chat/way", self.way, methods=["POST"]),
            Route("/chat/on", self.come, methods=["POST"]),
        ]

    async def code(self, request: Request) -> Response:
        """A code that whoever reports sends to us from the other app; shown this once."""
        visitor = self._who(request)
        if visitor is None or await self._person(visitor) is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_maker.wait(visitor.opaque):
            return self._slow(request, wait)
        if not self._house.reader.elsewhere():
            return self._refusal(request, NOWHERE, 404)
        made = code(self._house.engine.parts)
        try:
            answer = await self._issued(request, visitor, made)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        if answer.outcome != "done" or answer.repeat:
            return answered(SHOWN_ONCE if answer.repeat else answer, self._speaker(request))
        links = self._house.reader.elsewhere(made.token)
        apps = [{"title": one.title, "link": one.link} for one in links]
        return JSONResponse({"outcome": "done", "code": made.token, "apps": apps})

    # --- by a link, there and here -----------------------------------------------------------

    async def way(self, request: Request) -> Response:
        """Links by which the visitor's report goes on elsewhere, once; shown this once."""
        visitor = self._who(request)
        person = None if visitor is None else await self._person(visitor)
        report = person and visitor and await self._house.reader.current(person, visitor.seat)
        if visitor is None or not report or not report.is_open:
            return self._refusal(request, NOBODY, 401)
        if wait := self._by_maker.wait(visitor.opaque):
            return self._slow(request, wait)
        engine, say = self._house.engine, self._speaker(request)
        if not elsewhere(engine, CHANNEL):
            return self._refusal(request, NOWHERE, 404)
        source = request.state.given.get("id")
        try:
            answer, made = await issue(
                engine,
                report,
                lambda one: enveloped(one, source, visitor.opaque, say.language, "link"),
            )
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        if answer.outcome != "done" or answer.repeat:
            return answered(SHOWN_ONCE if answer.repeat else answer, say)
        apps = [{"title": say(what), "link": link} for what, link in ways(engine, CHANNEL, made)]
        return JSONResponse({"outcome": "done", "apps": apps})

    async def come(self, request: Request) -> Response:
        """Somebody opened a link in this browser: first what it does, upon a yes it is done."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        if wait := self._coming_on.wait(address_of(request)):
            return self._slow(request, wait)
        engine, say, given = self._house.engine, self._speaker(request), request.state.given
        found = await behind(engine, str(given.get("link", "")).removeprefix(KIND))
        if found is None:
            return self._refusal(request, LINK_OVER, 404)
        command = JoinIdentity(person=found[0], token=found[1], sure=given.get("sure") is True)
        try:
            envelope = enveloped(command, given.get("id"), visitor.opaque, say.language)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        answer = await engine.handle(envelope)
        if answer.outcome == "done":
            return answered(answer, say)
        outcome = "ask" if answer.code == "are_you_sure" else "refused"
        return JSONResponse({"outcome": outcome, "text": say(why_not(answer))})

    async def _issued(self, request: Request, visitor: Visitor, made: Secret) -> Answer:
        """The door's answer. Raises Wrong."""
        source, language = request.state.given.get("id"), self._speaker(request).language
        command = IssueLink(token=made.key, until=made.until)
        envelope = enveloped(command, source, visitor.opaque, language, "code")
        return await self._house.engine.handle(envelope)
