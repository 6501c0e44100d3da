"""The incident's card in the team's place: who has it, what is due, what can be done now."""

from collections.abc import Sequence

from bot.core.cards import (
    FIELDS_MOST,
    Actions,
    Badge,
    Button,
    Card,
    Confirm,
    Context,
    Field,
    Fields,
    Footer,
    Header,
    Progress,
    Section,
    Step,
    Tone,
)
from bot.core.clocks import runs
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target
from bot.core.playbook_assess import team_place
from bot.core.priority import Priority
from bot.core.publishing import untold
from bot.core.task import Task
from bot.core.texts import Phrase, Ref, Span, Text, When, Who, t, tn
from bot.views import alike, calling, labels, paths, problem
from bot.views.look import TOOLS, Look, built, button, category, facts, leads, opens

STEPS = 5
TARGETS: tuple[Target, ...] = ("acknowledge", "resolve", "update")
WHO_IS_IT = t("Who is it?")
_BY: dict[Target, Text] = {
    "acknowledge": t("Acknowledge by"),
    "resolve": t("Resolve by"),
    "update": t("Next update by"),
}


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Where the team of its category is."""
    return (team_place(look.playbook, state.category),)


def hangs(state: Incident, number: int) -> bool:
    """A restricted one is not hung up anew, nor one that is over."""
    return state.visibility == "normal" and not state.ended


def card(state: Incident, number: int, look: Look) -> Card[Phrase]:
    """The whole incident on one small card."""
    if state.visibility == "restricted" and not look.alone:
        return curtain(state, look)
    ref, status = Ref(ref=state.reference), _status(state, look)
    return built(
        t("{what}: {status}, {ref}", what=title(state, look), status=status, ref=ref),
        Header(title(state, look)),
        Badge(_standing(state, look), _tone(state)),
        Fields((*facts(state, look), *_fields(state, look))[:FIELDS_MOST]),
        Progress(tuple(step(one, look, state.working) for one in state.tasks[-STEPS:])),
        alike.line(state, look),
        Context(calling.before(_last(state, look), state, look)),
        Actions((*_buttons(state, look), *_desk(state, look)), tuple(_more(state, look))),
        Footer(t("{ref}, as of {time}", ref=ref, time=_when(state.touched_at))),
    )


def curtain(
    state: Incident, look: Look | None = None, ways: Sequence[Button[Phrase]] = ()
) -> Card[Phrase]:
    """What is left of a card whose incident was restricted: nothing that says what it is, and with
    `look` the way to its page, behind `ways` for whoever is called to it.
    """
    text = t("This incident is restricted. Its owner and supervisors find it on the desk.")
    return built(
        text,
        Section(text),
        Actions((*ways, *(_desk(state, look) if look else ()))),
        Footer(t("{ref}", ref=Ref(ref=state.reference))),
    )


def title(state: Incident, look: Look) -> Text:
    """Priority and category; danger in words."""
    what, level = category(state.category, look), state.priority.value
    if state.mode != "live":
        return t("EXERCISE {priority} {what}", priority=level, what=what)
    if state.danger:
        return t("{priority} {what}, danger to people", priority=level, what=what)
    if state.incident_kind != "incident":
        kind = labels.KIND[state.incident_kind]
        return t("{priority} {kind}: {what}", priority=level, kind=kind, what=what)
    return t("{priority} {what}", priority=level, what=what)


def _when(at: Millis) -> When:
    return When(at=at)


def _status(state: Incident, look: Look) -> Phrase:
    if problem.is_known_error(state):
        return problem.KNOWN_ERROR
    return labels.status(state.status, state.incident_kind, look.playbook.labels)


def _standing(state: Incident, look: Look) -> Phrase:
    status = _status(state, look)
    if state.major.declared:
        status = t("Major incident, {status}", status=status)
    worst = _worst(state)
    if worst == "ok":
        return status
    return t("{status}, {band}", status=status, band=labels.BAND[worst])


def _worst(state: Incident) -> Band:
    """The band of the promise that is furthest gone."""
    order = list(labels.BAND)
    running = [state.band(one) for one in TARGETS if runs(state, one)]
    return max(running, key=order.index, default="ok")


def _tone(state: Incident) -> Tone:
    if state.working and (state.danger or state.priority is Priority.P1):
        return "danger"
    return labels.BAND_TONE.get(_worst(state)) or labels.STATUS_TONE.get(state.status, "plain")


def _fields(state: Incident, look: Look) -> list[Field[Phrase]]:
    owner = t("{who}", who=Who(person=state.owner)) if state.owner else labels.NOBODY
    fields: list[Field[Phrase]] = [Field(t("Who has it"), owner), *paths.fields(state, look)]
    fields += problem.fields(state)
    for target in TARGETS:
        due: Millis | None = getattr(state.targets, target)
        if due is not None and runs(state, target):
            fields.append(Field(_BY[target], _due(due, state.band(target))))
    if state.reports > 1:
        fields.append(Field(t("Reports"), tn("{n} person", "{n} people", n=state.reports)))
    if state.held_since is not None:
        fields.append(Field(t("On hold since"), _held(state.held_since, state.held_until)))
    if state.held_ms:
        fields.append(Field(t("On hold in all"), t("{span}", span=Span(ms=state.held_ms))))
    if state.reopened:
        fields.append(Field(t("Opened again"), tn("once", "{n} times", n=state.reopened)))
    return fields


def _held(since: Millis, until: Millis | None) -> Text:
    if until is None:
        return t("{time}", time=_when(since))
    return t("{time}, until {until}", time=_when(since), until=_when(until))


def _due(at: Millis, band: Band) -> Text:
    return t("{time}, {band}", time=_when(at), band=labels.BAND[band])


def step(task: Task, look: Look, working: bool = True) -> Step[Phrase]:
    """One line about a task: how many of how many, and when the next one arrives while anybody is
    `working` on it.
    """
    what = named(task, look)
    if task.status in ("done", "cancelled"):
        status = labels.MOVED if task.moved else labels.TASK[task.status]
        return Step(t("{task}: {status}", task=what, status=status), "done")
    taken, coming = len(task.places), [one.eta for one in task.places if one.arrived_at is None]
    if coming and working:
        text = t(
            "{task}: {taken} of {needed}, next at {time}",
            task=what,
            taken=taken,
            needed=task.needed,
            time=_when(min(coming)),
        )
    else:
        text = t("{task}: {taken} of {needed}", task=what, taken=taken, needed=task.needed)
    return Step(text, "now" if taken else "open")


def named(task: Task, look: Look) -> Phrase:
    """What a task is called: its template's title, else the skill that is wanted."""
    for own in look.playbook.categories.values():
        for part in own.tasks:
            if task.template and part.key == task.template:
                return part.title
    return look.playbook.skills.get(task.skill) or t("Help wanted")


