"""What people say of a time in a form, as a moment: in 20 minutes, at 14:30, on that day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import MINUTE, minute_of, next_time
from bot.core.commands import Refused
from bot.core.ids import Millis
from bot.core.texts import t

MINUTES_MOST = 7 * 24 * 60
NO_TIME = Refused(code="no_time", text=t("Say when: choose one of the times, or give your own."))
PASSED = t(
    "{time} has passed today. Give a later time, or tick “Tomorrow” if you mean tomorrow at {time}."
)
NEXT_HOURS = timedelta(hours=12)


class Wrong(Exception):
    """The fields do not make a command; `refused` says what to do."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and where: what "14:30" and "in 20 minutes" are counted from."""

    at: Millis
    zone: str

    def after(self, minutes: object) -> Millis:
        """So many minutes from now. Raises Wrong."""
        try:
            count = int(str(minutes))
        except ValueError:
            raise Wrong(NO_TIME) from None
        if not 0 <= count <= MINUTES_MOST:
            raise Wrong(NO_TIME)
        return self.at + count * MINUTE

    def clock(self, given: object, tomorrow: bool = False) -> Millis:
        """When a clock here shows `given`, such as 14:30, next.

        Over midnight only within the next hours, unless it is to be `tomorrow`: a time that
        passed this morning is more likely a slip. Raises Wrong.
        """
        try:
            wanted = time.fromisoformat(str(given)).replace(tzinfo=ZoneInfo(self.zone))
        except ValueError:
            raise Wrong(NO_TIME) from None
        here = self.local(self.at)
        found = datetime.combine(here.date(), wanted)
        if tomorrow or found <= here - timedelta(minutes=1):
            found = datetime.combine(here.date() + timedelta(days=1), wanted)
            if not tomorrow and _utc(found) - _utc(here) > NEXT_HOURS:
                shown = PASSED.model_copy(update={"args": {"time": f"{wanted:%H:%M}"}})
                raise Wrong(Refused(code="time_passed", text=shown))
        return round(_utc(found).timestamp() * 1000)

    def next(self, given: object) -> Millis:
        """The next time that a clock here shows `given`. Raises Wrong."""
        try:
            return next_time(self.zone, minute_of(str(given)), self.at)
        except ValueError:
            raise Wrong(NO_TIME) from None

    def day(self, given: object, clock: object) -> Millis:
        """When a clock here shows `clock` on the day `given`. Raises Wrong."""
        try:
            day, at = date.fromisoformat(str(given)), time.fromisoformat(str(clock) or "17:00")
        except ValueError:
            raise Wrong(NO_TIME) from None
        local = datetime.combine(day, at.replace(tzinfo=ZoneInfo(self.zone)))
        return round(_utc(local).timestamp() * 1000)

    def is_today(self, at: Millis) -> bool:
        """Whether `at` is on this day here."""
        return self.local(at).date() == self.local(self.at).date()

    def local(self, at: Millis) -> datetime:
        """`at` as clocks here show it."""
        return datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone))


def _utc(moment: datetime) -> datetime:
    """Differences of local times would leave out the hour that a night may gain or lose."""
    return moment.astimezone(UTC)
