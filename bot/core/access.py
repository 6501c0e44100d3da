"""The one gate: may this actor do this to that? Called inside the unit, on fresh state."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.core.calendar import DAY, MINUTE
from bot.core.commands import Actor, Grant, Refused
from bot.core.context import Context
from bot.core.fold import State
from bot.core.frozen import Frozen
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.program_words import PUBLISH
from bot.core.report import Report
from bot.core.rules import Rule
from bot.core.texts import t

RESTRICTED_ROLES = ("supervisor", "administrator", "api:restricted")

Behind = Mapping[StreamId, Frozen | None]
"""Other streams as they are now, an incident that is about to begin as None."""
NOTHING: Behind = MappingProxyType({})

NOT_FOUND = Refused(
    code="not_found", text=t("There is nothing here under that name, or you may not see it.")
)
NOT_ALLOWED = Refused(
    code="not_allowed", text=t("You may not do this: it takes another role than yours.")
)
HOUSE_ONLY = Refused(code="not_allowed", text=t("Only Muster itself does this."))
PROOF_SERVES: Millis = 15 * MINUTE
PROVE = Refused(
    code="prove",
    text=t("This has grave consequences, so please prove once more that it is you."),
    transient=True,
)
PROVE_MANY = Refused(
    code="prove",
    text=t("This reaches many people, so please prove once more that it is you."),
    transient=True,
)

GRANT_SERVES: Millis = DAY
GRAVE_SERVES: Millis = MINUTE
GRAVE = frozenset(
    {
        "publish_update",
        "correct_update",
        "withdraw_update",
        "resolve_incident",
        "close_incident",
        "cancel_incident",
        "restrict_incident",
        "merge_incident",
        "split_incident",
        "override_priority",
        "declare_major",
        "cancel_major",
        "offer_post",
        "accept_post",
        "clear_distress",
        "reveal_customer",
        "reveal_reporter",
        "replay_deliveries",
        "discard_deliveries",
        "describe_person",
    }
)
"""What, beside all that takes a proof, nobody does by a membership that ended a minute ago."""
STALE = Refused(
    code="stale",
    text=t(
        "We could not check just now whether you still belong to this place, and this takes it. "
        "Please try again in a minute."
    ),
    transient=True,
)


def is_grave(rule: Rule) -> bool:
    """Whether a place that grants the role must have been asked a moment ago."""
    return bool(rule.proof) or rule.command.tag in GRAVE


def serving(rule: Rule, grants: Iterable[Grant], now: Millis) -> tuple[Grant, ...]:
    """Those of `grants` that were seen lately enough for what `rule` is about; none from the
    future.
    """
    found = current(grants, now)
    return tuple(one for one in found if now - one.seen_at < GRAVE_SERVES or not is_grave(rule))


def current(grants: Iterable[Grant], now: Millis) -> tuple[Grant, ...]:
    """Those by which somebody may read and do what is not grave."""
    return tuple(one for one in grants if 0 <= now - one.seen_at < GRANT_SERVES)


def gate(rule: Rule, actor: Actor, state: State | None, behind: Behind = NOTHING) -> Refused | None:
    """None when `actor` may; else the refusal. Everything that is not granted is denied."""
    if actor.is_system:
        return None if rule.by_system else HOUSE_ONLY
    if rule.by_anyone or (rule.by_reporter and _is_own(actor, state)):
        return None
    if not rule.roles:
        return NOT_FOUND if rule.by_reporter else HOUSE_ONLY
    if not _reaches(rule, actor, state, behind):
        return NOT_FOUND
    if any(role in rule.roles for role in actor.roles):
        return None
    return STALE if any(role in rule.roles for role in actor.stale) else NOT_ALLOWED


def _reaches(rule: Rule, actor: Actor, state: State | None, behind: Behind) -> bool:
    if may_see(actor, state, behind) or (rule.by_holder and holds_task(actor, state)):
        return True
    serves = any(role in rule.roles for role in actor.roles)
    return rule.by_called and serves and calls_anybody(state)


def calls_anybody(state: State | None) -> bool:
    """Whether somebody in distress waits for a person: whoever is called may come, though they see
    nothing of it before.
    """
    if not isinstance(state, Incident) or not state.shelter.reports:
        return False
    return state.owner is None or any(one.cause == "distress" for one in state.alarms)


def is_proved(proved_at: Millis | None, now: Millis) -> bool:
    """Whether a proof that was given at `proved_at` still serves; one from the future never."""
    return proved_at is not None and 0 <= now - proved_at < PROOF_SERVES


def unproved(rule: Rule, ctx: Context) -> Refused | None:
    """None unless `rule` wants a fresh proof of who asks and there is none."""
    if not rule.proof or ctx.actor.is_system or is_proved(ctx.actor.proved_at, ctx.at):
        return None
    if rule.proof == "always":
        return PROVE
    if PUBLISH in ctx.actor.roles:
        return None  # Whoever gave the key this scope proved it then.
    few = ctx.reach is not None and ctx.reach <= ctx.playbook.safeguards.prove_above
    return None if few else PROVE_MANY


def _is_own(actor: Actor, state: State | None) -> bool:
    """A report that is the actor's, or that the actor is about to begin."""
    return state is None or (isinstance(state, Report) and actor.stands_for(state.person))


def holds_task(actor: Actor, state: State | None) -> bool:
    """Whether `actor` has a place on a task, which stays theirs when few may see the rest."""
    if actor.person is None or not isinstance(state, Incident):
        return False
    return any(task.place_of(actor.person) for task in state.tasks)


def may_see(actor: Actor, state: State | None, behind: Behind = NOTHING) -> bool:
    """Whether `actor` may know that `state` exists. Restricted ones: owner and supervisors; a
    report as the incident behind it, and one whose incident nobody looked for is not there.
    """
    if actor.is_system:
        return True
    if isinstance(state, Report) and state.incident is not None:
        incident = behind.get(state.incident)
        found = incident if isinstance(incident, Incident) else None
        return state.incident in behind and may_see(actor, found)
    if not isinstance(state, Incident) or state.visibility == "normal":
        return True
    if any(role in RESTRICTED_ROLES for role in actor.roles):
        return True
    return actor.person is not None and state.owner == actor.person
