"""One of each card, from made-up people and places: for the gallery, and for channels to try."""

from collections.abc import Callable, Iterable

from bot.core import approval_words as aw
from bot.core import incident_events as ie
from bot.core import incident_fold, report
from bot.core import likely_words as lw
from bot.core import report_words as rw
from bot.core import resource_words as rs
from bot.core import shelter_words as sw
from bot.core.cards import Card
from bot.core.events import Event, Recorded
from bot.core.forms import Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import Fact, IncidentKind, Targets
from bot.core.moving_words import KindChanged
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.playbook import Playbook
from bot.core.priority import Level, Priority
from bot.core.report import Report
from bot.core.texts import Phrase
from bot.views import example_major, incident, page, tools
from bot.views.example_answers import answering, asking_for
from bot.views.example_homes import DESK, homes
from bot.views.example_problem import caused, known_error
from bot.views.kinds import KINDS
from bot.views.look import Look

AT: Millis = 1_767_609_000_000
MINUTE: Millis = 60_000
FEW = 5
SUBJECT = "sub_example"
REPORT, INCIDENT = f"rep_{'1' * 26}", f"inc_{'1' * 26}"
CAROL, ANA, BEN, EVA = (f"per_{sign * 26}" for sign in "CABE")
NAMES = {CAROL: "Carol", ANA: "Ana", BEN: "Ben", EVA: "Eva"}


OTHER = f"inc_{'2' * 26}"
ALIKE = lw.Likely(
    incident=OTHER,
    reference="N-4PT-W9RC",
    opened_at=AT - 20 * MINUTE,
    score=88,
    reasons=(
        lw.Reason(what="category"),
        lw.Reason(what="place"),
        lw.Reason(what="words", n=3),
    ),
    shown=True,
)


def _said(text: str) -> Personal:
    return Personal(SUBJECT, text)


def _recorded(stream: str, events: Iterable[Event]) -> Iterable[Recorded]:
    for version, event in enumerate(events, 1):
        yield Recorded(
            stream=stream,
            version=version,
            at=AT + version * MINUTE,
            source_at=None,
            actor=ANA,
            cause="",
            event=event,
        )


def an_incident(playbook: Playbook, *more: Event) -> Incident:
    """Somebody is stuck without power, and help is on the way; then whatever else happens."""
    category = next(iter(playbook.categories))
    opened = ie.IncidentOpened(
        reference="N-7K4-M2QX",
        incident_kind="incident",
        category=category,
        facts=(
            Fact(field="what", value=_said("The lights went out and the lift has stopped.")),
            Fact(field="where", value=_said("12 Mill Lane, second floor")),
        ),
        danger=False,
        impact=Level.HIGH,
        urgency=Level.MEDIUM,
        priority=Priority.P2,
        targets=Targets(
            acknowledge=AT + 60 * MINUTE, update=AT + 61 * MINUTE, resolve=AT + 480 * MINUTE
        ),
        subject=SUBJECT,
        playbook=playbook.version,
        mode="live",
        visibility="normal",
        from_report=True,
    )
    parts = playbook.categories[category].tasks
    asked = ie.TaskOpened(
        task=1,
        template=parts[0].key if parts else "",
        what=_said("Find out why the power is off, and switch it on again if that is safe."),
        skill=next(iter(playbook.skills), ""),
        needed=2,
        by=ANA,
    )
    taken = (ie.IncidentAcknowledged(by=ANA), ie.IncidentTaken(owner=ANA))
    events = (opened, ie.ReportAttached(report=REPORT), *taken, asked)
    state: Incident | None = None
    for rec in _recorded(INCIDENT, (*events, *more)):
        state = incident_fold.fold(state, rec)
    assert state is not None
    return state


def _grave(playbook: Playbook) -> Incident:
    """The worst that can come in, at that moment: by an answer that means danger."""
    state = an_incident(playbook)
    rules = playbook.intake.rules
    when = next((x for one in rules if one.set.danger for x in one.when if x.any_of), None)
    told = [] if when is None else [Fact(field=when.question, value=when.any_of[0])]
    new = {"status": "open", "owner": None, "priority": Priority.P1, "danger": True}
    return state.model_copy(update={**new, "facts": (*told, *state.facts)})


