"""A major incident: stand-by, declared by a press against written criteria, stood down.

Whoever declares commands until somebody accepts the hand-over (`posts`). While it is declared it
is P1, people hear more often, and it does not end: first its commander confirms full recovery,
and what they say is the last update to everybody who was told.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import major_words as w
from bot.core.alarm_words import StopAlarm
from bot.core.all_clear import WAITS
from bot.core.calendar import DAY
from bot.core.clocks import priority_changed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.free_text import NOTE_MOST
from bot.core.handling import STAFF, about, busy, by_staff, me, over
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Audience, Wording
from bot.core.intents import DropTimer, Intent, Ring, Then
from bot.core.major import commands, holder
from bot.core.major_rules import prefilled, resolves, vacancy, vacancy_name
from bot.core.major_words import COMMANDER
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.personal import Personal
from bot.core.playbook_parts import Approval
from bot.core.priority import Priority
from bot.core.problem_rules import unfit
from bot.core.publishing import drafted, people, position, rule_for, worded
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, When, Who, t

SUPERVISORS = (Party(of="role", key="supervisor"),)


def stand_by(state: Incident | None, command: w.StandByForMajor, ctx: Context) -> Decision:
    """It may become one, so people should be ready."""
    if state is None or not state.working:
        return over(state)
    if state.major.stage in ("stand_by", "declared"):
        return _already(state, ctx)
    if refused := unfit(state):
        return refused
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [w.MajorStoodBy(by=me(ctx), reason=reason), *_first_methane(state, "stand_by", ctx)]


def _already(state: Incident, ctx: Context) -> Decision:
    """Who was faster, and when."""
    if state.major.moved_by == me(ctx):
        return []
    who, time = Who(person=state.major.moved_by or ""), When(at=state.major.moved_at)
    if state.major.declared:
        commander = Who(person=holder(state, COMMANDER) or "")
        text = t(
            "{who} declared it at {time}. {commander} commands.",
            who=who,
            time=time,
            commander=commander,
        )
        return refuse("declared", text)
    return refuse("stand_by", t("{who} put it on stand-by at {time}.", who=who, time=time))


def declare(state: Incident | None, command: w.DeclareMajor, ctx: Context) -> Decision:
    """It is one, by the criteria that hold, or for a reason; whoever says so commands."""
    if state is None or not state.working:
        return over(state)
    if state.major.declared:
        return _already(state, ctx)
    if refused := unfit(state) or _repairs(state, ctx):
        return refused
    criteria = [one for one in ctx.playbook.major.criteria if one in command.criteria]
    reason = _reason(state, command, criteria, ctx)
    if isinstance(reason, Refused):
        return reason
    said = about(state, command.reason) if command.reason.strip() else None
    if isinstance(said, Refused):
        return said
    seen = [] if state.acknowledged_at else [ie.IncidentAcknowledged(by=me(ctx))]
    declared = w.MajorDeclared(
        by=me(ctx), criteria=tuple(criteria), reason=said, posts=tuple(ctx.playbook.major.posts)
    )
    first = _first_methane(state, "declared", ctx)
    return [*seen, declared, _pressing(state, reason, ctx), *first]


def _repairs(state: Incident, ctx: Context) -> Refused | None:
    """Why whoever has a task does not declare it: they would command."""
    if not resolves(state, me(ctx)):
        return None
    text = t(
        "You have a task of this incident, and who repairs does not command. Give the task "
        "back first, or let somebody else declare it."
    )
    return refuse("resolver", text)


def _reason(
    state: Incident, command: w.DeclareMajor, criteria: list[str], ctx: Context
) -> Personal | Refused:
    """Why its priority is what it is: the criteria in words, and what was said beside them."""
    if not criteria and not command.reason.strip():
        text = t("Tick at least one criterion that holds, or say why it is a major incident.")
        return refuse("no_criterion", text)
    language = ctx.playbook.organisation.default_language
    named = [ctx.playbook.major.criteria[one].pick(language) for one in criteria]
    whole = "; ".join(one for one in (*named, command.reason.strip()) if one)
    return about(state, whole, most=2 * NOTE_MOST)


def _pressing(state: Incident, reason: Personal, ctx: Context) -> Event:
    """P1 whatever the matrix says, with the first update due soon."""
    changed = priority_changed(state, state.impact, state.urgency, ctx, Priority.P1)
    soon = ctx.at + ctx.edition(state.playbook).major.updates.first
    heard = state.heard("reporters") or state.heard("public")
    promised = state.targets.update if heard else None
    by = soon if promised is None else min(promised, soon)
    targets = changed.targets.model_copy(update={"update": by})
    return changed.model_copy(update={"overridden": True, "reason": reason, "targets": targets})


def _first_methane(state: Incident, stage: w.MajorStage, ctx: Context) -> list[Event]:
    """What is known already from whoever reported it."""
    found = prefilled(state, ctx)
    if state.major.methane.version or not found:
        return []
    return [
        w.MethaneWritten(
            number=1, findings=found, by=None, known_at=ctx.at, late=False, major=stage
        )
    ]


# --- the end ---------------------------------------------------------------------------------


def stand_down(state: Incident | None, command: w.StandDownMajor, ctx: Context) -> Decision:
    """Full recovery, confirmed by the commander; what was lost is said, also if it is nothing."""
    if state is None or state.ended:
        return over(state)
    if not state.major.declared:
        return _not_declared(state, ctx)
    down = _not_commander(state, ctx) or _confirmed(state, command, ctx)
    last = down if isinstance(down, Refused) else _all_clear(state, command, ctx)
    if isinstance(last, Refused) or isinstance(down, Refused):
        return last
    rule = rule_for(state, last[0].audience, ctx) if last else None
    return [down, *last] if rule is None else _held(state, last[0], rule, down, ctx)


def _held(
    state: Incident,
    last: ie.UpdatePublished,
    rule: Approval,
    down: w.MajorStoodDown,
    ctx: Context,
) -> Decision:
    """A rule of the playbook holds it back, and the major incident goes on until it is approved."""
    if any(one.all_clear for one in state.drafting.open):
        return WAITS
    return drafted(state, last, rule, ctx, down)


def _not_commander(state: Incident, ctx: Context) -> Refused | None:
    """Why whoever asks gives no all-clear now."""
    if commands(state, me(ctx)):
        return busy(state) if state.kin.expects else None
    who = Who(person=holder(state, COMMANDER) or "")
    text = t("{who} commands, and only the commander gives the all-clear.", who=who)
    return refuse("not_commander", text)


def _confirmed(
    state: Incident, command: w.StandDownMajor, ctx: Context
) -> w.MajorStoodDown | Refused:
    """Both sentences, of which the second is never left out."""
    recovered, lost = (about(state, one) for one in (command.recovered, command.data_loss))
    if isinstance(recovered, Refused):
        return recovered
    if isinstance(lost, Refused):
        text = t("Say what was lost of people's data. If nothing was, say that.")
        return refuse("data_loss", text) if lost.code in ("empty", "too_short") else lost
    return w.MajorStoodDown(by=me(ctx), recovered=recovered, data_loss=lost)


def _not_declared(state: Incident, ctx: Context) -> Decision:
    if state.major.stage != "stood_down":
        return refuse("not_declared", t("This is not a declared major incident."))
    if state.major.moved_by == me(ctx):
        return []
    who, time = Who(person=state.major.moved_by or ""), When(at=state.major.moved_at)
    return refuse("stood_down", t("{who} stood it down at {time}.", who=who, time=time))


def _all_clear(
    state: Incident, command: w.StandDownMajor, ctx: Context
) -> list[ie.UpdatePublished] | Refused:
    """The last update, to whoever was told before; its approver is the commander, unless a rule of
    the playbook asks for somebody else.
    """
    audience = _told(state, ctx)
    words = "\n".join(one.strip() for one in (command.recovered, command.data_loss))
    said = worded(state, words, command.language, command.also, True, ctx)
    if isinstance(said, Refused):
        return said
    if audience is None:
        return []
    return [_last(state, said, audience, command, ctx)]


def _last(
    state: Incident,
    said: tuple[Wording, ...],
    audience: Audience,
    command: w.StandDownMajor,
    ctx: Context,
) -> ie.UpdatePublished:
    return ie.UpdatePublished(
        number=state.updates + 1,
        words=said[0].words,
        language=said[0].language,
        also=said[1:],
        audience=audience,
        next_by=None,
        position=position(command.position, ctx),
        by=me(ctx),
        approved_by=me(ctx),
    )


def _told(state: Incident, ctx: Context) -> Audience | None:
    """Who hears the all-clear: everybody, where everybody was told; else its customers."""
    if state.told and state.visibility == "normal":
        return "public"
    return "reporters" if people(ctx).reached else None


def cancel(state: Incident | None, command: w.CancelMajor, ctx: Context) -> Decision:
    """It is none after all: said by the commander, or by a supervisor; a stand-by by anybody."""
    if state is None or state.ended:
        return over(state)
    stage = state.major.stage
    if stage not in ("stand_by", "declared"):
        return [] if stage == "cancelled" else _not_declared(state, ctx)
    may = commands(state, me(ctx)) or "supervisor" in ctx.actor.roles
    if stage == "declared" and not may:
        text = t("Only its commander or a supervisor can say that it is no major incident.")
        return refuse("not_commander", text)
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [w.MajorCancelled(by=me(ctx), reason=reason, was=stage)]


# --- what follows ----------------------------------------------------------------------------


def _to_supervisors(rec: Recorded, state: Incident, text: Text, why: str) -> Iterator[Intent]:
    """In their places, too, where nothing of what few may see is said."""
    until, alone = rec.at + DAY, state.visibility != "normal"
    yield from page(state.stream, SUPERVISORS, text, why, until=until, alone=alone)


def on_stood_by(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Supervisors know that something may come."""
    assert isinstance(rec.event, w.MajorStoodBy)
    who, ref = Who(person=rec.event.by), Ref(ref=state.reference)
    text = t("Incident {ref} may become a major incident, says {who}.", ref=ref, who=who)
    yield from _to_supervisors(rec, state, text, "major:stand_by")


