"""Hearing of updates by mail: asked for on the status page, confirmed, changed and ended by links.

No script is needed. What a stranger is told is the same whatever is known of an address, and is
said before anything is looked up; a link that is only opened changes nothing.
"""

import asyncio
import base64
from typing import Any, NamedTuple
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.answers import NO_EMAIL, is_email
from bot.core.commands import Command, Envelope, Identity, Place, Refused
from bot.core.errors import MusterError
from bot.core.following import Wish, clock_of, is_scope, minute_of, parts_of, scope_of
from bot.core.following_words import AskToFollow, ChangeFollow, ConfirmFollow, EndFollow
from bot.core.ids import read_reference
from bot.core.incident import Incident
from bot.core.texts import Phrase, Text, t
from bot.engine.limits import Limiter, Rate
from bot.engine.read_following import Followed
from bot.pages.base import Base
from bot.pages.house import House
from bot.pages.limited import TOO_FAST, address_of
from bot.pages.words import Words
from bot.texts import Speaker

log = structlog.get_logger(__name__)

ENTRY = "status"
HOUSE = "the house"
ASKER = Rate(burst=5, per_minute=1)
MAILBOX = Rate(burst=3, per_minute=1 / 60)
WHOLE = Rate(burst=120, per_minute=30)
COMING = Rate(burst=60, per_minute=60)
SECRET_BYTES = 24
FIELDS = "address about serious quiet_from quiet_to digest zone language"
BLANK = dict.fromkeys(FIELDS.split(), "")

NO_TIME = t("Please give times such as 22:00, and a time zone such as Europe/Berlin.")
HALF_QUIET = t("Please give both times of the quiet hours, or neither.")
NO_MAIL = Refused(code="no_mail", text=t("No mail can be sent from here."))
NO_LINK = Refused(
    code="link", text=t("This link does not work any more. On the status page you get a new one.")
)
HOW_SERIOUS = {
    "": t("All of them"),
    "P3": t("All but the smallest"),
    "P2": t("The serious ones"),
    "P1": t("Only the most serious"),
}


class Wrong(ValueError):
    """What was filled in cannot be; `args[0]` says why."""


