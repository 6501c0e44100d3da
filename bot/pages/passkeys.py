"""One's own passkeys: made, answered with, taken away."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.core.commands import Answer, Command, Refused
from bot.core.person_words import AddPasskey, RemovePasskey
from bot.core.texts import t
from bot.engine.passkeys import party
from bot.pages.asked import INCOMPLETE
from bot.pages.base import Base
from bot.pages.passwords import typed
from bot.pages.proving import NO_PASSKEYS, origin_of
from bot.pages.signed import Signed
from bot.pages.staff import SOURCE
from bot.texts import Speaker

NOT_MADE = Refused(
    code="not_made",
    text=t("This passkey was not added: it took too long, or it is here already. Try again."),
)


class PasskeyPages(Base):
    """Routes under `/me/passkey`."""

    def routes(self) -> list[BaseRoute]:
        """For everybody of the staff."""
        return [
            Route("/me/passkey", self.staff_only(self.add), methods=["POST"]),
            Route("/me/passkey/new", self.staff_only(self.new), methods=["POST"]),
            Route("/me/passkey/ask", self.staff_only(self.ask), methods=["POST"]),
            Route("/me/passkey/end", self.staff_only(self.end), methods=["POST"]),
        ]

    async def new(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What the browser needs to make one; only a moment after a proof."""
        here = origin_of(self.house, request)
        if not party(here):
            return self.words.refusal(request, NO_PASSKEYS, 409)
        if not self.is_proved(signed):
            return await self.proving.ask(request, signed, speaker)
        options = await self.house.proofs.passkeys.to_add(
            here, signed.session.key, signed.staff.person, signed.staff.name or "Muster"
        )
        return JSONResponse({"outcome": "done", "options": options})

    async def ask(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What the browser needs to prove that it is still them."""
        here = origin_of(self.house, request)
        if not party(here):
            return self.words.refusal(request, NO_PASSKEYS, 409)
        options = await self.house.proofs.passkeys.to_answer(
            here, signed.session.key, "prove", signed.staff.person
        )
        return JSONResponse({"outcome": "done", "options": options})

    async def add(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Keep the one that was just made."""
        made, called = typed(request, "passkey"), (typed(request, "called") or "").strip()
        if not made or not called:
            return self.words.refusal(request, INCOMPLETE, 400)
        passkeys, session = self.house.proofs.passkeys, signed.session
        found = await passkeys.added(made, origin_of(self.house, request), session.key)
        if found is None:
            return self.words.refusal(request, NOT_MADE, 409)
        answer = await self._told(request, signed, speaker, AddPasskey())
        if answer is None or answer.outcome != "done":
            return await self._not(request, signed, speaker, answer)
        if not await passkeys.keep(signed.staff.person, session.account, called, found):
            return self.words.refusal(request, NOT_MADE, 409)
        return RedirectResponse("/me#passkeys-title", 303)

    async def end(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Take one of one's own away."""
        answer = await self._told(request, signed, speaker, RemovePasskey())
        if answer is None or answer.outcome != "done":
            return await self._not(request, signed, speaker, answer)
        key = typed(request, "passkey") or ""
        await self.house.proofs.passkeys.end(signed.staff.person, key)
        return RedirectResponse("/me#passkeys-title", 303)

    async def _told(
        self, request: Request, signed: Signed, speaker: Speaker, command: Command
    ) -> Answer | None:
        """The door's answer; None when the form has no number of its own."""
        source = typed(request, "id") or ""
        if not SOURCE.fullmatch(source):
            return None
        said = f"{command.tag} {typed(request, 'passkey')}"
        envelope = signed.envelope(command, source, speaker.language, said)
        return await self.house.engine.handle(envelope)

    async def _not(
        self, request: Request, signed: Signed, speaker: Speaker, answer: Answer | None
    ) -> Response:
        if answer is None:
            return self.words.refusal(request, INCOMPLETE, 400)
        return await self.declined(request, answer, signed, speaker)
