"""The real house with its pages on a free port, for the bench: told what to do line by line.

`python -m bench.server FOLDER` prints its port. `tape` begins to note what is sent to the
database; `bare` ends that, replays it on one plain connection and prints the figures.
"""

import asyncio
import json
import os
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from bench.record import keep, recorded, replay
from bot.adapters.web.house import Limits
from bot.commands.serve import keep_what_lasts
from bot.core.person_words import ROLES
from bot.engine.limits import Rate
from bot.pages.app import build_app
from bot.pages.server import Server, listen, port_of
from bot.wiring import House

NO_LIMIT = Rate(burst=10**9, per_minute=10**9)
RATES: dict[str, Any] = {one.name: NO_LIMIT for one in fields(Limits) if one.name != "streams"}


class Loaded(House):
    """The house as it is, but for the limits on strangers: the load comes from one address."""

    limits = replace(Limits(), **RATES, streams=10**6)


async def main(folder: Path) -> None:
    """Serve until standard input ends."""
    listener = listen("127.0.0.1", 0)
    house = Loaded(folder / "data")
    await house.open()
    server = Server(build_app(house), house.feeds.close)
    await house.start()
    keep_what_lasts()
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    _say({"port": port_of(listener)})
    while line := await asyncio.to_thread(sys.stdin.readline):
        match line.strip():
            case "tape":
                await _measured(house, folder)
            case "invite":
                _say({"token": await house.machine.invite(ROLES)})
            case "memory":
                _say({"bytes": _resident()})
            case _:
                pass
    server.end()
    await serving
    await house.stop()


async def _measured(house: House, folder: Path) -> None:
    copy = keep(house.folder.database, folder)
    head = await house.store.head()
    with recorded() as tape:
        cpu = time.process_time()
        _say({"taping": True})
        await asyncio.to_thread(sys.stdin.readline)
        cpu = time.process_time() - cpu
    events = await house.store.head() - head
    bare = await asyncio.to_thread(replay, copy, tape)
    _say({"events": events, "bare": bare, "cpu": cpu, "commits": len(tape.batches)})


def _resident() -> int:
    """Bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _say(words: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
