"""Climbing: who is called next by an alarm, and when, if nobody acts until then.

First whoever it concerns is called, then called again, then the rungs of the ladder, of the
edition that the incident pinned and in the hours of today's calendars. There is no end to it.
"""

from collections.abc import Iterator

from bot.core.alarm_needed import calls_for_help
from bot.core.alarm_words import Alarm, Cause
from bot.core.alarms import task_and_person
from bot.core.calendar import MINUTE
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.major import holder
from bot.core.parties import Party
from bot.core.playbook import IncidentPlan, Playbook
from bot.core.playbook_assess import ladder_key
from bot.core.playbook_ladder import Alarm as Rung
from bot.core.playbook_ladder import flatten, next_alarm
from bot.core.playbook_parts import Rung as RungPart
from bot.core.priority import Priority

FIRST = -1
"""The rung before all rungs: whoever it concerns."""
AGENTS = Party(of="role", key="agent")
SUPERVISORS = Party(of="role", key="supervisor")
LAST = RungPart(who=(SUPERVISORS,), wait=10 * MINUTE)
"""Where an edition has no ladder of that name."""
AT_ONCE: tuple[Cause, ...] = ("unacknowledged", "distress", "manual")
"""What goes to the ladder's first rung without waiting for whoever has the incident."""
CAUGHT_UP = 500
"""So many calls that were slept through tell as much as all of them."""
SEES_RESTRICTED = ("supervisor", "administrator")


class Step(Frozen):
    """`who` are called at `at`: rung `rung` for the `time`-th time."""

    at: Millis
    rung: int
    time: int
    who: tuple[Party, ...]


class Editions(Frozen):
    """What an incident pinned, and the playbook of today."""

    plan: IncidentPlan
    today: Playbook


def own_ladder(state: Incident, plan: IncidentPlan) -> str:
    """The ladder of its category, else of its priority."""
    return ladder_key(plan, state.category, state.priority)


def own_ladders(state: Incident, plan: IncidentPlan) -> tuple[str, ...]:
    """Every ladder that could be its own under some priority."""
    keys = (ladder_key(plan, state.category, one) for one in Priority)
    return tuple(dict.fromkeys(keys))


def rungs_of(key: str, plan: IncidentPlan) -> tuple[RungPart, ...]:
    """The rungs of a ladder; supervisors where the edition has none of that name."""
    return flatten(plan.ladders, key) or (LAST,)


def next_step(state: Incident, alarm: Alarm, editions: Editions) -> Step:
    """Who is called next if nobody acts, and when."""
    rules = editions.plan.escalation
    first = concerned(state, alarm)
    if alarm.rung == FIRST and first and alarm.time < rules.first_times:
        wait = rules.again_after if alarm.time else 0
        at = max(alarm.at + wait, alarm.quiet_until)
        return Step(at=at, rung=FIRST, time=alarm.time + 1, who=first)
    last, at = None, alarm.at + (rules.again_after if alarm.time else 0)
    if alarm.rung > FIRST:
        last = Rung(at=alarm.at, rung=alarm.rung, time=alarm.time, who=alarm.who)
    called = _rung(alarm.ladder, editions, last, at, alarm.quiet_until)
    return Step(at=called.at, rung=called.rung, time=called.time, who=open_to(state, called.who))


def next_rung(state: Incident, editions: Editions, at: Millis) -> Step:
    """The rung above all that were called by what stands on the incident's own ladder."""
    key = own_ladder(state, editions.plan)
    standing = [one for one in state.alarms if one.ladder == key and one.rung > FIRST]
    highest = max(standing, key=lambda one: one.rung, default=None)
    last = None
    if highest is not None:
        rungs = rungs_of(key, editions.plan)
        rung = rungs[min(highest.rung, len(rungs) - 1)]
        last = Rung(at=at - rung.wait, rung=highest.rung, time=rung.times, who=rung.who)
    called = _rung(key, editions, last, at, 0)
    return Step(at=at, rung=called.rung, time=1, who=open_to(state, called.who))


