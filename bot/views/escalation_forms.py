"""The form by which somebody calls for help."""

from collections.abc import Mapping

from bot.core.alarm_words import EscalateIncident
from bot.core.fold import State
from bot.core.forms import Form
from bot.core.texts import t
from bot.views.form_kinds import FormKind
from bot.views.look import Look
from bot.views.questions import words


def _ask(state: State | None, look: Look) -> Form:
    return Form(
        key="escalate",
        title=t("Escalate"),
        questions=(
            words(
                "reason",
                t("Why? The reason is kept."),
                hint=t("The next ones on its ladder are called at once."),
            ),
        ),
    )


FORMS: Mapping[str, FormKind] = {
    "escalate": FormKind(
        _ask,
        lambda one: EscalateIncident(incident=one.incident, reason=one.words("reason")),
        brings=EscalateIncident,
    ),
}
