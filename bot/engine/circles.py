"""Who is one person: accounts that were joined, whatever each followed or reported before that.

Whatever is said to many reaches a person once, on one of their ways, unless they wished to hear it
on each. Nothing is moved for that: who is whose account is looked up when it is said, so once
accounts are parted each hears for itself again.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from bot.core.hearing_words import Hears
from bot.core.ids import PersonId, StreamId
from bot.core.listed import ReportRow
from bot.core.person import Person
from bot.engine.handle import Engine
from bot.store.base import Row, Scalar, number, text

MOST = 5_000


async def everybody(engine: Engine, person: PersonId) -> tuple[Person, ...]:
    """Who somebody is, and then all who go on as them; nobody for who is not known."""
    state = (await engine.look([person]))[person]
    if isinstance(state, Person) and state.joined_into:
        state = (await engine.look([state.joined_into]))[state.joined_into]
    if not isinstance(state, Person):
        return ()
    own = [one.person for one in state.own]
    known = await engine.look(own)
    return (state, *(one for each in own if isinstance(one := known[each], Person)))


@dataclass(slots=True)
class Circle:
    """One person: what they follow (`rows`, the closest scope first), and where they reported."""

    root: PersonId
    rows: list[Row] = field(default_factory=list)
    people: tuple[PersonId, ...] = ()
    hears: Hears = field(default_factory=Hears)
    reported: set[Scalar] = field(default_factory=set)

    @property
    def causes(self) -> tuple[str, ...]:
        """What may be unique of copies for them, also as somebody whom they were until just now."""
        own = (f"{self.root}/{text(x, 'person')}/{number(x, 'number')}" for x in self.rows)
        return (self.root, *self.people, *own)

    @property
    def since(self) -> int:
        """When in the log they began to follow it."""
        return min(map(followed_at, self.rows))

    def chosen(self, gone: Collection[Scalar], down: Collection[str]) -> list[Row]:
        """By which subscriptions they are told: one for each place, or one in all. Not where nobody
        is, nor by a channel that is down while there is another; who reported it hears it as such.
        """
        places = {one["seat"]: one for one in reversed(self.rows) if one["seat"] not in gone}
        if self.hears.each:
            return [one for one in places.values() if one["seat"] not in self.reported]
        if self.reported or not places:
            return []
        live = [one for one in places.values() if text(one, "channel") not in down]
        named = [one for one in live if one["channel"] == self.hears.channel]
        return [max(named or live or places.values(), key=followed_at)]


def followed_at(row: Row) -> int:
    """When in the log they began to follow there."""
    return row["since"] if isinstance(row["since"], int) else 0


class Circles:
    """Asked by whoever makes copies for many."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._store = engine.store

    # --- who follows -------------------------------------------------------------------------

    async def following(
        self,
        rows: Sequence[Row],
        scopes: Sequence[str],
        incident: StreamId,
        counts: Callable[[Row], bool],
    ) -> list[Circle]:
        """The people behind some subscriptions, with all that `counts` of what they follow."""
        owners = await self._owners(row["subject"] for row in rows)
        near = {_root(row, owners) for row in rows}
        accounts = await self._accounts(near)
        away = {_root(row, owners) for row in rows if row["person"] != _root(row, owners)}
        wide = {one for one in near if len(accounts.get(one, ())) > 1} | away
        owners |= {subject: one for one in sorted(wide) for subject in accounts.get(one, ())}
        every = {(row["person"], row["number"]): row for row in rows}
        if wide:
            others = await self._others([x for x in owners if owners[x] in wide], scopes)
            every |= {(row["person"], row["number"]): row for row in others if counts(row)}
        circles: dict[PersonId, Circle] = {}
        for row in sorted(every.values(), key=lambda one: scopes.index(text(one, "scope"))):
            root = _root(row, owners)
            circles.setdefault(root, Circle(root)).rows.append(row)
        found = list(circles.values())
        await self._know(found, wide)
        await self._reports(found, incident)
        return found

    async def _owners(self, subjects: Iterable[Scalar]) -> dict[str, PersonId]:
        """Whose accounts they are now, by the subject of each."""
        named = sorted({one for one in subjects if isinstance(one, str)})
        if not named:
            return {}
        rows = await self._store.select("identities", {"subject": named}, limit=MOST)
        return {text(row, "subject"): text(row, "person") for row in rows}

    async def _accounts(self, people: Iterable[PersonId]) -> dict[PersonId, tuple[str, ...]]:
        """The subjects of all accounts of each."""
        rows = await self._store.select("identities", {"person": sorted(people)}, limit=MOST)
        found: dict[PersonId, tuple[str, ...]] = {}
        for row in rows:
            known, subject = found.get(text(row, "person"), ()), text(row, "subject")
            found[text(row, "person")] = known if subject in known else (*known, subject)
        return found

    async def _others(self, subjects: Sequence[str], scopes: Sequence[str]) -> list[Row]:
        where = {"subject": sorted(subjects), "scope": list(scopes)}
        return await self._store.select("subscriptions", where, order="person", limit=MOST)

    async def _know(self, circles: Iterable[Circle], wide: Collection[PersonId]) -> None:
        """Who goes on as them, and what they wish, of those for whom it matters."""
        for one in circles:
            one.people = (one.root, *dict.fromkeys(text(row, "person") for row in one.rows))
        asked = {
            one.root: one
            for one in circles
            if one.root in wide or len({row["seat"] for row in one.rows}) > 1
        }
        for root, state in (await self._engine.look(sorted(asked))).items():
            if isinstance(state, Person):
                asked[root].hears = state.hears
                asked[root].people += tuple(each.person for each in state.own)

    async def _reports(self, circles: Sequence[Circle], incident: StreamId) -> None:
        """Where they hear of it since they reported it."""
        whose = {person: one for one in circles for person in one.people}
        for row in await self._reported(incident, whose) if whose else ():
            whose[text(row, "person")].reported.add(row["seat"])

    async def _reported(self, incident: StreamId, people: Iterable[PersonId]) -> list[Row]:
        """Reports of theirs on which they are told of it."""
        where: dict[str, Scalar | Sequence[Scalar]] = {"incident": incident}
        where["person"] = sorted(people)
        rows = await self._store.select("reports", where, order="report", limit=MOST)
        decode = self._engine.codec.decode_row
        return [
            row
            for row in rows
            if row["seat"] is not None and decode(ReportRow, text(row, "body")).stage != "withdrawn"
        ]

    # --- who reported ------------------------------------------------------------------------

    async def told_on(
        self, incident: StreamId, reports: Iterable[tuple[StreamId, str]]
    ) -> dict[StreamId, bool]:
        """Of some reports (each with its subject), those of people with several accounts: whether
        it is on this one, the newest, that they hear it. Not of who wishes to hear it on each.
        """
        owners = await self._owners(subject for _, subject in reports)
        accounts = await self._accounts(set(owners.values())) if owners else {}
        wide = sorted(one for one, subjects in accounts.items() if len(subjects) > 1)
        found: dict[StreamId, bool] = {}
        for root, state in (await self._engine.look(wide)).items():
            if not isinstance(state, Person) or state.hears.each:
                continue
            family = (root, *(each.person for each in state.own))
            own = [text(row, "report") for row in await self._reported(incident, family)]
            found |= {one: one == own[-1] for one in own}
        return found


def _root(row: Row, owners: dict[str, PersonId]) -> PersonId:
    """Who it is that follows: an account that stands for nobody else is its own."""
    return owners.get(str(row["subject"]), text(row, "person"))
