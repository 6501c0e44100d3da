"""What goes back to whoever did something: at once with the acknowledgement, or right after it.

All of it is best effort. What matters went to the disk before; whoever hears nothing asks again.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakValueDictionary

import structlog

from bot.adapters.slack.limits import LABEL, VIEW_TITLE
from bot.adapters.slack.modals import Modals
from bot.adapters.slack.render import MESSAGE, VIEW, Drawn, Labels, Room, answered
from bot.adapters.slack.text import Json, plain
from bot.adapters.slack.ways import Way
from bot.core.texts import t
from bot.engine.ports import Opened, RateLimited, Reply, SendFault, Speak
from bot.losses import Losses
from bot.untrusted import Payload
from bot.views.help import LABEL as LABEL_OF_HELP
from bot.views.help import pressable

log = structlog.get_logger(__name__)

TITLE = "Muster"
REST, REST_MOST = 30, 600
"""Seconds that Slack is left alone with one kind of answer when it asks for it."""
INERT: Json = {"unfurl_links": False, "unfurl_media": False}


class Calls(Protocol):
    """Slack's Web API. Both raise a SendFault when it did not work."""

    async def call(self, method: str, body: Json) -> Payload:
        """Call a method; the answer."""

    async def respond(self, url: str, body: Json) -> None:
        """Answer by the address that came with a press or a line."""


