"""What every page shares: the house, the words, who is signed in, who is sent to the door."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.core.access import PROVE, is_proved
from bot.core.commands import Answer, Refused
from bot.core.ids import Millis
from bot.core.personal import Personal
from bot.core.texts import Arg, Phrase, Text, replace, t
from bot.engine.proofs import Ended
from bot.pages.guard import READING
from bot.pages.house import House
from bot.pages.proving import Proving
from bot.pages.signed import Signed, SignIns
from bot.pages.words import Words, people_in, wants_json
from bot.texts import Speaker

SIGN_IN = Refused(code="signed_out", text=t("You are not signed in. Open your link, or sign in."))
NOT_YOURS = Refused(
    code="not_allowed",
    text=t(
        "Your roles do not open this page. Whoever runs Muster can make you a link with another "
        "one: muster person invite --role ROLE"
    ),
)

StaffPage = Callable[[Request, Signed, Speaker], Awaitable[Response]]


class Base:
    """Handed to every group of routes."""

    def __init__(self, house: House, words: Words) -> None:
        self.house = house
        self.words = words
        self.sign_ins = SignIns(house)
        self.proving = Proving(house, words)

    @property
    def now(self) -> Millis:
        """The moment of the request."""
        return self.house.engine.clock.now()

    def speaker(self, request: Request, own: str = "") -> Speaker:
        """In the language of whoever asks, without names."""
        return self.words.speaker(self.words.language(request, own), self.now)

    def staff_only(
        self, page: StaffPage, *roles: str, leads: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """A route for the staff; with `roles`, for those who have one of them. One that `leads`
        asks again who is there when it was not used for a while.
        """

        async def route(request: Request) -> Response:
            signed = await self.sign_ins.of(request)
            if signed is None:
                return self._to_the_door(request)
            request.state.staff = signed.staff
            request.state.majors = await self.house.reader.bands(signed.staff)
            if roles and not signed.staff.has(*roles):
                return self.words.refusal(request, NOT_YOURS, 403)
            speaker = self.speaker(request, signed.staff.language)
            try:
                taken = await self.proving.take(request, signed)
            except Ended:
                return self._to_the_door(request)
            if isinstance(taken, Refused):
                return await self.proving.ask(request, signed, speaker, taken)
            signed, token = taken
            if leads and not self.house.sessions.leads(signed.session):
                return self.proving.first(request.url.path)
            if leads:
                await self.house.sessions.lead(signed.session)
            response = await page(request, signed, speaker)
            self.sign_ins.keep(request, response, token)
            return response

        return route

    def is_proved(self, signed: Signed) -> bool:
        """Whether they proved a moment ago that it is them."""
        return is_proved(signed.session.proved_at, self.now)

    async def declined(
        self, request: Request, answer: Answer, signed: Signed, speaker: Speaker
    ) -> Response:
        """What the door would not do, and why; for want of a proof, the question for one."""
        if answer.code == PROVE.code and isinstance(answer.text, Text):
            return await self.proving.ask(request, signed, speaker, why=answer.text)
        said = await self.said(answer.text, speaker.language)
        refused = Refused(code=answer.code, text=t("{answer}", answer=said))
        return self.words.refusal(request, refused, 409)

    def _to_the_door(self, request: Request) -> Response:
        if wants_json(request) or request.method not in READING:
            return self.words.refusal(request, SIGN_IN, 401)
        return RedirectResponse("/signin", 303)

    async def said(self, phrase: Phrase | None, language: str) -> str:
        """A text for the staff, names put in and what is personal opened."""
        if phrase is None:
            return ""
        names = await self.house.reader.names(people_in(phrase))
        clear = replace(phrase, self._opened) if isinstance(phrase, Text) else phrase
        return self.words.speaker(language, self.now, names.get)(clear)

    def _opened(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        words = self.house.reader.said(arg)
        return arg.forgotten() if words is None else words

    def page(
        self, request: Request, template: str, speaker: Speaker, signed: Signed, **context: Any
    ) -> Response:
        """A page of the staff."""
        return self.words.page(request, template, speaker, staff=signed.staff, **context)


def answered(answer: Answer, text: str) -> Response:
    """The answer of the door for a script. A refusal by the house's rules is an answer, too."""
    status = 503 if answer.code in ("stopping", "overloaded", "not_saved") else 200
    body = {
        "outcome": answer.outcome,
        "code": answer.code,
        "text": text,
        "repeat": answer.repeat,
        "reference": answer.data.get("reference", ""),
    }
    return JSONResponse(body, status)
