"""Forms about the cause of incidents: a problem behind one, what is known of it, what helps."""

from collections.abc import Iterable, Mapping

from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Choice, Condition, Form, Question, QuestionType
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.personal import Personal
from bot.core.problem_words import (
    CauseDescribed,
    DescribeCause,
    LinkProblem,
    OpenProblem,
    SetWorkaround,
    WorkaroundSet,
)
from bot.core.report_words import ReplyToCustomer
from bot.core.texts import Phrase, Ref, Text, t
from bot.views import alike
from bot.views.form_kinds import Args, Filled, FormKind
from bot.views.look import Look
from bot.views.problem import CAUSE, PROBLEM, SEND, WORKAROUND
from bot.views.questions import REASON_MOST, WORDS_MOST, choice, simple, words

FRESH = "new"

# --- behind an incident --------------------------------------------------------------------------


def _ask(state: State | None, look: Look) -> Form:
    """One of those that are known, or a new one, with others that have the same cause."""
    known = [(one.problem, _named(one.reference, one.what)) for one in look.problems]
    fresh = Condition(question="which", any_of=(FRESH,))
    what = words("what", t("What is behind it? In a sentence, without names."))
    questions = [
        choice("which", t("Which problem?"), [(FRESH, t("A new one")), *known]),
        what.model_copy(update={"when": fresh}),
    ]
    others = list(_others(state, look))
    if others:
        questions.append(
            Question(
                key="others",
                type=QuestionType.MULTI_CHOICE,
                label=t("Which others have the same cause?"),
                required=False,
                choices=tuple(others),
                when=fresh,
            )
        )
    return Form(key=PROBLEM, title=t("Problem behind it"), questions=tuple(questions))


def _named(reference: str, what: str | None) -> Text:
    ref = Ref(ref=reference)
    return t("{ref}: {what}", ref=ref, what=what) if what else t("{ref}", ref=ref)


def _others(state: State | None, look: Look) -> Iterable[Choice]:
    if not isinstance(state, Incident):
        return
    for one, other in alike.present(state, look):
        if other.problem.of is None and other.mode == state.mode:
            label: Phrase = t("{ref}: {why}", ref=Ref(ref=one.reference), why=alike.why(one))
            yield Choice(value=other.stream, label=label)


def _behind(filled: Filled) -> Command:
    which, others = filled.words("which"), filled.answers.get("others")
    if which != FRESH:
        return LinkProblem(incident=filled.incident, problem=which)
    named: tuple[StreamId, ...] = others if isinstance(others, tuple) else ()
    return OpenProblem(incident=filled.incident, what=filled.words("what"), others=named)


# --- of a problem --------------------------------------------------------------------------------


def _cause(state: State | None, look: Look, args: Args) -> Mapping[str, Personal]:
    found = state.problem.cause if isinstance(state, Incident) else None
    return {} if found is None else {"words": found}


def _workaround(state: State | None, look: Look, args: Args) -> Mapping[str, Personal]:
    found = state.problem.workaround if isinstance(state, Incident) else None
    return {} if found is None else {"words": found}


def _sent(filled: Filled) -> Command:
    return ReplyToCustomer(report=str(filled.args["report"]), words=filled.words("words"))


FORMS: Mapping[str, FormKind] = {
    PROBLEM: FormKind(_ask, _behind, brings=OpenProblem, problems=True),
    CAUSE: FormKind(
        simple(
            CAUSE,
            t("What is known of the cause"),
            words("words", t("What is known of the cause?"), REASON_MOST),
        ),
        lambda one: DescribeCause(incident=one.incident, words=one.words("words")),
        sealed=_cause,
        moved_by=(CauseDescribed,),
        brings=DescribeCause,
    ),
    WORKAROUND: FormKind(
        simple(
            WORKAROUND,
            t("Workaround"),
            words(
                "words",
                t("What helps until it is put right?"),
                REASON_MOST,
                required=False,
                hint=t("Agents may send it to customers. Left out: nothing helps any more."),
            ),
        ),
        lambda one: SetWorkaround(incident=one.incident, words=one.words("words")),
        sealed=_workaround,
        moved_by=(WorkaroundSet,),
        brings=SetWorkaround,
    ),
    SEND: FormKind(
        simple(
            SEND,
            t("Send the workaround"),
            words("words", t("What do you write to the customer?"), WORDS_MOST),
        ),
        _sent,
        sealed=_workaround,
        brings=ReplyToCustomer,
    ),
}
