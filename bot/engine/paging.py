"""Pages: who of the staff is called, as they are when it is sent, and on which of their ways.

A page names people, roles and teams (`notices.page`). Each person is one row for each place where
they read us alone: the accounts that they joined, a confirmed address of mail, and their desk.
Roles and teams are called where they work together, too, beneath the card. Whoever is off is
called only when nobody else of that party is there. A page that would reach nobody goes to the
administrators, and stays in the list of what did not arrive until somebody has looked at it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.access import calls_anybody, holds_task, may_see
from bot.core.commands import Actor, Place
from bot.core.fold import State
from bot.core.handling import STAFF
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.listed import PersonRow
from bot.core.notices import ALONE, BUT
from bot.core.parties import Party
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.playbook_assess import team_place
from bot.core.report import Report
from bot.engine.deliver_lines import CALL
from bot.engine.handle import Engine
from bot.engine.hub import Changed, News
from bot.engine.spots import is_open
from bot.store.base import Op, Patch, Put, Row, Scalar, text

DESK = "desk"
"""The channel of whoever works at the desk: a mailbox of each, which the page shows."""
NOBODY = "failed: nobody could be called"
AWAY = "away"
BY_NAME = "name:"
INSTEAD = "instead:"
"""What a row notes of itself: whom it names, in whose stead it is said."""
CLOCKS = ("alarm:", "target:", "unclaimed:")
"""How families of calls begin that a clock brings."""
EVERYBODY = 100_000
ADMINISTRATORS = Party(of="role", key="administrator")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here, as the list of people has them."""

    person: PersonId
    row: PersonRow

    def is_of(self, party: Party) -> bool:
        """Whether a party has them in it."""
        if party.of == "person":
            return self.person == party.key
        return party.key in (self.row.roles if party.of == "role" else self.row.teams)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call; `away`: only since nobody else of that party is there."""

    person: PersonId
    away: bool = False


@dataclass(slots=True)
class Called:
    """Whom a page comes to: rows by what makes each unique."""

    rows: dict[str, Row] = field(default_factory=dict)


def parties_in(scope: str) -> tuple[tuple[Party, ...], bool]:
    """Whom a page names, and whether they alone are told."""
    named = [one for one in scope.split(",") if one]
    found = tuple(
        Party.model_validate(one) for one in named if one != ALONE and not one.startswith(BUT)
    )
    return found, ALONE in named


def left_out(scope: str) -> frozenset[PersonId]:
    """Who is not called, whatever they are a part of."""
    return frozenset(x.removeprefix(BUT) for x in scope.split(",") if x.startswith(BUT))


def family(row: Row, stream: StreamId, slept: bool) -> str:
    """What a newer page stands in for while it has not gone out; after the house `slept` all that
    clocks call for of one thing, but distress, which stands for itself, as do people's words.
    """
    own = text(row, "family")
    if slept and own.startswith(CLOCKS) and "distress" not in own:
        return of_all(stream)
    return f"{CALL}{own}" if own else ""


def of_all(stream: StreamId) -> str:
    """The family of what is called for while the house slept."""
    return f"{CALL}{stream}"


def called(party: Party, everybody: Sequence[Colleague]) -> list[Call]:
    """Those of a party who are there; who is off only when all of them are."""
    members = [one for one in everybody if one.is_of(party)]
    there = [one for one in members if not one.row.off]
    return [Call(one.person, away=not there) for one in there or members]


class Pages:
    """Makes the rows of a page."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._kept: tuple[int, Sequence[Colleague]] | None = None
        self._changes = 0
        engine.hub.listen(self._hear)

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed) and "people" in news.tables:
            self._changes += 1

    async def unfold(
        self, row: Row, stream: StreamId, scope: str, slept: bool = False
    ) -> tuple[list[Op], str]:
        """What makes all of its rows, to be written at once; `NOBODY` when no one could be called,
        else "". After the house `slept`, somebody is called once to one thing (`PageCards.whole`).
        """
        row = {**row, "family": family(row, stream, slept)}
        found, known = Called(), await self._known(stream)
        parties, alone = parties_in(scope)
        without = left_out(scope)
        everybody = [one for one in await self._everybody() if one.person not in without]
        for party in parties:
            await self._party(row, found, party, everybody, known, stream)
            if not alone:
                self._places(row, found, party, known, stream)
        empty = not found.rows
        if empty:
            await self._party(row, found, ADMINISTRATORS, everybody, known, stream)
        ops: list[Op] = [Put("outbox", one) for one in found.rows.values()]
        progress = json.dumps({"after": None, "made": len(ops), "skipped": 0})
        ended: dict[str, Scalar] = {"state": "delivered", "body": ""}
        if empty:
            ended = {"state": "dead", "reason": NOBODY}
        ops.append(Patch("outbox", {"id": row["id"]}, {"progress": progress, **ended}))
        return ops, NOBODY if empty else ""

    # --- people ----------------------------------------------------------------------------

    async def _everybody(self) -> Sequence[Colleague]:
        """All who have joined and were not shut out, in the order of their ids; kept at hand until
        one of them changes.
        """
        as_of = self._changes + self._engine.doubts
        if self._kept is None or self._kept[0] != as_of:
            self._kept = as_of, await self._read()
        return self._kept[1]

    async def _read(self) -> list[Colleague]:
        rows = await self._engine.store.select(
            "people", {"disabled": 0}, order="person", limit=EVERYBODY
        )
        decode = self._engine.codec.decode_row
        every = (Colleague(text(x, "person"), decode(PersonRow, text(x, "body"))) for x in rows)
        return [one for one in every if one.row.invited_until is None]

    async def _known(self, stream: StreamId) -> Mapping[StreamId, State | None]:
        """What the page is about, and the incident behind a report."""
        found = dict(await self._engine.look([stream]))
        about = found[stream]
        if isinstance(about, Report) and about.incident is not None:
            found |= await self._engine.look([about.incident])
        return found

    async def _party(
        self,
        row: Row,
        found: Called,
        party: Party,
        everybody: Sequence[Colleague],
        known: Mapping[StreamId, State | None],
        stream: StreamId,
    ) -> None:
        calls = called(party, everybody)
        states = await self._engine.look([one.person for one in calls])
        for call in calls:
            state = states[call.person]
            if not isinstance(state, Person) or not may_be_called(state, known.get(stream), known):
                continue
            seats = list(seats_of(self._engine, state))
            for key, seat in seats:
                note = AWAY if call.away else ""
                self._put(row, found, f"{state.stream}/{key}", key, seat.channel, note)
            if party.of == "person" and not seats:
                self._shown_in(row, found, state, known, stream)

    # --- places ----------------------------------------------------------------------------

    def _places(
        self,
        row: Row,
        found: Called,
        party: Party,
        known: Mapping[StreamId, State | None],
        stream: StreamId,
    ) -> None:
        """Where a role or team works together; nothing of what only a few may see."""
        if party.of == "person" or not stands_open(known.get(stream), known):
            return
        for name in self._named(party, known.get(stream)):
            for at in self._engine.standins.at(name, known.get(stream)):
                self._place(row, found, at, stream)

    def _named(self, party: Party, state: State | None) -> Iterable[str]:
        playbook = self._engine.editions.current
        if party.of == "team":
            team = playbook.teams.get(party.key)
            return () if team is None else (team.place,)
        if party.key == "agent":
            return (team_place(playbook, state.category if isinstance(state, Incident) else ""),)
        return tuple(key for key, one in playbook.places.items() if one.grants == party.key)

    def _place(self, row: Row, found: Called, at: Place, stream: StreamId, note: str = "") -> None:
        if at.channel not in self._engine.parts.channels:
            return
        seat = self._engine.codec.seat_key(at.channel, at.address)
        self._put(row, found, f"{stream}/{seat}", seat, at.channel, note)

    def _shown_in(
        self,
        row: Row,
        found: Called,
        state: Person,
        known: Mapping[StreamId, State | None],
        stream: StreamId,
    ) -> None:
        """Who works here by being in a place alone is called there, by name; what few may see, and
        distress, where we speak with them alone. What is about a customer stands in no place of
        many.
        """
        own = getattr(known.get(stream), "subject", None)
        if row["subject"] not in (None, own):
            return
        if not stands_open(known.get(stream), known):
            for key, seat in alone_of(self._engine, state):
                self._put(row, found, f"{state.stream}/{key}", key, seat.channel, "")
            return
        if state.shown_in and stands_open(known.get(stream), known):
            for at in self._engine.parts.places.get(state.shown_in, ()):
                self._place(row, found, at, stream, f"{BY_NAME}{state.stream}")

    def _put(
        self, row: Row, found: Called, member: str, seat: str, channel: str, note: str
    ) -> None:
        """A row, unless somebody of another party has brought the same."""
        cause = f"{text(row, 'cause')}/{member}"
        own = {"id": None, "member": member, "cause": cause, "target": seat, "channel": channel}
        found.rows.setdefault(member, {**row, **own, "progress": note})


