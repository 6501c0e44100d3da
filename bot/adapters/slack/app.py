"""Bolt, with one listener behind every kind of payload: our own table decides what it means.

An acknowledgement says that what was sent is on disk, so it is given after `Hears` has answered.
Whoever waits for an answer on the screen is told in time that we are on it, and the rest later.
What nobody acknowledges comes again, and is known by its source.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.filled import given
from bot.adapters.slack.payloads import Me
from bot.adapters.slack.receive import AtHome, Something, fields_of, heard, is_foreign
from bot.adapters.slack.replies import Replies
from bot.adapters.slack.ways import Way, way_of
from bot.engine.heard import Changed, Hears, Pointed, Pressed, Submitted, Typed, Wrote
from bot.engine.ports import Reply
from bot.untrusted import Payload, text

log = structlog.get_logger(__name__)

PATIENCE = 2.5
"""Seconds after which whoever waits is told that we are on it; Slack gives up after three."""
LAST_RETRY = 3
"""Slack brings an event three times more; after that nobody does."""
RETRY = "x-slack-retry-num"
GONE = Changed("gone")
LIMITED = "app_rate_limited"
ANYTHING = re.compile(r"(?s).*")
FINE, UNREADABLE, AGAIN = 200, 400, 503
BROKEN = (404, 500)
"""How Bolt says that nobody wants something, or that it stumbled."""

QUIET = logging.getLogger("muster.slack.bolt")
"""Bolt and the SDK write whole payloads into their lines; what matters of it we tell ourselves."""
QUIET.setLevel(logging.CRITICAL)


class Ears:
    """Takes what Slack sends, whichever way it came, and answers as soon as it is kept.

    `me` says who we are in Slack, as far as it is known; `secret` signs what comes over HTTP.
    `ended` is called when Slack says that the app may no more, `missed` when it says that it kept
    things from us.
    """

    def __init__(
        self,
        hears: Hears,
        replies: Replies,
        me: Callable[[], Me],
        secret: str = "",
        *,
        ended: Callable[[], None],
        missed: Callable[[], Awaitable[None]],
    ) -> None:
        self._hears = hears
        self._replies = replies
        self._me = me
        self._ended = ended
        self._missed = missed
        self.patience = PATIENCE
        self._work: set[asyncio.Task[Any]] = set()
        self._app = self._bolt(secret)

    def _bolt(self, secret: str) -> AsyncApp:
        """Bolt looks at the names of arguments, so it is given functions and not methods."""

        async def take(body: dict[str, Any], request: AsyncBoltRequest) -> BoltResponse:
            return await self._take(body, _retry_of(request))

        async def authorize() -> AuthorizeResult:
            # Without asking Slack: an answer must not wait for another one.
            me = self._me()
            return AuthorizeResult(
                enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_id=me.bot
            )

        async def unhandled(error: Exception, body: dict[str, Any]) -> BoltResponse:
            return await self._unhandled(error, body)

        app = AsyncApp(
            logger=QUIET,
            name="muster",
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            # It would drop the news that a message of ours was deleted by somebody else.
            ignoring_self_events_enabled=False,
            signing_secret=secret,
            client=AsyncWebClient(logger=QUIET, retry_handlers=[]),
            authorize=authorize,
        )
        for listen in (
            app.event(ANYTHING),
            app.action(ANYTHING),
            app.view(ANYTHING),
            app.view_closed(ANYTHING),
            app.command(ANYTHING),
            app.shortcut(ANYTHING),
        ):
            listen(take)
        app.error(unhandled)
        return app

    # --- in ------------------------------------------------------------------------------------

    async def over_http(self, body: str, headers: Mapping[str, str]) -> BoltResponse:
        """What Slack is to be answered to a request; Bolt looks at its signature. Never raises."""
        try:
            request = AsyncBoltRequest(body=body, headers=dict(headers))
        except Exception:  # It reads before it looks at the signature, so anybody may have sent it.
            return BoltResponse(status=UNREADABLE, body="")
        return await self._dispatch(request)

    async def over_socket(self, payload: Payload, retry: int = 0) -> BoltResponse:
        """The same for what came through a socket of our own, as its `retry`. Never raises."""
        try:
            headers: dict[str, str | Sequence[str]] = {RETRY: str(retry)}
            request = AsyncBoltRequest(body=dict(payload), mode="socket_mode", headers=headers)
        except Exception as trouble:
            log.warning("Bolt could not read what Slack sent", reason=type(trouble).__name__)
            return BoltResponse(status=FINE, body="")
        return await self._dispatch(request)

    async def _dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        try:
            answer = await self._app.async_dispatch(request)
        except Exception as trouble:
            log.warning("Bolt could not take what Slack sent", reason=type(trouble).__name__)
            return BoltResponse(status=FINE, body="")
        if answer.status in BROKEN:
            log.warning("Bolt could not take what Slack sent", status=answer.status)
            return BoltResponse(status=FINE, body="")
        return answer

    async def finish(self, seconds: float) -> None:
        """Wait so long for what is still on its way; then let go of it."""
        if self._work:
            _, late = await asyncio.wait(self._work, timeout=seconds)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _take(self, body: dict[str, Any], retry: int) -> BoltResponse:
        """Everything that Slack sends comes through here."""
        if is_foreign(body, self._me()):
            log.warning("Slack sent something of another workspace or app; it was left alone")
            return BoltResponse(status=FINE, body="")
        try:
            found = heard(body, self._me(), given)
        except Exception:
            log.exception("what Slack sent could not be read", kind=text(body, "type"))
            return BoltResponse(status=FINE, body="")
        if text(body, "type") == "event_callback":
            return await self._events(found, body, last=retry >= LAST_RETRY)
        if not found or isinstance(found[0], Changed):
            return BoltResponse(status=FINE, body="")
        return await self._asked(found[0], way_of(body))

    async def _events(
        self, found: tuple[Something, ...], body: Payload, last: bool
    ) -> BoltResponse:
        """Kept, then acknowledged; what could not be kept comes again, and whoever said it is told
        so with the `last` time.
        """
        way = way_of(body)
        for one in found:
            try:
                reply = await self._told(one)
            except Exception:
                log.exception("an event was not taken and will come again")
                return BoltResponse(status=AGAIN, body="")
            if reply.again and not last:
                return BoltResponse(status=AGAIN, body="")
            if one == GONE:
                log.warning("Slack says that the app was taken away; it is asked whether so")
                self._ended()
            elif isinstance(one, AtHome):
                self._start(self._replies.home(way.user, reply))
            elif not isinstance(one, Changed):
                self._start(self._replies.after(way, reply))
        return BoltResponse(status=FINE, body="")

    async def _asked(self, one: Something, way: Way) -> BoltResponse:
        """Somebody waits for it on their screen."""
        asking = self._start(self._answer(one))
        await asyncio.wait({asking}, timeout=self.patience)
        if not asking.done():
            self._start(self._late(asking, way))
            return _json(self._replies.working(way))
        self._start(self._follow(one, way, asking.result()))
        return _json(self._replies.at_once(way, asking.result()))

    async def _answer(self, one: Something) -> Reply:
        try:
            return await self._told(one)
        except Exception:
            log.exception("what somebody did in Slack failed")
            return self._replies.failed()

    async def _follow(self, one: Something, way: Way, reply: Reply) -> None:
        """What does not ride on the acknowledgement; their page shows what their press did."""
        await self._replies.after(way, reply)
        if way.surface == "home" and isinstance(one, Pressed) and reply.form is None:
            await self._replies.home(way.user, await self._answer(_at_home(one)))

    async def _late(self, asking: asyncio.Task[Reply], way: Way) -> None:
        await self._replies.late(way, await asking)

    async def _told(self, one: Something) -> Reply:
        """Hand it to whoever takes it."""
        hears, reply = self._hears, Reply()
        match one:
            case Pressed():
                reply = await hears.press(one)
            case Submitted():
                reply = await hears.submit(one)
            case Wrote():
                reply = await hears.write(one)
            case Typed():
                reply = await hears.line(one)
            case Pointed():
                reply = await hears.point(one)
            case AtHome():
                reply = await hears.home(one)
            case Changed():
                await hears.change(one)
        return reply

    async def _unhandled(self, error: Exception, body: Payload) -> BoltResponse:
        """A kind of payload that we did not ask for, or one that Bolt itself cannot read."""
        if text(body, "type") == LIMITED:
            log.warning("Slack keeps events from us: there were more than 30,000 in an hour")
            await self._missed()
        else:
            log.info("Slack sent something of no use to us", reason=type(error).__name__)
        return BoltResponse(status=FINE, body="")

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do it beside the rest; it is waited for at the end."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task


def _at_home(pressed: Pressed) -> AtHome:
    """They look at their page again, now that something was pressed there."""
    return AtHome(**{**fields_of(pressed), "source": f"{pressed.source}:home"})


def _retry_of(request: AsyncBoltRequest) -> int:
    """How often Slack has brought it before."""
    told = next(iter(request.headers.get(RETRY, ())), "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 3 else 0


def _json(body: Payload) -> BoltResponse:
    """A body that Slack reads; none at all when there is nothing to say."""
    if not body:
        return BoltResponse(status=FINE, body="")
    # Bolt writes the body as JSON, and says that it is.
    return BoltResponse(status=FINE, body=dict(body))
