"""What must hold of words for many, whoever sends them: looked at anew each time it is decided.

Whom they reach, what they promise, whether they give somebody away, blame or guess, and whether a
second person must read them first.
"""

from collections.abc import Mapping, Sequence

from bot.core import major_rules, problem_rules
from bot.core.approval_words import UpdateDrafted
from bot.core.calendar import DAY
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.disclosure import People, disclosed
from bot.core.disclosure import refused as personal
from bot.core.drafting import WAITING_MOST, Draft
from bot.core.errors import Fault
from bot.core.events import Event
from bot.core.handling import about
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_events import UpdateCorrected, UpdatePublished
from bot.core.incident_words import Audience, Wording
from bot.core.major_words import MajorStoodDown
from bot.core.person_words import Role
from bot.core.playbook import IncidentPlan
from bot.core.playbook_assess import approval
from bot.core.playbook_parts import Approval
from bot.core.playbook_suggest import avoided
from bot.core.rules import refuse
from bot.core.texts import Text, When, t

NEXT_WITHIN = 7 * DAY
UNCOUNTED = 1 << 30
"""How many people hear what nobody counted: so many that every rule applies."""


def people(ctx: Context) -> People:
    """What is known of the incident's people. Raises Fault when nobody gathered it."""
    if ctx.people is None:
        raise Fault("nobody gathered what is known of the incident's people")
    return ctx.people


def position(at: int, ctx: Context) -> int:
    """As of where in the log its recipients were counted; never later than now."""
    return max(0, min(at, people(ctx).position))


def unfit_audience(state: Incident, audience: Audience) -> Refused | None:
    """Why a restricted incident, or what is one customer's own affair, is not told to everybody,
    and a problem to nobody outside.
    """
    if audience != "staff" and (refused := problem_rules.unfit(state)):
        return refused
    if audience != "public":
        return None
    if state.incident_kind != "incident":
        text = t(
            "Only incidents are told to everybody; this concerns its customer alone. Write to "
            "them, or change its kind if it is an incident after all."
        )
        return refuse("no_incident", text)
    if state.visibility == "normal":
        return None
    text = t(
        "This incident is restricted, so nothing about it goes to everybody. Lift the "
        "restriction first, or tell only those who reported it."
    )
    return refuse("restricted", text)


def nobody_left(audience: Audience, ctx: Context) -> Refused | None:
    """Why words that reach nobody are not sent."""
    if audience != "reporters" or people(ctx).reached:
        return None
    text = t(
        "Nobody would hear this: no customer of this incident can be told anything any more. "
        "Nothing was sent. Tell everyone instead, or write a note."
    )
    return refuse("nobody", text)


def unsound_promise(
    state: Incident, audience: Audience, next_by: Millis | None, ctx: Context
) -> Refused | None:
    """Why the time of the next update cannot stand, if it cannot."""
    late = major_rules.unsound_promise(state, audience, next_by, ctx)
    return late or _unsound_time(state, audience, next_by, ctx)


def _unsound_time(
    state: Incident, audience: Audience, next_by: Millis | None, ctx: Context
) -> Refused | None:
    if next_by is None:
        by_clock = ctx.edition(state.playbook).updates.of(state.priority).when == "timed"
        if state.working and by_clock and audience != "staff":
            return refuse("next_missing", t("Say by when people will hear from you again."))
        return None
    if state.ended:
        text = t("This incident has ended, so this is the last update: leave the next time empty.")
        return refuse("next_after_end", text)
    if next_by <= ctx.at:
        return refuse("next_past", t("The time of the next update has passed. Give a later one."))
    if next_by > ctx.at + NEXT_WITHIN:
        return refuse("next_far", t("Promise the next update within the next 7 days."))
    return None


def unfit(
    state: Incident, audience: Audience, next_by: Millis | None, ctx: Context, promises: bool = True
) -> Refused | None:
    """Why nothing is told to that audience now. A correction `promises` no time of its own."""
    refused = unfit_audience(state, audience) or nobody_left(audience, ctx)
    if refused is None and promises:
        refused = unsound_promise(state, audience, next_by, ctx)
    return refused


