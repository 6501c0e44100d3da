"""The way back to a conversation by mail: commands and events of a report.

The person leaves an address while they have the conversation; whoever later names the reference
and that address gets a link there, which works once and not for long.
"""

from bot.core.calendar import DAY, MINUTE
from bot.core.commands import Refused
from bot.core.frozen import Frozen
from bot.core.ids import Millis, StreamId
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.report_words import ReportCommand, ReportEvent
from bot.core.texts import t

ENOUGH = Refused(
    code="too_many",
    text=t("We have sent enough mail for today. Please try again tomorrow, or call us."),
)

MAIL_LASTS: Millis = 30 * MINUTE
MAILS_MOST = 5
MAILS_WITHIN: Millis = DAY


class Mailed(Frozen):
    """The address left as a way back, and the link that was sent there last.

    `token` is the hash of the link's secret, empty once it was used; it leads here until `until`.
    `many` mails have gone out since `since`.
    """

    seat: Seat
    token: str = ""
    until: Millis = 0
    many: int = 0
    since: Millis = 0

    def counted(self, at: Millis) -> "Mailed":
        """The same when one more mail has gone out."""
        over = at >= self.since + MAILS_WITHIN
        more = {"many": 1, "since": at} if over else {"many": self.many + 1}
        return self.model_copy(update=more)


class KeepMail(ReportCommand):
    """Leave an address as a way back; it replaces the one before.

    `channel` is the one that mails, `key` the keyed hash of the address there.
    """

    tag = "keep_mail"
    channel: str
    address: str
    key: str


class MailWayBack(ReportCommand):
    """Send a link to the address that was left; `token` is its hash."""

    tag = "mail_way_back"
    report: StreamId
    link: str
    token: str


class SpendWayBack(ReportCommand):
    """Somebody came by the link that was mailed; `token` is its hash."""

    tag = "spend_way_back"
    report: StreamId
    token: str


class MailKept(ReportEvent):
    """A way back was left."""

    tag = "mail_kept"
    seat: Seat


class WayBackMailed(ReportEvent):
    """A link is sent, and leads here once, until `until`."""

    tag = "way_back_mailed"
    token: str
    link: Personal
    until: Millis


class WayBackSpent(ReportEvent):
    """The link was used, and leads here no more."""

    tag = "way_back_spent"
