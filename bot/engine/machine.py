"""The engine with all its workers, on whatever store, clock and chance it is given."""

from collections.abc import Sequence

import structlog

from bot.core.desk_words import AdoptPlaybook
from bot.core.errors import MusterError
from bot.core.ids import DESK
from bot.core.person_words import Role
from bot.core.playbook import Playbook
from bot.core.playbook_parse import parse
from bot.engine.checkpoint import Checkpoints, Witness
from bot.engine.choosing import Chooser
from bot.engine.deliver import Deliveries
from bot.engine.deliver_placed import Placed
from bot.engine.deliver_topics import Topics
from bot.engine.dos import Dos
from bot.engine.erase import Eraser
from bot.engine.fallback import Fallback
from bot.engine.handle import Engine
from bot.engine.hub import Hub
from bot.engine.leisure import Leisure
from bot.engine.links import invitation
from bot.engine.loops import Loop
from bot.engine.metrics import Metrics
from bot.engine.other_ways import OtherWays
from bot.engine.own_places import OwnPlaces
from bot.engine.parts import Parts
from bot.engine.ports import Speech
from bot.engine.prepare import Planned
from bot.engine.reach import Reach
from bot.engine.remove import Removals
from bot.engine.roster import Roster
from bot.engine.settle import Settling
from bot.engine.sweep import Sweep
from bot.engine.timers import Timers
from bot.engine.typing import Typings
from bot.engine.verify import Report, Verifier
from bot.store.base import Put, Range, Scalar, text

log = structlog.get_logger(__name__)

EDITIONS = 1_000


class Machine:
    """`begin` lets commands in, `start` the workers too, `stop` drains. The store is open."""

    def __init__(self, parts: Parts, witness: Witness, built_in: Playbook, speech: Speech) -> None:
        self.parts = parts
        self.witness = witness
        self.hub = Hub()
        self.metrics = Metrics()
        self.engine = Engine(parts, self.hub, self.metrics)
        self.timers = Timers(self.engine)
        self.dos = Dos(self.engine)
        self.leisure = Leisure(self.engine)
        self.removals = Removals(self.engine)
        self.eraser = Eraser(self.engine, self.dos.turn, self.removals)
        self.checkpoints = Checkpoints(parts.store, parts.codec, parts.clock, witness)
        self.deliveries = Deliveries(self.engine, speech)
        self.deliveries.intake.on_unfolded = self.dos.wake
        self.deliveries.ends.on_lost = self.dos.wake
        self.deliveries.intake.is_behind = lambda: self.timers.behind
        self.deliveries.intake.overslept = self.timers.overslept
        self.timers.on_caught_up = self.deliveries.wake
        self.typings = Typings(self.engine, self.deliveries)
        self.topics = Topics(self.engine, speech, self.deliveries)
        self.own_places = OwnPlaces(self.engine, self.deliveries.asides)
        self.settling = Settling(self.engine, self.deliveries)
        placed = Placed(self.engine, self.deliveries)
        self.fallback = Fallback(self.engine, self.deliveries, placed)
        self.other_ways = OtherWays(self.engine, self.deliveries)
        self.sweep = Sweep(parts.store, parts.clock)
        self._built_in = built_in
        self._workers: list[Loop] = [
            self.dos,
            self.timers,
            self.leisure,
            self.topics,
            self.own_places,
            self.deliveries,
            placed,
            self.fallback,
            self.other_ways,
            self.typings,
            self.settling,
            self.eraser,
            self.removals,
            self.checkpoints,
            self.sweep,
        ]
        self.engine.on_work = self._noticed
        self.engine.on_doubt = self._doubted
        self.engine.beside.reach = Reach(self.engine)
        self.engine.beside.choose = Chooser(self.engine, Roster.of(self.engine))

    def add(self, worker: Loop) -> None:
        """One more worker, before `start`."""
        self._workers.append(worker)

    @property
    def workers(self) -> Sequence[Loop]:
        """All of them."""
        return tuple(self._workers)

    @property
    def alive(self) -> bool:
        """Every worker is turning."""
        return all(worker.alive for worker in self._workers)

    def _noticed(self, planned: Planned) -> None:
        self.timers.notice(planned)
        self.dos.notice(planned)
        self.leisure.notice(planned)
        self.deliveries.notice(planned)
        self.topics.notice(planned)
        self.own_places.notice(planned)
        self.settling.notice(planned)
        self.eraser.notice(planned)

    def _doubted(self) -> None:
        """What was committed after all was noticed by nobody."""
        for worker in self._workers:
            worker.untold()

    async def begin(self) -> None:
        """Let the engine take commands by the playbook that was adopted last."""
        editions = self.engine.editions
        editions.add(self._built_in.version, self._built_in)
        editions.adopt(self._built_in.version)
        rows = await self.parts.store.select("playbooks", order="at", limit=EDITIONS)
        for row in rows:
            read = parse(text(row, "text"), text(row, "name"))
            if isinstance(read, Playbook):
                editions.add(read.version, read)
                editions.adopt(read.version)
        await self.engine.start()

    async def start(self) -> None:
        """Begin to work: timers, Dos, erasures, checkpoints."""
        for worker in self._workers:
            await worker.start()

    async def stop(self) -> None:
        """Let nobody in any more and finish what is in; a last checkpoint covers it."""
        for worker in reversed(self._workers):
            await worker.stop()
        await self.engine.drain()
        try:
            await self.checkpoints.write()
        except MusterError as trouble:
            log.warning("the last checkpoint was not written", reason=str(trouble))

    async def adopt(self, playbook: Playbook, words: str) -> None:
        """Work by this playbook from now on; `words` is the text of its file."""
        languages = playbook.organisation.languages
        name = playbook.organisation.name.pick(*languages)
        row: dict[str, Scalar] = {
            "version": playbook.version,
            "name": name,
            "at": self.parts.clock.now(),
            "text": words,
        }
        await self.parts.store.write([Put("playbooks", row)])
        self.engine.editions.add(playbook.version, playbook)
        self.engine.editions.adopt(playbook.version)
        command = AdoptPlaybook(version=playbook.version, name=name)
        await self.engine.house(command, DESK, "start", playbook.version)

    async def invite(self, roles: tuple[Role, ...]) -> str:
        """A one-time token for somebody who is to have these roles."""
        made, command = invitation(self.parts, roles)
        await self.engine.house(command, command.person, "cli", "invite")
        return made.token

    async def nobody_yet(self) -> bool:
        """Whether nobody has joined the staff so far."""
        joined = {"invitation": None, "disabled": 0}
        some = Range("roles", above="")  # Who works here by a place alone has none of their own.
        return not await self.parts.store.select("people", joined, within=some, limit=1)

    async def verify(self) -> Report:
        """Check everything that is stored."""
        parts = self.parts
        return await Verifier(parts.book, parts.store, parts.codec, self.witness).run()
