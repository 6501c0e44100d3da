"""Forms behind the buttons of cards: what is asked, and the command that the answers make.

One definition serves every channel: as a window, inline, or question by question. `args` are
those of the button; answers are checked by `bot.core.answers` before they come here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import incident_commands as ic
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Choice, Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_events import PriorityChanged
from bot.core.playbook_forms import CATEGORY
from bot.core.playbook_parts import Category
from bot.core.priority import Level
from bot.core.report_words import ReplyToCustomer, WriteNote
from bot.core.texts import Phrase, Span, Text, t
from bot.views import asking_forms, following, labels
from bot.views.form_kinds import Filled, FormKind
from bot.views.incident import named
from bot.views.look import Look

MINUTE: Millis = 60_000
REASON_MOST = 2_000
WORDS_MOST = 3_000
OTHER = "other"
LAST = "last"
NEXT_UPDATES = (30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 240 * MINUTE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _words(key: str, label: Phrase, most: int = REASON_MOST, required: bool = True) -> Question:
    return Question(
        key=key,
        type=QuestionType.LONG_TEXT,
        label=label,
        maximum=most,
        required=required,
        personal=True,
    )


def _choice(key: str, label: Phrase, *choices: tuple[str, Phrase]) -> Question:
    return Question(
        key=key,
        type=QuestionType.CHOICE,
        label=label,
        choices=tuple(Choice(value=value, label=said) for value, said in choices),
    )


def _simple(key: str, title: Text, *questions: Question) -> Callable[[State | None, Look], Form]:
    form = Form(key=key, title=title, questions=questions)
    return lambda state, look: form


# --- times of arrival ----------------------------------------------------------------------------


def _when(key: str, title: Text) -> Callable[[State | None, Look], Form]:
    def ask(state: State | None, look: Look) -> Form:
        quick = [(str(ms), t("in {span}", span=Span(ms=ms))) for ms in look.playbook.tasks.etas]
        return Form(
            key=key,
            title=title,
            questions=(
                _choice("when", t("When will you be there?"), *quick, (OTHER, t("Another time"))),
                Question(
                    key="time",
                    type=QuestionType.TIME,
                    label=t("At what time?"),
                    when=Condition(question="when", any_of=(OTHER,)),
                ),
            ),
        )

    return ask


def _eta(filled: Filled) -> Millis:
    when = filled.words("when")
    if when != OTHER:
        return filled.at + int(when)
    return next_at(filled.words("time"), filled.at, filled.zone)


def next_at(clock: str, at: Millis, zone: str) -> Millis:
    """The next moment after `at` at which the clocks in `zone` show `clock` (such as 14:05)."""
    hour, _, minute = clock.partition(":")
    now = (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))
    wanted = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    for days in (0, 1, 2):
        moment = round((wanted + timedelta(days=days)).timestamp() * 1000)
        if moment > at:
            return moment
    return at


# --- the incident --------------------------------------------------------------------------------


def _update(state: State | None, look: Look) -> Form:
    nexts = ((str(ms), t("in {span}", span=Span(ms=ms))) for ms in NEXT_UPDATES)
    return Form(
        key="update",
        title=t("Publish an update"),
        questions=(
            _words("words", t("How do things stand?"), WORDS_MOST),
            *(_also(one) for one in _others(look)),
            _choice(
                "audience",
                t("Who is told?"),
                ("reporters", t("Its customers")),
                ("public", t("Everyone")),
                ("staff", t("Staff only")),
            ),
            _choice(
                "next",
                t("When does the next update come?"),
                *nexts,
                (LAST, t("This is the last one")),
            ),
        ),
    )


ALSO = "also_"


def _others(look: Look) -> tuple[str, ...]:
    organisation = look.playbook.organisation
    return tuple(x for x in organisation.languages if x != organisation.default_language)


def _also(language: str) -> Question:
    """The same for those who read another language; left empty, they get the first text."""
    label = t("The same in another language: {language}", language=language)
    return _words(f"{ALSO}{language}", label, WORDS_MOST, required=False)


def _publish(filled: Filled) -> Command:
    after = filled.words("next")
    audience = filled.words("audience")
    return ic.PublishUpdate.model_validate(
        {
            "incident": filled.incident,
            "words": filled.words("words"),
            "audience": audience,
            "next_by": None if after == LAST else filled.at + int(after),
            "also": {
                key.removeprefix(ALSO): filled.words(key)
                for key in filled.answers
                if key.startswith(ALSO) and filled.words(key)
            },
        }
    )


def _own(state: State | None, look: Look) -> Category | None:
    if not isinstance(state, Incident):
        return None
    return look.edition(state.playbook).category(state.category)


def _resources(state: State | None, look: Look) -> Form:
    own = _own(state, look)
    templates = [(one.key, one.title) for one in (own.tasks if own else ())]
    skills = tuple(look.playbook.skills.items())
    free = Condition(question="template", any_of=(OTHER,))
    questions = [
        _choice("template", t("What is needed?"), *templates, (OTHER, t("Something else"))),
        _words("what", t("What is to be done?")).model_copy(update={"when": free}),
    ]
    if skills:
        who = _choice("skill", t("Who can do it?"), *skills)
        questions.append(who.model_copy(update={"when": free}))
    questions.append(
        Question(
            key="needed",
            type=QuestionType.NUMBER,
            label=t("How many people?"),
            required=False,
            minimum=1,
            maximum=99,
        )
    )
    return Form(key="ask_for_resource", title=t("Ask for resources"), questions=tuple(questions))


def _ask(filled: Filled) -> Command:
    template = filled.words("template")
    needed = filled.answers.get("needed")
    return ic.AskForResource(
        incident=filled.incident,
        template="" if template == OTHER else template,
        what=filled.words("what"),
        skill=filled.words("skill"),
        needed=int(needed) if isinstance(needed, int | float) else 0,
    )


_LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
_NAMED = tuple((one.value, labels.LEVEL[one.value]) for one in _LEVELS)
_REASON = _words("reason", t("Why? The reason is kept."))


def _resolve(state: State | None, look: Look) -> Form:
    """How it was fixed; what nobody has seen to must be called off in so many words."""
    left = [one for one in state.tasks if one.unseen_to] if isinstance(state, Incident) else []
    note = _words("note", t("How was it fixed?"))
    told = t("The customers are asked whether it is fixed.")
    questions = [note.model_copy(update={"help": told})]
    if left:
        choices = (
            (str(one.number), t("{n}: {task}", n=one.number, task=named(one, look))) for one in left
        )
        question = _choice("call_off", t("Not done yet. Tick what is needed no longer"), *choices)
        fresh = {"type": QuestionType.MULTI_CHOICE, "minimum": 1}
        questions.append(question.model_copy(update=fresh))
    return Form(key="resolve", title=t("Resolve"), questions=tuple(questions))


def _resolved(filled: Filled) -> Command:
    ticked = filled.answers.get("call_off")
    numbers = tuple(int(one) for one in ticked) if isinstance(ticked, tuple) else ()
    return ic.ResolveIncident.model_validate(
        {"incident": filled.incident, "note": filled.words("note"), "call_off": numbers}
    )


def _assessed(state: State | None) -> Answers:
    if not isinstance(state, Incident):
        return {}
    return {"impact": state.impact.value, "urgency": state.urgency.value}


def _assess(filled: Filled) -> Command:
    return ic.AssessIncident(
        incident=filled.incident,
        impact=Level(filled.words("impact")),
        urgency=Level(filled.words("urgency")),
    )


FORMS: Mapping[str, FormKind] = {
    "claim": FormKind(
        _when("claim", t("Take the task")),
        lambda one: ic.ClaimTask(incident=one.incident, task=one.task, eta=_eta(one)),
        brings=ic.ClaimTask,
    ),
    "revise_eta": FormKind(
        _when("revise_eta", t("Another time of arrival")),
        lambda one: ic.ReviseEta(incident=one.incident, task=one.task, eta=_eta(one)),
        brings=ic.ReviseEta,
    ),
    "decline": FormKind(
        _simple("decline", t("I cannot"), _REASON),
        lambda one: ic.DeclineTask(
            incident=one.incident, task=one.task, reason=one.words("reason")
        ),
        brings=ic.DeclineTask,
    ),
    "release": FormKind(
        _simple("release", t("Give it back"), _REASON),
        lambda one: ic.ReleaseTask(
            incident=one.incident, task=one.task, reason=one.words("reason")
        ),
        brings=ic.ReleaseTask,
    ),
    "complete": FormKind(
        _simple("complete", t("Done"), _words("note", t("What was done?"), required=False)),
        lambda one: ic.CompleteTask(incident=one.incident, task=one.task, note=one.words("note")),
        brings=ic.CompleteTask,
    ),
    "update": FormKind(_update, _publish, brings=ic.PublishUpdate),
    "ask_for_resource": FormKind(_resources, _ask, brings=ic.AskForResource),
    "assess": FormKind(
        _simple(
            "assess",
            t("Assess"),
            _choice("impact", t("How far does it reach?"), *_NAMED),
            _choice("urgency", t("How soon must it be seen to?"), *_NAMED),
        ),
        _assess,
        known=_assessed,
        moved_by=(PriorityChanged,),
        brings=ic.AssessIncident,
    ),
    "resolve": FormKind(_resolve, _resolved, brings=ic.ResolveIncident),
    "hold": FormKind(
        _simple("hold", t("Hold"), _REASON),
        lambda one: ic.HoldIncident(incident=one.incident, reason=one.words("reason")),
        brings=ic.HoldIncident,
    ),
    "reopen": FormKind(
        _simple("reopen", t("Reopen"), _REASON),
        lambda one: ic.ReopenIncident(incident=one.incident, reason=one.words("reason")),
        brings=ic.ReopenIncident,
    ),
    "cancel": FormKind(
        _simple("cancel", t("Cancel the incident"), _REASON),
        lambda one: ic.CancelIncident(incident=one.incident, reason=one.words("reason")),
        brings=ic.CancelIncident,
    ),
    "note": FormKind(
        _simple("note", t("Note"), _words("words", t("What should colleagues know?"))),
        lambda one: ic.WriteIncidentNote(incident=one.incident, words=one.words("words")),
        brings=ic.WriteIncidentNote,
    ),
    "reply": FormKind(
        _simple(
            "reply",
            t("Reply"),
            _words("words", t("What do you write to the customer?"), WORDS_MOST),
        ),
        lambda one: ReplyToCustomer(report=str(one.args["report"]), words=one.words("words")),
        brings=ReplyToCustomer,
    ),
    "report_note": FormKind(
        _simple("report_note", t("Note"), _words("words", t("What should colleagues know?"))),
        lambda one: WriteNote(report=str(one.args["report"]), words=one.words("words")),
        brings=WriteNote,
    ),
    "report": FormKind(
        asking_forms.report_form,
        lambda one: asking_forms.report_sent(one.answers),
        again=asking_forms.report_again,
        decides=(CATEGORY,),
        known=asking_forms.report_known,
        alone=True,
    ),
    "question": FormKind(
        asking_forms.question_form,
        lambda one: asking_forms.question_answered(str(one.args["field"]), one.answers),
        alone=True,
        talked=True,
    ),
    following.FORM: FormKind(
        following.subscribe_form(here=False),
        lambda one: following.subscribed(one.args, one.answers, one.zone),
        known=following.usual,
        alone=True,
    ),
    following.FORM_HERE: FormKind(
        following.subscribe_form(here=True),
        lambda one: following.subscribed(one.args, one.answers, one.zone),
        known=following.usual_here,
    ),
    "from_message": FormKind(
        asking_forms.message_form,
        lambda one: asking_forms.message_opened(one.answers),
        again=asking_forms.message_again,
        decides=(CATEGORY,),
    ),
}
