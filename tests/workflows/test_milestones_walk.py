"""Figures are those of the log, worked out whole, whatever happens (incident practice 1.6)."""

import random
from collections.abc import Iterable

import pytest

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_fold import fold
from bot.core.milestone_words import Milestone, MilestoneCorrected
from bot.core.milestones import figures
from tests.workflows.desk import Desk
from tests.workflows.kit import ANA_ACTS, HOUR, MINUTE, recorded
from tests.workflows.test_incident_walk import READS, Walk
from tests.workflows.test_milestones import corrects


class Logged(Desk):
    """A desk that keeps its log."""

    def __init__(self) -> None:
        self.log: list[Recorded] = []
        super().__init__("incident")

    def _happen(self, events: Iterable[Event], ctx: Context) -> None:
        for event in events:
            number = len(self.log) + 1
            self.log.append(recorded(event, self.stream, number, self.at, ctx.actor.name))
            super()._happen([event], ctx)


def by_hand(log: list[Recorded]) -> dict[str, Millis | None]:
    """Each milestone, looked up in the log as a person would."""
    marks: dict[str, Millis | None] = {"opened": log[0].at}
    ends = {ie.IncidentResolved: "restored", ie.IncidentClosed: "closed"}
    for one in log:
        kind = type(one.event)
        if kind in (ie.IncidentAcknowledged, ie.IncidentTaken) and one.actor != "system":
            marks.setdefault("acknowledged", one.at)
        if isinstance(one.event, ie.IncidentReopened):
            marks.pop("restored", None)
            marks.pop("closed", None)
        if kind in ends:
            marks[ends[kind]] = one.at
        if isinstance(one.event, MilestoneCorrected):
            marks[one.event.milestone] = one.event.happened_at
    return marks


def on_hold(log: list[Recorded], start: Millis, end: Millis) -> Millis:
    """How long it stood on hold in that time, event by event."""
    total, since = 0, None
    for one in log:
        if isinstance(one.event, ie.IncidentHeld):
            since = one.at
        elif since is not None and isinstance(
            one.event,
            ie.IncidentResumed | ie.IncidentResolved | ie.IncidentCancelled | mw.IncidentMerged,
        ):
            total += max(0, min(one.at, end) - max(since, start))
            since = None
    return total + (0 if since is None else max(0, end - max(since, start)))


def check(desk: Logged, now: Millis) -> int:
    """Figures of the state are those of the log; how many were recorded."""
    state: Incident | None = None
    for one in desk.log:
        state = fold(state, one)
    assert state is not None
    assert figures(state, now) == figures(desk.incident, now)
    marks, seen = by_hand(desk.log), 0
    pairs = {"acknowledge": "acknowledged", "restore": "restored", "close": "closed"}
    for each in figures(desk.incident, now):
        assert each.kept <= each.due
        if each.key in pairs and each.status == "recorded":
            begun, end = marks["opened"], marks[pairs[each.key]]
            assert begun is not None
            assert end is not None
            assert each.ms == max(0, end - begun)
            assert each.net_ms == each.ms - on_hold(desk.log, begun, end)
            seen += 1
    return seen


@pytest.mark.parametrize("seed", range(3))
def test_practice_1_6_whatever_happens_the_figures_are_those_of_the_log_recomputed(
    seed: int,
) -> None:
    walk, pick, seen = Walk(seed), random.Random(seed), 0
    desk = walk.desk = Logged()
    for step in range(160):
        walk.step()
        if desk.state is None:
            continue
        if pick.random() < 0.1:
            marks: list[Milestone] = ["opened", "acknowledged", "restored", "closed"]
            at = desk.at - pick.choice([0, MINUTE, HOUR, 3 * HOUR])
            desk.do(corrects(pick.choice(marks), at), ANA_ACTS, **READS)
        if step % 10 == 9:
            seen += check(desk, desk.at)
    is_other = desk.incident.incident_kind != "incident"
    assert seen or is_other or desk.incident.status in ("merged", "cancelled")
