"""The gallery: what the running playbook makes of every card and form, for those who write it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.cards import spoken
from bot.engine.read import DESK_ROLES
from bot.pages.base import Base
from bot.pages.signed import Signed
from bot.texts import Speaker
from bot.views import examples
from bot.views.gallery import forms


class Gallery(Base):
    """The route `/gallery`."""

    def routes(self) -> list[BaseRoute]:
        """For whoever works at the desk."""
        return [Route("/gallery", self.staff_only(self.show, *DESK_ROLES), methods=["GET"])]

    async def show(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """Made-up people in the moment of the examples; nothing on it can be pressed."""
        playbook = self.house.reader.playbook
        say = self.words.speaker(speaker.language, examples.AT, examples.NAMES.get)
        cards = {name: spoken(one, say) for name, one in examples.examples(playbook).items()}
        shown = {name: [(type(b).__name__, b) for b in one.blocks] for name, one in cards.items()}
        titles = {name: one.summary for name, one in cards.items()}
        return self.page(
            request, "gallery.html", say, signed, cards=shown, titles=titles, forms=forms(playbook)
        )
