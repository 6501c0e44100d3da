"""The agent's script as a checklist: what was done, when and by whom, whoever owns it now."""

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.context import Context
from bot.core.handling import STAFF, me, over
from bot.core.incident import Incident
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

ANOTHER = refuse(
    "another_script",
    t("This step is not in the incident's script any more. Look at the steps as they are now."),
)


def tick(state: Incident | None, command: ic.TickStep, ctx: Context) -> Decision:
    """Mark a step of the script as done, or as not done after all; twice is once."""
    if state is None or state.ended:
        return over(state)
    category = ctx.edition(state.playbook).category(state.category)
    script = () if category is None else category.script
    if command.category != state.category or not 1 <= command.step <= len(script):
        return ANOTHER
    done = state.ticked(command.category, command.step) is not None
    if done == command.done:
        return []
    if command.done:
        return [ie.StepTicked(category=command.category, step=command.step, by=me(ctx))]
    return [ie.StepUnticked(category=command.category, step=command.step, by=me(ctx))]


WORKFLOW = Workflow(rules=(Rule(ic.TickStep, tick, "named", roles=STAFF, named_by="incident"),))
