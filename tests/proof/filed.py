"""A desk in a data folder as the real one keeps it: keys, witness and log lines in files."""

import asyncio
import contextlib
import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.store.folder import DataFolder, LineFile
from bot.store.keys import Keys
from bot.store.sqlite.store import SqliteStore
from tests.engine.kit import Desk
from tests.proof.days import Place, close, fall_over


@dataclass
class FiledPlace(Place):
    """Opened again, it knows only what the folder holds."""

    data: DataFolder | None = None

    def __post_init__(self) -> None:
        self.witness = LineFile(self.folder / "checkpoints.log")

    async def begin(self) -> Desk:
        """Lock the folder, open what is in it, and let the desk work."""
        self.data = DataFolder(self.folder)
        self.data.open()
        chance = random.Random(f"{self.seed}/{self.opened}/keys").randbytes
        self.keys = await self.data.open_keys(chance)
        return await self.open(SqliteStore(self.data.database))

    async def end(self, house: Desk, crash: bool = False) -> None:
        """Close in order, or fall over where it stands."""
        await (fall_over(house) if crash else close(house))
        assert self.keys is not None
        assert self.data is not None
        await self.keys.close()
        self.data.close()


def wrapped_key(keys: Keys, subject: str) -> bytes | None:
    """The key of `subject` as it stands in the file."""
    return keys._read(subject)


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of the folder, long stretches of zeros left out."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_socket():
            found[file.name] = _squeezed(file.read_bytes())
    return found


def _squeezed(content: bytes) -> bytes:
    return re.sub(rb"\0{64,}", bytes(8), content)


@contextlib.contextmanager
def logged(folder: Path) -> Iterator[None]:
    """Every log line, the chattiest ones too, goes to a file of the folder."""
    handler = logging.FileHandler(folder / "muster.log")
    root, asyncio_log = logging.getLogger(), logging.getLogger("asyncio")
    before = root.level, asyncio_log.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    asyncio_log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        asyncio_log.setLevel(before[1])
        handler.close()


async def scanned(folder: Path) -> dict[str, bytes]:
    """`everything`, read beside the loop."""
    return await asyncio.to_thread(everything, folder)
