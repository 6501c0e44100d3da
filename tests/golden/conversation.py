"""Golden conversations: who says what, line by line, as plain text.

Each line names who speaks. `customer:` is written to the house, word or label; `house:` must stand
in what the customer sees since then, `card:` on the team's card, `resource:` where resources are
asked. `agent:` is a press (see `PRESSES`), `later:` lets time go by. Lines with `#` are comments,
the first of which says what the conversation is about. After every step all that is held in memory
is thrown away, so the next one begins with what was saved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.commands import Command
from bot.core.ids import StreamId
from bot.core.incident_commands import ResolveIncident, TakeIncident
from bot.core.moving_words import SetKind
from bot.core.path_words import AnswerEnquiry, DoPathStep, HandEnquiryOn, SetFulfilment
from tests.engine.talking import Chat

TEAM, CREW, AGENT = "team", "crew", "ana"
SPEAKERS = ("customer", "house", "card", "resource", "agent", "later")
MINUTE = 60_000
UNITS = {"m": MINUTE, "h": 60 * MINUTE, "d": 24 * 60 * MINUTE}


@dataclass(frozen=True, slots=True)
class Line:
    """Line `number` of the file: `who` says `said`."""

    number: int
    who: str
    said: str


def read(path: Path) -> tuple[Line, ...]:
    """The lines of a conversation. Raises ValueError for one that nobody speaks."""
    found = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not raw.strip() or raw.startswith("#"):
            continue
        who, colon, said = raw.partition(":")
        if not colon or who not in SPEAKERS:
            raise ValueError(f"{path.name}:{number}: nobody says this: {raw}")
        found.append(Line(number, who, said.strip()))
    return tuple(found)


@dataclass(slots=True)
class Told:
    """A conversation as far as it has come. `before` is what the customer had seen by then."""

    chat: Chat
    name: str
    who: str
    language: str = "en"
    before: list[str] = field(default_factory=list)
    asked: int = 0

    async def tell(self, lines: tuple[Line, ...]) -> None:
        """From the first line to the last. Raises AssertionError with the place in the file."""
        self.asked = len(self.crew())
        for line in lines:
            await self._say(line)
            self.chat.office.desk.machine.engine.streams.clear()

    async def _say(self, line: Line) -> None:
        match line.who:
            case "customer":
                self.before = self.seen()
                await self.chat.writes(line.said, who=self.who, language=self.language)
            case "agent":
                self.before = self.seen()
                await self._press(line.said)
            case "later":
                await self.chat.office.advance(_span(line.said))
            case "house":
                news = [one for one in self.seen() if one not in self.before]
                self._found(line, "\n".join(news))
            case "card":
                self._found(line, await self._card())
            case _:
                self._found(line, "\n".join(self.crew()[self.asked :]))

    def _found(self, line: Line, there: str) -> None:
        place = f"{self.name}:{line.number}"
        assert line.said in there, f"{place}: {line.who} does not say “{line.said}”, but:\n{there}"

    def seen(self) -> list[str]:
        """Everything that stands in front of the customer."""
        return self.chat.office.channel.texts(self.who)

    def crew(self) -> list[str]:
        """Everything that stands where resources are asked."""
        return self.chat.office.channel.texts(CREW)

    async def incident(self) -> StreamId:
        """The incident that came of it."""
        found = (await self.chat.report(self.who)).incident
        assert found is not None, f"{self.name}: no incident was opened"
        return found

    async def _card(self) -> str:
        state = await self.chat.office.desk.incident(await self.incident())
        shown = self.chat.office.channel.texts(TEAM)
        return "\n".join(one for one in shown if state.reference in one)

    async def _press(self, said: str) -> None:
        name, _, rest = said.partition(" ")
        what, _, words = rest.partition("| ")
        incident = await self.incident()
        report = (await self.chat.report(self.who)).stream
        now = self.chat.office.clock.now()
        command = PRESSES[name](incident, report, what.strip(), words.strip(), now)
        await self.chat.office.desk.done(command, AGENT)
        await self.chat.settled()


def _span(said: str) -> int:
    return int(said[:-1]) * UNITS[said[-1]]


Press = Callable[[StreamId, StreamId, str, str, int], Command]
PRESSES: Mapping[str, Press] = {
    "takes": lambda i, r, what, words, now: TakeIncident(incident=i),
    "resolves": lambda i, r, what, words, now: ResolveIncident(
        incident=i, note=words, call_off=tuple(range(1, 9))
    ),
    "does": lambda i, r, what, words, now: DoPathStep(incident=i, step=what, words=words, report=r),
    "promises": lambda i, r, what, words, now: SetFulfilment(
        incident=i, by_whom=words, promised=now + _span(what)
    ),
    "answers": lambda i, r, what, words, now: AnswerEnquiry(incident=i, words=words, report=r),
    "hands": lambda i, r, what, words, now: HandEnquiryOn(
        incident=i, to=what, reason=words, until=now + UNITS["d"]
    ),
    "types": lambda i, r, what, words, now: SetKind.model_validate(
        {"incident": i, "incident_kind": what}
    ),
}
"""What an agent does: `does apologise | words`, `promises 1d | the store`, `resolves | note`."""
