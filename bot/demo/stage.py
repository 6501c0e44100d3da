"""Where a shift is played: the one door, what can be seen from it, and what was said there."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import blake2b

import structlog

from bot.adapters.web.receive import CHANNEL
from bot.adapters.web.visitors import OPAQUE
from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.errors import MusterError
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.hub import Changed, News
from bot.engine.machine import Machine

log = structlog.get_logger(__name__)

KEPT = 10_000
PATIENCE_SECONDS = 20
"""So long something that must follow may take; a shift never stands still for it."""


class Left(Exception):
    """The scene goes on without us: somebody else has it in hand, or it is over."""


class Missed(MusterError):
    """Something that had to follow did not."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody was told no: who, what they asked, the code of the answer."""

    who: str
    tag: str
    code: str


@dataclass
class Stage:
    """The door of `machine`, for people of the demonstration.

    `salt` makes the accounts of one house differ from those of another. `said` is everything
    that was asked lately, in order; `refused` what was not done. `guests` are the people that the
    visitor plays: what is theirs is left to them. `ours` are reports and incidents that a story
    works on.
    """

    machine: Machine
    salt: bytes = b""
    said: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    refused: deque[Refusal] = field(default_factory=lambda: deque(maxlen=KEPT))
    people: dict[str, PersonId] = field(default_factory=dict)
    guests: frozenset[PersonId] = frozenset()
    ours: set[StreamId] = field(default_factory=set)
    _serial: int = 0

    @property
    def now(self) -> Millis:
        """The house's time."""
        return self.machine.parts.clock.now()

    def account(self, who: str) -> str:
        """How the web knows `who`: like a visitor of the chat."""
        return OPAQUE + blake2b(who.encode(), key=self.salt, digest_size=20).hexdigest()

    async def ask(self, who: str, command: Command, language: str = "en") -> Answer:
        """What `who` does, through the one door. What is refused is noted, and returned."""
        self._serial += 1
        opaque = self.account(who)
        answer = await self.machine.engine.handle(
            Envelope(
                entry=CHANNEL,
                source=f"demo-{self._serial}",
                command=command,
                identity=Identity(channel=CHANNEL, opaque=opaque),
                place=Place(channel=CHANNEL, address=opaque),
                language=language,
                proved_at=self.now,
            )
        )
        self.said.append((who, f"{command.tag} {words_of(command)}"))
        if answer.outcome != "done":
            self.refused.append(Refusal(who, command.tag, answer.code))
            log.info("refused in the demonstration", tag=command.tag, code=answer.code)
        return answer

    async def do(self, who: str, command: Command, language: str = "en") -> Answer:
        """The same; raises Left when it was not done, since then somebody was faster."""
        answer = await self.ask(who, command, language)
        if answer.outcome != "done":
            raise Left
        return answer

    # --- what can be seen -----------------------------------------------------------------------

    async def report(self, stream: StreamId) -> Report:
        """As it is now."""
        state = (await self.machine.engine.live(stream)).state
        assert isinstance(state, Report)
        return state

    async def incident(self, stream: StreamId) -> Incident:
        """As it is now."""
        state = (await self.machine.engine.live(stream)).state
        assert isinstance(state, Incident)
        return state

    async def report_when(self, stream: StreamId, true: Callable[[Report], bool]) -> Report:
        """The report, once that is so. Raises Missed."""

        async def look() -> bool:
            return true(await self.report(stream))

        await self._when(stream, look)
        return await self.report(stream)

    async def incident_when(self, stream: StreamId, true: Callable[[Incident], bool]) -> Incident:
        """The incident, once that is so. Raises Missed."""

        async def look() -> bool:
            state = (await self.machine.engine.live(stream)).state
            return isinstance(state, Incident) and true(state)

        await self._when(stream, look)
        return await self.incident(stream)

    async def _when(self, stream: StreamId, true: Callable[[], Awaitable[bool]]) -> None:
        moved = asyncio.Event()

        def hear(news: News) -> None:
            if isinstance(news, Changed) and news.stream == stream:
                moved.set()

        stop = self.machine.hub.listen(hear)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await true():
                    await moved.wait()
                    moved.clear()
        except TimeoutError:
            raise Missed(f"{stream} did not come to what was expected of it") from None
        finally:
            stop()


SPOKEN = ("field", "value", "words", "reason", "note", "what", "score", "fixed", "audience", "step")


def words_of(command: Command) -> str:
    """What a command says in itself, without ids and times: the same in every house."""
    return " | ".join(str(getattr(command, one)) for one in SPOKEN if hasattr(command, one))
