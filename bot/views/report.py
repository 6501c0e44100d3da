"""A report: the desk's card while no incident stands for it, and what its person sees of it."""

from collections.abc import Callable

from bot.core.cards import (
    Actions,
    Badge,
    Button,
    Card,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Section,
)
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.personal import Personal
from bot.core.playbook_assess import team_place
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.core.texts import Phrase, Ref, Text, When, t, tn
from bot.views import labels
from bot.views.expect import after_sending, expected
from bot.views.help import HELP, with_help
from bot.views.look import Look, built, button, category, opens
from bot.views.welcome import standing as standing_of

SCORES = (1, 2, 3, 4, 5)


def places(state: Report, number: int, look: Look) -> tuple[str, ...]:
    """Where the team of its category is, or the first team while none was chosen."""
    return (team_place(look.playbook, chosen(state.known())),)


def hangs(state: Report, number: int) -> bool:
    """Only while it is open and no incident stands for it, nor anybody is in distress."""
    return state.is_open and state.incident is None and state.care.since is None


def reads(state: State) -> tuple[StreamId, ...]:
    """The incident behind it."""
    return (state.incident,) if isinstance(state, Report) and state.incident else ()


def card(state: Report, number: int, look: Look) -> Card[Phrase]:
    """Somebody writes: how far they are, and the way to answer."""
    ref = Ref(ref=state.reference)
    status = labels.QUIET if state.left == "quiet" else labels.STAGE[state.stage]
    if state.incident is not None:
        status = t("An incident stands for it now")
    open_here = state.is_open and state.incident is None
    talk = state.conversation
    fields: list[Field[Phrase]] = [
        Field(t("What it is about"), category(chosen(state.known()), look)),
        Field(t("Began"), t("{time}", time=When(at=state.started_at))),
    ]
    if talk.count:
        fields.append(Field(t("Messages"), tn("{n} message", "{n} messages", n=talk.count)))
    return built(
        t("Report {ref}: {status}", ref=ref, status=status),
        Header(t("Report {ref}", ref=ref)),
        Badge(status, "danger" if state.danger else "plain"),
        Fields(tuple(fields)),
        # From then on the incident's card says it, and says it no more once few may see that.
        None if state.incident else _first_words(state),
        Actions(tuple(_desk(state))) if open_here else None,
        Footer(t("{ref}, as of {time}", ref=ref, time=When(at=state.touched_at))),
    )


def _first_words(state: Report) -> Section[Phrase] | None:
    """What the person said first, when they were asked what happened."""
    said = (one.value for one in state.answers if isinstance(one.value, Personal))
    first = next(said, None)
    return None if first is None else Section(t("{words}", words=first))


def _desk(state: Report) -> list[Button[Phrase]]:
    return [
        opens(t("Reply"), "reply", "primary", report=state.stream),
        opens(t("Note"), "report_note", report=state.stream),
        button(t("Who is it?"), "reveal_reporter", report=state.stream),
    ]


# --- the person's own view ---------------------------------------------------------------------


def own_hangs(state: Report, number: int) -> bool:
    """As soon as there is something to follow."""
    return state.incident is not None


def own_places(state: Report, number: int, look: Look) -> tuple[str, ...]:
    """Nowhere but with its person."""
    return ()


def own_card(state: Report, number: int, look: Look) -> Card[Phrase]:
    """Where things stand, in calm words and without names."""
    ref = Ref(ref=state.reference)
    incident = look.states.get(state.incident or "")
    standing = _standing(state, incident, look)
    fields: list[Field[Phrase]] = [Field(t("How it stands"), standing), *_coming(incident)]
    asked = tuple(_asked(state, look, _kind(incident)))
    drawn = built(
        t("Your report {ref}: {status}", ref=ref, status=standing),
        Header(t("Your report {ref}", ref=ref)),
        Fields(tuple(fields)),
        *_to_expect(incident, look),
        Section(_question(state, _kind(incident))) if asked else None,
        Actions(asked),
        Footer(t("as of {time}", time=When(at=_touched(state, incident)))),
    )
    return with_help(drawn)


def _touched(state: Report, incident: State | None) -> int:
    other = incident.touched_at if isinstance(incident, Incident) else 0
    return max(state.touched_at, other)


def _standing(state: Report, incident: State | None, look: Look) -> Phrase:
    known = incident if isinstance(incident, Incident) else None
    return standing_of(state, known, look.playbook.labels)


def _coming(incident: State | None) -> list[Field[Phrase]]:
    """When somebody arrives, and by when the next word comes."""
    if not isinstance(incident, Incident) or not incident.working:
        return []
    fields: list[Field[Phrase]] = []
    etas = [
        place.eta
        for task in incident.tasks
        if not task.cancelled
        for place in task.places
        if place.arrived_at is None and place.status != "done"
    ]
    if etas:
        when = t("about {time}", time=When(at=min(etas)))
        fields.append(Field(t("Somebody will be there"), when))
    if incident.targets.update is not None and not incident.shelter.unclocked:
        by = t("by {time}", time=When(at=incident.targets.update))
        fields.append(Field(t("You hear from us again"), by))
    return fields


def _to_expect(incident: State | None, look: Look) -> list[Context[Phrase]]:
    """By when somebody looks at it, while nobody has."""
    if not isinstance(incident, Incident) or not incident.working:
        return []
    if incident.acknowledged_at or incident.owner is not None or incident.shelter.unclocked:
        return []
    plan, at = look.edition(incident.playbook), incident.touched_at
    found = expected(plan, look.playbook, incident.priority, at, incident.targets.acknowledge)
    return [Context(one) for one in after_sending(found, at)]


def _kind(incident: State | None) -> IncidentKind:
    return incident.incident_kind if isinstance(incident, Incident) else "incident"


def _question(state: Report, kind: IncidentKind) -> Text:
    if state.stage == "confirming":
        return labels.IS_IT_RIGHT[kind][0]
    return t("How did we do? 1 is bad, 5 is very good.")


def _asked(state: Report, look: Look, kind: IncidentKind) -> list[Button[Phrase]]:
    if state.stage == "confirming":
        return _yes_or_no(kind)
    ended = state.stage in ("done", "closed") and state.closed_as != "cancelled"
    over = ended and not state.care.unclocked
    if over and look.playbook.closing.survey and state.rating is None:
        return _scores()
    return []


def _scores() -> list[Button[Phrase]]:
    return [button(t("{n}", n=score), "rate_service", score=score) for score in SCORES]


def _yes_or_no(kind: IncidentKind) -> list[Button[Phrase]]:
    _, yes, no = labels.IS_IT_RIGHT[kind]
    return [
        button(yes, "answer_fixed", "primary", fixed=True),
        button(no, "answer_fixed", fixed=False),
    ]


def fix_asked(
    said: str, say: Callable[[Phrase], str], kind: IncidentKind = "incident"
) -> Card[str]:
    """The question whether it is fixed, with the answers where it is read."""
    return _with_answers(said, _yes_or_no(kind), say)


def rating_asked(said: str, say: Callable[[Phrase], str]) -> Card[str]:
    """The question how we did, with the scores where it is read."""
    return _with_answers(said, _scores(), say)


def _with_answers(
    said: str, answers: list[Button[Phrase]], say: Callable[[Phrase], str]
) -> Card[str]:
    shown = tuple(Button(say(one.label), one.action, one.style) for one in (*answers, HELP))
    return Card(said, (Section(said), Actions(shown)))
