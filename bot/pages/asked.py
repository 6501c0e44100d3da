"""From the fields of a form to a command of the staff. What is not listed here cannot be asked."""

from collections.abc import Callable, Mapping
from typing import get_args

from pydantic import ValidationError

from bot.core import alarm_words as al
from bot.core import approval_words as aw
from bot.core import delivery_words as de
from bot.core import distress_words as dw
from bot.core import hearing_words as hw
from bot.core import incident_commands as ic
from bot.core import joining_words as jw
from bot.core import likely_words as lw
from bot.core import moving_words as mw
from bot.core import path_words as pathw
from bot.core import person_words as pw
from bot.core import report_words as rw
from bot.core import resource_words as rs
from bot.core.commands import Command, Refused
from bot.core.incident_words import How
from bot.core.task import MOST_TASKS
from bot.core.texts import t
from bot.core.welfare_words import SayHowIAm
from bot.core.wording import told
from bot.pages import asked_major, asked_problems
from bot.pages.given import Given
from bot.pages.moment import NO_TIME, Moment, Wrong
from bot.pages.opening import opening_of

NOT_A_COMMAND = Refused(code="unknown", text=t("That cannot be done here."))
INCOMPLETE = Refused(
    code="incomplete",
    text=t("Part of this is missing or is not what was expected. Check it and send it again."),
)


def _eta(given: Given, moment: Moment) -> Given:
    at_time = given.get("time", "")
    tomorrow = given.get("day") == "tomorrow"
    eta = moment.clock(at_time, tomorrow) if at_time else moment.after(given.get("minutes", ""))
    return {**given, "eta": eta}


def _next_by(given: Given, moment: Moment) -> Given:
    minutes = given.get("next_in", LAST_ONE) or LAST_ONE
    next_by = None if minutes == LAST_ONE else moment.after(minutes)
    return {**_in_languages(_one_text(given), moment), "next_by": next_by}


def _one_text(given: Given) -> Given:
    parts = [given.get(one, "") for one in PARTS]
    if not all(isinstance(one, str) for one in parts):
        return given
    return {**given, "words": told(*(str(one) for one in parts))}


def _approved(given: Given, moment: Moment) -> Given:
    """Another time than the draft's, where one was chosen."""
    minutes = given.get("next_in", "")
    return {**given, "next_by": moment.after(minutes)} if minutes else given


PARTS = ("words", "doing", "advice")
"""How it stands, what is done, what people should do: one text."""


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


_BOXES = (
    ("skills", "skill_"),
    ("languages", "speaks_"),
    ("teams", "team_"),
    ("areas", "area_"),
)


