"""A batch of jobs made ready to commit: read once, find whom each is for, decide, encode."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from bot.core import ids
from bot.core.access import NOT_FOUND
from bot.core.commands import SYSTEM, Actor, Answer, Envelope, Refused
from bot.core.context import Context
from bot.core.errors import StoreDown
from bot.core.ids import DESK, PersonId, StreamId
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.ask import Asked, Asker
from bot.engine.editions import Editions
from bot.engine.fetch import Fetcher, caller
from bot.engine.parts import Parts
from bot.engine.queue import Job
from bot.engine.resolve import Directory, NoSuchTarget, Somebody, holds_both
from bot.engine.rows import Writer
from bot.engine.streams import Live, Streams
from bot.engine.work import Work, work
from bot.store.base import DedupeRow, Loaded, Op, Patch, Put, Unit

log = structlog.get_logger(__name__)

MINTS_PER_JOB = 4

NOT_SAVED = Answer(
    outcome="refused",
    code="not_saved",
    text=t("We could not save this right now. Please try again in a minute."),
)
GONE = Answer(outcome="refused", code="gone")


@dataclass(slots=True)
class Planned:
    """A job with its answer, and the unit to commit before the answer may be given."""

    job: Job
    answer: Answer
    unit: Unit | None = None
    before: Live | None = None
    after: Live | None = None
    work: Work | None = None
    actor: Actor = SYSTEM
    identity: str = ""
    somebody: Somebody | None = None
    met: bool = False
    seat: Seat | None = None


class Preparer:
    """Reads for a batch, then decides each job on fresh state. The only I/O is reading."""

    def __init__(
        self,
        parts: Parts,
        streams: Streams,
        directory: Directory,
        editions: Editions,
        claim: Callable[[Job, str], bool],
    ) -> None:
        self._book = parts.book
        self._store = parts.store
        self._codec = parts.codec
        self._clock = parts.clock
        self._chance = parts.chance
        self._streams = streams
        self._directory = directory
        self._editions = editions
        self._claim = claim
        self._writer = Writer(parts.book, parts.codec, parts.hangs)
        self._fetcher = Fetcher(parts, streams, directory)
        self.bring = self._fetcher.bring
        self.look = self._fetcher.look
        self._asker = Asker(parts, streams, directory, self.bring)

    async def batch(self, jobs: list[Job]) -> tuple[list[Planned], list[tuple[Job, StreamId]]]:
        """Every job planned, and those that must wait for a stream that is busy, with that one."""
        await self._codec.keys.ensure(MINTS_PER_JOB * len(jobs))
        loaded = await self._fetcher.first(jobs)
        planned: list[Planned] = []
        asked: list[tuple[Job, Asked]] = []
        parked: list[tuple[Job, StreamId]] = []
        for job in jobs:
            found = await self._asked(job, loaded)
            if isinstance(found, Planned):
                planned.append(found)
            elif (busy := self._busy(job, found)) is None:
                asked.append((job, found))
            else:
                job.stream = found.stream
                parked.append((job, busy))
        await self._bring_all(asked)
        gone = await self._fetcher.gone([job for job, _ in asked])
        for job, who in asked:
            planned.append(Planned(job, GONE) if id(job) in gone else self._plan(job, who))
        return planned, parked

    def _busy(self, job: Job, found: Asked) -> StreamId | None:
        """The first stream that the job needs for itself and cannot have yet; None: it has all.

        Whoever changes a person is held together with that person, so that what they may do
        is true until the change is committed. Everybody takes streams in the same order, and
        keeps what they have while they wait: nobody waits for one another in a circle.
        """
        needed = [found.stream]
        if found.somebody is not None and holds_both(job.envelope.command):
            needed = sorted({found.stream, found.somebody.person})
        for stream in needed:
            if stream not in job.held and not self._claim(job, stream):
                return stream
        return None

    async def _asked(self, job: Job, loaded: Loaded) -> Asked | Planned:
        """For which stream it is, unless that does not matter: a repeat, or nothing there."""
        try:
            return self._repeat(job, loaded) or await self._asker.ask(job)
        except NoSuchTarget:
            return Planned(job, _refusal(NOT_FOUND))
        except StoreDown as trouble:
            log.warning("not read", reason=str(trouble))
            return Planned(job, NOT_SAVED)
        except Exception:
            log.exception("a command cannot be read", command=job.envelope.command.tag)
            return Planned(job, NOT_SAVED)

    async def _bring_all(self, asked: list[tuple[Job, Asked]]) -> None:
        await self._bring_new(
            one for job, who in asked for one in (who.stream, *self._reads(job, who.actor.person))
        )
        await self._bring_new(one for job, who in asked for one in self._behind(job, who))
        for job, who in asked:
            if self._book.rules[type(job.envelope.command)].erases:
                await self._fetcher.blanks(job, who.stream)

    async def _bring_new(self, streams: Iterable[StreamId]) -> None:
        wanted = dict.fromkeys(one for one in streams if self._streams.get(one) is None)
        if wanted:
            await self.bring(list(wanted))

    def _behind(self, job: Job, who: Asked) -> tuple[StreamId, ...]:
        """The incident of a report, by which the gate judges whoever has it by a role."""
        live = self._streams.get(who.stream)
        report = None if live is None else live.state
        if not isinstance(report, Report) or report.incident is None or who.actor.is_system:
            return ()
        roles = self._book.rules[type(job.envelope.command)].roles
        return (report.incident,) if roles and not who.actor.stands_for(report.person) else ()

    def _reads(self, job: Job, person: PersonId | None) -> tuple[StreamId, ...]:
        rule = self._book.rules[type(job.envelope.command)]
        declared = tuple(one for one in rule.reads(job.envelope.command) if _is_stream(one))
        return declared if person is None else (person, *declared)

    # --- repeats ---------------------------------------------------------------------------

    def _repeat(self, job: Job, loaded: Loaded) -> Planned | None:
        row = loaded.answered.get(job.dedupe) if job.identity else None
        if row is None:
            return None
        if row.payload != self._digest(job):
            return Planned(
                job,
                Answer(
                    outcome="refused",
                    code="key_reused",
                    text=t("This was sent before with other content. Send it again as a new one."),
                ),
            )
        answer = Answer.model_validate_json(self._codec.open_house(row.answer))
        return Planned(job, answer.model_copy(update={"repeat": True}))

    # --- deciding --------------------------------------------------------------------------

    def _plan(self, job: Job, who: Asked) -> Planned:
        before = self._streams.get(who.stream)
        if before is None:
            return Planned(job, NOT_SAVED)
        cause = job.envelope.cause or who.actor.evidence
        try:
            ctx = self._context(job, who, before)
            done = work(self._book, before.state, job.envelope.command, ctx, cause)
            if isinstance(done, Refused):
                return self._refused(job, who, before, done)
            return self._done(job, who, before, done)
        except Exception as fault:  # A decider may raise anything; the wall stands here.
            return self._faulty(job, who, before, fault)

    def _faulty(self, job: Job, who: Asked, before: Live, fault: Exception) -> Planned:
        try:
            return self._quarantined(job, who, before, fault)
        except Exception:
            log.exception("cannot even be quarantined", command=job.envelope.command.tag)
        ops = tuple(_ended(job, "dead", "failed"))
        if not ops:
            return Planned(job, NOT_SAVED)
        answer = Answer(outcome="refused", code="failed", text=NOT_SAVED.text)
        return self._commit_of(job, who, before, Work(before.state, before.version), answer, ops)

    def _context(self, job: Job, who: Asked, before: Live) -> Context:
        reads = {}
        for stream in self._reads(job, who.actor.person):
            live = self._streams.get(stream)
            reads[stream] = None if live is None else live.state
        for stream in self._behind(job, who):
            if (live := self._streams.get(stream)) is not None:  # else it cannot be read
                reads[stream] = live.state
        return Context(
            at=self._clock.now(),
            actor=who.actor,
            stream=who.stream,
            version=before.version,
            entry=job.envelope.entry,
            identity=self._identity(who),
            seat=who.seat,
            source_at=job.envelope.source_at,
            playbook=self._editions.current,
            chance=self._chance,
            mint_subject=self._codec.keys.mint,
            edition=self._editions.edition,
            reads=reads,
            people=job.known.people,
            reach=job.known.reach,
            likely=job.known.likely,
            crew=job.known.crew,
            alone=who.alone,
        )

    def _identity(self, who: Asked) -> Personal | None:
        if who.somebody is None:
            return None
        return Personal(who.somebody.subject, who.identity)

    def _done(self, job: Job, who: Asked, before: Live, done: Work) -> Planned:
        data = {"stream": who.stream, "version": done.version}
        reference = getattr(done.state, "reference", None)
        if reference is not None:
            data["reference"] = reference
        if done.events:
            first = done.events[0].event
            data["happened"] = first.tag
            if number := getattr(first, "number", 0):
                data["number"] = number
        answer = Answer.model_construct(outcome="done", text=None, code="", data=data, repeat=False)
        planned = self._commit_of(job, who, before, done, answer, job.ops)
        planned.work = done
        return planned

    def _refused(self, job: Job, who: Asked, before: Live, refused: Refused) -> Planned:
        answer = _refusal(refused)
        if refused.transient or job.envelope.anew:
            return Planned(job, answer)
        ops = (*_ended(job, "refused", refused.code), *self._send_back(job, refused))
        return self._commit_of(job, who, before, Work(before.state, before.version), answer, ops)

    def _send_back(self, job: Job, refused: Refused) -> Iterator[Op]:
        rule = self._book.rules[type(job.envelope.command)]
        command = None
        if job.source and rule.sends_back is not None:
            command = rule.sends_back(job.envelope.command, refused)
        if command is not None:
            yield self._writer.do(job.stream, job.source, command, job.envelope.cause or "back")

    def _commit_of(
        self,
        job: Job,
        who: Asked,
        before: Live,
        done: Work,
        answer: Answer,
        ops: tuple[Op, ...],
    ) -> Planned:
        met = self._meeting(job, who, done)
        dedupe = self._dedupe(job, answer)
        unit, after = self._writer.unit(before, done, dedupe, (*ops, *met))
        if not unit.events and unit.dedupe is None and not unit.ops:
            return Planned(job, answer)
        return Planned(
            job,
            answer,
            unit=unit,
            before=before,
            after=after,
            actor=who.actor,
            identity=who.identity,
            somebody=who.somebody,
            met=bool(met),
            seat=who.seat,
        )

    def _meeting(self, job: Job, who: Asked, done: Work) -> list[Op]:
        """The identity of somebody new, in the unit that meets them.

        Whoever joins the staff by a link becomes that person, whose own rows say so.
        """
        somebody = who.somebody
        if somebody is None or not somebody.fresh or not done.events:
            return []
        if not _is_own(who) and not self._book.rules[type(job.envelope.command)].meets:
            return []
        row = {
            "identity": who.identity,
            "person": somebody.person,
            "subject": somebody.subject,
        }
        return [Put("identities", row, new=True)]

    def _dedupe(self, job: Job, answer: Answer) -> DedupeRow | None:
        if not job.identity:
            return None
        sealed = self._codec.seal_house(answer.model_dump_json().encode())
        return DedupeRow(job.dedupe, self._digest(job), sealed, self._clock.now())

    def _digest(self, job: Job) -> bytes:
        command = job.envelope.command
        try:
            said = job.envelope.said or command.model_dump_json()
        except ValueError:  # Half a surrogate pair is nothing that JSON can say.
            said = repr(command)
        return self._codec.digest(command.tag, said)

    def _quarantined(self, job: Job, who: Asked, before: Live, fault: Exception) -> Planned:
        log.warning("quarantined", stream=who.stream, command=job.envelope.command.tag)
        answer = Answer(
            outcome="quarantined",
            code="quarantined",
            text=t(
                "Something went wrong on our side. Your message was kept and a person will look "
                "at it. If it is urgent, please call."
            ),
        )
        kept = {
            "envelope": _kept(job.envelope),
            "command": self._codec.encode_command(job.envelope.command),
            "fault": "".join(traceback.format_exception(fault)),
        }
        row = {
            "id": None,
            "at": self._clock.now(),
            "stream": who.stream,
            "command": job.envelope.command.tag,
            "state": "waiting",
            "reason": type(fault).__name__,
            "subject": None if who.somebody is None else who.somebody.subject,
            "body": self._codec.seal_note(kept, who.somebody.subject if who.somebody else None),
        }
        ops = (*_ended(job, "dead", "failed"), Put("quarantine", row))
        return self._commit_of(job, who, before, Work(before.state, before.version), answer, ops)


def _ended(job: Job, state: str, reason: str) -> Iterator[Op]:
    """What becomes of the row that brought a command which is not done: a Do stays listed.

    Whatever else was to be written with the command is not.
    """
    op = caller(job)
    if op is not None and op.table == "outbox":
        yield Patch("outbox", op.where, {"state": state, "reason": reason})
    elif op is not None:
        yield op


def _kept(envelope: Envelope) -> dict[str, Any]:
    """What of an envelope is needed to hand its command in again."""
    kept = {name: getattr(envelope, name) for name in ("entry", "source", "cause", "language")}
    for name in ("identity", "place"):
        value = getattr(envelope, name)
        kept[name] = None if value is None else asdict(value)
    kept["source_at"] = envelope.source_at
    return kept


def _is_own(who: Asked) -> bool:
    """Whether the stream is one that a first contact begins: a report, or one's own person."""
    return ids.kind_of(who.stream) != "person" or who.stream == who.actor.person


def _is_stream(name: str) -> bool:
    try:
        ids.kind_of(name)
    except ValueError:
        return False
    return name == DESK or bool(name)


def _refusal(refused: Refused) -> Answer:
    return Answer(outcome="refused", code=refused.code, text=refused.text)
