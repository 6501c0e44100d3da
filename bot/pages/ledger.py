"""The delivery ledger on the desk: of one update, and of the whole house."""

from collections.abc import Iterator
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.handling import STAFF
from bot.core.ids import read_reference
from bot.engine.read import DESK_ROLES
from bot.pages import labels
from bot.pages.base import Base
from bot.pages.signed import Signed
from bot.texts import Speaker

LARGEST = 2**63 - 1
BOUNCES = 100


class Ledger(Base):
    """The routes `/desk/deliveries` and `/desk/incidents/REFERENCE/updates/NUMBER`."""

    def routes(self) -> list[BaseRoute]:
        """For those who see the desk; the presses themselves ask for more."""
        house = self.staff_only(self.whole, *DESK_ROLES)
        update = self.staff_only(self.of_update, *DESK_ROLES)
        path = "/desk/incidents/{reference}/updates/{number}"
        return [
            Route("/desk/deliveries", house, methods=["GET"]),
            Route(path, update, methods=["GET"]),
        ]

    async def whole(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What did not arrive anywhere, and what is being done about it."""
        reader, staff = self.house.reader, signed.staff
        channels = await reader.channels()
        channel = self._one_of(request, "channel", channels)
        dead = await reader.dead(staff, channel, self._after(request))
        return self.page(
            request,
            "deliveries.html",
            speaker,
            signed,
            acts=staff.has(*STAFF),
            counts=await reader.everything(),
            letters=dead,
            more=self._more(dead.after, channel=channel),
            channel=channel,
            channels=channels,
            names=reader.channel_names(),
            whys=await reader.whys(),
            pauses=await reader.pauses(),
            bounces=await reader.bounces(BOUNCES + 1),
            most=BOUNCES,
            orders=await reader.orders(staff),
            stuck=await reader.stuck(staff),
        )

    async def of_update(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Everybody who was to hear one update."""
        reader = self.house.reader
        reference = read_reference(request.path_params["reference"]) or ""
        end = self._one_of(request, "end", labels.END)
        channel = request.query_params.get("channel", "")[:40]
        number = _number(request.path_params["number"])
        found = await reader.ledger(
            signed.staff, reference, number, end, channel, self._after(request)
        )
        if found is None:
            return self.words.missing(request)
        return self.page(
            request,
            "ledger.html",
            speaker,
            signed,
            acts=signed.staff.has(*STAFF),
            one=found,
            end=end,
            channel=channel if channel in found.channels else "",
            more=self._more(found.letters.after, end=end, channel=channel),
            names=reader.channel_names(),
            orders=[
                one
                for one in await reader.orders(signed.staff)
                if (one.reference, one.update) == (found.reference, found.number)
            ],
        )

    def _one_of(self, request: Request, name: str, known: object) -> str:
        """What was chosen, when there is such a thing."""
        chosen = request.query_params.get(name, "")
        assert isinstance(known, tuple | dict)
        return chosen if chosen in known else ""

    def _after(self, request: Request) -> int:
        return _number(request.query_params.get("after", ""))

    def _more(self, after: int, **kept: str) -> str:
        """The address of what follows, "" when that is all."""
        parts = dict(_filled(kept))
        return "?" + urlencode({**parts, "after": after}) if after else ""


def _filled(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    return ((name, part) for name, part in parts.items() if part)


def _number(raw: str) -> int:
    """A whole number as it stands in an address; 0 for anything else."""
    found = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 20 else 0
    return found if found <= LARGEST else 0
