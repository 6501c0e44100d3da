"""The status page: what everybody may read. It needs no script."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.engine.limits import Limiter, Rate
from bot.engine.live import STATUS, Change, frame
from bot.engine.read_status import over
from bot.pages.base import Base
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.live import DAY, Views, streamed
from bot.pages.words import Words
from bot.texts import Speaker

READS = Rate(burst=120, per_minute=120)


class Status(Base):
    """Routes under `/status`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._limit = Limiter(house.engine.clock, READS)
        self._views = Views()
        self._open: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [
            Route("/status", self.show, methods=["GET"]),
            Route("/status/live", self.live, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """All public updates of the week."""
        if self._limit.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        signed = await self.sign_ins.of(request)
        speaker = self.speaker(request, signed.staff.language if signed else "")
        html = await self.html(speaker)
        staff = signed.staff if signed else None
        return self.words.page(request, "status.html", speaker, html=html, staff=staff)

    async def html(self, speaker: Speaker) -> str:
        """The list, the same for everybody of one language."""
        found = await self.house.reader.status()

        async def make() -> str:
            return self.words.part("part/status.html", speaker, incidents=found, over=over)

        key = tuple((one.reference, one.status, one.over_at, one.updates) for one in found)
        return await self._views.get((key, speaker.language, self.now // DAY), make)

    async def live(self, request: Request) -> Response:
        """What changes on it."""
        address = address_of(request)
        full = self._open[address] >= self.house.limits.streams
        if full or self._limit.wait(address):
            return self.words.refusal(request, TOO_FAST, 429)
        shown = StatusShown(self, self.speaker(request))
        return streamed(self.house.feeds, shown, self._held(address))

    @contextmanager
    def _held(self, address: str) -> Iterator[None]:
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            self._open += Counter()  # Those who have none left are forgotten.


class StatusShown:
    """An open status page."""

    def __init__(self, status: Status, speaker: Speaker) -> None:
        self._status = status
        self._speaker = speaker

    async def topics(self) -> Iterable[str] | None:
        """Public updates."""
        return [STATUS]

    async def first(self) -> list[bytes]:
        """The list as it is now."""
        return [frame("view", {"html": await self._status.html(self._speaker)})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """The list again."""
        return await self.first()
