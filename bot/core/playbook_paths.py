"""The paths of what is no incident, or of a category: what is done in which order, and by when."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from bot.core.incident_words import IncidentKind
from bot.core.playbook_parts import Part, Target
from bot.core.playbook_words import Duration, Key, Long, Short


class PathStep(Part):
    """One step of a path, done by press and kept in the log."""

    key: Key = Field(description="Its name; unique in the path.")
    name: Short = Field(description="What is to be done, in a word or two.")
    within: Duration = Field(description="By when, counted from the beginning in opening hours.")
    says: StrictBool = Field(default=False, description="Its words go to the customer.")
    ends: StrictBool = Field(default=False, description="With it everything is resolved.")
    decides: StrictBool = Field(
        default=False, description="It is a decision, kept with its reason and what else could be."
    )
    follow_up: StrictBool = Field(
        default=False,
        description="Says who learns from it by when, or why nobody does; also when it is "
        "resolved. Without it nothing is closed.",
    )
    hint: Long | None = Field(default=None, description="What to think of when wording it.")


Steps = Annotated[tuple[PathStep, ...], Field(max_length=9)]


class OwnPath(Part):
    """How incidents of some categories are dealt with, beside what their priority promises."""

    calendar: Key | None = Field(
        default=None, description="The hours its steps are counted in. Unset: round the clock."
    )
    steps: Steps = Field(default=(), description="In order; each by a press.")

    @model_validator(mode="after")
    def _sound(self) -> "OwnPath":
        keys = [one.key for one in self.steps]
        if twice := [one for index, one in enumerate(keys) if one in keys[:index]]:
            raise ValueError(f"the step {twice[0]!r} is there twice")
        if any(one.ends for one in self.steps[:-1]):
            raise ValueError("only the last step can end it")
        if any(one.follow_up for one in self.steps[:-1]):
            raise ValueError("only the last step can be a follow-up")
        if any(one.says and (one.decides or one.follow_up) for one in self.steps):
            raise ValueError("decisions and follow-ups are for colleagues: `says` does not fit")
        if any(one.ends and one.follow_up for one in self.steps):
            raise ValueError("a follow-up comes after the end, so it does not `end` anything")
        return self

    def step(self, key: str) -> PathStep | None:
        """The step of that name."""
        return next((one for one in self.steps if one.key == key), None)


class Path(OwnPath):
    """How one kind of thing is dealt with."""

    targets: Target | None = Field(
        default=None, description="Instead of what the priority promises, but for P1."
    )


NO_PATH = Path()


class Paths(Part):
    """The paths of the three kinds that are no incidents, and those that categories name."""

    complaint: Path = Field(default=Path(), description="Acknowledge, apologise, act, assure.")
    service_request: Path = Field(default=Path(), description="Who fulfils it, and by when.")
    enquiry: Path = Field(default=Path(), description="Answered, or handed on.")
    own: Mapping[Key, OwnPath] = Field(
        default_factory=dict, description="Of incidents, by the name that categories give."
    )

    def of(self, kind: IncidentKind) -> Path:
        """The path of that kind; an incident has that of its category, if any."""
        found: dict[IncidentKind, Path] = {
            "complaint": self.complaint,
            "service_request": self.service_request,
            "enquiry": self.enquiry,
        }
        return found.get(kind, NO_PATH)
