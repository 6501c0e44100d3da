"""What must be done at the least for an update of Telegram's: one row on the disk, then the
confirmation. `python -m bench.telegram_bare polling|webhook FILE URL`

`URL` is where `getUpdates` is asked, or the address at which updates come.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from aiohttp import web


class Disk:
    """One row for each update, synced before it returns."""

    def __init__(self, file: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE updates (id INTEGER PRIMARY KEY, body TEXT) STRICT")

    async def keep(self, updates: Sequence[dict[str, object]]) -> None:
        """All of them, in one transaction."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._keep, updates)

    def _keep(self, updates: Sequence[dict[str, object]]) -> None:
        rows = [(one["update_id"], json.dumps(one)) for one in updates]
        self._database.execute("BEGIN IMMEDIATE")
        self._database.executemany("INSERT OR IGNORE INTO updates VALUES (?, ?)", rows)
        self._database.execute("COMMIT")


async def _polled(disk: Disk, url: str) -> None:
    offset = 0
    async with aiohttp.ClientSession() as session:
        while True:
            asked = {"offset": offset, "timeout": 25, "limit": 100}
            async with session.post(url, json=asked) as told:
                found = (await told.json())["result"]
            if found:
                await disk.keep(found)
                offset = found[-1]["update_id"] + 1


async def _told(disk: Disk, url: str) -> None:
    async def take(request: web.Request) -> web.Response:
        await disk.keep([await request.json()])
        return web.Response()

    app = web.Application()
    app.router.add_post("/telegram/updates", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(url.rpartition(":")[2])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    by, file, url = sys.argv[1:4]
    asyncio.run((_polled if by == "polling" else _told)(Disk(file), url))
