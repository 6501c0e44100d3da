"""Whether Muster lives, whether it takes work, and its numbers."""

import ipaddress
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.ids import Millis
from bot.pages.base import NOT_YOURS, Base


class Health(Base):
    """Routes `/healthz`, `/readyz`, `/metrics`."""

    def routes(self) -> list[BaseRoute]:
        """For machines."""
        return [
            Route("/healthz", self.healthz, methods=["GET"]),
            Route("/readyz", self.readyz, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    async def healthz(self, request: Request) -> Response:
        """The process lives, all its loops turn, and what was due has happened; to whom it is
        shown, also what is late and since when, and how its channels are.

        A channel that cannot be reached is no reason to start the process anew.
        """
        late = self.house.watchdog.late
        alive = self.house.workers_alive
        told: dict[str, Any] = {"alive": alive, "on_time": not late}
        if await self._may_look(request):
            if late:
                told["late"] = [
                    {"what": one.what, "since": _time(one.since), "about": one.about}
                    for one in late
                ]
            told |= self._channels()
        return JSONResponse(told, 200 if alive and not late else 503)

    def _channels(self) -> dict[str, Any]:
        """Those that work, a sentence for each, and what is used instead of one that is down."""
        told: dict[str, Any] = {}
        for name, channel in self.house.engine.parts.channels.items():
            if channel.capabilities.pulled:
                continue
            health, down = channel.health(), self.house.engine.standins.down.get(name)
            told[channel.title] = {"sound": health.sound, "detail": health.detail}
            if down is not None:
                instead = dict(self.house.engine.standins.cut_off(name))
                found = {"since": _time(down.since), "detail": down.why, "instead": instead}
                told[channel.title] |= {"sound": False, **found}
        return {"channels": told} if told else {}

    async def readyz(self, request: Request) -> Response:
        """The store takes writes and nobody is going home."""
        well = self.house.is_ready
        return JSONResponse({"ready": well}, 200 if well else 503)

    async def metrics(self, request: Request) -> Response:
        """For this computer itself, and for administrators."""
        if not await self._may_look(request):
            return self.words.refusal(request, NOT_YOURS, 403)
        numbers = generate_latest(self.house.engine.metrics.registry)
        return Response(numbers, media_type=CONTENT_TYPE_LATEST)

    async def _may_look(self, request: Request) -> bool:
        """This computer itself, and administrators."""
        if _is_here(request):
            return True
        signed = await self.sign_ins.of(request)
        return signed is not None and signed.staff.has("administrator")


def _time(at: Millis) -> str:
    return datetime.fromtimestamp(at // 1000, UTC).isoformat()


def _is_here(request: Request) -> bool:
    """A connection from this computer that no proxy passed on from elsewhere."""
    passed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
    try:
        here = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    return here and not passed_on
