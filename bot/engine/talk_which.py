"""Which of several reports is meant by who writes to us alone: they are asked, once.

What they wrote stands with the newest until they say, so nothing waits and nothing is lost; where
they mean another, it is passed on there, too.
"""

from collections.abc import Awaitable, Callable, Sequence

from bot.core.cards import BUTTONS_MOST, Card
from bot.core.commands import Answer
from bot.core.errors import KeyGone
from bot.core.ids import StreamId, SubjectId
from bot.core.personal import JsonValue
from bot.core.playbook_suggest import distress
from bot.core.report import Report
from bot.core.report_words import WriteMessage
from bot.core.texts import Phrase, Ref, t
from bot.engine.drafts import Drafts
from bot.engine.front_people import Asking
from bot.engine.handle import Engine
from bot.engine.heard import Wrote
from bot.engine.ports import Reply, Speak
from bot.engine.reader import Reader
from bot.engine.resolve import family
from bot.store.base import text
from bot.views.asking import which
from bot.views.look import Look

FORM, WORDS = "which", "words"
MEANT = t("Thank you. What you write here goes to your report {ref} from now on.")
NOT_NOW = t("This report has ended. Write to us again, please.")

WAITING = ("source", "message", "report", "words")
Waiting = tuple[str, str, StreamId, str]

Own = Callable[[Asking, Sequence[Card[Phrase] | None]], Awaitable[tuple[Card[str], ...]]]
"""Puts cards into words, with buttons of their own."""


class Which:
    """Asks, and takes the answer."""

    def __init__(self, engine: Engine, reader: Reader, own: Own) -> None:
        self._engine = engine
        self._reader = reader
        self._own = own
        self._drafts = Drafts(engine.store, engine.codec, engine.clock)

    async def running(self, asking: Asking) -> list[Report]:
        """Their reports that are not over, the newest first."""
        person = await self._reader.person(asking.person) if asking.person else None
        rows = await self._engine.store.select(
            "reports",
            {"person": [asking.person, *family(person)], "settled": 0},
            order="report",
            descending=True,
            limit=BUTTONS_MOST,
        )
        found = [await self._reader.state(text(row, "report")) for row in rows]
        return [one for one in found if isinstance(one, Report) and one.is_open]

    async def ask(
        self, asking: Asking, report: Report | None, wrote: Wrote, said: str
    ) -> Reply | None:
        """The question, where nobody can tell which is meant; it stands with `report` for now."""
        if report is None or report.asking:
            return None  # Words answer what was asked last.
        if distress(self._engine.editions.current, said) is not None:
            return None  # Somebody reads that at once, wherever it stands.
        seat = self._seat(asking)
        found = await self.running(asking)
        running = [one.stream for one in found]
        chosen = await self._engine.directory.chosen(asking.person, seat)
        if chosen in running:
            return None
        if chosen is not None:
            await self._engine.directory.choose(asking.person, seat, None)
        if len(found) < 2 or not await self._keep(asking, report, wrote, said):
            return None
        editions = self._engine.editions
        card = which(found, report, Look(editions.current, editions.edition, {}))
        return Reply(cards=await self._own(asking, [card]))

    async def meant(self, asking: Asking, stream: StreamId, say: Speak) -> Reply:
        """They mean this one: what they wrote goes there, and what they write next."""
        report = next((x for x in await self.running(asking) if x.stream == stream), None)
        if report is None:
            return Reply(text=say(NOT_NOW), refused=True)
        seat = self._seat(asking)
        await self._engine.directory.choose(asking.person, seat, stream)
        for source, _, stands, said in await self._kept(asking):
            if stands == stream:
                continue
            answer = await self._pass(asking, source, said)
            if answer.outcome != "done":
                return Reply(text=say(answer.text or NOT_NOW), refused=True)
        await self._drafts.drop(asking.person, FORM, seat)
        return Reply(
            text=say(MEANT.model_copy(update={"args": {"ref": Ref(ref=report.reference)}}))
        )

    async def take_back(self, asking: Asking, message: str) -> None:
        """They deleted `message`: it is passed on to no other report."""
        kept = await self._kept(asking)
        left = [one for one in kept if one[1] != message]
        person = await self._reader.person(asking.person)
        if not message or len(left) == len(kept) or person is None:
            return
        await self._save(asking, person.subject, left)

    async def _pass(self, asking: Asking, source: str, said: str) -> Answer:
        """To the report that was chosen: nobody outside names a stream. It is what they wrote
        then, however often it is passed on.
        """
        command = WriteMessage(words=said)
        envelope = asking.envelope(command, source=f"{source}:on", place=asking.alone)
        return await self._engine.handle(envelope)

    async def _keep(self, asking: Asking, report: Report, wrote: Wrote, said: str) -> bool:
        """Whether the words are at hand until they say which."""
        kept = [one for one in await self._kept(asking) if one[0] != wrote.source]
        try:
            fresh = (wrote.source, wrote.message, report.stream, said)
            await self._save(asking, report.subject, [*kept, fresh])
        except (KeyGone, ValueError):
            return False
        return True

    async def _kept(self, asking: Asking) -> list[Waiting]:
        """What waits: whence it came, which message it was, where it stands, the words."""
        found = (await self._drafts.load(asking.person, FORM, self._seat(asking))).get(WORDS)
        rows = found if isinstance(found, list) else []
        fit = [one for one in rows if isinstance(one, list) and len(one) == len(WAITING)]
        return [(str(a), str(b), str(c), str(d)) for a, b, c, d in fit]

    async def _save(self, asking: Asking, subject: SubjectId, kept: list[Waiting]) -> None:
        typed: list[JsonValue] = [list(one) for one in kept]
        await self._drafts.save(asking.person, FORM, self._seat(asking), subject, {WORDS: typed})

    def _seat(self, asking: Asking) -> str:
        place = asking.alone or asking.heard.place
        return self._engine.codec.seat_key(place.channel, place.address)
