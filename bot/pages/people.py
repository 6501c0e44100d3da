"""The way in: the one-time link, the sign-in page, the way out."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.calendar import MINUTE
from bot.core.commands import Envelope, Identity, Place
from bot.core.person_words import AcceptInvite
from bot.engine.limits import Limiter, Rate
from bot.engine.read import Invitation
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.signed import CHANNEL
from bot.pages.words import Words

FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")
TRIES = Rate(burst=30, per_minute=30)
AGAIN_WITHIN = 15 * MINUTE


class People(Base):
    """Routes `/join/TOKEN`, `/signin`, `/signout`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._tries = Limiter(house.engine.clock, TRIES)

    def routes(self) -> list[BaseRoute]:
        """All of them for anybody."""
        return [
            Route("/join/{token}", self.look, methods=["GET"]),
            Route("/join/{token}", self.join, methods=["POST"]),
            Route("/signin", self.sign_in, methods=["GET"]),
            Route("/signout", self.sign_out, methods=["POST"]),
        ]

    async def look(self, request: Request) -> Response:
        """Show who invites and to what. The link is not used up by looking at it."""
        invitation = await self.house.reader.invitation(request.path_params["token"])
        if not invitation.why:
            return self._page(request, invitation, 200)
        return self._guessed(request) or self._page(request, invitation, 404)

    async def join(self, request: Request) -> Response:
        """Accept, and sign in. The same form sent again signs in again: an answer may be lost."""
        form, name = request.state.given.get("form"), request.state.given.get("name")
        person = request.state.given.get("person")
        if not (isinstance(form, str) and FORM.fullmatch(form) and isinstance(name, str)):
            return self.words.refusal(request, INCOMPLETE, 400)
        token = request.path_params["token"]
        account = _account(token, form)
        known = await self.house.engine.person_behind(CHANNEL, account)
        if known is not None and not await self._just_joined(known):
            return self._page(request, Invitation("unknown"), 409)
        if known is None:
            refused = await self._accept(request, str(person), token, account, name)
            if refused is not None:
                return refused
        return await self.sign_ins.begin(request, known or str(person), account, "/")

    async def _just_joined(self, person: str) -> bool:
        """The answer may have been lost; a form that is found open days later is no key."""
        joined = await self.house.reader.joined_at(person)
        return joined is not None and self.now - joined < AGAIN_WITHIN

    async def _accept(
        self, request: Request, person: str, token: str, account: str, name: str
    ) -> Response | None:
        """None when the person is one of us now."""
        key = self.house.engine.codec.token_hash(token)
        envelope = Envelope(
            entry=CHANNEL,
            source=f"join-{account}-{hashlib.sha256(name.encode()).hexdigest()[:16]}",
            command=AcceptInvite(person=person, token=key, name=name),
            identity=Identity(channel=CHANNEL, opaque=account),
            place=Place(channel=CHANNEL, address=account),
            language=self.words.language(request),
        )
        answer = await self.house.engine.handle(envelope)
        if answer.outcome == "done":
            return None
        if answer.code in ("not_found", "bad_link") and (slow := self._guessed(request)):
            return slow
        text = await self.said(answer.text, self.words.language(request))
        invitation = await self.house.reader.invitation(token)
        return self._page(request, invitation, 409 if invitation.why else 400, text, name)

    def _guessed(self, request: Request) -> Response | None:
        """Nobody tries out links for long; those that work are never counted."""
        if self._tries.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        return None

    def _page(
        self,
        request: Request,
        invitation: Invitation,
        status: int,
        error: str = "",
        name: str = "",
    ) -> Response:
        return self.words.page(
            request,
            "join.html",
            self.speaker(request),
            status,
            invitation=invitation,
            form=secrets.token_urlsafe(16),
            error=error,
            name=name,
        )

    async def sign_in(self, request: Request) -> Response:
        """How to get in; whoever is in goes on."""
        signed = await self.sign_ins.of(request)
        if signed is not None:
            return RedirectResponse("/", 303)
        return self.words.page(request, "signin.html", self.speaker(request))

    async def sign_out(self, request: Request) -> Response:
        """Leave this browser."""
        return await self.sign_ins.end(request, "/signin")


def _account(token: str, form: str) -> str:
    """The identity that this link makes when it is accepted from this form: never guessable, and
    the same again when the same form is sent again.
    """
    return "account:" + hashlib.sha256(f"{token}:{form}".encode()).hexdigest()[:40]
