"""What can be pressed about a task: to come for it, and to say how it goes."""

from collections.abc import Callable, Iterator

from bot.core.cards import Actions, Button, Card, Section
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import TaskPlace
from bot.core.task import Task
from bot.core.texts import Phrase, Span, t
from bot.views.look import Look, button, opens

QUICK = 3


def claims(state: Incident, task: Task, look: Look) -> tuple[Button[Phrase], ...]:
    """Ways to come, or to bid where bids are taken, and to say no."""
    me, number = state.stream, task.number
    if task.call.how == "bids":
        return (
            *(_quick("bid_for_task", me, number, ms) for ms in look.playbook.tasks.etas[:QUICK]),
            opens(t("At another time"), "bid", incident=me, task=number),
            button(t("I cannot after all"), "take_back_bid", incident=me, task=number),
            opens(t("I cannot"), "decline", incident=me, task=number),
        )
    return (
        *(_quick("claim_task", me, number, ms) for ms in look.playbook.tasks.etas[:QUICK]),
        opens(t("At another time"), "claim", incident=me, task=number),
        opens(t("I cannot"), "decline", incident=me, task=number),
    )


def _quick(name: str, me: StreamId, number: int, within: Millis) -> Button[Phrase]:
    """A press that says a time, counted from the press."""
    said = t("I am there in {span}", span=Span(ms=within))
    if name == "bid_for_task":
        said = t("I could be there in {span}", span=Span(ms=within))
    return button(said, name, "primary", incident=me, task=number, within=within)


def offers(state: Incident, look: Look) -> Iterator[Button[Phrase]]:
    """What those who dispatch may do: choose, once there is somebody to choose from."""
    if state.working and any(one.status == "open" and one.call.bids for one in state.tasks):
        yield opens(t("Choose who comes"), "award", "primary", incident=state.stream)


def own_steps(state: Incident, task: Task, place: TaskPlace) -> tuple[Button[Phrase], ...]:
    """What comes next for somebody who has a place on it."""
    departs, arrives, *rest = steps_of(state.stream, task.number)
    done, revises, gives_back = rest
    if place.status == "on_site":
        return (*_well(state, task), done, gives_back)
    ahead = (arrives, done, revises, gives_back)
    return (departs, *ahead) if place.status == "claimed" else ahead


def steps_of(me: StreamId, number: int) -> tuple[Button[Phrase], ...]:
    """Everything that can be said of a place on task `number` of the incident `me`, in order."""
    return (
        button(t("On the way"), "depart", incident=me, task=number),
        button(t("On site"), "arrive", incident=me, task=number),
        opens(t("Done"), "complete", incident=me, task=number),
        opens(t("Another time of arrival"), "revise_eta", incident=me, task=number),
        opens(t("Give it back"), "release", incident=me, task=number),
    )


def more_of(me: StreamId, number: int) -> tuple[Button[Phrase], ...]:
    """What else can be said of such a place, now and then."""
    return (
        button(t("I have read it"), "read_briefing", incident=me, task=number),
        opens(t("How it stands here"), "report_can", incident=me, task=number),
        opens(t("Hand it over"), "offer_place", incident=me, task=number),
        button(t("All well"), "say_well", incident=me, task=number),
        button(t("I need help"), "call_for_help", "danger", incident=me, task=number),
    )


def _well(state: Incident, task: Task) -> tuple[Button[Phrase], Button[Phrase]]:
    *_, well, help_ = more_of(state.stream, task.number)
    return well, help_


def answers(
    state: Incident | None, number: int, person: PersonId | None, look: Look
) -> Actions[Phrase]:
    """What whoever reads a message about task `number` alone may press, as things stand.

    `person` None: nobody knows who it is, but that they have a place on it.
    """
    task = None if state is None else state.task(number)
    if state is None or task is None or task.cancelled:
        return Actions(())
    place = task.place_of(person) if person else None
    if person is None or (place is not None and not place.unanswered):
        return Actions(steps_of(state.stream, number), more_of(state.stream, number))
    if place is not None:
        done = steps_of(state.stream, number)[2]
        return Actions((*_well(state, task), done))
    offered = next((one for one in task.places if one.offered_to == person), None)
    if offered is not None:
        return Actions(_take_over(state.stream, number, offered.person))
    return Actions(claims(state, task, look) if task.status == "open" else ())


def taken_over(state: Incident, task: Task) -> tuple[Button[Phrase], ...]:
    """For whoever works in one place alone and was asked there to take somebody's place."""
    met = next((one for one in task.places if one.offered_to and one.offered_in), None)
    return () if met is None else _take_over(state.stream, task.number, met.person)


def _take_over(me: StreamId, number: int, holder: PersonId) -> tuple[Button[Phrase], ...]:
    return (
        opens(
            t("Take it over"), "accept_place", "primary", incident=me, task=number, holder=holder
        ),
        button(t("I cannot"), "refuse_place", incident=me, task=number, holder=holder),
    )


def briefed(said: str, actions: Actions[Phrase], say: Callable[[Phrase], str]) -> Card[str]:
    """A message for one person with what they may press, from wherever they read it."""

    def spoken(buttons: tuple[Button[Phrase], ...]) -> tuple[Button[str], ...]:
        return tuple(Button(say(one.label), one.action, one.style) for one in buttons)

    return Card(said, (Section(said), Actions(spoken(actions.buttons), spoken(actions.more))))