def may_be_called(
    state: Person, about: State | None, known: Mapping[StreamId, State | None]
) -> bool:
    """Whether they work here now, and may know of what they are called to."""
    if state.disabled or state.joined_into or state.program is not None:
        return False
    return may_know(Actor(person=state.stream, roles=state.roles), about, known)


def may_know(actor: Actor, about: State | None, known: Mapping[StreamId, State | None]) -> bool:
    """Whether somebody may know to what they are called."""
    behind = known.get(about.incident or "") if isinstance(about, Report) else about
    comes = calls_anybody(behind) and any(one in STAFF for one in actor.roles)
    return comes or may_see(actor, about, known) or holds_task(actor, about)


def stands_open(about: State | None, known: Mapping[StreamId, State | None]) -> bool:
    """Whether a whole team may read of it: nothing restricted, nobody's distress."""
    if isinstance(about, Report) and about.care.since is not None:
        return False
    behind = known.get(about.incident or "") if isinstance(about, Report) else None
    return is_open(about) and not (isinstance(behind, Incident) and not is_open(behind))


def seats_of(engine: Engine, state: Person) -> Iterator[tuple[str, Seat]]:
    """Where they read what is said to them alone, each by its key."""
    channels = engine.parts.channels
    if DESK in channels and state.roles:
        yield _desk_of(engine, state)
    own = [one.seat for one in state.own]
    hears = {name: one.capabilities.hears for name, one in channels.items()}
    pulled = {name for name, one in channels.items() if one.capabilities.pulled}
    mailed = [x.seat for x in state.subscriptions if not hears.get(x.seat.channel, True)]
    for seat in (*own, *mailed):
        key = seat.key.open(engine.codec.open)
        if seat.channel in channels and seat.channel not in pulled and isinstance(key, str):
            yield key, seat


def alone_of(engine: Engine, state: Person) -> Iterator[tuple[str, Seat]]:
    """Where we could speak alone with who works here by being in a place."""
    seat = state.shown_alone
    key = None if seat is None else seat.key.open(engine.codec.open)
    if seat is not None and isinstance(key, str) and seat.channel in engine.parts.channels:
        yield key, seat


def _desk_of(engine: Engine, state: Person) -> tuple[str, Seat]:
    key = engine.codec.seat_key(DESK, state.stream)
    own, address = Personal(state.subject, key), Personal(state.subject, state.stream)
    return key, Seat(channel=DESK, key=own, address=address)
