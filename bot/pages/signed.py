"""Who is signed in: a cookie with a random token, and everything else read anew each time."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.core.commands import Command as Wish
from bot.core.commands import Envelope, Identity, Place
from bot.core.ids import Millis
from bot.engine.passkeys import SERVES
from bot.engine.read import Staff
from bot.engine.sessions import Session
from bot.pages.house import House

COOKIE = "muster"
SECURE_COOKIE = "__Host-muster"
MARK = "muster-asked"
SECURE_MARK = "__Host-muster-asked"
CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class Signed:
    """A member of staff and the sign-in by which they are known."""

    session: Session
    staff: Staff

    def envelope(self, command: Wish, source: str, language: str, said: str) -> Envelope:
        """A command of theirs on its way to the door, made of what they `said`."""
        return Envelope(
            entry=CHANNEL,
            source=source,
            command=command,
            identity=Identity(channel=CHANNEL, opaque=self.session.account),
            place=Place(channel=CHANNEL, address=self.session.account),
            language=language,
            said=said,
            proved_at=self.session.proved_at,
        )


class SignIns:
    """Reads, sets and takes away the cookie."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def of(self, request: Request) -> Signed | None:
        """Who is signed in, None for a stranger, an ended sign-in, and who lost every role."""
        token = self._token(request)
        session = await self._house.sessions.find(token) if token else None
        return None if session is None else await self.again(session)

    async def again(self, session: Session) -> Signed | None:
        """The same sign-in as it stands at this moment."""
        if not self._house.sessions.serves(session):
            return None
        staff = await self._house.reader.staff(session.person)
        if staff is None or session.at < staff.signed_out_at:
            return None
        return Signed(session, staff)

    async def begin(
        self, request: Request, person: str, account: str, to: str, proved: bool = True
    ) -> Response:
        """Sign in, ending the sign-in that this browser had, and go on to `to`."""
        token = await self._house.sessions.begin(person, account, self._token(request), proved)
        response = RedirectResponse(to, 303)
        self.keep(request, response, token)
        return response

    def keep(self, request: Request, response: Response, token: str) -> None:
        """From now on this browser comes by `token`; "" changes nothing.

        A token that the response has already is the newer one: the one in hand has moved to it.
        """
        secure = self._is_secure(request)
        name = SECURE_COOKIE if secure else COOKIE
        brought = response.headers.getlist("set-cookie")
        if not token or any(one.startswith(f"{name}=") for one in brought):
            return
        response.set_cookie(
            name,
            token,
            max_age=self._house.sessions.lasts // 1000,
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )

    def mark(self, request: Request, response: Response, mark: str, lasts: Millis = SERVES) -> None:
        """Know this browser again for as long as a question to it is open."""
        secure = self._is_secure(request)
        response.set_cookie(
            SECURE_MARK if secure else MARK,
            mark,
            max_age=lasts // 1000,
            path="/",
            secure=secure,
            httponly=True,
            # Whoever comes back from the organisation's provider comes from another site.
            samesite="lax",
        )

    def marked(self, request: Request) -> str:
        """What this browser was marked with; "" when it was not."""
        name = SECURE_MARK if self._is_secure(request) else MARK
        return request.cookies.get(name, "")[:200]

    async def end(self, request: Request, to: str) -> Response:
        """Sign out of this browser."""
        token = self._token(request)
        session = await self._house.sessions.find(token) if token else None
        if session is not None:
            await self._house.sessions.end(session)
        response = RedirectResponse(to, 303)
        secure = self._is_secure(request)
        response.delete_cookie(SECURE_COOKIE if secure else COOKIE, secure=secure, httponly=True)
        return response

    def _token(self, request: Request) -> str:
        name = SECURE_COOKIE if self._is_secure(request) else COOKIE
        return request.cookies.get(name, "")[:200]

    def _is_secure(self, request: Request) -> bool:
        return (self._house.public_url or str(request.url)).startswith("https:")
