"""What stands in the data once the process is down, told without ids, times and chance."""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.core.ids import StreamId, SubjectId, kind_of
from bot.core.personal import Opener, Personal
from bot.core.report_words import MessageReceived
from bot.store.base import StoredEvent
from bot.wiring import House
from tests.proof.http.keeper import ROOT

PAGE = 500
A_TIME = 10**12
CLOCK = re.compile(r"(\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\b\d{1,2}:\d\d\b")
RANDOM = re.compile(r"\b[A-Za-z0-9_+/=-]{32,}")
STREAM = re.compile(r"\b(rep|inc|per|sub)_[0-9A-Z]{26}")
REFERENCE = re.compile(r"\b[RN]-\w{3}-\w{4}\b")


@asynccontextmanager
async def opened(data: Path) -> AsyncIterator[House]:
    """The data without workers: nothing goes on in it."""
    house = House(data)
    try:
        await house.open()
        yield house
    finally:
        await house.stop()


async def every_event(house: House) -> list[StoredEvent]:
    """The whole log."""
    found: list[StoredEvent] = []
    while page := await house.store.log(len(found), PAGE):
        found.extend(page)
    return found


async def received(data: Path) -> dict[StreamId, list[str]]:
    """By report: the customers' messages in order of the log."""
    found: dict[StreamId, list[str]] = {}
    async with opened(data) as house:
        codec = house.engine.codec
        for one in await every_event(house):
            if one.row.tag == MessageReceived.tag:
                row = one.row
                event = codec.decode_event(row.tag, row.revision, row.body, row.sealed)
                assert isinstance(event, MessageReceived)
                words = event.words.open(codec.open)
                found.setdefault(one.row.stream, []).append(str(words))
    return found


async def picture(data: Path) -> dict[str, Any]:
    """Events of each stream, states and letters; two runs of one story give the same picture."""
    async with opened(data) as house:
        log = [one for one in await every_event(house) if one.row.stream != "desk"]
        names = _names(dict.fromkeys(one.row.stream for one in log))
        seats: dict[object, str] = {}
        letters: dict[str, list[object]] = {}
        for row in await house.store.select("mailbox", order="id", limit=10_000):
            seat = seats.setdefault(row["seat"], f"seat{len(seats)}")
            (letter,) = await house.mailbox.read(str(row["seat"]), int(str(row["id"])) - 1, 1)
            said = masked(f"{letter.author}: {letter.text} {letter.words}", names)
            letters.setdefault(seat, []).append(said)
        return {
            "events": {
                name: [one.row.tag for one in log if one.row.stream == stream]
                for stream, name in names.items()
            },
            "states": {name: await _state(house, one, names) for one, name in names.items()},
            "letters": letters,
            "ends": sorted(
                str((row["kind"], row["state"], row["reason"]))
                for row in await house.store.select("outbox", limit=10_000)
            ),
        }


def _names(streams: Sequence[StreamId] | dict[StreamId, None]) -> dict[StreamId, str]:
    """The first report is `report0`, and so on, in order of their first event."""
    count: dict[str, Iterator[int]] = {}
    return {
        one: f"{kind_of(one)}{next(count.setdefault(kind_of(one), iter(range(10_000))))}"
        for one in streams
    }


async def _state(house: House, stream: StreamId, names: dict[StreamId, str]) -> object:
    state = (await house.engine.live(stream)).state
    return plain(state, names, house.engine.codec.open)


def _sealed(subject: SubjectId, token: str) -> str:
    return "sealed"


def plain(
    thing: object, names: dict[StreamId, str] | None = None, opener: Opener = _sealed
) -> object:
    """Models and JSON without ids, times and chance; what is sealed opened."""
    if isinstance(thing, Personal):
        return plain(thing.open(opener), names, opener)
    if isinstance(thing, BaseModel):
        fields = type(thing).model_fields
        return {name: plain(getattr(thing, name), names, opener) for name in fields}
    if isinstance(thing, tuple | list):
        return [plain(one, names, opener) for one in thing]
    if isinstance(thing, dict):
        return {masked(str(k), names): plain(v, names, opener) for k, v in thing.items()}
    if isinstance(thing, int) and thing > A_TIME:
        return "time"
    return masked(thing, names) if isinstance(thing, str) else thing


def masked(text: str, names: dict[StreamId, str] | None = None) -> str:
    """Without what chance and the clock put in."""
    text = STREAM.sub(lambda found: (names or {}).get(found[0], "stream"), text)
    return RANDOM.sub("random", CLOCK.sub("clock", REFERENCE.sub("reference", text)))


def differences(one: object, other: object, where: str = "") -> Iterator[str]:
    """What two pictures do not share."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            yield from differences(one.get(key), other.get(key), f"{where}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from differences(*pair, f"{where}/{number}")
    elif one != other:
        yield f"{where}: {one!r} and {other!r}"


async def verified(data: Path) -> dict[str, Any]:
    """What `muster verify` says of it; it must be sound."""
    words = ("-m", "bot", "verify", "--data", str(data), "--json")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out)
    assert found["sound"], found
    assert process.returncode == 0
    return found