def on_declared(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Everybody who works here knows; posts that nobody takes are watched."""
    assert isinstance(rec.event, w.MajorDeclared)
    who, ref = Who(person=rec.event.by), Ref(ref=state.reference)
    text = t(
        "{who} declared a major incident, {ref}, and commands. Posts are open: take one.",
        who=who,
        ref=ref,
    )
    yield from _to_supervisors(rec, state, text, "major:declared")
    if state.visibility == "normal":
        yield Ring(role="agent", why="major:declared")
    for post in state.major.posts:
        if post.person is None and (timer := vacancy(state, post, ctx)):
            yield timer


def on_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody waits for anybody any more, and whoever had a post knows that it is over."""
    for post in state.major.posts:
        yield DropTimer(name=vacancy_name(post.post))
        if post.vacant or (post.post == COMMANDER and state.major.left):
            stop = StopAlarm(incident=state.stream, cause="vacancy", about=post.post)
            yield Then(command=stop)
    had = dict.fromkeys(one.person for one in state.major.posts if one.person is not None)
    crew = [Party(of="person", key=one) for one in had if one != rec.actor]
    if crew:
        until = rec.at + DAY
        yield from page(
            state.stream, crew, _farewell(rec, state), "major:over", until=until, alone=True
        )


def _farewell(rec: Recorded, state: Incident) -> Text:
    ref = Ref(ref=state.reference)
    if isinstance(rec.event, w.MajorStoodDown):
        return t("The major incident {ref} is stood down. Your post ends. Thank you.", ref=ref)
    return t("{ref} is no major incident after all. Your post ends. Thank you.", ref=ref)


def _whose(command: w.StandDownMajor) -> StreamId:
    return command.incident


WORKFLOW = Workflow(
    rules=(
        by_staff(w.StandByForMajor, stand_by),
        by_staff(w.DeclareMajor, declare),
        by_staff(w.CancelMajor, cancel),
        Rule(
            w.StandDownMajor,
            stand_down,
            "named",
            roles=STAFF,
            named_by="incident",
            people=_whose,
            proof="many",
        ),
    ),
    reactors=(
        (w.MajorStoodBy, on_stood_by),
        (w.MajorDeclared, on_declared),
        (w.MajorStoodDown, on_over),
        (w.MajorCancelled, on_over),
    ),
)
