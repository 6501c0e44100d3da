"""`muster` as it is, but without limits on strangers, with points at which it kills itself.

`python -m tests.proof.http.server run --data ...` takes the words of `muster`. Its control
socket knows three calls more: `light` (a point and a count), `waiting` (how many rows are under
way) and `rest`, which answers once all of them have been carried out.
"""

from dataclasses import fields, replace
from typing import Any
from unittest.mock import patch

from bot.adapters.web.house import Limits
from bot.cli import main
from bot.commands import serve
from bot.commands.data import calls
from bot.engine.control import Call
from bot.engine.limits import Rate
from bot.wiring import House
from tests.proof.http.points import Fuse, laid

NO_LIMIT = Rate(burst=10**9, per_minute=10**9)
RATES: dict[str, Any] = {one.name: NO_LIMIT for one in fields(Limits) if one.name != "streams"}
UNLIMITED = replace(Limits(), **RATES, streams=10**6)


def more_calls(fuse: Fuse) -> Any:
    """What the control socket answers."""

    def all_calls(house: House, here: str = "") -> dict[str, Call]:
        async def light(given: dict[str, Any]) -> dict[str, Any]:
            fuse.light(str(given["point"]), int(given["count"]))
            return {}

        async def rest(given: dict[str, Any]) -> dict[str, Any]:
            while await house.store.count("outbox", {"state": "waiting"}):
                await house.machine.dos.idle()
                await house.machine.deliveries.idle()
            return {}

        async def waiting(given: dict[str, Any]) -> dict[str, Any]:
            return {"count": await house.store.count("outbox", {"state": "waiting"})}

        return {**calls(house, here), "light": light, "rest": rest, "waiting": waiting}

    return all_calls


def run() -> None:
    """`muster` with what this module adds."""
    its_fuse = Fuse()
    with (
        laid(its_fuse),
        patch.object(House, "limits", UNLIMITED),
        patch.object(serve, "calls", more_calls(its_fuse)),
    ):
        main()


if __name__ == "__main__":
    run()
