"""From the fields of a form to a command of the staff. What is not listed here cannot be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.core import delivery_words as de
from bot.core import distress_words as dw
from bot.core import incident_commands as ic
from bot.core import joining_words as jw
from bot.core import moving_words as mw
from bot.core import person_words as pw
from bot.core import report_words as rw
from bot.core.calendar import MINUTE
from bot.core.commands import Command, Refused
from bot.core.ids import Millis
from bot.core.task import MOST_TASKS
from bot.core.texts import t
from bot.pages.given import Given
from bot.pages.opening import opening_of

MINUTES_MOST = 7 * 24 * 60

NOT_A_COMMAND = Refused(code="unknown", text=t("That cannot be done here."))
INCOMPLETE = Refused(
    code="incomplete",
    text=t("Part of this is missing or is not what was expected. Check it and send it again."),
)
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

    def is_today(self, at: Millis) -> bool:
        """Whether `at` is on this day here."""
        return self.local(at).date() == self.local(self.at).date()

    def local(self, at: Millis) -> datetime:
        """`at` as clocks here show it."""
        return datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone))


def _utc(moment: datetime) -> datetime:
    """Differences of local times would leave out the hour that a night may gain or lose."""
    return moment.astimezone(UTC)


def _eta(given: Given, moment: Moment) -> Given:
    at_time = given.get("time", "")
    tomorrow = given.get("day") == "tomorrow"
    eta = moment.clock(at_time, tomorrow) if at_time else moment.after(given.get("minutes", ""))
    return {**given, "eta": eta}


def _next_by(given: Given, moment: Moment) -> Given:
    minutes = given.get("next_in", LAST_ONE) or LAST_ONE
    next_by = None if minutes == LAST_ONE else moment.after(minutes)
    return {**_in_languages(given, moment), "next_by": next_by}


def _in_languages(given: Given, moment: Moment) -> Given:
    """A field for each further language; those left empty have no text of their own."""
    also = {
        name.removeprefix(ALSO): words
        for name, words in given.items()
        if name.startswith(ALSO) and isinstance(words, str) and words.strip()
    }
    return {**given, "also": also}


ALSO = "also:"
LAST_ONE = "none"


def _call_off(given: Given, moment: Moment) -> Given:
    """A box for each task that nobody has seen to, the ticked ones being sent."""
    ticked = (name.removeprefix(_BOX) for name in given if name.startswith(_BOX))
    return {**given, "call_off": tuple(int(one) for one in ticked if one in _TASKS)}


def _reports(given: Given, moment: Moment) -> Given:
    """A box for each report of the incident, the ticked ones being sent."""
    ticked = (name.removeprefix(_REPORT) for name in given if name.startswith(_REPORT))
    return {**given, "reports": tuple(ticked)}


_REPORT = "report_"
_BOX = "call_off_"
_TASKS = frozenset(str(number) for number in range(1, MOST_TASKS + 1))


def _described(given: Given, moment: Moment) -> Given:
    """A box for each skill, language and team, the ticked ones being sent."""
    lists = {
        kind: tuple(sorted(name.removeprefix(box) for name in given if name.startswith(box)))
        for kind, box in (("skills", "skill_"), ("languages", "speaks_"), ("teams", "team_"))
    }
    return {**given, **lists}


def _availability(given: Given, moment: Moment) -> Given:
    """One of three buttons; a time is a clock time, or a number of minutes."""
    be, minutes, time = given.get("be"), given.get("minutes", ""), given.get("time", "")
    if be is None:
        return given
    until = None
    if be != "available" and (minutes or time):
        until = moment.clock(time) if time else moment.after(minutes)
    return {"available": be == "available", "off": be == "off", "until": until}


def _number(name: str) -> Callable[[Given, Moment], Given]:
    """An empty number counts as none given."""

    def filled(given: Given, moment: Moment) -> Given:
        return {key: value for key, value in given.items() if key != name or value != ""}

    return filled


def _opening(given: Given, moment: Moment) -> Given:
    """The answers of a form that an agent filled in."""
    return opening_of(given)


_COMMANDS: tuple[type[Command], ...] = (
    ic.OpenIncident,
    ic.AcknowledgeIncident,
    ic.TakeIncident,
    ic.TickStep,
    ic.HandOverIncident,
    ic.AssessIncident,
    ic.OverridePriority,
    ic.HoldIncident,
    ic.ResumeIncident,
    ic.ResolveIncident,
    ic.ReopenIncident,
    ic.CloseIncident,
    ic.CancelIncident,
    ic.RestrictIncident,
    ic.WriteIncidentNote,
    mw.SetKind,
    mw.SetCategory,
    mw.MergeIncident,
    mw.SplitIncident,
    ic.AskForResource,
    ic.ClaimTask,
    ic.ReviseEta,
    ic.Depart,
    ic.Arrive,
    ic.CompleteTask,
    ic.ReleaseTask,
    ic.DeclineTask,
    ic.CancelTask,
    ic.PublishUpdate,
    ic.CorrectUpdate,
    ic.WithdrawUpdate,
    de.ReplayDeliveries,
    de.DiscardDeliveries,
    rw.ReplyToCustomer,
    rw.WriteNote,
    dw.ClearDistress,
    rw.MarkSeen,
    pw.SetAvailability,
    pw.GrantRole,
    pw.RevokeRole,
    pw.DisablePerson,
    pw.EndSignIns,
    pw.DescribePerson,
    jw.ConfirmJoin,
    jw.DeclineJoin,
    jw.PartIdentity,
    jw.PartIdentityOf,
)
COMMANDS: Mapping[str, type[Command]] = {one.tag: one for one in _COMMANDS}
_PREPARED: Mapping[str, Callable[[Given, Moment], Given]] = {
    ic.OpenIncident.tag: _opening,
    ic.ClaimTask.tag: _eta,
    ic.ReviseEta.tag: _eta,
    ic.PublishUpdate.tag: _next_by,
    ic.CorrectUpdate.tag: _in_languages,
    ic.ResolveIncident.tag: _call_off,
    mw.MergeIncident.tag: _call_off,
    mw.SplitIncident.tag: _reports,
    ic.AskForResource.tag: _number("needed"),
    pw.DescribePerson.tag: _described,
    pw.SetAvailability.tag: _availability,
}


def command_of(tag: str, given: Given, moment: Moment) -> Command:
    """The command `tag` with these fields. Raises Wrong for anything that is not one."""
    kind = COMMANDS.get(tag)
    if kind is None:
        raise Wrong(NOT_A_COMMAND)
    prepare = _PREPARED.get(tag)
    given = given if prepare is None else prepare(given, moment)
    fields = {name: given[name] for name in kind.model_fields if name in given}
    try:
        return kind.model_validate(fields)
    except ValidationError:
        raise Wrong(INCOMPLETE) from None
