"""Forms for writing to a customer: one's own words, or a ready answer to be sent or changed."""

from collections.abc import Mapping

from bot.core.canned import offered, ready
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Choice, Form, Question, QuestionType
from bot.core.report import Report
from bot.core.report_words import ReplyToCustomer
from bot.core.reporting import chosen
from bot.core.texts import t
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look
from bot.views.questions import WORDS_MOST, words

CANNED = "canned"


def _words(key: str = "words") -> Question:
    return words(key, t("What do you write to the customer?"), WORDS_MOST)


def _choice(state: State | None, look: Look, required: bool) -> Question | None:
    """The situations for which there is a ready answer."""
    category = chosen(state.known()) if isinstance(state, Report) else ""
    found = offered(look.playbook, category)
    if not found:
        return None
    return Question(
        key=CANNED,
        type=QuestionType.CHOICE,
        label=t("A ready answer"),
        required=required,
        choices=tuple(Choice(value=key, label=one.title) for key, one in found.items()),
    )


def _picked(state: State | None, look: Look, given: Answers) -> tuple[str, str]:
    """The ready answer that was chosen, and its text in the customer's language."""
    key = str(given.get(CANNED) or "")
    language = state.language if isinstance(state, Report) else ""
    return key, ready(look.playbook, key, language)


def _reply(state: State | None, look: Look, given: Answers) -> Form:
    """Where forms open on a sheet a ready answer fills it, to be changed before it is sent."""
    choice = _choice(state, look, required=False) if look.sheets else None
    if choice is None:
        return Form(key="reply", title=t("Reply"), questions=(_words(),))
    key, text = _picked(state, look, given)
    # A field of another name takes another text, also where what was typed stays by itself.
    words = _words(f"words_{key}") if text else _words()
    return Form(key="reply", title=t("Reply"), questions=(choice, words))


def _ready(state: State | None, look: Look, given: Answers) -> Form:
    """The situation first, then its text: left out, it goes as it stands."""
    title, choice = t("A ready answer"), _choice(state, look, required=True)
    if choice is None:
        return Form(key="ready_answer", title=title, questions=(_words(),))
    key, text = _picked(state, look, given)
    if not text:
        return Form(key="ready_answer", title=title, questions=(choice,))
    hint = t("Leave it out, and this is sent as it stands: {text}", text=text)
    words = _words(f"words_{key}").model_copy(update={"required": False, "help": hint})
    return Form(key="ready_answer", title=title, questions=(choice, words))


def _fills(state: State | None, look: Look, given: Answers) -> Answers:
    """The text of the ready answer that was chosen."""
    key, text = _picked(state, look, given)
    return {f"words_{key}": text} if text else {}


def _sent(filled: Filled) -> Command:
    key = filled.words(CANNED)
    words = filled.words(f"words_{key}") or filled.words("words")
    return ReplyToCustomer(report=str(filled.args["report"]), words=words, canned=key)


FORMS: Mapping[str, FormKind] = {
    "reply": FormKind(
        lambda state, look: _reply(state, look, {}),
        _sent,
        again=_reply,
        fills=_fills,
        decides=(CANNED,),
        brings=ReplyToCustomer,
    ),
    "ready_answer": FormKind(
        lambda state, look: _ready(state, look, {}),
        _sent,
        again=_ready,
        fills=_fills,
        decides=(CANNED,),
        brings=ReplyToCustomer,
    ),
}
