"""Whom to ask for a task, and why: a ranking in words, and what stands in the way of the others.

Who can do it and may be asked comes in this order: on site or coming to this incident already, by
the nearest stated time; who covers where it is; who carries least; who has rested longest.
"""

from collections.abc import Iterator

from bot.core.calendar import HOUR
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import TaskPlace
from bot.core.playbook import Playbook
from bot.core.resource_words import Because
from bot.core.task import Task
from bot.core.texts import Phrase, Span, Text, When, Who, t, tn

RESTED = 4 * HOUR
NEVER = -1


class Resource(Frozen):
    """Somebody who could be asked. `owns` and `tasks` count what they carry, `worked_at` is when
    they last came back from a task, `channels` are those on which they can be reached; `place` is
    that of the playbook by which alone they work here.
    """

    person: PersonId
    skills: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    available: bool = True
    off: bool = False
    away_until: Millis | None = None
    owns: int = 0
    tasks: int = 0
    worked_at: Millis | None = None
    channels: tuple[str, ...] = ()
    place: str = ""


class Crew(Frozen):
    """Every resource as the house knows them `at` that moment; `areas` are those in which the
    incident is.
    """

    people: tuple[Resource, ...] = ()
    areas: tuple[str, ...] = ()
    at: Millis = 0


class Suggested(Frozen):
    """Somebody to ask: why, in words and as it is kept in the log, and by which channels."""

    person: PersonId
    reasons: tuple[Text, ...]
    because: tuple[Because, ...]
    channels: tuple[str, ...]
    place: str = ""


class Suggestion(Frozen):
    """Whom to ask, the best first, and why others who could do it cannot be asked."""

    people: tuple[Suggested, ...] = ()
    short: tuple[Text, ...] = ()


def areas_at(playbook: Playbook, where: str) -> tuple[str, ...]:
    """The areas of the playbook that the words of a place lie in."""
    said = f" {' '.join(where.casefold().replace(',', ' ').split())} "
    return tuple(
        key
        for key, area in playbook.areas.items()
        if any(
            f" {' '.join(word.casefold().split())} " in said
            for words in area.words.values()
            for word in words
        )
    )


def suggest(
    crew: Crew, playbook: Playbook, skill: str, at: Millis, state: Incident, task: Task | None
) -> Suggestion:
    """Whom to ask for `task` of `state`, or (None) for a new one that wants `skill`."""
    able = [one for one in crew.people if not skill or skill in one.skills]
    hindered = {one.person: _hindrance(one, task) for one in able}
    fit = [one for one in able if hindered[one.person] is None]
    fit.sort(key=lambda one: _rank(one, crew, state, at))
    people = tuple(_suggested(one, crew, playbook, skill, state, at) for one in fit)
    short = tuple(text for text in hindered.values() if text is not None)
    if not fit:
        short = (_nobody(playbook, skill, len(able)), *short)
    return Suggestion(people=people, short=short)


# --- why not ---------------------------------------------------------------------------------


def _nobody(playbook: Playbook, skill: str, able: int) -> Text:
    named: Phrase = playbook.skills.get(skill) or t("any skill")
    if not able:
        return t("Nobody here has the skill: {skill}.", skill=named)
    return tn(
        "{n} person has the skill ({skill}), and cannot be asked now.",
        "{n} people have the skill ({skill}), and none can be asked now.",
        n=able,
        skill=named,
    )


def _hindrance(one: Resource, task: Task | None) -> Text | None:
    """Why somebody who could do it is not asked; None when they can be."""
    who = Who(person=one.person)
    said = None if task is None else _said(one.person, who, task) or _asked(one.person, who, task)
    if said is not None:
        return said
    if one.off:
        return _until(one, who) or t("{who} is off.", who=who)
    if not one.available:
        return _until(one, who) or t("{who} is busy.", who=who)
    return None