def _last(state: Incident, look: Look) -> Text:
    what = labels.LAST_EVENT.get(state.last_event, labels.CHANGED)
    said = t("Last: {what}, {time}", what=what, time=_when(state.touched_at))
    if untold(state, look.edition(state.playbook)):
        return t("{last}. People have not been told of a change: write an update.", last=said)
    return said


def _buttons(state: Incident, look: Look) -> list[Button[Phrase]]:
    me = state.stream
    if state.status in ("merged", "cancelled"):
        return []
    if not state.working:
        last = paths.ending(state, look) if state.status == "resolved" else []
        return [*last, opens(t("Reopen"), "reopen", incident=me), *_talk(state)]
    first: list[Button[Phrase]] = []
    if state.owner is None:
        first = [button(t("Take"), "take_incident", "primary", incident=me)]
    if state.status == "on_hold":
        first = [button(t("Resume"), "resume_incident", "primary", incident=me)]
    return [
        *first,
        opens(t("Ask for resources"), "ask_for_resource", incident=me),
        *_talk(state),
        *paths.ending(state, look),
    ]


def _desk(state: Incident, look: Look) -> list[Button[Phrase]]:
    if not look.desk:
        return []
    return [leads(t("Open on the desk"), f"{look.desk}/desk/incidents/{state.reference}")]


def _talk(state: Incident) -> list[Button[Phrase]]:
    if state.incident_kind == "problem":
        return []
    buttons = [opens(t("Update"), "update", incident=state.stream)]
    if state.first_report is not None:
        buttons.append(opens(t("Reply"), "reply", report=state.first_report))
    return buttons


def _more(state: Incident, look: Look) -> list[Button[Phrase]]:
    me = state.stream
    beside = [opens(t("Note"), "note", incident=me)]
    if state.reports:
        beside.append(button(WHO_IS_IT, "reveal_customer", incident=me))
    if state.status == "resolved":
        sure: Confirm[Phrase] = Confirm(
            t("Close it?"), t("Customers are not asked any more."), t("Close")
        )
        return [button(t("Close"), "close_incident", confirm=sure, incident=me), *beside]
    if not state.working:
        return [] if state.status == "merged" else beside
    more = [opens(t("Assess"), "assess", incident=me), *beside]
    if state.status == "in_progress":
        more.insert(0, opens(t("Hold"), "hold", incident=me))
    elif state.acknowledged_at is None and not paths.acknowledges(state, look):
        more.insert(0, button(t("Acknowledge"), "acknowledge_incident", incident=me))
    return [*more, button(t("More"), TOOLS, incident=me)]
