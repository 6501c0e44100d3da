"""Words beneath cards: what customers and colleagues say, where the team sees what it is about.

Such a say is addressed to what a card shows, and goes to every place where that card hangs. It
waits while the card is only about to be hung there; a card that was hung anew has it beneath the
new one. Whoever reads it belongs to the house, so colleagues have their names; customers do not.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.core.fold import State
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.intents import Members, Say
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.texts import Arg, Ref, named_in, replace, t
from bot.engine.audience import called
from bot.engine.files import pieces
from bot.engine.handle import Engine
from bot.engine.ports import File, Speak, Speech, Unsendable
from bot.engine.read import words_of
from bot.engine.spots import Spot, is_open, spots, task_spots
from bot.store.base import Row, number, text

PATIENCE: Millis = 120_000
"""For so long words wait for their card; then they go without it."""
PAGE_PATIENCE: Millis = 5_000
"""The same for what calls people."""
ALONE = t("{ref}: {words}")

States = Mapping[StreamId, State | None]
Load = Callable[[], Awaitable[File]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What goes beneath a card: the words, and where."""

    said: str
    words: str
    address: str
    message: str
    within: str = ""
    waits: bool = False
    load: Load | None = None


@dataclass(slots=True)
class Beneath:
    """Where cards hang, for one turn of delivery."""

    engine: Engine
    speech: Speech
    _spots: dict[tuple[StreamId, str], Spot] = field(default_factory=dict)
    _tasks: dict[tuple[StreamId, str, int], Spot] = field(default_factory=dict)
    _names: dict[PersonId, str] = field(default_factory=dict)

    async def look(self, says: Iterable[tuple[Row, Say]]) -> None:
        """Read what these will need."""
        people: list[PersonId] = []
        for row, say in says:
            stream, seat = beneath_of(row), text(row, "target")
            if (stream, seat) not in self._spots:
                found = await spots(self.engine, stream)
                self._spots |= {(stream, one.seat): one for one in found}
            if say.task and _calls(say):
                hung = await task_spots(self.engine, stream, say.task)
                self._tasks |= {(stream, one.seat, say.task): one for one in hung}
            people += named_in(say.text)
        self._names |= await called(self.engine, people)

    def spoken(self, row: Row, say: Say, known: States) -> Spoken | None:
        """How it goes out now; None when it must not, or there is nowhere to say it."""
        stream = beneath_of(row)
        state = known.get(stream)
        spot = self._spot(row, say, stream)
        if spot is None or not is_open(state):
            return None
        speak = self._speaker()
        opened = None if say.words is None else say.words.open(self.engine.codec.open)
        if say.words is not None and opened is None:
            return None
        said, words = speak(replace(say.text, self._opened)), words_of(opened)
        patience = PAGE_PATIENCE if _calls(say) else PATIENCE
        young = self.engine.clock.now() - number(row, "at") < patience
        if not spot.message and not young:
            ref = Ref(ref=getattr(state, "reference", ""))
            said = speak(ALONE.model_copy(update={"args": {"ref": ref, "words": said}}))
        return Spoken(
            said,
            words,
            spot.address,
            spot.message,
            spot.within,
            waits=not spot.message and young,
            load=self._load(row, say, known, spot),
        )

    def _spot(self, row: Row, say: Say, stream: StreamId) -> Spot | None:
        """Where it goes: what is about a task, beneath its card."""
        seat = text(row, "target")
        at = self._tasks.get((stream, seat, say.task)) or self._spots.get((stream, seat))
        return at or self._place(row, say)

    def _place(self, row: Row, say: Say) -> Spot | None:
        """Staff are called where they work together, also where no card hangs."""
        if not _calls(say):
            return None
        seat, key = text(row, "target"), self.engine.codec.seat_key
        every = (at for some in self.engine.parts.places.values() for at in some)
        for at in every:
            if at.channel == row["channel"] and key(at.channel, at.address) == seat:
                return Spot(at.channel, seat, at.address)
        return None

    def _speaker(self) -> Speak:
        organisation = self.engine.editions.current.organisation
        now = self.engine.clock.now()
        language, zone = organisation.default_language, organisation.time_zone
        return self.speech.speaker(language, zone, now, self._names.get)

    def _opened(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        value = arg.open(self.engine.codec.open)
        return arg.forgotten() if value is None else words_of(value)

    def _load(self, row: Row, say: Say, known: States, spot: Spot) -> Load | None:
        """The file that it carries, where the channel takes such a one."""
        report = known.get(text(row, "source"))
        files = report.files if say.file and isinstance(report, Report) else ()
        kept = next((one for one in files if one.file == say.file), None)
        most = self.engine.parts.channels[spot.channel].capabilities.upload_most
        if kept is None or not isinstance(report, Report) or kept.size > most:
            return None
        name = kept.name.open(self.engine.codec.open)
        return partial(_content, self.engine, say.file, report.subject, str(name), kept.type)


def _calls(say: Say) -> bool:
    return isinstance(say.to, Members) and say.to.of == "staff"


async def _content(engine: Engine, file: str, subject: str, name: str, kind: str) -> File:
    content = b"".join([one async for one in pieces(engine.store, engine.codec, file, subject)])
    if not content:
        raise Unsendable("The file was deleted.", final=True)
    return File(name, kind, content)


def beneath_of(row: Row) -> StreamId:
    """Of what the card shows beneath which an outbox row goes; "" for any other row."""
    stream, mark, _ = text(row, "member").partition("/")
    return stream if mark and stream.startswith(("inc_", "rep_")) else ""
