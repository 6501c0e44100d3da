"""A report's questions in a conversation: one card for each, then the summary to be sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from bot.core.asking import last_place, open_places, open_question, place_of, questions
from bot.core.cards import (
    BUTTONS_MOST,
    FIELDS_MOST,
    MORE_MOST,
    Actions,
    Block,
    Button,
    Card,
    Confirm,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Section,
    Style,
    Wants,
)
from bot.core.forms import (
    Form,
    Question,
    QuestionType,
    complete,
    previous_question,
    visible,
)
from bot.core.personal import Personal
from bot.core.playbook_assess import answer_text
from bot.core.playbook_forms import CATEGORY
from bot.core.report import Answered, Report
from bot.core.reporting import chosen
from bot.core.texts import Phrase, Ref, Text, When, t, tn
from bot.views.help import HELP, with_help
from bot.views.look import MEAN, Look, built, button, leads, opens

NEAR = 1
SKIPPED = t("left out")
LATER = t("We come back to this in a moment.")
NOTICE = t("What we do with what you tell us")
_HINTS = {
    QuestionType.FILE: t("Send it here, as a file or a photo."),
    QuestionType.DATE: t("Write it as year-month-day, such as 2026-11-22."),
    QuestionType.TIME: t("Write it as hours and minutes, such as 14:05."),
    QuestionType.NUMBER: t("Write a number in figures."),
}
_PRESSED = (QuestionType.CHOICE, QuestionType.MULTI_CHOICE, QuestionType.YES_NO)
_WRITE = t("Write your answer here.")
WANTS: Mapping[QuestionType, Wants] = {
    QuestionType.LOCATION: "location",
    QuestionType.PHONE: "contact",
}
"""What a platform may have a way of its own to give."""


def places(state: Report, number: int, look: Look) -> tuple[str, ...]:
    """Nowhere but with its person."""
    return ()


def hangs(state: Report, number: int) -> bool:
    """Only what is open now; what was never asked here is not told afterwards."""
    return state.stage == "answering" and state.asking and number in open_places(state)


def card(state: Report, number: int, look: Look) -> Card[Phrase] | None:
    """What stands at place `number`: an answer, the open question, the summary, or its end."""
    if number > last_place(state):
        return None
    form = questions(state, look.edition(state.playbook), look.playbook)
    given = state.answers[number - 1] if number <= len(state.answers) else None
    if given is not None and not given.reopened:
        return _said(given, form, state)
    if not state.asking or state.stage != "answering":
        return None if given is not None else _over(state)
    question = open_question(state, form)
    if question is None:
        return _summary(state, form) if given is None and complete(form, state.known()) else None
    asked_at, last = place_of(state, question.key), last_place(state)
    if asked_at == number or (number == last and last - asked_at > NEAR):
        # What is asked far above is asked where they look, too.
        return _asked(state, question, form, look)
    return built(LATER, Context(LATER))


# --- what was said -----------------------------------------------------------------------------


def _said(given: Answered, form: Form, state: Report) -> Card[Phrase] | None:
    asked = {one.key: one for one in visible(form, state.known())}
    question = asked.get(given.field)
    if question is None:
        gone = t("This is not needed any more.")
        return built(gone, Context(gone))
    label, value = question.label, _value(question, given)
    summary = t("{question}: {answer}", question=label, answer=value)
    return built(summary, Fields((Field(label, value),)))


def _value(question: Question, given: Answered) -> Text:
    if given.skipped or given.value is None:
        return SKIPPED
    if isinstance(given.value, Personal):
        if question.type is QuestionType.FILE:
            return t("received")
        return t("{words}", words=given.value)
    if question.type is QuestionType.FILE and isinstance(given.value, tuple):
        return tn("{n} file", "{n} files", n=len(given.value))
    return answer_text(question, given.value)


def _over(state: Report) -> Card[Phrase]:
    """The questions have come to their end, one way or another."""
    ref = Ref(ref=state.reference)
    if state.stage == "withdrawn":
        said = t("You stopped this report.")
    elif state.left == "person_wanted":
        said = t("We ask no more questions. A person will answer you here.")
    else:
        said = t("Sent. Your reference is {ref}.", ref=ref)
    return with_help(built(said, Context(said)))


# --- what is asked -----------------------------------------------------------------------------


def _asked(state: Report, question: Question, form: Form, look: Look) -> Card[Phrase]:
    answers, rest = _answers(question)
    skip = [] if question.required else [_skip(question)]
    room = BUTTONS_MOST - len(skip) - 1  # Help is always in sight.
    if len(answers) > room or (rest and len(answers) == room):
        # Who finds no category must not have to look for the way out.
        last = answers[-1:] if question.key == CATEGORY else []
        answers, rest = [*answers[: room - 1 - len(last)], *last], True
    more = [_choose(state.stream, question, bool(answers))] if rest else []
    first, privacy = _is_first(state, form, question), look.playbook.privacy
    ways = [*_ways(state, form, question.key)]
    if first and privacy.url is not None:
        ways.append(leads(NOTICE, privacy.url.pick(state.language)))
    blocks: tuple[Block[Phrase] | None, ...] = (
        Context(form.intro) if first and form.intro is not None else None,
        Section(question.label),
        Context(question.help) if question.help else None,
        _hint(question),
        hints(question, len(answers)),
        Context(privacy.text) if first and privacy.text is not None else None,
        Actions((*answers, *more, *skip, HELP), tuple(ways)),
        Footer(_how_far(state, form, question)),
    )
    asked = built(t("{question}", question=question.label), *blocks)
    return replace(asked, wants=WANTS.get(question.type, ""))


def _answers(question: Question) -> tuple[list[Button[Phrase]], bool]:
    """What can be pressed, and whether there is more than buttons can say."""
    key = question.key
    if question.type is QuestionType.CHOICE:
        pairs = [(one.label, one.value) for one in question.choices]
        return [
            button(said, "answer_question", field=key, value=value) for said, value in pairs
        ], False
    if question.type is QuestionType.YES_NO:
        yes = button(t("Yes"), "answer_question", field=key, value=True)
        return [yes, button(t("No"), "answer_question", field=key, value=False)], False
    return [], question.type in (QuestionType.MULTI_CHOICE, QuestionType.DATE)


def _choose(report: str, question: Question, some: bool) -> Button[Phrase]:
    label = t("More answers") if some else t("Choose")
    style: Style = "normal" if some else "primary"
    return opens(label, "question", style, field=question.key, report=report)


def _skip(question: Question) -> Button[Phrase]:
    return button(t("Skip"), "skip_question", field=question.key)


def _hint(question: Question) -> Context[Phrase] | None:
    if question.type in _PRESSED:
        return None
    return Context(_HINTS.get(question.type, _WRITE))


def hints(question: Question, most: int) -> Context[Phrase] | None:
    """What belongs to each of the first answers, where that is said."""
    told = [one for one in question.choices[:most] if one.hint is not None]
    lines = [t("{choice}: {hint}", choice=one.label, hint=one.hint) for one in told if one.hint]
    if not lines:
        return None
    text = lines[0]
    for line in lines[1:]:
        text = t("{first}\n{second}", first=text, second=line)
    return Context(text)


def _is_first(state: Report, form: Form, question: Question) -> bool:
    """The beginning of it all: words that came before, or a link, have answered one at most."""
    way = visible(form, state.known())
    return len(state.answers) <= 1 and not state.danger and way[0].key == question.key


def _how_far(state: Report, form: Form, question: Question) -> Text:
    """How many questions there are depends on the category."""
    known = state.known()
    shown = visible(form, known)
    before = takewhile(lambda one: one.key != question.key, shown)
    step = sum(1 for _ in before) + 1
    if CATEGORY not in known:
        return t("Question {n}", n=step)
    return t("Question {n} of {total}", n=step, total=len(shown))


def _ways(state: Report, form: Form, key: str | None) -> Iterator[Button[Phrase]]:
    """The other ways to go: back, a person, all at once, and out."""
    yield button(t("I want a person"), "ask_for_person")
    if previous_question(form, state.known(), key) is not None:
        yield button(t("Back"), "go_back")
    yield replace(opens(t("Answer all at once"), "report", report=state.stream), sheet=True)
    yield button(
        t("Stop"),
        "withdraw_report",
        confirm=Confirm(
            t("Stop this report?"),
            t("Nobody will work on it. You can begin a new one at any time."),
            t("Stop it"),
        ),
        why="cancelled",
    )


# --- which one ---------------------------------------------------------------------------------


def which(reports: Sequence[Report], now: Report, look: Look) -> Card[Phrase]:
    """Their reports, of which one is meant; a button each. What they wrote stands with `now`."""
    said = t("You have several reports with us. Which one is this about?")
    note = t("Until you say, it stands with {ref}.", ref=Ref(ref=now.reference))
    buttons = tuple(
        button(named(one, look), MEAN, report=one.stream) for one in reports[:BUTTONS_MOST]
    )
    return built(said, Section(said), Context(note), Actions(buttons))


def named(state: Report, look: Look) -> Text:
    """A report as its person knows it: its reference, and what it is about or when it began."""
    ref, known = Ref(ref=state.reference), chosen(state.known())
    what = look.playbook.category_name(known) if known else None
    if what is None:
        return t("{ref}, of {time}", ref=ref, time=When(at=state.started_at))
    return t("{ref}: {what}", ref=ref, what=what)


# --- changing an answer ------------------------------------------------------------------------


def changing(state: Report, look: Look) -> Card[Phrase]:
    """Which of the answers is to be another: a button each."""
    form = questions(state, look.edition(state.playbook), look.playbook)
    said = t("Which answer do you want to change?")
    given = [x for x in visible(form, state.known()) if state.answer(x.key) is not None]
    # Where not all have room, what everybody is asked goes before the details of a category.
    kept = sorted(given, key=lambda one: "." in one.key)[: BUTTONS_MOST + MORE_MOST - 1]
    buttons = tuple(button(one.title, "go_back", field=one.key) for one in given if one in kept)
    row = Actions(buttons[:BUTTONS_MOST], buttons[BUTTONS_MOST:])
    return built(said, Section(said), row)


# --- the summary -------------------------------------------------------------------------------


def _summary(state: Report, form: Form) -> Card[Phrase]:
    title = t("Is this right?")
    said = [
        Field(one.label, _value(one, given))
        for one in visible(form, state.known())
        if (given := state.answer(one.key)) is not None and not given.skipped
    ]
    left = len(said) - FIELDS_MOST
    return built(
        title,
        Header(title),
        Fields(tuple(said[:FIELDS_MOST])),
        Context(tn("and {n} more answer", "and {n} more answers", n=left)) if left > 0 else None,
        Actions(
            (
                button(form.submit, "confirm_summary", "primary"),
                opens(t("Change"), "report", report=state.stream),
                button(t("Back"), "go_back"),
                HELP,
            ),
            tuple(
                one
                for one in _ways(state, form, None)
                if one.action.name in ("ask_for_person", "withdraw_report")
            ),
        ),
        Footer(
            t("{ref}, as of {time}", ref=Ref(ref=state.reference), time=When(at=state.touched_at))
        ),
    )
