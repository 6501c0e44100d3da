"""Escalation: who is alarmed when, if nobody acts. There is no last step: it never goes silent."""

from collections.abc import Mapping

from bot.core.calendar import Calendar, is_open
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.playbook_parts import Ladder, Party, Rung


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
    rungs: tuple[Rung, ...], calendars: Mapping[str, Calendar], last: Alarm | None, at: Millis
) -> Alarm:
    """The alarm after `last`, or the first one, which comes at `at`.

    A rung whose hours do not fit the moment is passed over without waiting. After the last
    rung that fits, that rung is alarmed again and again. `calendars` are today's; one that is
    missing counts as open. Raises ValueError for a ladder without rungs.
    """
    if not rungs:
        raise ValueError("a ladder needs rungs")
    start, due = (0, at) if last is None else (last.rung, last.at + rungs[last.rung].wait)
    if last is not None and last.time < rungs[start].times and _fits(rungs[start], calendars, due):
        return Alarm(at=due, rung=start, time=last.time + 1, who=rungs[start].who)
    first = start if last is None else start + 1
    fitting = [i for i in range(first, len(rungs)) if _fits(rungs[i], calendars, due)]
    if fitting:
        return Alarm(at=due, rung=fitting[0], time=1, who=rungs[fitting[0]].who)
    earlier = [i for i in range(len(rungs)) if _fits(rungs[i], calendars, due)]
    again = earlier[-1] if earlier else len(rungs) - 1
    time = last.time + 1 if last is not None and last.rung == again else 1
    return Alarm(at=due, rung=again, time=time, who=rungs[again].who)


def _fits(rung: Rung, calendars: Mapping[str, Calendar], at: Millis) -> bool:
    calendar = calendars.get(rung.calendar or "")
    opened = calendar is None or is_open(calendar, at)
    return rung.hours == "any" or (rung.hours == "in") == opened
