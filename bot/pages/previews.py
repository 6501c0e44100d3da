"""Previews of what goes to many: the fields of the form come here first, and nothing happens."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.access import may_see
from bot.core.handling import STAFF
from bot.core.incident import Incident
from bot.core.wording import FALLBACK
from bot.engine.read_preview import Preview, Spoken
from bot.pages.asked import NOT_A_COMMAND, command_of
from bot.pages.base import Base
from bot.pages.given import Given
from bot.pages.moment import Moment, Wrong
from bot.pages.signed import Signed
from bot.pages.words import wants_json
from bot.texts import Speaker


class Previews(Base):
    """The route `/desk/preview/COMMAND`."""

    def routes(self) -> list[BaseRoute]:
        """For whoever may publish."""
        show = self.staff_only(self.show, *STAFF)
        return [Route("/desk/preview/{tag}", show, methods=["POST"])]

    async def show(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What would be said to whom: a piece of the page for a script, a page for a person."""
        given: Given = request.state.given
        tag = request.path_params["tag"]
        zone = self.house.reader.playbook.organisation.time_zone
        try:
            # Whether somebody was faster is for the press that follows.
            looked_at = {name: one for name, one in given.items() if name != "before"}
            command = command_of(tag, looked_at, Moment(self.now, zone))
            if not isinstance(command, Spoken):
                raise Wrong(NOT_A_COMMAND)
        except Wrong as wrong:
            return self.words.refusal(request, wrong.refused, 400)
        found = await self.house.reader.preview(signed.staff, command, self.house.catalogues)
        html = await self._part(found, tag, speaker)
        if wants_json(request):
            return HTMLResponse(html)
        return await self._page(request, signed, speaker, command, html)

    async def _part(self, found: Preview, tag: str, speaker: Speaker) -> str:
        text = await self.said(found.refused.text, speaker.language) if found.refused else ""

        def fallback(language: str) -> str:
            return self.words.speaker(language)(FALLBACK)

        return self.words.part(
            "part/preview.html", speaker, found=found, tag=tag, text=text, fallback=fallback
        )

    async def _page(
        self,
        request: Request,
        signed: Signed,
        speaker: Speaker,
        command: Spoken,
        html: str,
    ) -> Response:
        state = await self.house.reader.state(command.incident)
        if not isinstance(state, Incident) or not may_see(signed.staff.actor, state):
            return self.words.missing(request)
        kept = {
            name: value
            for name, value in request.state.given.items()
            if isinstance(value, str) and name not in ("id", "next", "position")
        }
        reference = state.reference
        return self.page(
            request, "preview.html", speaker, signed, html=html, kept=kept, reference=reference
        )
