"""A report: one person's contact, from the first word to the rating. State and fold."""

from collections.abc import Mapping
from typing import Literal

from bot.core import alike_state
from bot.core import care as caring
from bot.core import going_on_words as g
from bot.core import relay_words as r
from bot.core import report_words as w
from bot.core import way_back_words as b
from bot.core.care import Care
from bot.core.conversation import STEPS, Conversation
from bot.core.distress_words import DistressNoticed
from bot.core.events import Recorded
from bot.core.file_words import FileAdded
from bot.core.files import KeptFile
from bot.core.fold import Changes, Fold, State
from bot.core.forms import Value
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.report_unmoved import UNMOVED

Stage = Literal["answering", "sent", "confirming", "done", "withdrawn", "closed"]
OPEN_STAGES: tuple[Stage, ...] = ("answering", "sent", "confirming")
SETTLED: tuple[Stage, ...] = ("confirming", "done", "closed")
"""The work is done; the person may still say that it is not, or report something else."""


class Answered(Frozen):
    """The present answer to one question; `version` and `at` are when it last changed.

    `value` None with `skipped` means left out; a reopened answer is kept to be shown but
    no longer counts.
    """

    field: str
    value: Personal | Value
    version: int
    at: Millis
    skipped: bool = False
    reopened: bool = False


class Report(State):
    """One contact. `complete` is a flag, not a stage: danger opens an incident long before.

    `asking` while the questions go on; `left` says why they stopped short, and is empty again
    once somebody who went quiet comes back. `taken_by` is the human who has it. `way_back` is the
    hash of the link by which the person can come back until `way_back_until`; `mailed` another
    way back. `relayed_by` is the program that brought it for them, who hear nothing here.
    """

    reference: str
    person: PersonId
    subject: SubjectId
    seat: Seat
    language: str
    playbook: str
    started_at: Millis
    touched_at: Millis
    stage: Stage = "answering"
    complete: bool = False
    asking: bool = True
    left: Literal["", "quiet", "person_wanted"] = ""
    danger: bool = False
    answers: tuple[Answered, ...] = ()
    incident: StreamId | None = None
    joined: int = 0
    taken_by: PersonId | None = None
    waiting_since: Millis | None = None
    waiting_for: str = ""
    conversation: Conversation = Conversation()
    files: tuple[KeptFile, ...] = ()
    confirm_until: Millis | None = None
    answered_fix: Literal["confirmed", "window_ended", "disputed"] | None = None
    rating: int | None = None
    closed_as: Literal["closed", "cancelled"] | None = None
    open_until: Millis | None = None
    care: Care = Care()
    way_back: str = ""
    way_back_until: Millis = 0
    mailed: b.Mailed | None = None
    relayed_by: PersonId | None = None
    alike: alike_state.Known = alike_state.Known()

    def known(self) -> Mapping[str, Value]:
        """Answers that forms may look at: personal ones are present but hidden as text."""
        return {
            one.field: "sealed" if isinstance(one.value, Personal) else one.value
            for one in self.answers
            if not one.reopened
        }

    def answer(self, field: str) -> Answered | None:
        """The present answer to `field`, also when it was reopened."""
        return next((one for one in self.answers if one.field == field), None)

    @property
    def is_open(self) -> bool:
        """The person may still go on with it."""
        return self.stage in OPEN_STAGES

    def serves(self, at: Millis) -> bool:
        """Whether what the person says at `at` belongs here, and does not begin another report."""
        if self.stage == "closed":
            return self.open_until is not None and at < self.open_until
        return self.stage != "withdrawn"


def _started(event: w.ReportStarted, rec: Recorded) -> Report:
    return Report(
        stream=rec.stream,
        reference=event.reference,
        person=event.person,
        subject=event.subject,
        seat=event.seat,
        language=event.language,
        playbook=event.playbook,
        started_at=rec.at,
        touched_at=rec.at,
    )


def _back(state: Report, rec: Recorded) -> Changes:
    """The person did something; whoever went quiet is back."""
    return {"left": "" if state.left == "quiet" else state.left, "touched_at": rec.at}


def _with(state: Report, fresh: Answered, rec: Recorded) -> Changes:
    """The answer in its old place, or at the end."""
    answers = tuple(fresh if a.field == fresh.field else a for a in state.answers)
    if state.answer(fresh.field) is None:
        answers = (*answers, fresh)
    return {**_back(state, rec), "answers": answers}


def _answered(state: Report, event: w.QuestionAnswered, rec: Recorded) -> Changes:
    fresh = Answered(field=event.field, value=event.value, version=rec.version, at=rec.at)
    return _with(state, fresh, rec)


