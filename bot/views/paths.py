"""What the path of a kind or category adds to the incident's card."""

from collections.abc import Iterator

from bot.core.cards import Button, Field
from bot.core.incident import Incident
from bot.core.path_steps import Next, ahead, before_end, to_follow_up
from bot.core.texts import Phrase, When, t
from bot.views import labels, path_forms
from bot.views.look import Look, opens


def following(state: Incident, look: Look) -> Next | None:
    """What comes next."""
    return ahead(state, look.edition(state.playbook), look.playbook)


def fields(state: Incident, look: Look) -> Iterator[Field[Phrase]]:
    """The next step, and by when it was promised."""
    step = following(state, look)
    if step is None:
        return
    if step.due is None:
        yield Field(t("Next step"), step.name)
        return
    band = labels.BAND["breached" if step.overdue else "ok"]
    time = When(at=step.due)
    yield Field(step.name, t("{time}, {band}", time=time, band=band))


def ending(state: Incident, look: Look) -> list[Button[Phrase]]:
    """The press by which it goes on to its end, in place of "Resolve"."""
    step = following(state, look)
    me, report = state.stream, state.first_report or ""
    own = look.edition(state.playbook).path(state.incident_kind, state.category)
    found = None if step is None else own.step(step.step)
    if found is not None and not (found.follow_up and state.working):
        return [opens(found.name, path_forms.STEP, step=found.key, incident=me, report=report)]
    match state.incident_kind:
        case "enquiry":
            return [opens(t("Answer it"), path_forms.ANSWER, incident=me, report=report)]
        case kind if state.status != "open" and state.working and not state.major.declared:
            said = t("Fulfilled") if kind == "service_request" else t("Resolve")
            return [opens(said, "resolve", incident=me)]
        case _:
            return []


def acknowledges(state: Incident, look: Look) -> bool:
    """Whether its next step, which says so to the customer, stands for "Acknowledge"."""
    return state.incident_kind == "complaint" and following(state, look) is not None


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """Who does it, who answers it, who learns from it, and what kind it is after all."""
    if not state.working:
        return
    plan = look.edition(state.playbook)
    last = to_follow_up(state, plan, look.playbook)
    if last is not None and before_end(state, plan, look.playbook) is None:
        yield opens(last.name, path_forms.STEP, step=last.step, incident=state.stream, report="")
    if state.incident_kind == "service_request":
        said = t("Who does it, and by when")
        yield opens(said, path_forms.FULFILMENT, incident=state.stream)
    if state.incident_kind == "enquiry":
        yield opens(t("Hand it on"), path_forms.HAND_ON, incident=state.stream)
    yield opens(t("Change the kind"), path_forms.KIND, incident=state.stream)
