"""Going on in another app: a code that joins it to the visitor, and what came of it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import Wrong, enveloped
from bot.adapters.web.visited import NOBODY, Visited, Visitor, answered
from bot.core.commands import Answer, Refused
from bot.core.joining_words import IssueLink
from bot.core.texts import t
from bot.engine.limits import Limiter
from bot.engine.links import Secret, code

NOWHERE = Refused(code="nowhere", text=t("There is no other app here to go on in."))
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

    def routes(self) -> list[BaseRoute]:
        """For everybody who has the page open."""
        return [Route("/chat/code", self.code, methods=["POST"])]

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

    async def _issued(self, request: Request, visitor: Visitor, made: Secret) -> Answer:
        """The door's answer. Raises Wrong."""
        source, language = request.state.given.get("id"), self._speaker(request).language
        command = IssueLink(token=made.key, until=made.until)
        envelope = enveloped(command, source, visitor.opaque, language, "code")
        return await self._house.engine.handle(envelope)
