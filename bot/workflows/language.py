"""In which language somebody is spoken to: as they chose, else as their platform says."""

from bot.core.context import Context
from bot.core.language_words import ChooseLanguage, LanguageChosen
from bot.core.meeting import met_first
from bot.core.person import Person
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NO_SUCH_LANGUAGE = refuse("not_found", t("We do not speak this language here. Choose another."))
CLOSED = refuse("disabled", t("This account was closed."))


def choose(state: Person | None, command: ChooseLanguage, ctx: Context) -> Decision:
    """From now on; what was said before stays as it was."""
    if command.language not in ctx.playbook.organisation.languages:
        return NO_SUCH_LANGUAGE
    if state is not None and (state.disabled or state.subject in state.erased):
        return CLOSED
    if state is not None and state.chose_language and state.language == command.language:
        return []
    return [*met_first(state, ctx), LanguageChosen(language=command.language)]


WORKFLOW = Workflow(rules=(Rule(ChooseLanguage, choose, "self", by_anyone=True),))
