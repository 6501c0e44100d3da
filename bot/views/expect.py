"""What a customer can expect: when the desk is open, and by when somebody looks at a report.

Only what the playbook promises is said, and as an aim. Nothing here goes stale while it stands
on a screen: closed "until" a time, never open or closed "now".
"""

from dataclasses import dataclass

from bot.core.calendar import ALWAYS, next_open
from bot.core.ids import Millis
from bot.core.playbook import IncidentPlan, Playbook
from bot.core.priority import Priority
from bot.core.texts import Span, Text, When, t


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody looks `within` that much opening time, which runs always or by hours; `look_by`
    is set once it is promised. `opens_at` is None while the desk is open.
    """

    within: Millis
    always: bool
    opens_at: Millis | None
    look_by: Millis | None = None


def expected(
    plan: IncidentPlan,
    current: Playbook,
    level: Priority,
    now: Millis,
    look_by: Millis | None = None,
) -> Expected:
    """What priority `level` promises under `plan`, by the opening hours of today."""
    target = plan.targets.of(level)
    calendar = current.calendar(target.calendar)
    opens_at = next_open(calendar, now)
    return Expected(
        within=target.acknowledge,
        always=calendar == ALWAYS,
        opens_at=opens_at if opens_at > now else None,
        look_by=look_by,
    )


def closed(found: Expected) -> list[Text]:
    """That nobody is there, and until when."""
    if found.opens_at is None:
        return []
    return [t("The service desk is closed until {time}.", time=When(at=found.opens_at))]


def before_sending(found: Expected) -> list[Text]:
    """What somebody can expect who sends the report that they have made."""
    within = Span(ms=found.within)
    if found.always:
        aim = t("We aim to look at a report like this within {span}, day or night.", span=within)
    else:
        aim = t(
            "We aim to look at a report like this within {span} of our opening hours.", span=within
        )
    return [*closed(found), aim]


def after_sending(found: Expected, now: Millis) -> list[Text]:
    """What somebody can expect whose report nobody has looked at so far."""
    if found.look_by is None:
        return closed(found)
    if found.look_by <= now:
        late = t("This takes longer than we aimed for. We are sorry. It is not forgotten.")
        return [*closed(found), late]
    return [*closed(found), t("We aim to look at it by {time}.", time=When(at=found.look_by))]


def before_beginning(ordinary: Expected, pressing: Expected) -> list[Text]:
    """What somebody can expect of whom nothing is known yet."""
    if ordinary.opens_at is None:
        return []
    found = [*closed(ordinary), t("You can report at any time; nothing is lost.")]
    if pressing.opens_at is None:
        span = Span(ms=pressing.within)
        aim = t("If anybody is in danger, we aim to look within {span}, also now.", span=span)
        return [*found, aim]
    return found
