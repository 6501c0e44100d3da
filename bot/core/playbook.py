"""The playbook: the organisation's procedure as data, never logic.

What a running report pins is a `ReportPlan`, what an incident pins an `IncidentPlan`; a
`Playbook` is both, so a function says in its signature how much it needs, and whoever calls
it passes the pinned edition or the current one. `bot.core.playbook_parse` reads a file.
"""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StrictBool, StrictInt, model_validator

from bot.core.calendar import ALWAYS, DAY, MINUTE, Calendar, Zone
from bot.core.incident_words import How, IncidentKind
from bot.core.person_words import Role
from bot.core.playbook_duplicates import Duplicates
from bot.core.playbook_escalation import Escalation
from bot.core.playbook_labels import Labels
from bot.core.playbook_major import MajorPart
from bot.core.playbook_parts import (
    Approval,
    Cadence,
    Category,
    Intake,
    Ladder,
    Opening,
    Part,
    Target,
)
from bot.core.playbook_paths import OwnPath, Paths
from bot.core.playbook_phones import PhonePart
from bot.core.playbook_publishing import Publishing
from bot.core.playbook_words import Duration, Key, Language, Long, Short, Terms
from bot.core.priority import Matrix, Priority
from bot.core.texts import Words


def _days(span: int) -> int:
    if not DAY <= span <= 3650 * DAY:
        raise ValueError("this must be from 1d to 3650d")
    return span


Retained = Annotated[Duration, AfterValidator(_days)]
SHORTEST = 30 * DAY
"""What an unset retention means; nothing is ever kept for ever."""


class Organisation(Part):
    """Who runs the desk."""

    name: Short = Field(description="As customers know it.")
    languages: tuple[Language, ...] = Field(min_length=1, description="Languages of the texts.")
    default_language: Language = Field(description="What a text without a language is in.")
    time_zone: Zone = Field(description="IANA name, such as Europe/London.")

    @model_validator(mode="after")
    def _sound(self) -> "Organisation":
        if self.default_language not in self.languages:
            raise ValueError("default_language must be one of languages")
        return self


class Privacy(Part):
    """The notice that every customer gets before the first question."""

    version: str = Field(min_length=1, max_length=40, description="Stored with each report.")
    text: Long | None = Field(default=None, description="The notice itself, or ...")
    url: Long | None = Field(default=None, description="... where it stands.")
    sample: StrictBool = Field(default=False, description="Not yet the organisation's own.")

    @model_validator(mode="after")
    def _one_place(self) -> "Privacy":
        if (self.text is None) == (self.url is None):
            raise ValueError("give the text of the notice or its url")
        if self.url and not all(one.startswith("https://") for one in self.url.by.values()):
            raise ValueError("the url must begin with https://")
        return self


class Safety(Part):
    """What people in danger or distress are told, and the words that give them away."""

    emergency_number: str = Field(min_length=1, max_length=40, description="Such as 999.")
    emergency: Long = Field(description="What to do when a life is in danger.")
    distress_number: str = Field(min_length=1, max_length=40, description="Someone to talk to.")
    distress: Long = Field(
        description="What to say to someone who is at the end of their strength."
    )
    distress_words: Terms = Field(description="The second net beside the button on every screen.")
    guidance: tuple[Long, ...] = Field(default=(), description="Prompts for the agent.")
    ladder: Key | None = Field(
        default=None,
        description="Who is called for somebody in distress; unset: the incident's own.",
    )
    check_in: Duration = Field(
        default=30 * MINUTE, description="After so long, whoever helps is asked how they are."
    )
    pause: Duration = Field(
        default=30 * MINUTE, description="How long a break of theirs lasts, if they want one."
    )


class Team(Part):
    """People who work together."""

    name: Short = Field(description="As people say it.")
    place: Key = Field(description="Where its cards appear; a key of [places].")


class Place(Part):
    """A channel, group or page; settings say which one it is on which platform."""

    name: Short = Field(description="As people say it.")
    grants: Role | None = Field(default=None, description="A role for actions in this place only.")
    skills: tuple[Key, ...] = Field(default=(), description="Tasks for these are asked here.")
    fallback: Key | None = Field(
        default=None, description="The place that stands in while this one cannot be reached."
    )


class Targets(Part):
    """What each priority promises."""

    P1: Target = Field(description="The most pressing.")
    P2: Target = Field(description="High.")
    P3: Target = Field(description="Normal.")
    P4: Target = Field(description="Low.")

    def of(self, priority: Priority) -> Target:
        """The promise of `priority`."""
        found: Target = getattr(self, priority)
        return found


class Cadences(Part):
    """How often people hear something, per priority."""

    P1: Cadence = Field(description="The most pressing.")
    P2: Cadence = Field(description="High.")
    P3: Cadence = Field(description="Normal.")
    P4: Cadence = Field(description="Low.")

    def of(self, priority: Priority) -> Cadence:
        """The cadence of `priority`."""
        found: Cadence = getattr(self, priority)
        return found


class Area(Part):
    """A part of the world that resources cover."""

    name: Short = Field(description="As people say it.")
    words: Terms = Field(description="Words of a place by which it is known to lie there.")


class Tasks(Part):
    """How resources answer."""

    etas: tuple[Duration, ...] = Field(
        min_length=1, max_length=5, description="Times until arrival offered as buttons."
    )
    how: How = Field(
        default="ring",
        description="Whom to ask: one after the other, by rings, all at once, or all for bids.",
    )
    answer_within: Duration = Field(
        default=5 * MINUTE, description="How long one person has to answer before the next is."
    )
    bids_for: Duration = Field(
        default=10 * MINUTE, description="How long bids are taken; then the nearest comes."
    )
    check_in: Duration | None = Field(
        default=None, description="How often people on site are asked whether all is well."
    )
    reasons: tuple[Short, ...] = Field(
        default=(), max_length=5, description="Why people commonly cannot come, to be pressed."
    )


