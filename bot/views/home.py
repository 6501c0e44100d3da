"""What one person is shown of many things: a line and a button each, their own tasks, ways in."""

from collections.abc import Sequence

from bot.core.cards import BUTTONS_MOST as LINES_MOST
from bot.core.cards import Actions, Button, Card, Context, Field, Fields, Footer, Header, Section
from bot.core.clocks import runs
from bot.core.ids import Millis, PersonId
from bot.core.incident import Incident
from bot.core.incident_words import Target
from bot.core.joining_words import JoinIdentity
from bot.core.report import Report
from bot.core.texts import Phrase, Ref, Text, When, t, tn
from bot.views import labels
from bot.views.incident import TARGETS, named, title
from bot.views.look import SHOW, Look, built, button, facts, leads, opens, whereabouts
from bot.views.pressing import answers, more_of, own_steps

MINE = t("Yours")
PRESSING = t("Due next")
FOUND = t("Found")
NOTHING_MINE = t("Nothing is yours at the moment.")
NOTHING_PRESSING = t("Nothing else is due.")
REPORT_FORM = "report"


def next_due(state: Incident) -> tuple[Millis, Target] | None:
    """The promise that is to be kept first, None while none runs."""
    found = (
        (at, target)
        for target in TARGETS
        if (at := getattr(state.targets, target)) is not None and runs(state, target)
    )
    return min(found, default=None)


def lines(
    heading: Text, states: Sequence[Incident], look: Look, nothing: Text, more: int = 0
) -> Card[Phrase]:
    """Incidents, a line and a button each; `more` are behind them."""
    shown = states[:LINES_MOST]
    more += len(states) - len(shown)
    return built(
        heading,
        Header(heading),
        None if shown else Context(nothing),
        Fields(tuple(_line(one, look) for one in shown)),
        Context(tn("{n} more is on the desk.", "{n} more are on the desk.", n=more))
        if more > 0
        else None,
        Actions(tuple(_show(one) for one in shown)),
    )


def _line(state: Incident, look: Look) -> Field[Phrase]:
    ref = Ref(ref=state.reference)
    if state.visibility == "restricted":
        return Field(t("{ref}", ref=ref), t("Restricted"))
    label = t("{ref}: {what}", ref=ref, what=title(state, look))
    due = next_due(state)
    status = labels.status(state.status, state.incident_kind, look.playbook.labels)
    if due is None:
        return Field(label, status)
    at, target = due
    return Field(
        label,
        t(
            "{status}. {target} by {time}, {band}",
            status=status,
            target=labels.TARGET[target],
            time=When(at=at),
            band=labels.BAND[state.band(target)],
        ),
    )


def _show(state: Incident) -> Button[Phrase]:
    label = t("Show {ref}", ref=Ref(ref=state.reference))
    return button(label, SHOW, incident=state.stream)


def own_task(state: Incident, number: int, person: PersonId, look: Look) -> Card[Phrase] | None:
    """A task of one's own, with what comes next; None when it is not, or not any more.

    It stays theirs when few may see the rest.
    """
    task = state.task(number)
    place = None if task is None else task.place_of(person)
    if task is None or place is None or place.status == "done" or task.cancelled:
        return None
    what = named(task, look)
    return built(
        t("Your task: {task}", task=what),
        Header(t("Your task: {task}", task=what)),
        Section(t("{words}", words=task.what)),
        Fields(
            (
                Field(t("Incident"), title(state, look)),
                *facts(state, look),
                Field(t("You"), t("{status}", status=labels.PLACE[place.status])),
                Field(t("Expected"), t("{time}", time=When(at=place.eta))),
            )
        ),
        Actions(own_steps(state, task, place), more_of(state.stream, number)[:3])
        if state.working
        else None,
        Footer(t("{ref}, task {n}", ref=Ref(ref=state.reference), n=number)),
    )


def asked_task(state: Incident, number: int, person: PersonId, look: Look) -> Card[Phrase] | None:
    """A task that one is asked for by name, or to take over from a colleague."""
    task = state.task(number)
    if task is None or task.cancelled or not state.working:
        return None
    what = named(task, look)
    return built(
        t("You are asked: {task}", task=what),
        Header(t("You are asked: {task}", task=what)),
        Section(t("{words}", words=task.what)),
        Fields((Field(t("Incident"), title(state, look)), *whereabouts(state, look))),
        answers(state, number, person, look),
        Footer(t("{ref}, task {n}", ref=Ref(ref=state.reference), n=number)),
    )


def report_line(state: Report) -> Card[Phrase]:
    """A report of one's own that is still being made."""
    ref = Ref(ref=state.reference)
    return built(
        t("Your report {ref}", ref=ref),
        Header(t("Your report {ref}", ref=ref)),
        Context(t("{status}", status=labels.STAGE[state.stage])),
    )


def ways(has_report: bool, look: Look, works_here: bool) -> Card[Phrase] | None:
    """What can always be done."""
    buttons: list[Button[Phrase]] = []
    if has_report:
        buttons.append(opens(t("Report a problem"), REPORT_FORM, "primary"))
    if look.desk:
        page = leads(t("Open the desk"), f"{look.desk}/desk")
        status = leads(t("How everything stands"), f"{look.desk}/status")
        buttons.append(page if works_here else status)
    if not buttons:
        return None
    heading = look.playbook.organisation.name
    return built(heading, Header(heading), Actions(tuple(buttons)))


def asked_to_join(told: Text, person: PersonId, token: str) -> Card[Phrase]:
    """Whose an account would become, before it does; `token` is the hash of the code."""
    label = t("Yes, it is mine")
    sure = button(label, JoinIdentity.tag, "primary", person=person, token=token, sure=True)
    return built(told, Section(told), Actions((sure,)))
