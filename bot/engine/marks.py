"""Numbers that are remembered beside the log: how far something came, or what was said last."""

from bot.store.base import Put, Store, number


class Marks:
    """Each by a name of its own; they outlive the process."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, name: str) -> int:
        """What was remembered last, 0 for nothing."""
        rows = await self._store.select("marks", {"name": name}, limit=1)
        return number(rows[0], "at") if rows else 0

    async def set(self, name: str, at: int) -> None:
        """Remember `at` from now on."""
        await self._store.write([Put("marks", {"name": name, "at": at})])