def _said(person: PersonId, who: Who, task: Task) -> Text | None:
    if task.place_of(person) is not None:
        return t("{who} has a place on it already.", who=who)
    declined = next((one for one in task.call.declines if one.person == person), None)
    if declined is not None:
        return t("{who} declined: {reason}", who=who, reason=declined.reason)
    if person in task.declined:
        return t("{who} declined.", who=who)
    return None


def _asked(person: PersonId, who: Who, task: Task) -> Text | None:
    asked = next((one for one in task.call.asked if one.person == person), None)
    if asked is None or asked.answer in ("coming", "free"):
        return None
    if asked.answer == "declined":
        return t("{who} gave it back.", who=who)
    time = When(at=asked.at)
    if asked.answer == "silent":
        return t("{who} was asked at {time} and did not answer.", who=who, time=time)
    return t("{who} was asked at {time}.", who=who, time=time)


def _until(one: Resource, who: Who) -> Text | None:
    if one.away_until is None:
        return None
    return t("{who} is away until {time}.", who=who, time=When(at=one.away_until))


# --- why -------------------------------------------------------------------------------------


def _rank(
    one: Resource, crew: Crew, state: Incident, at: Millis
) -> tuple[Millis, bool, int, Millis, PersonId]:
    stated = _stated(one.person, state)
    near = stated if stated is not None else at + 365 * 24 * HOUR
    worked = NEVER if one.worked_at is None else one.worked_at
    return (near, not _covers(one, crew), one.tasks + one.owns, worked, one.person)


def _covers(one: Resource, crew: Crew) -> bool:
    return any(area in crew.areas for area in one.areas)


def _places(person: PersonId, state: Incident) -> Iterator[TaskPlace]:
    for task in state.tasks:
        if not task.cancelled:
            yield from (one for one in task.places if one.person == person)


def _stated(person: PersonId, state: Incident) -> Millis | None:
    """When they are at this incident by their own words; 0 when they are there."""
    places = list(_places(person, state))
    if any(one.status == "on_site" for one in places):
        return 0
    coming = [one.eta for one in places if one.status != "done"]
    bids = [bid.eta for task in state.tasks for bid in task.call.bids if bid.person == person]
    return min((*coming, *bids), default=None)


def _suggested(
    one: Resource, crew: Crew, playbook: Playbook, skill: str, state: Incident, at: Millis
) -> Suggested:
    found = [*_words(one, crew, playbook, skill, state, at)]
    return Suggested(
        person=one.person,
        reasons=tuple(text for _, text in found),
        because=tuple(dict.fromkeys(why for why, _ in found if why is not None)),
        channels=one.channels,
        place=one.place,
    )


def _words(
    one: Resource, crew: Crew, playbook: Playbook, skill: str, state: Incident, at: Millis
) -> Iterator[tuple[Because | None, Text]]:
    stated = _stated(one.person, state)
    if stated == 0:
        yield "there", t("is on site already")
    elif stated is not None:
        yield "coming", t("says: there at {time}", time=When(at=stated))
    if skill:
        yield "skill", t("{skill}", skill=playbook.skills.get(skill) or skill)
    near = next((area for area in one.areas if area in crew.areas), None)
    if near is not None:
        yield "place", t("covers {place}", place=playbook.areas[near].name)
    yield _load(one)
    if one.worked_at is None:
        return
    rest = max(0, at - one.worked_at)
    yield "rested" if rest >= RESTED else None, t("back {span} ago", span=Span(ms=_rounded(rest)))


def _load(one: Resource) -> tuple[Because | None, Text]:
    carried = one.tasks + one.owns
    if not carried:
        return "free", t("carries nothing")
    return None, tn("carries {n} thing", "carries {n} things", n=carried)


def _rounded(span: Millis) -> Millis:
    """In whole minutes, or hours once there are some."""
    unit = HOUR if span >= HOUR else HOUR // 60
    return max(unit, span // unit * unit)


def in_one_line(one: Suggested) -> Text:
    """The reasons as one sentence."""
    text = t("{words}", words=one.reasons[0]) if one.reasons else t("can be asked")
    for more in one.reasons[1:]:
        text = t("{first}, {second}", first=text, second=more)
    return text
