"""Signing in, proving who is there and adding a login by the organisation's own provider."""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.access import PROVE
from bot.core.commands import Answer, Command, Refused
from bot.core.person_words import AddLogin, RemoveLogin
from bot.core.texts import t
from bot.engine.limits import Limiter, Rate
from bot.engine.logins import SERVES, Journey, NotProved, NotReached, Proved, Why
from bot.engine.proofs import Ended
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.passwords import typed
from bot.pages.proving import PAGE, origin_of
from bot.pages.signed import Signed
from bot.pages.staff import SOURCE
from bot.pages.words import Words
from bot.texts import Speaker

TRIES = Rate(burst=30, per_minute=30)
BACK = "/signin/organisation/back"
AFTER = "/me#logins-title"

NOT_REACHED = Refused(
    code="not_reached",
    text=t(
        "The sign-in of your organisation does not answer now. Try again in a minute, or sign in "
        "another way."
    ),
    transient=True,
)
NOT_IN = Refused(
    code="not_in",
    text=t(
        "That did not sign you in: it took too long, or your login is not known here. A login is "
        "added on your account page here, once you have come in by your link."
    ),
)
NOT_SHOWN = Refused(
    code="not_proved",
    text=t("That did not prove it: it took too long, or it was another login. Try again."),
)
NOT_ADDED = Refused(
    code="not_added",
    text=t("This login was not added: it took too long, or it is somebody's already. Try again."),
)


class OrganisationPages(Base):
    """Routes `/signin/organisation…` and `/me/organisation…`; all missing without a provider."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._tries = Limiter(house.engine.clock, TRIES)
        self._logins = house.proofs.logins

    def routes(self) -> list[BaseRoute]:
        """There and back for anybody, the rest for the staff."""
        return [
            Route("/signin/organisation", self.enter, methods=["GET"]),
            Route(BACK, self.back, methods=["GET"]),
            Route("/me/organisation", self.staff_only(self.prove), methods=["GET"]),
            Route("/me/organisation/add", self.staff_only(self.add), methods=["GET"]),
            Route("/me/organisation/end", self.staff_only(self.end), methods=["POST"]),
        ]

    # --- there ---------------------------------------------------------------------------------

    async def enter(self, request: Request) -> Response:
        """Go and sign in."""
        if self._tries.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        mark = secrets.token_urlsafe(24)
        response = await self._away(request, "enter", mark)
        self.sign_ins.mark(request, response, mark, SERVES)
        return response

    async def prove(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Go and prove that it is still them."""
        return await self._away(request, "prove", signed.session.key)

    async def add(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Go and fetch a login, a moment after a proof."""
        # Nobody else's page sends somebody on this way, which ends with one more way in.
        if not self._is_from_us(request):
            return RedirectResponse(AFTER, 303)
        if not self.is_proved(signed):
            return self.proving.first("/me")
        return await self._away(request, "add", signed.session.key)

    def _is_from_us(self, request: Request) -> bool:
        """Whether a page of ours led here, as the browser says."""
        said = request.headers.get("sec-fetch-site")
        if said is not None:
            return said == "same-origin"
        # Browsers leave it out on plain http; where they came from nobody else can make up.
        ours = origin_of(self.house, request)
        return request.headers.get("referer", "").startswith(f"{ours}/")

    async def _away(self, request: Request, why: Why, bound: str) -> Response:
        organisation = self._logins.organisation
        if organisation is None:
            return self.words.missing(request)
        journey = self._logins.begin(why, bound)
        try:
            to = await organisation.address(journey, self._here(request))
        except NotReached:
            return self.words.refusal(request, NOT_REACHED, 503)
        return RedirectResponse(to, 303)

    # --- and back ------------------------------------------------------------------------------

    async def back(self, request: Request) -> Response:
        """Whoever comes back, with a code or without."""
        if self._logins.organisation is None:
            return self.words.missing(request)
        signed = await self.sign_ins.of(request)
        request.state.staff = signed.staff if signed else None
        bound = (self.sign_ins.marked(request), signed.session.key if signed else "")
        journey = self._logins.back(request.query_params.get("state", ""), bound)
        if journey is None:
            return self.words.refusal(request, NOT_IN, 400)
        try:
            found = await self._found(request, journey)
        except NotReached:
            return self.words.refusal(request, NOT_REACHED, 503)
        if journey.why == "enter" or signed is None:
            return await self._entered(request, found if journey.why == "enter" else None)
        come = self._added if journey.why == "add" else self._proved
        return await come(request, signed, found)

    async def _found(self, request: Request, journey: Journey) -> Proved | None:
        """Whom the provider vouches for. Raises NotReached."""
        code, organisation = request.query_params.get("code", ""), self._logins.organisation
        if not 0 < len(code) <= 4_096 or organisation is None:
            return None
        try:
            return await organisation.proved(journey, self._here(request), code)
        except NotProved:
            return None

    async def _entered(self, request: Request, found: Proved | None) -> Response:
        entry = await self._logins.who(found) if found else None
        if entry is None:
            return self.words.refusal(request, NOT_IN, 401)
        # Whoever was still signed in there has shown nothing now: that is no proof.
        proved = found is not None and self._logins.is_fresh(found)
        return await self.sign_ins.begin(request, entry.person, entry.account, "/", proved)

    async def _proved(self, request: Request, signed: Signed, found: Proved | None) -> Response:
        """The very person, a moment ago: their sign-in goes on as proved."""
        entry = await self._logins.who(found) if found and self._logins.is_fresh(found) else None
        if entry is None or entry.person != signed.staff.person:
            return self.words.refusal(request, NOT_SHOWN, 403)
        try:
            _, token = await self.house.proofs.given(signed.session)
        except Ended:
            return self.words.refusal(request, NOT_IN, 401)
        # On from here, so that the code is in no address any more and reloading does no harm.
        response = RedirectResponse(PAGE, 303)
        self.sign_ins.keep(request, response, token)
        return response

    async def _added(self, request: Request, signed: Signed, found: Proved | None) -> Response:
        if found is None:
            return self.words.refusal(request, NOT_ADDED, 409)
        answer = await self._told(request, signed, AddLogin(), secrets.token_hex(16))
        if answer.code == PROVE.code:
            return self.proving.first("/me")
        kept = answer.outcome == "done" and await self._logins.keep(
            signed.staff.person, signed.session.account, found
        )
        if not kept:
            return self.words.refusal(request, NOT_ADDED, 409)
        return RedirectResponse(AFTER, 303)

    # --- taken away ----------------------------------------------------------------------------

    async def end(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Take one of one's own away."""
        source, key = typed(request, "id") or "", typed(request, "login") or ""
        if not SOURCE.fullmatch(source):
            return self.words.refusal(request, INCOMPLETE, 400)
        answer = await self._told(request, signed, RemoveLogin(), source, key)
        if answer.outcome != "done":
            return await self.declined(request, answer, signed, speaker)
        await self._logins.end(signed.staff.person, key)
        return RedirectResponse(AFTER, 303)

    async def _told(
        self, request: Request, signed: Signed, command: Command, source: str, key: str = ""
    ) -> Answer:
        language = self.words.language(request, signed.staff.language)
        # One press is for one login: its number serves for no other.
        envelope = signed.envelope(command, source, language, f"{command.tag} {key}")
        return await self.house.engine.handle(envelope)

    def _here(self, request: Request) -> str:
        return origin_of(self.house, request) + BACK
