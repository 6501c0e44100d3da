"""The fold of an incident: what each event makes of its state."""

from bot.core import alarm_words as aw
from bot.core import (
    alarms,
    alike_state,
    drafting_fold,
    kin,
    major,
    measured,
    own_place_words,
    paths,
    shelter,
    task,
)
from bot.core import incident_events as w
from bot.core import major_words as jw
from bot.core import moving_words as mw
from bot.core import problem as problems
from bot.core.events import Recorded
from bot.core.fold import Changes, Fold
from bot.core.hold_fold import held, moved, released, resumed, unheld
from bot.core.ids import Millis
from bot.core.incident import Incident, Update
from bot.core.incident_words import Ticked
from bot.core.kin import Kin
from bot.core.looking_words import RestrictedRead
from bot.core.reveal_words import CustomerRevealed
from bot.core.sheet_words import SheetPrinted

LATEST_UPDATES = 10


def _opened(event: w.IncidentOpened, rec: Recorded) -> Incident:
    return Incident(
        stream=rec.stream,
        reference=event.reference,
        incident_kind=event.incident_kind,
        category=event.category,
        playbook=event.playbook,
        subject=event.subject,
        mode=event.mode,
        visibility=event.visibility,
        opened_at=rec.at,
        touched_at=rec.at,
        clock_from=rec.at,
        facts=event.facts,
        danger=event.danger,
        impact=event.impact,
        urgency=event.urgency,
        priority=event.priority,
        targets=event.targets,
        last_event=event.tag,
        kin=Kin(split_from=event.split_from),
    )


def _attached(state: Incident, event: w.ReportAttached, rec: Recorded) -> Changes:
    first = state.first_report or event.report
    return {
        **_counted(state, event.settled, 1),
        "first_report": first,
        "origin": state.origin if event.moved else event.report,
    }


def _counted(state: Incident, settled: mw.Settled, by: int) -> Changes:
    """One report more or fewer, with what it said of the fix."""
    return {
        "reports": state.reports + by,
        "reports_settled": max(
            0, state.reports_settled + by * (settled in ("confirmed", "window_ended"))
        ),
        "reports_withdrawn": max(0, state.reports_withdrawn + by * (settled == "withdrawn")),
    }


def _detached(state: Incident, event: mw.ReportDetached, rec: Recorded) -> Changes:
    gone = (event.report, None)
    return {
        **_counted(state, event.settled, -1),
        "first_report": None if state.first_report in gone else state.first_report,
        "origin": None if state.origin in gone else state.origin,
        "kin": kin.evolve(state.kin, event),
    }


