"""What goes back to whoever did something: a toast for a press, and what is said and shown.

All of it is best effort. What matters went to the disk before; whoever hears nothing asks again.
What is said goes out in the pace of everything else (`Asides`); answering a press is free of it.
"""

import asyncio
from dataclasses import replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.adapters.telegram import sentences as say_of
from bot.adapters.telegram.limits import TOAST
from bot.adapters.telegram.sentences import Voices, voice
from bot.adapters.telegram.text import cut, size
from bot.adapters.telegram.ways import Way
from bot.core.cards import Action, Actions, Button, Card, Section
from bot.core.commands import Place
from bot.core.ids import Millis
from bot.core.texts import Text
from bot.engine.heard import Heard, Hears
from bot.engine.ports import Asides, Blocked, Clock, MessageGone, Post, Reply, SendFault
from bot.views.help import worded

log = structlog.get_logger(__name__)

PATIENCE: Millis = 5_000
"""After that who pressed is told that we are on it; Telegram waits for about fifteen seconds."""
IN_TIME: Millis = 4_000
"""As long may something be said in private before the press is answered with the way there."""
BUSY: Millis = 5_000
"""A group in which the next message goes out later than this is no place for questions."""
LATEST: Millis = 60_000
READABLE = 100
"""Signs that can be read before a toast is gone; what is longer stays until it is closed."""
LINES_MOST = 1_000
"""Signs of an answer in front of everybody; what is longer is said in private."""
PARTS_SHOWN = 12


class Presses(Protocol):
    """Where a press is answered. Raises a SendFault when that did not work."""

    async def answer(
        self, query: str, text: str = "", show_alert: bool = False, url: str = ""
    ) -> None:
        """Answer it: with words, or by leading on to a chat with us."""


class Messages(Protocol):
    """What the channel itself does with messages of ours. Raises a SendFault."""

    async def delete(self, address: str, message: str) -> None:
        """Take a message away."""

    def way_in(self, payload: str) -> str | None:
        """The link to us alone."""


