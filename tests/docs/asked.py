"""A form as it is asked question by question: each card of it, with made-up answers."""

from collections.abc import Iterator, Mapping

from bot.core import steps
from bot.core.cards import Card
from bot.core.forms import Form, Question, QuestionType, Value
from bot.core.steps import Walked
from bot.core.texts import Phrase
from bot.views import steps as view
from bot.views.steps import Shown

WALK = "w" * 26
ANSWERS: Mapping[QuestionType, Value] = {
    QuestionType.NUMBER: 4,
    QuestionType.EMAIL: "ana@muster.example",
    QuestionType.PHONE: "+44 20 7946 0018",
    QuestionType.DATE: "2026-11-22",
    QuestionType.TIME: "14:05",
    QuestionType.YES_NO: True,
    QuestionType.LOCATION: "12 Mill Lane, second floor",
}
USUAL = "The lights went out and the lift has stopped."


def asked(form: Form, name: str = "") -> Iterator[Card[Phrase]]:
    """Every question in order, then the summary. `name`: who is asked, where others read along."""
    walked = Walked()
    for _ in form.questions:
        question = steps.asked_now(form, walked)
        if question is None:
            break
        yield view.card(Shown(WALK, form, walked, name))
        walked = _answered(form, walked, question)
    yield view.card(Shown(WALK, form, walked, name))


def _answered(form: Form, walked: Walked, question: Question) -> Walked:
    found = steps.taken(form, walked, question.key, _answer(question))
    if isinstance(found, Walked):
        return found
    return Walked(known=walked.known, given={**walked.given, question.key: None})


def _answer(question: Question) -> Value | list[str]:
    """One that fits most questions of its kind."""
    choices = [one.value for one in question.choices]
    if question.type is QuestionType.MULTI_CHOICE:
        return choices[:1]
    return choices[0] if choices else ANSWERS.get(question.type, USUAL)
