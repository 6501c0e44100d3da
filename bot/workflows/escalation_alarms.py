"""Alarms: somebody must act, and somebody else is called until somebody does.

Anything that wants somebody to act raises one (`RaiseAlarm`); here alone it is decided who is
called when. A call that comes late, since a server slept, is one call: the highest that was due,
to everybody who would have been called meanwhile, each once.
"""

from collections.abc import Iterator, Sequence

from bot.core import alarm_words as aw
from bot.core.alarm_needed import calls, calls_for_help, needed
from bot.core.alarm_texts import call, hidden
from bot.core.alarm_words import Alarm
from bot.core.alarms import MOST, found
from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.climbing import (
    SUPERVISORS,
    Editions,
    Step,
    named,
    next_rung,
    next_step,
    own_ladder,
    slept_through,
)
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import about, by_staff, me, over
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, SetTimer, Then
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.person import Person
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import t

CALL_LASTS = HOUR
"""A call that could not be brought for this long after the next one was due is not brought."""
ADMINISTRATORS = Party(of="role", key="administrator")
UNBOUNDED: tuple[aw.Cause, ...] = ("distress", "check_in", "vacancy")
"""Whatever is about somebody who may be in danger, none of which is one too many; of posts there
are few.
"""
PRESSING = 5 * MINUTE
"""Somebody in danger or distress is not left longer to who says to see to it: they must come."""
AT_THE_TOP = refuse(
    "at_the_top",
    t(
        "The last ones on the ladder were called less than a minute ago, and are called again and "
        "again until somebody comes. If it cannot wait, please phone them."
    ),
)
LATE_FOR = DAY
"""What is late stays so while somebody sees to it, and they are asked again the next day."""
ENDED_BY_ANSWER: tuple[aw.Cause, ...] = ("manual", "hold_over", "undelivered")


def editions(state: Incident, ctx: Context) -> Editions:
    """What the incident pinned, and today's playbook."""
    return Editions.model_construct(plan=ctx.edition(state.playbook), today=ctx.playbook)


# --- by people -------------------------------------------------------------------------------


def escalate(state: Incident | None, command: aw.EscalateIncident, ctx: Context) -> Decision:
    """Call the rung above all that were called so far, for a reason, at any time."""
    if state is None or not state.working:
        return over(state)
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    both = editions(state, ctx)
    step = next_rung(state, both, ctx.at)
    last = found(state.alarms, "manual", "")
    if last is not None and step.rung == last.rung and ctx.at - last.at < MINUTE:
        return AT_THE_TOP
    raised = aw.AlarmRaised(
        cause="manual",
        about="",
        ladder=own_ladder(state, both.plan),
        since=ctx.at,
        by=me(ctx),
        reason=reason,
    )
    return [raised, _sounded("manual", "", step, step.who)]


def answer(state: Incident | None, command: aw.AnswerAlarm, ctx: Context) -> Decision:
    """See to it: that ends what a person called for, and quiets the rest."""
    if state is None:
        return over(state)
    alarm = found(state.alarms, command.cause, command.about)
    refused = _no_answer(alarm, ctx)
    if alarm is None or refused is not None:
        return refused or []
    if alarm.cause in ENDED_BY_ANSWER:
        return [aw.AlarmEnded(cause=alarm.cause, about=alarm.about, why="acted", by=me(ctx))]
    if alarm.answered_by == me(ctx) and ctx.at < alarm.quiet_until:
        return []
    quiet = ctx.edition(state.playbook).escalation.answered_for
    if alarm.cause == "distress" or calls_for_help(state, alarm.about):
        quiet = min(quiet, PRESSING)
    elif alarm.cause == "promise":
        quiet = max(quiet, LATE_FOR)
    until = ctx.at + quiet
    return [aw.AlarmAnswered(cause=alarm.cause, about=alarm.about, by=me(ctx), until=until)]


