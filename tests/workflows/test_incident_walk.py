"""Any commands in any order: nobody raises, the fold takes every event, and what must hold holds.

Seeded walks over one incident; the seed of a failing walk is in the test's name.
"""

import random
from collections.abc import Callable

import pytest

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.alarm_words import (
    AcknowledgementExpired,
    AnswerAlarm,
    EscalateIncident,
)
from bot.core.commands import SYSTEM, Actor, Command, Refused
from bot.core.events import Erased, Event
from bot.core.incident import Incident
from bot.core.incident_commands import (
    AcknowledgeIncident,
    AddFacts,
    Arrive,
    AskForResource,
    AssessIncident,
    AttachReport,
    CancelIncident,
    CancelTask,
    ClaimTask,
    CloseIncident,
    CompleteTask,
    CorrectUpdate,
    DeclineTask,
    Depart,
    HandOverIncident,
    HoldIncident,
    NoteReporter,
    OverridePriority,
    PublishUpdate,
    ReleaseIncident,
    ReleaseTask,
    ReopenIncident,
    ResolveIncident,
    RestrictIncident,
    ResumeIncident,
    ReviseEta,
    TakeIncident,
    TickStep,
    WithdrawUpdate,
    WriteIncidentNote,
)
from bot.core.incident_words import Status
from bot.core.intents import DropTimer, SetTimer
from bot.core.priority import Level, Priority
from bot.core.reveal_words import RevealCustomer
from bot.core.rows import Findable, Listed
from bot.store.tables import TABLES
from bot.workflows.table import LISTS, RULES
from tests.workflows import calls, moves, path_moves
from tests.workflows.desk import (
    OTHER_REPORT,
    P1,
    P2,
    P4,
    RITA,
    RITA_ACTS,
    SAM,
    SAM_ACTS,
    TOM,
    TOM_ACTS,
    Desk,
    facts,
    nothing_yet,
    opening,
    staff,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
)
from tests.workflows.walk_timers import check_timers
from tests.workflows.walk_usual import usual

EDGES: dict[Status, set[Status]] = {
    "open": {"acknowledged", "in_progress", "merged", "cancelled"},
    "acknowledged": {"open", "in_progress", "resolved", "merged", "cancelled"},
    "in_progress": {"open", "on_hold", "resolved", "merged", "cancelled"},
    "on_hold": {"in_progress", "resolved", "merged", "cancelled"},
    "resolved": {"closed", "open", "cancelled"},
    "closed": {"open"},
    "merged": set(),
    "cancelled": set(),
}
"""The life of an incident as the design draws it."""

Pick = random.Random
STEPS = 130


def _words(pick: Pick) -> str:
    odd = ["", " ", "no", "\x00\u202e", "x" * 2001]
    return pick.choice(["A good reason", "<b>{time}</b>"] if pick.random() < 0.8 else odd)


def _eta(pick: Pick, now: int) -> int:
    return now + pick.choice([-DAY, -1, 0, 10 * MINUTE, HOUR, HOUR, 2 * HOUR, 8 * DAY])


def _incident_commands(pick: Pick, now: int) -> list[Command]:
    words, level = _words(pick), pick.choice(list(Level))
    report = pick.choice([REPORT, OTHER_REPORT])
    known = facts(pick.choice([{}, P1, P2, P4]))
    return [
        opening(pick.choice([P2, P4])),
        AttachReport(incident=INCIDENT, report=report),
        AddFacts(
            incident=INCIDENT,
            report=report,
            category=pick.choice(["", "power", "it"]),
            facts=known,
            complete=True,
            danger=pick.random() < 0.1,
        ),
        AcknowledgeIncident(incident=INCIDENT),
        TakeIncident(incident=INCIDENT),
        HandOverIncident(incident=INCIDENT, to=pick.choice([ANA, BEN, "nobody"])),
        *([ReleaseIncident(incident=INCIDENT, reason=words)] if pick.random() < 0.3 else []),
        AssessIncident(incident=INCIDENT, impact=level, urgency=pick.choice(list(Level))),
        OverridePriority(incident=INCIDENT, priority=pick.choice(list(Priority)), reason=words),
        HoldIncident(incident=INCIDENT, reason=words, until=pick.choice([None, now + HOUR])),
        ResumeIncident(incident=INCIDENT),
        RestrictIncident(
            incident=INCIDENT,
            visibility=pick.choice(["normal", "normal", "restricted"]),
            reason=words,
        ),
        WriteIncidentNote(incident=INCIDENT, words=words, beneath=pick.random() < 0.5),
        RevealCustomer(incident=INCIDENT),
        EscalateIncident(incident=INCIDENT, reason=words),
        *path_moves.commands(pick, now, words),
        AnswerAlarm(incident=INCIDENT, cause=pick.choice(["manual", "promise", "update_overdue"])),
        ResolveIncident(incident=INCIDENT, note=words, call_off=TASKS),
        ReopenIncident(incident=INCIDENT, reason=pick.choice([words, "It went out again"])),
        *([CloseIncident(incident=INCIDENT)] if pick.random() < 0.2 else []),
        *([CancelIncident(incident=INCIDENT, reason=words)] if pick.random() < 0.25 else []),
        NoteReporter(
            incident=INCIDENT,
            report=report,
            what=pick.choice(["confirmed", "window_ended", "disputed", "withdrawn"]),
        ),
    ]


