"""A desk with a scripted channel, and says put straight into the outbox."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.desk_words import PlaybookAdopted
from bot.core.events import Recorded
from bot.core.ids import DESK, Millis
from bot.core.intents import Lane, Say
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.texts import Text, t
from bot.engine.deliver import Deliveries
from bot.engine.mailbox import Letter, Mailbox
from bot.engine.rows import Writer
from bot.store.base import Put, Row, Store, number
from bot.store.keys import Keys
from bot.store.memory import MemoryStore
from bot.wiring import BOOK
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.kit import Desk, desk

ENDS = ("delivered", "superseded", "erased", "refused", "discarded", "dead")
ROUNDS = 400
WEB = "web"


@dataclass(slots=True)
class Office:
    """The desk, its scripted channel, and what goes out."""

    desk: Desk
    channel: ScriptedChannel
    serial: int = 0

    @property
    def deliveries(self) -> Deliveries:
        return self.desk.machine.deliveries

    @property
    def clock(self) -> VirtualClock:
        return self.desk.clock

    @property
    def store(self) -> Store:
        return self.desk.store

    @property
    def keys(self) -> Keys:
        return self.desk.keys

    async def crash(self) -> None:
        """The process dies here: nothing that is under way comes to its end."""
        tasks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.desk.machine._workers.clear()
        self.desk.machine.engine._running = None

    # --- saying ----------------------------------------------------------------------------

    def seat(self, address: str, channel: str = "", subject: str = "") -> Seat:
        channel = channel or self.channel.name
        subject = subject or self.desk.codec.keys.mint()
        key = self.desk.codec.seat_key(channel, address)
        return Seat(channel=channel, key=Personal(subject, key), address=Personal(subject, address))

    async def say(
        self,
        address: str,
        text: str | Text,
        lane: Lane = "reply",
        *,
        words: str = "",
        channel: str = "",
        seat: Seat | None = None,
        wake: bool = True,
        **more: Any,
    ) -> int:
        """A say that was decided just now; returns the id of its row. `more` are its fields."""
        await self.desk.codec.keys.ensure(4)
        to = seat or self.seat(address, channel)
        say = Say(
            to=to,
            lane=lane,
            text=text if isinstance(text, Text) else t("{said}", said=text),
            words=Personal(to.key.subject, words) if words else None,
            **more,
        )
        await self.store.write([self._put(say)])
        if wake:
            self.deliveries.wake()
        rows = await self.store.select("outbox", order="id", descending=True, limit=1)
        return number(rows[0], "id")

    def _put(self, say: Say) -> Put:
        self.serial += 1
        rec = Recorded(
            stream=DESK,
            version=self.serial,
            at=self.clock.now(),
            source_at=None,
            actor=None,
            cause="",
            event=PlaybookAdopted(version="", name=""),
        )
        put = Writer(BOOK, self.desk.codec).say(rec, say, f"desk:{self.serial}:{id(self)}")
        return Put("outbox", {**put.row, "position": self.serial})

    # --- people ----------------------------------------------------------------------------

    async def press(self, command: Command, who: str, channel: str = "") -> Answer:
        """What `who` does, by the scripted channel or another one."""
        self.serial += 1
        name = channel or self.channel.name
        envelope = Envelope(
            entry=name,
            source=f"{name}{self.serial}",
            command=command,
            identity=Identity(channel=name, opaque=who),
            place=Place(channel=name, address=who),
            language="en",
        )
        answer = await self.desk.machine.engine.handle(envelope)
        assert answer.outcome == "done", (command.tag, answer.code, answer.text)
        return answer

    # --- looking ---------------------------------------------------------------------------

    async def row(self, id_: int) -> Row:
        rows = await self.store.select("outbox", {"id": id_}, limit=1)
        return rows[0]

    async def ends(self) -> dict[int, str]:
        """The state of every say, by id."""
        rows = await self.store.select("outbox", {"kind": "say"}, order="id", limit=1000)
        return {number(row, "id"): str(row["state"]) for row in rows}

    async def letters(self, address: str, channel: str = WEB) -> list[Letter]:
        """The mailbox of a seat."""
        mailbox = Mailbox(self.store, self.desk.codec)
        return await mailbox.read(self.desk.codec.seat_key(channel, address), limit=1000)

    # --- waiting ---------------------------------------------------------------------------

    async def quiet(self) -> None:
        """Everything that can happen now has happened."""
        same = 0
        before: tuple[object, ...] = ()
        for _ in range(ROUNDS):
            await self.desk.settle()
            await self.deliveries.idle()
            await self.clock.settle()
            now = (len(self.channel.calls), self.store_writes, self.deliveries.waiting)
            same = same + 1 if now == before else 0
            before = now
            if same > 1:
                return
        raise AssertionError("delivery does not come to rest")

    @property
    def store_writes(self) -> int:
        """How often the store was written."""
        return int(getattr(self.store, "commits", 0))

    async def advance(self, milliseconds: Millis) -> None:
        """Time goes by, and what was due has happened."""
        end = self.clock.now() + milliseconds
        await self.quiet()
        while (due := self.clock.next_due) is not None and due <= end:
            await self.clock.advance(max(0, due - self.clock.now()))
            await self.quiet()
        await self.clock.advance(end - self.clock.now())
        await self.quiet()

    async def until(self, done: Callable[[], bool], most: Millis = 3_600_000) -> None:
        """Time goes by until `done`."""
        end = self.clock.now() + most
        while not done():
            due = self.clock.next_due
            assert due is not None, "nothing is due any more"
            assert due <= end, "it does not happen"
            await self.advance(max(1, due - self.clock.now()))


@asynccontextmanager
async def office(
    folder: Path,
    *,
    store: Store | None = None,
    clock: VirtualClock | None = None,
    channel: ScriptedChannel | None = None,
    places: Mapping[str, Sequence[Place]] | None = None,
    keys: Keys | None = None,
    rested: bool = True,
    seed: int = 1,
    beside: Sequence[str] = (),
) -> AsyncIterator[Office]:
    """A desk that sends by a scripted channel. `rested`: it has been up for a minute; `beside` are
    names of more such channels.
    """
    clock = clock or VirtualClock()
    channel = channel or ScriptedChannel(clock)
    async with desk(
        folder,
        store=store or MemoryStore(),
        clock=clock,
        channels={
            channel.name: channel,
            **{name: ScriptedChannel(clock, name=name, title=name.title()) for name in beside},
        },
        places=places,
        keys=keys,
        seed=seed,
    ) as one:
        found = Office(one, channel)
        if rested:
            await clock.advance(60_000)
        yield found