def of_kind(playbook: Playbook, kind: IncidentKind) -> Incident:
    """It turns out to be something else than an incident."""
    return an_incident(playbook, KindChanged(before="incident", incident_kind=kind))


def coming() -> tuple[Event, ...]:
    """Two engineers take the task, one sets out, one is there."""
    return (
        ie.TaskClaimed(task=1, person=BEN, eta=AT + 35 * MINUTE),
        ie.TaskClaimed(task=1, person=EVA, eta=AT + 50 * MINUTE),
        ie.Departed(task=1, person=EVA),
        ie.Arrived(task=1, person=BEN, eta=AT + 35 * MINUTE, kept=True),
    )


def offering() -> tuple[Event, ...]:
    """Bids are taken for another task, and two come in."""
    asked = ie.TaskOpened(
        task=2,
        template="",
        what=_said("Bring a generator to the back door."),
        skill="",
        needed=1,
        by=ANA,
        how="bids",
        window=10 * MINUTE,
    )
    return (
        asked,
        rs.BidMade(task=2, person=BEN, eta=AT + 45 * MINUTE, note=None),
        rs.BidMade(task=2, person=EVA, eta=AT + 30 * MINUTE, note=_said("With a trailer")),
    )


def published() -> Event:
    """A word to everybody."""
    return ie.UpdatePublished(
        number=1,
        words=_said("The fault is found. We expect power to be back within two hours."),
        audience="public",
        next_by=AT + 90 * MINUTE,
        by=ANA,
    )


def drafted() -> Event:
    """A word to everybody that a second person must read first."""
    return aw.UpdateDrafted(
        draft=1,
        version=1,
        words=_said("The fault is found. We expect power to be back within two hours."),
        audience="public",
        next_by=AT + 90 * MINUTE,
        by=ANA,
        approver="supervisor",
        break_glass=True,
        reach=214,
    )


def declaring(playbook: Playbook) -> tuple[Event, ...]:
    """It is a major incident, and Ana commands."""
    return example_major.declaring(
        _said, AT + 30 * MINUTE, tuple(playbook.major.posts), (ANA, BEN, EVA)
    )


def a_report(playbook: Playbook, *more: Event) -> Report:
    """Carol writes in."""
    started = rw.ReportStarted(
        reference="R-3HQ-T7BK",
        person=CAROL,
        subject=SUBJECT,
        seat=Seat(channel="example", key=_said("key"), address=_said("address")),
        language=playbook.organisation.default_language,
        playbook=playbook.version,
    )
    answered = rw.QuestionAnswered(field="what", value=_said("The lights went out."))
    state: Report | None = None
    for rec in _recorded(REPORT, (started, answered, *more)):
        state = report.fold(state, rec)
    assert state is not None
    return state


def _asked(playbook: Playbook) -> dict[str, Report]:
    """Reports at the questions that look most different, and at the end of them."""

    def begun(more: tuple[Event, ...]) -> Report:
        return a_report(playbook, *more)

    wanted: dict[str, Callable[[Question], bool]] = {
        "question, a few answers": lambda one: 0 < len(one.choices) <= FEW,
        "question, many answers": lambda one: len(one.choices) > FEW,
        "question, several answers": lambda one: one.type is QuestionType.MULTI_CHOICE,
        "question, in words": lambda one: one.type is QuestionType.LOCATION,
        "question, a file": lambda one: one.type is QuestionType.FILE,
    }
    found = {name: asking_for(playbook, begun, one) for name, one in wanted.items()}
    every = answering(playbook, begun)
    states = {name: begun(events) for name, events in found.items() if events != every}
    return {**states, "questions, is this right?": begun(every)}


