"""What of an incident must be watched by a timer, at any moment of any walk."""

from bot.core.alarm_needed import needed
from bot.core.alarms import found, place_about
from bot.core.clocks import runs
from bot.core.incident import Incident
from bot.core.incident_words import Target
from bot.core.path_steps import ahead
from bot.workflows.checkins import TIMES
from bot.workflows.escalation_causes import UNSEEN
from tests.workflows.kit import PLAYBOOK


def silent(state: Incident) -> list[str]:
    """Who did not answer twice is waited for once more, and then looked after; who called for help
    is looked after now.
    """
    held = [(task.number, place) for task in state.tasks for place in task.places]
    return [f"well:{n}:{one.person}" for n, one in held if one.unanswered >= TIMES or one.help]


def check_alarms(state: Incident, names: set[str]) -> None:
    """Nobody on site is forgotten, nor called about what needs nobody any more."""
    for task in state.tasks:
        for place in task.places:
            which = place_about(task.number, place.person)
            called = found(state.alarms, "check_in", which) is not None
            there = place.status == "on_site" and not task.cancelled and not state.ended
            assert called or not there or f"well:{which}" in names, place
            assert called or not place.help or task.moved, place
    assert [one for one in state.alarms if not needed(state, one.cause, one.about)] == []


def check_timers(state: Incident, names: set[str]) -> None:
    """Whatever still has to happen by a time is watched, so that nothing ends in silence."""
    check_alarms(state, names)
    targets: tuple[Target, ...] = ("acknowledge", "update", "resolve")
    wanted = {
        f"target:{one}" for one in targets if runs(state, one) and state.band(one) != "breached"
    }
    wanted |= {"hold"} if state.held_until is not None else set()
    wanted |= {"close"} if state.status == "resolved" else set()
    for task in state.tasks:
        if state.working and task.status == "open":
            wanted.add(f"claim:{task.number}")
        for place in task.places:
            coming = place.status in ("claimed", "en_route") and not place.eta_passed
            if coming and not task.cancelled:
                wanted.add(f"eta:{task.number}:{place.person}")
            if place.status == "on_site" and not task.cancelled and place.unanswered < TIMES:
                # Who called for help is called about until they say that all is well.
                name = "alarm:check_in" if place.help else "well"
                wanted.add(f"{name}:{task.number}:{place.person}")
    wanted |= {f"alarm:{one.cause}:{one.about}" for one in state.alarms}
    following = ahead(state, PLAYBOOK, PLAYBOOK)
    promised = following is not None and following.due is not None and not following.overdue
    wanted |= {"path"} if promised else set()
    called = any(one.cause in UNSEEN for one in state.alarms)
    wanted |= {"watch:unacknowledged"} if state.status == "open" and not called else set()
    wanted |= {"watch:acknowledged"} if state.status == "acknowledged" else set()
    assert wanted <= names, wanted - names
    kept = ("claim:", "watch:heard:", *silent(state))
    idle = {one for one in names - wanted if not one.startswith(kept)}
    assert not idle, "and nothing else is"
