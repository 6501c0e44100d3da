"""What is next on the path of a kind or category, and by when."""

from collections.abc import Callable

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
    """The next step, by the edition that it pinned and today's calendar; None without a path, at
    its end, and when nobody works on it any more, but for what follows when it is resolved.
    """
    path, kind = state.path, state.incident_kind
    if not state.working:
        return to_follow_up(state, plan, current) if state.status == "resolved" else None
    if kind == "service_request":
        return _next(path, FULFIL, NAMES[FULFIL], path.fulfil_by)
    if kind == "enquiry":
        return _next(path, ANSWER, NAMES[ANSWER], path.answer_by)
    return _first(state, plan, current, lambda step: True)


def before_end(state: Incident, plan: IncidentPlan, current: Playbook) -> Next | None:
    """The first step without which it cannot be resolved."""
    return _first(state, plan, current, lambda step: not step.follow_up)


def to_follow_up(state: Incident, plan: IncidentPlan, current: Playbook) -> Next | None:
    """The step without which it cannot be closed, while it is not done."""
    return _first(state, plan, current, lambda step: step.follow_up)


def _first(
    state: Incident,
    plan: IncidentPlan,
    current: Playbook,
    counts: Callable[[part.PathStep], bool],
) -> Next | None:
    own = plan.path(state.incident_kind, state.category)
    open_ones = (one for one in own.steps if state.path.done_step(one.key) is None)
    left = next((one for one in open_ones if counts(one)), None)
    if left is None:
        return None
    return _next(state.path, left.key, left.name, _due(state, own, left, current))


def _due(state: Incident, own: part.OwnPath, step: part.PathStep, current: Playbook) -> Millis:
    return add(current.calendar(own.calendar), state.clock_from, step.within)


def _next(path: Path, step: str, name: Phrase, due: Millis | None) -> Next:
    return Next(step=step, name=name, due=due, overdue=step in path.overdue)
