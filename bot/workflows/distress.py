"""Distress: the button on every screen, and the second net cast over all that a customer writes.

The playbook's words find it, in any of its languages. What was found is an event that says no
more than that; the questions stop, a person is called by the ladder of the playbook until one has
come, few may see it, and the customer reads the playbook's own kind words. Whether it was so is
for a person to say.
"""

from collections.abc import Iterator

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.answering import newly_endangered
from bot.core.calendar import DAY, HOUR
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.file_words import FileAdded
from bot.core.free_text import NOTE_MOST, words
from bot.core.handling import STAFF, me
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.intents import Do, DropTimer, Intent, Ring, SetTimer, Then
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import (
    CONFIRMATION,
    QUIET,
    end_wait,
    erased,
    from_first_word,
    in_distress,
    labelled,
    more_facts,
    sounds_like_distress,
    tell,
)
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.shelter_words import EndShelter, ShelterReport
from bot.core.texts import Text, t
from bot.core.welfare_words import AskHowTheyAre

HELPER = "helper"
"""Name of the timer that lets whoever helps be asked how they are."""
SUPERVISORS = Party(of="role", key="supervisor")

NO_REPORT = refuse("not_found", t("There is no such report. Check the reference."))
NO_DISTRESS = refuse(
    "no_distress", t("Nobody here is in distress, as far as is known, so there is nothing to end.")
)


@from_first_word
def ask_for_help(state: Report, command: dw.AskForHelp, ctx: Context) -> Decision:
    """Somebody is in danger, or cannot go on. They are not asked why."""
    if command.need == "danger":
        return newly_endangered(state, ctx)
    return _again(state) if state.care.since is not None else in_distress(state, ctx, "asked")


def _again(state: Report) -> list[Event]:
    """Until somebody has come people are called; if whoever came has gone, they are called anew."""
    talk, care = state.conversation, state.care
    answered = talk.last_from == "desk" and (talk.last_at or 0) >= (care.since or 0)
    came = care.helping_since is not None or answered or talk.overdue_since is not None
    return [w.WaitBegan(why="asked")] if came and state.waiting_since is None else []


def notice(state: Report | None, command: dw.NoticeDistress, ctx: Context) -> Decision:
    """What they wrote sounds like it; known distress is known."""
    if state is None or state.care.since is not None or erased(state):
        return []
    return in_distress(state, ctx, "words")


def clear(state: Report | None, command: dw.ClearDistress, ctx: Context) -> Decision:
    """Somebody looked: it was none, or the person is being helped."""
    if state is None:
        return NO_REPORT
    if state.care.since is None:
        return []
    reason = _about(state, command.words) if command.words.strip() else None
    if isinstance(reason, Refused):
        return reason
    cleared = dw.DistressCleared(why=command.why, by=me(ctx), reason=reason)
    return [cleared, *end_wait(state, ctx.actor.person)]


def sum_up(state: Report | None, command: dw.SumUpDistress, ctx: Context) -> Decision:
    """The talk ends with what was said, what happens next and who will be in touch."""
    if state is None or ctx.actor.person is None:
        return NO_REPORT
    if state.care.since is None:
        return NO_DISTRESS
    parts = [_about(state, one) for one in (command.said, command.next_step, command.contact)]
    said = [one for one in parts if isinstance(one, Personal)]
    refused = erased(state) or next((one for one in parts if isinstance(one, Refused)), None)
    if refused is not None:
        return refused
    sends = command.send and state.seat.reached and state.serves(ctx.at)
    events: list[Event] = [
        dw.DistressSummedUp(
            said=said[0], next_step=said[1], contact=said[2], sent=sends, by=me(ctx)
        )
    ]
    if sends:
        whole = "\n\n".join(str(one.plain()) for one in said)
        events.append(_sent(state, whole, ctx.actor.person))
    cleared = dw.DistressCleared(why="helped", by=me(ctx))
    return [*events, cleared, *end_wait(state, ctx.actor.person)]


def _sent(state: Report, whole: str, author: PersonId) -> w.MessageSent:
    number = state.conversation.count + 1
    return w.MessageSent(number=number, words=Personal(state.subject, whole), author=author)


def _about(state: Report, raw: str) -> Personal | Refused:
    found = words(raw, NOTE_MOST)
    return found if isinstance(found, Refused) else Personal(state.subject, found)


def note_sheltered(state: Report | None, command: dw.NoteSheltered, ctx: Context) -> Decision:
    """Few may see where it stands; one that has moved on hears of it there."""
    if state is None or state.care.since is None or state.incident != command.incident:
        return []
    return [dw.DistressSheltered(incident=command.incident)]


def check(state: Report | None, command: dw.CheckOnHelper, ctx: Context) -> Decision:
    """Whoever has helped since then still does."""
    helper = None if state is None else state.taken_by
    if state is None or helper is None or state.care.helping_since != command.since:
        return []
    return [dw.HelperAsked(person=helper)]


# --- what follows ----------------------------------------------------------------------------


