"""What is known of an incident's people, gathered for a decision about a text for many.

It is read before the command stands in line, a few reports at a time, so that a big incident
holds up nobody else. What somebody says while the command waits is not compared.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

from bot.core.caller import desk_questions
from bot.core.disclosure import Kind, Known, People
from bot.core.fold import State
from bot.core.forms import Question, QuestionType
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.person import Person
from bot.core.personal import JsonValue, Personal
from bot.core.playbook import Playbook
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.engine.editions import Editions
from bot.engine.parts import Parts
from bot.store.base import text

SLICE = 20
REPORTS_MOST = 5_000
"""Of more, the newest are compared; patterns hold for all."""

_KINDS: dict[QuestionType, Kind] = {
    QuestionType.PHONE: "number",
    QuestionType.EMAIL: "email",
    QuestionType.LOCATION: "place",
    QuestionType.TEXT: "words",
}

Look = Callable[[Sequence[StreamId]], Awaitable[dict[StreamId, State | None]]]


class Gatherer:
    """Opens the personal values of those who have to do with an incident."""

    def __init__(self, parts: Parts, editions: Editions, look: Look) -> None:
        self._store = parts.store
        self._codec = parts.codec
        self._editions = editions
        self._look = look

    async def people(self, incident: StreamId) -> People:
        """Everybody who reported it, and what was written down of a caller, here or where it
        was before a merge.

        Raises MusterError when it cannot be read: then nothing may go out.
        """
        position = await self._store.head()
        state = (await self._look([incident])).get(incident)
        if not isinstance(state, Incident):
            return People(position=position)
        found = dict.fromkeys(self._facts(state))
        for merged in (await self._look(list(state.kin.absorbed))).values():
            if isinstance(merged, Incident):
                found |= dict.fromkeys(self._facts(merged))
        seats: set[str] = set()
        rows = await self._store.select(
            "reports",
            {"incident": incident},
            order="report",
            descending=True,
            limit=REPORTS_MOST,
        )
        for start in range(0, len(rows), SLICE):
            part = {text(row, "report"): row["seat"] for row in rows[start : start + SLICE]}
            for stream, report in (await self._look(list(part))).items():
                if isinstance(report, Report):
                    found |= dict.fromkeys(self._answers(report))
                    if report.stage != "withdrawn":
                        seats.add(str(part[stream] or ""))
            await asyncio.sleep(0)
        staff, drafts = await self._staff(state), dict(self._drafts(state))
        return People(tuple(found), staff, len(seats - {""}), position, drafts)

    def _drafts(self, state: Incident) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
        for one in state.drafting.open:
            wordings = (one.words, *(other.words for other in one.also))
            said = tuple(_words(words.open(self._codec.open)) for words in wordings)
            yield (one.number, one.version), said

    def _facts(self, state: Incident) -> Iterator[Known]:
        given = {one.field: one.value for one in state.facts}
        return self._known(given, state.playbook, state.category)

    def _answers(self, state: Report) -> Iterator[Known]:
        given = {one.field: one.value for one in state.answers}
        return self._known(given, state.playbook, chosen(state.known()))

    def _known(self, given: Mapping[str, object], edition: str, category: str) -> Iterator[Known]:
        """Personal answers; what is asked no more counts as somebody's own words."""
        plan = self._editions.edition(edition)
        for field, value in given.items():
            if isinstance(value, Personal):
                kind = _kind(field, _question(plan, field, category))
                said = _words(value.open(self._codec.open))
                if kind is not None and said:
                    yield Known.of(kind, said)

    async def _staff(self, state: Incident) -> tuple[str, ...]:
        """The names of those who work on it: everybody may hear them."""
        wanted = [state.owner, state.acknowledged_by]
        wanted += [place.person for task in state.tasks for place in task.places]
        people = await self._look([one for one in dict.fromkeys(wanted) if one])
        named = (one.called for one in people.values() if isinstance(one, Person))
        return tuple(_words(one.open(self._codec.open)) for one in named if one is not None)


def _question(plan: Playbook, field: str, category: str) -> Question | None:
    """What was asked; a question of a category that was left is still that question."""
    name, dot, _ = field.partition(".")
    asked = desk_questions(plan, name if dot else category)
    return next((one for one in asked if one.key == field), None)


def _kind(field: str, asked: Question | None) -> Kind | None:
    """What an answer gives away; of a whole story, only what looks personal does."""
    if asked is None:
        return "words"
    if asked.type is QuestionType.TEXT and "name" in field.rpartition(".")[2].split("_"):
        return "name"
    return _KINDS.get(asked.type)


def _words(value: JsonValue) -> str:
    """The words of an answer; of a place, those that somebody wrote."""
    if isinstance(value, dict):
        return str(value.get("text") or "")
    return value if isinstance(value, str) else ""
