"""The store in one SQLite file, for one process."""

from bot.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
