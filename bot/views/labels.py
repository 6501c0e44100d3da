"""What the states of things are called. A colour or sign never stands without one of these."""

from collections.abc import Mapping

from bot.core.cards import Tone
from bot.core.incident_words import Band, IncidentKind, PlaceStatus, Status, Target, TaskStatus
from bot.core.report import Stage
from bot.core.texts import Text, t

STATUS: Mapping[Status, Text] = {
    "open": t("Open"),
    "acknowledged": t("Acknowledged"),
    "in_progress": t("In progress"),
    "on_hold": t("On hold"),
    "resolved": t("Resolved"),
    "closed": t("Closed"),
    "merged": t("Merged"),
    "cancelled": t("Cancelled"),
}
KIND: Mapping[IncidentKind, Text] = {
    "incident": t("Incident"),
    "service_request": t("Service request"),
    "complaint": t("Complaint"),
    "enquiry": t("Enquiry"),
}
STATUS_TONE: Mapping[Status, Tone] = {
    "open": "warning",
    "acknowledged": "notice",
    "in_progress": "notice",
    "resolved": "good",
    "closed": "good",
}
PUBLIC_STATUS: Mapping[Status, Text] = {
    "open": t("We know about it"),
    "acknowledged": t("We know about it"),
    "in_progress": t("We are working on it"),
    "on_hold": t("Waiting for something outside"),
    "resolved": t("Fixed"),
    "closed": t("Fixed"),
    "merged": t("Over"),
    "cancelled": t("Over"),
}
BAND: Mapping[Band, Text] = {
    "ok": t("in time"),
    "50": t("half the time is gone"),
    "75": t("due soon"),
    "90": t("due very soon"),
    "breached": t("overdue"),
}
BAND_TONE: Mapping[Band, Tone] = {"75": "warning", "90": "warning", "breached": "danger"}
TARGET: Mapping[Target, Text] = {
    "acknowledge": t("Acknowledge"),
    "update": t("Update"),
    "resolve": t("Resolve"),
}
TASK: Mapping[TaskStatus, Text] = {
    "open": t("Open"),
    "claimed": t("Claimed"),
    "done": t("Done"),
    "cancelled": t("Called off"),
}
MOVED = t("Moved")
TASK_TONE: Mapping[TaskStatus, Tone] = {"open": "warning", "claimed": "notice", "done": "good"}
PLACE: Mapping[PlaceStatus, Text] = {
    "claimed": t("coming"),
    "en_route": t("on the way"),
    "on_site": t("on site"),
    "done": t("done"),
}
STAGE: Mapping[Stage, Text] = {
    "answering": t("Still answering"),
    "sent": t("With us"),
    "confirming": t("Asked whether it is fixed"),
    "done": t("Confirmed"),
    "withdrawn": t("Taken back"),
    "closed": t("Closed"),
}
LEVEL: Mapping[str, Text] = {"high": t("High"), "medium": t("Medium"), "low": t("Low")}
ROLE: Mapping[str, Text] = {
    "agent": t("Agent"),
    "resource": t("Resource"),
    "stakeholder": t("Stakeholder"),
    "supervisor": t("Supervisor"),
    "administrator": t("Administrator"),
}
QUIET = t("Went quiet")
NOBODY = t("Nobody yet")
UNKNOWN = t("Not yet known")

LAST_EVENT: Mapping[str, Text] = {
    "incident_opened": t("opened"),
    "report_attached": t("one more report"),
    "facts_added": t("more is known"),
    "incident_acknowledged": t("acknowledged"),
    "incident_taken": t("taken"),
    "incident_handed_over": t("handed over"),
    "priority_changed": t("priority changed"),
    "incident_held": t("put on hold"),
    "incident_resumed": t("resumed"),
    "incident_resolved": t("resolved"),
    "incident_reopened": t("opened again"),
    "incident_closed": t("closed"),
    "incident_cancelled": t("cancelled"),
    "reporter_answered": t("the customer answered"),
    "target_warned": t("time is running"),
    "step_ticked": t("a step of the script is done"),
    "step_unticked": t("a step of the script is open again"),
    "task_opened": t("resources asked"),
    "task_claimed": t("somebody is coming"),
    "eta_revised": t("new time of arrival"),
    "departed": t("somebody is on the way"),
    "arrived": t("somebody is on site"),
    "task_completed": t("a task is done"),
    "task_released": t("a task was given back"),
    "task_declined": t("somebody cannot come"),
    "task_cancelled": t("a task was called off"),
    "task_expired": t("resources asked again"),
    "task_reopened": t("resources asked again"),
    "eta_passed": t("somebody is late"),
    "incident_note_written": t("a note was written"),
    "customer_revealed": t("it was looked up who the customer is"),
    "visibility_changed": t("who may see it changed"),
    "wrap_up_began": t("after-work began"),
    "erased": t("personal data deleted"),
    "update_published": t("update published"),
    "update_corrected": t("update corrected"),
    "update_withdrawn": t("update taken back"),
    "kind_changed": t("kind changed"),
    "category_changed": t("category changed"),
    "merge_began": t("being merged"),
    "merge_ended": t("not merged"),
    "incident_merged": t("merged into another one"),
    "incident_absorbed": t("another one was merged into it"),
    "task_moved": t("a task moved"),
    "task_brought": t("a task came along"),
    "incident_split": t("split"),
    "report_detached": t("a report left"),
    "report_forwarded": t("a report was sent on"),
}
CHANGED = t("changed")
