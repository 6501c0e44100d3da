"""What the pages call the states of things. A colour never stands without one of these words."""

from datetime import UTC, datetime

from babel import Locale, UnknownLocaleError

from bot.core import delivery_words
from bot.core.files import size_text
from bot.core.texts import Text, t
from bot.core.wording import FALLBACK
from bot.views import labels
from bot.views.resource_forms import HOWS

SIZE = size_text
PUBLIC_STATUS = labels.PUBLIC_STATUS
BAND = {
    "ok": t("in time"),
    "50": t("half the time is gone"),
    "75": t("due soon"),
    "90": t("due very soon"),
    "breached": t("overdue"),
}
TARGET = {
    "acknowledge": t("Acknowledge"),
    "update": t("Update"),
    "resolve": t("Resolve"),
}
TASK = {
    "open": t("Open"),
    "claimed": t("Claimed"),
    "done": t("Done"),
    "cancelled": t("Called off"),
}
PLACE = {
    "claimed": t("coming"),
    "en_route": t("on the way"),
    "on_site": t("on site"),
    "done": t("done"),
}
LEVEL = labels.LEVEL
AUDIENCE = {
    "reporters": t("Its customers"),
    "public": t("Everyone"),
    "staff": t("Staff only"),
}
APPROVER = {
    "agent": t("Another agent must approve it."),
    "supervisor": t("A supervisor must approve it."),
    "administrator": t("An administrator must approve it."),
}
READER = {
    "reporters": t("To its customers, where they reported it"),
    "subscribers": t("To those who subscribed"),
    "status": t("On the status page"),
    "staff": t("On this page, for the staff"),
}
"""Who reads an update, and where."""
LANE = {
    "answering": t("Still answering"),
    "quiet": t("Went quiet"),
    "ended": t("Ended without an incident"),
}
VIEW = {
    "triage": t("Needs triage"),
    "mine": t("Mine"),
    "all": t("All open"),
    "breaching": t("Breaching"),
    "waiting": t("Waiting for an answer"),
    "unfinished": t("Unfinished reports"),
}
EMPTY = {
    "triage": t("Nothing waits to be taken."),
    "mine": t("You have none at the moment."),
    "all": t("Nothing is open."),
    "breaching": t("Every promise is in time."),
    "waiting": t("Nobody waits for an answer."),
    "unfinished": t("Nobody is in the middle of a report."),
}
TEACHES = {
    "triage": t("A new incident stands here until somebody takes it, also one that opened again."),
    "mine": t("What you take, and what is handed over to you, stands here until it is closed."),
    "all": t(
        "When somebody reports a problem it appears here by itself. "
        "Try it: open the chat in another window."
    ),
    "breaching": t(
        "An incident comes here with the last warning before its time to acknowledge, "
        "to update or to resolve is over, and stays until that is done."
    ),
    "waiting": t(
        "When a customer writes, or asks for a person, the incident stands here until "
        "somebody answers."
    ),
    "unfinished": t(
        "Who begins a report and has not sent it yet stands here, so that you can help."
    ),
}
STAGE = {
    "answering": t("Still answering"),
    "sent": t("With us"),
    "confirming": t("Asked whether it is fixed"),
    "done": t("Confirmed"),
    "withdrawn": t("Taken back"),
    "closed": t("Closed"),
}
RING = {
    "opened": t("A new incident presses: P1 or danger."),
    "priority": t("An incident was raised to P1."),
    "alarm": t("You are called: something needs you now."),
    "reopened": t("An incident was opened again."),
    "released": t("An incident was given back. It waits for somebody."),
    "message": t("A customer wrote."),
    "undelivered": t("An answer of yours did not reach the customer."),
    "asked": t("A customer asks for a person."),
    "distress": t("A customer may be in great distress. Please look at once."),
    "disputed": t("A customer says that it is not fixed."),
    "merged": t("An incident of yours was merged into another one."),
    "not_merged": t("An incident could not be merged. Its timeline says why."),
    "untold": t("Something changed that people were not told yet."),
    "task": t("Somebody is wanted. Please look."),
    "offered": t("A colleague asks you to take over."),
    "check_in": t("All well? Please answer."),
    "free": t("Somebody else comes. You are free, thank you."),
    "task_cancelled": t("A task was called off. Stand down, thank you."),
    "unclaimed": t("Nobody came forward for a task."),
    "bid_made": t("Somebody could come. Choose who does."),
    "can_reported": t("Word from the site."),
    "approval": t("An update waits for your approval."),
    "sent_back": t("An update that you wrote was sent back to you."),
    "approved": t("An update was approved and goes out."),
    "glass": t("An update was sent without approval."),
    "major:stand_by": t("Something may become a major incident."),
    "major:declared": t("A major incident was declared. Posts are open."),
    "major:place": t("A major incident has a place of its own now."),
    "major:over": t("A major incident is over. Your post ends."),
    "post:offered": t("You are asked to take a post in a major incident."),
    "post:yours": t("You have a post in a major incident."),
    "post:taken": t("Somebody else has your post now."),
    "post:declined": t("Somebody cannot take a post. Ask somebody else."),
}
"""What is worth a sound."""
HOW = HOWS
ASKED = {
    "": t("asked, no answer yet"),
    "declined": t("cannot"),
    "silent": t("did not answer in time"),
    "coming": t("comes"),
    "free": t("offered, is free again"),
}
"""What became of asking somebody by name."""
KIND = labels.KIND
TIE = {
    "merged_into": t("Merged into"),
    "split_from": t("Split from"),
    "part": t("Merged into this one"),
    "split_off": t("Split off"),
    "linked": t("Belongs together with"),
}
ROLE = labels.ROLE
END = {
    "told": t("arrived"),
    "coming": t("on the way"),
    "expired": t("too late"),
    "blocked": t("blocked by the recipient"),
    "failed": t("failed"),
    "superseded": t("replaced by a newer one"),
    "gathered": t("in one message with others"),
    "unsubscribed": t("unsubscribed"),
    "not": t("not for them any more"),
    "given": t("given up"),
}
"""What became of a message to somebody."""
BECAUSE = delivery_words.BECAUSE
RECIPIENT = {
    "reporter": t("Customer"),
    "subscriber": t("Subscriber"),
    "staff": t("Somebody else"),
    "audience": t("Everybody of an audience"),
}
PAUSED = {
    "rate": t("{channel} asked us to go slower.", channel=""),
    "outage": t("{channel} cannot be reached.", channel=""),
    "settings": t("{channel} is not set up rightly.", channel=""),
}
ERASED: Text = t("[deleted]")
OTHER_LANGUAGE: Text = FALLBACK


def iso(at: int) -> str:
    """A moment for machines."""
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def language(code: str) -> str:
    """A language by its own name."""
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return code
    return (locale.get_display_name(code) or code).capitalize()
