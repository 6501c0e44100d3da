"""What is said to whoever moved a path, a major incident, or somebody's rights one step on."""

from collections.abc import Mapping

from bot.core import incident_commands as ic
from bot.core import major_words as ma
from bot.core import moving_words as mw
from bot.core import path_words as pa
from bot.core import person_words as pw
from bot.core import problem_words as pr
from bot.core.commands import Command
from bot.core.texts import Text, t

MORE: Mapping[str, Text] = {
    mw.SetKind.tag: t("It is that kind of thing now. Its card shows what comes next."),
    pa.DoPathStep.tag: t("Noted as done. What comes next stands on the card."),
    pa.SetFulfilment.tag: t("Noted. The customer hears by when, and nobody's name."),
    pa.AnswerEnquiry.tag: t("Answered. With that it is resolved."),
    pa.HandEnquiryOn.tag: t("Handed on. The customer hears by when they have an answer."),
    ic.OverridePriority.tag: t("The priority is set, and your reason is kept with it."),
    ic.RestrictIncident.tag: t("Noted. Who may see it has changed from this moment on."),
    ic.TickStep.tag: t("Noted in the script."),
    ic.CancelTask.tag: t("Called off. Whoever was on it hears that they are free."),
    ma.StandByForMajor.tag: t("On stand-by. Whoever has a post there is being told."),
    ma.CancelMajor.tag: t("It is no major incident any more. Your reason is kept with it."),
    ma.StandDownMajor.tag: t("Stood down. Everybody who was told hears the all-clear."),
    ma.OfferPost.tag: t("They are being asked. Until they accept, the post stays as it is."),
    ma.AcceptPost.tag: t("The post is yours from now on."),
    ma.DeclinePost.tag: t("Noted. Whoever asked you hears that you cannot."),
    ma.TakeBackOffer.tag: t("Nobody is asked to take the post any more."),
    ma.ReleasePost.tag: t("The post is empty now. Ask somebody to take it."),
    ma.WriteMethane.tag: t("METHANE stays as it was: nothing of that was new."),
    ma.RecordDecision.tag: t("The decision is in the log, with its reason."),
    pr.OpenProblem.tag: t("The problem is open. Its incidents name it from now on."),
    pr.LinkProblem.tag: t("Linked. It stands with the problem from now on."),
    pr.UnlinkProblem.tag: t("Noted. It does not belong to that problem any more."),
    pr.DescribeCause.tag: t("Noted. What was said of the cause before stays in the log."),
    pr.SetWorkaround.tag: t("Noted. Whoever works on its incidents reads it there."),
    pw.GrantRole.tag: t("They have the role from now on."),
    pw.RevokeRole.tag: t("They do not have the role any more."),
    pw.DescribePerson.tag: t("Noted. Whoever looks for people with these skills finds them."),
    pw.ErasePerson.tag: t("It is being erased. The log keeps that it was done, and by whom."),
}
TO_CUSTOMER: Mapping[str, Text] = {
    pa.DoPathStep.tag: t("Sent to the customer, and noted as done."),
    pa.AnswerEnquiry.tag: t("Sent to the customer. With that it is resolved."),
}
"""The same where the words went to a customer."""


def more(command: Command, happened: str, number: int) -> Text | None:
    """The sentence for `command`, None where another says it; `number` is of what `happened`."""
    if happened == ma.MethaneWritten.tag and number:
        return t("METHANE version {n} is on the card.", n=number)
    if getattr(command, "report", None) and command.tag in TO_CUSTOMER:
        return TO_CUSTOMER[command.tag]
    return MORE.get(command.tag)
