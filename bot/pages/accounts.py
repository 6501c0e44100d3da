"""One's accounts elsewhere, and whether one can be asked now: the live part of one's own page."""

from collections.abc import Iterable

from bot.core.person_words import ROLES
from bot.engine.live import Change, frame
from bot.engine.read import Staff
from bot.pages.base import Base
from bot.pages.desk import StaffShown, rings
from bot.pages.signed import Signed
from bot.texts import Speaker


class AccountsShown(StaffShown):
    """An open page of one's own."""

    def __init__(self, base: Base, signed: Signed, speaker: Speaker) -> None:
        super().__init__(base, signed, *ROLES)
        self._speaker = speaker

    async def topics(self) -> Iterable[str] | None:
        """Oneself."""
        return await self.follows()

    async def first(self) -> list[bytes]:
        """All of it."""
        html = await accounts_view(self._base, self.signed.staff, self._speaker)
        return [frame("view", {"html": html})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """All of it again, if anything about this person changed."""
        own = self.signed.staff.person
        moved = any(topic in (own, f"person:{own}") for topic, _ in changes)
        return (await self.first() if moved else []) + rings(changes)


async def accounts_view(base: Base, staff: Staff, speaker: Speaker) -> str:
    """What can be said of oneself now, accounts that are joined, and who asks to be."""
    reader = base.house.reader
    return base.words.part(
        "part/accounts.html",
        speaker,
        me=staff,
        accounts=await reader.own_accounts(staff.person),
        elsewhere=reader.elsewhere(),
        areas=reader.playbook.areas,
        hearing=await reader.hearing(staff.person),
    )
