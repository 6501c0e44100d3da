"""Words on a channel: alone with us they are a customer's, beneath a card the team's own."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bot.core import caller
from bot.core.cards import Action
from bot.core.commands import Grant, Identity, Place
from bot.core.forms import LIMITS, Answers, QuestionType
from bot.core.ids import StreamId
from bot.engine.arrivals import Arrivals
from bot.engine.files import Files
from bot.engine.front_forms import Forms
from bot.engine.front_people import Askers
from bot.engine.heard import Changed, Heard, Pointed, Wrote
from bot.engine.limits import Limiter
from bot.engine.machine import Machine
from bot.engine.ports import Profile, Reply, Speech
from bot.engine.reader import Reader
from bot.engine.talk_alone import Alone, Line
from bot.engine.talk_beneath import OUTSIDERS, Beneath
from bot.engine.talk_which import Own, Which
from bot.views.asking_forms import said_first
from bot.views.look import OPEN_FORM, Look

STAFF = ("agent", "supervisor")
CODE = re.compile(r"[2-9A-HJKMNPQRTV-Z]{5}-?[2-9A-HJKMNPQRTV-Z]{5}")
"""What a code that joins accounts looks like (`engine.links`)."""

Join = Callable[[Heard, str], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class _Given:
    """Memberships that somebody has looked up already."""

    granted: tuple[Grant, ...]

    async def grants(self, who: Identity, place: Place, grave: bool) -> tuple[Grant, ...]:
        """Those."""
        return self.granted

    async def known(self, who: Identity) -> Profile:
        """Nobody is asked for."""
        return Profile()

    async def change(self, changed: Changed) -> None:
        """Nothing is kept here."""


class Talk:
    """Takes words, and messages that somebody points at.

    `arrivals` is a worker, to be started with the others; without `files` none are taken. `join`
    is given whatever looks like a code that joins accounts and is sent to us alone, `line` what
    somebody of the staff says there who reports nothing; `own` draws cards for one person alone.
    """

    def __init__(
        self,
        machine: Machine,
        reader: Reader,
        speech: Speech,
        files: Files | None = None,
        join: Join | None = None,
    ) -> None:
        self._machine = machine
        self._reader = reader
        self._speech = speech
        self.arrivals = Arrivals(machine.engine, reader, files)
        self.join = join
        self.line: Line | None = None
        self.own: Own | None = None
        self._outsiders = Limiter(machine.engine.clock, OUTSIDERS)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def write(self, wrote: Wrote, grants: tuple[Grant, ...]) -> Reply:
        """Words, files or both."""
        engine = self._machine.engine
        askers = Askers(self._reader, self._speech, _Given(grants))
        if not wrote.private:
            beneath = Beneath(engine, self._reader, askers, self._outsiders)
            return await beneath.write(await askers.asking(wrote), wrote)
        code = wrote.words.strip().upper()
        if self.join is not None and CODE.fullmatch(code):
            return await self.join(wrote, code)
        alone = Alone(engine, self._reader, askers, self.arrivals, self.line, self._which)
        async with self._turn(wrote):
            return await alone.write(await askers.asking(wrote), wrote)

    async def mean(self, pressed: Heard, report: StreamId, grants: tuple[Grant, ...]) -> Reply:
        """They say which of their reports they mean."""
        askers, which = Askers(self._reader, self._speech, _Given(grants)), self._which
        if which is None:
            return Reply()
        async with self._turn(pressed):
            asking = await askers.asking(pressed)
            return await which.meant(asking, report, askers.speak(asking))

    def _turn(self, heard: Heard) -> asyncio.Lock:
        """Somebody's next words answer the next question, however quickly they follow."""
        who = f"{heard.who.channel}:{heard.who.opaque}"
        return self._turns.setdefault(who, asyncio.Lock())

    @property
    def _which(self) -> Which | None:
        own = self.own
        return None if own is None else Which(self._machine.engine, self._reader, own)

    async def point(self, pointed: Pointed, grants: tuple[Grant, ...]) -> Reply:
        """A message becomes an incident; by who does not work here, a report of their own."""
        askers = Askers(self._reader, self._speech, _Given(grants))
        asking = await askers.asking(pointed)
        forms = Forms(self._machine, self._reader, askers)
        by_staff = asking.staff is not None and asking.staff.has(*STAFF)
        action = Action(OPEN_FORM, {"form": "from_message" if by_staff else "report"})
        answers = self._answers(pointed, by_staff)
        return Reply(form=await forms.opened(asking, action, answers=answers))

    def _answers(self, pointed: Pointed, by_staff: bool) -> Answers:
        editions = self._machine.engine.editions
        said = said_first(Look(editions.current, editions.edition, {}))
        answers = {said: pointed.words[: LIMITS[QuestionType.LONG_TEXT]]} if said else {}
        if by_staff and pointed.link:
            answers[caller.LINK] = pointed.link
        return answers
