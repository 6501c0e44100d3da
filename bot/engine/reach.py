"""How many people a text would reach, counted before it is decided whether it may go out."""

from bot.core.approval_words import ApproveUpdate, BreakGlass, ReviseDraft
from bot.core.commands import Command
from bot.core.disclosure import People
from bot.core.incident import Incident
from bot.core.incident_commands import CorrectUpdate, PublishUpdate
from bot.core.major_words import StandDownMajor
from bot.engine.audience import Audience, Unfolder, open_to_subscribers
from bot.engine.handle import Engine


class Reach:
    """Asked by the door, of what speaks to many."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def __call__(self, command: Command, people: People) -> int:
        """Customers and subscribers who would hear of `command` at the position of `people`."""
        assert isinstance(command, Spoken)
        state = (await self._engine.live(command.incident)).state
        if not isinstance(state, Incident) or (audience := _audience(state, command)) == "staff":
            return 0
        if audience == "reporters" or not open_to_subscribers(state):
            return people.reached
        whom = Audience("subscribers", str(people.position), state.stream)
        return people.reached + await Unfolder(self._engine).count(whom)


Spoken = PublishUpdate | CorrectUpdate | ApproveUpdate | BreakGlass | ReviseDraft | StandDownMajor
"""What speaks to many, or would."""


def _audience(state: Incident, command: Spoken) -> str:
    """Whom it is for; everybody when the update is too old to be at hand."""
    if isinstance(command, PublishUpdate):
        return command.audience
    if isinstance(command, StandDownMajor):
        return "public" if state.told else "reporters"
    if isinstance(command, CorrectUpdate):
        return next((x.audience for x in state.latest if x.number == command.number), "public")
    draft = state.drafting.draft(command.draft)
    return "public" if draft is None else draft.audience
