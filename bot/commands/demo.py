"""`muster run --demo`: what it is started with, what it says, and the shift beside the server."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress

import structlog
from starlette.routing import BaseRoute

from bot.chats import CHATS
from bot.core.errors import MusterError
from bot.core.playbook import Playbook
from bot.core.playbook_parse import parse
from bot.demo.doors import WAITING, Doors
from bot.demo.folder import DEFAULT, make_ready
from bot.demo.people import ORGANISATION
from bot.demo.player import Player
from bot.demo.stories_safe import LIFT as STUCK
from bot.settings import Settings
from bot.wiring import House, PlaybookWrong, playbook_words

log = structlog.get_logger(__name__)

NEVER = {
    "smtp": "no mail ever leaves a demonstration",
    "webhooks": "nothing is told to other systems by a demonstration",
    **{one.needs: f"nothing is said in anybody's {one.title} by a demonstration" for one in CHATS},
    "playbook": "it plays by the built-in playbook",
}
"""Settings with which no demonstration starts, and why."""
STEPS = 20
OFFICE = "[calendars.office]\n"
NEXT_PART = "# --- closing"


def ready(settings: Settings) -> Settings:
    """The settings of a demonstration, its folder made ready. Raises MusterError."""
    for name, why in NEVER.items():
        if getattr(settings, name):
            raise MusterError(f"--demo does not go together with the setting {name}: {why}.")
    given = settings.model_fields_set
    instead = {"data": DEFAULT, "log_level": "warning"}
    chosen = {name: value for name, value in instead.items() if name not in given}
    settings = settings.model_copy(update=chosen)
    make_ready(settings.data)
    return settings


def words_of() -> str:
    """The built-in playbook, under the name of the organisation that is made up.

    Its office never closes, since its people are there whenever somebody comes to look.
    """
    words = playbook_words(None)
    known = parse(words, "default.toml")
    assert isinstance(known, Playbook)
    for language, name in ORGANISATION.items():
        own = known.organisation.name.pick(language)
        line = f'name.{language} = "{own}"'
        if words.count(line) != 1:
            raise PlaybookWrong(f"The built-in playbook does not say {line}.")
        words = words.replace(line, f'name.{language} = "{name}"')
    before, _, rest = words.partition(OFFICE)
    _, closing, after = rest.partition(NEXT_PART)
    return f"{before}{OFFICE}always = true\n\n{closing}{after}"


class Demonstration:
    """The shift on a house that is open. `greet` once it is started; `stop` before it stops."""

    def __init__(self, house: House, here: str) -> None:
        self._player = Player(house.machine)
        self._doors = Doors(house, self._player.stage)
        self._here = here
        self._playing: asyncio.Task[None] | None = None
        self._told = 0

    def routes(self) -> Sequence[BaseRoute]:
        """The ways in."""
        return self._doors.routes()

    async def greet(self) -> None:
        """Say where to look, and let the shift begin."""
        await self._player.hire()
        links = {
            "an agent": self._doors.link("agent"),
            "a supervisor": self._doors.link("supervisor"),
            "a resource on a phone": self._doors.link("resource"),
            "a new customer": "/chat",
            "a customer who waits": self._doors.link(WAITING),
            "the public": "/status",
        }
        lines = [
            "",
            "Muster is running as a demonstration: the people and incidents here are made up.",
            "Open in a browser, each part in a private window of its own, to be:",
            *(f"  {who:<22}{self._here}{path}" for who, path in links.items()),
            "",
            "Stop with Ctrl-C. The next start begins anew.",
            "",
            "Playing the shift so far ",
        ]
        _write("\n".join(lines))
        self._playing = asyncio.create_task(self._play())

    async def _play(self) -> None:
        self._player.shift.begin(self._arrived(), 0)
        try:
            await self._player.run(self._moved)
        except Exception:
            log.exception("the demonstration broke off; everything else goes on")

    async def _arrived(self) -> None:
        self._doors.shows(self._player.cast[STUCK.key])
        _write(" done.\nFrom now on it goes at the pace of the clock.\n")

    def _moved(self) -> None:
        """A dot for each part of the past."""
        reached = int(self._player.shift.played * STEPS)
        if self._told < reached <= STEPS:
            _write("." * (reached - self._told))
            self._told = reached

    async def stop(self) -> None:
        """Let go of the shift, wherever it is."""
        if self._playing is not None:
            self._playing.cancel()
            with suppress(asyncio.CancelledError):
                await self._playing


def _write(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()
