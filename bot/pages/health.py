"""Whether Muster lives, whether it takes work, and its numbers."""

import ipaddress
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

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
        """The process lives and all its loops turn; and to whom it is shown, how its channels are.

        A channel that cannot be reached is no reason to start the process anew.
        """
        well = self.house.workers_alive
        told: dict[str, Any] = {"alive": well}
        if await self._may_look(request):
            told |= self._channels()
        return JSONResponse(told, 200 if well else 503)

    def _channels(self) -> dict[str, Any]:
        """Those that work, and a sentence for each."""
        found = {
            channel.title: channel.health()
            for channel in self.house.engine.parts.channels.values()
            if not channel.capabilities.pulled
        }
        told = {title: {"sound": one.sound, "detail": one.detail} for title, one in found.items()}
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


def _is_here(request: Request) -> bool:
    """A connection from this computer that no proxy passed on from elsewhere."""
    passed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
    try:
        here = ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
    return here and not passed_on