def worded(
    state: Incident,
    words: str,
    language: str,
    also: Mapping[str, str],
    sure: bool,
    ctx: Context,
) -> tuple[Wording, ...] | Refused:
    """The words in each language that they are in, when they give nobody away and, unless their
    author is `sure`, neither blame nor guess.
    """
    known = ctx.playbook.organisation.languages
    first = language or ctx.playbook.organisation.default_language
    others = {one: said for one, said in also.items() if said.strip() and one != first}
    if strange := [one for one in (first, *others) if one not in known]:
        text = t("The playbook has no language “{language}”.", language=strange[0])
        return refuse("language", text)
    said: list[Wording] = []
    for one, raw in ((first, words), *others.items()):
        kept = about(state, raw, least=1)
        if isinstance(kept, Refused):
            return kept
        plain = str(kept.plain())
        if refused := unfit_words(plain, ctx) or (None if sure else careless(plain, ctx)):
            return refused
        said.append(Wording(language=one, words=kept))
    return tuple(said)


def unfit_words(plain: str, ctx: Context) -> Refused | None:
    """Why words are not sent that would tell something personal."""
    found = disclosed(plain, people(ctx), ctx.playbook, ctx.at)
    return personal(plain, found) if found else None


def careless(plain: str, ctx: Context) -> Refused | None:
    """What is asked once more before words go out that may blame somebody, or guess."""
    found = avoided(ctx.playbook, plain)
    if found is None:
        return None
    text = t(
        "“{words}” may sound like blame, or like a guess at the cause, and people hold on to "
        "either. Say what is known, what you do and what people should do. If you mean it as it "
        "stands, say so and send it again.",
        words=found,
    )
    return refuse("careless", text, transient=True)


def rule_for(state: Incident, audience: Audience, ctx: Context) -> Approval | None:
    """The rule by which a second person must read it first. Who reads a page is not counted, so
    what is public speaks to somebody in any case.
    """
    size = UNCOUNTED if ctx.reach is None else ctx.reach
    least = 1 if audience == "public" else 0
    return approval(ctx.playbook, state.priority, audience, max(least, size))


def drafted(
    state: Incident,
    event: UpdatePublished | UpdateCorrected,
    rule: Approval,
    ctx: Context,
    down: MajorStoodDown | None = None,
) -> Sequence[Event] | Refused:
    """What waits for whoever may approve it, in place of the `event` that would send it, and with
    an all-clear of the one that would stand it `down`.
    """
    if len(state.drafting.open) >= WAITING_MOST:
        text = t("So many updates wait already. Have one of them approved, or take one back.")
        return refuse("drafts", text)
    fresh = UpdateDrafted(
        draft=state.drafting.made + 1,
        version=1,
        words=event.words,
        language=event.language,
        also=event.also,
        audience=event.audience,
        next_by=event.next_by if isinstance(event, UpdatePublished) else None,
        by=event.by,
        approver=rule.by,
        break_glass=rule.break_glass,
        position=event.position if isinstance(event, UpdatePublished) else 0,
        reach=ctx.reach,
        corrects=event.number if isinstance(event, UpdateCorrected) else 0,
        behind=ctx.actor.behind,
        recovered=None if down is None else down.recovered,
        data_loss=None if down is None else down.data_loss,
    )
    return [fresh]


def approves(approver: Role, roles: Sequence[str]) -> bool:
    """Whether somebody with `roles` is the second person; a supervisor is whatever an agent is."""
    return approver in roles or (approver == "agent" and "supervisor" in roles)


def passed_by(state: Incident, draft: Draft) -> Text | None:
    """What has happened since that `draft` does not know of; None while it says how things are."""
    if draft.corrects:
        update = state.update(draft.corrects)
        gone = update is None or update.withdrawn
        return t("What it would correct was taken back, or is too old by now.") if gone else None
    if state.working != draft.working:
        return t(
            "The incident was resolved, or opened again, after this was written. Change it so "
            "that it says how things stand now."
        )
    newer = (one for one in state.latest if one.number > draft.after and not one.withdrawn)
    told = next((one for one in newer if one.audience != "staff"), None)
    if told is None:
        return None
    time = When(at=told.at)
    return t("A newer update went out at {time}. Change this one, or take it back.", time=time)


def untold(state: Incident, plan: IncidentPlan) -> bool:
    """Whether something changed that people are to hear of and have not: where they hear on every
    change, its impact or that it stands still; where everybody was told, that it is over.
    """
    if state.drafting.changed_at is None or state.ended:
        return False
    on_change = plan.updates.of(state.priority).when == "change"
    if not state.working:
        return bool(state.told)
    return on_change and state.taken_at is not None and bool(state.reports or state.told)
