"""The board: every open incident on one line, and the reports that are still being made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.access import may_see
from bot.core.caller import desk_questions
from bot.core.forms import QuestionType
from bot.core.ids import Millis, PersonId, StreamId, read_reference
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target, Visibility
from bot.core.incident_words import Fact as Known
from bot.core.listed import ReportRow
from bot.core.playbook_forms import intake_form
from bot.core.priority import Priority
from bot.core.report import Report
from bot.core.texts import Phrase
from bot.engine.read import Fact, Reads, Said, Staff
from bot.engine.read_waiting import Waiting, together, waits
from bot.engine.roster import EVERY_ROW
from bot.store.base import Scalar, text

TEASER = 140
WAITING_READ = 1_000
SEARCHED = 300
FOUND_MOST = 50


@dataclass(frozen=True, slots=True)
class Due:
    """A promise that is still open: until when, how much of the time has gone."""

    target: Target
    at: Millis
    band: Band


@dataclass(frozen=True, slots=True)
class Card:
    """An incident as the board shows it. `owner` is a name, `what` and `where` are teasers."""

    incident: StreamId
    version: int
    reference: str
    status: str
    priority: Priority
    danger: bool
    category: Phrase | None
    what: Said
    where: Said
    reports: int
    owner: str
    owned: bool
    due: Due | None
    done: int
    needed: int
    updated_at: Millis | None
    opened_at: Millis
    visibility: Visibility
    mode: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A report that no incident stands for yet; `waiting` since when for a human."""

    report: StreamId
    version: int
    reference: str
    lane: str
    what: Said
    category: Phrase | None
    started_at: Millis
    touched_at: Millis
    waiting: Millis | None


View = Literal["triage", "mine", "all", "breaching", "waiting", "unfinished"]


@dataclass(frozen=True, slots=True)
class Listed:
    """That something stands on the board, as of `version`; texts `order` sort like the board.

    `views` are those it stands in for everybody; `mine` is for its `owner` alone.
    """

    stream: StreamId
    version: int
    order: str
    waiting: Waiting | None = None
    views: tuple[View, ...] = ()
    owner: PersonId = ""
    category: str = ""
    priority: str = ""
    kind: str = ""

    def stands_in(self, view: View, person: PersonId) -> bool:
        """Whether `person` sees it in this view."""
        if view == "mine":
            return "all" in self.views and self.owner == person
        return view in self.views


