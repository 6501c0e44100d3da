"""The way in: the one-time link, name and password, the way back; and the way out."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.calendar import MINUTE
from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.person_words import AcceptInvite, RenewSignIn
from bot.core.texts import Text, t
from bot.engine.accounts import Busy
from bot.engine.limits import Limiter, Rate
from bot.engine.passkeys import party
from bot.engine.read import Invitation
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.passwords import Tries, chosen, typed
from bot.pages.proving import NO_PASSKEYS, origin_of
from bot.pages.signed import CHANNEL
from bot.pages.words import Words

FORM = re.compile(r"[A-Za-z0-9_-]{16,64}")
TRIES = Rate(burst=30, per_minute=30)
AGAIN_WITHIN = 15 * MINUTE

WRONG_PASSKEY = t("This passkey was not accepted. Try again, or sign in by name and password.")
WRONG = t("This name and password do not fit together. Check both and try again.")
TAKEN = t("Somebody else goes by this name. Choose another one.")


class People(Base):
    """Routes `/join/TOKEN`, `/signin`, `/reset/PERSON/TOKEN`, `/signout`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._tries = Limiter(house.engine.clock, TRIES)
        self._names = Tries(house.engine.clock)
        self._accounts = house.proofs.accounts

    def routes(self) -> list[BaseRoute]:
        """All of them for anybody."""
        return [
            Route("/join/{token}", self.look, methods=["GET"]),
            Route("/join/{token}", self.join, methods=["POST"]),
            Route("/signin", self.sign_in, methods=["GET"]),
            Route("/signin", self.enter, methods=["POST"]),
            Route("/signin/passkey", self.enter_by_passkey, methods=["POST"]),
            Route("/signin/passkey/ask", self.ask_passkey, methods=["POST"]),
            Route("/reset/{person}/{token}", self.look_back, methods=["GET"]),
            Route("/reset/{person}/{token}", self.come_back, methods=["POST"]),
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
        source = f"join-{account}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
        command = AcceptInvite(person=person, token=key, name=name)
        answer = await self._ask(request, command, account, source)
        if answer.outcome == "done":
            return None
        if answer.code in ("not_found", "bad_link") and (slow := self._guessed(request)):
            return slow
        text = await self.said(answer.text, self.words.language(request))
        invitation = await self.house.reader.invitation(token)
        return self._page(request, invitation, 409 if invitation.why else 400, text, name)

    async def _ask(self, request: Request, command: Command, account: str, source: str) -> Answer:
        """The door's answer to somebody who is to be known by `account` from now on."""
        envelope = Envelope(
            entry=CHANNEL,
            source=source,
            command=command,
            identity=Identity(channel=CHANNEL, opaque=account),
            place=Place(channel=CHANNEL, address=account),
            language=self.words.language(request),
        )
        return await self.house.engine.handle(envelope)

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
        return self._sign_in_page(request)

    def _sign_in_page(
        self, request: Request, status: int = 200, name: str = "", wrong: Text | None = None
    ) -> Response:
        speaker = self.speaker(request)
        error = speaker(wrong) if wrong else ""
        here = bool(party(origin_of(self.house, request)))
        return self.words.page(
            request,
            "signin.html",
            speaker,
            status,
            name=name,
            error=error,
            passkeys=here,
            organisation_signs_in=self.house.proofs.logins.organisation is not None,
        )

    async def enter(self, request: Request) -> Response:
        """Sign in by name and password. Whatever is wrong with them, the answer is the same."""
        name, password = typed(request, "name"), typed(request, "password")
        if name is None or password is None:
            return self.words.refusal(request, INCOMPLETE, 400)
        key, address = self._accounts.key(name), address_of(request)
        if self._names.wait(key, address):
            return self.words.refusal(request, TOO_FAST, 429)
        try:
            found = await self._accounts.enter(name, password)
        except Busy:
            return self.words.refusal(request, TOO_FAST, 429)
        if found is None:
            return self._sign_in_page(request, 401, name, WRONG)
        self._names.right(key, address)
        return await self.sign_ins.begin(request, found.person, found.account, "/")

    async def ask_passkey(self, request: Request) -> Response:
        """A question for whatever passkey this browser has; it is put to this browser alone."""
        if slow := self._guessed(request):
            return slow
        here = origin_of(self.house, request)
        if not party(here):
            return self.words.refusal(request, NO_PASSKEYS, 409)
        mark = secrets.token_urlsafe(24)
        options = await self.house.proofs.passkeys.to_answer(here, mark, "enter")
        response = JSONResponse({"outcome": "done", "options": options})
        self.sign_ins.mark(request, response, mark)
        return response

    async def enter_by_passkey(self, request: Request) -> Response:
        """Sign in by a passkey. Whatever is wrong with it, the answer is the same."""
        answer = typed(request, "passkey")
        if not answer:
            return self.words.refusal(request, INCOMPLETE, 400)
        if slow := self._guessed(request):
            return slow
        mark, here = self.sign_ins.marked(request), origin_of(self.house, request)
        found = await self.house.proofs.passkeys.answered(answer, here, mark, "enter")
        if found is None:
            return self._sign_in_page(request, 401, wrong=WRONG_PASSKEY)
        return await self.sign_ins.begin(request, found.person, found.account, "/")

    # --- the way back --------------------------------------------------------------------------

    async def look_back(self, request: Request) -> Response:
        """Ask for a new name and password. The link is not used up by looking at it."""
        link = await self._link_back(request)
        if not link.why:
            return self._back_page(request, link, 200)
        return self._guessed(request) or self._back_page(request, link, 404)

    async def come_back(self, request: Request) -> Response:
        """Set them, and sign in. The same form sent again goes on where it was."""
        form, name, password = (typed(request, one) for one in ("form", "name", "password"))
        if not form or not FORM.fullmatch(form) or name is None or password is None:
            return self.words.refusal(request, INCOMPLETE, 400)
        person, token = request.path_params["person"], request.path_params["token"]
        account = _account(token, form)
        link = await self._link_back(request)
        if link.why and not await self._just_back(person, account):
            return self._guessed(request) or self._back_page(request, link, 409)
        wrong = chosen(name, password)
        if wrong is None and not await self._accounts.free(person, name):
            wrong = TAKEN
        if wrong is not None:
            return self._back_page(request, link, 400, wrong, name, form)
        return await self._renew(request, person, account, name, password)

    async def _renew(
        self, request: Request, person: str, account: str, name: str, password: str
    ) -> Response:
        key = self.house.engine.codec.token_hash(request.path_params["token"])
        command = RenewSignIn(person=person, token=key)
        answer = await self._ask(request, command, account, f"reset-{account}")
        if answer.outcome != "done":
            link = await self._link_back(request)
            return self._back_page(request, link, 409 if link.why else 503)
        try:
            done = await self._accounts.keep(person, account, name, password)
        except Busy:
            return self.words.refusal(request, TOO_FAST, 429)
        if not done:
            link = await self._link_back(request)
            return self._back_page(request, link, 400, TAKEN, name, request.state.given["form"])
        return await self.sign_ins.begin(request, person, account, "/")

    async def _just_back(self, person: str, account: str) -> bool:
        """This form has used the link a moment ago, and its password is not kept yet."""
        if await self.house.engine.person_behind(CHANNEL, account) != person:
            return False
        back = await self.house.reader.renewed_at(person)
        recent = back is not None and self.now - back < AGAIN_WITHIN
        return recent and await self._accounts.kept(person) != account

    async def _link_back(self, request: Request) -> Invitation:
        person, token = request.path_params["person"], request.path_params["token"]
        return await self.house.reader.way_back(person, token)

    def _back_page(
        self,
        request: Request,
        link: Invitation,
        status: int,
        error: Text | None = None,
        name: str = "",
        form: str = "",
    ) -> Response:
        speaker = self.speaker(request)
        return self.words.page(
            request,
            "reset.html",
            speaker,
            status,
            link=link,
            form=form or secrets.token_urlsafe(16),
            error=speaker(error) if error else "",
            name=name,
        )

    async def sign_out(self, request: Request) -> Response:
        """Leave this browser."""
        return await self.sign_ins.end(request, "/signin")


def _account(token: str, form: str) -> str:
    """The identity that this link makes when it is accepted from this form: never guessable, and
    the same again when the same form is sent again.
    """
    return "account:" + hashlib.sha256(f"{token}:{form}".encode()).hexdigest()[:40]
