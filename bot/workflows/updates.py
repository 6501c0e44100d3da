"""Updates: what people are told about an incident, corrected and taken back where it was wrong.

Every update says when the next one comes. A newer one replaces one that has not gone out, but
only where it is a full picture: never where people are in danger, never a correction, and
never the last one.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.calendar import DAY
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.disclosure import People, disclosed
from bot.core.disclosure import refused as personal
from bot.core.errors import Fault
from bot.core.events import Recorded
from bot.core.handling import STAFF, about, me, over, overtaken
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident, Update
from bot.core.incident_words import Audience, Wording
from bot.core.intents import Intent, Say, Show
from bot.core.notices import NEWS_LASTS, to_reporters, to_subscribers
from bot.core.program_words import PUBLISH
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, When, t

NEXT_WITHIN = 7 * DAY


def publish(state: Incident | None, command: ic.PublishUpdate, ctx: Context) -> Decision:
    """Tell an audience how it stands, and when they hear again."""
    if state is None or state.status == "merged":
        return over(state)
    refused = (
        _unfit_audience(state, command.audience)
        or _nobody_left(command.audience, ctx)
        or _unsound_promise(state, command, ctx)
    )
    if refused is not None:
        return refused
    said = _said(state, command, ctx)
    if isinstance(said, Refused):
        return said
    published = ie.UpdatePublished(
        number=state.updates + 1,
        words=said[0].words,
        language=said[0].language,
        also=said[1:],
        audience=command.audience,
        next_by=command.next_by,
        position=max(0, min(command.position, _people(ctx).position)),
        by=me(ctx),
    )
    return [published]


def _people(ctx: Context) -> People:
    if ctx.people is None:
        raise Fault("nobody gathered what is known of the incident's people")
    return ctx.people


def _nobody_left(audience: Audience, ctx: Context) -> Refused | None:
    if audience != "reporters" or _people(ctx).reached:
        return None
    text = t(
        "Nobody would hear this: no customer of this incident can be told anything any more. "
        "Nothing was sent. Tell everyone instead, or write a note."
    )
    return refuse("nobody", text)


def _said(
    state: Incident, command: ic.PublishUpdate | ic.CorrectUpdate, ctx: Context
) -> tuple[Wording, ...] | Refused:
    """The words in each language that they are in, when they give nobody away."""
    known = ctx.playbook.organisation.languages
    first = command.language or ctx.playbook.organisation.default_language
    others = {one: words for one, words in command.also.items() if words.strip() and one != first}
    if strange := [one for one in (first, *others) if one not in known]:
        text = t("The playbook has no language “{language}”.", language=strange[0])
        return refuse("language", text)
    said: list[Wording] = []
    for language, raw in ((first, command.words), *others.items()):
        words = about(state, raw, least=1)
        if isinstance(words, Refused):
            return words
        plain = str(words.plain())
        if found := disclosed(plain, _people(ctx), ctx.playbook, ctx.at):
            return personal(plain, found)
        said.append(Wording(language=language, words=words))
    return tuple(said)


def _unfit_audience(state: Incident, audience: Audience) -> Refused | None:
    if audience != "public" or state.visibility == "normal":
        return None
    text = t(
        "This incident is restricted, so nothing about it goes to everybody. Lift the "
        "restriction first, or tell only those who reported it."
    )
    return refuse("restricted", text)


def _unsound_promise(state: Incident, command: ic.PublishUpdate, ctx: Context) -> Refused | None:
    """Why the time of the next update cannot stand, if it cannot."""
    next_by = command.next_by
    if next_by is None:
        by_clock = ctx.edition(state.playbook).updates.of(state.priority).when == "timed"
        if state.working and by_clock and command.audience != "staff":
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


def correct(state: Incident | None, command: ic.CorrectUpdate, ctx: Context) -> Decision:
    """Other words for an update that went out; also when all is over."""
    update = _standing(state, command.number)
    if isinstance(update, Refused):
        return update
    assert state is not None
    knew = None if command.before is None else str(command.before)
    if refused := overtaken(knew, str(update.as_of)):
        return refused
    said = _said(state, command, ctx)
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
    return [corrected]


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
    ),
)
