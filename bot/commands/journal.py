"""The changes that an operator follows in the log: one plain line each, and nothing personal."""

from collections.abc import Mapping

import structlog

from bot.core import incident_events as ie
from bot.core import report_words as rw
from bot.core.events import Event, Recorded
from bot.core.incident import Incident
from bot.core.relay_words import ReportRelayed
from bot.core.report import Report
from bot.engine.handle import Engine
from bot.engine.prepare import Planned

log = structlog.get_logger(__name__)

TOLD: Mapping[type[Event], tuple[str, tuple[str, ...]]] = {
    rw.SummaryConfirmed: ("report sent", ()),
    ReportRelayed: ("report relayed", ("complete",)),
    rw.DangerReported: ("danger reported", ()),
    rw.ReportWithdrawn: ("report withdrawn", ("why",)),
    rw.ReportLinked: ("report linked", ("incident", "how")),
    ie.IncidentOpened: ("incident opened", ("priority", "category", "mode", "playbook")),
    ie.IncidentAcknowledged: ("incident acknowledged", ("by",)),
    ie.IncidentTaken: ("incident taken", ("owner",)),
    ie.IncidentHandedOver: ("incident handed over", ("before", "owner")),
    ie.IncidentReleased: ("incident given back", ("before", "by")),
    ie.PriorityChanged: ("priority changed", ("priority", "overridden")),
    ie.IncidentHeld: ("incident held", ()),
    ie.IncidentResumed: ("incident resumed", ()),
    ie.IncidentResolved: ("incident resolved", ("by",)),
    ie.IncidentReopened: ("incident reopened", ("why",)),
    ie.IncidentClosed: ("incident closed", ("why",)),
    ie.IncidentCancelled: ("incident cancelled", ()),
}
"""What is said of which event, and the fields of it that are said: keys and ids, never words."""


def follow(engine: Engine) -> None:
    """Log what the engine commits from now on. Once per engine."""
    pass_on = engine.on_work

    def noticed(planned: Planned) -> None:
        pass_on(planned)
        for rec in planned.work.events if planned.work else ():
            _tell(rec, planned)

    engine.on_work = noticed


def _tell(rec: Recorded, planned: Planned) -> None:
    said = TOLD.get(type(rec.event))
    state = planned.work.state if planned.work else None
    if said is None or not isinstance(state, Report | Incident):
        return
    words, fields = said
    told = {name: getattr(rec.event, name) for name in fields}
    log.info(words, reference=state.reference, stream=rec.stream, **told)
