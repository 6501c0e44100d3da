"""Where the team has the card of something before it, so that words can stand beneath it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.fold import State
from bot.core.ids import StreamId, kind_of
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.handle import Engine
from bot.store.base import Row, text
from bot.views.kinds import KINDS
from bot.views.look import Look

CARDS = {"incident": "incident", "report": "report"}
"""The card that stands for a stream in the team's place."""
MOST = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where a card hangs as `message`, or ("") is about to, in its topic `within`."""

    channel: str
    seat: str
    address: str
    message: str = ""
    within: str = ""


def names(message: str, seen: str) -> bool:
    """Whether `seen` is `message` or a part of it: `place/first/second` stands as `place/first`
    and as `place/second`, too.
    """
    head, _, others = message.partition("/")
    place, _, part = seen.partition("/")
    return bool(seen) and (seen == message or (head == place and part in others.split("/")))


def is_open(state: State | None) -> bool:
    """Whether words about it may stand where a whole team reads them."""
    return isinstance(state, Report) or (
        isinstance(state, Incident) and state.visibility == "normal"
    )


async def spots(engine: Engine, stream: StreamId) -> list[Spot]:
    """Where the card of `stream` hangs in the team's places, and where it is about to."""
    state = (await engine.look([stream]))[stream]
    card = CARDS.get(kind_of(stream), "")
    if state is None or not card or not is_open(state):
        return []
    key: Row = {"stream": stream, "card": card, "number": 0, "place": "team"}
    rows = await engine.store.select("cards", key, limit=MOST)
    found = {text(row, "seat"): _spot(engine, row) for row in rows if row["state"] != "dead"}
    kind, editions = KINDS[card], engine.editions
    look = Look(editions.current, editions.edition, {})
    for name in kind.places(state, 0, look) if kind.hangs(state, 0) else ():
        for at in engine.standins.at(name, state):
            seat = engine.codec.seat_key(at.channel, at.address)
            found.setdefault(seat, Spot(at.channel, seat, at.address))
    return await _there(engine, stream, found.values())


async def task_spots(engine: Engine, stream: StreamId, number: int) -> list[Spot]:
    """Where the card of task `number` hangs."""
    key: Row = {"stream": stream, "card": "task", "number": number}
    rows = await engine.store.select("cards", key, limit=MOST)
    found = [_spot(engine, row) for row in rows if row["state"] != "dead" and row["message"]]
    return await _there(engine, stream, found)


async def _there(engine: Engine, stream: StreamId, found: Iterable[Spot]) -> list[Spot]:
    """Those that can be written to, each in its topic."""
    topics = await engine.store.select("topics", {"stream": stream}, limit=MOST)
    there = {text(row, "seat"): row for row in topics}
    return [
        _within(one, there.get(one.seat))
        for one in found
        if one.address and one.channel in engine.parts.channels
    ]


def _within(one: Spot, topic: Row | None) -> Spot:
    """In its topic; while that is opened anew, the card is about to hang."""
    if topic is None:
        return one
    gone = topic["state"] == "gone"
    return replace(one, within=text(topic, "within"), message="" if gone else one.message)


def _spot(engine: Engine, row: Row) -> Spot:
    subject = row["subject"]
    about = subject if isinstance(subject, str) else None
    address = str(engine.codec.open_note(text(row, "body"), about) or "")
    return Spot(text(row, "channel"), text(row, "seat"), address, text(row, "message"))
