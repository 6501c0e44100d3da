"""Whom to ask and who offers, as pages show it: by name, with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.ids import Millis, PersonId
from bot.core.iimarch import briefing
from bot.core.incident import Incident
from bot.core.incident_words import How
from bot.core.personal import Personal
from bot.core.suggesting import Crew, Suggestion, in_one_line, suggest
from bot.core.task import Task
from bot.core.texts import Phrase, Text
from bot.engine.read import Reads, Said

SUGGESTED_MOST = 8
Names = Mapping[PersonId, str]


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who could be asked: why, and on which channels beside their open pages."""

    person: PersonId
    name: str
    why: Text
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask for a skill ("" for any), best first, and why nobody else."""

    skill: str
    called: Phrase | str
    people: tuple[Option, ...]
    short: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class BidView:
    """Somebody who could be there at `eta`."""

    person: PersonId
    name: str
    eta: Millis
    note: Said


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Somebody who was asked by name, or said no: `answer` as the task keeps it."""

    name: str
    at: Millis
    answer: str
    reason: Said = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """One person on a task."""

    person: PersonId
    name: str
    status: str
    eta: Millis
    late: bool
    read: bool = False
    help: bool = False
    unanswered: int = 0
    offered_to: str = ""


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of an incident. What the playbook asks for is said in every language."""

    number: int
    what: Phrase | Said
    skill: Phrase | str
    needed: int
    status: str
    places: tuple[PlaceView, ...]
    declined: int
    template: str
    unseen_to: bool
    moved: bool
    how: How
    bids: tuple[BidView, ...]
    answered: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A part of a briefing: its heading, and (label, words) beneath it."""

    letter: str
    title: Text
    lines: tuple[tuple[Phrase | None, Text], ...]


def suggested(
    reads: Reads, state: Incident, crew: Crew, names: Names, skill: str, task: Task | None = None
) -> Asking:
    """Whom to ask for `skill`, or for what is still wanted on `task`."""
    found: Suggestion = suggest(crew, reads.playbook, skill, reads.now, state, task)
    channels = reads.engine.parts.channels
    return Asking(
        skill=skill,
        called=reads.playbook.skills.get(skill, ""),
        people=tuple(
            Option(
                one.person,
                names.get(one.person, ""),
                in_one_line(one),
                tuple(by for by in one.channels if by in channels),
            )
            for one in found.people[:SUGGESTED_MOST]
        ),
        short=tuple(reads.told(one) for one in found.short),
    )


def wanted_skills(state: Incident, templates: tuple[str, ...]) -> tuple[str, ...]:
    """The skills that may be asked for here: those of the templates, of open tasks, and any."""
    tasks = (one.skill for one in state.tasks if one.status == "open")
    return tuple(dict.fromkeys((*templates, *tasks, "")))


def bids(reads: Reads, task: Task, names: Names) -> tuple[BidView, ...]:
    """The nearest first."""
    return tuple(
        BidView(one.person, names.get(one.person, ""), one.eta, _maybe(reads, one.note))
        for one in task.call.nearest
    )


def _maybe(reads: Reads, said: Personal | None) -> Said:
    """Words that may have been left out, which is not the same as deleted ones."""
    return "" if said is None else reads.said(said)


def answered(reads: Reads, task: Task, names: Names) -> tuple[AnswerView, ...]:
    """Everybody who was asked by name, and everybody who declined, with the reason."""
    declined = {one.person: one for one in task.call.declines}
    asked = [
        AnswerView(names.get(one.person, ""), one.at, one.answer)
        for one in task.call.asked
        if one.person not in declined
    ]
    said_no = (
        AnswerView(names.get(one.person, ""), one.at, "declined", reads.said(one.reason))
        for one in declined.values()
    )
    return (*asked, *said_no)


def people_of(task: Task) -> tuple[PersonId, ...]:
    """Everybody whom a task names."""
    call = task.call
    held = [one.person for one in task.places]
    offered = [one.offered_to for one in task.places if one.offered_to]
    asked = [one.person for one in call.asked]
    asked += [one.person for one in call.bids]
    asked += [one.person for one in call.declines]
    return tuple(dict.fromkeys((*held, *offered, *asked)))


def brief(reads: Reads, state: Incident, task: Task) -> tuple[Heading, ...]:
    """The briefing of a task by IIMARCH, opened."""
    parts = briefing(state, task, reads.playbook, reads.edition(state.playbook))
    return tuple(
        Heading(
            letter=part.heading,
            title=part.title,
            lines=tuple((one.label, reads.told(one.said)) for one in part.lines),
        )
        for part in parts
    )
