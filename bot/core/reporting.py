"""What those who decide about a report share: its first word, its form, the way to an incident."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Literal, TypeVar
from weakref import WeakKeyDictionary

from bot.core import report_words as w
from bot.core.caller import KEYS
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.distress_words import DistressNoticed, How
from bot.core.events import Event, Recorded
from bot.core.forms import Answers, Form, relevant
from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import AddFacts
from bot.core.incident_words import Fact, Visibility
from bot.core.intents import Do, Lane, Ring, Say
from bot.core.personal import Personal, personals
from bot.core.playbook_forms import CATEGORY, UNSURE, form_for, reworded
from bot.core.playbook_suggest import distress
from bot.core.report import SETTLED, Report, fold
from bot.core.rules import Decision, refuse
from bot.core.texts import Ref, Text, t

C = TypeVar("C", bound=Command)
Decide = Callable[[Report, C, Context], Decision]

QUIET = "quiet"
CONFIRMATION = "confirmation"
"""Names of a report's timers."""

ENDED = refuse(
    "ended", t("This report has ended. Write to us again, and we will begin a new one for you.")
)

ERASED = refuse(
    "erased", t("The personal data here was deleted, so nothing can be added to it any more.")
)

ONE_CALL = refuse(
    "called",
    t("A person is being called for you already, and comes to you here. Write whatever you need."),
)
STAYS = refuse(
    "stays",
    t(
        "A person is being called for you, and comes to you here. You need not do anything. If "
        "you would rather not talk, tell them when they come."
    ),
)

_HEARD: WeakKeyDictionary[Event, tuple[str, bool]] = WeakKeyDictionary()
"""By which edition an event was searched, and whether it sounds like it; gone with the event."""


def from_first_word(decide: Decide[C]) -> Callable[[Report | None, C, Context], Decision]:
    """`decide` for what may also be a person's first word: then the report begins with it."""

    @wraps(decide)
    def decided(state: Report | None, command: C, ctx: Context) -> Decision:
        if state is not None:
            return closed_to_words(state, ctx) or decide(state, command, ctx)
        first = _first(ctx)
        if isinstance(first, Refused):
            return first
        rest = decide(_begun(first, ctx), command, ctx)
        return rest if isinstance(rest, Refused) else [first, *rest]

    return decided


def closed_to_words(state: Report, ctx: Context) -> Refused | None:
    """Why nothing the person says now can belong to this report."""
    return erased(state) or (None if state.serves(ctx.at) else ENDED)


def erased(state: Report) -> Refused | None:
    """Why nothing more can be written about somebody whose data was deleted."""
    return ERASED if state.subject in state.erased else None


def _first(ctx: Context) -> w.ReportStarted | Refused:
    actor, seat = ctx.actor, ctx.seat
    if actor.person is None or actor.subject is None or seat is None:
        return refuse("no_place", t("Please write in a conversation, so that we can answer you."))
    return w.ReportStarted(
        reference=ctx.reference("report"),
        person=actor.person,
        subject=actor.subject,
        seat=seat,
        language=actor.language,
        playbook=ctx.playbook.version,
    )


def _begun(first: w.ReportStarted, ctx: Context) -> Report:
    rec = Recorded(
        stream=ctx.stream,
        version=ctx.version + 1,
        at=ctx.at,
        source_at=ctx.source_at,
        actor=ctx.actor.name,
        cause="",
        event=first,
    )
    return fold(None, rec)


def form_of(state: Report, known: Answers, ctx: Context) -> Form:
    """The questions of the pinned edition in today's wording, the category's own among them."""
    plan = ctx.edition(state.playbook)
    form = form_for(plan, known, danger=state.danger)
    if plan.version == ctx.playbook.version:
        return form
    return reworded(form, form_for(ctx.playbook, known, danger=state.danger))


def chosen(known: Answers) -> str:
    """The category among `known` answers; empty while there is none, or the person is unsure."""
    picked = known.get(CATEGORY)
    return picked if isinstance(picked, str) and picked != UNSURE else ""


def facts_of(state: Report, ctx: Context) -> tuple[Fact, ...]:
    """The answers that count, and what was written down of a caller, as an incident takes them
    over.
    """
    known = state.known()
    asked = relevant(form_of(state, known, ctx), known)
    noted = () if state.seat.reached else tuple(key for key in KEYS if key in known)
    return tuple(
        Fact(field=one.field, value=one.value)
        for field in dict.fromkeys((*asked, *noted))
        if (one := state.answer(field)) is not None and not one.skipped
    )


