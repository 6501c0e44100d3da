"""Accounts elsewhere that are joined to somebody, or wait to be; and where there could be some."""

from dataclasses import dataclass

from bot.core.ids import Millis, PersonId
from bot.core.joining import FAILED, guest_of
from bot.core.person import Person
from bot.core.texts import Phrase
from bot.engine.read import Reads, Said


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A channel beside the web, as people call it, and a link that brings `code` there."""

    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account of somebody: `name` is what it is called there, None once that was erased."""

    number: int
    title: str
    name: Said
    at: Millis


@dataclass(frozen=True, slots=True)
class Waiting:
    """An account that brought the code; `check` is shown to whoever has it, too."""

    number: int
    title: str
    name: Said
    check: str
    agreed: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """What one's own page shows. `code_until`: a code is open; `failed`: nothing came of one."""

    joined: tuple[Account, ...]
    waiting: Waiting | None
    code_until: Millis | None
    failed: Phrase | None


class JoiningReads(Reads):
    """Queries about the accounts of a person."""

    def elsewhere(self, code: str = "") -> list[Elsewhere]:
        """Where accounts could be joined from."""
        channels = self.engine.parts.channels.values()
        found = ((one.title, one.join_link(code)) for one in channels)
        return [Elsewhere(title, link) for title, link in found if link is not None]

    async def own_accounts(self, person: PersonId) -> Accounts:
        """Those of one person."""
        state = await self.person(person)
        if state is None:
            return Accounts((), None, None, None)
        link = state.link
        return Accounts(
            joined=self.accounts(state),
            waiting=self.guest(state),
            code_until=link.until if link and self.now < link.until else None,
            failed=FAILED.get(state.join_failed),
        )

    def accounts(self, state: Person) -> tuple[Account, ...]:
        """Those that stand for this person now, the newest last."""
        return tuple(
            Account(one.number, self.title(one.seat.channel), self.said(one.name), one.at)
            for one in state.own
        )

    def guest(self, state: Person) -> Waiting | None:
        """Who waits for a yes."""
        guest = guest_of(state, self.now)
        if guest is None:
            return None
        title, name = self.title(guest.seat.channel), self.said(guest.name)
        return Waiting(guest.number, title, name, guest.check, guest.confirmed)

    def title(self, channel: str) -> str:
        """As people call it, also one that is not connected any more."""
        known = self.engine.parts.channels.get(channel)
        return channel if known is None else known.title
