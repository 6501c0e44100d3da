"""One incident from the first word to the rating, as its people live it in Telegram.

Where something of theirs came to nothing, they do it once more, as people do.
"""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from bot.adapters.telegram.render import REPEAT
from bot.core.asking import open_question, questions
from bot.core.incident import Incident
from bot.core.report import Report
from tests.line.tg import ANN, BO, CAL, CREW, FORUM, NEWS, PEOPLE, SUE, Phones
from tests.pictures import picture
from tests.telegram.places import Refused
from tests.telegram.state import Message

PATIENCE = 12
"""So often somebody tries before they give up."""
SITE = "s_category-power"
"""What the link of a site carries."""
WORDS = "The lights went out on the second floor"
REPORTED: Mapping[str, tuple[str, ...]] = {
    "safety": ("No, everyone is safe",),
    "kind": ("Something is broken or wrong",),
    "what": (WORDS,),
    "category": ("Power outage",),
    "power.extent": ("A whole floor or flat",),
    "power.hazards": ("Choose", "None of these", "Done"),
    "power.depends": ("Choose", "Nothing of that kind", "Done"),
}
"""The answers by the keys of their questions; all others are skipped."""
UPDATE = {
    "How do things stand?": "An electrician is there",
    "another language": "Skip",
    "Who": "Everyone",
    "next": "in 1 hour",
}
FOLLOW = {
    "hear of?": "Everything",
    "How pressing": "However pressing",
    "Where shall": "Here, for everybody in this place",
    "When do": "At once",
}
GENERATOR = {
    "What is needed?": "Bring a generator",
    "How many": "Skip",
    "Whom": "Skip",
    "When": "Skip",
}


