"""What goes in and comes out over the API. Unknown fields are refused; times are UTC."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    TypeAdapter,
    WithJsonSchema,
)

from bot.core.ids import Millis
from bot.core.likely_words import Likeness
from bot.core.milestones import FigureKey
from bot.core.milestones import Status as FigureStatus

Status = Literal[
    "open",
    "acknowledged",
    "in_progress",
    "on_hold",
    "resolved",
    "closed",
    "merged",
    "cancelled",
]
Priority = Literal["P1", "P2", "P3", "P4"]
Kind = Literal["incident", "service_request", "complaint", "enquiry", "problem"]
Mode = Literal["live", "exercise", "test"]
Audience = Literal["staff", "reporters", "public"]

ANSWERS_MOST = 60
LANGUAGES_MOST = 20
WORDS_MOST = 4_000
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control signs: they cannot be kept."""
Key = Annotated[str, Field(strict=True, min_length=1, max_length=100, pattern=PLAIN)]
Words = Annotated[str, Field(strict=True, max_length=WORDS_MOST, pattern=PLAIN)]
Choices = Annotated[list[Key], Field(max_length=30)]
Given = (
    StrictBool
    | StrictInt
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    | Words
    | Choices
)
Language = Annotated[str, Field(strict=True, min_length=2, max_length=20, pattern=PLAIN)]


def _keyed(key: Any, value: Any, most: int) -> WithJsonSchema:
    """How a mapping is described, so that its keys are bound as well as its values."""
    return WithJsonSchema(
        {
            "type": "object",
            "maxProperties": most,
            "propertyNames": TypeAdapter[Any](key).json_schema(),
            "additionalProperties": TypeAdapter[Any](value).json_schema(),
        }
    )


def _whole(given: object) -> object:
    """JSON knows no whole numbers: 3.0 is one."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


Answers = Annotated[
    dict[Key, Given], Field(max_length=ANSWERS_MOST), _keyed(Key, Given, ANSWERS_MOST)
]
Also = Annotated[
    dict[Language, Words], Field(max_length=LANGUAGES_MOST), _keyed(Language, Words, LANGUAGES_MOST)
]
Position = Annotated[int, Field(strict=True, ge=0, le=2**53), BeforeValidator(_whole)]


class Inward(BaseModel):
    """Something that is sent; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Outward(BaseModel):
    """Something that is told."""

    model_config = ConfigDict(frozen=True)


class Contact(Inward):
    """Who told you of it, how, and how they can be called back. Only the desk reads this."""

    name: Annotated[str, Field(strict=True, max_length=100, pattern=PLAIN)] = ""
    number: Annotated[str, Field(strict=True, max_length=40, pattern=PLAIN)] = ""
    email: Annotated[str, Field(strict=True, max_length=254, pattern=PLAIN)] = ""
    means: Literal["", "phone", "in_person", "seen", "mail", "message"] = ""


class IncidentToOpen(Inward):
    """What happened. `category` and the keys of `answers` are those of the playbook."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category": "power",
                    "danger": False,
                    "answers": {"what": "No voltage on feeder 7", "where": "Main street 5"},
                    "contact": {"name": "Control room", "number": "+44 20 7946 0000"},
                }
            ]
        }
    )
    category: Annotated[str, Field(strict=True, max_length=60, pattern=PLAIN)] = ""
    danger: StrictBool = False
    answers: Answers = {}
    contact: Contact = Contact()


class Opened(Outward):
    """It is on the desk under this reference."""

    reference: str = Field(examples=["N-7K4-M2QX"])


class ReportToAdd(Inward):
    """What a customer told you elsewhere. `category` and the keys of `answers` are those of the
    playbook; `words` is what else they said. With `ask_for_updates`, a mail to `contact.email`
    asks them whether they want to hear the updates for everyone.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "category": "power",
                    "answers": {"what": "The lift stands still", "where": "Main street 7"},
                    "words": "There is nobody in it.",
                    "contact": {"name": "Ann Other", "number": "+44 20 7946 0001"},
                    "language": "en",
                }
            ]
        }
    )
    category: Annotated[str, Field(strict=True, max_length=60, pattern=PLAIN)] = ""
    danger: StrictBool = False
    answers: Answers = {}
    words: Annotated[str, Field(strict=True, max_length=WORDS_MOST, pattern=PLAIN)] = ""
    contact: Contact = Contact()
    language: Annotated[str, Field(strict=True, max_length=20, pattern=PLAIN)] = ""
    ask_for_updates: StrictBool = False


class Added(Outward):
    """The desk has the report under this reference. `told` is what the customer hears from us:
    `no`, nothing at all, so tell them yourself; `asked`, a mail asks them whether they want the
    updates for everyone, and nothing more comes until they say yes.
    """

    reference: str = Field(examples=["R-7K4-M2QX"])
    told: Literal["no", "asked"]


