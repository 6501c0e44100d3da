"""A form asked question by question: each question, the summary, and what came of it, as cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core import steps
from bot.core.cards import (
    BUTTONS_MOST,
    FIELDS_MOST,
    Action,
    Actions,
    Button,
    Card,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Section,
    Style,
)
from bot.core.cards import Arg as ActionArg
from bot.core.forms import Choice, Form, Location, Question, QuestionType, Value
from bot.core.playbook_assess import answer_text
from bot.core.steps import Walked
from bot.core.texts import Phrase, t, tn
from bot.views.asking import SKIPPED, WANTS
from bot.views.look import STEP, built, leads

ANSWER, TICK, DONE, KEEP, BACK, SKIP = "answer", "tick", "done", "keep", "back", "skip"
CANCEL, PAGE, SEND, CHANGE, PICK = "cancel", "page", "send", "change", "pick"
SHOWN_MOST = 200
"""So much of an answer is shown to whoever wrote it."""

BY_PRESS = (QuestionType.CHOICE, QuestionType.MULTI_CHOICE, QuestionType.YES_NO)
_WRITE = t("Write your answer here.")
_REPLY = t("Reply to this message to answer. Other words here are no answer.")
_HINTS: Mapping[QuestionType, Phrase] = {
    QuestionType.DATE: t("Write it as year-month-day, such as 2026-11-22."),
    QuestionType.TIME: t("Write it as hours and minutes, such as 14:05."),
    QuestionType.NUMBER: t("Write a number in figures."),
    QuestionType.EMAIL: t("Write it like name@example.org."),
    QuestionType.PHONE: t("Write it in figures, with the area code."),
    QuestionType.LOCATION: t("Write an address, or a place that somebody can find."),
    QuestionType.FILE: t("This cannot be sent here."),
    QuestionType.PERSON: t("This cannot be sent here."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a form on its way: its own id `walk`, and how far it is.

    `name` is who is asked, where others read along, "" alone with them; `fault` why it was not
    taken as it is.
    """

    walk: str
    form: Form
    walked: Walked
    name: str = ""
    fault: Phrase | None = None


def card(shown: Shown) -> Card[Phrase]:
    """The open question; at the end of them the summary, or the answers to choose from."""
    question = steps.asked_now(shown.form, shown.walked)
    if question is not None:
        return _question(shown, question)
    return _choosing(shown) if shown.walked.choosing else _summary(shown)


def _step(
    label: Phrase, shown: Shown, do: str, style: Style = "normal", **args: ActionArg
) -> Button[Phrase]:
    return Button(label, Action(STEP, {"walk": shown.walk, "do": do, **args}), style)


# --- a question --------------------------------------------------------------------------------


def _question(shown: Shown, question: Question) -> Card[Phrase]:
    form, walked = shown.form, shown.walked
    known = steps.kept(question, walked)
    first = not walked.given and form.intro is not None
    asked = built(
        t("{question}", question=question.label),
        Context(form.title),
        Context(form.intro) if first and form.intro is not None else None,
        Header(question.label),
        Context(question.help) if question.help else None,
        _hint(shown, question),
        None if known is None else Context(t("Now: {value}", value=said(question, known))),
        _answers(shown, question, known),
        _footer(shown, question),
    )
    return replace(asked, wants="" if shown.name else WANTS.get(question.type, ""))


def _hint(shown: Shown, question: Question) -> Context[Phrase] | None:
    if question.type in BY_PRESS:
        return None
    hint = _bounds(question) or _HINTS.get(question.type)
    if not shown.name:
        return Context(hint or _WRITE)
    if hint is None:
        return Context(_REPLY)
    return Context(t("{how} {where}", how=hint, where=_REPLY))


def _bounds(question: Question) -> Phrase | None:
    """Between which numbers it is."""
    low, high = question.minimum, question.maximum
    if question.type is not QuestionType.NUMBER or (low is None and high is None):
        return None
    if low is None:
        return t("Write a number of at most {most}.", most=f"{high:g}")
    if high is None:
        return t("Write a number of at least {least}.", least=f"{low:g}")
    return t("Write a number from {least} to {most}.", least=f"{low:g}", most=f"{high:g}")


def _footer(shown: Shown, question: Question) -> Footer[Phrase] | None:
    way = steps.on_the_way(shown.form, shown.walked)
    keys = [one.key for one in way]
    n, total, name = keys.index(question.key) + 1, len(keys), shown.name
    if total == 1:
        return Footer(t("Asked of {name}.", name=name)) if name else None
    if name:
        return Footer(t("Asked of {name}. Question {n} of {total}", name=name, n=n, total=total))
    return Footer(t("Question {n} of {total}", n=n, total=total))


