"""How long an incident took, for its page, its sheet and programs."""

from bot.core.incident import Incident
from bot.core.milestones import Figure, figures
from bot.core.report import Report
from bot.engine.read import Reads
from bot.views.milestones import Took, took


async def measured(reads: Reads, state: Incident) -> tuple[Figure, ...]:
    """All its figures as they are now."""
    first = None if state.first_report is None else await reads.state(state.first_report)
    spoken = first.conversation.first_word_at if isinstance(first, Report) else None
    return figures(state, reads.now, spoken)


async def how_long(reads: Reads, state: Incident) -> tuple[Took, ...]:
    """The same in words."""
    return took(await measured(reads, state))