def _problems(playbook: Playbook, look: Look) -> dict[str, Card[Phrase]]:
    """A problem, and an incident of which it is the cause."""
    helps = _said("Switch the fuse off, wait a minute, switch it on.")
    behind = an_incident(playbook, *caused(helps, OTHER, ANA))
    cause = _said("A worn contact in the fuse box")
    problem = an_incident(playbook, *known_error(cause, helps, OTHER, ANA))
    return {
        "incident, its cause is known": incident.card(behind, 0, look),
        "problem, a known error": incident.card(problem, 0, look),
        "incident, what to do about its cause": tools.card(behind, look),
        "problem, what else can be done": tools.card(problem, look),
    }


CALLED = "Nobody has acknowledged it since 10:00. Take it, or acknowledge it."


def examples(playbook: Playbook) -> dict[str, Card[Phrase]]:
    """A card of every kind, in the states in which they look most different."""
    running = an_incident(playbook, *coming(), published())
    note = ie.IncidentResolved(note=_said("Fuse replaced."), by=ANA, until=AT + 4320 * MINUTE)
    fixed = an_incident(playbook, *coming(), published(), note)
    hidden = ie.VisibilityChanged(visibility="restricted", reason=_said("Asked for by the family."))
    sheltered = sw.ReportSheltered(report=REPORT, restricted=True)
    linked = rw.ReportLinked(incident=INCIDENT, how="opened")
    asked = rw.FixAsked(incident=INCIDENT, until=AT + 4320 * MINUTE)
    told = _asked(playbook)
    alike = an_incident(playbook, lw.LikelyNoted(found=(ALIKE,)))
    asks = a_report(playbook, lw.KnownOffered(found=(ALIKE,)))
    enquiry, request = of_kind(playbook, "enquiry"), of_kind(playbook, "service_request")
    other = running.model_copy(update={"stream": OTHER, "reference": ALIKE.reference})
    look = Look(playbook, lambda version: playbook, {INCIDENT: running, OTHER: other}, DESK)
    wanted = (
        ("incident, danger and nobody has it", "incident", _grave(playbook), 0),
        ("incident, just taken", "incident", an_incident(playbook), 0),
        ("incident, people on the way", "incident", running, 0),
        ("incident, resolved", "incident", fixed, 0),
        ("incident, restricted", "incident", an_incident(playbook, hidden), 0),
        ("incident, likely the same as another", "incident", alike, 0),
        ("incident, a complaint", "incident", of_kind(playbook, "complaint"), 0),
        ("incident, an enquiry", "incident", enquiry, 0),
        ("task, people wanted", "task", an_incident(playbook), 1),
        ("task, everybody found", "task", running, 1),
        ("task, bids come in", "task", an_incident(playbook, *offering()), 2),
        ("update, published", "update", running, 1),
        ("draft, waits for approval", "draft", an_incident(playbook, drafted()), 1),
        ("major incident", "major", an_incident(playbook, *declaring(playbook)), 0),
        ("report, still answering", "report", a_report(playbook), 0),
        *((name, "asking", state, len(state.answers) + 1) for name, state in told.items()),
        ("known already, is it this one?", "known", asks, 1),
        ("question, answered", "asking", a_report(playbook), 1),
        ("progress, people on the way", "progress", a_report(playbook, linked), 0),
        ("progress, is it fixed?", "progress", a_report(playbook, linked, asked), 0),
    )
    drawn = {name: KINDS[kind].draw(state, count, look) for name, kind, state, count in wanted}
    alone = {**homes(look, running, a_report(playbook), EVA), **_problems(playbook, look)}
    offered = {
        "incident, what else can be done": tools.card(running, look),
        "incident, what is likely the same": tools.card(alike, look),
        "incident, a request to fulfil": tools.card(request, look),
        "incident, an enquiry to hand on": tools.card(enquiry, look),
        "incident, somebody in distress": tools.card(an_incident(playbook, sheltered), look),
        "incident, you are called to it": page.called(
            CALLED, _grave(playbook), look, page.Reader(works=True)
        ),
        "incident, bids to choose from": tools.card(an_incident(playbook, *offering()), look),
    }
    return {name: card for name, card in {**drawn, **alone, **offered}.items() if card is not None}
