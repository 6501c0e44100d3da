"""The form behind "Likely the same": which of them, and what it is to this one."""

from collections.abc import Mapping

from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Choice, Form, Question, QuestionType
from bot.core.incident import Incident
from bot.core.likely_words import LinkIncidents, NotTheSame
from bot.core.moving_words import MergeIncident
from bot.core.texts import Ref, t
from bot.views import alike
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look

INTO, FROM, APART, LINK = "into", "from", "apart", "link"
_WHAT = (
    (INTO, t("The same: this one goes into it")),
    (FROM, t("The same: it goes into this one")),
    (APART, t("Not the same")),
    (LINK, t("Not the same, but they belong together")),
)


def _ask(state: State | None, look: Look) -> Form:
    found = alike.present(state, look) if isinstance(state, Incident) else ()
    which = tuple(
        Choice(
            value=other.stream,
            label=t("{ref}: {why}", ref=Ref(ref=one.reference), why=alike.why(one)),
        )
        for one, other in found
    )
    if not which:
        # Whoever chooses it is told to choose another one: nothing is a duplicate of itself.
        own = state.stream if isinstance(state, Incident) else "none"
        which = (Choice(value=own, label=t("None any more")),)
    what = tuple(Choice(value=value, label=label) for value, label in _WHAT)
    return Form(
        key="alike",
        title=t("Likely the same"),
        questions=(
            Question(key="other", type=QuestionType.CHOICE, label=t("Which one?"), choices=which),
            Question(key="what", type=QuestionType.CHOICE, label=t("What are they?"), choices=what),
        ),
    )


def _made(filled: Filled) -> Command:
    me, other = filled.incident, filled.words("other")
    match filled.words("what"):
        case "into":
            return MergeIncident(incident=me, into=other)
        case "from":
            return MergeIncident(incident=other, into=me)
        case "link":
            return LinkIncidents(incident=me, other=other)
        case _:
            return NotTheSame(incident=me, other=other)


FORMS: Mapping[str, FormKind] = {"alike": FormKind(_ask, _made, brings=NotTheSame)}
