"""The page of programs: keys that they ask by, and places where they are told. Administrators
alone see it; what is secret is shown once.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core import ids
from bot.core.calendar import DAY
from bot.core.commands import Answer, Command, Refused
from bot.core.program_words import BEYOND, SCOPES, TOPICS, AddHook
from bot.core.texts import Text, t
from bot.engine.hook_reach import Allowed, NotThere
from bot.engine.hooks import secret_of
from bot.engine.programs import Programs
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.crew import SOURCE
from bot.pages.house import House
from bot.pages.signed import Signed
from bot.pages.words import Words
from bot.texts import Speaker

CHIEF = "administrator"
LASTS: Mapping[str, int] = {"30": 30 * DAY, "90": 90 * DAY, "365": 365 * DAY, "730": 730 * DAY}
SCOPE: Mapping[str, Text] = {
    "api:open": t("Open new incidents"),
    "api:report": t("Add reports of customers"),
    "api:read": t("Read incidents and updates"),
    "api:publish": t("Publish updates"),
    "api:restricted": t("Reach restricted incidents, too"),
}
TOPIC: Mapping[str, Text] = {
    "opened": t("A new incident"),
    "status": t("Every change of status"),
    "priority": t("Another priority"),
    "update": t("Updates for everyone"),
}
ALSO: Mapping[str, Text] = {
    "restricted": t("Restricted incidents, too"),
    "exercise": t("Exercises and tests, too"),
}
ONLY_ONCE = Refused(
    code="only_once",
    text=t("This was made already, and its secret is shown only once. Make another one."),
)
NO_PLACE = t("Muster may not send anything there: {why}. Whoever runs it sets this by webhooks.")


class Keys(Base):
    """Routes `/people/keys` and `/people/hooks`."""

    def __init__(self, house: House, words: Words) -> None:
        super().__init__(house, words)
        self._programs = Programs(house.engine, house.reader)

    def routes(self) -> list[BaseRoute]:
        """For administrators."""
        show, key = self.staff_only(self.show, CHIEF, leads=True), self.staff_only(self.key, CHIEF)
        return [
            Route("/people/keys", show, methods=["GET"]),
            Route("/people/keys", key, methods=["POST"]),
            Route("/people/hooks", self.staff_only(self.hook, CHIEF), methods=["POST"]),
        ]

    async def show(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """All of them."""
        return await self._page(request, signed, speaker)

    async def _page(
        self, request: Request, signed: Signed, speaker: Speaker, secret: str = "", made: str = ""
    ) -> Response:
        response = self.page(
            request,
            "keys.html",
            speaker,
            signed,
            callers=await self._programs.callers(),
            hooks=await self._programs.hooks(),
            allowed=self.house.webhooks,
            scopes=SCOPE,
            topics=TOPIC,
            also=ALSO,
            lasts=tuple(LASTS),
            secret=secret,
            made=made,
        )
        response.headers["cache-control"] = "no-store"
        return response

    async def key(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A new key."""
        given = request.state.given
        scopes = tuple(one for one in SCOPES if f"scope_{one}" in given)
        name, lasts = str(given.get("name", ""))[:200], LASTS.get(str(given.get("lasts")), 0)
        made = self._programs.make(name, scopes, lasts)
        said = f"key {name} {scopes} {lasts}"
        refused = await self._asked(request, signed, speaker, made.command, said)
        return refused or await self._page(request, signed, speaker, made.key, "key")

    async def hook(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """A new place where a program is told."""
        given = request.state.given
        url = str(given.get("url", "")).strip()
        try:
            Allowed.of(self.house.webhooks).target(url)
        except NotThere as why:
            text = NO_PLACE.model_copy(update={"args": {"why": str(why)}})
            return self.words.refusal(request, Refused(code="no_place", text=text), 409)
        parts = self.house.engine.parts
        person = ids.stream_id("person", parts.clock.now(), parts.chance(10))
        topics = tuple(one for one in TOPICS if f"topic_{one}" in given)
        beyond = tuple(one for one in BEYOND if f"also_{one}" in given)
        command = AddHook(person=person, url=url, topics=topics, beyond=beyond)
        said = f"hook {url} {topics} {beyond}"
        refused = await self._asked(request, signed, speaker, command, said)
        secret = secret_of(self.house.engine.codec, person)
        return refused or await self._page(request, signed, speaker, secret, "hook")

    async def _asked(
        self, request: Request, signed: Signed, speaker: Speaker, command: Command, said: str
    ) -> Response | None:
        """Why nothing is made; None when it is."""
        source = request.state.given.get("id")
        if not isinstance(source, str) or not SOURCE.fullmatch(source):
            return self.words.refusal(request, INCOMPLETE, 400)
        envelope = signed.envelope(command, source, speaker.language, said)
        answer: Answer = await self.house.engine.handle(envelope)
        if answer.outcome != "done":
            return await self.declined(request, answer, signed, speaker)
        return self.words.refusal(request, ONLY_ONCE, 409) if answer.repeat else None
