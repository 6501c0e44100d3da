"""The paths of what is no incident: what is done in which order, and by when."""

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
    hint: Long | None = Field(default=None, description="What to think of when wording it.")


Steps = Annotated[tuple[PathStep, ...], Field(max_length=9)]


class Path(Part):
    """How one kind of thing is dealt with."""

    calendar: Key | None = Field(
        default=None, description="The hours its steps are counted in. Unset: round the clock."
    )
    steps: Steps = Field(default=(), description="In order; each by a press.")
    targets: Target | None = Field(
        default=None, description="Instead of what the priority promises, but for P1."
    )

    @model_validator(mode="after")
    def _sound(self) -> "Path":
        keys = [one.key for one in self.steps]
        if twice := [one for index, one in enumerate(keys) if one in keys[:index]]:
            raise ValueError(f"the step {twice[0]!r} is there twice")
        if any(one.ends for one in self.steps[:-1]):
            raise ValueError("only the last step can end it")
        return self

    def step(self, key: str) -> PathStep | None:
        """The step of that name."""
        return next((one for one in self.steps if one.key == key), None)


class Paths(Part):
    """The paths of the three kinds that are no incidents."""

    complaint: Path = Field(default=Path(), description="Acknowledge, apologise, act, assure.")
    service_request: Path = Field(default=Path(), description="Who fulfils it, and by when.")
    enquiry: Path = Field(default=Path(), description="Answered, or handed on.")

    def of(self, kind: IncidentKind) -> Path:
        """The path of that kind; an incident has none."""
        found: Path = getattr(self, kind, Path())
        return found