def _described(given: Given, moment: Moment) -> Given:
    """A box for each skill, language, team and area, the ticked ones being sent."""
    lists = {
        kind: tuple(sorted(name.removeprefix(box) for name in given if name.startswith(box)))
        for kind, box in _BOXES
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


def _asking(given: Given, moment: Moment) -> Given:
    """One list for how, and for whom by name; an empty number counts as none given."""
    filled = {key: value for key, value in given.items() if key != "needed" or value != ""}
    whom = str(given.get("whom") or "")
    named = "" if whom in get_args(How) else whom
    return {**filled, "how": None if named == whom else whom, "whom": named}


def _reason(given: Given, moment: Moment) -> Given:
    """One of the playbook's reasons, or words of their own."""
    own = str(given.get("reason") or "")
    return given if own.strip() else {**given, "reason": given.get("why", own)}


def _promised(name: str) -> Callable[[Given, Moment], Given]:
    """A day and a time here."""

    def filled(given: Given, moment: Moment) -> Given:
        return {**given, name: moment.day(given.get("day", ""), given.get("time", ""))}

    return filled


def _held(given: Given, moment: Moment) -> Given:
    """For a while, until a time here, or (neither given) until somebody goes on."""
    span, clock, day = (given.get(one, "") for one in ("for", "time", "day"))
    if day:
        return {**given, "until": moment.day(day, clock)}
    if clock:
        return {**given, "until": moment.next(clock)}
    return {**given, "until": moment.after(span) if span else None}


def _handed_on(given: Given, moment: Moment) -> Given:
    """Somebody of the list, else whoever was named."""
    to = given.get("to") or given.get("who", "")
    return {**_promised("until")(given, moment), "to": to}


def _opening(given: Given, moment: Moment) -> Given:
    """The answers of a form that an agent filled in."""
    return opening_of(given)


_COMMANDS: tuple[type[Command], ...] = (
    ic.OpenIncident,
    ic.AcknowledgeIncident,
    ic.TakeIncident,
    ic.TickStep,
    ic.HandOverIncident,
    ic.ReleaseIncident,
    ic.AssessIncident,
    ic.OverridePriority,
    al.EscalateIncident,
    al.AnswerAlarm,
    ic.HoldIncident,
    ic.ResumeIncident,
    ic.ResolveIncident,
    ic.ReopenIncident,
    ic.CloseIncident,
    ic.CancelIncident,
    ic.RestrictIncident,
    ic.WriteIncidentNote,
    mw.SetKind,
    pathw.DoPathStep,
    pathw.SetFulfilment,
    pathw.AnswerEnquiry,
    pathw.HandEnquiryOn,
    *asked_problems.COMMANDS,
    mw.SetCategory,
    mw.MergeIncident,
    mw.SplitIncident,
    lw.NotTheSame,
    lw.LinkIncidents,
    ic.AskForResource,
    ic.ClaimTask,
    ic.ReviseEta,
    ic.Depart,
    ic.Arrive,
    ic.CompleteTask,
    ic.ReleaseTask,
    ic.DeclineTask,
    rs.BidForTask,
    rs.TakeBackBid,
    rs.AwardTask,
    rs.OfferPlace,
    rs.AcceptPlace,
    rs.RefusePlace,
    rs.SayWell,
    rs.CallForHelp,
    rs.ReadBriefing,
    rs.ReportCan,
    ic.CancelTask,
    ic.PublishUpdate,
    ic.CorrectUpdate,
    ic.WithdrawUpdate,
    aw.ApproveUpdate,
    aw.ReviseDraft,
    aw.SendBackDraft,
    aw.WithdrawDraft,
    aw.BreakGlass,
    *asked_major.COMMANDS,
    de.ReplayDeliveries,
    de.DiscardDeliveries,
    rw.ReplyToCustomer,
    rw.WriteNote,
    dw.ClearDistress,
    dw.SumUpDistress,
    dw.AddVulnerabilityNote,
    dw.ReviewVulnerabilityNote,
    SayHowIAm,
    rw.MarkSeen,
    pw.SetAvailability,
    pw.GrantRole,
    pw.RevokeRole,
    pw.DisablePerson,
    pw.EndSignIns,
    pw.DescribePerson,
    pw.CoverAreas,
    jw.ConfirmJoin,
    jw.DeclineJoin,
    jw.PartIdentity,
    jw.PartIdentityOf,
    *hw.OWN,
)
COMMANDS: Mapping[str, type[Command]] = {one.tag: one for one in _COMMANDS}


def _of_major(tag: str) -> Callable[[Given, Moment], Given]:
    """Each may say at what time it was."""
    prepare = asked_major.PREPARED[tag]

    def prepared(given: Given, moment: Moment) -> Given:
        try:
            return prepare(given, moment.at, moment.zone)
        except ValueError:
            raise Wrong(NO_TIME) from None

    return prepared


def _ticked(name: str) -> Callable[[Given, Moment], Given]:
    """A box that is not ticked is not sent."""
    return lambda given, moment: {**given, name: given.get(name) == "yes"}


_PREPARED: Mapping[str, Callable[[Given, Moment], Given]] = {
    dw.SumUpDistress.tag: _ticked("send"),
    dw.AddVulnerabilityNote.tag: _ticked("agreed"),
    **{tag: _of_major(tag) for tag in asked_major.PREPARED},
    "stand_down_major": _in_languages,
    ic.OpenIncident.tag: _opening,
    ic.ClaimTask.tag: _eta,
    ic.ReviseEta.tag: _eta,
    rs.BidForTask.tag: _eta,
    rs.AcceptPlace.tag: _eta,
    ic.DeclineTask.tag: _reason,
    ic.PublishUpdate.tag: _next_by,
    ic.CorrectUpdate.tag: _in_languages,
    aw.ReviseDraft.tag: _next_by,
    aw.ApproveUpdate.tag: _approved,
    aw.BreakGlass.tag: _approved,
    ic.HoldIncident.tag: _held,
    ic.ResolveIncident.tag: _call_off,
    mw.MergeIncident.tag: _call_off,
    mw.SplitIncident.tag: _reports,
    **asked_problems.PREPARED,
    pathw.SetFulfilment.tag: _promised("promised"),
    pathw.HandEnquiryOn.tag: _handed_on,
    ic.AskForResource.tag: _asking,
    pw.DescribePerson.tag: _described,
    pw.CoverAreas.tag: _described,
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
