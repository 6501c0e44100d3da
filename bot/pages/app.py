"""One ASGI app: every page, and whatever adapters serve over HTTP."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from bot.pages.base import Base
from bot.pages.chat import ChatPage
from bot.pages.desk import Desk
from bot.pages.guard import Guard
from bot.pages.health import Health
from bot.pages.house import House
from bot.pages.people import People
from bot.pages.shield import Shield
from bot.pages.staff import Doing
from bot.pages.status import Status
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


GROUPS = (Front, ChatPage, Desk, TaskBoards, Status, People, Doing, Health)


def build_app(house: House) -> ASGIApp:
    """The app over a house; the house is started and stopped by whoever made it."""
    words = Words(house.catalogues, lambda: house.reader.playbook)

    async def missing(request: Request, trouble: Exception) -> Response:
        if isinstance(trouble, HTTPException) and trouble.status_code == 405:
            return RedirectResponse("/", 303)
        return words.missing(request)

    routes = [route for group in GROUPS for route in group(house, words).routes()]
    return Starlette(
        routes=[*routes, *house.doors, Mount("/static", Assets(directory=FOLDER / "static"))],
        middleware=[
            Middleware(Shield, secure=house.public_url.startswith("https:")),
            Middleware(Guard, words=words, public_url=house.public_url),
        ],
        exception_handlers={404: missing, 405: missing},
    )