def link(state: Report, ctx: Context, visibility: Visibility = "normal") -> list[Event]:
    """The report gets an incident of its own, unless it has one."""
    if state.incident is not None:
        return []
    into = ctx.new_stream("incident")
    return [w.ReportLinked(incident=into, how="opened", visibility=visibility)]


def call_for_person(state: Report, ctx: Context) -> list[Event]:
    """Stop asking and have a human come, whatever is known so far."""
    events: list[Event] = []
    if state.asking:
        events.append(w.IntakeLeft(why="person_wanted"))
    events += link(state, ctx)
    if state.waiting_since is None and not state.care.unclocked:
        events.append(w.WaitBegan(why="asked"))
    return events


def in_distress(state: Report, ctx: Context, how: How) -> list[Event]:
    """The questions stop, nobody's time is measured any more, and few may see what is opened."""
    asked = [w.IntakeLeft(why="person_wanted")] if state.asking else []
    noticed = DistressNoticed(by=how)
    return [noticed, *end_wait(state, None), *asked, *link(state, ctx, "restricted")]


def wait(state: Report, why: Literal["reported", "wrote"]) -> list[Event]:
    """The person begins to wait for a human, unless one has it or they wait already; nobody's
    time is measured with somebody in distress.
    """
    if state.waiting_since is not None or state.taken_by is not None or state.care.unclocked:
        return []
    return [w.WaitBegan(why=why)]


def end_wait(state: Report, by: PersonId | None) -> list[Event]:
    """The wait ends: by the human who took notice, or (None) without one."""
    if state.waiting_since is None:
        return []
    return [w.WaitEnded(began=state.waiting_since, by=by)]


def tell(
    state: Report,
    text: Text,
    lane: Lane = "reply",
    until: Millis | None = None,
    asks: bool = False,
) -> Say:
    """One message of the house to the person whose report it is."""
    return Say(to=state.seat, lane=lane, text=text, subject=state.subject, until=until, asks=asks)


def thanked(state: Report, at: Millis) -> Iterator[Say]:
    """A remark does not open again what is done; one answer is enough until a person has
    answered.
    """
    if state.stage in SETTLED and state.conversation.unanswered_since == at:
        yield tell(
            state,
            t(
                "We have your message. If it is not fixed, please press “No, not fixed”, "
                "so that we go on working on it."
            ),
            asks=True,
        )


def labelled(state: Report) -> Ref:
    """The reference as an argument of a text."""
    return Ref(ref=state.reference)


def more_facts(state: Report, ctx: Context, danger: bool = False) -> Iterator[Do]:
    """The incident that is open learns what was said so far; what somebody said in distress goes
    nowhere before few may see it there.
    """
    if state.incident is not None and not state.care.holds_back:
        command = AddFacts(
            incident=state.incident,
            report=state.stream,
            category=chosen(state.known()),
            facts=facts_of(state, ctx),
            complete=state.complete,
            danger=danger,
        )
        yield Do(stream=state.incident, command=command)


def sounds_like_distress(event: Event, ctx: Context) -> bool:
    """Whether anything in `event`, which has not been sealed yet, sounds like distress.

    Several ask it of the same event, so it is searched once; what was found goes with the event.
    """
    said = [plain for one in personals(event) if (plain := _plain(one))]
    if not said:
        return False
    version, found = _HEARD.get(event, ("", False))
    if version != ctx.playbook.version:
        found = any(distress(ctx.playbook, one) is not None for one in said)
        _HEARD[event] = ctx.playbook.version, found
    return found


def _plain(value: Personal) -> str:
    """Every text in it: a message, an answer, the words of a place, the name of a file."""
    found = value.plain() if value.is_plain else ""
    if isinstance(found, dict):
        return "\n".join(one for one in found.values() if isinstance(one, str))
    return found if isinstance(found, str) else ""


def ring(state: Report, why: str) -> Ring:
    """Call whoever has the report; without one, the agents."""
    return Ring(person=state.taken_by, why=why) if state.taken_by else Ring(role="agent", why=why)
