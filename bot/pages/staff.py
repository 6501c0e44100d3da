"""What the staff do: one route takes every command of theirs, from a script or a plain form."""

import json
import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.commands import Answer, Envelope, Refused
from bot.core.incident_commands import OpenIncident
from bot.core.person_words import DisablePerson, EndSignIns
from bot.core.texts import t
from bot.pages.asked import command_of
from bot.pages.base import Base, answered
from bot.pages.given import Given
from bot.pages.moment import Moment, Wrong
from bot.pages.signed import Signed
from bot.pages.words import is_path, wants_json
from bot.texts import Speaker
from bot.views.said import done

SOURCE = re.compile(r"[A-Za-z0-9-]{8,64}")
NO_SOURCE = Refused(
    code="no_id", text=t("This was sent without a number of its own. Reload the page.")
)


class Doing(Base):
    """The route `/do/COMMAND`."""

    def routes(self) -> list[BaseRoute]:
        """One for all."""
        return [Route("/do/{tag}", self.staff_only(self.do), methods=["POST"])]

    async def do(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Ask the door."""
        given: Given = request.state.given
        source = given.get("id")
        zone = self.house.reader.playbook.organisation.time_zone
        tag = request.path_params["tag"]
        try:
            if not isinstance(source, str) or not SOURCE.fullmatch(source):
                raise Wrong(NO_SOURCE)
            moment = Moment(self.now, zone)
            command = command_of(tag, given, moment)
        except Wrong as wrong:
            return self.words.refusal(request, wrong.refused, 400)
        content = json.dumps(given, sort_keys=True)
        envelope = signed.envelope(command, source, speaker.language, content)
        answer = await self._handle(envelope)
        # Whoever did not prove who they are must not open these pages by a press that asks for it.
        if getattr(command, "person", None) and self.house.sessions.leads(signed.session):
            await self.house.sessions.lead(signed.session)
        if answer.outcome != "done" and not wants_json(request):
            return await self.declined(request, answer, signed, speaker)
        said = None
        if answer.outcome == "done":
            happened = str(answer.data.get("happened") or "")
            number = answer.data.get("number")
            of = number if isinstance(number, int) else 0
            said = done(command, moment.at, zone, answer.repeat, happened, of)
        text = await self.said(answer.text or said, speaker.language)
        return self._answered(request, answer, text)

    async def _handle(self, envelope: Envelope) -> Answer:
        """The door's answer; whoever is shut out is shown out at once."""
        command = envelope.command
        answer = await self.house.engine.handle(envelope)
        if answer.outcome == "done" and isinstance(command, DisablePerson | EndSignIns):
            await self.house.sessions.end_all(command.person)
        return answer

    def _answered(self, request: Request, answer: Answer, text: str) -> Response:
        if wants_json(request):
            return answered(answer, text)
        to = request.state.given.get("next")
        if request.path_params["tag"] == OpenIncident.tag:
            to = f"/desk/incidents/{answer.data.get('reference', '')}"
        return RedirectResponse(to if is_path(to) else "/desk", 303)
