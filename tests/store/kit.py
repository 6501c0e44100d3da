"""Keys and codecs to test with: real ones, their chance from a seed."""

import random

from bot.core.ids import SubjectId
from bot.store.codec import Codec
from bot.store.keys import Keys, Master

MASTER = bytes(range(32))


async def codec(seed: int = 1, master: bytes = MASTER) -> Codec:
    """A codec with keys in memory, a few of them ready."""
    chance = random.Random(seed).randbytes
    keys = Keys(Master(master), chance)
    await keys.ensure(8)
    return Codec(keys, chance)


def subjects(made: Codec, count: int = 2) -> list[SubjectId]:
    return [made.keys.mint() for _ in range(count)]
