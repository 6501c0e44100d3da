"""The status page: what everybody may read, by day, and each incident. It needs no script."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.ids import Millis, read_reference
from bot.engine.limits import Limiter, Rate
from bot.engine.live import STATUS, Change, frame
from bot.engine.read_status import Past, PublicIncident, over
from bot.pages.base import Base
from bot.pages.fresh import kept
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.live import DAY, streamed
from bot.pages.subscribing import choices
from bot.pages.words import Words
from bot.texts import Speaker

READS = Rate(burst=120, per_minute=120)
DAYS = 14
VARIES = "Accept-Language, Cookie"
MADE_MOST = 100
FIRST = date(2000, 1, 1)
"""Nobody reads on before this."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day here: when it began, and what was over on it; or several from `first` to `at`, on
    which nothing was.
    """

    first: Millis
    at: Millis
    incidents: tuple[PublicIncident, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Some days, the newest first; `older` is the day before which to go on ("": no more)."""

    days: tuple[Day, ...]
    older: str


@dataclass(frozen=True, slots=True)
class Made:
    """The lists, and what they were made of."""

    now: tuple[PublicIncident, ...]
    past: Past
    html: str


class Status(Base):
    """Routes under `/status`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._limit = Limiter(house.engine.clock, READS)
        self._made: dict[tuple[object, ...], Made] = {}
        self._open: Counter[str] = Counter()

    def routes(self) -> list[BaseRoute]:
        """For everybody. Whatever has a name of its own stands before what is named by a label."""
        return [
            Route("/status", self.show, methods=["GET"]),
            Route("/status/live", self.live, methods=["GET"]),
            Route("/status/{reference}", self.one, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """What goes on, and the days before; with `before`, older days."""
        if self._limit.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        signed = await self.sign_ins.of(request)
        speaker = self.speaker(request, signed.staff.language if signed else "")
        before = self._before(request)
        html = await self.html(speaker, before)
        staff = signed.staff if signed else None
        response = self.words.page(
            request,
            "status.html",
            speaker,
            html=html,
            staff=staff,
            is_older=before is not None,
            by_mail=self._by_mail,
            **choices(self.house, speaker),
        )
        return self._kept(request, response, private=signed is not None)

    @property
    def _by_mail(self) -> bool:
        """Whether updates can be heard by mail."""
        return bool(self.house.mail and self.house.public_url)

    def _kept(self, request: Request, response: Response, private: bool) -> Response:
        """To be asked for again each time, and sent again only when it has changed."""
        if not isinstance(response, HTMLResponse) or response.status_code != 200:
            return response
        answer = kept(request, bytes(response.body), "text/html; charset=utf-8", VARIES)
        if private:
            answer.headers["cache-control"] = "private, no-cache"
        for name, value in response.headers.items():
            if name == "set-cookie":
                answer.headers.append(name, value)
        return answer

    async def html(self, speaker: Speaker, before: date | None = None) -> str:
        """The lists, the same for everybody of one language."""
        reader = self.house.reader
        now = await reader.status() if before is None else ()
        end = before or self._day(self.now) + timedelta(days=1)
        past = await reader.past(self._began(end - timedelta(days=DAYS)), self._began(end))
        key = (before, speaker.language, self.now // DAY)
        made = self._made.get(key)
        # While nothing public changes they are the very same, which is found out at no cost.
        if made is None or made.now is not now or made.past is not past:
            days = self._days(past, end)
            if now and not days.days[0].incidents:
                days = replace(days, days=self._since_yesterday(days.days))
            given = {"incidents": now, "days": days, "over": over, "is_older": before is not None}
            html = self.words.part("part/status.html", speaker, **given)
            if len(self._made) >= MADE_MOST:
                self._made.clear()
            made = self._made[key] = Made(now, past, html)
        return made.html

    async def one(self, request: Request) -> Response:
        """One incident, with all that everyone was told of it."""
        if self._limit.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        signed = await self.sign_ins.of(request)
        request.state.staff = signed.staff if signed else None
        typed: str = request.path_params["reference"]
        found = await self.house.reader.public(read_reference(typed) or "")
        if found is None:
            return self.words.missing(request)
        speaker = self.speaker(request, signed.staff.language if signed else "")
        response = self.words.page(
            request,
            "status_one.html",
            speaker,
            one=found,
            over=over,
            about=found.reference,
            by_mail=self._by_mail,
        )
        return self._kept(request, response, private=signed is not None)

    # --- days ----------------------------------------------------------------------------------

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.house.reader.playbook.organisation.time_zone)

    def _began(self, day: date) -> Millis:
        """When that day began here."""
        local = datetime.combine(day, time(), self._zone)
        return round(local.astimezone(UTC).timestamp() * 1000)

    def _day(self, at: Millis) -> date:
        return datetime.fromtimestamp(at / 1000, self._zone).date()

    def _before(self, request: Request) -> date | None:
        """The day before which somebody reads on; what is none is left out."""
        try:
            asked = date.fromisoformat(request.query_params.get("before", ""))
        except ValueError:
            return None
        return asked if FIRST < asked <= self._day(self.now) else None

    def _since_yesterday(self, days: tuple[Day, ...]) -> tuple[Day, ...]:
        """Without a today of which there would be only that nothing is over yet."""
        quiet, *rest = days
        if quiet.first == quiet.at:
            return tuple(rest)
        yesterday = self._began(self._day(quiet.at) - timedelta(days=1))
        return (replace(quiet, at=yesterday), *rest)

    def _days(self, past: Past, end: date) -> Days:
        """The days before `end`, as far as all of them was read."""
        start = end - timedelta(days=DAYS)
        if past.since > self._began(start):
            # Of the day in which the reading ended there may be more, unless it is the only one.
            cut = self._day(past.since)
            start = min(cut + timedelta(days=1), end - timedelta(days=1))
        shown = [end - timedelta(days=back) for back in range(1, (end - start).days + 1)]
        by = [tuple(one for one in past.incidents if self._day(one.touched_at) == d) for d in shown]
        days = tuple(
            _runs(
                [Day(self._began(d), self._began(d), one) for d, one in zip(shown, by, strict=True)]
            )
        )
        if past.older is None and past.since <= self._began(start):
            return Days(days, "")
        last = start if past.older is None else min(start, self._day(past.older) + timedelta(1))
        return Days(days, last.isoformat())

    # --- what changes --------------------------------------------------------------------------

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


def _runs(days: Iterable[Day]) -> Iterator[Day]:
    """Days on which nothing was, one after the other, as one."""
    for quiet, some in groupby(days, lambda one: not one.incidents):
        if not quiet:
            yield from some
            continue
        run = list(some)
        yield Day(run[-1].at, run[0].at, ())


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
