"""A task's card where resources are asked: what, where, who comes when, and the way to say so."""

from collections.abc import Iterator

from bot.core.cards import (
    BUTTONS_MOST,
    MORE_MOST,
    Actions,
    Badge,
    Card,
    Field,
    Fields,
    Footer,
    Header,
    Progress,
    Section,
    Step,
    StepState,
)
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.incident_words import PlaceStatus, TaskPlace
from bot.core.playbook_assess import task_place, team_place
from bot.core.task import Task
from bot.core.task_call import Bid
from bot.core.texts import Phrase, Ref, Text, When, Who, t
from bot.views import labels, pressing
from bot.views.actions import form_of
from bot.views.incident import curtain, named, title
from bot.views.look import Look, built, whereabouts

SHOWN = 8
_STATES: dict[PlaceStatus, StepState] = {"done": "done", "on_site": "now", "en_route": "now"}


def places(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Where those are asked who can do it: one ring more each time that nobody came forward.

    All at once where all are asked or bid. While one is asked after the other it hangs where they
    work who are met nowhere else, so that they can answer.
    """
    task = state.task(number)
    every, rounds = rings(state, number, look), 0 if task is None else task.rounds
    how = "ring" if task is None else task.call.how
    if how in ("all", "bids"):
        return every
    met = () if task is None else (*task.call.asked_in, *_offered_in(task))
    return tuple(dict.fromkeys((*met, *every[: rounds + (how != "one")])))


def _offered_in(task: Task) -> Iterator[str]:
    return (one.offered_in for one in task.places if one.offered_in)


def rings(state: Incident, number: int, look: Look) -> tuple[str, ...]:
    """Every place where a task can be asked for, in the order in which it is: its own, those with
    its skill as the playbook lists them, then the team's.
    """
    task = state.task(number)
    own = look.edition(state.playbook).category(state.category)
    parts = own.tasks if own and task else ()
    first = [
        task_place(look.playbook, state.category, part)
        for part in parts
        if task and task.template == part.key
    ]
    skilled = [
        key for key, one in look.playbook.places.items() if task and task.skill in one.skills
    ]
    return tuple(dict.fromkeys((*first, *skilled, team_place(look.playbook, state.category))))


def hangs(state: Incident, number: int) -> bool:
    """While somebody is wanted; a restricted one is not hung up anew."""
    task = state.task(number)
    wanted = task is not None and not task.cancelled and task.status != "done"
    return wanted and state.visibility == "normal" and state.working


def card(state: Incident, number: int, look: Look) -> Card[Phrase] | None:
    """The task; None when there is none of that number."""
    task = state.task(number)
    if task is None:
        return None
    if state.visibility == "restricted":
        return curtain(state)
    over = not state.working or task.status in ("done", "cancelled")
    what = named(task, look)
    return built(
        t("{task}: {status}", task=what, status=_standing(state, task)),
        Header(what),
        Badge(_standing(state, task), labels.TASK_TONE.get(task.status, "plain")),
        Section(t("{words}", words=task.what)),
        Fields((_incident(state, look), *whereabouts(state, look))),
        Progress(_on_it(task)),
        None if over else _actions(state, task, look),
        Footer(_footer(state, task)),
    )


def _incident(state: Incident, look: Look) -> Field[Phrase]:
    return Field(t("Incident"), title(state, look))


def _standing(state: Incident, task: Task) -> Text:
    if not state.working and task.status == "open":
        return t("Not needed any more")
    if task.status != "open":
        return labels.MOVED if task.moved else labels.TASK[task.status]
    return t("{taken} of {needed} are coming", taken=len(task.places), needed=task.needed)


def _coming(place: TaskPlace) -> Step[Phrase]:
    who, status = Who(person=place.person), labels.PLACE[place.status]
    if place.status == "done":
        text = t("{who}, {status}", who=who, status=status)
    elif place.arrived_at is not None:
        text = t("{who}, {status} since {time}", who=who, status=status, time=_at(place.arrived_at))
    elif place.eta_passed:
        text = t("{who}, {status}, was due at {time}", who=who, status=status, time=_at(place.eta))
    else:
        text = t("{who}, {status}, there at {time}", who=who, status=status, time=_at(place.eta))
    return Step(text, _STATES.get(place.status, "open"))


def _on_it(task: Task) -> tuple[Step[Phrase], ...]:
    """Who comes, who could, the nearest first, and whose answer is waited for."""
    bids = (_bid(one) for one in task.call.nearest)
    asked = (_asked(one) for one in task.call.pending)
    return (*(_coming(one) for one in task.places), *bids, *asked)[:SHOWN]


def _asked(person: PersonId) -> Step[Phrase]:
    return Step(t("{who} is asked", who=Who(person=person)))


def _bid(bid: Bid) -> Step[Phrase]:
    who, time = Who(person=bid.person), _at(bid.eta)
    return Step(t("{who} could be there at {time}", who=who, time=time))


def _at(at: int) -> When:
    return When(at=at)


def _footer(state: Incident, task: Task) -> Text:
    ref, time = Ref(ref=state.reference), _at(task.touched_at)
    return t("{ref}, task {n}, as of {time}", ref=ref, n=task.number, time=time)


def _actions(state: Incident, task: Task, look: Look) -> Actions[Phrase]:
    """Ways to come while somebody is wanted; ways to report for those who come."""
    claims = pressing.claims(state, task, look) if task.status == "open" else ()
    steps = pressing.steps_of(state.stream, task.number) if task.places else ()
    asked = pressing.taken_over(state, task)
    if claims:
        return Actions(claims, (*asked, *steps)[:MORE_MOST])
    rest = pressing.more_of(state.stream, task.number) if steps else ()
    if not asked:
        return Actions(steps, rest)
    every = (*asked, *steps, *(one for one in rest if form_of(one.action) != "offer_place"))
    return Actions(every[:BUTTONS_MOST], every[BUTTONS_MOST:])