def _skipped(state: Report, event: w.QuestionSkipped, rec: Recorded) -> Changes:
    fresh = Answered(field=event.field, value=None, version=rec.version, at=rec.at, skipped=True)
    return _with(state, fresh, rec)


def _reopened(state: Report, event: w.QuestionReopened, rec: Recorded) -> Changes:
    old = state.answer(event.field)
    if old is None:
        return {}
    return _with(state, old.model_copy(update={"reopened": True, "version": rec.version}), rec)


def _danger(state: Report, event: w.DangerReported, rec: Recorded) -> Changes:
    return {"danger": True, "touched_at": rec.at}


def _cared(state: Report, event: w.ReportEvent, rec: Recorded) -> Changes:
    """Whoever is in distress is listened to, whatever had been settled before."""
    settled = isinstance(event, DistressNoticed) and state.stage in SETTLED
    work = {**_AT_WORK_AGAIN, "taken_by": state.taken_by} if settled else {}
    return {**work, "care": caring.evolve(state.care, rec)}


def _confirmed(
    state: Report, event: w.SummaryConfirmed | r.ReportRelayed, rec: Recorded
) -> Changes:
    relayed = event if isinstance(event, r.ReportRelayed) else None
    return {
        "relayed_by": rec.actor if relayed else state.relayed_by,
        "complete": relayed is None or relayed.complete,
        "asking": False,
        "left": "",
        "stage": "sent",
        "touched_at": rec.at,
    }


def _left(state: Report, event: w.IntakeLeft, rec: Recorded) -> Changes:
    return {"asking": event.why == "quiet" and state.asking, "left": event.why}


def _withdrawn(state: Report, event: w.ReportWithdrawn, rec: Recorded) -> Changes:
    return {
        "stage": "withdrawn",
        "asking": False,
        "confirm_until": None,
        "waiting_since": None,
        "waiting_for": "",
    }


def _linked(state: Report, event: w.ReportLinked, rec: Recorded) -> Changes:
    joined = state.joined + (event.how == "joined")
    care = caring.evolve(state.care, rec)
    return {"incident": event.incident, "joined": joined, "care": care}


def _wait_began(state: Report, event: w.WaitBegan, rec: Recorded) -> Changes:
    return {"waiting_since": rec.at, "waiting_for": event.why}


def _wait_ended(state: Report, event: w.WaitEnded, rec: Recorded) -> Changes:
    return {"waiting_since": None, "waiting_for": "", "taken_by": event.by or state.taken_by}


def _taken(state: Report, event: w.ReportTaken, rec: Recorded) -> Changes:
    return {"taken_by": event.by, "care": caring.evolve(state.care, rec)}


def _received(state: Report, event: w.MessageReceived, rec: Recorded) -> Changes:
    return _heard(state, event.number, rec)


def _heard(state: Report, number: int, rec: Recorded) -> Changes:
    talk = state.conversation
    fresh = talk.model_copy(
        update={
            "count": number,
            "last_from": "customer",
            "last_at": rec.at,
            "unanswered_since": talk.unanswered_since or (rec.at if state.seat.reached else None),
        }
    )
    return {**_back(state, rec), "conversation": fresh}


def _file_added(state: Report, event: FileAdded, rec: Recorded) -> Changes:
    kept = {name: getattr(event, name) for name in KeptFile.model_fields if name != "at"}
    fresh = KeptFile(at=rec.at, **kept)
    heard = _back(state, rec) if event.number is None else _heard(state, event.number, rec)
    return {**heard, "files": (*state.files, fresh)}


def _sent(state: Report, event: w.MessageSent, rec: Recorded) -> Changes:
    fresh = state.conversation.model_copy(
        update={
            "count": event.number,
            "last_from": "desk",
            "last_at": rec.at,
            "first_word_at": state.conversation.first_word_at or rec.at,
            "written": state.conversation.with_answer(event.number, event.author),
            "unanswered_since": None,
        }
    )
    return {"conversation": fresh}


def _seen(state: Report, event: w.MessagesSeen, rec: Recorded) -> Changes:
    talk = state.conversation
    changes: Changes = {f"seen_by_{event.by}": event.through}
    if event.by == "desk" and talk.first_seen_by_desk_at is None:
        changes["first_seen_by_desk_at"] = rec.at
    return {"conversation": talk.model_copy(update=changes)}


def _nothing(state: Report, event: object, rec: Recorded) -> Changes:
    return {}