def _no_answer(alarm: Alarm | None, ctx: Context) -> Refused | None:
    if alarm is None:
        return refuse("no_alarm", t("Nobody is called about this any more."))
    if alarm.cause in ("unacknowledged", "acknowledgement_expired"):
        return refuse("acknowledge", t("Take it or acknowledge it; then nobody else is called."))
    if alarm.cause == "manual" and not calls(alarm, ctx.actor):
        return refuse("not_called", t("Others are called here. Whoever they are may answer."))
    return None


# --- by the house ----------------------------------------------------------------------------


def raise_alarm(state: Incident | None, command: aw.RaiseAlarm, ctx: Context) -> Decision:
    """Somebody must act, unless that is over already; a flood of one kind is no more than some."""
    if state is None:
        return over(state)
    alarm = found(state.alarms, command.cause, command.about)
    if alarm is not None and command.ladder in ("", alarm.ladder):
        return []
    many = sum(one.cause == command.cause for one in state.alarms) >= MOST
    many = many and command.cause not in UNBOUNDED
    if not needed(state, command.cause, command.about) or (many and alarm is None):
        return []
    plan = ctx.edition(state.playbook)
    ladder = command.ladder if command.ladder in plan.ladders else own_ladder(state, plan)
    since = min(command.since or ctx.at, ctx.at) if alarm is None else alarm.raised_at
    return [aw.AlarmRaised(cause=command.cause, about=command.about, ladder=ladder, since=since)]


def stop(state: Incident | None, command: aw.StopAlarm, ctx: Context) -> Decision:
    """It is over, whoever brought that about."""
    alarm = None if state is None else found(state.alarms, command.cause, command.about)
    if state is None or alarm is None:
        return []
    why: aw.WhyEnded = "acted" if command.by else "stopped"
    if not state.working:
        why = "over"
    return [aw.AlarmEnded(cause=alarm.cause, about=alarm.about, why=why, by=command.by)]


def sound(state: Incident | None, command: aw.SoundAlarm, ctx: Context) -> Decision:
    """Call whoever is next, and nobody who has left; what was slept through is one call."""
    alarm = None if state is None else found(state.alarms, command.cause, command.about)
    if state is None or alarm is None or alarm.at != command.after:
        return []
    if ctx.at < alarm.quiet_until:
        return []
    steps = list(slept_through(state, alarm, editions(state, ctx), ctx.at))
    gone = tuple(one for one in command.people if _has_left(ctx, one))
    for _ in gone:  # A rung of whom all have left is passed over at once.
        if _there(steps, ctx):
            break
        steps.append(_above(state, alarm, steps[-1], ctx))
    who = _there(steps, ctx) or (SUPERVISORS, ADMINISTRATORS)
    return [_sounded(alarm.cause, alarm.about, steps[-1], who, _skipped(steps), gone)]


def _above(state: Incident, alarm: Alarm, last: Step, ctx: Context) -> Step:
    """What comes after `last`, without waiting, however often that is to be called."""
    told = {"rung": last.rung, "time": OFTEN, "at": ctx.at, "who": last.who, "quiet_until": 0}
    step = next_step(state, alarm.model_copy(update=told), editions(state, ctx))
    return step if step.rung != last.rung else step.model_copy(update={"time": last.time + 1})


OFTEN = 99


def _there(steps: Sequence[Step], ctx: Context) -> tuple[Party, ...]:
    """Everybody whom these steps call, the highest first, each once; nobody who has left."""
    every = (party for step in reversed(steps) for party in step.who)
    return tuple(dict.fromkeys(one for party in every for one in _today(party, ctx)))


def _today(party: Party, ctx: Context) -> Iterator[Party]:
    """A person as the account that they go on as; nothing once they have left."""
    known = ctx.reads.get(party.key) if party.of == "person" else None
    if isinstance(known, Person) and known.joined_into:
        yield Party(of="person", key=known.joined_into)
    elif not (isinstance(known, Person) and known.disabled):
        yield party


