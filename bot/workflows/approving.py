"""A second pair of eyes: an update that a rule of the playbook holds back until somebody approved.

Whoever may approve is called with its words, and what they approve is what goes out, looked at
anew. None of those who wrote it may approve it. Where the rule allows it, its author may send it
without, for a reason that everybody can read afterwards, and the approvers hear of it at once.
"""

from collections.abc import Iterator

from bot.core import approval_words as aw
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.access import NOT_ALLOWED
from bot.core.all_clear import KEPT, stood_down, unfit_now
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.drafting import Draft
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, about, me, over, overtaken
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Audience
from bot.core.intents import Intent, Ring, Say, Show
from bot.core.notices import NEWS_LASTS, lane, page
from bot.core.parties import Party
from bot.core.publishing import (
    approves,
    passed_by,
    people,
    position,
    unfit,
    unfit_words,
    worded,
)
from bot.core.rules import Decider, Decision, Proof, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, Who, t, tn

APPROVERS = (*STAFF, "administrator")

WHO: dict[Audience, Text] = {
    "reporters": t("its customers"),
    "public": t("everyone"),
    "staff": t("staff only"),
}


def _waiting(state: Incident | None, number: int, version: int | None) -> Draft | Refused:
    """Draft `number`, if it waits in the version that whoever asks has read."""
    if state is None or state.status == "merged":
        return over(state)
    found = state.drafting.draft(number)
    if found is None:
        known = 1 <= number <= state.drafting.made
        text = t("This draft waits no longer: it went out, or was taken back.")
        return refuse("settled", text) if known else over(None)
    knew = None if version is None else str(version)
    return overtaken(knew, str(found.version)) or found


