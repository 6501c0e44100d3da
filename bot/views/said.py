"""What is said to whoever asked for something that was done."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core import alarm_words as al
from bot.core import approval_words as aw
from bot.core import delivery_words as de
from bot.core import distress_words as dw
from bot.core import hearing_words as h
from bot.core import incident_commands as ic
from bot.core import joining_words as jw
from bot.core import likely_words as lw
from bot.core import major_words as ma
from bot.core import moving_words as mw
from bot.core import person_words as pw
from bot.core import place_words as place
from bot.core import report_words as rw
from bot.core import resource_words as rs
from bot.core.commands import Command
from bot.core.ids import Millis
from bot.core.milestone_words import CorrectMilestone
from bot.core.texts import Text, When, t
from bot.core.welfare_words import SayHowIAm
from bot.views.said_more import more

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DONE: Mapping[str, Text] = {
    ic.OpenIncident.tag: t("Opened. Take it when you work on it yourself."),
    ic.TakeIncident.tag: t("It is yours now."),
    ic.AcknowledgeIncident.tag: t("Acknowledged."),
    ic.AssessIncident.tag: t("Assessed."),
    al.EscalateIncident.tag: t("Escalated. The next ones are being called now."),
    al.AnswerAlarm.tag: t("Thank you. Nobody else is called about it for now."),
    ma.DeclareMajor.tag: t("Declared. You command until somebody accepts the hand-over."),
    ic.HoldIncident.tag: t("On hold. Its clocks stand still."),
    ic.ResumeIncident.tag: t("It goes on. Its clocks run again."),
    ic.ReopenIncident.tag: t("Opened again."),
    ic.CloseIncident.tag: t("Closed."),
    ic.CancelIncident.tag: t("Cancelled."),
    ic.WriteIncidentNote.tag: t("Noted, for colleagues only."),
    ic.ResolveIncident.tag: t("Resolved. The customer is being asked whether it is fixed."),
    mw.MergeIncident.tag: t("Being merged. Its customers and tasks are moving along."),
    lw.NotTheSame.tag: t("Noted. They are not offered for each other any more."),
    lw.LinkIncidents.tag: t("Linked. They stay two, and each names the other."),
    mw.SplitIncident.tag: t("Split. The new incident is on the desk and waits to be taken."),
    mw.SetCategory.tag: t("The category is set. Look at the script and the tasks again."),
    ic.PublishUpdate.tag: t("Published."),
    aw.ApproveUpdate.tag: t("Approved. It goes out now, word for word."),
    aw.ReviseDraft.tag: t("Changed. It waits for approval again."),
    aw.SendBackDraft.tag: t("Sent back. Its author is told why."),
    aw.WithdrawDraft.tag: t("Taken back. It does not go out."),
    CorrectMilestone.tag: t("Corrected. The figures are worked out anew."),
    aw.BreakGlass.tag: t("Sent without approval. Those who approve are told, with your reason."),
    ic.AskForResource.tag: t("Resources are being asked."),
    ic.HandOverIncident.tag: t("Handed over. They are being called."),
    ic.ReleaseIncident.tag: t("It is nobody's now, and others are called."),
    ic.CorrectUpdate.tag: t("Corrected. Whoever was sent it hears the right words."),
    ic.WithdrawUpdate.tag: t("Taken back. Whoever was sent it is asked to disregard it."),
    ic.ClaimTask.tag: t("It is yours. Thank you."),
    rs.BidForTask.tag: t("Thank you. You will hear whether you are needed."),
    rs.TakeBackBid.tag: t("Thank you for telling us. You are free."),
    rs.AwardTask.tag: t("Chosen. They are told everything, and the others that they are free."),
    rs.OfferPlace.tag: t("They are being asked. Until they accept, it stays with you."),
    rs.AcceptPlace.tag: t("It is yours. Thank you."),
    rs.RefusePlace.tag: t("Thank you for telling us."),
    rs.SayWell.tag: t("Good. Thank you."),
    rs.CallForHelp.tag: t("Help is being called. Get to safety first; call emergency if you must."),
    rs.ReadBriefing.tag: t("Thank you."),
    rs.ReportCan.tag: t("Noted. Whoever has the incident sees it now."),
    ic.DeclineTask.tag: t("Thank you for telling us. Others are being asked."),
    ic.Depart.tag: t("You are on your way."),
    ic.Arrive.tag: t("You are there. The customers are told."),
    ic.ReviseEta.tag: t("Thank you for telling us."),
    ic.ReleaseTask.tag: t("It is no longer yours. Others are being asked."),
    ic.CompleteTask.tag: t("Thank you. Well done."),
    de.ReplayDeliveries.tag: t("They are being tried again."),
    de.DiscardDeliveries.tag: t("They are being given up."),
    rw.ReplyToCustomer.tag: t("Sent."),
    rw.WriteNote.tag: t("Noted, for colleagues only."),
    rw.FillReport.tag: t(
        "Thank you. It is with us now, and we go on with you in our conversation."
    ),
    rw.ConfirmSummary.tag: t("Thank you. It is with us now."),
    rw.AskForPerson.tag: t("A person is being called. You can go on writing here."),
    rw.ReportDanger.tag: t("We are alerting a person now. Please get to safety first."),
    rw.WithdrawReport.tag: t("Taken back. Thank you for telling us."),
    rw.AnswerFixed.tag: t("Thank you for telling us."),
    rw.RateService.tag: t("Thank you. It helps us to do better."),
    dw.ClearDistress.tag: t("Thank you for looking. The alarm is over."),
    dw.SumUpDistress.tag: t("Thank you for being there. The talk has ended."),
    dw.AskForHelp.tag: t("A person is being called. You can write here at any time."),
    dw.AddVulnerabilityNote.tag: t("Noted, for those who work for them."),
    dw.ReviewVulnerabilityNote.tag: t("Reviewed."),
    SayHowIAm.tag: t("Thank you for telling us."),
    jw.ConfirmJoin.tag: t("It is being joined. It takes a moment."),
    jw.DeclineJoin.tag: t("Nothing was joined."),
    jw.PartIdentity.tag: t("Parted. It stands for itself again."),
    jw.PartIdentityOf.tag: t("Parted. It stands for itself again."),
    pw.Subscribe.tag: t(
        "You hear of it from now on. To end it, write to me: {unsubscribe}",
        unsubscribe="unsubscribe",
    ),
    pw.Unsubscribe.tag: t("You hear no more of that."),
    h.EndOwn.tag: t("You hear no more of that."),
    h.StopFollowing.tag: t("You hear no more of anything. You can follow again at any time."),
    h.ChooseWhere.tag: t("Noted. It holds from the next update on."),
    place.FollowInPlace.tag: t("The whole place hears of it from now on."),
    place.LeaveInPlace.tag: t("This place hears no more of that."),
    pw.SetAvailability.tag: t("Colleagues see it now."),
    pw.CoverAreas.tag: t("Colleagues see it now."),
    pw.DisablePerson.tag: t("Closed. What they still own stays theirs until it is handed over."),
    pw.EndSignIns.tag: t("Signed out everywhere."),
}
ANY_DONE = t("Done.")
HELD = (ic.PublishUpdate.tag, ic.CorrectUpdate.tag, ma.StandDownMajor.tag)
"""What a rule of the playbook may hold back."""
INSTEAD: Mapping[str, Text] = {
    aw.UpdateDrafted.tag: t(
        "Not sent yet: this needs a second person. Those who may approve it are being called."
    ),
}
"""What is said where something else came of it than usual, by the event that happened."""
SHOWN = frozenset(
    one.tag
    for one in (
        rw.AnswerQuestion,
        rw.SkipQuestion,
        rw.GoBack,
        rw.MarkSeen,
        rw.ConfirmSummary,
        rw.AnswerFixed,
        lw.JoinKnown,
        lw.DeclineKnown,
    )
)
"""What comes next is to be seen, or said by the house, at once, so a chat says nothing more."""


def done(
    command: Command,
    now: Millis,
    zone: str,
    repeat: bool = False,
    happened: str = "",
    number: int = 0,
) -> Text:
    """What is said when `command` was done at `now`; a time of arrival is said with its day.

    A `repeat` may be counted from a later moment than what it repeats, so it names no time.
    `happened` is the tag of the first event that came of it, `number` what it is the number of.
    """
    said = DONE.get(command.tag) or more(command, happened, number) or ANY_DONE
    if command.tag in HELD:
        said = INSTEAD.get(happened, said)
    if repeat or not isinstance(command, ic.ClaimTask | ic.ReviseEta):
        return said
    if _day(command.eta, zone) == _day(now, zone):
        return t("{done} Expected at {time}.", done=said, time=When(at=command.eta))
    return t(
        "{done} Expected not today, but {time}. If you meant something else, change it.",
        done=said,
        time=When(at=command.eta),
    )


def _day(at: Millis, zone: str) -> date:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone)).date()
