"""The form by which work is put on hold: why, and until when."""

from collections.abc import Mapping
from datetime import date

from bot.core import incident_commands as ic
from bot.core.calendar import DAY, HOUR, minute_of, next_time, time_on
from bot.core.fold import State
from bot.core.forms import Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.texts import Span, t
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look
from bot.views.questions import choice, words

SPANS: tuple[Millis, ...] = (HOUR, 4 * HOUR, DAY, 3 * DAY)
OPEN, OTHER = "open", "other"


def _ask(state: State | None, look: Look) -> Form:
    other = Condition(question="until", any_of=(OTHER,))
    spans = [(str(ms), t("for {span}", span=Span(ms=ms))) for ms in SPANS]
    until = choice(
        "until",
        t("Until when?"),
        (
            *spans,
            (OTHER, t("Until another time")),
            (OPEN, t("Until somebody goes on")),
        ),
    )
    told = t("At that time it goes on by itself, and whoever has it is called.")
    return Form(
        key="hold",
        title=t("Hold"),
        questions=(
            words("reason", t("Why? The reason is kept.")),
            until.model_copy(update={"help": told}),
            Question(key="time", type=QuestionType.TIME, label=t("At what time?"), when=other),
            Question(
                key="day",
                type=QuestionType.DATE,
                label=t("On which day?"),
                help=t("Leave it out for the next time that the clock says so."),
                required=False,
                when=other,
            ),
        ),
    )


def _until(filled: Filled) -> Millis | None:
    until = filled.words("until")
    if until == OPEN:
        return None
    if until != OTHER:
        return filled.at + int(until)
    minute, day = minute_of(filled.words("time")), filled.words("day")
    if not day:
        return next_time(filled.zone, minute, filled.at)
    return time_on(filled.zone, date.fromisoformat(day), minute)


def _held(filled: Filled) -> ic.HoldIncident:
    reason = filled.words("reason")
    return ic.HoldIncident(incident=filled.incident, reason=reason, until=_until(filled))


FORMS: Mapping[str, FormKind] = {"hold": FormKind(_ask, _held, brings=ic.HoldIncident)}
