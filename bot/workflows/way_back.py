"""The way back after a lost browser: a link to keep, or one that is mailed when it is needed."""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core import way_back_words as b
from bot.core.answers import NO_EMAIL, is_email
from bot.core.calendar import DAY
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.ids import Millis
from bot.core.intents import Intent, Say
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.report import Report
from bot.core.reporting import closed_to_words, labelled
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import When, t
from bot.core.way_back_words import ENOUGH, MAIL_LASTS, MAILS_MOST, MAILS_WITHIN

WAY_BACK: Millis = 90 * DAY
NOTHING_TO_KEEP = refuse("not_yet", t("There is no report here yet to come back to."))
NO_ADDRESS = refuse("email", NO_EMAIL)
WRONG = refuse("link", t("This link does not work any more."))


def keep_way_back(state: Report | None, command: w.KeepWayBack, ctx: Context) -> Decision:
    """A fresh link; whoever has an older one comes back by it no more."""
    if state is None:
        return NOTHING_TO_KEEP
    refused = closed_to_words(state, ctx)
    if refused is not None:
        return refused
    return [w.WayBackKept(token=command.token, until=ctx.at + WAY_BACK)]


def end_way_back(state: Report | None, command: w.EndWayBack, ctx: Context) -> Decision:
    """Without a link there is nothing to end."""
    if state is None or not state.way_back:
        return []
    return [w.WayBackEnded()]


def keep_mail(state: Report | None, command: b.KeepMail, ctx: Context) -> Decision:
    """The address is told, so that a wrong one is noticed; so it cannot be changed for ever."""
    if state is None:
        return NOTHING_TO_KEEP
    refused = closed_to_words(state, ctx)
    if refused is not None:
        return refused
    if not is_email(command.address):
        return NO_ADDRESS
    if state.mailed is not None and _enough(state.mailed, ctx.at):
        return ENOUGH
    key = Personal(state.subject, command.key)
    address = Personal(state.subject, command.address)
    return [b.MailKept(seat=Seat(channel=command.channel, key=key, address=address))]


def mail_way_back(state: Report | None, command: b.MailWayBack, ctx: Context) -> Decision:
    """Send it where the person themselves said, and nowhere else."""
    if state is None or state.mailed is None:
        return NOTHING_TO_KEEP
    refused: Refused | None = closed_to_words(state, ctx)
    if refused is not None:
        return refused
    if _enough(state.mailed, ctx.at):
        return ENOUGH
    link = Personal(state.subject, command.link)
    return [b.WayBackMailed(token=command.token, link=link, until=ctx.at + MAIL_LASTS)]


def _enough(mailed: b.Mailed, at: Millis) -> bool:
    return mailed.many >= MAILS_MOST and at < mailed.since + MAILS_WITHIN


def spend_way_back(state: Report | None, command: b.SpendWayBack, ctx: Context) -> Decision:
    """One comes in by it; whoever comes second does not."""
    mailed = None if state is None else state.mailed
    if mailed is None or not mailed.token or mailed.token != command.token:
        return WRONG
    return [b.WayBackSpent()] if ctx.at < mailed.until else WRONG


# --- what follows ----------------------------------------------------------------------------


def on_mail_kept(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Say what the address is for; whoever never asked for it learns that nothing is to be done."""
    if isinstance(rec.event, b.MailKept):
        yield Say(
            to=rec.event.seat,
            lane="reply",
            text=t(
                "Your report {reference}\n\n"
                "This address was left as a way back to it. If you lose the conversation, open "
                "the page where you reported, choose “I have reported before”, and give the "
                "reference {reference} and this address.\n\n"
                "If you know nothing of this, you need not do anything.",
                reference=labelled(state),
            ),
            subject=state.subject,
        )


def on_way_back_mailed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The link, for as long as it works."""
    event = rec.event
    if isinstance(event, b.WayBackMailed) and state.mailed is not None:
        yield Say(
            to=state.mailed.seat,
            lane="reply",
            text=t(
                "The way back to your report {reference}\n\n"
                "Open this link to go on. It works once, until {time}:\n\n"
                "{link}\n\n"
                "If you did not ask for it, you need not do anything. Give it to nobody.",
                reference=labelled(state),
                time=When(at=event.until),
                link=event.link,
            ),
            subject=state.subject,
            until=event.until,
        )


WORKFLOW = Workflow(
    rules=(
        Rule(w.KeepWayBack, keep_way_back, "own_report", by_reporter=True),
        Rule(w.EndWayBack, end_way_back, "own_report", by_reporter=True),
        Rule(b.KeepMail, keep_mail, "own_report", by_reporter=True),
        Rule(b.MailWayBack, mail_way_back, "named", by_system=True),
        Rule(b.SpendWayBack, spend_way_back, "named", by_system=True),
    ),
    reactors=(
        (b.MailKept, on_mail_kept),
        (b.WayBackMailed, on_way_back_mailed),
    ),
)
