"""What is grave asks once more who is there, keeps what was filled in, and carries on with it.

A proof travels with the very press that it is for: the question comes as a form that holds all
the fields of that press again. So nothing is kept here meanwhile, and no other press can follow.
"""

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.core.access import PROVE
from bot.core.commands import Refused
from bot.core.texts import Text, t
from bot.engine.accounts import Busy
from bot.engine.passkeys import party
from bot.engine.proofs import Means
from bot.pages.guard import READING
from bot.pages.house import House
from bot.pages.limited import TOO_FAST
from bot.pages.signed import Signed
from bot.pages.words import Words, is_path, wants_json
from bot.texts import Speaker

PASSWORD, PASSKEY = "proof_password", "proof_passkey"
PAGE = "/me/prove"

WRONG_PASSWORD = Refused(
    code="not_proved",
    text=t("This is not your password. Check it and try again; nothing was done yet."),
)
WRONG_PASSKEY = Refused(
    code="not_proved",
    text=t("The passkey was not accepted. Try again, or use your password; nothing was done yet."),
)
NO_PASSKEYS = Refused(
    code="no_passkeys",
    text=t("Passkeys need Muster at a name of its own and over https. Use your password here."),
)
AWAY = t("You have not used these pages for a while, so please prove once more that it is you.")


class Proving:
    """Takes proofs off the requests that bring one, and asks for them."""

    def __init__(self, house: House, words: Words) -> None:
        self._house = house
        self._words = words

    async def take(self, request: Request, signed: Signed) -> tuple[Signed, str] | Refused:
        """The sign-in as the proof leaves it, with its new token if it has one; or why not.

        Whatever the request brought as a proof is no part of it any more. Raises Ended.
        """
        given = getattr(request.state, "given", {})
        password, passkey = given.pop(PASSWORD, None), given.pop(PASSKEY, None)
        if not password and not passkey:
            return signed, ""
        person = signed.staff.person
        if self._house.proofs.wait(person):
            return TOO_FAST
        try:
            if password:
                right = await self._house.proofs.by_password(person, str(password))
            else:
                right = await self._house.proofs.by_passkey(
                    signed.session, str(passkey), origin_of(self._house, request)
                )
        except Busy:
            return TOO_FAST
        if not right:
            return WRONG_PASSWORD if password else WRONG_PASSKEY
        session, token = await self._house.proofs.given(signed.session)
        return replace(signed, session=session), token

    async def ask(
        self,
        request: Request,
        signed: Signed,
        speaker: Speaker,
        refused: Refused = PROVE,
        why: Text | None = None,
    ) -> Response:
        """The question, with all that was filled in; a script is told to put it itself."""
        status = 429 if refused is TOO_FAST else 403
        if wants_json(request):
            return self._words.refusal(request, refused, status)
        asked = request.method in READING
        given = getattr(request.state, "given", {})
        kept = {name: value for name, value in given.items() if isinstance(value, str)}
        return self._words.page(
            request,
            "prove.html",
            speaker,
            200 if asked else status,
            staff=signed.staff,
            means=await self._means(request, signed),
            action=PAGE if asked else request.url.path,
            kept=kept,
            why=speaker(why or PROVE.text),
            error="" if refused.code == PROVE.code else speaker(refused.text),
            back="/" if asked else _back(kept),
            filled=not asked,
        )

    async def part(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """The question as a piece that a script puts over the page."""
        means = await self._means(request, signed)
        html = self._words.part(
            "part/prove_dialog.html", speaker, means=means, error="", filled=True
        )
        return JSONResponse({"outcome": "done", "html": html})

    def first(self, path: str) -> Response:
        """Prove it, and then go on to `path`."""
        return RedirectResponse(f"{PAGE}?next={quote(path, safe='/')}", 303)

    async def _means(self, request: Request, signed: Signed) -> Means:
        """By what they can here: passkeys are bound to a name."""
        means = await self._house.proofs.means(signed.staff.person)
        here = bool(party(origin_of(self._house, request)))
        return replace(means, passkey=means.passkey and here)


def origin_of(house: House, request: Request) -> str:
    """Our own origin, as a browser writes it."""
    return house.public_url or f"{request.url.scheme}://{request.headers.get('host', '')}"


def _back(kept: dict[str, str]) -> str:
    came_from = kept.get("next")
    return came_from if is_path(came_from) else "/"
