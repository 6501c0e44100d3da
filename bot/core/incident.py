"""An incident: its life, its clocks, its updates (its fold: `incident_fold`, tasks: `task`)."""

from bot.core.alarm_words import Alarm
from bot.core.alike_state import Alike
from bot.core.drafting import Drafting
from bot.core.fold import State
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import (
    ENDED,
    WORKING,
    Audience,
    Band,
    Fact,
    IncidentKind,
    Mode,
    Status,
    Target,
    Targets,
    Ticked,
    Visibility,
    Wording,
)
from bot.core.kin import Kin
from bot.core.major import Major
from bot.core.measured import Measured
from bot.core.paths import Path
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.problem import Problem
from bot.core.shelter import Shelter
from bot.core.task import Task


class Update(Frozen):
    """Head of a published update; its earlier wordings are read from the log.

    `as_of` is the version of the stream at which its words changed or were withdrawn last, 0 while
    they never were. `glass` is the version of the stream at which somebody sent it, or its newest
    correction that went out so, without the second person; 0 for nobody.
    """

    number: int
    at: Millis
    words: Personal
    audience: Audience
    next_by: Millis | None
    corrected: bool = False
    withdrawn: bool = False
    language: str = ""
    also: tuple[Wording, ...] = ()
    as_of: int = 0
    approved_by: PersonId | None = None
    unapproved: bool = False
    glass: int = 0


class Incident(State):
    """One incident. Reports are counted here and listed by projection, since there may be many.

    `clock_from` is when its clocks began to run: the opening or the last reopening; `holds`
    are the pauses since then. `reports_settled` counts linked reports that confirmed, or let
    their window end, since the last resolve; `reports_withdrawn` those that were taken back.
    """

    reference: str
    incident_kind: IncidentKind
    category: str
    playbook: str
    subject: SubjectId
    mode: Mode
    visibility: Visibility
    opened_at: Millis
    touched_at: Millis
    moved_at: Millis = 0
    moved_by: PersonId | None = None
    clock_from: Millis
    status: Status = "open"
    facts: tuple[Fact, ...] = ()
    danger: bool = False
    impact: Level
    urgency: Level
    priority: Priority
    overridden: bool = False
    targets: Targets
    bands: tuple[tuple[Target, Band], ...] = ()
    owner: PersonId | None = None
    acknowledged_at: Millis | None = None
    acknowledged_by: PersonId | None = None
    taken_at: Millis | None = None
    owner_since: Millis | None = None
    held_since: Millis | None = None
    held_until: Millis | None = None
    held_ms: int = 0
    holds: tuple[tuple[Millis, Millis], ...] = ()
    resolved_at: Millis | None = None
    resolved_by: PersonId | None = None
    resolution: Personal | None = None
    confirm_until: Millis | None = None
    closed_at: Millis | None = None
    reopen_until: Millis | None = None
    reopened: int = 0
    released_at: Millis = 0
    reports: int = 0
    first_report: StreamId | None = None
    origin: StreamId | None = None
    reports_settled: int = 0
    reports_withdrawn: int = 0
    tasks: tuple[Task, ...] = ()
    updates: int = 0
    latest: tuple[Update, ...] = ()
    told: tuple[str, ...] = ()
    told_from: Priority | None = None
    script: tuple[Ticked, ...] = ()
    last_event: str = ""
    category_set: bool = False
    kin: Kin = Kin()
    shelter: Shelter = Shelter()
    path: Path = Path()
    problem: Problem = Problem()
    alarms: tuple[Alarm, ...] = ()
    alike: Alike = Alike()
    major: Major = Major()
    drafting: Drafting = Drafting()
    measured: Measured = Measured()

    @property
    def ended(self) -> bool:
        """Closed, merged or cancelled."""
        return self.status in ENDED

    @property
    def working(self) -> bool:
        """Neither resolved nor ended."""
        return self.status in WORKING

    @property
    def waits_from(self) -> Millis:
        """Since when somebody should see it: the opening, the last reopening or giving back."""
        return max(self.clock_from, self.released_at)

    @property
    def unclocked(self) -> bool:
        """No promise runs: somebody is in distress, or it is a problem, for which nobody waits."""
        return self.shelter.unclocked or self.incident_kind == "problem"

    @property
    def settled(self) -> bool:
        """Every linked report has had its say about the fix, and there was one."""
        return 0 < self.reports <= self.reports_settled + self.reports_withdrawn

    def band(self, target: Target) -> Band:
        """How far the time to `target` has gone by."""
        return dict(self.bands).get(target, "ok")

    def task(self, number: int) -> Task | None:
        """Task `number`, counted from 1."""
        return self.tasks[number - 1] if 1 <= number <= len(self.tasks) else None

    def ticked(self, category: str, step: int) -> Ticked | None:
        """That step of the script of `category`, if it was done."""
        same = (one for one in self.script if (one.category, one.step) == (category, step))
        return next(same, None)

    def update(self, number: int) -> Update | None:
        """A recent update; older ones than the newest few are not at hand."""
        return next((one for one in self.latest if one.number == number), None)

    def heard(self, audience: Audience) -> Update | None:
        """The newest update since `clock_from` that reached `audience`; public ones reach all."""
        reached = ("public",) if audience == "public" else ("public", audience)
        since = [one for one in self.latest if one.at >= self.clock_from]
        return next((one for one in reversed(since) if one.audience in reached), None)
