"""Everything that Telegram sends comes through here, whichever way it came.

What somebody did may be acknowledged once `Hears` has answered: then it is on disk. Chats go side
by side, each in the order in which it came; what comes again is known by its source.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakValueDictionary

import structlog

from bot.adapters.telegram.albums import Album, together
from bot.adapters.telegram.confirms import Confirms
from bot.adapters.telegram.menu import ID
from bot.adapters.telegram.receive import (
    READ,
    Known,
    Nameless,
    Something,
    Unread,
    album_of,
    chat_of,
    heard,
)
from bot.adapters.telegram.replies import Replies
from bot.adapters.telegram.ways import way_of
from bot.core.ids import Millis
from bot.engine.heard import Arrived, Changed, Hears, Pressed, Typed, Wrote
from bot.engine.limits import Limiter, Rate
from bot.engine.loops import first_of
from bot.engine.ports import Clock, Reply
from bot.untrusted import Payload, items, part, text

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 8
"""So many chats are listened to at once."""
RAISED_MOST = 3
"""So often something may make our own code fail; then it is left alone."""
ALONE_MOST = 10
"""So often it may not be kept while what others did meanwhile was; that takes minutes."""
COUNTED_MOST = 1_000
AT_FIRST: Millis = 1_000
AT_MOST: Millis = 60_000
RARELY = Rate(burst=1, per_minute=1 / 30)
"""Who cannot be told apart is told so, and then left in peace for half an hour."""
NOW_AND_THEN = Rate(burst=2, per_minute=1)

Outcome = Literal["kept", "again", "raised"]


@dataclass(slots=True)
class Failing:
    """How often something made our code fail (`raised`), and was not kept although others were
    (`alone`), of whom so many had been by then (`others`).
    """

    others: int
    raised: int = 0
    alone: int = 0


class Ears:
    """Hands what was heard to `hears`, and the answers to `replies`."""

    def __init__(
        self,
        hears: Hears,
        replies: Replies,
        confirms: Confirms,
        known: Callable[[], Known],
        clock: Clock,
    ) -> None:
        """`known` says who we are and what is ours, as far as it is known by now."""
        self._hears = hears
        self._replies = replies
        self._confirms = confirms
        self._known = known
        self._clock = clock
        self._side_by_side = asyncio.Semaphore(SIDE_BY_SIDE)
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._albums: dict[str, Album] = {}
        self._failing: OrderedDict[object, Failing] = OrderedDict()
        self._through = 0
        self._work: set[asyncio.Task[Any]] = set()
        self._nameless = Limiter(clock, RARELY)
        self._unread = Limiter(clock, NOW_AND_THEN)
        self._called = Limiter(clock, NOW_AND_THEN)
        self._ended = asyncio.Event()

    @property
    def knows(self) -> bool:
        """We know who we are, so we can tell what is for us."""
        return bool(self._known().me.username)

    @property
    def gathers(self) -> bool:
        """Something may come yet that belongs to what came."""
        return bool(self._albums)

    async def take(self, update: Payload, insist: bool = False) -> bool:
        """Whether an update may be acknowledged. `insist`: it is tried until it may, or all ends.

        Of one chat one after the other, in the order in which this was called.
        """
        came = self._clock.now()
        if query := text(update, "callback_query", "id"):
            self._replies.expect(query, _language(update))
        key = album_of(update)
        album = self._albums.get(key) if key else None
        if album is not None and not album.is_whole:
            album.add(update)
            return await asyncio.shield(album.outcome)
        if key:
            album = self._albums[key] = Album(update, self._clock)
        lane = self._lanes.setdefault(chat_of(update), asyncio.Lock())
        if key and album is not None:
            return await self._whole(key, album, lane, came, insist)
        async with lane:
            return await self._kept([update], came, insist)

    async def _whole(
        self, key: str, album: Album, lane: asyncio.Lock, came: Millis, insist: bool
    ) -> bool:
        """The first piece waits for the others and takes them along."""
        kept = False
        try:
            async with lane:
                while not album.is_whole and not self._ended.is_set():
                    await self._rest(album.due - self._clock.now(), album.full)
                self._forget(key, album)
                if album.is_whole:
                    kept = await self._kept(album.pieces, came, insist)
        finally:
            self._forget(key, album)
            album.end(kept)
        return kept

    def _forget(self, key: str, album: Album) -> None:
        """What comes now begins another one."""
        if self._albums.get(key) is album:
            del self._albums[key]

    async def _kept(self, updates: list[Payload], came: Millis, insist: bool) -> bool:
        """Hand it on until it is kept, or has made us fail too often."""
        found = self._found(updates)
        if found and self._asks_first(found[0], updates[0]):
            return True
        pause = AT_FIRST
        while True:
            async with self._side_by_side:
                outcome = await self._once(found, updates[0], came)
            if outcome != "kept" and self._is_hopeless(updates[0], outcome):
                self._give_up(found, updates[0], came)
                return True
            if outcome == "kept" or not insist or self._ended.is_set():
                return outcome == "kept"
            await self._rest(pause)
            pause = min(2 * pause, AT_MOST)

    def _found(self, updates: list[Payload]) -> list[Something]:
        """What they say, an album as one."""
        known = self._known()
        try:
            found = [one for update in updates for one in heard(update, known)]
        except Exception:
            log.exception("what Telegram sent could not be read", kind=_kind(updates[0]))
            return []
        pieces = [one for one in found if isinstance(one, Wrote)]
        return [together(pieces)] if len(pieces) > 1 else found

    def _asks_first(self, one: Something, update: Payload) -> bool:
        """Whether the press counts for nothing yet: they are asked whether they mean it."""
        if not isinstance(one, Pressed):
            return False
        query = part(update, "callback_query")
        data, who = text(query, "data"), one.who.opaque
        label = label_of(part(query, "message"), data)
        weighed = self._confirms.weigh(data, who, label, self._clock.ticks())
        if weighed.token:
            return False

        async def ask() -> None:
            if not await self._replies.answer(text(query, "id"), weighed.question, alert=True):
                self._confirms.unasked(data, who)

        self._start(ask())
        return True

    def _is_hopeless(self, update: Payload, outcome: Outcome) -> bool:
        """It has made our code fail often enough, or was not kept while others were."""
        fresh = Failing(others=self._through)
        one = self._failing.setdefault(update.get("update_id"), fresh)
        one.raised += outcome == "raised"
        one.alone += outcome == "again" and self._through > one.others
        one.others = self._through
        while len(self._failing) > COUNTED_MOST:
            self._failing.popitem(last=False)
        return one.raised >= RAISED_MOST or one.alone >= ALONE_MOST

    def _give_up(self, found: list[Something], update: Payload, came: Millis) -> None:
        """It is left alone, and who sent it is told; nobody learns its words from that."""
        log.error("an update makes us fail each time; it was left alone", kind=_kind(update))
        theirs = (one for one in found if not isinstance(one, Changed))
        if (one := next(theirs, None)) is not None:
            self._start(self._replies.failed(way_of(update, one, came)))

    async def _rest(self, pause: Millis, until: asyncio.Event | None = None) -> None:
        """Until `pause` is over, or `until` is so, or all ends."""
        over = self._clock.wait_until(self._clock.now() + pause)
        so = () if until is None else (until.wait(),)
        await first_of(over, self._ended.wait(), *so)

    async def _once(self, found: list[Something], update: Payload, came: Millis) -> Outcome:
        try:
            for one in found:
                outcome = await self._told(one, update, came)
                if outcome != "kept":
                    return outcome
        except Exception:
            log.exception("what somebody did in Telegram failed", kind=_kind(update))
            return "raised"
        self._failing.pop(update.get("update_id"), None)
        return "kept"

    # --- one thing -----------------------------------------------------------------------------

    async def _told(self, one: Something, update: Payload, came: Millis) -> Outcome:
        """Hand it to whoever takes it, and what they say to whoever did it."""
        if isinstance(one, Changed):
            await self._hears.change(one)
            return "kept"
        way = way_of(update, one, came)
        if isinstance(one, Unread):
            if not self._unread.wait(one.place.address):
                self._start(self._replies.unread(way))
            return "kept"
        if isinstance(one, Nameless):
            if way.query or not self._nameless.wait(one.place.address):
                self._start(self._replies.nameless(way))
            return "kept"
        if isinstance(one, Typed) and one.line == ID:
            if not self._called.wait(one.place.address):
                self._start(self._replies.here(way))
            return "kept"
        reply = await self._answer(one)
        if reply.again:
            return "raised" if reply.broken else "again"
        self._through += 1
        self._start(self._replies.after(way, one, reply, self._hears))
        return "kept"

    async def _answer(self, one: Pressed | Wrote | Typed | Arrived) -> Reply:
        hears = self._hears
        match one:
            case Pressed():
                return await hears.press(one)
            case Wrote():
                return await hears.write(one)
            case Typed():
                return await hears.line(one)
            case Arrived():
                return await hears.arrive(one)

    # --- the end -------------------------------------------------------------------------------

    def end(self) -> None:
        """Nothing is tried again from now on; what was not kept stays with Telegram."""
        self._ended.set()

    async def finish(self, seconds: float) -> None:
        """Wait so long for answers that are still on their way; then let go of them."""
        self.end()
        if self._work:
            _, late = await asyncio.wait(self._work, timeout=seconds)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._replies.close()

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do it beside the rest; it is waited for at the end."""
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return task


def label_of(message: Payload, data: str) -> str:
    """What the button says that carries `data`; "" where the message is not told any more."""
    rows = part(message, "reply_markup").get("inline_keyboard")
    listed = rows if isinstance(rows, list) else []
    keys = [one for row in listed if isinstance(row, list) for one in row]
    named = [one for one in items({"keys": keys}, "keys") if text(one, "callback_data") == data]
    return text(named[0], "text") if named else ""


def _language(update: Payload) -> str:
    """What whoever pressed reads."""
    return text(update, "callback_query", "from", "language_code")


def _kind(update: Payload) -> str:
    """What sort of update it is, for a line that says nothing of anybody."""
    return next((one for one in READ if one in update), "unknown")
