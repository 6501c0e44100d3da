"""Escalation: who is alarmed when, if nobody acts. There is no last step: it never goes silent."""

from collections.abc import Mapping

from bot.core.calendar import Calendar, is_open, next_open
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.parties import Party
from bot.core.playbook_parts import Ladder, Rung


class Alarm(Frozen):
    """Rung `rung` (from 0) is alarmed at `at` for the `time`-th time (from 1)."""

    at: Millis
    rung: int
    time: int
    who: tuple[Party, ...]


def flatten(ladders: Mapping[str, Ladder], key: str) -> tuple[Rung, ...]:
    """The rungs of a ladder and of those it goes on with, each with its own calendar."""
    rungs: list[Rung] = []
    seen: list[str] = []
    name: str | None = key
    while name is not None and name in ladders and name not in seen:
        ladder = ladders[name]
        own = {"calendar": ladder.calendar}
        rungs += [r if r.calendar else r.model_copy(update=own) for r in ladder.rungs]
        seen.append(name)
        name = ladder.then
    return tuple(rungs)


def next_alarm(
    rungs: tuple[Rung, ...],
    calendars: Mapping[str, Calendar],
    last: Alarm | None,
    at: Millis,
    not_before: Millis = 0,
) -> Alarm:
    """The alarm after `last`, or the first one, which comes at `at`; none comes before
    `not_before`.

    A rung whose hours do not fit the moment is passed over without waiting; one that waits for
    its hours comes when they begin. After the last rung that fits, that rung is alarmed again
    and again. `calendars` are today's; one that is missing counts as open. Raises ValueError for
    a ladder without rungs.
    """
    if not rungs:
        raise ValueError("a ladder needs rungs")
    start, due = (0, at) if last is None else (last.rung, last.at + rungs[last.rung].wait)
    due = max(due, not_before)

    def alarm(rung: int, time: int) -> Alarm:
        return Alarm(
            at=_opens(rungs[rung], calendars, due), rung=rung, time=time, who=rungs[rung].who
        )

    if last is not None and last.time < rungs[start].times and _fits(rungs[start], calendars, due):
        return alarm(start, last.time + 1)
    first = start if last is None else start + 1
    fitting = [i for i in range(first, len(rungs)) if _fits(rungs[i], calendars, due)]
    if fitting:
        return alarm(fitting[0], 1)
    earlier = [i for i in range(len(rungs)) if _fits(rungs[i], calendars, due)]
    again = earlier[-1] if earlier else len(rungs) - 1
    return alarm(again, last.time + 1 if last is not None and last.rung == again else 1)


def _fits(rung: Rung, calendars: Mapping[str, Calendar], at: Millis) -> bool:
    if rung.hours in ("any", "wait"):
        return True
    calendar = calendars.get(rung.calendar or "")
    opened = calendar is None or is_open(calendar, at)
    return (rung.hours == "in") == opened


def _opens(rung: Rung, calendars: Mapping[str, Calendar], at: Millis) -> Millis:
    """When a rung is called that is due at `at`: at once, or with the beginning of its hours."""
    calendar = calendars.get(rung.calendar or "")
    if calendar is None or rung.hours != "wait":
        return at
    return next_open(calendar, at)
