"""One try: send or edit, look up what may have arrived, and put a name to what went wrong.

Nothing is awaited here but the channel and the clock; what a try means for rows and lines is
decided by whoever started it.
"""

import asyncio
from dataclasses import dataclass, replace
from enum import Enum

import structlog

from bot.core.ids import Millis
from bot.engine.deliver_jobs import Ready
from bot.engine.deliver_pace import Slot
from bot.engine.ports import (
    AnswerLost,
    Channel,
    Clock,
    File,
    Misconfigured,
    Post,
    SendFault,
    Unsendable,
)

log = structlog.get_logger(__name__)

PATIENCE: Millis = 60_000
"""How long a channel may take over one message."""


class How(Enum):
    """In which way something arrived."""

    SENT = ""
    FOUND = "found"
    REPEATED = "may be a repeat"


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform has it as `message`."""

    message: str
    how: How = How.SENT


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not arrive, or nobody knows (`AnswerLost`)."""

    fault: SendFault


Outcome = Arrived | Failed


async def attempt(channel: Channel, ready: Ready, clock: Clock, slot: Slot) -> Outcome:
    """Try once, for at most `PATIENCE`; never raises but when it is cancelled.

    `slot` is told when the message really sets out, or that it does not.
    """
    trying = asyncio.create_task(_tried(channel, ready, clock, slot))
    waiting = asyncio.create_task(clock.wait_until(clock.now() + PATIENCE))
    try:
        await asyncio.wait([trying, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not trying.done():
            return Failed(AnswerLost("The channel took too long to answer."))
        return trying.result()
    finally:
        for task in (trying, waiting):
            task.cancel()
        await asyncio.gather(trying, waiting, return_exceptions=True)


async def _tried(channel: Channel, ready: Ready, clock: Clock, slot: Slot) -> Outcome:
    try:
        return await _carried(channel, ready, clock, slot)
    except SendFault as fault:
        return Failed(fault)
    except Exception as wrong:
        log.exception("a channel failed in a way it should not", channel=channel.name)
        return Failed(Unsendable(type(wrong).__name__))
    finally:
        if slot.at is None:
            slot.give_back()


async def _carried(channel: Channel, ready: Ready, clock: Clock, slot: Slot) -> Outcome:
    post, how = ready.post, How.SENT
    if ready.job.unknown and not ready.message:
        if channel.capabilities.finds:
            found = await channel.find(ready.address, post.delivery)
            if found is not None:
                return Arrived(found, How.FOUND)
        else:
            post, how = replace(post, repeat=True), How.REPEATED
    slot.at = clock.now()
    if ready.do is not None:
        return Arrived(await ready.do(ready.address))
    if ready.message:
        return Arrived(await channel.edit(ready.address, ready.message, post))
    if ready.load is not None:
        return Arrived(await _uploaded(channel, ready.address, await ready.load(), post), how)
    return Arrived(await channel.send(ready.address, post), how)


async def _uploaded(channel: Channel, address: str, file: File, post: Post) -> str:
    """The file with its words; where the platform does not take it, the words alone."""
    try:
        return await channel.upload(address, file, post)
    except (Unsendable, Misconfigured) as fault:
        log.warning("a file is not taken", channel=channel.name, why=str(fault))
        return await channel.send(address, post)