def _task_commands(pick: Pick, now: int) -> list[Command]:
    task, words, eta = pick.randint(0, 3), _words(pick), _eta(pick, now)
    return [
        AskForResource(
            incident=INCIDENT,
            what=words,
            template=pick.choice(["", "", "inspect", "network"]),
            needed=pick.randint(-1, 3),
        ),
        ClaimTask(incident=INCIDENT, task=task, eta=eta),
        ReviseEta(incident=INCIDENT, task=task, eta=eta),
        Depart(incident=INCIDENT, task=task),
        Arrive(incident=INCIDENT, task=task),
        CompleteTask(incident=INCIDENT, task=task, note=words),
        ReleaseTask(incident=INCIDENT, task=task, reason=words),
        DeclineTask(incident=INCIDENT, task=task, reason=words),
        *([CancelTask(incident=INCIDENT, task=task, reason=words)] if pick.random() < 0.3 else []),
    ]


def _update_commands(pick: Pick, now: int) -> list[Command]:
    number, words = pick.randint(0, 12), _words(pick)
    return [
        TickStep(incident=INCIDENT, category="power", step=pick.randint(0, 3), done=number > 5),
        PublishUpdate(
            incident=INCIDENT,
            words=words,
            audience=pick.choice(["reporters", "public", "staff"]),
            next_by=pick.choice([None, _eta(pick, now)]),
        ),
        CorrectUpdate(incident=INCIDENT, number=number, words=words),
        WithdrawUpdate(incident=INCIDENT, number=number, reason=words),
    ]


MAKERS: list[Callable[[Pick, int], list[Command]]] = [
    *(2 * [_incident_commands, _task_commands, _task_commands, _update_commands]),
    moves.moving_commands,
    calls.call_commands,
]
PEOPLE = [ANA_ACTS, BEN_ACTS, CHIEF_ACTS, RITA_ACTS, SAM_ACTS, TOM_ACTS, CUSTOMER_ACTS]
STAFF = {ANA: staff(ANA, "agent"), BEN: staff(BEN, "agent"), **calls.known(RITA, SAM, TOM)}
READS = {"reads": {**STAFF, **moves.READS}}


