"""One of each card, from made-up people and places: for the gallery, and for channels to try."""

from collections.abc import Callable, Iterable

from bot.core import incident_events as ie
from bot.core import incident_fold, report
from bot.core import report_words as rw
from bot.core.cards import Card
from bot.core.events import Event, Recorded
from bot.core.forms import Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import Fact, Targets
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.playbook import Playbook
from bot.core.priority import Level, Priority
from bot.core.report import Report
from bot.core.texts import Phrase
from bot.views import tools
from bot.views.example_answers import answering, asking_for
from bot.views.example_homes import DESK, homes
from bot.views.kinds import KINDS
from bot.views.look import Look

AT: Millis = 1_767_609_000_000
MINUTE: Millis = 60_000
FEW = 5
SUBJECT = "sub_example"
REPORT, INCIDENT = f"rep_{'1' * 26}", f"inc_{'1' * 26}"
CAROL, ANA, BEN, EVA = (f"per_{sign * 26}" for sign in "CABE")
NAMES = {CAROL: "Carol", ANA: "Ana", BEN: "Ben", EVA: "Eva"}


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


def coming() -> tuple[Event, ...]:
    """Two engineers take the task, one sets out, one is there."""
    return (
        ie.TaskClaimed(task=1, person=BEN, eta=AT + 35 * MINUTE),
        ie.TaskClaimed(task=1, person=EVA, eta=AT + 50 * MINUTE),
        ie.Departed(task=1, person=EVA),
        ie.Arrived(task=1, person=BEN, eta=AT + 35 * MINUTE, kept=True),
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


def examples(playbook: Playbook) -> dict[str, Card[Phrase]]:
    """A card of every kind, in the states in which they look most different."""
    running = an_incident(playbook, *coming(), published())
    note = ie.IncidentResolved(note=_said("Fuse replaced."), by=ANA, until=AT + 4320 * MINUTE)
    fixed = an_incident(playbook, *coming(), published(), note)
    hidden = ie.VisibilityChanged(visibility="restricted", reason=_said("Asked for by the family."))
    linked = rw.ReportLinked(incident=INCIDENT, how="opened")
    asked = rw.FixAsked(incident=INCIDENT, until=AT + 4320 * MINUTE)
    told = _asked(playbook)
    look = Look(playbook, lambda version: playbook, {INCIDENT: running}, DESK)
    wanted = (
        ("incident, danger and nobody has it", "incident", _grave(playbook), 0),
        ("incident, just taken", "incident", an_incident(playbook), 0),
        ("incident, people on the way", "incident", running, 0),
        ("incident, resolved", "incident", fixed, 0),
        ("incident, restricted", "incident", an_incident(playbook, hidden), 0),
        ("task, people wanted", "task", an_incident(playbook), 1),
        ("task, everybody found", "task", running, 1),
        ("update, published", "update", running, 1),
        ("report, still answering", "report", a_report(playbook), 0),
        *((name, "asking", state, len(state.answers) + 1) for name, state in told.items()),
        ("question, answered", "asking", a_report(playbook), 1),
        ("progress, people on the way", "progress", a_report(playbook, linked), 0),
        ("progress, is it fixed?", "progress", a_report(playbook, linked, asked), 0),
    )
    drawn = {name: KINDS[kind].draw(state, count, look) for name, kind, state, count in wanted}
    alone = homes(look, running, a_report(playbook), EVA)
    offered = {"incident, what else can be done": tools.card(running, look)}
    return {name: card for name, card in {**drawn, **alone, **offered}.items() if card is not None}
