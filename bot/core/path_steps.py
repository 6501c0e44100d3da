"""What is next on the path of a complaint, a service request or an enquiry, and by when."""

from bot.core import playbook_paths as part
from bot.core.calendar import add
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.paths import ANSWER, FULFIL, Path
from bot.core.playbook import IncidentPlan, Playbook
from bot.core.texts import Phrase, t

NAMES = {FULFIL: t("Fulfil it"), ANSWER: t("Answer it")}


class Next(Frozen):
    """What is to be done next, and by when, where somebody was promised a time."""

    step: str
    name: Phrase
    due: Millis | None
    overdue: bool = False


def ahead(state: Incident, plan: IncidentPlan, current: Playbook) -> Next | None:
    """The next step, by the edition that it pinned and today's calendar; None for an incident, at
    the end of its path, and when nobody works on it any more.
    """
    path, kind = state.path, state.incident_kind
    if not state.working:
        return None
    if kind == "service_request":
        return _next(path, FULFIL, NAMES[FULFIL], path.fulfil_by)
    if kind == "enquiry":
        return _next(path, ANSWER, NAMES[ANSWER], path.answer_by)
    own = plan.paths.of(kind)
    left = next((one for one in own.steps if path.done_step(one.key) is None), None)
    if left is None:
        return None
    return _next(path, left.key, left.name, _due(state, own, left, current))


def _due(state: Incident, own: part.Path, step: part.PathStep, current: Playbook) -> Millis:
    return add(current.calendar(own.calendar), state.clock_from, step.within)


def _next(path: Path, step: str, name: Phrase, due: Millis | None) -> Next:
    return Next(step=step, name=name, due=due, overdue=step in path.overdue)
