"""Updates: what people are told about an incident, corrected and taken back where it was wrong.

Every update says when the next one comes. A newer one replaces one that has not gone out, but
only where it is a full picture: never where people are in danger, never a correction, and
never the last one.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import STAFF, about, me, over, overtaken
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident, Update
from bot.core.incident_words import Audience
from bot.core.intents import Intent, Say, Show
from bot.core.notices import NEWS_LASTS, ring_owner, to_reporters, to_subscribers
from bot.core.program_words import PUBLISH
from bot.core.publishing import (
    drafted,
    position,
    rule_for,
    unfit,
    untold,
    worded,
)
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, When, t


def publish(state: Incident | None, command: ic.PublishUpdate, ctx: Context) -> Decision:
    """Tell an audience how it stands, and when they hear again; or lay it before who approves."""
    if state is None or state.status == "merged":
        return over(state)
    refused = unfit(state, command.audience, command.next_by, ctx)
    if refused is not None:
        return refused
    said = worded(state, command.words, command.language, command.also, command.sure, ctx)
    if isinstance(said, Refused):
        return said
    published = ie.UpdatePublished(
        number=state.updates + 1,
        words=said[0].words,
        language=said[0].language,
        also=said[1:],
        audience=command.audience,
        next_by=command.next_by,
        position=position(command.position, ctx),
        by=me(ctx),
    )
    rule = rule_for(state, command.audience, ctx)
    return [published] if rule is None else drafted(state, published, rule, ctx)


def correct(state: Incident | None, command: ic.CorrectUpdate, ctx: Context) -> Decision:
    """Other words for an update that went out; also when all is over."""
    update = _standing(state, command.number)
    if isinstance(update, Refused):
        return update
    assert state is not None
    knew = None if command.before is None else str(command.before)
    if refused := overtaken(knew, str(update.as_of)):
        return refused
    said = worded(state, command.words, command.language, command.also, command.sure, ctx)
    if isinstance(said, Refused):
        return said
    corrected = ie.UpdateCorrected(
        number=update.number,
        words=said[0].words,
        language=said[0].language,
        also=said[1:],
        audience=update.audience,
        by=me(ctx),
    )
    rule = rule_for(state, update.audience, ctx)
    return [corrected] if rule is None else drafted(state, corrected, rule, ctx)


def _standing(state: Incident | None, number: int) -> Update | Refused:
    """Update `number`, if it can still be changed."""
    if state is None or not 1 <= number <= state.updates:
        return over(None)
    update = state.update(number)
    if update is None:
        text = t("This update is too old to be changed. Publish a new one instead.")
        return refuse("too_old", text)
    if update.withdrawn:
        text = t("This update was taken back. Publish a new one instead.")
        return refuse("withdrawn", text)
    return update


def withdraw(state: Incident | None, command: ic.WithdrawUpdate, ctx: Context) -> Decision:
    """Take an update back; whoever was sent it is told to disregard it."""
    update = _standing(state, command.number)
    if isinstance(update, Refused):
        return [] if update.code == "withdrawn" else update
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    withdrawn = ie.UpdateWithdrawn(number=update.number, reason=reason, audience=update.audience)
    return [withdrawn]


# --- what follows ----------------------------------------------------------------------------


def on_published(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Each person of the audience hears it once."""
    assert isinstance(rec.event, ie.UpdatePublished)
    event = rec.event
    last, ref = event.next_by is None, Ref(ref=state.reference)
    time = When(at=event.next_by or rec.at)
    for_reporters = t("This is how things stand. You will hear from us again by {time}.", time=time)
    for_others = t("Incident {ref}: the next update comes by {time}.", ref=ref, time=time)
    if last:
        for_reporters = t("This is how things stand.")
        for_others = t("Incident {ref}: this is how things stand.", ref=ref)
    family = "" if last or state.danger else f"update:{state.stream}"
    until = event.next_by or rec.at + NEWS_LASTS
    others = for_reporters, for_others
    for say in _tell(state, event.audience, *others, until, family, event.position):
        yield _saying(say, event)
    earlier = (state.update(one) for one in range(event.number - 1, 0, -1))
    told = next((one for one in earlier if one is not None and one.audience == "public"), None)
    if event.audience == "public" and told is not None:
        yield _shown(state, told.number)


