"""What every route of the chat shares: who asks, how fast they may go on, words for them."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import CHANNEL
from bot.adapters.web.visitors import HEADER, IDLE, Visitors
from bot.core.commands import Answer, Refused
from bot.core.ids import PersonId
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.limits import household
from bot.engine.read_chat import Mine
from bot.texts import Speaker

TRANSIENT = ("stopping", "overloaded", "not_saved", "busy")

NOBODY = Refused(code="lost", text=t("This conversation is not known here any more."))
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


class Visited:
    """Groups of routes are made on it."""

    def __init__(self, house: ChatHouse) -> None:
        self._house = house
        engine = house.engine
        self._codec = engine.codec
        self._visitors = Visitors(engine.codec.token_hash, engine.clock, engine.parts.chance)

    def _who(self, request: Request) -> Visitor | None:
        opaque = self._visitors.opaque(request.headers.get(HEADER, ""))
        if opaque is None:
            return None
        return Visitor(opaque, self._house.engine.codec.seat_key(CHANNEL, opaque))

    async def _person(self, visitor: Visitor) -> PersonId | None:
        return await self._house.engine.person_behind(CHANNEL, visitor.opaque)

    def _idle(self, mine: Mine | Report) -> bool:
        """Over, and untouched for so long that whoever has this browser may be somebody else."""
        is_over = mine.stage in ("withdrawn", "done", "closed")
        return is_over and self._house.engine.clock.now() - mine.touched_at >= IDLE

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


def answered(answer: Answer, say: Speaker, **more: str) -> Response:
    """The answer of the door, and with it `more`."""
    body = {
        "outcome": answer.outcome,
        "code": answer.code,
        "text": say(answer.text) if answer.text else "",
        "repeat": answer.repeat,
        "reference": answer.data.get("reference", ""),
        **more,
    }
    return JSONResponse(body, 503 if answer.code in TRANSIENT else 200)


def address_of(request: Request) -> str:
    """Whose limits count for the connection."""
    return household(request.client.host if request.client else "")
