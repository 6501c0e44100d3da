"""A story as data: who comes with what, and what is done and said, one beat after the other.

Every beat begins with `after`: so many minutes of the shift after the one before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.incident_words import Audience
from bot.core.priority import Level
from bot.demo.moods import Mood


@dataclass(frozen=True, slots=True)
class Beat:
    """Something happens."""

    after: float


# --- the customer ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Says(Beat):
    """The customer writes."""

    words: str


@dataclass(frozen=True, slots=True)
class Fixed(Beat):
    """The customer says whether it is fixed."""

    yes: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rate(Beat):
    """The customer rates, 1 to 5."""

    score: int
    words: str = ""


# --- the desk ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acknowledge(Beat):
    """Somebody at the desk has seen it."""

    by: str = ""


@dataclass(frozen=True, slots=True)
class Take(Beat):
    """Its agent takes it; also after it was opened again."""


@dataclass(frozen=True, slots=True)
class Reply(Beat):
    """Its agent writes to the customer."""

    words: str


@dataclass(frozen=True, slots=True)
class Note(Beat):
    """Somebody at the desk writes for colleagues."""

    words: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Tick(Beat):
    """The next steps of the script are done, so many of them."""

    steps: int = 1


@dataclass(frozen=True, slots=True)
class Assess(Beat):
    """Its agent judges impact and urgency."""

    impact: Level
    urgency: Level


@dataclass(frozen=True, slots=True)
class HandOver(Beat):
    """It goes to a colleague, who takes it."""

    to: str


@dataclass(frozen=True, slots=True)
class Hold(Beat):
    """It waits for somebody else."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resume(Beat):
    """It goes on."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Publish(Beat):
    """Its agent tells an audience; `next_in` minutes until the next word, None: the last one."""

    words: str
    ru: str
    audience: Audience = "public"
    next_in: int | None = 30


@dataclass(frozen=True, slots=True)
class Resolve(Beat):
    """Its agent says how it was solved."""

    note: str


@dataclass(frozen=True, slots=True)
class Close(Beat):
    """Its agent closes it."""


# --- the crew ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CrewBeat(Beat):
    """`by` does something about the newest task of that template."""

    by: str
    task: str


@dataclass(frozen=True, slots=True)
class Ask(Beat):
    """Its agent asks for more hands."""

    task: str


@dataclass(frozen=True, slots=True)
class Decline(CrewBeat):
    """Cannot come, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Claim(CrewBeat):
    """Comes, in so many minutes."""

    eta: int


@dataclass(frozen=True, slots=True)
class Revise(CrewBeat):
    """Comes, but so many minutes later than was said."""

    later: int


@dataclass(frozen=True, slots=True)
class Depart(CrewBeat):
    """Sets out."""


@dataclass(frozen=True, slots=True)
class Arrive(CrewBeat):
    """Is there."""


@dataclass(frozen=True, slots=True)
class Done(CrewBeat):
    """Has done it, and says what."""

    note: str


# --- a story -----------------------------------------------------------------------------------

Comes = Literal["sent", "quiet", "person", "solved", "phone"]
"""How the contact ends: sent; broken off; a person wanted; taken back; or typed in by an agent."""


@dataclass(frozen=True, slots=True)
class Story:
    """One contact from the first word to the end.

    `answers` are by the playbook's questions, `where` and `since` apart: `where` are the places
    at which it can have happened, one for each time that it is played; it was noticed `since`
    minutes ago. Nobody at the desk but `agent` works on it.
    """

    key: str
    mood: Mood
    what: str
    where: tuple[str, ...]
    answers: Mapping[str, Any]
    agent: str = ""
    beats: tuple[Beat, ...] = ()
    comes: Comes = "sent"
    language: str = "en"
    since: int = 0
    caller: str = ""
    calls: bool = True
    pace: float = 1.0
    stops_at: str = field(default="")
