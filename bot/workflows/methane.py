"""METHANE and the log of decisions: what is known and what was decided, with author and time."""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import major_words as w
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import about, by_staff, me, over, overtaken
from bot.core.incident import Incident
from bot.core.intents import Intent, Then
from bot.core.major_rules import keep_decision, moment
from bot.core.major_words import LETTERS, Finding
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

SUGGESTING = ("hazards", "number")
"""What people should hear about when it changes."""


def write(state: Incident | None, command: w.WriteMethane, ctx: Context) -> Decision:
    """A version more: what changed in it, "unknown" included."""
    if state is None or state.ended:
        return over(state)
    knew = None if command.before is None else str(command.before)
    refused = overtaken(knew, str(state.major.methane.version))
    if refused is not None:
        return refused
    known_at = moment(state, command.known_at, ctx)
    if isinstance(known_at, Refused):
        return known_at
    found = _findings(state, command)
    if isinstance(found, Refused):
        return found
    at, late = known_at
    written = w.MethaneWritten(
        number=state.major.methane.version + 1,
        findings=found,
        by=me(ctx),
        known_at=at,
        late=late,
        major=state.major.stage,
    )
    return [written] if found else []


def _findings(state: Incident, command: w.WriteMethane) -> tuple[Finding, ...] | Refused:
    """What is new; that something unknown is unknown is none."""
    if strange := [one for one in command.findings if one not in LETTERS]:
        return refuse("unknown_letter", t("There is no such field: {field}.", field=strange[0]))
    found: list[Finding] = []
    for letter in (one for one in LETTERS if one in command.findings):
        raw, before = command.findings[letter], state.major.methane.of(letter)
        words = about(state, raw, least=1) if raw.strip() else None
        if isinstance(words, Refused):
            return words
        if words is not None or before is None or before.words is not None:
            found.append(Finding(letter=letter, words=words))
    return tuple(found)


def decide(state: Incident | None, command: w.RecordDecision, ctx: Context) -> Decision:
    """Kept for whoever asks later why it was done so."""
    if state is None or state.status == "merged":
        return over(state)
    made_at = moment(state, command.made_at, ctx)
    if isinstance(made_at, Refused):
        return made_at
    said = (command.decision, command.reason, command.alternatives)
    kept = keep_decision(state, said, made_at, ctx)
    return kept if isinstance(kept, Refused) else [kept]


def want_update(state: Incident | None, command: w.WantUpdate, ctx: Context) -> Decision:
    """What people were told is so no more. A change of impact is told within the time of a first
    update; anything else is a hint to whoever writes.
    """
    if state is None or not state.working or not state.major.declared:
        return []
    if state.major.told_impact is None or state.major.wanted == command.why:
        return []
    soon = ctx.at + ctx.edition(state.playbook).major.updates.first
    until = soon if command.why == "impact" else state.targets.update or soon
    return [w.UpdateWanted(why=command.why, until=until)]


# --- what follows ----------------------------------------------------------------------------


def on_written(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """New hazards or numbers are worth an update at once."""
    assert isinstance(rec.event, w.MethaneWritten)
    new = any(one.letter in SUGGESTING for one in rec.event.findings)
    if new and state.major.declared and state.major.told_impact is not None:
        yield Then(command=w.WantUpdate(incident=state.stream, why="methane"))


def on_priority(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever was told how far it reaches hears at once that this has changed."""
    told = state.major.told_impact
    if state.major.declared and told not in (None, state.impact):
        yield Then(command=w.WantUpdate(incident=state.stream, why="impact"))


WORKFLOW = Workflow(
    rules=(
        by_staff(w.WriteMethane, write),
        by_staff(w.RecordDecision, decide),
        Rule(w.WantUpdate, want_update, "named", by_system=True, named_by="incident"),
    ),
    reactors=((w.MethaneWritten, on_written), (ie.PriorityChanged, on_priority)),
)
