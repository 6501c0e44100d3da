"""A text for many before it goes out: decided as it would be, and not carried out.

Whoever publishes sees what the decision itself would say to whom, in every language, and how
many that are at this position of the log.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.core.access import gate
from bot.core.approval_words import ReviseDraft
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.disclosure import People
from bot.core.fold import State
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_commands import CorrectUpdate, PublishUpdate
from bot.core.incident_events import UpdateCorrected, UpdatePublished
from bot.core.incident_words import Audience
from bot.core.intents import Members, Say
from bot.core.major_words import StandDownMajor
from bot.core.publishing import careless, rule_for
from bot.core.texts import Text
from bot.engine.audience import Audience as Whom
from bot.engine.audience import Unfolder, open_to_subscribers
from bot.engine.deliver_says import Voices
from bot.engine.ports import Speech
from bot.engine.read import DESK_ROLES, Reads, Staff
from bot.engine.work import Work, work

PEOPLE_MOST = 1_000

Spoken = PublishUpdate | CorrectUpdate | ReviseDraft | StandDownMajor


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody reads: in `language`, on their way `to`; `said` is ours, `words` the desk's."""

    language: str
    to: Literal["reporters", "subscribers", "status", "staff"]
    said: str
    words: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be told what; or, with `refused`, why nobody would be told anything. `careless`
    is what its author is asked about its words, `approver` who must read it first ("": nobody),
    `corrects` whether it says what went out in other words, and promises nothing.
    """

    refused: Refused | None
    position: int = 0
    audience: Audience = "staff"
    customers: int = 0
    subscribers: int = 0
    staff: int = 0
    next_by: Millis | None = None
    readings: tuple[Reading, ...] = ()
    careless: Text | None = None
    approver: str = ""
    corrects: bool = False


class PreviewReads(Reads):
    """Rehearsals of commands that speak to many."""

    async def preview(self, staff: Staff, command: Spoken, speech: Speech) -> Preview:
        """What `command` would do if it were asked now."""
        people = await self.engine.beside.gatherer.people(command.incident)
        live = await self.engine.live(command.incident)
        ctx = self._context(staff, command.incident, live.version, people)
        rule = self.engine.book.rules[type(command)]
        refused = gate(rule, staff.actor, live.state)
        sure = isinstance(command, StandDownMajor)
        meant = command if sure else command.model_copy(update={"sure": True})
        done = refused or work(self.engine.book, live.state, meant, ctx, "")
        if isinstance(command, ReviseDraft) and not isinstance(done, Refused):
            done = work(self.engine.book, live.state, _in_the_end(command, live.state), ctx, "")
        if isinstance(done, Refused):
            return Preview(done)
        found = await self._preview(done, people, speech)
        return replace(
            found,
            careless=self._careless(command, ctx),
            approver=self._approver(command, done, found, ctx),
        )

    def _careless(self, command: Spoken, ctx: Context) -> Text | None:
        if isinstance(command, StandDownMajor) or command.sure:
            return None
        asked = (careless(one, ctx) for one in (command.words, *command.also.values()))
        return next((one.text for one in asked if one is not None), None)

    def _approver(self, command: Spoken, done: Work, found: Preview, ctx: Context) -> str:
        """Who must approve it: by the rule that holds its draft, or else by the playbook of today,
        given how many it would reach.
        """
        assert isinstance(done.state, Incident)
        if isinstance(command, ReviseDraft):
            draft = done.state.drafting.draft(command.draft)
            return "" if draft is None else draft.approver
        size = found.customers + found.subscribers
        now = replace(ctx, playbook=self.playbook, reach=size)
        rule = rule_for(done.state, found.audience, now)
        return "" if rule is None else rule.by

    def _context(self, staff: Staff, incident: str, version: int, people: People) -> Context:
        return Context(
            at=self.now,
            actor=staff.actor,
            stream=incident,
            version=version,
            entry="preview",
            identity=None,
            seat=None,
            source_at=None,
            # What would be said is what would go out in the end, whoever must read it first.
            playbook=self.playbook.model_copy(update={"approvals": ()}),
            chance=self.engine.parts.chance,
            mint_subject=self.codec.keys.mint,
            edition=self.edition,
            people=people,
            reach=0,
        )

    async def _preview(self, done: Work, people: People, speech: Speech) -> Preview:
        event = done.events[-1].event
        assert isinstance(done.state, Incident)
        if not isinstance(event, UpdatePublished | UpdateCorrected):
            # An all-clear of which nobody is told: no customer is left.
            return Preview(None, people.position, staff=await self._readers())
        says = [one for _, one in done.intents if isinstance(one, Say)]
        hears = event.audience != "staff"
        return Preview(
            refused=None,
            position=people.position,
            audience=event.audience,
            customers=people.reached if hears else 0,
            subscribers=await self._subscribers(done.state, says, people.position),
            staff=await self._readers(),
            next_by=event.next_by if isinstance(event, UpdatePublished) else None,
            readings=tuple(self._readings(event, says, speech)),
            corrects=isinstance(event, UpdateCorrected),
        )

    async def _subscribers(self, state: Incident, says: list[Say], position: int) -> int:
        told = any(isinstance(one.to, Members) and one.to.of == "subscribers" for one in says)
        if not told or not open_to_subscribers(state):
            return 0
        whom = Whom("subscribers", str(position), state.stream)
        return await Unfolder(self.engine).count(whom)

    async def _readers(self) -> int:
        rows = await self.store.select("people", {"disabled": 0}, limit=PEOPLE_MOST)
        return sum(any(role in str(row["roles"]).split() for role in DESK_ROLES) for row in rows)

    def _readings(
        self, event: UpdatePublished | UpdateCorrected, says: list[Say], speech: Speech
    ) -> list[Reading]:
        voices = Voices(self.engine, speech)
        found = []
        worded = self.worded(event.words, event.language, event.also)
        for language in self.playbook.organisation.languages:
            is_own = worded.pick(language)[2]
            for number, say in enumerate(says):
                if isinstance(say.to, Members) and say.to.of in ("reporters", "subscribers"):
                    said, words = voices.words(say, f"preview {number}", language)
                    found.append(Reading(language, say.to.of, said, words, is_own))
            if event.audience != "reporters":
                to: Literal["status", "staff"] = "status" if event.audience == "public" else "staff"
                words = worded.pick(language)[0] or ""
                found.append(Reading(language, to, "", words, is_own))
        return found


def _in_the_end(command: ReviseDraft, state: State | None) -> PublishUpdate | CorrectUpdate:
    """What its draft asks for once it is approved."""
    assert isinstance(state, Incident)
    draft = state.drafting.draft(command.draft)
    assert draft is not None
    said = {
        "incident": command.incident,
        "words": command.words,
        "language": command.language,
        "also": command.also,
        "sure": True,
    }
    if draft.corrects:
        return CorrectUpdate.model_validate({**said, "number": draft.corrects})
    more = {"audience": draft.audience, "next_by": command.next_by, "position": command.position}
    return PublishUpdate.model_validate({**said, **more})
