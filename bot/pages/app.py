"""One ASGI app: every page, and whatever adapters serve over HTTP."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from bot.engine.programs import Programs
from bot.pages.api.app import ROOT, Api
from bot.pages.api.keys import Keys
from bot.pages.api.problems import NOT_THERE, Problem
from bot.pages.api.problems import response as problem
from bot.pages.base import Base
from bot.pages.chat import ChatPage
from bot.pages.crew import CrewPages
from bot.pages.desk import Desk
from bot.pages.gallery import Gallery
from bot.pages.guard import NOT_SO, READING, Guard
from bot.pages.health import Health
from bot.pages.hearing import Hearing
from bot.pages.house import House
from bot.pages.ledger import Ledger
from bot.pages.me import Me
from bot.pages.merging import Merging
from bot.pages.organisation import OrganisationPages
from bot.pages.passkeys import PasskeyPages
from bot.pages.people import People
from bot.pages.previews import Previews
from bot.pages.shield import Shield
from bot.pages.signed import SignIns
from bot.pages.staff import Doing
from bot.pages.status import Status
from bot.pages.status_feeds import StatusFeeds
from bot.pages.strangers import Strangers
from bot.pages.subscribing import Subscribing
from bot.pages.tasks import TaskBoards
from bot.pages.words import FOLDER, Words


class Front(Base):
    """The first page."""

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [Route("/", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        """What is where."""
        signed = await self.sign_ins.of(request)
        speaker = self.speaker(request, signed.staff.language if signed else "")
        staff = signed.staff if signed else None
        return self.words.page(request, "front.html", speaker, staff=staff)


class Assets(StaticFiles):
    """Files of ours; a browser asks each time whether they are still the same."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept but looked at again."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"
        return response


GROUPS = (
    Front,
    ChatPage,
    Desk,
    Merging,
    Ledger,
    TaskBoards,
    Subscribing,
    Hearing,
    StatusFeeds,
    Status,
    People,
    CrewPages,
    Keys,
    Me,
    PasskeyPages,
    OrganisationPages,
    Doing,
    Previews,
    Gallery,
    Health,
)


def build_app(house: House) -> ASGIApp:
    """The app over a house; the house is started and stopped by whoever made it."""
    words = Words(house.catalogues, lambda: house.reader.playbook, house.demo)

    sign_ins = SignIns(house)
    groups = [route for group in GROUPS for route in group(house, words).routes()]
    static = Mount("/static", Assets(directory=FOLDER / "static"))
    api = Mount(ROOT, Api(house, words).build(Programs(house.engine, house.reader)))
    routes = [*groups, *house.doors, static, api]

    def allowed(scope: Scope) -> str:
        return ", ".join(methods_of(routes, scope))

    async def missing(request: Request, trouble: Exception) -> Response:
        signed = await sign_ins.of(request)
        request.state.staff = signed.staff if signed else None
        if request.scope["path"].startswith(f"{ROOT}/"):
            # No route at all takes such a path: there is a line break in it.
            text = words.speaker(words.language(request))(NOT_THERE.text)
            return problem(Problem(404, NOT_THERE), text)
        if isinstance(trouble, HTTPException) and trouble.status_code == 404:
            return words.missing(request)
        if request.method in READING:
            return RedirectResponse("/", 303)
        response = words.refusal(request, NOT_SO, 405)
        response.headers["allow"] = allowed(request.scope)
        return response

    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Shield, secure=house.public_url.startswith("https:"), embed=house.embed),
            Middleware(
                Guard,
                words=words,
                public_url=house.public_url,
                allowed=allowed,
                waits=Strangers(house, sign_ins).wait,
                signed=house.signed,
            ),
        ],
        exception_handlers={404: missing, 405: missing},
    )
    # It would lead to whatever name the request came with.
    app.router.redirect_slashes = False
    return app


def methods_of(routes: Sequence[BaseRoute], scope: Scope) -> list[str]:
    """What can be done with the path of a request; what is no page of ours can be read."""
    matching = [one for one in routes if one.matches(scope)[0] is not Match.NONE]
    named = {name for one in matching if isinstance(one, Route) for name in one.methods or ()}
    return sorted(named or READING)
