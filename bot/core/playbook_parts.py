"""The parts of a playbook: questions, rules, scripts, tasks, ladders, opening hours."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationInfo,
    model_validator,
)

from bot.core import calendar as business
from bot.core import parties
from bot.core.calendar import ALWAYS, Calendar, Zone
from bot.core.forms import Choice, Condition, Question, QuestionType
from bot.core.frozen import Frozen
from bot.core.incident_words import Audience, Brought, How
from bot.core.person_words import Role
from bot.core.playbook_words import Day, Duration, Hours, Key, Long, Reading, Short, Terms, as_list
from bot.core.priority import Level, Priority


class Part(Frozen):
    """A table of the playbook; unknown keys are refused."""

    model_config = ConfigDict(populate_by_name=True)


def _values(raw: Any, info: ValidationInfo) -> Any:
    if not isinstance(info.context, Reading):
        return raw
    values = as_list(raw)
    if not values or not all(isinstance(one, bool | int | str) for one in values):
        raise ValueError('write the answers that count, such as is = "yes" or is = ["a", "b"]')
    return tuple(values)


def _number(raw: Any) -> Any:
    if type(raw) not in (int, float):
        raise ValueError("write a number without quotation marks")
    return raw


Number = Annotated[float, BeforeValidator(_number)]


class When(Part):
    """A condition on an answer that is not personal."""

    question: str = Field(description="Key of a question asked earlier.")
    any_of: Annotated[tuple[StrictBool | StrictInt | StrictStr, ...], BeforeValidator(_values)] = (
        Field(default=(), alias="is", description="Answers that fulfil it; one is enough.")
    )
    at_least: Number | None = Field(
        default=None, description="For a number: the smallest that fulfils it."
    )

    @model_validator(mode="after")
    def _one_test(self) -> "When":
        if bool(self.any_of) == (self.at_least is not None):
            raise ValueError("a condition needs `is` or `at_least`, and not both")
        return self

    def condition(self, key: str) -> Condition:
        """The same for a form, on the full key of the question."""
        return Condition(question=key, any_of=self.any_of, at_least=self.at_least)


Whens = Annotated[tuple[When, ...], BeforeValidator(as_list)]


class ChoicePart(Part):
    """One answer to choose."""

    value: Key = Field(description="What rules and conditions call this answer.")
    label: Short = Field(description="What the button says.")
    advice: Long | None = Field(default=None, description="Shown as soon as it is chosen.")
    alone: StrictBool = Field(
        default=False, description="Of a multi_choice: cannot be taken with others (none of these)."
    )


WORDED = (
    QuestionType.TEXT,
    QuestionType.LONG_TEXT,
    QuestionType.EMAIL,
    QuestionType.PHONE,
    QuestionType.FILE,
    QuestionType.LOCATION,
    QuestionType.PERSON,
)
"""Types whose answers are personal unless the playbook says otherwise."""


class QuestionPart(Part):
    """One question of the guided intake."""

    key: Key = Field(description="Its name in rules, conditions and the log; never change it.")
    type: QuestionType = Field(description="What kind of answer it takes.")
    label: Long = Field(description="The question.")
    help: Long | None = Field(default=None, description="A hint below it.")
    short: Short | None = Field(
        default=None, description="What cards call the answer, in a word or two. Unset: its label."
    )
    agent: Long | None = Field(
        default=None, description="How an agent asks it on the phone. Unset: as it stands."
    )
    required: StrictBool = Field(default=True, description="Whether it must be answered.")
    minimum: Number | None = Field(
        default=None, alias="min", description="Least length, number or count."
    )
    maximum: Number | None = Field(
        default=None, alias="max", description="Most length, number or count."
    )
    personal: StrictBool | None = Field(
        default=None,
        description="Sealed as personal data. Unset: texts, contacts, files and places are.",
    )
    when: When | None = Field(default=None, description="Ask only if this holds.")
    choices: tuple[ChoicePart, ...] = Field(default=(), max_length=100, description="The answers.")

    @property
    def is_personal(self) -> bool:
        """As the playbook says, else by type."""
        return self.type in WORDED if self.personal is None else self.personal

    def question(self, key: str, when: Condition | None) -> Question:
        """The question as forms ask it, under its full key."""
        choices = (
            Choice(value=c.value, label=c.label, advice=c.advice, alone=c.alone)
            for c in self.choices
        )
        return Question(
            key=key,
            type=self.type,
            label=self.label,
            help=self.help,
            short=self.short,
            agent=self.agent,
            required=self.required,
            minimum=self.minimum,
            maximum=self.maximum,
            personal=self.is_personal,
            when=when,
            choices=tuple(choices),
        )


class Setting(Part):
    """What a rule sets."""

    impact: Level | None = Field(default=None, description="How far it reaches.")
    urgency: Level | None = Field(default=None, description="How soon it must be seen to.")
    danger: StrictBool = Field(default=False, description="Danger to life or safeguarding: P1.")

    @model_validator(mode="after")
    def _something(self) -> "Setting":
        if self.impact is None and self.urgency is None and not self.danger:
            raise ValueError("set at least one of impact, urgency and danger")
        return self


class Rule(Part):
    """Answers that speak for an impact or urgency. Of all rules that apply the highest counts."""

    when: Whens = Field(min_length=1, description="Conditions; all must hold.")
    set: Setting = Field(description="What follows.")
    because: Long | None = Field(default=None, description="Why, in the organisation's words.")


class Step(Part):
    """One step of what the agent says or does."""

    say: Long = Field(description="What to say or do.")
    why: Long = Field(description="What it is good for; shown beside the step.")
    when: Whens = Field(default=(), description="Show only if all of this holds.")


class TaskPart(Part):
    """A task that resources are asked for."""

    key: Key = Field(description="Its name; unique in the category.")
    title: Short = Field(description="What is to be done.")
    ask: Long = Field(description="The request as resources read it.")
    skill: Key | None = Field(default=None, description="A key of [skills].")
    needed: Annotated[StrictInt, Field(ge=1, le=99)] = Field(default=1, description="How many.")
    place: Key | None = Field(
        default=None, description="Where to ask. Unset: the first place with that skill."
    )
    how: How | None = Field(default=None, description="Whom to ask. Unset: as [tasks] says.")
    at_once: StrictBool = Field(default=False, description="Ask when the incident opens.")
    when: Whens = Field(default=(), description="Only if all of this holds.")


class Category(Part):
    """A kind of problem that people report."""

    kind: Brought = Field(default="incident", description="Which path it takes.")
    name: Short = Field(description="As customers choose it.")
    hint: Long | None = Field(default=None, description="What belongs here.")
    keywords: Terms = Field(default_factory=dict, description="Words that suggest it.")
    danger: StrictBool = Field(default=False, description="Always a danger to life: P1.")
    impact: Level | None = Field(default=None, description="Unless a rule says; unset: unsure.")
    urgency: Level | None = Field(default=None, description="Unless a rule says; unset: unsure.")
    team: Key = Field(description="The team whose place shows the card.")
    ladder: Key | None = Field(default=None, description="Instead of the priority's ladder.")
    path: Key | None = Field(
        default=None, description="A key of [paths.own]: the steps of its incidents."
    )
    questions: tuple[QuestionPart, ...] = Field(default=(), max_length=20, description="Details.")
    rules: tuple[Rule, ...] = Field(default=(), description="From answers to impact and urgency.")
    script: tuple[Step, ...] = Field(default=(), description="What the agent says and does.")
    tasks: tuple[TaskPart, ...] = Field(default=(), description="What resources may be asked.")


class Intake(Part):
    """What everybody is asked, and in which order."""

    welcome: Long = Field(description="The first words a customer reads, after the notice.")
    order: tuple[str, ...] = Field(
        description="Keys of the questions below, `category`, and `details` (the category's own)."
    )
    questions: tuple[QuestionPart, ...] = Field(description="Questions for everybody.")
    rules: tuple[Rule, ...] = Field(default=(), description="Rules for every category.")
    impact: Level | None = Field(default=None, description="While no category is known.")
    urgency: Level | None = Field(default=None, description="While no category is known.")
    quiet: Duration = Field(description="Silence after which an unfinished report opens.")


Party = parties.Party


class Rung(Part):
    """One step of an escalation."""

    who: Annotated[tuple[Party, ...], BeforeValidator(as_list)] = Field(
        min_length=1, description="Whom to alarm, all at the same time."
    )
    wait: Duration = Field(description="How long to wait for somebody before the next rung.")
    hours: Literal["any", "in", "out", "wait"] = Field(
        default="any",
        description="Only inside or outside the ladder's opening hours; `wait`: not before it "
        "opens.",
    )
    times: Annotated[StrictInt, Field(ge=1, le=10)] = Field(
        default=1, description="How often to alarm them, each time waiting."
    )
    calendar: Key | None = Field(default=None, description="Instead of the ladder's calendar.")


class Ladder(Part):
    """Who is alarmed when nobody acts. The last rung is repeated until somebody does."""

    rungs: tuple[Rung, ...] = Field(min_length=1, description="In order.")
    calendar: Key | None = Field(default=None, description="What `hours` of a rung refers to.")
    after: Duration = Field(
        default=0,
        description="How long after an incident opened the first rung is alarmed, while nobody "
        "has acknowledged. Unset: at once.",
    )
    then: Key | None = Field(default=None, description="Another ladder to go on with.")


class Target(Part):
    """What a priority promises."""

    acknowledge: Duration = Field(description="Until somebody has acknowledged.")
    resolve: Duration = Field(description="Until it is resolved.")
    calendar: Key = Field(description="The clock these run by.")
    ladder: Key = Field(description="Who is alarmed when nobody acts.")
    warn_at: tuple[Literal[50, 75, 90], ...] = Field(
        default=(50, 75, 90), description="Per cent of the time gone at which to warn."
    )


class Cadence(Part):
    """How often people hear something; always clock time, since they wait at night too."""

    when: Literal["timed", "change", "close"] = Field(
        description="By the clock, on every change, or only at the end."
    )
    first: Duration | None = Field(default=None, description="The first update. Unset: every.")
    every: Duration | None = Field(default=None, description="The time between updates.")
    relax_after: Duration | None = Field(default=None, description="From when on less often.")
    relax_to: Duration | None = Field(default=None, description="The time between them then.")

    @model_validator(mode="after")
    def _whole(self) -> "Cadence":
        if (self.when == "timed") != (self.every is not None):
            raise ValueError('`every` belongs to when = "timed", which needs it')
        if (self.relax_after is None) != (self.relax_to is None):
            raise ValueError("relax_after and relax_to belong together")
        return self


class Approval(Part):
    """Updates that a second person must approve; all the given conditions must hold."""

    audiences: tuple[Audience, ...] = Field(default=(), description="Unset: any audience.")
    priorities: tuple[Priority, ...] = Field(default=(), description="Unset: any priority.")
    more_than: Annotated[StrictInt, Field(ge=0)] = Field(
        default=0, description="Only for more recipients than this."
    )
    by: Role = Field(description="Who may approve.")
    break_glass: StrictBool = Field(
        default=True, description="Whether it may go out unapproved, with a reason."
    )


class Opening(Part):
    """When the desk, or part of it, is open."""

    always: StrictBool = Field(default=False, description="Round the clock; nothing else then.")
    time_zone: Zone | None = Field(default=None, description="Unset: the organisation's.")
    mon: tuple[Hours, ...] = Field(default=(), description="Shifts on Monday.")
    tue: tuple[Hours, ...] = Field(default=(), description="Shifts on Tuesday.")
    wed: tuple[Hours, ...] = Field(default=(), description="Shifts on Wednesday.")
    thu: tuple[Hours, ...] = Field(default=(), description="Shifts on Thursday.")
    fri: tuple[Hours, ...] = Field(default=(), description="Shifts on Friday.")
    sat: tuple[Hours, ...] = Field(default=(), description="Shifts on Saturday.")
    sun: tuple[Hours, ...] = Field(default=(), description="Shifts on Sunday.")
    holidays: tuple[Day, ...] = Field(default=(), description="Days without shifts.")
    special: Mapping[Day, tuple[Hours, ...]] = Field(
        default_factory=dict, description="Days with other shifts than usual."
    )

    @model_validator(mode="after")
    def _opens(self) -> "Opening":
        if self.always and (any(self._week()) or self.holidays or self.special):
            raise ValueError("always = true leaves no room for hours or holidays")
        if both := [day for day in self.holidays if day in self.special]:
            raise ValueError(f"{both[0]} is both a holiday and a special day")
        if not self.always and business.weekly(self.calendar("UTC")) < business.HOUR:
            raise ValueError("this calendar is open for less than an hour a week")
        return self

    def _week(self) -> tuple[tuple[Hours, ...], ...]:
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)

    def calendar(self, zone: str) -> Calendar:
        """The calendar; `zone` counts where no time zone is given."""
        if self.always:
            return ALWAYS
        special: dict[date, tuple[Hours, ...]] = {
            **self.special,
            **dict.fromkeys(self.holidays, ()),
        }
        # Built for every clock that is read, from values that were checked when read.
        return Calendar.model_construct(
            zone=self.time_zone or zone, week=self._week(), special=special
        )
