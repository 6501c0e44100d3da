"""How a database file must be opened, read back where it matters."""

from pathlib import Path

from bot.core.errors import StoreDown, StoreRefused
from bot.store.connection import Connection

APPLICATION = 0x4D555354
# Measured with snapshots of 2 KB: as fast as pages of 4 KB, and a commit that has to empty the
# log takes half as long at the 99th percentile. A larger cache or mapped memory gained nothing.
PAGE_BYTES = 8192
CHECKPOINT_PAGES = 500

# In this order: with the lock taken for good before WAL there is no shared memory file, and no
# second connection, with which versions before 3.51.3 could damage the database.
_SETTINGS = (
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
)
_TUNING = (
    f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cell_size_check = ON",
)


async def prepare(connection: Connection, path: Path) -> None:
    """Make the connection fit to write.

    Raises StoreRefused when the file is not ours, or the disk cannot promise what a commit needs.
    """
    await _is_ours(connection, path)
    for name, wanted, expected in _SETTINGS:
        await connection.all(f"PRAGMA {name} = {wanted}")
        found = await connection.one(f"PRAGMA {name}")
        if found != expected:
            raise StoreRefused(
                f"{path} cannot be used safely on this disk ({name} is {found}, not {expected}). "
                "Choose a data folder on a local disk."
            )
    for pragma in _TUNING:
        await connection.all(pragma)
    # Takes the lock now instead of at the first command.
    await connection.all("BEGIN IMMEDIATE")
    await connection.all("ROLLBACK")


async def _is_ours(connection: Connection, path: Path) -> None:
    mark = await connection.one("PRAGMA application_id")
    if mark == APPLICATION:
        return
    if mark or await connection.one("SELECT count(*) FROM sqlite_schema"):
        raise StoreRefused(
            f"{path} belongs to another program. Move it away, or choose another data folder."
        )
    await connection.all(f"PRAGMA page_size = {PAGE_BYTES}")
    await connection.all(f"PRAGMA application_id = {APPLICATION}")


async def checkpoint(connection: Connection) -> None:
    """Move all that was committed into the database file and empty the log beside it."""
    busy = await connection.one("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise StoreDown("The log of the database could not be emptied. Please try again.")
