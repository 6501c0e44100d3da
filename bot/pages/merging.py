"""Merging on the desk: find the other incident, look at both side by side, be sure, confirm."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.ids import read_reference
from bot.engine.read import DESK_ROLES
from bot.engine.read_ties import offered
from bot.pages.base import Base
from bot.pages.board import WORDS_MOST
from bot.pages.signed import Signed
from bot.texts import Speaker


class Merging(Base):
    """The route `/desk/incidents/REFERENCE/merge`."""

    def routes(self) -> list[BaseRoute]:
        """For those who see the desk; the press itself asks for more."""
        page = self.staff_only(self.merge, *DESK_ROLES)
        return [Route("/desk/incidents/{reference}/merge", page, methods=["GET"])]

    async def merge(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Which other one; with `with`, both side by side and the press."""
        reader, staff = self.house.reader, signed.staff
        here = await reader.incident(staff, self._label(request.path_params["reference"]))
        if here is None:
            return self.words.missing(request)
        words = request.query_params.get("q", "").strip()[:WORDS_MOST]
        chosen = self._label(request.query_params.get("with", ""))
        other = await reader.incident(staff, chosen) if chosen else None
        found = () if other else await offered(reader, staff, here.card.incident, words)
        return self.page(
            request,
            "merge.html",
            speaker,
            signed,
            here=here,
            other=other,
            found=found,
            words_asked=words,
            is_unknown=bool(chosen) and other is None,
        )

    def _label(self, typed: str) -> str:
        return read_reference(typed) or ""
