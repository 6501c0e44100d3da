"""A major incident for the staff: its posts, METHANE with its versions, decisions, what is due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.events import Recorded
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.major_words import COMMANDER, LETTERS, MajorStage, MethaneWritten
from bot.core.playbook_major import MajorPart
from bot.core.priority import Priority
from bot.core.texts import Phrase
from bot.engine.read import PAGE, Reads, Said, Staff
from bot.engine.read_board import may
from bot.engine.roster import hands
from bot.store.base import Row, text
from bot.views.major import LETTER, STAGE, WANTED

MOST = 50


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with whoever has it, and whoever is asked."""

    post: str
    title: Phrase
    duty: Phrase
    person: PersonId
    name: str
    since: Millis
    vacant: bool
    asked: str
    left: bool


@dataclass(frozen=True, slots=True)
class LetterView:
    """What is known of a letter: `known` False is "unknown"; without `by` it was reported."""

    letter: str
    label: Phrase
    known: bool
    words: Said
    at: Millis | None
    by: str
    late: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What one version changed of one letter; None is "unknown"."""

    label: Phrase
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of METHANE."""

    number: int
    at: Millis
    written_at: Millis
    by: str
    late: bool
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as it was written down."""

    number: int
    made_at: Millis
    at: Millis
    by: str
    late: bool
    decision: Said
    reason: Said
    alternatives: Said


@dataclass(frozen=True, slots=True)
class MajorView:
    """All of it; `people` are those who may be asked, each with their name; `own` its own places by
    name, or why there is none.
    """

    stage: MajorStage
    label: Phrase
    moved_at: Millis
    moved_by: str
    declared: bool
    declared_at: Millis | None
    criteria: tuple[Phrase, ...]
    posts: tuple[PostView, ...]
    letters: tuple[LetterView, ...]
    version: int
    versions: tuple[VersionView, ...]
    decisions: tuple[DecisionView, ...]
    next_at: Millis | None
    wanted: Phrase | None
    people: tuple[tuple[PersonId, str], ...]
    own: tuple[tuple[str, str], ...]
    reported: int
    told: bool

    @property
    def nexts(self) -> tuple[int, ...]:
        """In how many minutes the next update may come."""
        return (5, 10, 20, 60) if self.declared else (15, 30, 60, 120, 240)

    @property
    def next(self) -> int:
        """Which of them fits most often."""
        if not self.declared:
            return 30
        return 20 if self.told else 5

    @property
    def began(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.stage or self.version or self.decisions)

    @property
    def methane(self) -> bool:
        """Whether its form is called METHANE; below the threshold it is ETHANE."""
        return self.declared_at is not None


@dataclass(frozen=True, slots=True)
class Band:
    """A declared major incident in a line, for the top of every page."""

    reference: str
    what: Phrase | None
    commander: str
    since: Millis
    exercise: bool


async def major(reads: Reads, state: Incident, version: int) -> MajorView:
    """What there is of a major incident."""
    found, part = state.major, reads.playbook.major
    log = await _versions(reads, state, version)
    crew = await reads.roster.colleagues() if found.declared else []
    names = await reads.names(_people(state, log))
    named = names.get
    return MajorView(
        stage=found.stage,
        label=STAGE[found.stage],
        moved_at=found.moved_at,
        moved_by=named(found.moved_by or "", ""),
        declared=found.declared,
        declared_at=found.declared_at,
        criteria=tuple(part.criteria[one] for one in found.criteria if one in part.criteria),
        posts=tuple(_posts(state, part, names)),
        letters=tuple(_letter(reads, state, one, names) for one in LETTERS),
        version=found.methane.version,
        versions=tuple(reversed(list(_changes(reads, log, names)))),
        decisions=tuple(
            DecisionView(
                number=one.number,
                made_at=one.made_at,
                at=one.at,
                by=named(one.by, ""),
                late=one.late,
                decision=reads.said(one.decision),
                reason=reads.said(one.reason),
                alternatives="" if one.alternatives is None else reads.said(one.alternatives),
            )
            for one in reversed(found.decisions)
        ),
        next_at=state.targets.update if found.declared else None,
        wanted=WANTED[found.wanted] if found.wanted and found.declared else None,
        people=tuple((one.person, one.name) for one in hands(crew, None)),
        own=tuple((one.name, one.reason) for one in found.own),
        reported=state.reports,
        told=found.told_impact is not None,
    )


def _posts(state: Incident, part: MajorPart, names: dict[PersonId, str]) -> Iterator[PostView]:
    """Those of the declaration, with whoever has or had them."""
    found = state.major
    for one in found.posts if found.stage not in ("stand_by", "") else ():
        yield PostView(
            post=one.post,
            title=part.title(one.post),
            duty=part.duty(one.post),
            person=one.person or "",
            name=names.get(one.person or "", ""),
            since=one.since,
            vacant=one.vacant,
            asked=_asked(state, one.post, names),
            left=one.post == COMMANDER and found.left,
        )


def _people(state: Incident, log: Sequence[Recorded]) -> Iterator[PersonId | None]:
    found = state.major
    yield from (one.person for one in found.posts)
    yield from (one.to for one in found.offers)
    yield from (one.by for one in found.methane.letters)
    yield from (one.by for one in found.decisions)
    yield from (one.actor for one in log)
    yield found.moved_by


def _asked(state: Incident, post: str, names: dict[PersonId, str]) -> str:
    offer = state.major.offer(post) if state.major.declared else None
    return "" if offer is None else names.get(offer.to, "")


def _letter(reads: Reads, state: Incident, letter: str, names: dict[PersonId, str]) -> LetterView:
    found = state.major.methane.of(letter)
    known = found is not None and found.words is not None
    return LetterView(
        letter=letter,
        label=LETTER[letter],
        known=known,
        words=reads.said(found.words) if found and known else "",
        at=None if found is None else found.at,
        by="" if found is None else names.get(found.by or "", ""),
        late=found is not None and found.late,
    )


async def _versions(reads: Reads, state: Incident, version: int) -> list[Recorded]:
    if not state.major.methane.version:
        return []
    log = await reads.log(state.stream, version, PAGE)
    return [one for one in log if isinstance(one.event, MethaneWritten)]


def _changes(
    reads: Reads, log: Sequence[Recorded], names: dict[PersonId, str]
) -> Iterator[VersionView]:
    """Each version with what it changed."""
    before: dict[str, Said] = {}
    for rec in log:
        event = rec.event
        assert isinstance(event, MethaneWritten)
        after = {
            one.letter: "" if one.words is None else reads.said(one.words) for one in event.findings
        }
        yield VersionView(
            number=event.number,
            at=event.known_at,
            written_at=rec.at,
            by=names.get(event.by or "", ""),
            late=event.late,
            changes=tuple(
                ChangeView(LETTER[key], before.get(key, ""), said) for key, said in after.items()
            ),
        )
        before |= after


class MajorReads(Reads):
    """What is declared now."""

    async def bands(self, staff: Staff) -> tuple[Band, ...]:
        """Every declared major incident that they may see, the newest first."""
        if not staff.desk:
            return ()
        streams = await self.shared.get("majors", self._declared)
        found: list[Band] = []
        for stream in streams:
            state = await self.state(stream)
            if isinstance(state, Incident) and state.major.declared and may(staff, state):
                found.append(await self._band(state))
        return tuple(sorted(found, key=lambda one: -one.since))

    async def _declared(self) -> tuple[StreamId, ...]:
        wanted: Row = {"ended": 0, "priority": Priority.P1.value}
        rows = await self.store.select("incidents", wanted, order="opened_at", limit=MOST)
        states = await self.engine.look([text(row, "incident") for row in rows])
        return tuple(
            key for key, one in states.items() if isinstance(one, Incident) and one.major.declared
        )

    async def _band(self, state: Incident) -> Band:
        commander = next((x.person for x in state.major.posts if x.post == COMMANDER), None)
        names = await self.names([commander])
        return Band(
            reference=state.reference,
            what=self.playbook.category_name(state.category),
            commander=names.get(commander or "", ""),
            since=state.major.declared_at or 0,
            exercise=state.mode != "live",
        )