def _skipped(steps: Sequence[Step]) -> tuple[int, ...]:
    last = steps[-1].rung
    return tuple(dict.fromkeys(one.rung for one in steps[:-1] if one.rung != last))


def _has_left(ctx: Context, person: PersonId) -> bool:
    known = ctx.reads.get(person)
    return isinstance(known, Person) and known.disabled


def _sounded(
    cause: aw.Cause,
    what: str,
    step: Step,
    who: Sequence[Party],
    skipped: Sequence[int] = (),
    gone: Sequence[PersonId] = (),
) -> aw.AlarmSounded:
    return aw.AlarmSounded(
        cause=cause,
        about=what,
        rung=step.rung,
        time=step.time,
        who=tuple(who),
        skipped=tuple(skipped),
        gone=tuple(gone),
    )


# --- what follows ----------------------------------------------------------------------------


def timer(cause: aw.Cause, what: str) -> str:
    """The name of the timer of an alarm."""
    return f"alarm:{cause}:{what}"


def _next(state: Incident, alarm: Alarm, ctx: Context) -> SetTimer:
    both = editions(state, ctx)
    command = aw.SoundAlarm(
        incident=state.stream,
        cause=alarm.cause,
        about=alarm.about,
        after=alarm.at,
        people=named(state, alarm, both),
    )
    due = next_step(state, alarm, both).at
    return SetTimer(name=timer(alarm.cause, alarm.about), due=due, command=command)


def _alarm_of(rec: Recorded, state: Incident) -> Alarm | None:
    assert isinstance(rec.event, aw.AlarmRaised | aw.AlarmSounded | aw.AlarmAnswered)
    return found(state.alarms, rec.event.cause, rec.event.about)


def on_raised(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The first is called at once where nobody must be looked up for it, else a moment later."""
    alarm = _alarm_of(rec, state)
    if alarm is None or alarm.cause == "manual":
        return  # Whoever escalates has called somebody in the same breath.
    first = _next(state, alarm, ctx)
    command = first.command
    assert isinstance(command, aw.SoundAlarm)
    at_once = first.due <= rec.at and not command.people
    yield Then(command=command) if at_once else first


def on_sounded(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """They are called on every way that we have to them, and the next ones wait their turn."""
    alarm = _alarm_of(rec, state)
    if alarm is None:
        return
    following = _next(state, alarm, ctx)
    yield from page(
        state.stream,
        alarm.who,
        call(state, alarm, ctx.playbook),
        ALARM,
        until=max(following.due, rec.at) + CALL_LASTS,
        supersedes=f"{timer(alarm.cause, alarm.about)}:{state.stream}",
        alone=hidden(state, alarm.cause),
    )
    yield following


ALARM = "alarm"
"""Why an open page rings."""


def on_answered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody else is called for a while."""
    alarm = _alarm_of(rec, state)
    if alarm is not None:
        yield _next(state, alarm, ctx)


def on_ended(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody is called any more."""
    assert isinstance(rec.event, aw.AlarmEnded)
    yield DropTimer(name=timer(rec.event.cause, rec.event.about))


def _people(command: aw.SoundAlarm) -> tuple[StreamId, ...]:
    return command.people


def _by_house(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "named", by_system=True, named_by="incident")


WORKFLOW = Workflow(
    rules=(
        by_staff(aw.EscalateIncident, escalate),
        by_staff(aw.AnswerAlarm, answer),
        _by_house(aw.RaiseAlarm, raise_alarm),
        _by_house(aw.StopAlarm, stop),
        Rule(aw.SoundAlarm, sound, "named", by_system=True, named_by="incident", reads=_people),
    ),
    reactors=(
        (aw.AlarmRaised, on_raised),
        (aw.AlarmSounded, on_sounded),
        (aw.AlarmAnswered, on_answered),
        (aw.AlarmEnded, on_ended),
    ),
)
