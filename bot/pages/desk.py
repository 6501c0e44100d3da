"""The desk: the board, one incident, one report."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.core.handling import STAFF
from bot.core.ids import StreamId, kind_of, read_reference
from bot.core.report import Report
from bot.engine.file_views import headers_of
from bot.engine.hub import Typing
from bot.engine.live import BOARD, TYPING, Change, frame
from bot.engine.read import DESK_ROLES, Staff
from bot.engine.read_alarms import shouted
from bot.engine.read_board import Listed, View
from bot.engine.read_incident import IncidentPage
from bot.pages.base import Base
from bot.pages.board import VIEWS, Sieve, sieve_of
from bot.pages.house import House
from bot.pages.live import DAY, Moved, Views, piece, streamed
from bot.pages.notices import Notices, NoticesShown
from bot.pages.opening import asked_of
from bot.pages.signed import Signed
from bot.pages.words import Words
from bot.texts import Speaker


class Desk(Base):
    """Routes under `/desk`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self.views = Views()
        self.notices = Notices(house, words)

    def routes(self) -> list[BaseRoute]:
        """For agents, supervisors and administrators."""

        def route(path: str, page: Any) -> BaseRoute:
            return Route(path, self.staff_only(page, *DESK_ROLES), methods=["GET"])

        return [
            route("/desk", self.board),
            route("/desk/live", self.board_live),
            route("/desk/new", self.opening),
            route("/desk/incidents/{reference}", self.incident),
            route("/desk/incidents/{reference}/live", self.incident_live),
            route("/desk/reports/{reference}", self.report),
            route("/desk/reports/{reference}/live", self.report_live),
            route("/desk/reports/{reference}/files/{file}", self.file),
            Route(
                "/desk/calls/seen",
                self.staff_only(self.notices.seen, *DESK_ROLES, "resource"),
                methods=["POST"],
            ),
            Route("/desk/typing", self.staff_only(self.typing, *DESK_ROLES), methods=["POST"]),
        ]

    # --- the board -----------------------------------------------------------------------------

    async def board(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What is open, or what was searched for."""
        reader, staff = self.house.reader, signed.staff
        sieve = sieve_of(request, reader.playbook)
        cards, lane = await reader.board(staff), await reader.lane(staff)
        everything = (*cards, *lane)
        counts, others = self._counted(sieve, everything, staff)
        found = await reader.search(staff, sieve.words) if sieve.words else ()
        return self.page(
            request,
            "desk.html",
            speaker,
            signed,
            sieve=sieve,
            counts=counts,
            others=others,
            cards=await self.shown(sieve, cards, staff, speaker),
            unfinished=await self.shown(sieve, lane, staff, speaker),
            found=[await self.line(one, staff, speaker) for one in found if sieve.fits(one)],
            playbook=reader.playbook,
            undelivered=await reader.undelivered(),
            notices=await self.notices.html(staff, speaker),
            left=request.query_params.get("left") == "1",
        )

    def _counted(
        self, sieve: Sieve, listed: Sequence[Listed], staff: Staff
    ) -> tuple[dict[View, int], dict[View, int]]:
        """How many stand in each view, and how many of other kinds beside them."""
        inside = {view: [x for x in listed if x.stands_in(view, staff.person)] for view in VIEWS}
        counts = {view: sum(map(sieve.counts, some)) for view, some in inside.items()}
        rest = {view: len(some) - counts[view] for view, some in inside.items()}
        return counts, dict.fromkeys(VIEWS, 0) if sieve.kind else rest

    async def shown(
        self, sieve: Sieve, listed: Sequence[Listed], staff: Staff, speaker: Speaker
    ) -> list[str]:
        """The lines that are asked for."""
        wanted = [one for one in listed if sieve.lets(one, staff.person)]
        return [await self.line(one, staff, speaker) for one in wanted]

    async def lines(self, staff: Staff, speaker: Speaker) -> tuple[list[str], list[str]]:
        """Every line of the board, and of the lane of unfinished reports."""
        reader = self.house.reader
        cards = [await self.line(one, staff, speaker) for one in await reader.board(staff)]
        lane = [await self.line(one, staff, speaker) for one in await reader.lane(staff)]
        return cards, lane

    async def line(self, listed: Listed, staff: Staff, speaker: Speaker) -> str:
        """One line, the same for everybody who may see it."""

        async def make() -> str:
            if kind_of(listed.stream) == "incident":
                card = await self.house.reader.card(staff, listed.stream)
                alarm = await shouted(self.house.reader, listed.stream)
                return self.words.part(
                    "part/card.html", speaker, card=card, listed=listed, alarm=alarm
                )
            one = await self.house.reader.unfinished(staff, listed.stream)
            return self.words.part("part/unfinished.html", speaker, one=one, listed=listed)

        return await self.piece((listed.stream, listed.version, listed.waiting), speaker, make)

    async def piece(
        self, key: tuple[object, ...], speaker: Speaker, make: Callable[[], Awaitable[str]]
    ) -> str:
        """A piece of a page; times in it are of today, so it is made anew tomorrow."""
        return await self.views.get((*key, speaker.language, self.now // DAY), make)

    async def board_live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes on the board."""
        return streamed(self.house.feeds, BoardShown(self, signed, speaker))

    async def opening(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A form for a caller, or for what an agent saw: the category first, then its questions."""
        playbook = self.house.reader.playbook
        chosen = request.query_params.get("category")
        category = next((one for one in playbook.categories if one == chosen), "")
        return self.page(
            request,
            "new.html",
            speaker,
            signed,
            playbook=playbook,
            is_chosen=chosen is not None,
            category=category,
            asked=asked_of(playbook, category),
        )

    # --- one thing -----------------------------------------------------------------------------

    async def incident(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """One incident with all that belongs to it."""
        reference = self._reference(request)
        page = await self.house.reader.incident(signed.staff, reference)
        if page is None:
            return self.words.missing(request)
        playbook = self.house.reader.playbook
        naming = replace(speaker, name=page.names.get)
        more = _may(signed.staff, page)
        return self.page(
            request, "incident.html", naming, signed, page=page, playbook=playbook, **more
        )

    async def incident_live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes on an incident's page."""
        page = await self.house.reader.incident(signed.staff, self._reference(request))
        if page is None:
            return self.words.missing(request)
        follow = page.card.incident
        return streamed(
            self.house.feeds, PageShown(self, signed, speaker, follow, self._incident_view)
        )

    async def _incident_view(self, staff: Staff, incident: StreamId, speaker: Speaker) -> str:
        page = await self.house.reader.incident_page(staff, incident)
        if page is None:
            return ""
        more = _may(staff, page)

        async def make() -> str:
            playbook = self.house.reader.playbook
            naming = replace(speaker, name=page.names.get)
            return self.words.part(
                "part/incident.html", naming, page=page, playbook=playbook, **more
            )

        talks = ((one.version, one.marks) for one in page.conversations)
        tied = (*(x.reference for x in page.ties), *(x.card.reference for x in page.likely))
        judged = tuple((one.own, one.able) for one in page.drafts)
        chosen = (page.crew.people, page.crew.areas)
        whole = (
            page.card.version,
            chosen,
            page.hands,
            page.able,
            page.told,
            *more.values(),
            judged,
        )
        key = (incident, *whole, page.problem.versions, *talks, *tied)
        return await self.piece(("page", *key), speaker, make)

    async def report(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """One report that may have no incident yet."""
        found = await self.house.reader.report(signed.staff, self._reference(request))
        if found is None:
            return self.words.missing(request)
        acts = signed.staff.has(*STAFF)
        return self.page(request, "report.html", speaker, signed, talk=found, acts=acts)

    async def report_live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes on a report's page."""
        found = await self.house.reader.report(signed.staff, self._reference(request))
        if found is None:
            return self.words.missing(request)
        return streamed(
            self.house.feeds, PageShown(self, signed, speaker, found.report, self._report_view)
        )

    async def typing(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """An agent is writing to a customer. Nothing is kept of it; who may not write to them shows
        them nothing.
        """
        reader, may_write = self.house.reader, signed.staff.has(*STAFF)
        stream = await reader.stream_of(
            read_reference(str(request.state.given.get("report"))) or ""
        )
        report = None if stream is None else await reader.state(stream)
        if (
            may_write
            and isinstance(report, Report)
            and await reader.is_open_to(signed.staff, report)
        ):
            self.house.engine.hub.tell(Typing(report.stream, "desk"))
        return Response(status_code=204)

    async def file(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """The bytes of a file, for those who may read its report at this moment."""
        file = request.path_params["file"]
        reference = self._reference(request)
        allowed = await self.house.reader.staff_file(signed.staff, reference, file)
        if allowed is None:
            return self.words.missing(request)
        pieces = self.house.files.read(file, allowed.subject)
        return StreamingResponse(pieces, headers=headers_of(allowed.view))

    async def _report_view(self, staff: Staff, report: StreamId, speaker: Speaker) -> str:
        talk, acts = await self.house.reader.conversation(staff, report), staff.has(*STAFF)
        if talk is None:
            return ""

        async def make() -> str:
            return self.words.part("part/report.html", speaker, talk=talk, acts=acts)

        key = ("page", report, talk.version, talk.incident, talk.marks, acts)
        return await self.piece(key, speaker, make)

    def _reference(self, request: Request) -> str:
        typed: str = request.path_params["reference"]
        return read_reference(typed) or ""


Drawn = Callable[[Staff, StreamId, Speaker], Awaitable[str]]


class StaffShown:
    """A page of somebody whose sign-in and roles are looked at before every frame."""

    def __init__(self, base: Base, signed: Signed, *roles: str) -> None:
        self._base = base
        self._roles = roles
        self.signed = signed

    async def follows(self, *topics: str) -> list[str] | None:
        """These topics and what concerns the sign-in; None when it ended, or the role is gone."""
        again = await self._base.sign_ins.again(self.signed.session)
        if again is None and self._base.house.sessions.has_moved(self.signed.session):
            raise Moved
        if again is None or not again.staff.has(*self._roles):
            return None
        self.signed = again
        person = again.staff.person
        rings = [f"person:{person}", *(f"role:{role}" for role in again.staff.roles)]
        return [person, f"session:{again.session.key}", *rings, *topics]


def _may(staff: Staff, page: IncidentPage) -> dict[str, bool]:
    """Whether they work on it, and whether it is theirs to give back."""
    gives = page.owned_by == staff.person or staff.has("supervisor")
    return {"acts": staff.has(*STAFF), "gives": gives}


def rings(changes: list[Change]) -> list[bytes]:
    """What calls for attention."""
    called = [thing for topic, thing in changes if topic.startswith(("person:", "role:"))]
    return [frame("ring", {"why": why}) for why in dict.fromkeys(called)]


class BoardShown(StaffShown):
    """An open board."""

    def __init__(self, desk: Desk, signed: Signed, speaker: Speaker) -> None:
        super().__init__(desk, signed, *DESK_ROLES)
        self._desk = desk
        self._speaker = speaker
        self._notices = NoticesShown(desk.notices, speaker)

    async def topics(self) -> Iterable[str] | None:
        """The board, and oneself."""
        return await self.follows(BOARD, *self._desk.notices.topics(self.signed.staff.person))

    async def first(self) -> list[bytes]:
        """The whole board, since nobody knows what was missed."""
        cards, unfinished = await self._desk.lines(self.signed.staff, self._speaker)
        board = frame("board", {"cards": cards, "unfinished": unfinished})
        return [board, *await self._notices.first(self.signed.staff)]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """Each line that changed, or that it is gone."""
        changed = dict.fromkeys(thing for topic, thing in changes if topic == BOARD)
        reader = self._desk.house.reader
        things = dict.fromkeys([line for one in changed for line in await reader.stands_for(one)])
        lines = [await self._line(thing) for thing in things]
        return lines + rings(changes) + await self._notices.frames(self.signed.staff, changes)

    async def _line(self, thing: StreamId) -> bytes:
        reader, staff = self._desk.house.reader, self.signed.staff
        is_incident = kind_of(thing) == "incident"
        listed = await (reader.listed if is_incident else reader.in_lane)(staff, thing)
        html = await self._desk.line(listed, staff, self._speaker) if listed else ""
        return piece("line", id=thing, html=html)


class PageShown(StaffShown):
    """An open page of one incident or report."""

    def __init__(
        self, desk: Desk, signed: Signed, speaker: Speaker, stream: StreamId, view: Drawn
    ) -> None:
        super().__init__(desk, signed, *DESK_ROLES)
        self._speaker = speaker
        self._stream = stream
        self._view = view
        self._desk = desk
        self._notices = NoticesShown(desk.notices, speaker)

    async def topics(self) -> Iterable[str] | None:
        """The incident (its reports tell it, too) or the report, who is writing, and oneself."""
        own = self._desk.notices.topics(self.signed.staff.person)
        return await self.follows(self._stream, f"{TYPING}:{self._stream}", *own)

    async def first(self) -> list[bytes]:
        """The page as it is now."""
        return [*await self._now(), *await self._notices.first(self.signed.staff)]

    async def _now(self) -> list[bytes]:
        html = await self._view(self.signed.staff, self._stream, self._speaker)
        return [piece("view", html=html) if html else frame("gone", {"left": True})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """The page again, if something on it changed."""
        moved = any(topic == self._stream for topic, _ in changes)
        typing = [thing for topic, thing in changes if topic.startswith(TYPING)]
        hints = [frame("typing", {"reference": one}) for one in typing]
        notices = await self._notices.frames(self.signed.staff, changes)
        return (await self._now() if moved else []) + hints + rings(changes) + notices
