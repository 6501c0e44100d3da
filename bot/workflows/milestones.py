"""Milestones put right: a time that was recorded later, or not at all, as it was.

Figures are worked out anew from it. What was recorded is kept in the log, and no promise moves.
"""

from bot.core.calendar import DAY
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.handling import STAFF, about, me, over
from bot.core.incident import Incident
from bot.core.major_rules import LEEWAY
from bot.core.milestone_words import CorrectMilestone, Milestone, MilestoneCorrected
from bot.core.milestones import happened_at, recorded_at
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

EARLIEST = 31 * DAY
"""Longer before the opening nothing of it can have been."""
ANY_TIME: tuple[Milestone, ...] = ("opened", "acknowledged", "first_word")
"""Those that may have been though nobody recorded it here: a phone call, a word at the door."""


def correct(state: Incident | None, command: CorrectMilestone, ctx: Context) -> Decision:
    """It was then, and not as recorded; the reason is kept."""
    if state is None or state.status == "merged":
        return over(state)
    refused = _unfit(state, command, ctx)
    if refused is not None:
        return refused
    at = min(command.happened_at, ctx.at)
    if happened_at(state, command.milestone, None) == at:
        return []
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    before = recorded_at(state, command.milestone, None)
    return [
        MilestoneCorrected(
            milestone=command.milestone,
            happened_at=at,
            before=before,
            reason=reason,
            by=me(ctx),
        )
    ]


def _unfit(state: Incident, command: CorrectMilestone, ctx: Context) -> Refused | None:
    if command.happened_at > ctx.at + LEEWAY:
        return refuse("future", t("This time has not come yet. Say when it was."))
    if command.happened_at < state.opened_at - EARLIEST:
        return refuse("too_early", t("This is too long ago to belong to this incident."))
    recorded = recorded_at(state, command.milestone, None)
    if recorded is None and command.milestone not in ANY_TIME:
        return refuse("not_yet", t("This has not happened yet, so its time cannot be corrected."))
    return None


WORKFLOW = Workflow(
    rules=(Rule(CorrectMilestone, correct, "named", roles=STAFF, named_by="incident"),),
)