def _fix_asked(state: Report, event: w.FixAsked, rec: Recorded) -> Changes:
    return {
        "stage": "confirming",
        "asking": False,
        "confirm_until": event.until,
        "answered_fix": None,
    }


def _fix_confirmed(state: Report, event: w.FixConfirmed, rec: Recorded) -> Changes:
    how = "confirmed" if event.by == "customer" else "window_ended"
    return {"stage": "done", "answered_fix": how, "confirm_until": None}


_AT_WORK_AGAIN: Changes = {
    "stage": "sent",
    "confirm_until": None,
    "open_until": None,
    "closed_as": None,
    "taken_by": None,
}


def _fix_disputed(state: Report, event: w.FixDisputed, rec: Recorded) -> Changes:
    return {**_AT_WORK_AGAIN, "answered_fix": "disputed"}


def _rated(state: Report, event: w.ServiceRated, rec: Recorded) -> Changes:
    return {"rating": event.score}


def _closed(state: Report, event: w.ReportClosed, rec: Recorded) -> Changes:
    return {
        "stage": "closed",
        "asking": False,
        "confirm_until": None,
        "waiting_since": None,
        "waiting_for": "",
        "closed_as": event.why,
        "open_until": event.until,
    }


def _report_reopened(state: Report, event: w.ReportReopened, rec: Recorded) -> Changes:
    return _AT_WORK_AGAIN


def _way_back_kept(state: Report, event: w.WayBackKept, rec: Recorded) -> Changes:
    return {"way_back": event.token, "way_back_until": event.until}


def _way_back_ended(state: Report, event: w.WayBackEnded, rec: Recorded) -> Changes:
    return {"way_back": "", "way_back_until": 0}


def _mail_kept(state: Report, event: b.MailKept, rec: Recorded) -> Changes:
    """The mails that went out before still count."""
    before = state.mailed or b.Mailed(seat=event.seat)
    fresh = before.model_copy(update={"seat": event.seat, "token": "", "until": 0})
    return {"mailed": fresh.counted(rec.at)}


def _way_back_mailed(state: Report, event: b.WayBackMailed, rec: Recorded) -> Changes:
    if state.mailed is None:
        return {}
    link = {"token": event.token, "until": event.until}
    return {"mailed": state.mailed.model_copy(update=link).counted(rec.at)}


def _moved(state: Report, event: g.ConversationMoved, rec: Recorded) -> Changes:
    return {"seat": event.seat, "language": event.language or state.language}


def _alike(state: Report, event: w.ReportEvent, rec: Recorded) -> Changes:
    alike = alike_state.evolve_known(state.alike, event)
    if alike.joined != state.alike.joined:
        sent = {"asking": False, "left": "", "stage": "sent"}
        return {"alike": alike, **sent, "touched_at": rec.at}
    return {"alike": alike}


def _way_back_spent(state: Report, event: b.WayBackSpent, rec: Recorded) -> Changes:
    if state.mailed is None:
        return {}
    return {"mailed": state.mailed.model_copy(update={"token": "", "until": 0})}


fold = Fold(
    kind="report",
    model=Report,
    revision=7,
    first={w.ReportStarted: _started},
    steps={
        w.QuestionAnswered: _answered,
        w.QuestionSkipped: _skipped,
        w.QuestionReopened: _reopened,
        w.DangerReported: _danger,
        **dict.fromkeys(caring.EVENTS, _cared),
        w.SummaryConfirmed: _confirmed,
        r.ReportRelayed: _confirmed,
        w.IntakeLeft: _left,
        w.ReportWithdrawn: _withdrawn,
        w.ReportLinked: _linked,
        w.WaitBegan: _wait_began,
        w.WaitEnded: _wait_ended,
        w.ReportTaken: _taken,
        w.MessageReceived: _received,
        FileAdded: _file_added,
        w.MessageSent: _sent,
        **STEPS,
        w.MessagesSeen: _seen,
        **dict.fromkeys(UNMOVED, _nothing),
        w.FixAsked: _fix_asked,
        w.FixConfirmed: _fix_confirmed,
        w.FixDisputed: _fix_disputed,
        w.ServiceRated: _rated,
        w.WayBackKept: _way_back_kept,
        w.WayBackEnded: _way_back_ended,
        b.MailKept: _mail_kept,
        b.WayBackMailed: _way_back_mailed,
        b.WayBackSpent: _way_back_spent,
        g.ConversationMoved: _moved,
        **dict.fromkeys(alike_state.OF_REPORTS, _alike),
        w.ReportClosed: _closed,
        w.ReportReopened: _report_reopened,
    },
)
