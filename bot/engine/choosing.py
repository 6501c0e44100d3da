"""Resources to choose from, gathered for a decision about whom to ask for a task.

They are read before the command stands in line, from what the roster keeps at hand. Where the
incident is, is opened for this alone, and only the areas that it lies in are handed on.
"""

from collections.abc import Iterator

from bot.core.caller import desk_questions
from bot.core.forms import QuestionType
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.peers import Peer
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.suggesting import Crew, Resource, areas_at
from bot.core.tasking import comes, works_in
from bot.engine.handle import Engine
from bot.engine.read import Reads
from bot.engine.roster import Colleague, Roster, hands


class Chooser:
    """Asked by the door, and by whoever shows whom to ask."""

    def __init__(self, engine: Engine, roster: Roster) -> None:
        self._engine = engine
        self._roster = roster

    async def __call__(self, incident: StreamId) -> Crew:
        """Everybody who can be asked, and the areas of the playbook in which `incident` lies."""
        state = (await self._engine.live(incident)).state
        colleagues = await self._roster.colleagues()
        known = await self._engine.look([one.person for one in colleagues])
        playbook = self._engine.editions.current
        found = ((one, known.get(one.person)) for one in colleagues)
        return Crew(
            people=tuple(
                _resource(one, person)
                for one, person in found
                if isinstance(person, Person) and comes(person, playbook)
            ),
            areas=areas_at(playbook, " ".join(self._where(state))),
            at=self._engine.clock.now(),
        )

    def _where(self, state: object) -> Iterator[str]:
        """The words of the places that are known of it."""
        if not isinstance(state, Incident):
            return
        asked = desk_questions(self._engine.editions.edition(state.playbook), state.category)
        places = {one.key for one in asked if one.type is QuestionType.LOCATION}
        for fact in state.facts:
            if fact.field in places:
                value = fact.value
                said = value.open(self._engine.codec.open) if isinstance(value, Personal) else value
                yield str(said.get("text") or "") if isinstance(said, dict) else str(said or "")


def _resource(one: Colleague, person: Person) -> Resource:
    return Resource(
        person=one.person,
        skills=one.skills,
        areas=one.areas,
        available=one.available,
        off=one.off,
        away_until=one.away_until,
        owns=len(one.owns),
        tasks=len(one.tasks),
        worked_at=one.worked_at,
        channels=_channels(person),
        place=works_in(person),
    )


def _channels(person: Person) -> tuple[str, ...]:
    """The channels of the accounts that are theirs, beside the pages."""
    return tuple(dict.fromkeys(one.seat.channel for one in person.own))


async def named_crew(reads: Reads, incident: StreamId) -> tuple[Crew, dict[PersonId, str]]:
    """The same for a form or page that shows them by name."""
    crew = await Chooser(reads.engine, reads.roster)(incident)
    return crew, await reads.names([one.person for one in crew.people])


async def named_peers(reads: Reads) -> tuple[tuple[Peer, ...], dict[PersonId, str]]:
    """The colleagues who work incidents and are on, who carry least first, and their names."""
    found = hands(await reads.roster.colleagues(), None)
    peers = tuple(
        Peer(
            person=one.person,
            available=one.available,
            away_until=one.away_until,
            owns=one.owns,
            tasks=one.tasks,
        )
        for one in found
    )
    return peers, {one.person: one.name for one in found}
