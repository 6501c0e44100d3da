"""Files that only this user may read."""

import os
from pathlib import Path

from bot.core.errors import StoreRefused

_OTHERS = 0o077


def create_private(path: Path, content: bytes = b"") -> None:
    """Make the file, readable by nobody else, whole and on disk when this returns.

    Raises StoreRefused where that is not possible, or when it is there already.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        file = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(file, content)
            os.fsync(file)
        finally:
            os.close(file)
        # Unlike a rename, a link never takes the place of a file that is there.
        os.link(draft, path)
        draft.unlink()
        sync_folder(path.parent)
    except OSError as error:
        raise StoreRefused(
            f"{path} cannot be made ({error.strerror}). Give this user the right to write there, "
            "make room on the disk, or choose another data folder."
        ) from error


def sync_folder(folder: Path) -> None:
    """What was made or renamed in the folder is on disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_only(path: Path) -> None:
    """Raises StoreRefused when others may read or write the file."""
    mode = path.stat().st_mode & 0o777
    if mode & _OTHERS:
        raise StoreRefused(f"{path} may be read by others (mode {mode:04o}). Run: chmod 600 {path}")