SAID = {
    "working": t("We are on it. The answer comes in a moment."),
    "failed": t("That did not work just now. Please try again in a minute."),
    "done": t("Done."),
    "close": t("Close"),
    "kept": t("What you wrote was kept: open the form again and mend it there."),
    "opens": t("The form did not open in time. Press here to open it."),
    "help": LABEL_OF_HELP,
}
"""What the channel itself answers."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """`SAID`, in one language; as it is written where none is chosen."""

    working: str = SAID["working"].key
    failed: str = SAID["failed"].key
    done: str = SAID["done"].key
    close: str = SAID["close"].key
    kept: str = SAID["kept"].key
    opens: str = SAID["opens"].key
    help: str = SAID["help"].key

    @classmethod
    def said(cls, say: Speak) -> "Sentences":
        """In the language of `say`."""
        return cls(**{name: say(text) for name, text in SAID.items()})


LABELS, SENTENCES = Labels(), Sentences()


class Replies:
    """Gives replies back by the way on which somebody came."""

    def __init__(
        self,
        calls: Calls,
        labels: Labels = LABELS,
        sentences: Sentences = SENTENCES,
        ticks: Callable[[], float] = time.monotonic,
        losses: Losses | None = None,
    ) -> None:
        """`ticks` are the seconds of a clock that never goes back."""
        self._calls = calls
        self._ticks = ticks
        self._rests: dict[tuple[str, str], float] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._losses = losses or Losses("Slack")
        self._forms = Modals(self._losses)
        self._labels = labels
        self._say = sentences

    def failed(self) -> Reply:
        """What is said when something of ours went wrong."""
        return Reply(text=self._say.failed, help=pressable(lambda phrase: self._say.help))

    # --- with the acknowledgement --------------------------------------------------------------

    def at_once(self, way: Way, reply: Reply) -> Json:
        """What the acknowledgement itself says; empty: nothing."""
        if way.kind == "typed" and reply.form is None and _says(reply):
            return {"response_type": "ephemeral", **self._message(reply)}
        if way.kind != "sent":
            return {}
        if reply.faults:
            return self._mended(way, reply)
        if reply.form is not None:
            return _updated(self._forms.view(reply.form, way.channel))
        if _says(reply) and way.alone:
            return _updated(self._page(reply))
        return {"response_action": "clear"}

    def _mended(self, way: Way, reply: Reply) -> Json:
        """The form stays open, with what is wrong beside the questions or above them."""
        if "" in reply.faults and reply.form is not None:
            return _updated(self._forms.view(reply.form, way.channel, reply.faults))
        if beside := self._forms.faults(way.shown, reply.faults):
            return {"response_action": "errors", "errors": beside}
        return _updated(self._page(self._faulty(reply)))

    def working(self, way: Way) -> Json:
        """The answer takes longer."""
        if way.kind == "typed":
            return {"response_type": "ephemeral", "text": self._say.working}
        return _updated(self._page(Reply(text=self._say.working))) if way.kind == "sent" else {}

    # --- after it ------------------------------------------------------------------------------

    async def after(self, way: Way, reply: Reply) -> None:
        """What did not ride on the acknowledgement."""
        if way.kind == "sent":
            told = not (reply.faults or reply.form or way.alone) and _says(reply)
            await (self._tell(way, reply) if told else _nothing())
        elif reply.form is not None:
            await self._show(way, reply)
        elif _says(reply) and way.kind != "typed":
            await self._tell(way, reply)

    async def late(self, way: Way, reply: Reply) -> None:
        """The whole answer, where the acknowledgement said that it takes longer."""
        if way.kind == "sent":
            done = (
                self._forms.view(reply.form, way.channel, reply.faults)
                if reply.form
                else self._page(self._faulty(reply))
            )
            await self._try("views.update", {"view_id": way.view, "view": done})
        elif reply.form is not None:
            # What opens a window has most likely run out; pressing goes on from here.
            await self._offer(way, reply, reply.form)
        elif _says(reply):
            await self._tell(way, reply)

    async def home(self, user: str, reply: Reply) -> None:
        """Their own page as it is now."""
        blocks = list(self._drawn(reply, VIEW).blocks)
        if not blocks:
            return
        await self._try(
            "views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks}}
        )

    async def _show(self, way: Way, reply: Reply) -> None:
        """A form: in place of the one that is open, on top of it, or as a window of its own."""
        assert reply.form is not None
        if way.kind == "chosen":
            body = {
                "view_id": way.view,
                "hash": way.hash,
                "view": self._forms.view(reply.form, way.channel),
            }
            await self._try("views.update", body)
            return
        opened = bool(way.trigger) and await self._open(
            way, self._forms.view(reply.form, way.channel)
        )
        if not opened:
            await self._offer(way, reply, reply.form)

    async def _offer(self, way: Way, reply: Reply, opened: Opened) -> None:
        """A button by which it is opened after all."""
        said = replace(reply, form=None, text=reply.text or self._say.opens)
        await self._tell(way, said, self._button(opened))

    async def _open(self, way: Way, view: Json) -> bool:
        method = "views.push" if way.surface == "modal" else "views.open"
        return await self._try(method, {"trigger_id": way.trigger, "view": view})

    async def _tell(self, way: Way, reply: Reply, *more: Json) -> None:
        """Words and cards for them alone."""
        message = self._message(reply, *more)
        if way.url:
            body = {"response_type": "ephemeral", "replace_original": False, **message}
            await self._respond(way.url, body)
        elif way.surface and way.kind != "sent" and await self._open(way, self._page(reply, *more)):
            return
        elif way.alone or way.surface == "home":
            await self._try("chat.postMessage", {"channel": way.channel or way.user, **message})
        else:
            beneath = {"thread_ts": way.thread} if way.thread else {}
            body = {"channel": way.channel, "user": way.user, **beneath, **message}
            if not await self._try("chat.postEphemeral", body):
                # Lines can be typed where the app is not.
                await self._try("chat.postMessage", {"channel": way.user, **message})

    async def _try(self, method: str, body: Json) -> bool:
        if "channel" not in body:
            return await self._tried(method, body, (method, ""))
        asked = method, str(body["channel"])
        # One after the other to the same reader, so that the next one knows what became of it.
        turn = self._turns.setdefault(f"{asked}{body.get('user', '')}", asyncio.Lock())
        async with turn:
            return await self._tried(method, body, asked)

    async def _tried(self, method: str, body: Json, asked: tuple[str, str]) -> bool:
        if self._ticks() < self._rests.get(asked, 0):
            return False  # What is asked too early makes the wait longer.
        self._rests.pop(asked, None)
        try:
            await self._calls.call(method, body)
        except SendFault as fault:
            if isinstance(fault, RateLimited):
                self._rest(asked, fault.retry_after)
            log.info("an answer did not reach its reader", method=method, reason=str(fault))
            return False
        return True

    def _rest(self, asked: tuple[str, str], seconds: object) -> None:
        now = self._ticks()
        self._rests = {one: until for one, until in self._rests.items() if until > now}
        told = str(seconds)
        self._rests[asked] = now + (min(int(told), REST_MOST) if told.isdecimal() else REST)

    async def _respond(self, url: str, body: Json) -> None:
        try:
            await self._calls.respond(url, body)
        except SendFault as fault:
            log.info("an answer did not reach its reader", method="respond", reason=str(fault))

    # --- how it looks --------------------------------------------------------------------------

    def _drawn(self, reply: Reply, room: Room) -> Drawn:
        drawn = answered(reply, self._labels, room)
        self._losses.tell(drawn.losses)
        return drawn

    def _message(self, reply: Reply, *more: Json) -> Json:
        drawn = self._drawn(reply, MESSAGE)
        return {"text": drawn.text, "blocks": [*drawn.blocks, *more], **INERT}

    def _page(self, reply: Reply, *more: Json) -> Json:
        """A window that only says something."""
        return {
            "type": "modal",
            "title": plain(TITLE, VIEW_TITLE),
            "close": plain(self._say.close, VIEW_TITLE),
            "blocks": [*self._drawn(reply, VIEW).blocks, *more],
        }

    def _faulty(self, reply: Reply) -> Reply:
        """What is wrong, said in words where the form cannot stay open."""
        if not reply.faults:
            return reply if _says(reply) else replace(reply, text=self._say.done)
        said = "\n".join(dict.fromkeys([*reply.faults.values(), self._say.kept]))
        return replace(reply, text=said, faults={})

    def _button(self, opened: Opened) -> Json:
        """By pressing it the form is opened after all."""
        label = plain(opened.say(opened.state.form.title), LABEL)
        element = {"type": "button", "text": label, "action_id": "open", "value": opened.ref}
        return {"type": "actions", "elements": [element]}


async def _nothing() -> None:
    """There is nothing to say."""


def _updated(view: Json) -> Json:
    return {"response_action": "update", "view": view}


def _says(reply: Reply) -> bool:
    return bool(reply.text or reply.cards or reply.link)
