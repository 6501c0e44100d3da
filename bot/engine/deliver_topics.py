"""Topics: where a place can have them, all that concerns one incident stands in one of its own.

A topic is opened once per place and incident, and what the platform calls it is a row before
anything is sent there: a crash in between, or an answer that is lost, leaves an empty topic and
never two cards. One that is gone is opened anew, once; then the place itself has to do. When an
incident has ended and its card says so, its topic is shut; it is opened when that goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.core.commands import Place
from bot.core.errors import MusterError
from bot.core.fold import State
from bot.core.ids import Millis, StreamId, kind_of
from bot.core.incident import Incident
from bot.core.report import Report
from bot.core.texts import Phrase, Ref, t
from bot.engine.audience import states
from bot.engine.deliver import Deliveries
from bot.engine.deliver_asides import Carried
from bot.engine.deliver_wants import PLACES, Hanging
from bot.engine.handle import Engine
from bot.engine.heard import Heard
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.ports import AnswerLost, Blocked, Misconfigured, Outage, Post, SendFault, Speech
from bot.engine.prepare import Planned
from bot.store.base import Drop, Op, Patch, Put, Row, Scalar, number, text
from bot.views.incident import title as title_of
from bot.views.look import Look

log = structlog.get_logger(__name__)

TITLE_MOST = 128
TRIES = 3
SHUT_TRIES = 8
LOOK: Millis = 2_000
LATE: Millis = 60_000
MOST = 10_000
BATCH = 500
KNOWN = 20_000
NAMED = t("{ref}: {what}")
GOES_ON = t("This goes on as {ref}. Please write there from now on.")

Key = tuple[str, StreamId]


@dataclass(frozen=True, slots=True)
class Ask:
    """A topic that is wanted: where, and what for."""

    place: Place
    seat: str
    stream: StreamId


def topic_of(stream: StreamId, state: State | None) -> StreamId:
    """In whose topic something of `stream` stands; "" for the place itself."""
    if kind_of(stream) == "incident":
        return stream
    return (state.incident or "") if isinstance(state, Report) else ""


class Topics(Loop):
    """The worker. `within` is asked by whatever is to hang, or to be said, in a place."""

    name = "topics"

    def __init__(self, engine: Engine, speech: Speech, deliveries: Deliveries) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self._speech = speech
        self._deliveries = deliveries
        self._known: dict[Key, str] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._going: set[Key] = set()
        self._dirty: dict[StreamId, Millis] = {}
        self._tried: dict[Key, int] = {}
        deliveries.cards.within = self.within
        deliveries.ends.topic_gone = self.gone
        deliveries.ends.place_moved = self.moved

    def opens(self, channel: str) -> bool:
        """Whether places there may have topics."""
        known = self._engine.parts.channels.get(channel)
        return known is not None and "topic" in known.capabilities.opens

    # --- life ------------------------------------------------------------------------------

    def notice(self, planned: Planned) -> None:
        """A unit was committed: the topic of an incident may have to be shut, or opened."""
        if planned.work is None or not any(map(self.opens, self._engine.parts.channels)):
            return
        due = self._clock.now() + LOOK
        for rec in planned.work.events:
            if kind_of(rec.stream) == "incident":
                self._dirty.setdefault(rec.stream, due)
        if self._dirty:
            self.wake()

    async def recall(self) -> None:
        """What ended, or went on, while nobody looked."""
        for state, ended in (("open", 1), ("told", 1), ("shut", 0)):
            rows = await self._store.select("topics", {"state": state}, limit=MOST)
            streams = list(dict.fromkeys(text(row, "stream") for row in rows))
            for start in range(0, len(streams), BATCH):
                wanted = streams[start : start + BATCH]
                found = await self._store.select(
                    "incidents", {"incident": wanted, "ended": ended}, limit=BATCH
                )
                self._dirty |= {text(row, "incident"): self._clock.now() for row in found}

    async def stop(self) -> None:
        """Whatever is under way is begun again by the next start."""
        await super().stop()
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def _begin(self, key: Key, work: Callable[[], Awaitable[None]]) -> None:
        """Do it beside everything else, one thing at a time per topic."""
        if key in self._tasks:
            return
        task = asyncio.create_task(self._carefully(work), name="topic")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _carefully(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except MusterError as trouble:
            log.warning("a topic is looked after later", reason=str(trouble))
        except Exception:
            log.exception("a topic cannot be looked after")

    # --- where something stands ------------------------------------------------------------

    async def within(self, one: Hanging, state: State | None) -> str | None:
        """The topic in which a card stands, or is to; None while it is being opened."""
        stream = topic_of(one.hung.stream, state)
        if not stream or one.place not in PLACES or not self.opens(one.channel):
            return ""
        key = (one.hung.seat, stream)
        if key in self._going or key in self._tasks:
            return None
        found = self._known.get(key)
        if found is None:
            found = await self._read(key)
        if found is None and not one.message:
            ask = Ask(Place(one.channel, one.address), *key)
            self._begin(key, partial(self._open, ask))
            return None
        return found or ""

    async def _read(self, key: Key) -> str | None:
        rows = await self._store.select("topics", {"seat": key[0], "stream": [key[1], ""]})
        row = next((row for row in rows if row["stream"]), None)
        if row is None or row["state"] == "gone":
            return None
        return self._learned(key, text(row, "within"))

    def _learned(self, key: Key, within: str) -> str:
        if len(self._known) >= KNOWN:
            self._known.clear()
        self._known[key] = within
        return within

    # --- opening ---------------------------------------------------------------------------

    async def _open(self, ask: Ask) -> None:
        """Ask the platform for it, and keep what it says."""
        rows = await self._store.select("topics", {"seat": ask.seat, "stream": [ask.stream, ""]})
        before = next((number(row, "times") for row in rows if row["stream"]), 0)
        has_none = any(not row["stream"] for row in rows)
        within = "" if has_none else await self._opened(ask)
        state = "open" if within else "none"
        await self._kept([self._row(ask, ask.stream, within, state, before + 1)])
        self._learned((ask.seat, ask.stream), within)
        self._deliveries.lines.hurry(ask.place.channel, ask.seat)
        self._deliveries.wake()
        self._dirty.setdefault(ask.stream, self._clock.now() + LOOK)
        self.wake()

    async def _kept(self, ops: list[Op]) -> None:
        """Written, however long that takes: what was opened is not opened again."""
        while True:
            try:
                await self._store.write(ops)
            except MusterError as trouble:
                log.warning("a topic cannot be kept yet", reason=str(trouble))
                await self._clock.wait_until(self._clock.now() + AFTER_TROUBLE)
            else:
                return

    def _row(self, ask: Ask, stream: StreamId, within: str, state: str, times: int) -> Op:
        row: dict[str, Scalar] = {
            "seat": ask.seat,
            "stream": stream,
            "channel": ask.place.channel,
            "within": within,
            "state": state,
            "times": times,
            "at": self._clock.now(),
            "body": self._engine.codec.seal_note(ask.place.address, None),
        }
        return Put("topics", row)

    async def _opened(self, ask: Ask) -> str:
        """What the platform calls it; "" where there are none, or it is refused."""
        channel = self._engine.parts.channels[ask.place.channel]
        title = await self._title(ask.stream)
        tries = 0
        while tries < TRIES:
            try:
                found = await self._carried(
                    ask.place, lambda address: channel.open("topic", address, title)
                )
            except (AnswerLost, Outage) as fault:
                tries += isinstance(fault, AnswerLost) or not fault.sure
                await self._clock.wait_until(self._clock.now() + AFTER_TROUBLE)
                continue
            except SendFault as fault:
                log.warning("no topic is opened", channel=channel.name, reason=str(fault))
                return ""
            if not found:
                # It has none for anybody, until somebody tells that the place is another.
                await self._kept([self._row(ask, "", "", "none", 1)])
            return found
        return ""

    async def _carried(self, place: Place, do: Carried) -> str:
        """Done in the pace of the place, however long that takes. Raises SendFault."""
        while True:
            by = self._clock.now() + LATE
            found = await self._deliveries.asides.carry(place, do, by)
            if found is not None:
                return found
            await self._clock.wait_until(by)

    async def _title(self, stream: StreamId) -> str:
        """Its reference and what it is, in the house's language; of what few may see, no more
        than the reference.
        """
        state = (await states(self._engine, [stream]))[stream]
        if not isinstance(state, Incident):
            return ""
        ref = Ref(ref=state.reference)
        if state.visibility != "normal":
            return self._said(t("{ref}", ref=ref))
        editions = self._engine.editions
        look = Look(editions.current, editions.edition, {})
        title = NAMED.model_copy(update={"args": {"ref": ref, "what": title_of(state, look)}})
        said = self._said(title)
        return said if len(said) <= TITLE_MOST else f"{said[: TITLE_MOST - 1]}…"

    def _said(self, phrase: Phrase) -> str:
        organisation = self._engine.editions.current.organisation
        language, zone = organisation.default_language, organisation.time_zone
        now = self._clock.now()
        return self._speech.speaker(language, zone, now, lambda person: None)(phrase)

    # --- gone ------------------------------------------------------------------------------

    def gone(self, seat: str, within: str) -> None:
        """The platform says that a topic is no more: it is opened anew, and what hung in it is
        hung there.
        """
        for key, known in list(self._known.items()):
            if key[0] == seat and known == within:
                del self._known[key]
                self._going.add(key)
        self._begin((seat, f"gone:{within}"), partial(self._lost, seat, within))

    async def _lost(self, seat: str, within: str) -> None:
        rows = await self._store.select("topics", {"seat": seat, "within": within}, limit=BATCH)
        try:
            for row in rows if within else ():
                again = {"state": "gone", "within": ""}
                if number(row, "times") > 1:
                    again["state"] = "none"
                key: Row = {"seat": seat, "stream": row["stream"]}
                await self._kept([Patch("topics", key, again)])
                await self._hang_anew(key)
        finally:
            self._going = {key for key in self._going if key[0] != seat}
            self._deliveries.wake()

    async def _hang_anew(self, key: Row) -> None:
        """What hung there is gone with it."""
        rows = await self._store.select("cards", key, limit=MOST)
        wanted = [await self._deliveries.cards.doubted(row, gone=True) for row in rows]
        self._deliveries.intake.want(one for one in wanted if one is not None)
        self._deliveries.wake()

    def moved(self, home: Place) -> None:
        """A place goes on elsewhere: what stands hangs there anew."""
        seat = self._seat(home)

        async def follow() -> None:
            await self.back(home)
            await self._hang_anew({"seat": seat})

        self._begin((seat, "moved"), follow)

    async def back(self, place: Place) -> None:
        """The place is there again, or another: whether it has topics is asked anew."""
        if self.opens(place.channel):
            none = {"seat": self._seat(place), "stream": ""}
            await self._store.write([Drop("topics", none)])

    def _seat(self, place: Place) -> str:
        home = self._engine.parts.moves.home(place)
        return self._engine.codec.seat_key(home.channel, home.address)

    async def is_ours(self, heard: Heard) -> bool:
        """Whether it was in the topic of an incident."""
        key: Row = {"seat": self._seat(heard.place), "within": heard.within}
        return bool(heard.within) and bool(await self._store.select("topics", key, limit=1))

    # --- shutting --------------------------------------------------------------------------

    async def turn(self) -> Millis | None:
        """Topics of what ended are shut, those of what goes on are opened."""
        now = self._clock.now()
        for stream in [one for one, due in self._dirty.items() if due <= now]:
            del self._dirty[stream]
            await self._look(stream)
        return min(self._dirty.values(), default=None)

    async def _look(self, stream: StreamId) -> None:
        known = {"stream": stream, "state": ["open", "shut", "told"]}
        rows = await self._store.select("topics", known, limit=BATCH)
        state = (await states(self._engine, [stream]))[stream] if rows else None
        if not isinstance(state, Incident):
            return
        wanted = "shut" if state.ended else "open"
        due = [row for row in rows if row["state"] != wanted]
        if due and await self._store.count("shows", {"stream": stream, "state": "waiting"}):
            self._dirty[stream] = self._clock.now() + LOOK  # Its last look comes first.
            return
        for row in due:
            self._begin((text(row, "seat"), stream), partial(self._turned, row, state))

    async def _turned(self, row: Row, state: Incident) -> None:
        """Shut it, with a last word where all goes on elsewhere, or open it."""
        key: Row = {"seat": row["seat"], "stream": row["stream"]}
        address = str(self._engine.codec.open_note(text(row, "body"), None) or "")
        place, within = Place(text(row, "channel"), address), text(row, "within")
        channel = self._engine.parts.channels.get(place.channel)
        if channel is None:
            return
        try:
            if state.ended and state.kin.merged_into and row["state"] == "open":
                await self._last_word(place, within, state.kin.merged_into)
                await self._kept([Patch("topics", key, {"state": "told"})])
            await self._carried(
                place, lambda at: _nothing(channel.shut(at, within, shut=state.ended))
            )
        except SendFault as fault:
            self._again(row, fault)
            return
        self._tried.pop((text(row, "seat"), text(row, "stream")), None)
        await self._kept([Patch("topics", key, {"state": "shut" if state.ended else "open"})])
        self._dirty.setdefault(state.stream, self._clock.now() + LOOK)
        self.wake()

    def _again(self, row: Row, fault: SendFault) -> None:
        """Later once more, but not for ever: nothing of what is said hangs on it."""
        key, stream = (text(row, "seat"), text(row, "stream")), text(row, "stream")
        self._tried[key] = self._tried.get(key, 0) + 1
        if self._tried[key] >= SHUT_TRIES or isinstance(fault, Blocked | Misconfigured):
            log.warning("a topic stays as it is", reason=str(fault))
            del self._tried[key]
            return
        self._dirty[stream] = self._clock.now() + LATE
        self.wake()

    async def _last_word(self, place: Place, within: str, into: StreamId) -> None:
        state = (await states(self._engine, [into]))[into]
        ref = Ref(ref=getattr(state, "reference", ""))
        said = self._said(GOES_ON.model_copy(update={"args": {"ref": ref}}))
        post = Post(f"{within}:{into}", said, within=within)
        try:
            while await self._deliveries.asides.say(place, post, self._clock.now() + LATE) is None:
                await self._clock.wait_until(self._clock.now() + LOOK)
        except AnswerLost:
            return  # It is not worth saying twice.


async def _nothing(done: Awaitable[None]) -> str:
    await done
    return ""