def on_words(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Look at what was just written, before it is sealed."""
    if state.care.since is None and sounds_like_distress(rec.event, ctx):
        yield Then(command=dw.NoticeDistress())


def on_noticed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Nothing closes by itself, everybody who can help is called, and few may see it.

    Kind words the first time, and to whoever asks for them.
    """
    assert isinstance(rec.event, dw.DistressNoticed)
    yield DropTimer(name=QUIET)
    yield DropTimer(name=CONFIRMATION)
    if state.care.times == 1 or rec.event.by == "asked":
        yield tell(state, t("{advice}", advice=ctx.playbook.safety.distress), lane="safety")
    yield Ring(role="agent", why="distress")
    yield from _shelter(state)
    if state.taken_by is not None:
        yield Ring(person=state.taken_by, why="distress")
        yield from _guided(state, state.taken_by, ctx)


def on_linked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Wherever it goes, few may see it there."""
    assert isinstance(rec.event, w.ReportLinked)
    own = rec.event.how in ("opened", "sheltered") and rec.event.visibility == "restricted"
    if state.care.since is not None:
        yield from _shelter(state, own)


def _shelter(state: Report, own: bool = False) -> Iterator[Intent]:
    if state.incident is not None:
        command = ShelterReport(incident=state.incident, report=state.stream, own=own)
        yield Do(stream=state.incident, command=command)


def on_sheltered(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """What was held back goes there; people are called until one has come. Supervisors know."""
    assert isinstance(rec.event, dw.DistressSheltered)
    yield from more_facts(state, ctx, danger=state.danger)
    yield _alarm(state, rec.event.incident, state.care.since or 0, ctx)
    named = () if state.taken_by is None else (Party(of="person", key=state.taken_by),)
    yield from page(
        state.stream,
        (*named, SUPERVISORS),
        _called(state),
        "distress",
        until=ctx.at + DAY,
        subject=state.subject,
        alone=True,
    )


def _alarm(state: Report, incident: StreamId, since: Millis, ctx: Context) -> Do:
    ladder = ctx.playbook.safety.ladder or ""
    alarm = RaiseAlarm(
        incident=incident,
        cause="distress",
        about=state.stream,
        ladder=ladder if ladder in ctx.edition(state.playbook).ladders else "",
        since=since,
    )
    return Do(stream=incident, command=alarm)


def on_asked_again(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Whoever came has gone: people are called as in the beginning."""
    assert isinstance(rec.event, w.WaitBegan)
    if state.care.since is not None and rec.event.why == "asked" and state.incident is not None:
        yield _alarm(state, state.incident, rec.at, ctx)


def _called(state: Report) -> Text:
    return t(
        "Somebody is in great distress and needs a person now: {ref}. It stands in no place of the "
        "team. Take it on the desk, or write to me alone: {line}",
        ref=labelled(state),
        line=f"show {state.reference}",
    )


def on_helper(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Whoever took it reads what helps to help, and is asked in a while how they are."""
    since = state.care.helping_since
    if state.taken_by is None or since is None:
        return
    yield from _answered(state, state.taken_by)
    yield from _guided(state, state.taken_by, ctx)
    due = since + ctx.playbook.safety.check_in
    yield SetTimer(name=HELPER, due=due, command=dw.CheckOnHelper(since=since))


def on_spoken(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """A person has come."""
    assert isinstance(rec.event, w.MessageSent)
    if state.care.since is not None:
        yield from _answered(state, rec.event.author)


def _answered(state: Report, by: PersonId) -> Iterator[Intent]:
    if state.incident is not None:
        stop = StopAlarm(incident=state.incident, cause="distress", about=state.stream, by=by)
        yield Do(stream=state.incident, command=stop)


def _guided(state: Report, helper: PersonId, ctx: Context) -> Iterator[Intent]:
    """The numbers, and the playbook's prompts one beneath the other."""
    safety = ctx.playbook.safety
    told = t(
        "You are with somebody in great distress: {ref}. Emergency: {emergency}. Someone to talk "
        "to, day and night: {number}.",
        ref=labelled(state),
        emergency=safety.emergency_number,
        number=safety.distress_number,
    )
    for prompt in safety.guidance:
        told = t("{before}\n• {prompt}", before=told, prompt=prompt)
    who = (Party(of="person", key=helper),)
    yield from page(
        state.stream,
        who,
        told,
        "distress",
        until=ctx.at + HOUR,
        subject=state.subject,
        alone=True,
    )


def on_cleared(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Nobody is called any more; whoever helped is asked how they are."""
    assert isinstance(rec.event, dw.DistressCleared)
    yield DropTimer(name=HELPER)
    if state.incident is not None:
        yield from _answered(state, rec.event.by)
        ended = EndShelter(incident=state.incident, report=state.stream, why=rec.event.why)
        yield Do(stream=state.incident, command=ended)
    yield from more_facts(state, ctx)
    if rec.event.why == "helped":
        for helper in dict.fromkeys((rec.event.by, state.taken_by)):
            yield from _asked(helper)


def on_helper_asked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Privately, and of nothing but how they are."""
    assert isinstance(rec.event, dw.HelperAsked)
    yield from _asked(rec.event.person)


def _asked(helper: PersonId | None) -> Iterator[Intent]:
    if helper is not None:
        yield Do(stream=helper, command=AskHowTheyAre())


WRITTEN = (w.QuestionAnswered, w.MessageReceived, w.FixDisputed, w.ServiceRated, FileAdded)
"""What may hold a customer's own words."""

WORKFLOW = Workflow(
    rules=(
        Rule(dw.AskForHelp, ask_for_help, "own_report", by_reporter=True),
        Rule(dw.NoticeDistress, notice, "named", by_system=True),
        Rule(dw.ClearDistress, clear, "named", roles=STAFF, named_by="report"),
        Rule(dw.SumUpDistress, sum_up, "named", roles=STAFF, named_by="report"),
        Rule(dw.NoteSheltered, note_sheltered, "named", by_system=True),
        Rule(dw.CheckOnHelper, check, "named", by_system=True),
    ),
    reactors=(
        *((event, on_words) for event in WRITTEN),
        (dw.DistressNoticed, on_noticed),
        (w.ReportLinked, on_linked),
        (dw.DistressSheltered, on_sheltered),
        (w.WaitBegan, on_asked_again),
        (w.ReportTaken, on_helper),
        (w.MessageSent, on_spoken),
        (dw.DistressCleared, on_cleared),
        (dw.HelperAsked, on_helper_asked),
    ),
)
