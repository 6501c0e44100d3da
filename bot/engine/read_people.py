"""Who works here: roles, who can be asked, who carries how much now; links that are still open."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.ids import Millis, PersonId, kind_of
from bot.core.person import Person
from bot.core.person_words import ROLES, SignInRenewed
from bot.core.texts import Text, Words, t
from bot.engine.read import Invitation, Said, Staff
from bot.engine.read_joining import Account, JoiningReads
from bot.engine.sessions import serving
from bot.store.base import text

CREW_ROLES = ("supervisor", "administrator")
MOST = 1_000

Held = Mapping[PersonId, list[str]]
"""References by whose they are; one for each task."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has joined. `owns` and `tasks` are references of incidents, one per task.

    `name` is None once it was erased; `reset_until` is when the link of a reset ends, if one
    is open; `devices` how many sign-ins they have. `by_place` names the place by being in which
    they work here, for who has no account of their own.
    """

    person: PersonId
    version: int
    name: Said
    roles: tuple[str, ...]
    available: bool
    disabled: bool
    owns: tuple[str, ...]
    tasks: tuple[str, ...]
    devices: int
    reset_until: Millis | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    teams: tuple[str, ...]
    areas: tuple[str, ...]
    off: bool
    away_until: Millis | None
    accounts: tuple[Account, ...]
    by_place: Words | Text | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A link that waits for somebody; `over` when its time has passed."""

    person: PersonId
    version: int
    roles: tuple[str, ...]
    until: Millis
    over: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """`here` by name; `gone` are closed accounts, first those that still hold something."""

    here: tuple[Member, ...]
    gone: tuple[Member, ...]
    invited: tuple[Invited, ...]


class PeopleReads(JoiningReads):
    """Queries about the staff, for those who lead them."""

    async def crew(self, staff: Staff) -> Crew:
        """Everybody, as of now; nobody for those who may not ask."""
        if not staff.has(*CREW_ROLES):
            return Crew((), (), ())
        rows = await self.store.select("people", order="person", limit=MOST)
        (owns, tasks), devices = await self.roster.loads(), await self._devices()
        members: list[Member] = []
        invited: list[Invited] = []
        for row in rows:
            live = await self.engine.live(text(row, "person"))
            if not isinstance(live.state, Person):
                continue
            state, version = live.state, live.version
            if state.invitation is not None:
                invited.append(self._invited(state, version))
            elif state.called is not None and not (state.disabled and state.erased):
                began = devices[state.stream]
                members.append(self._member(state, version, owns, tasks, began))
        return Crew(
            here=tuple(sorted((one for one in members if not one.disabled), key=_by_name)),
            gone=tuple(sorted((one for one in members if one.disabled), key=_by_load)),
            invited=tuple(sorted(invited, key=lambda one: (one.over, one.until))),
        )

    async def way_back(self, person: PersonId, token: str) -> Invitation:
        """What the link of a reset is for. Looking does not use it up."""
        try:
            known = await self.person(person) if kind_of(person) == "person" else None
        except ValueError:
            known = None
        link = None if known is None or known.disabled else known.reset
        key = self.codec.token_hash(token)
        if known is None or link is None or link.token != key:
            return Invitation("unknown")
        why = "expired" if self.now >= link.until else ""
        name = self.said(known.name) or ""
        return Invitation(why, person, key, name, known.roles, link.until)

    async def renewed_at(self, person: PersonId) -> Millis | None:
        """When somebody came back by a link last."""
        version = (await self.engine.live(person)).version
        log = reversed(await self.log(person, version))
        return next((one.at for one in log if isinstance(one.event, SignInRenewed)), None)

    def _member(
        self, state: Person, version: int, owns: Held, tasks: Held, began: list[Millis]
    ) -> Member:
        return Member(
            person=state.stream,
            version=version,
            name=self.said(state.called),
            roles=_in_order(state.roles),
            available=state.available,
            disabled=state.disabled,
            owns=tuple(owns.get(state.stream, ())),
            tasks=tuple(tasks.get(state.stream, ())),
            devices=sum(at >= state.signed_out_at for at in began),
            reset_until=None if state.reset is None else state.reset.until,
            skills=state.skills,
            languages=state.languages,
            teams=state.teams,
            areas=state.areas,
            off=state.off,
            away_until=state.away_until,
            accounts=self.accounts(state),
            by_place=self._by_place(state),
        )

    def _by_place(self, state: Person) -> Words | Text | None:
        if state.name is not None:
            return None
        place = self.playbook.places.get(state.shown_in)
        return t("a group of theirs") if place is None else place.name

    def _invited(self, state: Person, version: int) -> Invited:
        until = state.invitation.until if state.invitation else 0
        over = self.now >= until
        return Invited(state.stream, version, _in_order(state.roles), until, over)

    async def _devices(self) -> dict[PersonId, list[Millis]]:
        """When the sign-ins that serve began, by whose they are."""
        found: dict[PersonId, list[Millis]] = defaultdict(list)
        for one in await serving(self.store, self.now):
            found[one.person].append(one.at)
        return found


def _in_order(roles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in ROLES if role in roles)


def _by_name(one: Member) -> tuple[str, PersonId]:
    return ((one.name or "").casefold(), one.person)


def _by_load(one: Member) -> tuple[bool, str, PersonId]:
    return (not (one.owns or one.tasks), *_by_name(one))
