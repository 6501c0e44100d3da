"""The data folder: what lies in it, and that only one process works on it."""

import asyncio
import fcntl
import os
from pathlib import Path
from typing import BinaryIO

from bot.core.errors import StoreDown, StoreRefused
from bot.store.files import create_private
from bot.store.keyring import KeyFile
from bot.store.keys import Chance, Keys, read_master

LOOK_BACK = 1 << 12


def file_in_the_way(folder: Path) -> Path | None:
    """What stands at `folder`, or at a folder above it, and is no folder."""
    ways = (folder, *folder.parents)
    return next((one for one in ways if one.exists() and not one.is_dir()), None)


def not_a_folder(blocking: Path) -> str:
    """What to do about a file in the way."""
    return f"{blocking} is a file, not a folder. Name another data folder with --data."


class DataFolder:
    """One folder with everything that Muster keeps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "muster.db"
        self.keys = path / "keys.db"
        self.master = path / "master.key"
        self.control = path / "control.sock"
        self.witness = LineFile(path / "checkpoints.log")
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folder where there is none, and lock it for this process.

        Raises StoreRefused when it cannot be written or another process works on it.
        """
        if (blocking := file_in_the_way(self.path)) is not None:
            raise StoreRefused(not_a_folder(blocking))
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise StoreRefused(
                f"The data folder {self.path} cannot be used ({error.strerror}). Give this user "
                "the right to write there, or choose another one with --data."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(lock, 20, 0).decode(errors="replace").strip()
            os.close(lock)
            raise StoreRefused(
                f"Muster already runs on {self.path} (process {holder or 'unknown'}). "
                "Stop it first, or choose another folder with --data."
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def close(self) -> None:
        """Let others have it. May be called twice."""
        if self._lock is not None:
            lock, self._lock = self._lock, None
            os.close(lock)

    async def open_keys(self, chance: Chance) -> Keys:
        """The keys of this folder, made first when it is empty; close them at the end.

        Raises StoreRefused when some of what belongs together is missing.
        """
        if self.database.exists() and not self.keys.exists():
            raise StoreRefused(
                f"The keys {self.keys} are missing, and without them nothing personal can be "
                "read. Put them back from their own backup."
            )
        master = read_master(self.master, fresh=not self.keys.exists(), chance=chance)
        keys = KeyFile(self.keys, master, chance)
        await keys.open()
        return keys


class LineFile:
    """Lines that are only ever added, each on disk before the next; half a line is none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def append(self, line: str) -> None:
        """Keep `line`, durable at return. Raises StoreDown."""
        if "\n" in line:
            raise ValueError("one line at a time")
        await asyncio.to_thread(self._append, line)

    async def lines(self) -> list[str]:
        """All lines in order."""
        return await asyncio.to_thread(self._lines)

    def _append(self, line: str) -> None:
        if not self.path.exists():
            create_private(self.path)
        try:
            with self.path.open("r+b") as file:
                file.seek(_end_of_lines(file))
                file.truncate()
                file.write(f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreDown(f"{self.path} cannot be written ({error.strerror}).") from error

    def _lines(self) -> list[str]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        *lines, _ = content.decode(errors="replace").split("\n")
        return lines


def _end_of_lines(file: BinaryIO) -> int:
    """Where the last whole line ends, looked for from the end on."""
    size, back = file.seek(0, os.SEEK_END), LOOK_BACK
    while True:
        start = max(0, size - back)
        file.seek(start)
        end = start + file.read().rfind(b"\n") + 1
        if end > start or start == 0:
            return end
        back *= 8
