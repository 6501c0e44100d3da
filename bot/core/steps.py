"""How far somebody is in a form that is asked question by question; no channel in sight.

The open question is never kept: it is the first one that has no answer yet, so whatever is taken
back is asked again, and a form that becomes another one by an answer is asked as it is then.
"""

from collections.abc import Mapping

from pydantic import Field

from bot.core.answers import FormError, validate
from bot.core.forms import Answers, Form, Question, Value, relevant, visible
from bot.core.frozen import Frozen


class Walked(Frozen):
    """What was answered on the way (`given`), and what is known already and may be kept (`known`).

    `ticked` are the choices taken so far where several can be, None while nobody touched them;
    `page` which of many choices are shown; `choosing`: they are asked which answer to change.
    """

    known: Mapping[str, Value] = Field(default_factory=dict)
    given: Mapping[str, Value] = Field(default_factory=dict)
    ticked: tuple[str, ...] | None = None
    page: int = 0
    choosing: bool = False

    @property
    def said(self) -> Answers:
        """All that is known of the answers."""
        return {**self.known, **self.given}


def on_the_way(form: Form, walked: Walked) -> tuple[Question, ...]:
    """The questions as far as they can be told now."""
    return visible(form, walked.said)


def asked_now(form: Form, walked: Walked) -> Question | None:
    """The question that is open; None at the end."""
    return next((x for x in on_the_way(form, walked) if x.key not in walked.given), None)


def is_short(form: Form) -> bool:
    """Whether its one question, and what depends on it, need no summary."""
    return sum(one.when is None for one in form.questions) == 1


def to_send(form: Form, walked: Walked) -> Answers:
    """The answers that count."""
    return relevant(form, walked.given)


def kept(question: Question, walked: Walked) -> Value:
    """What is known already and would still do as the answer; None for nothing."""
    known = walked.known.get(question.key)
    found = None if known is None else validate(question, known)
    return None if isinstance(found, FormError) else found


def taken(form: Form, walked: Walked, key: str, raw: object) -> Walked | FormError:
    """After an answer to the question `key`, or why it does not do; nothing for one not asked."""
    question = next((one for one in on_the_way(form, walked) if one.key == key), None)
    if question is None:
        return walked
    value = validate(question, raw)
    if isinstance(value, FormError):
        return value
    return Walked(known=walked.known, given={**walked.given, key: value})


def back(form: Form, walked: Walked) -> Walked:
    """The question before is asked again; at the first one nothing changes."""
    if walked.choosing:
        return walked.model_copy(update={"choosing": False, "page": 0})
    shown = [one.key for one in on_the_way(form, walked)]
    question = asked_now(form, walked)
    before = shown[: shown.index(question.key)] if question is not None else shown
    return again(walked, before[-1]) if before else walked


def again(walked: Walked, key: str) -> Walked:
    """The question `key` is asked again; its answer is not lost."""
    given = {name: value for name, value in walked.given.items() if name != key}
    known = {name: value for name, value in walked.known.items() if name != key}
    value = walked.given.get(key)
    return Walked(known=known if value is None else {**known, key: value}, given=given)


def ticks(question: Question, walked: Walked) -> tuple[str, ...]:
    """The choices that are taken at the moment."""
    if walked.ticked is not None:
        return walked.ticked
    known = kept(question, walked)
    return known if isinstance(known, tuple) else ()


def ticked(question: Question, walked: Walked, value: str) -> Walked:
    """One more choice taken, or one less; what stands alone takes the place of the others."""
    choices = {one.value: one for one in question.choices}
    taken_now = ticks(question, walked)
    if value not in choices:
        return walked
    if value in taken_now:
        left = tuple(one for one in taken_now if one != value)
    else:
        alone = choices[value].alone
        others = [] if alone else [x for x in taken_now if x in choices and not choices[x].alone]
        left = tuple(one for one in choices if one in others or one == value)
    return walked.model_copy(update={"ticked": left})
