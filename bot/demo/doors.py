"""The ways into a demonstration: a link for each part that the visitor can play."""

import asyncio
import hmac
import secrets
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.web.visitors import Visitors
from bot.adapters.web.ways_back import MARK
from bot.core.report_words import KeepWayBack
from bot.demo.people import GUESTS
from bot.demo.stage import Stage
from bot.pages.house import House
from bot.pages.signed import SignIns

SECRET_BYTES = 6
WAITING = "waiting"
"""The part of a customer who waits for help: one looks over their shoulder."""
PATIENCE = 20
"""Seconds for which whoever comes before the shift so far was played is kept."""


class Doors:
    """Links that sign the visitor in at once. Only who started the demonstration knows them."""

    def __init__(self, house: House, stage: Stage) -> None:
        self._house = house
        self._stage = stage
        self._sign_ins = SignIns(house)
        self._secret = secrets.token_urlsafe(SECRET_BYTES)
        self._waits: asyncio.Future[str] | None = None

    def routes(self) -> Sequence[BaseRoute]:
        """To be served beside the pages."""
        return [
            Route(f"/demo/{{secret}}/{WAITING}", self._look, methods=["GET"]),
            Route("/demo/{secret}/{part}", self._enter, methods=["GET"]),
        ]

    def link(self, part: str) -> str:
        """The path by which the visitor plays `part`."""
        return f"/demo/{self._secret}/{part}"

    async def _enter(self, request: Request) -> Response:
        guest = GUESTS.get(request.path_params["part"])
        if guest is None or not self._knows(request):
            raise HTTPException(404)
        person, account = self._stage.people[guest.staff.key], guest.staff.key
        # Another part may be open in this browser: it is not ended, or its page would hurry away
        # to the sign-in and take this one along.
        token = await self._house.sessions.begin(person, self._stage.account(account))
        response = RedirectResponse(guest.page, 303)
        self._sign_ins.keep(request, response, token)
        return response

    def _knows(self, request: Request) -> bool:
        given = request.path_params["secret"].encode()
        return hmac.compare_digest(given, self._secret.encode())

    def shows(self, who: str) -> None:
        """From now on the link of `WAITING` leads to the customer `who`."""
        self._waiting().set_result(who)

    def _waiting(self) -> "asyncio.Future[str]":
        self._waits = self._waits or asyncio.get_running_loop().create_future()
        return self._waits

    async def _look(self, request: Request) -> Response:
        if not self._knows(request):
            raise HTTPException(404)
        try:
            async with asyncio.timeout(PATIENCE):
                who = await asyncio.shield(self._waiting())
        except TimeoutError:
            raise HTTPException(503) from None
        return RedirectResponse(await self.conversation(who), 303)

    async def conversation(self, who: str) -> str:
        """The path by which anybody sees what the customer `who` sees."""
        engine = self._house.engine
        visitors = Visitors(engine.codec.token_hash, engine.clock, engine.parts.chance)
        link = visitors.link(self._stage.account(who))
        await self._stage.ask(who, KeepWayBack(token=engine.codec.token_hash(link)))
        return f"{MARK}{link}"
