"""The form by which a time is put right."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.core.calendar import last_time, minute_of
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.milestone_words import CorrectMilestone, Milestone, MilestoneCorrected
from bot.core.milestones import left_out, recorded_at
from bot.core.texts import Text, t
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look
from bot.views.milestones import FORM, MILESTONES
from bot.views.questions import choice, words
from bot.workflows.milestones import ANY_TIME


def when(day: str, clock: str, at: Millis, zone: str) -> Millis:
    """When clocks in `zone` showed `clock` on `day`, or without a day last. Raises ValueError."""
    minute = minute_of(clock)
    if not day:
        return last_time(zone, minute, at)
    date = datetime.fromisoformat(day).date()
    local = datetime.combine(date, time(minute // 60, minute % 60), ZoneInfo(zone))
    return round(local.astimezone(UTC).timestamp() * 1000)


def correctable(state: Incident) -> tuple[tuple[Milestone, Text], ...]:
    """The times that may be corrected now, in words: none where nothing is measured."""
    if left_out(state):
        return ()
    return tuple(
        (key, said)
        for key, said in MILESTONES.items()
        if key in ANY_TIME or recorded_at(state, key, None) is not None
    )


def _ask(state: State | None, look: Look) -> Form:
    known = correctable(state) if isinstance(state, Incident) else ()
    day = Question(
        key="day",
        type=QuestionType.DATE,
        label=t("On which day?"),
        help=t("Leave it empty for the last time that the clock showed this."),
        required=False,
    )
    clock = Question(key="time", type=QuestionType.TIME, label=t("At what time?"))
    return Form(
        key=FORM,
        title=t("Correct a time"),
        questions=(
            choice("milestone", t("Which time was another?"), known or tuple(MILESTONES.items())),
            clock,
            day,
            words(
                "reason",
                t("Why? The reason is kept."),
                hint=t("What was recorded is kept, too. No promise moves."),
            ),
        ),
    )


def _corrected(filled: Filled) -> Command:
    happened_at = when(filled.words("day"), filled.words("time"), filled.at, filled.zone)
    return CorrectMilestone.model_validate(
        {
            "incident": filled.incident,
            "milestone": filled.words("milestone"),
            "happened_at": happened_at,
            "reason": filled.words("reason"),
        }
    )


FORMS: Mapping[str, FormKind] = {
    FORM: FormKind(_ask, _corrected, moved_by=(MilestoneCorrected,), brings=CorrectMilestone),
}