class Replies:
    """Gives replies back by the way on which somebody came."""

    def __init__(
        self, presses: Presses, messages: Messages, asides: Asides, clock: Clock, voices: Voices
    ) -> None:
        self._presses = presses
        self._messages = messages
        self._asides = asides
        self._clock = clock
        self._voices = voices
        self._serial = 0
        self._open: dict[str, asyncio.Task[None]] = {}
        self._turns: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    def _say(self, way: Way, text: Text) -> str:
        """A sentence of the channel's own, in what they read."""
        return voice(self._voices, way.language)(text)

    # --- presses -------------------------------------------------------------------------------

    def expect(self, query: str, language: str = "") -> None:
        """A press wants its answer, and is told that we are on it, in `language`, when there is
        none in time.
        """
        self._drop(query)
        self._open[query] = asyncio.create_task(self._hurry(query, language))

    async def _hurry(self, query: str, language: str) -> None:
        await self._clock.wait_until(self._clock.now() + PATIENCE)
        if self._open.pop(query, None):
            said = voice(self._voices, language)(say_of.WORKING)
            await self._answer(query, {"text": said})

    def _drop(self, query: str) -> bool:
        """Whether it still wanted its answer; it is answered once, whoever comes first."""
        waiting = self._open.pop(query, None)
        return bool(waiting and waiting.cancel())

    async def close(self) -> None:
        """Nobody is told any more that we are on it."""
        waiting = list(self._open.values())
        self._open.clear()
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def answer(self, query: str, text: str = "", alert: bool = False, url: str = "") -> bool:
        """A press's own answer. False: it has one, or Telegram waits for it no more."""
        if not self._drop(query):
            return False
        body: dict[str, Any] = {"text": text} if text else {}
        body |= {"show_alert": True} if text and alert else {}
        body |= {"url": url} if url else {}
        return await self._answer(query, body)

    async def _answer(self, query: str, body: dict[str, Any]) -> bool:
        try:
            await self._presses.answer(query, **body)
        except SendFault as fault:
            log.info("a press was not answered", reason=str(fault))
            return False
        return True

    async def failed(self, way: Way) -> None:
        """Something of ours went wrong, and it will not be tried again."""
        await self._short(way, self._say(way, say_of.FAILED), alert=True)

    async def _short(self, way: Way, text: str, alert: bool) -> None:
        """A sentence: as a toast, else where they are."""
        if way.query and await self.answer(way.query, cut(text, TOAST), alert):
            return
        place = way.place if way.private or not way.query else way.alone
        await self._told(place, self._beneath(way, self._post(text, self._helping(way, text))))

    # --- a reply -------------------------------------------------------------------------------

    async def after(self, way: Way, heard: Heard, reply: Reply, hears: Hears) -> None:
        """Everything that a reply says and changes; what cannot be said in time is left."""
        way = replace(way, by=self._clock.now() + LATEST)
        reply = await self._at_once(way, reply)
        alone = way.query and not (reply.asks or reply.mends or reply.drops)
        turn = self._turns.setdefault(way.alone if alone else way.place, asyncio.Lock())
        async with turn:
            asks_anew = bool(reply.asks and reply.cards)
            if way.query and not way.private and asks_anew and self._is_busy(way.place):
                link = self._messages.way_in(f"p_{way.token}")
                if link and await self.answer(way.query, url=link):
                    return
            if asks_anew:
                await self._answered(way)
                await self._changed(way, heard, reply, hears)
                await self._ask(way, heard, reply, hears)
            elif way.query and (not way.private or self._is_toast(way, reply)):
                # They wait for that; what hangs there may take its time.
                await self._tell(way, reply)
                await self._answered(way)
                await self._changed(way, heard, reply, hears)
            else:
                await self._answered(way)
                await self._changed(way, heard, reply, hears)
                await self._tell(way, reply)

    async def _at_once(self, way: Way, reply: Reply) -> Reply:
        """A press that takes no message is answered while others wait for theirs; what is left."""
        if not way.query or (reply.asks and reply.cards):
            return reply
        if not self._is_toast(way, reply) and self._posts(way, reply):
            return reply
        await self._tell(way, reply)
        await self._answered(way)
        return replace(reply, text="")

    async def _answered(self, way: Way) -> None:
        """Their button stops turning."""
        if way.query:
            await self.answer(way.query)

    def _is_busy(self, place: Place) -> bool:
        try:
            return self._asides.free_at(place) > self._clock.now() + BUSY
        except SendFault:
            return True

    async def _changed(self, way: Way, heard: Heard, reply: Reply, hears: Hears) -> None:
        """Messages of ours that look otherwise from now on, or have had their time."""
        for message, card in reply.mends.items():
            place = _place_of(message, way)
            post = self._post(card.summary, card)
            try:
                if not await self._asides.mend(place, message, post, way.by):
                    log.info("a message was not changed in time")
            except MessageGone:
                anew = await self._told(place, self._beneath(way, post), way.by)
                if anew and reply.asks and not reply.cards:
                    await hears.stood(reply.asks, heard, anew)
            except SendFault as fault:
                log.info("a message was not changed", reason=str(fault))
        for message in reply.drops:
            try:
                await self._messages.delete(_place_of(message, way).address, message)
            except SendFault as fault:
                log.info("a message was not taken away", reason=str(fault))

    async def _ask(self, way: Way, heard: Heard, reply: Reply, hears: Hears) -> None:
        """A question of a form, where they are; its card says of whom it is asked."""
        if reply.text:
            await self._tell(way, replace(reply, cards=(), asks=""))
        first = True
        for card in reply.cards:
            post = self._beneath(way, self._post(card.summary, card))
            message = await self._told(way.place, post, way.by)
            if message and first:
                await hears.stood(reply.asks, heard, message)
            first = False

    # --- words and cards -----------------------------------------------------------------------

    def _is_toast(self, way: Way, reply: Reply) -> bool:
        """In private what was done stays to be read, and what was not is told in passing."""
        bare = not (reply.cards or reply.link or reply.faults)
        fits = reply.text and size(reply.text) <= TOAST
        return bool(way.query and bare and fits and (reply.refused or not way.private))

    async def _tell(self, way: Way, reply: Reply) -> None:
        posts = self._posts(way, reply)
        if not posts:
            return
        if self._is_toast(way, reply):
            await self._short(way, reply.text, reply.refused or len(reply.text) > READABLE)
        elif way.private:
            for post in posts:
                await self._told(way.place, self._beneath(way, post), way.by)
        elif way.query:
            await self._in_private(way, posts)
        elif not reply.cards and size(posts[0].text) <= LINES_MOST:
            # In front of everybody it is no message to one of them.
            bare = self._posts(way, replace(reply, help=None))
            await self._told(way.place, self._beneath(way, bare[0]), way.by)
        else:
            await self._away(way, posts)

    def _posts(self, way: Way, reply: Reply) -> list[Post]:
        text = "\n".join(filter(None, dict.fromkeys([reply.text, *reply.faults.values()])))
        posts = [self._worded(way, text, reply)] if text or reply.link else []
        return [*posts, *(self._post(one.summary, one) for one in reply.cards[:PARTS_SHOWN])]

    def _worded(self, way: Way, text: str, reply: Reply) -> Post:
        helps = () if reply.help is None else (reply.help,)
        if not reply.link:
            return self._post(text, _beneath_words(text, helps) if helps else None)
        label = reply.link_label or self._say(way, say_of.MORE)
        return self._post(text, _leading(text or reply.link, label, reply.link, *helps))

    async def _in_private(self, way: Way, posts: list[Post]) -> None:
        """For whoever pressed alone; who never wrote to us is shown the way there."""
        by = min(way.came + IN_TIME, self._clock.now() + IN_TIME)
        if await self._told(way.alone, posts[0], by):
            await self.answer(way.query, self._say(way, say_of.ALONE))
            for post in posts[1:]:
                await self._told(way.alone, post, way.by)
            return
        link = self._messages.way_in(f"p_{way.token}")
        if not (link and await self.answer(way.query, url=link)):
            await self._short(way, posts[0].text, alert=True)

    async def _away(self, way: Way, posts: list[Post]) -> None:
        """What somebody asked for in front of everybody, and is for them alone."""
        if await self._told(way.alone, posts[0], way.by):
            for post in posts[1:]:
                await self._told(way.alone, post, way.by)
            text, link = say_of.ALONE, None
        else:
            text, link = say_of.COME, self._messages.way_in("here")
        said = self._say(way, text)
        card = _leading(said, self._say(way, say_of.OPEN_CHAT), link) if link else None
        post = self._post(said, card)
        by = min(way.by, self._clock.now() + BUSY)
        await self._told(way.place, self._beneath(way, post), by)

    # --- what we say ourselves -----------------------------------------------------------------

    async def unread(self, way: Way) -> None:
        """We cannot read what they sent."""
        said = self._say(way, say_of.UNREADABLE)
        await self._told(way.place, self._beneath(way, self._post(said, self._helping(way, said))))

    def _helping(self, way: Way, said: str) -> Card[str] | None:
        """Whoever it is that we cannot serve alone with us: help is one press away."""
        return worded(said, "", voice(self._voices, way.language)) if way.private else None

    async def here(self, way: Way) -> None:
        """Which chat this is."""
        named = f"{way.place.channel}:{way.place.address}"
        said = self._say(way, say_of.HERE.model_copy(update={"args": {"address": named}}))
        await self._told(way.place, self._beneath(way, self._post(said)))

    async def nameless(self, way: Way) -> None:
        """Nobody can be told apart there."""
        text = self._say(way, say_of.NAMELESS)
        if way.query and await self.answer(way.query, cut(text, TOAST), alert=True):
            return
        await self._told(way.place, self._beneath(way, self._post(text)))

    def _post(self, text: str, card: Card[str] | None = None) -> Post:
        """None is ever taken for another's."""
        self._serial += 1
        return Post(f"reply:{self._serial}", text, card)

    def _beneath(self, way: Way, post: Post) -> Post:
        """Among many it hangs on what it answers."""
        beneath = "" if way.private else way.message
        return replace(post, within=way.within, beneath=beneath)

    async def _told(self, place: Place, post: Post, by: Millis | None = None) -> str | None:
        """The id of the message, None when it did not go out."""
        until = self._clock.now() + LATEST if by is None else by
        try:
            message = await self._asides.say(place, post, until)
        except Blocked:
            return None
        except SendFault as fault:
            log.info("an answer did not reach its reader", reason=str(fault))
            return None
        if message is None:
            log.info("an answer was not said: there is too much to say")
        return message


def _place_of(message: str, way: Way) -> Place:
    """Where a message of ours is."""
    return replace(way.place, address=message.partition("/")[0])


def _leading(text: str, label: str, link: str, *more: Button[str]) -> Card[str]:
    """A sentence with a way on."""
    return _beneath_words(text, (Button(label, Action("lead"), link=link), *more))


def _beneath_words(text: str, buttons: tuple[Button[str], ...]) -> Card[str]:
    return Card(text, (Section(text), Actions(buttons)))