class BoardReads(Reads):
    """Queries of the board. Each takes who asks; what they may not see is not there.

    What stands there is cheap to ask; its line, which is the same for all who may see it, is
    made once per version by whoever shows it.
    """

    async def board(self, staff: Staff) -> tuple[Listed, ...]:
        """Every open incident, the most pressing first: what nobody touched for long is on it."""
        rows = await self.store.select("incidents", {"ended": 0}, limit=EVERY_ROW)
        waiting = await self._waiting()
        shown = dict.fromkeys(text(row, "incident") for row in rows)
        shown |= dict.fromkeys(one for one, waits in waiting.items() if waits.distress)
        found = [await self._listed(staff, one, waiting.get(one)) for one in shown]
        return tuple(sorted((one for one in found if one), key=lambda one: one.order))

    async def listed(self, staff: Staff, incident: StreamId) -> Listed | None:
        """An incident's place on the board; None for those who may not.

        One that has ended stands there only while somebody of it sounds like distress.
        """
        state = await self.state(incident)
        if not isinstance(state, Incident) or not may(staff, state):
            return None
        return await self.shared.get(
            ("listed", incident), lambda: self._listed_now(staff, incident)
        )

    async def _listed_now(self, staff: Staff, incident: StreamId) -> Listed | None:
        return await self._listed(staff, incident, (await self._waiting(incident)).get(incident))

    async def _listed(
        self, staff: Staff, incident: StreamId, waiting: Waiting | None
    ) -> Listed | None:
        live = await self.engine.live(incident)
        if not isinstance(live.state, Incident) or not may(staff, live.state):
            return None
        if live.state.ended and not (waiting and waiting.distress):
            return None
        return self._lined(live.state, live.version, waiting)

    def _lined(self, state: Incident, version: int, waiting: Waiting | None) -> Listed:
        return Listed(
            stream=state.stream,
            version=version,
            order=pressing(state, waiting),
            waiting=waiting,
            views=self._views(state, waiting),
            owner=state.owner or "",
            category=state.category,
            priority=state.priority.value,
            kind=state.incident_kind,
        )

    def _views(self, state: Incident, waiting: Waiting | None) -> tuple[View, ...]:
        if state.ended:
            return ("all", "waiting") if waiting and waiting.distress else ()
        found: list[View] = ["all"]
        if state.working and (state.owner is None or state.status == "open"):
            found.append("triage")
        if self._breaching(state):
            found.append("breaching")
        return (*found, "waiting") if waiting else tuple(found)

    def _breaching(self, state: Incident) -> bool:
        """A promise is broken, or the last warning before that was given."""
        promised = self.edition(state.playbook).promise(state.priority, state.incident_kind)
        last = max(promised.warn_at, default=100)
        return any(one.band in ("breached", str(last)) for one in dues(state))

    async def stands_for(self, thing: StreamId) -> tuple[StreamId, ...]:
        """What of the board shows `thing`: itself, and the incident of a report."""
        state = await self.state(thing)
        incident = state.incident if isinstance(state, Report) else None
        return (thing,) if incident is None else (thing, incident)

    async def _waiting(self, *incidents: StreamId) -> dict[StreamId, Waiting]:
        """Who waits for an answer, by incident: of these, or of all."""
        where: dict[str, Scalar | Sequence[Scalar]] = {
            "lane": ["waiting", "distress"],
            "settled": 0,
        }
        if incidents:
            where["incident"] = incidents
        rows = await self.store.select("reports", where, order="touched_at", limit=WAITING_READ)
        found: dict[StreamId, list[Waiting]] = {}
        for row in rows:
            one = self.codec.decode_row(ReportRow, text(row, "body"))
            found.setdefault(text(row, "incident"), []).append(waits(one, row["lane"]))
        return {incident: together(some) for incident, some in found.items()}

    async def card(self, staff: Staff, incident: StreamId) -> Card | None:
        """An incident's line on the board."""
        live = await self.engine.live(incident)
        if not isinstance(live.state, Incident) or not may(staff, live.state):
            return None
        return await self.line(live.state, live.version)

    async def lane(self, staff: Staff) -> tuple[Listed, ...]:
        """Reports that are still being made, the longest untouched first."""
        rows = await self.rows("reports", {"lane": ["answering", "quiet"], "settled": 0})
        found = [await self.in_lane(staff, text(row, "report")) for row in reversed(rows)]
        return tuple(one for one in found if one)

    async def in_lane(self, staff: Staff, report: StreamId) -> Listed | None:
        """A report's place in the lane; None once an incident stands for it."""
        live = await self.engine.live(report)
        state = live.state
        if not isinstance(state, Report) or not staff.desk:
            return None
        if state.stage != "answering" or state.incident is not None:
            return None
        return Listed(
            stream=report,
            version=live.version,
            order=f"{state.started_at:015}",
            views=("unfinished",),
            category=str(state.known().get("category") or ""),
        )

    async def unfinished(self, staff: Staff, report: StreamId) -> Unfinished | None:
        """A report's line in the lane."""
        live = await self.engine.live(report)
        state = live.state
        if not isinstance(state, Report) or not staff.desk:
            return None
        facts = self.answers(state)
        category = self.playbook.category_name(str(state.known().get("category") or ""))
        return Unfinished(
            report=report,
            version=live.version,
            reference=state.reference,
            lane=_lane(state),
            what=self._teaser(facts, state.playbook, QuestionType.LONG_TEXT),
            category=category,
            started_at=state.started_at,
            touched_at=state.touched_at,
            waiting=state.waiting_since,
        )

    async def stream_of(self, reference: str) -> StreamId | None:
        """What a reference is a label for."""
        rows = await self.store.select("refs", {"reference": reference}, limit=1)
        return text(rows[0], "stream") if rows else None

    async def search(self, staff: Staff, words: str) -> tuple[Listed, ...]:
        """What a reference or words lead to, ended or not; a report leads to its incident."""
        reference = read_reference(words)
        streams = [await self.stream_of(reference)] if reference else []
        rows = await self.store.search(words, SEARCHED)
        streams += [text(row, "stream") for row in rows]
        things = dict.fromkeys([await self._leads_to(one) for one in streams if one])
        found = [await self._hit(staff, one) for one in things]
        return tuple(sorted((one for one in found if one), key=lambda one: one.order)[:FOUND_MOST])

    async def _leads_to(self, stream: StreamId) -> StreamId:
        return (await self.stands_for(stream))[-1]

    async def _hit(self, staff: Staff, stream: StreamId) -> Listed | None:
        live = await self.engine.live(stream)
        if isinstance(live.state, Incident) and may(staff, live.state):
            waiting = (await self._waiting(stream)).get(stream)
            return self._lined(live.state, live.version, waiting)
        if isinstance(live.state, Report) and live.state.incident is None and staff.desk:
            return Listed(stream, live.version, f"2{live.state.started_at:015}")
        return None

    async def line(self, state: Incident, version: int) -> Card:
        """An incident on one line, open or not."""
        facts = self.facts(state.facts, state.playbook, state.category)
        names = await self.names([state.owner])
        tasks = [one for one in state.tasks if not one.cancelled]
        heard = [one for one in state.latest if not one.withdrawn]
        return Card(
            incident=state.stream,
            version=version,
            reference=state.reference,
            status=state.status,
            priority=state.priority,
            danger=state.danger,
            category=self.playbook.category_name(state.category),
            what=self._teaser(facts, state.playbook, QuestionType.LONG_TEXT, state.category),
            where=self._teaser(facts, state.playbook, QuestionType.LOCATION, state.category),
            reports=state.reports,
            owner=names.get(state.owner or "", ""),
            owned=state.owner is not None,
            due=next(iter(dues(state)), None),
            done=sum(one.status == "done" for one in tasks),
            needed=len(tasks),
            updated_at=heard[-1].at if heard else None,
            opened_at=state.opened_at,
            visibility=state.visibility,
            mode=state.mode,
        )

    def facts(self, known: Sequence[Known], edition: str, category: str) -> tuple[Fact, ...]:
        """Answers with the questions that they belong to, in the order of the form."""
        plan = self.edition(edition)
        given = {one.field: one.value for one in known}
        # What was asked while it counted as something else is still known.
        others = (key.partition(".")[0] for key in given if "." in key)
        asked = {
            one.key: one
            for name in dict.fromkeys((category, *others))
            if name in ("", category) or name in plan.categories
            for one in desk_questions(plan, name)
        }
        return tuple(self.fact(one, given[key]) for key, one in asked.items() if key in given)

    def answers(self, state: Report) -> tuple[Fact, ...]:
        """What the customer answered so far."""
        known = [
            Known(field=one.field, value=one.value) for one in state.answers if not one.skipped
        ]
        return self.facts(known, state.playbook, str(state.known().get("category") or ""))

    def _teaser(
        self,
        facts: Sequence[Fact],
        edition: str,
        kind: QuestionType,
        category: str = "",
    ) -> Said:
        """What the first answer of a kind begins with; "" when nobody was asked."""
        form = intake_form(self.edition(edition), category)
        keys = [one.key for one in form.questions if one.type is kind]
        found = next((one.value for one in facts if one.key in keys), "")
        if not isinstance(found, str):
            return None if found is None else ""
        return found if len(found) <= TEASER else found[: TEASER - 1].rstrip() + "…"


