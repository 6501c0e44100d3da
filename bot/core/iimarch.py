"""The briefing of who goes to an incident, by IIMARCH: only the headings that apply, on one page.

Information, Intent, Method, Administration, Risk assessment, Communications, Humanitarian issues.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.core.caller import desk_questions
from bot.core.forms import Question, QuestionType
from bot.core.frozen import Frozen
from bot.core.ids import SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.personal import Personal
from bot.core.playbook import IncidentPlan, Playbook
from bot.core.playbook_assess import answer_text, dangers
from bot.core.task import Task
from bot.core.texts import Phrase, Ref, Span, Text, When, Who, t

MOST = 20
_NOT_WORDS = (QuestionType.FILE, QuestionType.PERSON)

Heading = Literal["I", "N", "M", "A", "R", "C", "H"]
"""By its letter; Intent is `N`, since Information has the first I."""

HEADINGS: dict[Heading, Text] = {
    "I": t("Information"),
    "N": t("Intent"),
    "M": t("Method"),
    "A": t("Administration"),
    "R": t("Risk assessment"),
    "C": t("Communications"),
    "H": t("Humanitarian issues"),
}
_LETTERS = {
    "location": t("Exact location"),
    "type": t("Type"),
    "access": t("Access and egress"),
    "services": t("Emergency services"),
}


class Line(Frozen):
    """One thing to know; `label` may be missing where the words stand for themselves."""

    label: Phrase | None
    said: Text


class Part(Frozen):
    """A heading with what stands beneath it."""

    heading: Heading
    lines: tuple[Line, ...]

    @property
    def title(self) -> Text:
        """The heading in words."""
        return HEADINGS[self.heading]


def briefing(
    state: Incident, task: Task, playbook: Playbook, plan: IncidentPlan
) -> tuple[Part, ...]:
    """What somebody needs who comes for `task` of `state`."""
    found: dict[Heading, list[Line]] = {
        "I": [*_information(state, plan)],
        "N": [Line(label=None, said=t("{words}", words=task.what))],
        "M": [*_method(task, playbook)],
        "A": [*_administration(state)],
        "R": [*_risks(state, plan)],
        "C": [*_communications(playbook)],
        "H": [*_letter(state, "number", t("Those affected"))],
    }
    return tuple(
        Part(heading=heading, lines=tuple(lines)) for heading, lines in found.items() if lines
    )


def for_post(
    state: Incident, duty: Phrase, playbook: Playbook, plan: IncidentPlan
) -> tuple[Part, ...]:
    """What somebody needs who takes a post of a major incident: their duty is the intent."""
    found: dict[Heading, list[Line]] = {
        "I": [*_information(state, plan)],
        "N": [Line(label=None, said=t("{words}", words=duty))],
        "A": [*_administration(state)],
        "R": [*_risks(state, plan)],
        "H": [*_letter(state, "number", t("Those affected"))],
    }
    return tuple(Part(heading=key, lines=tuple(lines)) for key, lines in found.items() if lines)


def whose(state: Incident) -> SubjectId | None:
    """About whom a briefing is, and with whom it is erased; None for nobody but the incident."""
    about = [one.value for one in state.facts if isinstance(one.value, Personal)]
    return next((one.subject for one in about if not one.erased), None)


def as_text(first: Text, parts: Iterable[Part]) -> Text:
    """The parts beneath `first`, each beneath its heading."""
    said = first
    for part in parts:
        said = t("{before}\n\n{heading}", before=said, heading=part.title)
        for line in part.lines:
            said = _with(said, line)
    return said


def _with(before: Text, line: Line) -> Text:
    if line.label is None:
        return t("{before}\n{said}", before=before, said=line.said)
    return t("{before}\n{label} – {said}", before=before, label=line.label, said=line.said)


def facts(state: Incident, plan: IncidentPlan) -> list[tuple[Question, Fact]]:
    """What is known; beside danger not the answer that there was none."""
    known = {one.field: one for one in state.facts if one.value is not None}
    for key, grave in _dangers(state, plan).items():
        if state.danger and not grave:
            known.pop(key, None)
    fit = [
        one
        for one in desk_questions(plan, state.category)
        if one.key in known and one.type not in _NOT_WORDS
    ]
    return [(one, known[one.key]) for one in fit if not _is_erased(known[one.key])][:MOST]


def _dangers(state: Incident, plan: IncidentPlan) -> dict[str, bool]:
    plain = {x.field: x.value for x in state.facts if not isinstance(x.value, Personal)}
    return dangers(plan, state.category, plain)


def _is_erased(fact: Fact) -> bool:
    return isinstance(fact.value, Personal) and fact.value.erased


def _said(question: Question, fact: Fact) -> Text:
    if isinstance(fact.value, Personal):
        return t("{words}", words=fact.value)
    return answer_text(question, fact.value)


def _information(state: Incident, plan: IncidentPlan) -> Iterator[Line]:
    """The newest METHANE first, then what customers and callers answered."""
    for letter, label in _LETTERS.items():
        yield from _letter(state, letter, label)
    for question, fact in facts(state, plan):
        yield Line(label=question.title, said=_said(question, fact))


def _letter(state: Incident, letter: str, label: Text) -> Iterator[Line]:
    words = state.major.methane.words(letter)
    if words is not None and not words.erased:
        yield Line(label=label, said=t("{words}", words=words))


def _method(task: Task, playbook: Playbook) -> Iterator[Line]:
    name = next(
        (
            part.title
            for own in playbook.categories.values()
            for part in own.tasks
            if task.template and part.key == task.template
        ),
        None,
    )
    if name is not None:
        yield Line(label=None, said=t("{words}", words=name))
    for place in task.places:
        if place.status != "done":
            who, eta = Who(person=place.person), When(at=place.eta)
            yield Line(label=None, said=t("{who}, there at {eta}", who=who, eta=eta))


def _administration(state: Incident) -> Iterator[Line]:
    yield Line(label=t("Incident"), said=t("{ref}", ref=Ref(ref=state.reference)))
    if state.owner is not None:
        yield Line(label=t("Who has it"), said=t("{who}", who=Who(person=state.owner)))


def _risks(state: Incident, plan: IncidentPlan) -> Iterator[Line]:
    if state.danger:
        yield Line(label=None, said=t("Danger to people was reported."))
    grave = [key for key, is_grave in _dangers(state, plan).items() if is_grave]
    for question, fact in facts(state, plan):
        if question.key in grave:
            yield Line(label=question.title, said=_said(question, fact))
    yield from _letter(state, "hazards", t("Hazards"))


def _communications(playbook: Playbook) -> Iterator[Line]:
    every = playbook.tasks.check_in
    if every is not None:
        text = t("On site we ask every {span} whether all is well.", span=Span(ms=every))
        yield Line(label=None, said=text)