def _rung(key: str, editions: Editions, last: Rung | None, at: Millis, not_before: Millis) -> Rung:
    rungs = rungs_of(key, editions.plan)
    names = dict.fromkeys(one.calendar for one in rungs if one.calendar)
    known = [one for one in names if one in editions.today.calendars]
    calendars = {one: editions.today.calendar(one) for one in known}
    if last is not None and last.rung >= len(rungs):  # Another edition would have to be read.
        last = last.model_copy(update={"rung": len(rungs) - 1})
    return next_alarm(rungs, calendars, last, at, not_before)


def slept_through(state: Incident, alarm: Alarm, editions: Editions, now: Millis) -> Iterator[Step]:
    """All that is due by `now`, in order; the next one in any case."""
    step = next_step(state, alarm, editions)
    top = len(rungs_of(alarm.ladder, editions.plan)) - 1
    yield step
    for _ in range(CAUGHT_UP):
        if step.rung == top and step.time > 1:
            return  # Whoever is at the top would only be called more often.
        told = {"rung": step.rung, "time": step.time, "at": step.at, "who": step.who}
        alarm = alarm.model_copy(update={**told, "quiet_until": 0})
        step = next_step(state, alarm, editions)
        if step.at > now:
            return
        yield step


# --- whom it concerns ------------------------------------------------------------------------


def concerned(state: Incident, alarm: Alarm) -> tuple[Party, ...]:
    """Who should act before anybody else is called; nobody: the ladder begins at once."""
    if alarm.cause in AT_ONCE:
        return ()
    owner = () if state.owner is None else (Party(of="person", key=state.owner),)
    if alarm.cause == "check_in" and calls_for_help(state, alarm.about):
        return (*owner, AGENTS, SUPERVISORS)
    if alarm.cause == "check_in" and not owner:
        return ()  # Who says nothing looks after nobody.
    people = dict.fromkeys(one for one in _people(state, alarm) if one)
    return tuple(Party(of="person", key=one) for one in people)


def _people(state: Incident, alarm: Alarm) -> tuple[PersonId | None, ...]:
    owner = state.owner
    match alarm.cause:
        case "eta_passed" | "no_progress" | "check_in":
            return (task_and_person(alarm.about)[1], owner)
        case "acknowledgement_expired":
            return (alarm.about, owner)
        case "update_overdue":
            return (holder(state, "deputy") or holder(state, "commander") or owner,)
        case "vacancy":
            return (holder(state, "deputy"), holder(state, "commander"))
        case _:
            return (owner,)


def open_to(state: Incident, who: tuple[Party, ...]) -> tuple[Party, ...]:
    """Those of `who` who may see it: of what few may see, only they are called."""
    if state.visibility == "normal" or state.shelter.reports:  # Then anybody may come.
        return who
    may = tuple(one for one in who if one.of == "person" or one.key in SEES_RESTRICTED)
    return may or (SUPERVISORS,)


def named(state: Incident, alarm: Alarm, editions: Editions) -> tuple[PersonId, ...]:
    """Everybody whom the alarm may call by name, so that it can be seen who has left."""
    first = [one.key for one in concerned(state, alarm) if one.of == "person"]
    rungs = rungs_of(alarm.ladder, editions.plan)
    by_name = [who.key for one in rungs for who in one.who if who.of == "person"]
    return tuple(dict.fromkeys((*first, *by_name)))


def waits_for_somebody(state: Incident, editions: Editions) -> Step | None:
    """Who is called first, and when, if nobody acknowledges it until then; None when that has
    begun, or somebody has, or nobody is waited for.
    """
    seen = state.acknowledged_at is not None or state.unclocked
    if state.status != "open" or seen or state.alarms:
        return None
    key = own_ladder(state, editions.plan)
    ladder = editions.plan.ladders.get(key)
    at = state.waits_from + (0 if ladder is None else ladder.after)
    called = _rung(key, editions, None, at, 0)
    return Step(at=called.at, rung=called.rung, time=1, who=open_to(state, called.who))
