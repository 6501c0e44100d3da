"""The ways back to a conversation for whoever lost their browser: a link, or a mail with one."""

import asyncio
import hmac

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.web.house import ChatHouse
from bot.adapters.web.receive import CHANNEL, Wrong, enveloped
from bot.adapters.web.visited import NOBODY, Visited, Visitor, address_of, answered
from bot.core.commands import Command, Refused
from bot.core.errors import MusterError
from bot.core.ids import read_reference
from bot.core.report import Report
from bot.core.report_words import KeepWayBack
from bot.core.texts import t
from bot.core.way_back_words import ENOUGH, KeepMail, MailWayBack, SpendWayBack
from bot.engine.limits import Limiter

log = structlog.get_logger(__name__)

MARK = "/chat#back="
ADDRESS_MOST = 320

WRONG_LINK = Refused(
    code="link",
    text=t("This link does not work any more. Look for a newer one, or begin a new report."),
)
NO_MAIL = Refused(code="no_mail", text=t("No mail can be sent from here. Please call us."))
PERHAPS = t(
    "If the reference and the address belong together, a link is on its way. It works once, for "
    "30 minutes. Please look among the unwanted mail, too."
)


class WaysBack(Visited):
    """Routes by which a conversation is found again."""

    def __init__(self, house: ChatHouse) -> None:
        super().__init__(house)
        clock, limits = house.engine.clock, house.limits
        self._by_taker = Limiter(clock, limits.taken)
        self._coming_back = Limiter(clock, limits.back)
        self._to_mailbox = Limiter(clock, limits.mailbox)
        self._mailing: set[asyncio.Task[None]] = set()

    def routes(self) -> list[BaseRoute]:
        """For everybody who has the page open."""
        return [
            Route("/chat/keep", self.keep, methods=["POST"]),
            Route("/chat/mail", self.mail, methods=["POST"]),
            Route("/chat/lost", self.lost, methods=["POST"]),
            Route("/chat/back", self.back, methods=["POST"]),
        ]

    # --- while the conversation is there ---------------------------------------------------------

    async def keep(self, request: Request) -> Response:
        """A link by which the visitor can come back from anywhere; older ones serve no more."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        link = self._visitors.link(visitor.opaque)
        command = KeepWayBack(token=self._house.engine.codec.token_hash(link))
        return await self._done(request, visitor, command, link=link)

    async def mail(self, request: Request) -> Response:
        """An address to which a link may be sent when it is needed."""
        visitor = self._who(request)
        if visitor is None:
            return self._refusal(request, NOBODY, 401)
        channel = self._house.mail
        if not channel:
            return self._refusal(request, NO_MAIL, 404)
        address = _text(request, "address")[:ADDRESS_MOST]
        key = self._house.engine.codec.seat_key(channel, address.casefold())
        if self._to_mailbox.wait(key):
            return self._refusal(request, ENOUGH, 429)
        command = KeepMail(channel=channel, address=address, key=key)
        return await self._done(request, visitor, command)

    async def _done(
        self, request: Request, visitor: Visitor, command: Command, **more: str
    ) -> Response:
        if wait := self._by_taker.wait(visitor.opaque):
            return self._slow(request, wait)
        say = self._speaker(request)
        try:
            source = request.state.given.get("id")
            envelope = enveloped(command, source, visitor.opaque, say.language)
        except Wrong as wrong:
            return self._refusal(request, wrong.refused, 400)
        answer = await self._house.engine.handle(envelope)
        if answer.outcome != "done" or not more:
            return answered(answer, say)
        return JSONResponse({"outcome": "done", **more})

    # --- afterwards ------------------------------------------------------------------------------

    async def lost(self, request: Request) -> Response:
        """A mail to whoever gives the reference and the address that was left with it.

        What is known of either is never told: the answer comes before anything is looked up.
        """
        if wait := self._coming_back.wait(address_of(request)):
            return self._slow(request, wait)
        if not self._house.mail:
            return self._refusal(request, NO_MAIL, 404)
        base = self._house.public_url or f"{request.url.scheme}://{request.url.netloc}"
        task = asyncio.create_task(
            self._mailed(_text(request, "reference"), _text(request, "address"), base)
        )
        self._mailing.add(task)
        task.add_done_callback(self._mailing.discard)
        return JSONResponse({"outcome": "done", "text": self._speaker(request)(PERHAPS)})

    async def _mailed(self, reference: str, address: str, base: str) -> None:
        try:
            await self._sent_back(reference, address, base)
        except MusterError as trouble:
            log.warning("a way back was not mailed", reason=str(trouble))

    async def _sent_back(self, reference: str, address: str, base: str) -> None:
        report = await self._left(reference, address)
        opaque = None if report is None else report.seat.address.open(self._codec.open)
        if report is None or not isinstance(opaque, str):
            return
        link = self._visitors.link(opaque)
        command = MailWayBack(
            report=report.stream,
            link=f"{base}{MARK}{link}",
            token=self._codec.token_hash(link),
        )
        await self._house.engine.house(command, report.stream, CHANNEL, "a way back was asked for")

    async def _left(self, reference: str, address: str) -> Report | None:
        """The report of that reference, if its person left that address and is still in it."""
        reader = self._house.reader
        stream = await reader.stream_of(read_reference(reference) or "")
        report = None if stream is None else await reader.state(stream)
        if not isinstance(report, Report) or report.mailed is None:
            return None
        seat, known = report.seat, report.mailed.seat.key.open(self._codec.open)
        key = self._codec.seat_key(report.mailed.seat.channel, address.strip().casefold())
        if seat.channel != CHANNEL or not isinstance(known, str):
            return None
        here = await reader.current(report.person, str(seat.key.open(self._codec.open)))
        is_current = here is not None and here.stream == report.stream
        return report if is_current and hmac.compare_digest(known, key) else None

    async def back(self, request: Request) -> Response:
        """A token for another browser of whoever the link stands for. What is wrong with a link
        is never told apart.
        """
        if wait := self._coming_back.wait(address_of(request)):
            return self._slow(request, wait)
        link = _text(request, "link")
        opaque = self._visitors.behind(link)
        if opaque is None or not await self._leads(link, opaque):
            return self._refusal(request, WRONG_LINK, 404)
        visitor = self._who(request)
        same = visitor is not None and visitor.opaque == opaque
        return JSONResponse({"token": "" if same else self._visitors.make(opaque)})

    async def _leads(self, link: str, opaque: str) -> bool:
        codec, now = self._codec, self._house.engine.clock.now()
        visitor = Visitor(opaque, codec.seat_key(CHANNEL, opaque))
        person = await self._person(visitor)
        report = person and await self._house.reader.current(person, visitor.seat)
        if not report:
            return False
        token = codec.token_hash(link)
        if now < report.way_back_until and hmac.compare_digest(report.way_back, token):
            return True
        return report.mailed is not None and await self._spent(report, token)

    async def _spent(self, report: Report, token: str) -> bool:
        command = SpendWayBack(report=report.stream, token=token)
        answer = await self._house.engine.house(
            command, report.stream, CHANNEL, "somebody came by a mailed link"
        )
        return answer.outcome == "done"


def _text(request: Request, name: str) -> str:
    return str(request.state.given.get(name, "")).strip()
