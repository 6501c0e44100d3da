"""What the states of things are called. A colour or sign never stands without one of these."""

from collections.abc import Mapping

from bot.core.cards import Tone
from bot.core.incident_words import Band, IncidentKind, PlaceStatus, Status, Target, TaskStatus
from bot.core.playbook_labels import STATUS, Labels
from bot.core.report import Stage
from bot.core.texts import Phrase, Text, t

KIND: Mapping[IncidentKind, Text] = {
    "incident": t("Incident"),
    "service_request": t("Service request"),
    "complaint": t("Complaint"),
    "enquiry": t("Enquiry"),
    "problem": t("Problem"),
}
STATUS_OF: Mapping[IncidentKind, Mapping[Status, Text]] = {
    "service_request": {"resolved": t("Fulfilled")},
    "complaint": {"resolved": t("Dealt with")},
    "enquiry": {"resolved": t("Answered")},
}
PUBLIC_STATUS_OF: Mapping[IncidentKind, Mapping[Status, Text]] = {
    "service_request": {"resolved": t("Done"), "closed": t("Done")},
    "complaint": {"resolved": t("Dealt with"), "closed": t("Dealt with")},
    "enquiry": {"resolved": t("Answered"), "closed": t("Answered")},
}
IS_IT_RIGHT: Mapping[IncidentKind, tuple[Text, Text, Text]] = {
    "incident": (t("Is it fixed?"), t("Yes, it is fixed"), t("No, not fixed")),
    "service_request": (t("Is it right?"), t("Yes, it is right"), t("No, not right")),
    "complaint": (t("Is it settled?"), t("Yes, it is settled"), t("No, not settled")),
    "enquiry": (t("Is it answered?"), t("Yes, it is answered"), t("No, not answered")),
}
"""What its customer is asked at the end, with the two answers."""
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
    "incident_released": t("given back"),
    "priority_changed": t("priority changed"),
    "incident_held": t("put on hold"),
    "incident_resumed": t("resumed"),
    "incident_resolved": t("resolved"),
    "incident_reopened": t("opened again"),
    "incident_closed": t("closed"),
    "incident_cancelled": t("cancelled"),
    "reporter_answered": t("the customer answered"),
    "target_warned": t("time is running"),
    "alarm_raised": t("somebody must act"),
    "alarm_sounded": t("somebody was called"),
    "alarm_answered": t("somebody sees to it"),
    "alarm_ended": t("nobody is called any more"),
    "acknowledgement_expired": t("no work followed, so it is open again"),
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
    "resource_asked": t("somebody was asked"),
    "resource_passed": t("somebody did not answer"),
    "bid_made": t("somebody could come"),
    "bid_taken_back": t("somebody cannot come after all"),
    "task_awarded": t("it was chosen who comes"),
    "resources_freed": t("others were told that they are free"),
    "place_offered": t("somebody asked to be relieved"),
    "place_refused": t("a colleague cannot take over"),
    "place_handed_over": t("a colleague took over"),
    "check_in_asked": t("somebody was asked whether all is well"),
    "checked_in": t("all is well on site"),
    "check_in_missed": t("nothing was heard from somebody on site"),
    "help_called": t("somebody on site needs help"),
    "briefing_read": t("a briefing was read"),
    "can_reported": t("word from the site"),
    "task_expired": t("resources asked again"),
    "task_reopened": t("resources asked again"),
    "eta_passed": t("somebody is late"),
    "incident_note_written": t("a note was written"),
    "customer_revealed": t("it was looked up who the customer is"),
    "visibility_changed": t("who may see it changed"),
    "wrap_up_began": t("after-work began"),
    "erased": t("personal data deleted"),
    "update_published": t("update published"),
    "major_stood_by": t("stand-by for a major incident"),
    "major_declared": t("declared a major incident"),
    "major_stood_down": t("the major incident is stood down"),
    "major_cancelled": t("no major incident after all"),
    "post_offered": t("somebody is asked to take a post"),
    "post_accepted": t("a post changed hands"),
    "post_declined": t("somebody cannot take a post"),
    "offer_taken_back": t("somebody is not asked any more"),
    "post_released": t("a post is empty"),
    "post_stayed_vacant": t("a post has been empty for long"),
    "commander_left": t("who commands has left"),
    "methane_written": t("METHANE changed"),
    "decision_recorded": t("a decision was recorded"),
    "own_place_opened": t("it has a place of its own"),
    "own_place_refused": t("it has no place of its own"),
    "own_places_left": t("its place of its own is to be shut"),
    "own_place_shut": t("its place of its own is shut"),
    "milestone_corrected": t("a time was corrected"),
    "update_wanted": t("an update is wanted"),
    "update_corrected": t("update corrected"),
    "update_withdrawn": t("update taken back"),
    "update_drafted": t("an update waits for approval"),
    "draft_sent_back": t("an update was sent back to its author"),
    "draft_approved": t("an update was approved"),
    "draft_withdrawn": t("a draft was taken back"),
    "glass_broken": t("an update went out without approval"),
    "path_step_done": t("a step is done"),
    "fulfilment_set": t("who does it by when was set"),
    "enquiry_answered": t("answered"),
    "enquiry_handed_on": t("handed on"),
    "path_overdue": t("a step is overdue"),
    "kind_changed": t("kind changed"),
    "category_changed": t("category changed"),
    "merge_began": t("being merged"),
    "merge_ended": t("not merged"),
    "incident_merged": t("merged into another one"),
    "incident_absorbed": t("another one was merged into it"),
    "task_moved": t("a task moved"),
    "task_brought": t("a task came along"),
    "incident_split": t("split"),
    "incident_gathered": t("one more incident of it"),
    "incident_let_go": t("one incident fewer"),
    "cause_described": t("more is known of the cause"),
    "workaround_set": t("what helps meanwhile changed"),
    "problem_linked": t("linked with a problem"),
    "problem_unlinked": t("not of that problem any more"),
    "problem_heard": t("its problem moved"),
    "sheet_printed": t("its sheet was printed"),
    "restricted_read": t("somebody read it"),
    "likely_noted": t("compared with others"),
    "likeness_denied": t("not the same as another one"),
    "incidents_linked": t("linked with another one"),
    "report_detached": t("a report left"),
    "report_parted": t("a report left"),
    "report_sheltered": t("somebody is in distress"),
    "shelter_ended": t("nobody is in distress any more"),
    "report_forwarded": t("a report was sent on"),
}
CHANGED = t("changed")


def status(state: Status, kind: IncidentKind, own: Labels) -> Phrase:
    """What the staff call it; each kind may have words of its own, and so may the playbook."""
    table = own.of(kind)
    named = None if table is None else table.own(state)
    return named or STATUS_OF.get(kind, {}).get(state) or own.own(state) or STATUS[state]


def public_status(state: Status, kind: IncidentKind, own: Labels) -> Phrase:
    """What its customers, and everybody else, are told."""
    table = own.of(kind)
    named = None if table is None else table.public.own(state)
    usual = PUBLIC_STATUS_OF.get(kind, {}).get(state)
    return named or usual or own.public.own(state) or PUBLIC_STATUS[state]
