"""What a decision must know beside its own stream, read before its command stands in line.

So whatever takes long holds up nobody else. What changes while the command waits is not seen.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.core.commands import Command
from bot.core.disclosure import People
from bot.core.ids import StreamId
from bot.core.likely_words import Likely
from bot.core.suggesting import Crew
from bot.engine.known import Gatherer
from bot.engine.likely import Alike
from bot.engine.work import Book


@dataclass(frozen=True, slots=True)
class Known:
    """`people` are those whom the decision must know of, `reach` how many it speaks to, `likely`
    the open incidents that may be the same, `crew` the resources to choose from. None: the rule
    does not ask for it, or nobody counted.
    """

    people: People | None = None
    reach: int | None = None
    likely: tuple[Likely, ...] | None = None
    crew: Crew | None = None


NOTHING = Known()


class Beside:
    """Reads it as the rule of a command says. `reach` and `choose` are set by the machine."""

    def __init__(self, book: Book, gatherer: Gatherer, alike: Alike) -> None:
        self._rules = book.rules
        self.gatherer = gatherer
        self.alike = alike
        self.reach: Callable[[Command, People], Awaitable[int]] | None = None
        self.choose: Callable[[StreamId], Awaitable[Crew]] | None = None

    async def known(self, command: Command) -> Known:
        """Everything that is asked for. Raises MusterError when it cannot be read."""
        rule = self._rules[type(command)]
        people = None if rule.people is None else await self.gatherer.people(rule.people(command))
        reach, crew = None, None
        if people is not None and self.reach is not None:
            # It decides whether a proof, or a second person, is asked for.
            reach = await self.reach(command, people)
        if rule.crew is not None and self.choose is not None:
            crew = await self.choose(rule.crew(command))
        return Known(people, reach, await self.alike.of(command), crew)