class Walk:
    """One incident, its timers, and whoever comes along."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.desk: Desk = nothing_yet()
        self.timers: dict[str, SetTimer] = {}

    def step(self) -> None:
        """Somebody does something, or a timer comes due, and time goes by."""
        due = sorted(self.timers.values(), key=lambda one: (one.due, one.name))
        if due and self.pick.random() < 0.25:
            timer = due[0]
            self.desk.at = max(self.desk.at, timer.due)
            del self.timers[timer.name]
            self._act(timer.command, SYSTEM)
        else:
            self.desk.at += self.pick.choice([0, 1, MINUTE, HOUR])
            command = self._command()
            self._act(command, self._somebody(command))

    def _command(self) -> Command:
        """Most of a walk is about an incident that is there."""
        if self.desk.state is None and self.pick.random() < 0.5:
            return opening(self.pick.choice([P2, P4]))
        if self.desk.state is not None and self.pick.random() < 0.1:
            return self.pick.choice(usual(self.desk.incident))
        return self.pick.choice(self.pick.choice(MAKERS)(self.pick, self.desk.at))

    def _somebody(self, command: Command) -> Actor:
        rule = RULES[type(command)]
        allowed = [one for one in PEOPLE if any(role in rule.roles for role in one.roles)]
        if not allowed or (rule.by_system and self.pick.random() < 0.5):
            return SYSTEM
        anybody = self.pick.random() < 0.1
        return self.pick.choice(PEOPLE if anybody else [*allowed, *self._at_it(command)])

    def _at_it(self, command: Command) -> list[Actor]:
        """Whoever has a place on the task: they press most of its buttons."""
        number = getattr(command, "task", 0)
        task = self.desk.incident.task(number) if self.desk.state is not None else None
        people = [place.person for place in task.places] if task else []
        return [one for one in PEOPLE if one.person in people] * 10

    def _act(self, command: Command, by: Actor) -> None:
        before, told = self.desk.state, len(self.desk.events)
        decision = self.desk.do(command, by, **READS)
        if isinstance(decision, Refused):
            assert self.desk.state is before, "a refusal changes nothing"
            assert decision.text.key
            assert by is not SYSTEM or isinstance(command, _MAY_BE_REFUSED), command
        self._note_timers()
        if self.desk.state is not None:
            check_edges(before, self.desk.events[told:], self.desk.incident)
            check_state(self.desk.incident)
            check_lists(self.desk.incident)
            check_timers(self.desk.incident, set(self.timers))

    def _note_timers(self) -> None:
        for one in self.desk.intents:
            if isinstance(one, SetTimer):
                self.timers[one.name] = one
            elif isinstance(one, DropTimer):
                self.timers.pop(one.name, None)


_MAY_BE_REFUSED = (
    AttachReport,
    AddFacts,
    NoteReporter,
    AskForResource,
    CloseIncident,
    mw.GoInto,
    mw.AbsorbIncident,
)
"""Timers never come to nothing aloud; what another stream sends may be refused, and is listed."""


def check_edges(before: Incident | None, events: list[Event], after: Incident) -> None:
    """Statuses move along the drawn lines only, and only by the event that stands for the line."""
    status: Status = "open" if before is None else before.status
    for event in events:
        moved = LEADS_TO.get(type(event), status)
        if moved != status:
            assert moved in EDGES[status], (status, event)
            status = moved
    assert status == after.status


LEADS_TO: dict[type[Event], Status] = {
    ie.IncidentAcknowledged: "acknowledged",
    AcknowledgementExpired: "open",
    ie.IncidentReleased: "open",
    ie.IncidentTaken: "in_progress",
    ie.IncidentResumed: "in_progress",
    ie.IncidentHeld: "on_hold",
    ie.IncidentResolved: "resolved",
    ie.IncidentReopened: "open",
    ie.IncidentClosed: "closed",
    ie.IncidentCancelled: "cancelled",
    mw.IncidentMerged: "merged",
}


def check_state(state: Incident) -> None:
    assert [one.number for one in state.tasks] == list(range(1, len(state.tasks) + 1))
    assert len(state.tasks) <= 50
    for task in state.tasks:
        people = [place.person for place in task.places]
        assert len(people) == len(set(people)) <= task.needed
        assert all(place.eta >= place.claimed_at for place in task.places)
    numbers = [one.number for one in state.latest]
    assert numbers == list(range(state.updates - len(numbers) + 1, state.updates + 1))
    assert (state.status == "on_hold") == (state.held_since is not None)
    assert state.held_until is None or state.held_since is not None
    assert state.status not in ("in_progress", "on_hold") or state.owner is not None
    assert state.status == "open" or state.acknowledged_at or state.ended
    assert state.held_ms >= sum(until - since for since, until in state.holds) >= 0
    assert all(since <= until for since, until in state.holds)
    assert state.danger <= (state.priority is Priority.P1 or state.overridden)
    if state.ended:
        assert all(one.status in ("done", "cancelled") for one in state.tasks)
    if state.status in ("resolved", "closed"):
        assert state.resolved_at is not None
        assert state.resolution is not None


def check_lists(state: Incident) -> None:
    keys = [_key(one) for one in LISTS["incident"](state)]
    assert len(keys) == len(set(keys)), "no two rows share a key"


def _key(one: Listed) -> tuple[object, ...]:
    if isinstance(one, Findable):
        return ("search", one.field)
    return (one.table, *(one.columns[name] for name in TABLES[one.table].key))


@pytest.mark.parametrize("seed", range(40))
def test_whatever_people_do_in_whatever_order_the_incident_stays_sound(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(STEPS):
        walk.step()


def test_a_walk_reaches_every_state_and_nearly_every_event() -> None:
    """The walks above prove something only if they get about."""
    words = (*vars(ie).values(), *vars(mw).values())
    every = {one for one in words if isinstance(one, type) and issubclass(one, Event)}
    missing = {one for one in every if "tag" in vars(one)} - {Erased}
    states: set[str] = set()
    for seed in range(200):
        walk = Walk(seed)
        for _ in range(STEPS):
            walk.step()
            if walk.desk.state is not None:
                states.add(walk.desk.incident.status)
        missing -= {type(one) for one in walk.desk.events}
        if not missing and states == set(EDGES):
            return
    raise AssertionError((missing, states))


def test_erasing_at_any_moment_leaves_a_state_that_goes_on() -> None:
    for seed in range(20):
        walk = Walk(seed)
        for step in range(STEPS):
            walk.step()
            if step % 30 == 29 and walk.desk.state is not None:
                subject = walk.desk.incident.subject
                if subject not in walk.desk.incident.erased:
                    walk.desk.happens(Erased(subject=subject, classes=("notes",), through=1))
