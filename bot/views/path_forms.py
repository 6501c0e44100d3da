"""Forms of the paths: a step of a complaint, who fulfils a request, an answer, another kind."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.core import moving_words as mw
from bot.core import path_words as pw
from bot.core.calendar import DAY, HOUR
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.path_steps import ahead
from bot.core.playbook_paths import PathStep
from bot.core.texts import Phrase, Span, t
from bot.views import labels
from bot.views.form_kinds import Filled, FormKind
from bot.views.hand_forms import chosen, whom
from bot.views.look import Look
from bot.views.questions import WORDS_MOST, choice, simple, words

STEP, FULFILMENT, ANSWER, HAND_ON, KIND = (
    "path_step",
    "fulfilment",
    "answer_enquiry",
    "hand_on",
    "kind",
)
SOON = (4 * HOUR, DAY, 3 * DAY, 7 * DAY)
OTHER = "other"
SOMEBODY, NOBODY = "somebody", "nobody"
AT = time(17)
"""The end of the day that was named, where no time was."""


# --- by when -------------------------------------------------------------------------------------


def _by_when(label: Phrase) -> tuple[Question, ...]:
    soon = [(str(ms), t("in {span}", span=Span(ms=ms))) for ms in SOON]
    other = Condition(question="when", any_of=(OTHER,))
    day = Question(key="day", type=QuestionType.DATE, label=t("On which day?"), when=other)
    return (
        choice(
            "when",
            label,
            (
                *soon,
                (OTHER, t("Another day")),
            ),
        ),
        day,
    )


def _moment(filled: Filled) -> Millis:
    when = filled.words("when")
    if when != OTHER:
        return filled.at + int(when)
    day = datetime.fromisoformat(filled.words("day")).date()
    local = datetime.combine(day, AT, ZoneInfo(filled.zone))
    return round(local.astimezone(UTC).timestamp() * 1000)


# --- a complaint ---------------------------------------------------------------------------------


def _step(state: State | None, look: Look) -> Form:
    """The step that is next; what its words are for depends on it."""
    step = None
    if isinstance(state, Incident):
        following = ahead(state, look.edition(state.playbook), look.playbook)
        own = look.edition(state.playbook).path(state.incident_kind, state.category)
        step = None if following is None else own.step(following.step)
    title: Phrase = t("Next step") if step is None else step.name
    return Form(key=STEP, title=title, questions=tuple(_asked(step, look)))


def _asked(step: PathStep | None, look: Look) -> Iterator[Question]:
    hint = None if step is None else step.hint
    if step is not None and step.decides:
        yield words("decision", t("What is decided?"), hint=hint)
        yield words("words", t("Why?"), WORDS_MOST)
        yield words("alternatives", t("What else could have been done?"), required=False)
    elif step is not None and step.follow_up:
        yield from _follow_up(look, hint)
    else:
        said = step is None or step.says
        label = t("What do you write to the customer?") if said else t("What was done?")
        yield words("words", label, WORDS_MOST, hint=hint)


def _follow_up(look: Look, hint: Phrase | None) -> Iterator[Question]:
    """Who learns from it by when, or that nobody does; the words say what, or why not."""
    somebody = Condition(question="learns", any_of=(SOMEBODY,))
    yield choice(
        "learns",
        t("Does somebody follow up on it?"),
        ((SOMEBODY, t("Yes, somebody does")), (NOBODY, t("No, there is a reason why not"))),
    )
    yield words("words", t("What is to be learned? Or: why is there nothing?"), hint=hint)
    to, who = whom(t("Who does it? They are called."), look.hands)
    yield to.model_copy(update={"when": somebody})
    yield who
    when, day = _by_when(t("By when?"))
    yield when.model_copy(update={"when": somebody})
    yield day


def _report(filled: Filled) -> str | None:
    return str(filled.args.get("report") or "") or None


def _done(filled: Filled) -> Command:
    follows = filled.words("learns") == SOMEBODY
    return pw.DoPathStep(
        incident=filled.incident,
        step=str(filled.args["step"]),
        words=filled.words("words"),
        report=_report(filled),
        decision=filled.words("decision"),
        alternatives=filled.words("alternatives"),
        owner=chosen(filled) if follows else None,
        until=_moment(filled) if follows else None,
    )


# --- a request, an enquiry -----------------------------------------------------------------------


def _handing_on(state: State | None, look: Look) -> Form:
    teams = [(f"team:{key}", one.name) for key, one in look.playbook.teams.items()]
    who = Question(
        key="who",
        type=QuestionType.TEXT,
        label=t("Who is it?"),
        personal=True,
        when=Condition(question="to", any_of=(OTHER,)),
    )
    return Form(
        key=HAND_ON,
        title=t("Hand it on"),
        questions=(
            choice(
                "to",
                t("Who can answer it?"),
                (
                    *teams,
                    (OTHER, t("Somebody else")),
                ),
            ),
            who,
            words("reason", t("Why? The reason is kept.")),
            *_by_when(t("By when do they answer? The customer hears it.")),
        ),
    )


def _handed_on(filled: Filled) -> Command:
    to = filled.words("to")
    return pw.HandEnquiryOn(
        incident=filled.incident,
        to=filled.words("who") if to == OTHER else to,
        reason=filled.words("reason"),
        until=_moment(filled),
    )


# --- the kind ------------------------------------------------------------------------------------


def _kind_known(state: State | None) -> Answers:
    return {"kind": state.incident_kind} if isinstance(state, Incident) else {}


def _kind_set(filled: Filled) -> Command:
    kinds: tuple[IncidentKind, ...] = tuple(labels.KIND)
    chosen = next(one for one in kinds if one == filled.words("kind"))
    return mw.SetKind(incident=filled.incident, incident_kind=chosen)


FORMS = {
    STEP: FormKind(_step, _done, moved_by=(pw.PathStepDone,), brings=pw.DoPathStep, hands=True),
    FULFILMENT: FormKind(
        simple(
            FULFILMENT,
            t("Who does it, and by when"),
            words("by_whom", t("Who does it?")),
            *_by_when(t("By when? The customer hears it.")),
        ),
        lambda one: pw.SetFulfilment(
            incident=one.incident, by_whom=one.words("by_whom"), promised=_moment(one)
        ),
        moved_by=(pw.FulfilmentSet,),
        brings=pw.SetFulfilment,
    ),
    ANSWER: FormKind(
        simple(
            ANSWER,
            t("Answer it"),
            words(
                "words",
                t("What is the answer?"),
                WORDS_MOST,
                hint=t("The customer gets it and is asked whether it answers the question."),
            ),
        ),
        lambda one: pw.AnswerEnquiry(
            incident=one.incident, words=one.words("words"), report=_report(one)
        ),
        brings=pw.AnswerEnquiry,
    ),
    HAND_ON: FormKind(_handing_on, _handed_on, brings=pw.HandEnquiryOn),
    KIND: FormKind(
        simple(KIND, t("Change the kind"), choice("kind", t("What is it?"), labels.KIND.items())),
        _kind_set,
        known=_kind_known,
        moved_by=(mw.KindChanged,),
        brings=mw.SetKind,
    ),
}