def _lane(state: Report) -> str:
    if state.stage != "answering":
        return "ended"
    return "quiet" if state.left == "quiet" else "answering"


def dues(state: Incident) -> tuple[Due, ...]:
    """The promises that are still open, the next one first; none stands while it is on hold, nor
    with somebody in distress.
    """
    if not state.working or state.unclocked:
        return ()
    open_ones: dict[Target, Millis | None] = {
        "acknowledge": None if state.acknowledged_at else state.targets.acknowledge,
        "update": state.targets.update,
        "resolve": state.targets.resolve,
    }
    found = [
        Due(target, at, state.band(target)) for target, at in open_ones.items() if at is not None
    ]
    if state.held_since is not None:
        found = [one for one in found if one.target == "update"]
    return tuple(sorted(found, key=lambda one: one.at))


def pressing(state: Incident, waiting: Waiting | None = None) -> str:
    """Text by which the board sorts: what is worked on first stands first."""
    if waiting and waiting.distress:
        return f"00{waiting.since:015}"
    due = next((one.at for one in dues(state)), state.opened_at)
    return f"{int(not state.working)}{state.priority}{int(not state.danger)}{due:015}"


def may(staff: Staff, state: Incident) -> bool:
    """Whether somebody of the desk may know of this incident."""
    return staff.desk and may_see(staff.actor, state)
