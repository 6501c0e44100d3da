"""Everybody who works here: for those who lead them, and who let people in and out."""

import re
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.calendar import DAY
from bot.core.commands import Answer, Command, Refused
from bot.core.ids import Millis
from bot.core.person_words import ROLES, ResetSignIn
from bot.core.texts import Phrase, t
from bot.engine.links import invitation, secret
from bot.engine.live import BOARD, PEOPLE, TASKS, Change, frame
from bot.engine.read import Staff
from bot.engine.read_people import CREW_ROLES
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.desk import StaffShown, rings
from bot.pages.live import Moved, streamed
from bot.pages.signed import Signed
from bot.texts import Speaker

SOURCE = re.compile(r"[A-Za-z0-9-]{8,64}")
ONLY_ONCE = Refused(
    code="only_once",
    text=t(
        "This link was made already, and it is shown only once. "
        "If you did not copy it, make another one."
    ),
)


class CrewPages(Base):
    """Routes under `/people`."""

    def routes(self) -> list[BaseRoute]:
        """Seen by those who lead; links are made by administrators."""
        leaders, chief = CREW_ROLES, "administrator"
        return [
            Route("/people", self.staff_only(self.show, *leaders, leads=True), methods=["GET"]),
            Route("/people/live", self.staff_only(self.live, *leaders), methods=["GET"]),
            Route("/people/invite", self.staff_only(self.invite, chief), methods=["POST"]),
            Route("/people/reset", self.staff_only(self.reset, chief), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Everybody."""
        return await self._page(request, signed, speaker)

    async def _page(
        self,
        request: Request,
        signed: Signed,
        speaker: Speaker,
        link: str = "",
        link_for: Phrase | str = "",
        until: Millis = 0,
    ) -> Response:
        response = self.page(
            request,
            "people.html",
            speaker,
            signed,
            crew=await self.view(signed.staff, speaker),
            roles=ROLES,
            link=link,
            link_for=link_for,
            until=until,
        )
        response.headers["cache-control"] = "no-store"
        return response

    async def view(self, staff: Staff, speaker: Speaker) -> str:
        """The lists, as `staff` may see and change them."""
        crew = await self.house.reader.crew(staff)
        return self.words.part(
            "part/people.html",
            speaker,
            crew=crew,
            me=staff.person,
            chief=staff.has("administrator"),
            roles=ROLES,
            playbook=self.house.reader.playbook,
            elsewhere=self.house.reader.elsewhere(),
        )

    async def live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes among them, and in what they carry."""
        return streamed(self.house.feeds, CrewShown(self, signed, speaker))

    # --- links, each shown once ----------------------------------------------------------------

    async def invite(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A link for somebody new, with the roles that were ticked."""
        roles = tuple(role for role in ROLES if f"role_{role}" in request.state.given)
        made, command = invitation(self.house.engine.parts, roles)
        answer = await self._ask(request, signed, speaker, command, "invite " + " ".join(roles))
        refused = await self._not_made(request, answer, signed, speaker)
        if refused is not None:
            return refused
        link = f"{self._here(request)}/join/{made.token}"
        return await self._page(request, signed, speaker, link, t("Somebody new"), made.until)

    async def reset(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A link by which a colleague comes back, in the place of all that they had."""
        person = str(request.state.given.get("person"))
        made = secret(self.house.engine.parts, DAY)
        command = ResetSignIn(person=person, token=made.key, until=made.until)
        answer = await self._ask(request, signed, speaker, command, f"reset {person}")
        refused = await self._not_made(request, answer, signed, speaker)
        if refused is not None:
            return refused
        await self.house.sessions.end_all(person)
        names = await self.house.reader.names([person])
        named = names.get(person, "")
        link = f"{self._here(request)}/reset/{person}/{made.token}"
        return await self._page(request, signed, speaker, link, named, made.until)

    async def _ask(
        self, request: Request, signed: Signed, speaker: Speaker, command: Command, said: str
    ) -> Answer | None:
        """The door's answer; None when the form has no number of its own."""
        source = request.state.given.get("id")
        if not isinstance(source, str) or not SOURCE.fullmatch(source):
            return None
        envelope = signed.envelope(command, source, speaker.language, said)
        return await self.house.engine.handle(envelope)

    async def _not_made(
        self, request: Request, answer: Answer | None, signed: Signed, speaker: Speaker
    ) -> Response | None:
        """Why there is no link; None when there is one."""
        if answer is None:
            return self.words.refusal(request, INCOMPLETE, 400)
        if answer.outcome == "done":
            return self.words.refusal(request, ONLY_ONCE, 409) if answer.repeat else None
        return await self.declined(request, answer, signed, speaker)

    def _here(self, request: Request) -> str:
        return self.house.public_url or f"{request.url.scheme}://{request.headers['host']}"


class CrewShown(StaffShown):
    """An open page of all people."""

    def __init__(self, pages: CrewPages, signed: Signed, speaker: Speaker) -> None:
        super().__init__(pages, signed, *CREW_ROLES)
        self._pages = pages
        self._speaker = speaker

    async def topics(self) -> Iterable[str] | None:
        """People, what they carry, and oneself; nothing once the page was left alone for long."""
        if not self._base.house.sessions.leads(self.signed.session):
            if self._base.house.sessions.has_moved(self.signed.session):
                raise Moved
            return None
        return await self.follows(PEOPLE, BOARD, TASKS)

    async def first(self) -> list[bytes]:
        """The lists."""
        html = await self._pages.view(self.signed.staff, self._speaker)
        return [frame("view", {"html": html})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """The lists again, if anything on them may have changed."""
        moved = any(topic in (PEOPLE, BOARD, TASKS) for topic, _ in changes)
        return (await self.first() if moved else []) + rings(changes)