@dataclass
class Story:
    """Everybody is in Telegram. Each method is a chapter, in this order."""

    line: Phones
    state: Incident | None = None
    tried: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> Incident:
        """The incident as it was last looked at."""
        assert self.state is not None
        return self.state

    async def look(self) -> Incident:
        """The incident as it is now."""
        self.state = await self.line.state(self.now.stream)
        return self.state

    @property
    def card(self) -> Message:
        """The triage card."""
        return self._newest(FORUM, self.now.reference, "Who has it")

    @property
    def task(self) -> Message:
        """The card of the first task."""
        return self._newest(CREW, f"{self.now.reference}, task 1")

    def _newest(self, chat: int, *words: str) -> Message:
        found = self.line.cards(chat, *words)
        assert found, (words, self.line.telegram.transcript(chat))
        return found[-1]

    async def until(
        self, reached: Callable[[Incident], object], act: Callable[[], Awaitable[object]]
    ) -> None:
        """Do it again and again, until it is so."""
        for _ in range(PATIENCE):
            if reached(await self.look()):
                return
            with suppress(Refused):
                await act()
        assert reached(await self.look()), self.line.telegram.transcript(FORUM)

    # --- forms, question by question -------------------------------------------------------

    async def fills(
        self, user: int, chat: int, begin: Callable[[], Awaitable[object]], given: Mapping[str, str]
    ) -> None:
        """Go one step further with a form: begin it, or answer what is asked."""
        asked = [one for one in self.line.telegram.ours(chat) if "Cancel" in one.labels]
        fitting = [(one, give) for one in asked if (give := _fits(one, given))]
        message, give = fitting[-1] if fitting else (None, "")
        if message is None or self.tried[message.name] >= 2:
            await begin()
            return
        give = "Done" if f"✓ {give}" in message.labels else give
        before = message.text, message.labels
        if give in message.labels:
            await self.line.taps(user, message, give)
        else:
            await self.line.says(user, give, chat, reply_to=message if chat < 0 else 0)
        self.tried[message.name] += (message.text, message.labels) == before

    # --- chapters --------------------------------------------------------------------------

    async def reported(self) -> None:
        """Cal reports, question by question."""
        line, telegram = self.line, self.line.telegram
        for _ in range(5 * PATIENCE):
            rows = await line.desk.store.select("incidents", limit=50)
            if rows:
                break
            with suppress(Refused):
                await self.further()
        self.state = await line.incident()
        assert telegram.ours(CAL)

    async def further(self) -> None:
        """Cal goes one step further with the report."""
        line, telegram = self.line, self.line.telegram
        if not await line.desk.store.select("reports", limit=1):
            await telegram.starts(CAL, SITE)
            await line.shown()
            return
        report = await line.report()
        key = self.question(report)
        if not key:
            await line.taps(CAL, CAL, "Send the report")
        elif key == "where":
            await telegram.location(CAL, CAL)
            await line.shown()
        elif key == "photo":
            await self.photos()
        elif key == "what":
            await line.says(CAL, WORDS)
        else:
            await self._choose(REPORTED.get(key, ("Skip",)))

    async def photos(self, count: int = 3) -> None:
        """An album, all at once."""
        line, telegram = self.line, self.line.telegram
        before = set(telegram.world.files)
        await telegram.album(CAL, CAL, count)
        for name, file in telegram.world.files.items():
            if name not in before:
                file.content = picture()
        await line.advance(5_000)
        await line.shown()

    async def _choose(self, way: tuple[str, ...]) -> None:
        *before, last = way
        shown = [one.labels for one in self.line.telegram.ours(CAL)]
        if before and any(f"✓ {before[-1]}" in labels for labels in shown):
            await self.line.taps(CAL, CAL, last)
        elif before and any(before[-1] in labels for labels in shown):
            await self.line.taps(CAL, CAL, before[-1])
        else:
            await self.line.taps(CAL, CAL, way[0])

    def question(self, report: Report) -> str:
        """The key of what is asked, "" when all is answered."""
        editions = self.line.house.engine.editions
        form = questions(report, editions.edition(report.playbook), editions.current)
        found = open_question(report, form)
        return found.key if found else ""

    async def followed(self) -> None:
        """Sue follows alone, and has the news group follow."""
        alone = {**FOLLOW, "Where shall": "To me alone, in a direct message"}
        for number, (chat, given) in enumerate(((SUE, alone), (NEWS, FOLLOW)), 1):
            for _ in range(3 * PATIENCE):
                if await self._followers() >= number:
                    break
                with suppress(Refused):
                    await self.fills(SUE, chat, partial(self._subscribes, chat), given)
            assert await self._followers() == number, self.line.telegram.transcript(chat)

    async def _subscribes(self, chat: int) -> None:
        await self.line.telegram.commands(SUE, chat, "/subscribe", to="" if chat > 0 else "me")
        await self.line.shown()

    async def _followers(self) -> int:
        return await self.line.desk.store.count("subscriptions", {})

    async def taken(self) -> None:
        """Ann takes it and asks for another pair of hands."""
        await self.until(lambda now: now.owner, lambda: self.line.taps(ANN, self.card, "Take"))
        await self.until(
            lambda now: len(now.tasks) == 2, lambda: self.form("Ask for resources", GENERATOR)
        )

    async def form(self, label: str, given: Mapping[str, str]) -> None:
        """Ann goes a step further with a form of the triage card."""
        await self.fills(ANN, FORUM, lambda: self.line.taps(ANN, self.card, label), given)

    async def worked_on(self) -> None:
        """Bo claims the first task, says when he comes, goes there, and does it."""
        tap = self.line.taps
        await self.until(
            partial(_has_passed, 0), lambda: tap(BO, self.task, "I am there in 15 minutes")
        )
        before = self.now.tasks[0].places[0].eta
        eta = {"When will you be there?": "in 1 hour"}
        await self.until(
            lambda now: now.tasks[0].places[0].eta != before,
            lambda: self.fills(
                BO, CREW, lambda: tap(BO, self.task, "Another time of arrival"), eta
            ),
        )
        for step, label in enumerate(("On the way", "On site"), 1):
            await self.until(partial(_has_passed, step), partial(self._bo, label))
        done = {"What was done?": "A fuse had blown"}
        await self.until(
            partial(_has_passed, 3),
            lambda: self.fills(BO, CREW, lambda: tap(BO, self.task, "Done"), done),
        )

    async def _bo(self, label: str) -> None:
        await self.line.taps(BO, self.task, label)

    async def told(self) -> None:
        """Ann publishes an update."""
        count = (await self.look()).updates + 1
        await self.until(lambda now: now.updates == count, lambda: self.form("Update", UPDATE))

    async def talked(self) -> None:
        """Cal writes, the team talks about it in the topic, and Ann answers."""
        line = self.line
        await line.says(CAL, "It smells of smoke")
        await line.says(ANN, "They sound worried", FORUM, thread=self.card.thread)
        for _ in range(3 * PATIENCE):
            if "wait outside" in line.said(CAL):
                break
            with suppress(Refused):
                await self.form("Reply", {"What do you write": "Please wait outside"})
        assert "wait outside" in line.said(CAL)

    async def ended(self) -> None:
        """Ann resolves it, and Cal agrees and says how it was."""
        resolve = {"How was it fixed?": "New fuse", "Tick what": "2: Bring a generator"}
        await self.until(lambda now: now.resolved_at, lambda: self.form("Resolve", resolve))
        await self.agreed()

    async def agreed(self) -> None:
        """Cal says that it is fixed, and rates it."""
        tap = self.line.taps
        await self.until(lambda now: now.ended, lambda: tap(CAL, CAL, "Yes, it is fixed"))
        for _ in range(PATIENCE):
            if (await self.line.report()).rating:
                break
            with suppress(Refused):
                await tap(CAL, CAL, "5")
        await self.line.shown()
        await self.look()

    @property
    def chapters(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """All of it, one after the other."""
        first = self.reported, self.followed, self.taken, self.worked_on
        return *first, self.told, self.talked, self.ended

    # --- what is left ----------------------------------------------------------------------

    async def picture(self) -> list[str]:
        """All that happened and all that stands anywhere, without what is another each time: the
        answers to what somebody did, which are best effort, and those messages of whose arrival
        nobody learnt, which stand once more.
        """
        line = self.line
        report = await line.report()
        found = []
        for stream in (self.now.stream, report.stream):
            log = await line.desk.store.events(stream, 0, 500)
            kinds = Counter(one.row.tag for one in log)
            # What they answer to a question of which we do not know that it stands is a note.
            kinds["incident_note_written"] = bool(kinds["incident_note_written"])
            found += [f"event {kind}: {'x' * count}" for kind, count in kinds.items()]
        for chat, name in {FORUM: "Forum", CREW: "Crew", NEWS: "News", **PEOPLE}.items():
            for one in line.telegram.ours(chat):
                if one.name in line.delivered:
                    where = "in its topic" if one.thread else "there"
                    found.append(f"{name} {where}: {one.text} {one.labels}")
        return sorted(_plain(one) for one in found)


def _fits(asked: Message, given: Mapping[str, str]) -> str:
    """What to answer; at the end the first button sends it."""
    if "Change an answer" in asked.labels:
        return asked.labels[0]
    return next((give for asks, give in given.items() if asks in asked.text), "")


STEPS = ("claimed", "en_route", "on_site", "done")


def _has_passed(step: int, state: Incident) -> bool:
    """Whether somebody is as far with the first task as its `step`th status."""
    return any(STEPS.index(one.status) >= step for one in state.tasks[0].places)


def _plain(said: str) -> str:
    said = said.replace(f"\n\n{REPEAT.key}", "")
    said = re.sub(r"\b[NR]-[0-9A-Z]{3}-[0-9A-Z]{4}\b", "REF", said)
    return re.sub(r"\d+", "0", said)


async def begun(line: Phones) -> Story:
    """Carol has reported, on the web."""
    assert line.site is not None
    carol = await line.site.visitor()
    await carol.report()
    await line.shown()
    return Story(line, await line.incident())
