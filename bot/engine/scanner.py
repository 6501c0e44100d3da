"""The organisation's own look at a file, by a program of theirs such as a virus scanner.

The program reads the file from its input and ends with 0 for one that may be kept and 1 for one
that must not, as `clamdscan --no-summary -` does; anything else means that it could not tell.
"""

import asyncio
import contextlib
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Awaitable, Callable, Sequence

from bot.core.errors import MusterError

AT_ONCE = 2
SECONDS = 30
HARMLESS, HARMFUL = 0, 1


class CannotTell(MusterError):
    """The file was not looked at."""


Scan = Callable[[bytes], Awaitable[bool]]
"""Whether a file may be kept. May raise CannotTell."""


async def anything(content: bytes) -> bool:
    """Without a program everything of the listed types may be kept."""
    return True


class Scanner:
    """Runs the program, a few at once."""

    def __init__(self, program: Sequence[str]) -> None:
        self._program = tuple(program)
        self._room = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, content: bytes) -> bool:
        """True for a harmless file. Raises CannotTell."""
        async with self._room:
            ended = await self._ended(content)
        if ended not in (HARMLESS, HARMFUL):
            raise CannotTell(f"{self._program[0]} ended with {ended}")
        return ended == HARMLESS

    async def _ended(self, content: bytes) -> int | None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._program, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
            )
        except OSError as trouble:
            raise CannotTell(f"{self._program[0]} does not start ({trouble.strerror})") from None
        try:
            async with asyncio.timeout(SECONDS):
                await process.communicate(content)
        except TimeoutError:
            raise CannotTell(f"{self._program[0]} takes too long") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return process.returncode
