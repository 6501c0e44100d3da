"""Who is called about an incident, as its page and the board show it."""

from dataclasses import dataclass

from bot.core.alarm_texts import SHORT
from bot.core.alarm_words import Alarm
from bot.core.climbing import Editions, next_step, waits_for_somebody
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.parties import Party
from bot.core.texts import Text
from bot.engine.read import Reads
from bot.views.calling import ANSWERED_ELSEWHERE, parties, pressing


@dataclass(frozen=True, slots=True)
class AlarmView:
    """Something that somebody must act on: who was called when, who is next, who sees to it.

    `what` None: nobody has been called yet, since it has only just come.
    """

    cause: str
    about: str
    what: Text | None
    called: Text | None
    called_at: Millis
    after: Text
    at: Millis
    by: PersonId
    answers: bool


def editions(reads: Reads, state: Incident) -> Editions:
    """What it pinned, and the playbook of today."""
    return Editions.model_construct(plan=reads.edition(state.playbook), today=reads.playbook)


def alarms(reads: Reads, state: Incident) -> tuple[AlarmView, ...]:
    """The newest first; before the first of all, who will be called if nobody acknowledges it."""
    both = editions(reads, state)
    standing = sorted(state.alarms, key=lambda one: one.at, reverse=True)
    first = waits_for_somebody(state, both)
    if first is None:
        return tuple(_view(state, one, both) for one in standing)
    after = parties(first.who, both.today)
    return (AlarmView("", "", None, None, 0, after, first.at, "", False),)


def _view(state: Incident, alarm: Alarm, both: Editions) -> AlarmView:
    step = next_step(state, alarm, both)
    return AlarmView(
        cause=alarm.cause,
        about=alarm.about,
        what=SHORT[alarm.cause],
        called=parties(alarm.who, both.today) if alarm.sounded else None,
        called_at=alarm.at,
        after=parties(step.who, both.today),
        at=step.at,
        by=alarm.answered_by or "",
        answers=alarm.cause not in ANSWERED_ELSEWHERE,
    )


def named(reads: Reads, state: Incident) -> list[PersonId]:
    """Everybody whom these name."""
    both = editions(reads, state)
    found: list[Party] = []
    for alarm in state.alarms:
        found += [*alarm.who, *next_step(state, alarm, both).who]
    by = [one.answered_by for one in state.alarms if one.answered_by]
    return [*by, *(one.key for one in found if one.of == "person")]


async def shouted(reads: Reads, incident: StreamId) -> Text | None:
    """What is being called about, in a few words, for its line on the board."""
    state = await reads.state(incident)
    alarm = pressing(state) if isinstance(state, Incident) else None
    return None if alarm is None else SHORT[alarm.cause]