def _answers(shown: Shown, question: Question, known: Value) -> Actions[Phrase]:
    """What can be pressed; many choices in pages, the ways to go beneath them."""
    always = [] if known is None else [_step(t("Keep this"), shown, KEEP, field=question.key)]
    pressed: Sequence[Button[Phrase]] = ()
    if question.type is QuestionType.CHOICE:
        pressed = [_choice(shown, question, one) for one in question.choices]
    elif question.type is QuestionType.MULTI_CHOICE:
        taken = steps.ticks(question, shown.walked)
        pressed = [_tick(shown, question, one, one.value in taken) for one in question.choices]
        always = [_step(t("Done"), shown, DONE, "primary", field=question.key)]
    elif question.type is QuestionType.YES_NO:
        yes = _step(t("Yes"), shown, ANSWER, field=question.key, value=True)
        pressed = [yes, _step(t("No"), shown, ANSWER, field=question.key, value=False)]
    here, pages = _paged(shown, pressed, BUTTONS_MOST - len(always))
    return Actions((*here, *always), (*pages, *_ways(shown, question)))


def _choice(shown: Shown, question: Question, one: Choice) -> Button[Phrase]:
    return _step(one.label, shown, ANSWER, field=question.key, value=one.value)


def _tick(shown: Shown, question: Question, one: Choice, taken: bool) -> Button[Phrase]:
    label = t("✓ {choice}", choice=one.label) if taken else one.label
    return _step(label, shown, TICK, field=question.key, value=one.value, on=not taken)


def _paged(
    shown: Shown, pressed: Sequence[Button[Phrase]], room: int
) -> tuple[Sequence[Button[Phrase]], list[Button[Phrase]]]:
    """Those of the page that is shown, and how to come to the other pages."""
    last = max(0, (len(pressed) - 1) // room)
    page = min(max(0, shown.walked.page), last)
    ways = []
    if page < last:
        ways.append(_step(t("More choices"), shown, PAGE, page=page + 1))
    if page > 0:
        ways.append(_step(t("Previous choices"), shown, PAGE, page=page - 1))
    return pressed[page * room : (page + 1) * room], ways


def _ways(shown: Shown, question: Question) -> list[Button[Phrase]]:
    ways = []
    if steps.on_the_way(shown.form, shown.walked)[0].key != question.key:
        ways.append(_step(t("Back"), shown, BACK, field=question.key))
    if not question.required:
        ways.append(_step(t("Skip"), shown, SKIP, field=question.key))
    return [*ways, _step(t("Cancel"), shown, CANCEL)]


# --- the end -----------------------------------------------------------------------------------


def _summary(shown: Shown) -> Card[Phrase]:
    form, walked = shown.form, shown.walked
    fields = [
        Field(one.title, said(one, walked.given.get(one.key)))
        for one in steps.on_the_way(form, walked)
        if walked.given.get(one.key) is not None
    ]
    left = len(fields) - FIELDS_MOST
    check = t("Is this right?")
    return built(
        t("{title}: {check}", title=form.title, check=check),
        Context(form.title),
        Header(shown.fault or check),
        Fields(tuple(fields[:FIELDS_MOST])),
        Context(tn("and {n} more answer", "and {n} more answers", n=left)) if left > 0 else None,
        Actions(
            (
                _step(form.submit, shown, SEND, "primary"),
                _step(t("Change an answer"), shown, CHANGE),
            ),
            (_step(t("Cancel"), shown, CANCEL),),
        ),
        Footer(t("Asked of {name}.", name=shown.name)) if shown.name else None,
    )


def _choosing(shown: Shown) -> Card[Phrase]:
    asked = t("Which answer do you want to change?")
    way = steps.on_the_way(shown.form, shown.walked)
    every = [_step(one.title, shown, PICK, field=one.key) for one in way]
    here, pages = _paged(shown, every, BUTTONS_MOST)
    ways = (*pages, _step(t("Back"), shown, BACK), _step(t("Cancel"), shown, CANCEL))
    return built(
        asked,
        Context(shown.form.title),
        Header(asked),
        Actions(tuple(here), ways),
        Footer(t("Asked of {name}.", name=shown.name)) if shown.name else None,
    )


def said(question: Question, value: Value) -> Phrase:
    """An answer, as whoever gave it reads it again."""
    if value is None:
        return SKIPPED
    if isinstance(value, Location):
        value = value.text or f"{value.lat:.5f}, {value.lon:.5f}"
    if isinstance(value, str) and not question.choices:
        cut = value if len(value) <= SHOWN_MOST else f"{value[:SHOWN_MOST].rstrip()}…"
        return t("{answer}", answer=cut)
    return answer_text(question, value)


def answered(question: Question, value: Value) -> Card[Phrase]:
    """A question that has its answer."""
    label, answer = question.label, said(question, value)
    summary = t("{question}: {answer}", question=label, answer=answer)
    return built(summary, Fields((Field(label, answer),)))


def over(text: str, link: str = "", label: str = "") -> Card[Phrase]:
    """What came of it, in a sentence that is in their words already."""
    told = t("{said}", said=text)
    more = Actions((leads(t("{said}", said=label), link),)) if link else None
    return built(told, Section(told), more)