class Subscribing(Base):
    """Routes for whoever wants to hear by mail."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        clock = house.engine.clock
        self._askers = Limiter(clock, ASKER)
        self._mailboxes = Limiter(clock, MAILBOX)
        self._all = Limiter(clock, WHOLE)
        self._coming = Limiter(clock, COMING)
        self._asking: set[asyncio.Task[None]] = set()

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [
            Route("/status/mail", self.form, methods=["GET"]),
            Route("/status/mail", self.ask, methods=["POST"]),
            Route("/status/mail/confirm/{secret}", self.look, methods=["GET"]),
            Route("/status/mail/confirm/{secret}", self.confirm, methods=["POST"]),
            Route("/status/mail/{token}", self.show, methods=["GET"]),
            Route("/status/mail/{token}", self.change, methods=["POST"]),
            Route("/status/mail/{token}/end", self.end, methods=["POST"]),
            Route("/hooks/leave/{token}", self.leave, methods=["POST"]),
            Route("/hooks/leave/{token}", self.look_first, methods=["GET"]),
        ]

    @property
    def _can(self) -> bool:
        """Mail can be sent, and the links in it lead somewhere."""
        return bool(self.house.mail and self.house.public_url)

    # --- asking ------------------------------------------------------------------------------

    async def form(self, request: Request) -> Response:
        """Address, what, when, in which language."""
        if not self._can:
            return self.words.refusal(request, NO_MAIL, 404)
        given = {"about": request.query_params.get("about", "")[:40]}
        return await self._form(request, given)

    async def _form(
        self, request: Request, given: dict[str, str], error: Phrase | None = None
    ) -> Response:
        speaker = self.speaker(request)
        context = {
            "given": BLANK | given,
            "error": "" if error is None else speaker(error),
            "incidents": await self.house.reader.status(),
            **self._choices(speaker),
        }
        status = 200 if error is None else 400
        return self.words.page(request, "subscribe.html", speaker, status, **context)

    def _choices(self, speaker: Speaker) -> dict[str, Any]:
        organisation = self.house.reader.playbook.organisation
        return {
            **choices(self.house, speaker),
            "zone": organisation.time_zone,
            "tongues": organisation.languages,
        }

    async def ask(self, request: Request) -> Response:
        """A link goes to the address, if it may; whoever asks is told the same in any case."""
        if not self._can:
            return self.words.refusal(request, NO_MAIL, 404)
        if self._askers.wait(address_of(request)) or self._all.wait(HOUSE):
            return self.words.refusal(request, TOO_FAST, 429)
        given = {name: str(value).strip()[:320] for name, value in request.state.given.items()}
        try:
            address, wish = _address(given), wish_given(self.house, given)
        except Wrong as wrong:
            return await self._form(request, given, wrong.args[0])
        task = asyncio.create_task(self._asked(address, given, wish))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)
        return self._told(request, "asked")

    async def _asked(self, address: str, given: dict[str, str], wish: Wish) -> None:
        try:
            scope = await scope_in(self.house, given)
            if scope is None or self._mailboxes.wait(address):
                return
            command = asking(self.house, scope, wish)
            await self.house.engine.handle(self._envelope(command, address, given, wish))
        except MusterError as trouble:
            log.warning("a link to confirm was not sent", reason=str(trouble))

    def _envelope(
        self, command: Command, address: str, given: dict[str, str], wish: Wish
    ) -> Envelope:
        channel = self.house.mail
        pressed = given.get("id") or self.house.engine.parts.chance(16).hex()
        return Envelope(
            entry=ENTRY,
            source=pressed[:80],
            command=command,
            identity=Identity(channel, address),
            place=Place(channel, address),
            language=wish.language,
            said=command.model_dump_json(exclude={"link", "token"}),
        )

    # --- confirming --------------------------------------------------------------------------

    async def look(self, request: Request) -> Response:
        """What would be heard, and a button. To open it changes nothing."""
        if self._coming.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        found = await self.house.reader.asked(request.path_params["secret"])
        if found is None:
            return self.words.refusal(request, NO_LINK, 404)
        what = await what_of(self.house, found[1].scope)
        return self._told(request, "confirm", what=what, wish=found[1].wish)

    async def confirm(self, request: Request) -> Response:
        """Yes."""
        if self._coming.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        secret = request.path_params["secret"]
        found = await self.house.reader.asked(secret)
        if found is None:
            return self.words.refusal(request, NO_LINK, 404)
        command = ConfirmFollow(person=found[0], token=self.house.engine.codec.token_hash(secret))
        return await self._done(request, command, found[0], "confirmed")

    async def _done(self, request: Request, command: Command, person: str, page: str) -> Response:
        answer = await self.house.engine.house(command, person, ENTRY, "by a link in a mail")
        if answer.outcome == "done":
            return self._told(request, page)
        refused = Refused(code=answer.code, text=answer.text) if answer.text else NO_LINK
        return self.words.refusal(request, refused, 409)

    # --- changing and ending -----------------------------------------------------------------

    async def show(self, request: Request) -> Response:
        """How it is heard now, to be changed or ended."""
        found = await self._found(request)
        if isinstance(found, Response):
            return found
        one = found.subscription
        quiet = one.wish.quiet or (None, None)
        given = {
            "quiet_from": clock_of(quiet[0]),
            "quiet_to": clock_of(quiet[1]),
            "digest": clock_of(one.wish.digest),
            "zone": one.wish.zone,
            "language": one.wish.language,
        }
        return await self._shown(request, found, given)

    async def _shown(
        self, request: Request, found: Followed, given: dict[str, str], error: Phrase | None = None
    ) -> Response:
        speaker = self.speaker(request, found.language)
        context = {
            "given": BLANK | given,
            "error": "" if error is None else speaker(error),
            "what": await what_of(self.house, found.subscription.scope),
            "at": request.url.path,
            **self._choices(speaker),
        }
        status = 200 if error is None else 400
        return self.words.page(request, "subscribed.html", speaker, status, **context)

    async def change(self, request: Request) -> Response:
        """Otherwise from now on."""
        found = await self._found(request)
        if isinstance(found, Response):
            return found
        given = {name: str(value).strip()[:320] for name, value in request.state.given.items()}
        try:
            wish = wish_given(self.house, given)
        except Wrong as wrong:
            return await self._shown(request, found, given, wrong.args[0])
        number = found.subscription.number
        command = ChangeFollow(person=found.person, number=number, wish=wish)
        return await self._done(request, command, found.person, "changed")

    async def end(self, request: Request) -> Response:
        """No more."""
        found = await self._found(request)
        if isinstance(found, Response):
            return found
        command = EndFollow(person=found.person, number=found.subscription.number)
        return await self._done(request, command, found.person, "ended")

    async def _found(self, request: Request) -> Followed | Response:
        if self._coming.wait(address_of(request)):
            return self.words.refusal(request, TOO_FAST, 429)
        found = await self.house.reader.followed(request.path_params["token"])
        if found is None:
            return self.words.refusal(request, NO_LINK, 404)
        return found

    async def leave(self, request: Request) -> Response:
        """The same at one press in a mail program (RFC 8058), which has no page of ours open."""
        if self._coming.wait(address_of(request)):
            return PlainTextResponse("", 429)
        found = await self.house.reader.followed(request.path_params["token"])
        if found is not None:
            command = EndFollow(person=found.person, number=found.subscription.number)
            await self.house.engine.house(command, found.person, ENTRY, "at one press")
        return PlainTextResponse("")

    async def look_first(self, request: Request) -> Response:
        """Where a mail program opens the link instead, it shows the page and ends nothing."""
        return RedirectResponse(f"/status/mail/{quote(request.path_params['token'])}", 303)

    # --- words -------------------------------------------------------------------------------

    def _told(self, request: Request, kind: str, **context: Any) -> Response:
        return self.words.page(
            request, "subscribing.html", self.speaker(request), kind=kind, **context
        )


def asking(house: House, scope: str, wish: Wish) -> AskToFollow:
    """The wish to hear of `scope`, with a fresh link by which it is confirmed."""
    secret = base64.urlsafe_b64encode(house.engine.parts.chance(SECRET_BYTES)).decode()
    return AskToFollow(
        scope=scope,
        wish=wish,
        link=f"{house.public_url}/status/mail/confirm/{secret}",
        token=house.engine.codec.token_hash(secret),
    )


class What(NamedTuple):
    """What a scope covers: one incident, or a category (None: everything) from so serious on."""

    reference: str
    category: Phrase | None
    serious: Text | None


async def what_of(house: House, scope: str) -> What:
    """What a scope covers."""
    category, priority = parts_of(scope)
    _, mark, stream = scope.partition("incident:")
    state = await house.reader.state(stream) if mark else None
    return What(
        reference=state.reference if isinstance(state, Incident) else "",
        category=house.reader.playbook.category_name(category) if category else None,
        serious=HOW_SERIOUS.get(priority) if priority else None,
    )


def choices(house: House, speaker: Speaker) -> dict[str, Any]:
    """What can be followed without naming an incident: categories, and from how serious on."""
    return {
        "categories": {
            key: speaker(one.name) for key, one in house.reader.playbook.categories.items()
        },
        "serious": {key: speaker(text) for key, text in HOW_SERIOUS.items()},
    }


async def scope_in(house: House, given: dict[str, str]) -> str | None:
    """What was chosen; None for an incident that the public knows nothing of."""
    about = given.get("about", "")
    reference = read_reference(about)
    if reference is None:
        scope = scope_of(about, given.get("serious", ""))
        return scope if is_scope(scope, house.reader.playbook.categories) else None
    if all(one.reference != reference for one in await house.reader.status()):
        return None
    stream = await house.reader.stream_of(reference)
    return None if stream is None else f"incident:{stream}"


def _address(given: dict[str, str]) -> str:
    address = given.get("address", "").lower()
    if not is_email(address):
        raise Wrong(NO_EMAIL)
    return address


def wish_given(house: House, given: dict[str, str]) -> Wish:
    """The same, when there are such times and such a language. Raises Wrong."""
    wish = wish_of(given)
    if not wish.fits or wish.language not in ("", *house.reader.playbook.organisation.languages):
        raise Wrong(NO_TIME)
    return wish


def wish_of(given: dict[str, str]) -> Wish:
    """When and in which language, as it was filled in. Raises Wrong."""
    named = [given.get(name, "") for name in ("quiet_from", "quiet_to", "digest")]
    begins, ends, digest = (minute_of(one) for one in named)
    if any(raw and found is None for raw, found in zip(named, (begins, ends, digest), strict=True)):
        raise Wrong(NO_TIME)
    if (begins is None) != (ends is None):
        raise Wrong(HALF_QUIET)
    quiet = None if begins is None or ends is None else (begins, ends)
    zone = given.get("zone", "") if quiet or digest is not None else ""
    return Wish(quiet=quiet, digest=digest, zone=zone, language=given.get("language", ""))