def _kin(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    return {"kin": kin.evolve(state.kin, event)}


def _merged(state: Incident, event: mw.IncidentMerged, rec: Recorded) -> Changes:
    ended = {"status": "merged", "closed_at": rec.at}
    return {**unheld(state, rec), **ended, **_kin(state, event, rec)}


def _absorbed(state: Incident, event: mw.IncidentAbsorbed, rec: Recorded) -> Changes:
    same = event.targets.update == state.targets.update
    return {
        **_kin(state, event, rec),
        "danger": state.danger or event.danger,
        "told": tuple(dict.fromkeys((*state.told, *event.told))),
        "told_from": min(filter(None, (state.told_from, event.told_from)), default=None),
        "targets": event.targets,
        "bands": tuple(one for one in state.bands if same or one[0] != "update"),
    }


def _kind(state: Incident, event: mw.KindChanged, rec: Recorded) -> Changes:
    moved: Changes = {"targets": event.targets, "bands": ()} if event.targets else {}
    return {**moved, **_path(state, event, rec), "incident_kind": event.incident_kind}


def _path(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    return {"path": paths.evolve(state.path, rec)}


def _problem(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    return {"problem": problems.evolve(state.problem, rec)}


def _category(state: Incident, event: mw.CategoryChanged, rec: Recorded) -> Changes:
    return {**_path(state, event, rec), "category": event.category, "category_set": True}


def _facts(state: Incident, event: w.FactsAdded, rec: Recorded) -> Changes:
    fresh = {one.field for one in event.facts}
    kept = tuple(one for one in state.facts if one.field not in fresh)
    moved = event.category != state.category
    return {
        **({"path": paths.elsewhere(state.path)} if moved else {}),
        "facts": (*kept, *event.facts),
        "category": event.category,
        "danger": state.danger or event.danger,
    }


def _acknowledged(state: Incident, event: w.IncidentAcknowledged, rec: Recorded) -> Changes:
    status = "acknowledged" if state.status == "open" else state.status
    return {"status": status, "acknowledged_at": rec.at, "acknowledged_by": event.by}


def _unacknowledged(state: Incident, event: aw.AcknowledgementExpired, rec: Recorded) -> Changes:
    return {"status": "open", "acknowledged_at": None, "acknowledged_by": None}


def _taken(state: Incident, event: w.IncidentTaken, rec: Recorded) -> Changes:
    return {
        **moved(rec),
        "status": "in_progress",
        "owner": event.owner,
        "owner_since": rec.at,
        "taken_at": state.taken_at or rec.at,
    }


def _handed_over(state: Incident, event: w.IncidentHandedOver, rec: Recorded) -> Changes:
    return {"owner": event.owner, "owner_since": rec.at}


def _priority(state: Incident, event: w.PriorityChanged, rec: Recorded) -> Changes:
    return {
        "impact": event.impact,
        "urgency": event.urgency,
        "priority": event.priority,
        "overridden": event.overridden,
        "targets": event.targets,
        "bands": (),
        **drafting_fold.changed(state, rec, event.impact != state.impact),
    }


def _resolved(state: Incident, event: w.IncidentResolved, rec: Recorded) -> Changes:
    return {
        **moved(rec),
        **unheld(state, rec),
        "status": "resolved",
        "resolved_at": rec.at,
        "resolved_by": event.by,
        "resolution": event.note,
        "confirm_until": event.until,
        "reports_settled": 0,
        **drafting_fold.changed(state, rec),
    }


def _reopened(state: Incident, event: w.IncidentReopened, rec: Recorded) -> Changes:
    return {
        **moved(rec),
        "status": "open",
        "clock_from": rec.at,
        "holds": (),
        "owner": None,
        "owner_since": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "resolved_at": None,
        "resolved_by": None,
        "resolution": None,
        "confirm_until": None,
        "closed_at": None,
        "reopen_until": None,
        "reopened": state.reopened + 1,
        "path": paths.again(state.path),
        "reports_settled": 0,
        "targets": event.targets,
        "bands": (),
    }


def _closed(state: Incident, event: w.IncidentClosed, rec: Recorded) -> Changes:
    closed = {"status": "closed", "closed_at": rec.at, "reopen_until": event.until}
    return {**moved(rec), **closed}


def _cancelled(state: Incident, event: w.IncidentCancelled, rec: Recorded) -> Changes:
    ended = {"status": "cancelled", "closed_at": rec.at}
    return {**moved(rec), **unheld(state, rec), **ended}


def _visibility(state: Incident, event: w.VisibilityChanged, rec: Recorded) -> Changes:
    return {"visibility": event.visibility}


def _reporter(state: Incident, event: w.ReporterAnswered, rec: Recorded) -> Changes:
    if event.what == "withdrawn":
        return {"reports_withdrawn": state.reports_withdrawn + 1}
    return {"reports_settled": state.reports_settled + (event.what != "disputed")}


def _warned(state: Incident, event: w.TargetWarned, rec: Recorded) -> Changes:
    others = tuple(pair for pair in state.bands if pair[0] != event.target)
    return {"bands": (*others, (event.target, event.band))}


def _ticked(state: Incident, event: w.StepTicked, rec: Recorded) -> Changes:
    done = Ticked(category=event.category, step=event.step, at=rec.at, by=event.by)
    return {"script": (*state.script, done)}


def _unticked(state: Incident, event: w.StepUnticked, rec: Recorded) -> Changes:
    gone = state.ticked(event.category, event.step)
    return {"script": tuple(one for one in state.script if one != gone)}


def _major(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    changes: Changes = {"major": major.evolve(state.major, rec)}
    if isinstance(event, jw.UpdateWanted):
        by = min(one for one in (state.targets.update, event.until) if one is not None)
        changes["targets"] = state.targets.model_copy(update={"update": by})
        changes["bands"] = tuple(pair for pair in state.bands if pair[0] != "update")
    return changes


def _alike(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    alike = alike_state.evolve_alike(state.alike, event)
    if rec.actor != "system":
        return {"alike": alike}
    # Nobody did anything with it.
    return {"alike": alike, "touched_at": state.touched_at, "last_event": state.last_event}


def _nothing(state: Incident, event: object, rec: Recorded) -> Changes:
    return {}


def _published(state: Incident, event: w.UpdatePublished, rec: Recorded) -> Changes:
    fresh = Update(
        number=event.number,
        at=rec.at,
        words=event.words,
        audience=event.audience,
        next_by=event.next_by,
        language=event.language,
        also=event.also,
        approved_by=event.approved_by,
        **drafting_fold.unapproved(event, rec),
    )
    changes: Changes = {
        "updates": event.number,
        "latest": (*state.latest, fresh)[-LATEST_UPDATES:],
        **drafting_fold.told(state, event),
    }
    if event.audience == "staff":
        return changes
    changes["major"] = major.told(state.major, state.impact)
    if event.audience == "public":
        changes["told"] = tuple(dict.fromkeys((*state.told, state.category)))
        changes["told_from"] = min(filter(None, (state.told_from, state.priority)))
    promised = _promised(state.model_copy(update=changes))
    return {
        **changes,
        "targets": state.targets.model_copy(update={"update": promised}),
        "bands": tuple(pair for pair in state.bands if pair[0] != "update"),
    }


def _promised(state: Incident) -> Millis | None:
    """When the next update is owed: the earlier of what reporters and the public were told."""
    heard = (state.heard("reporters"), state.heard("public"))
    return min((one.next_by for one in heard if one and one.next_by is not None), default=None)


def _change_update(state: Incident, number: int, changes: Changes) -> Changes:
    changed = tuple(
        one.model_copy(update=changes) if one.number == number else one for one in state.latest
    )
    return {"latest": changed}


def _corrected(state: Incident, event: w.UpdateCorrected, rec: Recorded) -> Changes:
    said: Changes = {"words": event.words, "language": event.language, "also": event.also}
    said |= {"corrected": True, "as_of": rec.version, **drafting_fold.unapproved(event, rec)}
    return _change_update(state, event.number, said)


def _withdrawn(state: Incident, event: w.UpdateWithdrawn, rec: Recorded) -> Changes:
    return _change_update(state, event.number, {"withdrawn": True, "as_of": rec.version})


def _alarms(state: Incident, event: w.IncidentEvent, rec: Recorded) -> Changes:
    return {"alarms": alarms.evolve(state.alarms, rec)}


def _on_task(state: Incident, event: w.TaskEvent, rec: Recorded) -> Changes:
    return {"tasks": task.evolve(state.tasks, event, rec)}


def _moved(rec: Recorded) -> Changes:
    """Who reads it changes nothing of it, and nobody learns of that by its card."""
    if isinstance(rec.event, RestrictedRead):
        return {}
    return {"touched_at": rec.at, "last_event": rec.event.tag}


fold = Fold(
    kind="incident",
    model=Incident,
    revision=6,
    first={w.IncidentOpened: _opened},
    steps={
        w.ReportAttached: _attached,
        **shelter.STEPS,
        w.FactsAdded: _facts,
        w.IncidentAcknowledged: _acknowledged,
        w.IncidentTaken: _taken,
        w.IncidentHandedOver: _handed_over,
        w.IncidentReleased: released,
        w.PriorityChanged: _priority,
        w.IncidentHeld: held,
        w.IncidentResumed: resumed,
        w.IncidentResolved: _resolved,
        w.IncidentReopened: _reopened,
        w.IncidentClosed: _closed,
        w.IncidentCancelled: _cancelled,
        w.VisibilityChanged: _visibility,
        w.IncidentNoteWritten: _nothing,
        CustomerRevealed: _nothing,
        SheetPrinted: _nothing,
        w.ReporterAnswered: _reporter,
        w.TargetWarned: _warned,
        w.StepTicked: _ticked,
        w.StepUnticked: _unticked,
        w.WrapUpBegan: _nothing,
        w.UpdatePublished: _published,
        w.UpdateCorrected: _corrected,
        w.UpdateWithdrawn: _withdrawn,
        **drafting_fold.STEPS,
        mw.KindChanged: _kind,
        mw.CategoryChanged: _category,
        mw.MergeBegan: _kin,
        mw.MergeEnded: _kin,
        mw.IncidentMerged: _merged,
        mw.IncidentAbsorbed: _absorbed,
        mw.IncidentSplit: _kin,
        mw.ReportDetached: _detached,
        mw.ReportForwarded: _nothing,
        **dict.fromkeys(task.EVENTS, _on_task),
        **dict.fromkeys(paths.EVENTS, _path),
        **dict.fromkeys(problems.EVENTS, _problem),
        **dict.fromkeys(alarms.EVENTS, _alarms),
        aw.AcknowledgementExpired: _unacknowledged,
        **dict.fromkeys(alike_state.OF_INCIDENTS, _alike),
        **dict.fromkeys(jw.EVENTS, _major),
        **measured.OWN,
        **dict.fromkeys(own_place_words.EVENTS, _major),
    },
    each=_moved,
    beside=measured.noted,
)