class ReportTold(Outward):
    """How a report that you brought stands. `incident` is null until it has one, and when you may
    not see that.
    """

    reference: str = Field(examples=["R-7K4-M2QX"])
    incident: str | None = Field(examples=["N-7K4-M2QX"])
    status: Literal["sent", "confirming", "done", "withdrawn", "closed"]
    complete: bool
    added_at: datetime


class Tasks(Outward):
    """How many tasks wait, are claimed, and are done."""

    open: int
    claimed: int
    done: int


class StateTold(Outward):
    """What a state means, whatever it is called: `label` is the organisation's word for it, in the
    language that was asked for; decide by the others.
    """

    label: str
    created: bool
    acknowledged: bool
    owned: bool
    resolved: bool
    ended: bool


class IncidentTold(Outward):
    """How an incident stands. Nothing that a customer said is in it. `problem` is the cause of it,
    and `incidents` are those of a problem, as far as the key may see them.
    """

    reference: str = Field(examples=["N-7K4-M2QX"])
    kind: Kind
    status: Status
    state: StateTold
    priority: Priority
    impact: str
    urgency: str
    danger: bool
    category: str
    visibility: Literal["normal", "restricted"]
    mode: Mode
    opened_at: datetime
    touched_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    next_update_by: datetime | None
    reports: int
    tasks: Tasks
    updates: int
    merged_into: str | None
    problem: str | None
    incidents: list[str]


class FigureTold(Outward):
    """A pair of milestones: `recorded`, `pending`, `not_applicable` or `invalid`, with why.

    `seconds` is the time between the two, by the clock; `seconds_late` by how much somebody came
    after the time that they first said, less than 0 for before it. Of `due` updates `kept` were
    in time. `corrected`: somebody put one of its times right.
    """

    figure: FigureKey
    status: FigureStatus
    why: str
    seconds: float | None
    seconds_without_pauses: float | None
    seconds_late: float | None
    due: int | None
    kept: int | None
    task: int | None
    corrected: bool


class IncidentInFull(IncidentTold):
    """How an incident stands, with its figures."""

    figures: list[FigureTold]


class Incidents(Outward):
    """Some of them, the newest first; `cursor` leads on, null when that is all."""

    incidents: list[IncidentTold]
    cursor: str | None = None


class ReasonTold(Outward):
    """In what two are alike; `n` are metres (`near`), words in common (`words`) or people who
    reported it (`many`), 0 for the rest.
    """

    what: Likeness
    n: int


class LikelyTold(Outward):
    """Another incident that may be the same, with `score` points of 100, and why."""

    reference: str = Field(examples=["N-7K4-M2QX"])
    score: int
    reasons: list[ReasonTold]
    opened_at: datetime


class LikelyOnes(Outward):
    """Those that may be the same as this one, the likeliest first. Whether they are is for people
    to say, on the desk.
    """

    likely: list[LikelyTold]


class UpdateToPublish(Inward):
    """Words for many. They are looked through for what would give somebody away, and refused
    until they do not. `position` is that of the preview; `sure` sends words that may sound like
    blame, or a guess, and are refused as `careless` without it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "words": "Power is back on the east side. The west side follows by noon.",
                    "language": "en",
                    "audience": "public",
                    "next_update_by": "2026-11-22T12:00:00Z",
                }
            ]
        }
    )
    words: Annotated[str, Field(strict=True, min_length=1, max_length=WORDS_MOST, pattern=PLAIN)]
    language: Annotated[str, Field(strict=True, max_length=20, pattern=PLAIN)] = ""
    also: Also = {}
    audience: Audience
    next_update_by: AwareDatetime | None = None
    position: Position = 0
    sure: Annotated[bool, Field(strict=True)] = False


class Published(Outward):
    """It goes out now, or (`waits`) once a second person of the organisation has approved it."""

    reference: str = Field(examples=["N-7K4-M2QX"])
    waits: bool = False


class Heard(Outward):
    """Who would hear it, counted at `position` of the log: send that along to publish to them.
    `approver` is the role of whoever must approve it first, "" for nobody.
    """

    position: int
    customers: int
    subscribers: int
    staff: int
    approver: str = ""


class UpdateTold(Outward):
    """A published update; `words` by language, empty once it was taken back or deleted.
    `unapproved`: it, or a correction of it, went out without the second person whom a rule asks
    for. Who sent it and why is for the desk alone.
    """

    number: int
    at: datetime
    words: dict[str, str]
    audience: Audience
    next_update_by: datetime | None
    corrected: bool
    withdrawn: bool
    unapproved: bool = False


class Updates(Outward):
    """Updates in order; ask for those `after` the last number to go on."""

    updates: list[UpdateTold]


class Where(Outward):
    """What was not as expected, and where."""

    where: str
    what: str


class ProblemTold(Outward):
    """Why it was not done (RFC 9457): `detail` is a sentence for people, `code` for programs."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[Where] = []


def moment(at: Millis) -> datetime:
    """A time as the API says it."""
    return datetime.fromtimestamp(at / 1000, UTC)


def maybe(at: Millis | None) -> datetime | None:
    """The same where there may be none."""
    return None if at is None else moment(at)
