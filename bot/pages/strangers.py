"""How much of the house's time strangers can take: so much from one address, and no more."""

from starlette.requests import Request

from bot.engine.limits import Limiter
from bot.pages.house import House
from bot.pages.limited import address_of
from bot.pages.signed import SignIns

CHAT = "/chat/"
FREE = "/static/"


class Strangers:
    """Counts what comes from where, before anything is read or made for it."""

    def __init__(self, house: House, sign_ins: SignIns) -> None:
        self._chats = Limiter(house.engine.clock, house.limits.address)
        self._pages = Limiter(house.engine.clock, house.limits.pages)
        self._sign_ins = sign_ins

    async def wait(self, request: Request) -> float:
        """Seconds until whoever asks may ask again; the staff never waits."""
        path = request.scope["path"]
        if path.startswith(FREE):
            return 0.0
        limit = self._chats if path.startswith(CHAT) else self._pages
        wait = limit.wait(address_of(request))
        return wait if wait and await self._sign_ins.of(request) is None else 0.0