class Closing(Part):
    """What happens between resolved and closed."""

    confirm_within: Duration = Field(description="How long the customer may say: not fixed.")
    survey: StrictBool = Field(default=True, description="Whether to ask how it went.")


class Canned(Part):
    """An answer that agents send by a press, in the customer's language."""

    title: Short = Field(description="As the agent finds it.")
    text: Long = Field(description="As the customer reads it.")
    categories: tuple[Key, ...] = Field(default=(), description="Offered there; unset: always.")


class Safeguards(Part):
    """What is asked for before something grave is done."""

    prove_above: Annotated[StrictInt, Field(ge=0)] = Field(
        default=100, description="An update to more people wants a fresh proof of its author."
    )


class Retention(Part):
    """How long what is kept; unset means the shortest, 30 days."""

    transcript: Retained = Field(default=SHORTEST, description="Conversations and answers.")
    attachments: Retained = Field(default=SHORTEST, description="Files.")
    spam: Retained = Field(default=SHORTEST, description="What was rejected.")
    special: Retained = Field(
        default=SHORTEST,
        description="Conversations, answers and notes about somebody in distress, their files, too:"
        " a special category of personal data.",
    )
    access_logs: Retained = Field(default=SHORTEST, description="Who looked at what.")


class ReportPlan(Part):
    """What a report pins at its first word: its questions, and what their answers mean."""

    version: str = Field(description="SHA-256 of the file.")
    intake: Intake = Field(description="What everybody is asked.")
    categories: Mapping[Key, Category] = Field(min_length=1, description="What may be reported.")

    def __hash__(self) -> int:
        return hash(self.version)


class IncidentPlan(ReportPlan):
    """What an incident pins at its opening: questions, matrix, targets, cadence and ladders."""

    matrix: Matrix = Field(description="Priority by impact and urgency.")
    targets: Targets = Field(description="What each priority promises.")
    updates: Cadences = Field(description="How often people hear something.")
    ladders: Mapping[Key, Ladder] = Field(description="Who is alarmed when nobody acts.")
    escalation: Escalation = Field(
        default=Escalation(), description="What counts as nobody acting."
    )
    paths: Paths = Field(default=Paths(), description="How what is no incident is dealt with.")

    def path(self, kind: IncidentKind, category: str) -> OwnPath:
        """Its steps: those of the kind, or of the category where it is an incident."""
        own = self.categories.get(category) if kind == "incident" else None
        return self.paths.own.get((own and own.path) or "") or self.paths.of(kind)

    def promise(self, level: Priority, kind: IncidentKind) -> Target:
        """What is promised: by the path of its kind, else by its priority. P1 is always P1."""
        own = None if level is Priority.P1 else self.paths.of(kind).targets
        return own or self.targets.of(level)

    major: MajorPart = Field(default=MajorPart(), description="Major incidents.")


Plan = TypeVar("Plan", bound=ReportPlan)


class Playbook(IncidentPlan):
    """A whole edition. Wording, numbers, calendars and places are always read from the current."""

    organisation: Organisation = Field(description="Who runs the desk.")
    privacy: Privacy = Field(description="The notice.")
    safety: Safety = Field(description="Danger and distress.")
    skills: Mapping[Key, Short] = Field(default_factory=dict, description="What resources can do.")
    areas: Mapping[Key, Area] = Field(default_factory=dict, description="What resources cover.")
    places: Mapping[Key, Place] = Field(min_length=1, description="Where people are.")
    teams: Mapping[Key, Team] = Field(min_length=1, description="Who works together.")
    calendars: Mapping[Key, Opening] = Field(default_factory=dict, description="Opening hours.")
    approvals: tuple[Approval, ...] = Field(default=(), description="What needs a second person.")
    safeguards: Safeguards = Field(
        default=Safeguards(), description="What is asked before something grave."
    )
    publishing: Publishing = Field(
        default=Publishing(), description="What is asked before an update goes out."
    )
    phones: tuple[PhonePart, ...] = Field(
        default=(), max_length=40, description="Whom to call when nothing else works."
    )
    labels: Labels = Field(default=Labels(), description="What the states are called.")
    duplicates: Duplicates = Field(
        default=Duplicates(), description="What is likely the same incident."
    )
    tasks: Tasks = Field(description="How resources answer.")
    closing: Closing = Field(description="Between resolved and closed.")
    canned: Mapping[Key, Canned] = Field(default_factory=dict, description="Ready answers.")
    retention: Retention = Field(default=Retention(), description="How long what is kept.")

    def calendar(self, key: str | None) -> Calendar:
        """The calendar of that name; round the clock for one that is no longer there."""
        opening = self.calendars.get(key or "")
        return ALWAYS if opening is None else opening.calendar(self.organisation.time_zone)

    def category(self, key: str | None) -> Category | None:
        """The category of that name, if there is one."""
        return self.categories.get(key or "")

    def category_name(self, key: str | None) -> Words | None:
        """How customers and staff call a category."""
        found = self.category(key)
        return None if found is None else found.name


def pin(playbook: Playbook, plan: type[Plan]) -> Plan:
    """The part of `playbook` that a report or incident keeps, on its own, ready for JSON."""
    return plan.model_validate({name: getattr(playbook, name) for name in plan.model_fields})
