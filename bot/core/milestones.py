"""The figures of one incident: pairs of milestones, each recorded, pending, not applicable or
invalid, with why. Worked out whole each time, so whatever is corrected is right everywhere.

Figures are of incidents alone that were real ones: no other kinds, exercises, merged ones, and
nobody's time is measured where somebody is in distress. All spans are time by the clock.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from bot.core.calendar import MINUTE
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.measured import Asked, Coming, Span, last, owes
from bot.core.milestone_words import Milestone

Status = Literal["recorded", "pending", "not_applicable", "invalid"]
FigureKey = Literal["acknowledge", "first_word", "restore", "close", "claim", "arrive", "punctual"]
Why = Literal[
    "",
    "kind",
    "exercise",
    "test",
    "merged",
    "cancelled",
    "distress",
    "ended",
    "nobody",
    "before",
    "reversed",
    "called_off",
    "moved",
    "given_back",
    "not_noted",
    "none_owed",
]


class Figure(Frozen):
    """One figure. `ms` is the time between two milestones, `net_ms` without the pauses in it.

    `late_ms` is by how much somebody came after the time that they first said, less than 0 for
    before it. Of `due` updates `kept` came in time. `corrected`: one of its milestones was.
    """

    key: FigureKey
    status: Status
    why: Why = ""
    ms: Millis | None = None
    net_ms: Millis | None = None
    late_ms: Millis | None = None
    due: int = 0
    kept: int = 0
    task: int = 0
    person: PersonId | None = None
    corrected: bool = False


def recorded_at(state: Incident, milestone: Milestone, spoken: Millis | None) -> Millis | None:
    """When that milestone was, as the log has it; `spoken` as for `figures`."""
    match milestone:
        case "opened":
            return state.opened_at
        case "acknowledged":
            return state.measured.acknowledged_at
        case "first_word":
            words = (state.measured.told_at, spoken)
            return min((one for one in words if one is not None), default=None)
        case "restored":
            return state.resolved_at
        case "closed":
            return state.closed_at


def happened_at(state: Incident, milestone: Milestone, spoken: Millis | None) -> Millis | None:
    """When it was, as it was corrected or else recorded."""
    found = state.measured.correction(milestone)
    return recorded_at(state, milestone, spoken) if found is None else found.happened_at


def figures(state: Incident, now: Millis, spoken: Millis | None = None) -> tuple[Figure, ...]:
    """All figures of an incident; `spoken` is when somebody of the desk first wrote to whoever
    reported it first.
    """
    if why := left_out(state):
        keys: tuple[FigureKey, ...] = ("acknowledge", "first_word", "restore", "close", "punctual")
        return tuple(Figure(key=key, status="not_applicable", why=why) for key in keys)
    return (
        _between(state, "acknowledge", "acknowledged", spoken),
        _first_word(state, spoken),
        _between(state, "restore", "restored", spoken),
        _between(state, "close", "closed", spoken),
        _punctual(state, now),
        *_helped(state),
    )


def left_out(state: Incident) -> Why:
    """Why nothing of it counts, or nothing."""
    if state.incident_kind != "incident":
        return "kind"
    if state.mode != "live":
        return state.mode
    if state.status == "merged":
        return "merged"
    if state.status == "cancelled":
        return "cancelled"
    return "distress" if state.shelter.unclocked else ""


def _between(
    state: Incident, key: FigureKey, milestone: Milestone, spoken: Millis | None
) -> Figure:
    """From the opening to that milestone."""
    begun, end = happened_at(state, "opened", spoken), happened_at(state, milestone, spoken)
    marks: tuple[Milestone, ...] = ("opened", milestone)
    mended = any(state.measured.correction(one) is not None for one in marks)
    if end is None or begun is None:
        if not state.ended:
            return Figure(key=key, status="pending", corrected=mended)
        return Figure(key=key, status="not_applicable", why="ended", corrected=mended)
    if end < begun and mended and end // MINUTE == begun // MINUTE:
        # A person says times to the minute.
        end = begun
    if end < begun:
        return Figure(key=key, status="invalid", why="reversed", corrected=mended)
    ms = end - begun
    net = ms - paused(_pauses(state, end), begun, end)
    return Figure(key=key, status="recorded", ms=ms, net_ms=net, corrected=mended)


def _pauses(state: Incident, until: Millis) -> tuple[Span, ...]:
    open_ = () if state.held_since is None else ((state.held_since, until),)
    return (*state.measured.pauses, *open_)


def paused(pauses: Iterable[Span], begun: Millis, end: Millis) -> Millis:
    """How much of that time lies in pauses; what two of them share counts once."""
    total, through = 0, begun
    for start, stop in sorted(pauses):
        ms = min(stop, end) - max(start, through)
        if ms > 0:
            total, through = total + ms, min(stop, end)
    return total


def _first_word(state: Incident, spoken: Millis | None) -> Figure:
    found = happened_at(state, "first_word", spoken)
    mended = state.measured.correction("first_word") is not None
    if found is None and state.first_report is None:
        return Figure(key="first_word", status="not_applicable", why="nobody")
    if found is not None and found < state.opened_at and not mended:
        # The talk was on before anybody made an incident of it.
        return Figure(key="first_word", status="not_applicable", why="before")
    return _between(state, "first_word", "first_word", spoken)


def _punctual(state: Incident, now: Millis) -> Figure:
    """How many of the updates that people were promised came in time."""
    owed = state.targets.update
    missed = owes(state) and owed is not None and owed < now
    due, kept = state.measured.due + missed, state.measured.kept
    if due:
        return Figure(key="punctual", status="recorded", due=due, kept=kept)
    if owes(state):
        return Figure(key="punctual", status="pending")
    return Figure(key="punctual", status="not_applicable", why="none_owed")


def _helped(state: Incident) -> Iterator[Figure]:
    """How fast somebody came forward for each task, and how fast they were there."""
    for one in state.measured.asked:
        yield _claim(state, one)
        for coming in state.measured.coming:
            if coming.task == one.task:
                yield _arrival(state, coming)


def _claim(state: Incident, asked: Asked) -> Figure:
    task = state.task(asked.task)
    if asked.claimed_at is not None:
        ms = asked.claimed_at - asked.opened_at
        return Figure(key="claim", status="recorded", ms=ms, task=asked.task)
    if task is not None and not task.cancelled:
        return Figure(key="claim", status="pending", task=asked.task)
    why: Why = "moved" if task is not None and task.moved else "called_off"
    return Figure(key="claim", status="not_applicable", why=why, task=asked.task)


def _arrival(state: Incident, coming: Coming) -> Figure:
    whose = Figure(key="arrive", status="pending", task=coming.task, person=coming.person)
    if coming.arrived_at is not None:
        known = {
            "status": "recorded",
            "ms": coming.arrived_at - coming.claimed_at,
            "late_ms": coming.arrived_at - coming.promised,
        }
        return whose.model_copy(update=known)
    why = _never_came(state, coming)
    return whose.model_copy(update={"status": "not_applicable", "why": why}) if why else whose


def _never_came(state: Incident, coming: Coming) -> Why:
    task = state.task(coming.task)
    place = None if task is None else task.place_of(coming.person)
    if task is not None and task.cancelled:
        return "moved" if task.moved else "called_off"
    if place is None or last(state.measured, coming.task, coming.person) is not coming:
        return "given_back"
    return "not_noted" if place.status == "done" else ""
