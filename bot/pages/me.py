"""One's own account: who one is here, where one is signed in, and by what name and password."""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.commands import Refused
from bot.core.joining_words import IssueLink
from bot.core.person_words import SetSignIn
from bot.core.texts import Text, t
from bot.engine.accounts import Busy
from bot.engine.links import Secret, code
from bot.engine.passkeys import party
from bot.pages.accounts import AccountsShown, accounts_view
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.crew import ONLY_ONCE, SOURCE
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.live import streamed
from bot.pages.passwords import Tries, chosen, typed
from bot.pages.people import TAKEN
from bot.pages.proving import AWAY, origin_of
from bot.pages.signed import Signed
from bot.pages.words import Words, is_path, wants_json
from bot.texts import Speaker

SHORT = 16
"""So much of a sign-in's hash tells it from the others of one person."""

NOWHERE = Refused(
    code="nowhere",
    text=t("No other channel is connected here, so there is no account to join yet."),
)
NOT_IT = t("This is not the password that you have now. Check it, or ask for a reset.")


class Me(Base):
    """Routes under `/me`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._accounts = house.proofs.accounts
        self._tries = Tries(house.engine.clock)

    def routes(self) -> list[BaseRoute]:
        """For everybody of the staff."""
        return [
            Route("/me", self.staff_only(self.show), methods=["GET"]),
            Route("/me/live", self.staff_only(self.live), methods=["GET"]),
            Route("/me/code", self.staff_only(self.code), methods=["POST"]),
            Route("/me/prove", self.staff_only(self.ask), methods=["GET"]),
            Route("/me/prove", self.staff_only(self.proved), methods=["POST"]),
            Route("/me/sign-in", self.staff_only(self.set_sign_in), methods=["POST"]),
            Route("/me/end", self.staff_only(self.end), methods=["POST"]),
            Route("/me/end-others", self.staff_only(self.end_others), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """The account."""
        return await self._page(request, signed, speaker)

    async def _page(
        self,
        request: Request,
        signed: Signed,
        speaker: Speaker,
        status: int = 200,
        error: Text | None = None,
        name: str = "",
        made: Secret | None = None,
    ) -> Response:
        found = await self.house.sessions.of(signed.staff.person)
        sign_ins = [
            (one.key[:SHORT], one, one.key == signed.session.key)
            for one in found
            if one.at >= signed.staff.signed_out_at
        ]
        response = self.page(
            request,
            "me.html",
            speaker,
            signed,
            sign_ins=sign_ins,
            passkeys=await self.house.proofs.passkeys.of(signed.staff.person),
            logins=await self.house.proofs.logins.of(signed.staff.person),
            logins_here=self.house.proofs.logins.organisation is not None,
            passkeys_here=bool(party(origin_of(self.house, request))),
            has_password=await self._accounts.kept(signed.staff.person) is not None,
            error=speaker(error) if error else "",
            name=name,
            accounts=await accounts_view(self, signed.staff, speaker),
            made=made,
            elsewhere=self.house.reader.elsewhere(made.token if made else ""),
        )
        response.status_code = status
        response.headers["cache-control"] = "no-store"
        return response

    async def live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes of one's availability and accounts."""
        return streamed(self.house.feeds, AccountsShown(self, signed, speaker))

    async def code(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A code that joins an account elsewhere, shown once."""
        source = request.state.given.get("id")
        if not isinstance(source, str) or not SOURCE.fullmatch(source):
            return self.words.refusal(request, INCOMPLETE, 400)
        if not self.house.reader.elsewhere():
            return self.words.refusal(request, NOWHERE, 409)
        # An account elsewhere acts as they do: one more way in, as a passkey and a login are.
        if not self.is_proved(signed):
            return await self.proving.ask(request, signed, speaker)
        made = code(self.house.engine.parts)
        command = IssueLink(token=made.key, until=made.until)
        answer = await self.house.engine.handle(
            signed.envelope(command, source, speaker.language, "code")
        )
        if answer.outcome != "done":
            return await self.declined(request, answer, signed, speaker)
        if answer.repeat:
            return self.words.refusal(request, ONLY_ONCE, 409)
        return await self._page(request, signed, speaker, made=made)

    async def ask(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """The question whether it is still them, by itself; thanks to whoever has just shown it."""
        if wants_json(request):
            return await self.proving.part(request, signed, speaker)
        to = request.query_params.get("next", "")
        if not to and self.is_proved(signed):
            return self.page(request, "proved.html", speaker, signed)
        request.state.given = {"next": to}
        return await self.proving.ask(request, signed, speaker, why=AWAY)

    async def proved(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Go on to where somebody wanted to go."""
        if not self.is_proved(signed):
            return await self.proving.ask(request, signed, speaker, why=AWAY)
        to = request.state.given.get("next")
        return RedirectResponse(to if is_path(to) else "/me", 303)

    async def set_sign_in(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A name and password from now on; every other sign-in ends."""
        name, password = typed(request, "name"), typed(request, "password")
        if name is None or password is None:
            return self.words.refusal(request, INCOMPLETE, 400)
        if await self._unproved(signed):
            return await self.proving.ask(request, signed, speaker)
        try:
            wrong = await self._wrong(request, signed, name, password)
            if wrong is None:
                wrong = await self._keep(signed, speaker, name, password)
        except Busy:
            return self.words.refusal(request, TOO_FAST, 429)
        if wrong is not None:
            return await self._page(request, signed, speaker, 400, wrong, name)
        response = RedirectResponse("/me", 303)
        _, token = await self.house.proofs.given(signed.session)
        self.sign_ins.keep(request, response, token)
        return response

    async def _unproved(self, signed: Signed) -> bool:
        """Whether a first password is chosen beside other ways in, and nobody knows by whom."""
        means = await self.house.proofs.means(signed.staff.person)
        known = means.password or self.is_proved(signed)
        return means.any and not known

    async def _wrong(
        self, request: Request, signed: Signed, name: str, password: str
    ) -> Text | None:
        """Why these cannot be taken; None when they can. Raises Busy."""
        person = signed.staff.person
        if await self._accounts.kept(person) is not None:
            if self._tries.wait(person, address_of(request)):
                raise Busy
            if not await self._accounts.proves(person, typed(request, "old") or ""):
                return NOT_IT
        wrong = chosen(name, password)
        if wrong is None and not await self._accounts.free(person, name):
            wrong = TAKEN
        return wrong

    async def _keep(
        self, signed: Signed, speaker: Speaker, name: str, password: str
    ) -> Text | None:
        """None when it was told to the log and is kept. Raises Busy."""
        source = secrets.token_hex(16)
        envelope = signed.envelope(SetSignIn(), source, speaker.language, "")
        answer = await self.house.engine.handle(envelope)
        if answer.outcome != "done":
            raise Busy
        person, account = signed.staff.person, signed.session.account
        if not await self._accounts.keep(person, account, name, password):
            return TAKEN
        await self.house.sessions.end_others(signed.session)
        return None

    async def end(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """End one of one's own sign-ins; this one, too."""
        wanted = request.state.given.get("sign_in")
        for one in await self.house.sessions.of(signed.staff.person):
            if one.key[:SHORT] == wanted:
                await self.house.sessions.end(one)
        return RedirectResponse("/me", 303)

    async def end_others(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """End all but this one."""
        await self.house.sessions.end_others(signed.session)
        return RedirectResponse("/me", 303)
