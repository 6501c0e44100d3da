"""How somebody answers the questions of any playbook: for the examples."""

from collections.abc import Callable
from itertools import islice

from bot.core import report_words as w
from bot.core.asking import open_question, questions
from bot.core.events import Event
from bot.core.forms import Question, QuestionType, Value
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.report import Report

MOST = 40
_SAID: dict[QuestionType, Value] = {
    QuestionType.NUMBER: 2,
    QuestionType.YES_NO: False,
    QuestionType.DATE: "2026-01-05",
    QuestionType.TIME: "09:30",
}
_WORDS: dict[QuestionType, str] = {
    QuestionType.LONG_TEXT: "The lights went out and the lift has stopped.",
    QuestionType.EMAIL: "carol@example.org",
    QuestionType.PHONE: "+44 20 7946 0000",
    QuestionType.LOCATION: "12 Mill Lane, second floor",
}


def answering(
    playbook: Playbook, begun: Callable[[tuple[Event, ...]], Report], most: int = MOST
) -> tuple[Event, ...]:
    """Events that answer the next `most` questions of the report that `begun` makes of such."""
    given: list[Event] = []
    for _ in islice(range(MOST), most):
        state = begun(tuple(given))
        question = open_question(state, questions(state, playbook, playbook))
        if question is None:
            break
        given.append(_answer(question, state))
    return tuple(given)


def asking_for(
    playbook: Playbook,
    begun: Callable[[tuple[Event, ...]], Report],
    wanted: Callable[[Question], bool],
) -> tuple[Event, ...]:
    """Events after which a question of that kind is asked; all there are if none is."""
    given = answering(playbook, begun)
    for count in range(len(given)):
        state = begun(given[:count])
        question = open_question(state, questions(state, playbook, playbook))
        if question is not None and wanted(question):
            return given[:count]
    return given


def _answer(question: Question, state: Report) -> Event:
    if question.type in (QuestionType.FILE, QuestionType.PERSON):
        return w.QuestionSkipped(field=question.key)
    value: Value = _SAID.get(question.type) or _WORDS.get(question.type, "As it says")
    if question.type is QuestionType.YES_NO:
        value = False
    if question.choices:
        first = question.choices[0].value
        value = (first,) if question.type is QuestionType.MULTI_CHOICE else first
    if question.personal:
        return w.QuestionAnswered(field=question.key, value=Personal(state.subject, str(value)))
    return w.QuestionAnswered(field=question.key, value=value)