def approve(state: Incident | None, command: aw.ApproveUpdate, ctx: Context) -> Decision:
    """Send exactly these words."""
    draft = _waiting(state, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    assert state is not None
    refused = _may_not(draft, ctx) or _returned(draft)
    if refused is not None:
        return refused
    sent = _sent(state, draft, command.next_by, ctx, approved=True)
    if isinstance(sent, Refused):
        return sent
    approved = aw.DraftApproved(draft=draft.number, version=draft.version, by=me(ctx))
    return [approved, *stood_down(draft), sent]


def _may_not(draft: Draft, ctx: Context) -> Refused | None:
    """Why whoever asks is not the second person."""
    if any(ctx.actor.stands_for(one) for one in draft.writers):
        text = t("You wrote this, so somebody else must approve it.")
        if draft.author != ctx.actor.person and not ctx.actor.stands_for(draft.author):
            text = t("It is by you or a program of yours, so somebody else must approve it.")
        return refuse("own_draft", text)
    return None if approves(draft.approver, ctx.actor.roles) else NOT_ALLOWED


def _returned(draft: Draft) -> Refused | None:
    if draft.sent_back is None:
        return None
    return refuse("sent_back", t("This was sent back to its author. It waits for other words."))


def _sent(
    state: Incident, draft: Draft, next_by: Millis | None, ctx: Context, approved: bool
) -> Event | Refused:
    """The draft as it goes out, when all that is asked of words for many holds now."""
    next_by = draft.next_by if next_by is None else next_by
    if (late := passed_by(state, draft)) is not None:
        return refuse("passed_by", late)
    promises = not draft.corrects and not draft.all_clear
    refused = unfit_now(state, draft) or unfit(state, draft.audience, next_by, ctx, promises)
    refused = refused or _unfit_words(draft, ctx)
    if refused is not None:
        return refused
    said = {
        "words": draft.words,
        "language": draft.language,
        "also": draft.also,
        "audience": draft.audience,
        "by": draft.author,
        "approved_by": me(ctx) if approved else None,
        "unapproved": not approved,
    }
    if draft.corrects:
        return ie.UpdateCorrected.model_validate({"number": draft.corrects, **said})
    where = {"number": state.updates + 1, "next_by": next_by, "position": draft.position}
    return ie.UpdatePublished.model_validate({**where, **said})


def _unfit_words(draft: Draft, ctx: Context) -> Refused | None:
    """Whether its words would give somebody away by what is known now."""
    said = people(ctx).drafts.get((draft.number, draft.version))
    if said is None:
        text = t("This was changed a moment ago. Look at it again.")
        return refuse("overtaken", text, transient=True)
    if not all(said):
        return refuse("erased", t("The words of this draft were deleted. Write it anew."))
    found = (unfit_words(one, ctx) for one in said)
    return next((one for one in found if one is not None), None)


def break_glass(state: Incident | None, command: aw.BreakGlass, ctx: Context) -> Decision:
    """Its author sends it without the second person, and says why."""
    draft = _waiting(state, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    assert state is not None
    if not draft.break_glass:
        return refuse("no_glass", t("The playbook lets nobody send this without approval."))
    if not any(ctx.actor.stands_for(one) for one in draft.writers):
        text = t("Only who wrote this may send it without approval. Change it, and it is yours.")
        return refuse("not_yours", text)
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    sent = _sent(state, draft, command.next_by, ctx, approved=False)
    if isinstance(sent, Refused):
        return sent
    broken = aw.GlassBroken(
        draft=draft.number,
        version=draft.version,
        reason=reason,
        approver=draft.approver,
        by=me(ctx),
        proved_at=ctx.actor.proved_at,
    )
    return [broken, *stood_down(draft), sent]


def revise(state: Incident | None, command: aw.ReviseDraft, ctx: Context) -> Decision:
    """Other words, of whoever changes them; they wait by the rule that held the first ones."""
    draft = _waiting(state, command.draft, command.before)
    if isinstance(draft, Refused):
        return draft
    assert state is not None
    if draft.all_clear:
        return KEPT
    next_by = None if draft.corrects else command.next_by
    refused = unfit(state, draft.audience, next_by, ctx, promises=not draft.corrects)
    if refused is not None:
        return refused
    said = worded(state, command.words, command.language, command.also, command.sure, ctx)
    if isinstance(said, Refused):
        return said
    fresh = aw.UpdateDrafted(
        draft=draft.number,
        version=draft.version + 1,
        words=said[0].words,
        language=said[0].language,
        also=said[1:],
        audience=draft.audience,
        next_by=next_by,
        by=me(ctx),
        approver=draft.approver,
        break_glass=draft.break_glass,
        position=position(command.position, ctx),
        reach=ctx.reach,
        corrects=draft.corrects,
        behind=ctx.actor.behind,
    )
    return [fresh]


def send_back(state: Incident | None, command: aw.SendBackDraft, ctx: Context) -> Decision:
    """It is not right yet; its author is told why."""
    draft = _waiting(state, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    refused = _may_not(draft, ctx) or _returned(draft)
    if refused is not None:
        return refused
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    back = aw.DraftSentBack(draft=draft.number, version=draft.version, reason=reason, by=me(ctx))
    return [back]


def withdraw(state: Incident | None, command: aw.WithdrawDraft, ctx: Context) -> Decision:
    """It is not to go out; what waits no longer is no matter."""
    draft = _waiting(state, command.draft, None)
    if isinstance(draft, Refused):
        return [] if draft.code == "settled" else draft
    return [aw.DraftWithdrawn(draft=draft.number, by=me(ctx))]


# --- what follows ----------------------------------------------------------------------------


_UPDATE = t(
    "Incident {ref}: {who} wrote an update for {audience}, which waits for your approval. "
    "It would reach {people}."
)
_ALL_CLEAR = t(
    "Incident {ref}: {who} wrote the all-clear for {audience}, which waits for your approval. "
    "It would reach {people}, and stands the major incident down."
)


def on_drafted(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever may approve reads it at once, wherever they are."""
    event = rec.event
    assert isinstance(event, aw.UpdateDrafted)
    draft = state.drafting.draft(event.draft)
    text = (_ALL_CLEAR if draft is not None and draft.all_clear else _UPDATE).model_copy(
        update={
            "args": {
                "ref": Ref(ref=state.reference),
                "who": Who(person=event.by),
                "audience": WHO[event.audience],
                "people": reach_text(event.reach),
            }
        }
    )
    words = {"words": event.words, "language": event.language, "also": event.also}
    called = (Party(of="role", key=event.approver),)
    until = event.next_by or rec.at + NEWS_LASTS
    wrote = (event.by,) if draft is None else tuple(dict.fromkeys(draft.writers))
    yield from _call(state, event.draft, called, text, "approval", until, words, but=wrote)
    yield _shown(state, event.draft)


def reach_text(reach: int | None) -> Text:
    """How many people hear something."""
    if reach is None:
        return t("nobody counted how many")
    return tn("{n} person", "{n} people", n=reach)


def _call(
    state: Incident,
    number: int,
    who: tuple[Party, ...],
    text: Text,
    why: str,
    until: Millis,
    words: dict[str, object],
    *,
    but: tuple[PersonId, ...] = (),
) -> Iterator[Intent]:
    """Page `who` without those in `but`, and say the words of the draft with it."""
    paged = page(
        state.stream,
        who,
        text,
        why,
        until=until,
        supersedes=f"draft:{state.stream}:{number}",
        subject=state.subject,
        alone=state.visibility == "restricted",
        but=but,
    )
    for one in paged:
        yield one.model_copy(update=words) if isinstance(one, Say) else one


def _shown(state: Incident, number: int) -> Show:
    """The draft's card beside the incident's."""
    usual = lane(state, "card")
    return Show(card="draft", stream=state.stream, number=number, place="team", lane=usual)


def on_sent_back(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its author is called, and reads why."""
    event = rec.event
    assert isinstance(event, aw.DraftSentBack)
    draft = state.drafting.draft(event.draft)
    if draft is None:
        return
    text = t(
        "Incident {ref}: {who} sent your update back. It did not go out.",
        ref=Ref(ref=state.reference),
        who=Who(person=event.by),
    )
    who = (Party(of="person", key=draft.behind or draft.author),)
    until = rec.at + NEWS_LASTS
    yield from _call(state, draft.number, who, text, "sent_back", until, {"words": event.reason})
    yield _shown(state, draft.number)


def on_approved(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its author's page says so."""
    event = rec.event
    assert isinstance(event, aw.DraftApproved)
    yield Ring(role="agent", why="approved")
    yield _shown(state, event.draft)


def on_broken(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who was not asked hears of it at once, with the reason."""
    event = rec.event
    assert isinstance(event, aw.GlassBroken)
    text = t(
        "Incident {ref}: {who} sent an update without approval.",
        ref=Ref(ref=state.reference),
        who=Who(person=event.by),
    )
    who = (Party(of="role", key=event.approver),)
    until = rec.at + NEWS_LASTS
    words: dict[str, object] = {"words": event.reason}
    yield from _call(state, event.draft, who, text, "glass", until, words, but=(event.by,))
    yield _shown(state, event.draft)


def on_withdrawn(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its card says so."""
    assert isinstance(rec.event, aw.DraftWithdrawn)
    yield _shown(state, rec.event.draft)


def again(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Drafts that something has passed by say so."""
    for one in state.drafting.open:
        yield _shown(state, one.number)


def _whose(command: aw.DraftCommand) -> StreamId:
    return command.incident


def _sends(command: type[Command], decide: Decider, roles: tuple[str, ...], proof: Proof) -> Rule:
    """Words for many, decided by whoever knows what would give one away."""
    return Rule(
        command, decide, "named", roles=roles, named_by="incident", people=_whose, proof=proof
    )


def _plain(command: type[Command], decide: Decider, roles: tuple[str, ...]) -> Rule:
    return Rule(command, decide, "named", roles=roles, named_by="incident")


WORKFLOW = Workflow(
    rules=(
        _sends(aw.ApproveUpdate, approve, APPROVERS, "many"),
        _sends(aw.BreakGlass, break_glass, STAFF, "always"),
        _sends(aw.ReviseDraft, revise, STAFF, ""),
        _plain(aw.SendBackDraft, send_back, APPROVERS),
        _plain(aw.WithdrawDraft, withdraw, STAFF),
    ),
    reactors=(
        (aw.UpdateDrafted, on_drafted),
        (aw.DraftSentBack, on_sent_back),
        (aw.DraftApproved, on_approved),
        (aw.GlassBroken, on_broken),
        (aw.DraftWithdrawn, on_withdrawn),
        *(
            (event, again)
            for event in (
                ie.UpdatePublished,
                ie.UpdateWithdrawn,
                ie.IncidentResolved,
                ie.IncidentReopened,
                ie.IncidentClosed,
                ie.IncidentCancelled,
                ie.VisibilityChanged,
                mw.IncidentMerged,
            )
        ),
    ),
)
