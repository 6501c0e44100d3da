"""How somebody who is signed in shows that it is still them, and how often they may try."""

from dataclasses import dataclass

from bot.core.ids import PersonId
from bot.engine.accounts import Accounts
from bot.engine.handle import Engine
from bot.engine.limits import Limiter, Rate
from bot.engine.logins import Logins, Organisation
from bot.engine.passkeys import Passkeys
from bot.engine.sessions import Session, Sessions

TRIES = Rate(burst=10, per_minute=2)


class Ended(Exception):
    """The sign-in was ended while its person was proving who they are."""


@dataclass(frozen=True, slots=True)
class Means:
    """By what somebody can prove that it is them."""

    password: bool
    passkey: bool
    login: bool = False

    @property
    def any(self) -> bool:
        """Whether there is a way at all."""
        return self.password or self.passkey or self.login


class Proofs:
    """One for the whole house, so that wrong tries are counted wherever they are made."""

    def __init__(
        self, engine: Engine, sessions: Sessions, organisation: Organisation | None = None
    ) -> None:
        self.accounts = Accounts(engine)
        self.passkeys = Passkeys(engine)
        self.logins = Logins(engine, organisation)
        self._sessions = sessions
        self._tries = Limiter(engine.clock, TRIES)

    async def means(self, person: PersonId) -> Means:
        """By what this person can."""
        password = await self.accounts.kept(person) is not None
        passkey = any(not one.copied for one in await self.passkeys.of(person))
        login = self.logins.organisation is not None and bool(await self.logins.of(person))
        return Means(password, passkey, login)

    def wait(self, person: PersonId) -> float:
        """Take one try; 0 when there was one, else the seconds until there will be."""
        return self._tries.wait(person)

    async def by_password(self, person: PersonId, password: str) -> bool:
        """Whether this is the password that serves. Raises Busy."""
        right = await self.accounts.proves(person, password)
        return right and await self.accounts.kept(person) is not None

    async def by_passkey(self, session: Session, answer: str, origin: str) -> bool:
        """Whether a passkey of this very person answered a question put to this sign-in."""
        found = await self.passkeys.answered(answer, origin, session.key, "prove")
        return found is not None and found.person == session.person

    async def given(self, session: Session) -> tuple[Session, str]:
        """The sign-in as it goes on, and its new token; "" where another window was faster, which
        has brought the browser the new one. Raises Ended.
        """
        if self._sessions.has_moved(session):
            return self._sessions.now_proved(session), ""
        if not self._sessions.serves(session):
            raise Ended
        return await self._sessions.prove(session)