def _shown(state: Incident, number: int) -> Show:
    """Where it was told by a card, that card says how things are with it now."""
    return Show(card="update", stream=state.stream, number=number, place="team", lane="bulk")


def _saying(say: Say, event: ie.UpdatePublished | ie.UpdateCorrected) -> Say:
    """The say with the update's words in their languages."""
    said = {
        "words": event.words,
        "language": event.language,
        "also": event.also,
        "update": event.number,
    }
    return say.model_copy(update=said)


def _tell(
    state: Incident,
    audience: Audience,
    for_reporters: Text,
    for_others: Text,
    until: Millis,
    family: str = "",
    position: int = 0,
) -> Iterator[Say]:
    """Say it to an audience; what is public goes to those who reported and who subscribed."""
    if audience != "staff":
        kept = f"{family}:reporters" if family else ""
        yield from to_reporters(state, for_reporters, until, supersedes=kept)
    if audience == "public":
        kept = f"{family}:public" if family else ""
        yield from to_subscribers(state, for_others, until, kept, position)


def on_corrected(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The audience that heard the first wording hears the right one."""
    assert isinstance(rec.event, ie.UpdateCorrected)
    event, time = rec.event, _time_of(rec.event.number, rec, state)
    ref = Ref(ref=state.reference)
    for_reporters = t("A correction to what we wrote at {time}:", time=time)
    for_others = t("Incident {ref}: a correction to the update of {time}:", ref=ref, time=time)
    until = rec.at + NEWS_LASTS
    for say in _tell(state, event.audience, for_reporters, for_others, until):
        yield _saying(say, event).model_copy(update={"mends": True})
    if event.audience == "public":
        yield _shown(state, event.number)


def on_withdrawn(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever heard it is told that it does not hold."""
    assert isinstance(rec.event, ie.UpdateWithdrawn)
    event, time = rec.event, _time_of(rec.event.number, rec, state)
    ref = Ref(ref=state.reference)
    for_reporters = t("Please disregard what we wrote at {time}. It was a mistake.", time=time)
    for_others = t("Incident {ref}: please disregard the update of {time}.", ref=ref, time=time)
    until = rec.at + NEWS_LASTS
    for say in _tell(state, event.audience, for_reporters, for_others, until):
        yield say.model_copy(update={"update": event.number, "mends": True})
    if event.audience == "public":
        yield _shown(state, event.number)


def on_changed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Where people hear on every change, whoever has it is asked for a word about this one."""
    news = state.drafting.changed_at == rec.at
    if news and untold(state, ctx.edition(state.playbook)):
        yield ring_owner(state, "untold")


def _time_of(number: int, rec: Recorded, state: Incident) -> When:
    update = state.update(number)
    return When(at=rec.at if update is None else update.at)


def _whose(command: ic.IncidentCommand) -> StreamId:
    return command.incident


def _checked(command: type[Command], decide: Decider, *also: str) -> Rule:
    """Words for many, decided by whoever knows what would give one away."""
    roles = (*STAFF, *also)
    return Rule(
        command, decide, "named", roles=roles, named_by="incident", people=_whose, proof="many"
    )


WORKFLOW = Workflow(
    rules=(
        _checked(ic.PublishUpdate, publish, PUBLISH),
        _checked(ic.CorrectUpdate, correct),
        Rule(ic.WithdrawUpdate, withdraw, "named", roles=STAFF, named_by="incident"),
    ),
    reactors=(
        (ie.UpdatePublished, on_published),
        (ie.UpdateCorrected, on_corrected),
        (ie.UpdateWithdrawn, on_withdrawn),
        (ie.PriorityChanged, on_changed),
        (ie.IncidentHeld, on_changed),
        (ie.IncidentResumed, on_changed),
        (ie.IncidentResolved, on_changed),
    ),
)
