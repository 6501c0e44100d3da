"""Somebody who writes to us on a channel that pushes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bot.core.cards import Card
from bot.core.commands import Grant, Identity, Place
from bot.core.report import Report
from bot.core.report_words import (
    AnswerQuestion,
)
from bot.engine.files import Files
from bot.engine.front import Front
from bot.engine.heard import Attached, Given, Heard, Pressed, Submitted, Typed, Wrote
from bot.engine.pictures import Made
from bot.engine.ports import Capabilities, Reply, SendFault
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from tests.channel import Shown
from tests.engine.delivery import Office, office
from tests.engine.kit import SPEECH

CAROL = "carol"
STORY = "The lights went out and the lift has stopped."


async def _no_pictures(content: bytes) -> Made | None:
    return None


@dataclass(slots=True)
class Chat:
    """Carol's conversation on a channel that pushes."""

    office: Office
    talk: Talk
    front: Front
    serial: int = 0

    @property
    def contents(self) -> dict[str, bytes | SendFault | None]:
        """What the files are that the platform has for us; None: it never gives it."""
        return self.office.channel.files

    async def writes(
        self,
        words: str = "",
        files: tuple[Attached, ...] = (),
        *,
        who: str = CAROL,
        source: str = "",
        edited: bool = False,
        grants: tuple[Grant, ...] = (),
        language: str = "en",
        settle: bool = True,
    ) -> Reply:
        self.serial += 1
        name = self.office.channel.name
        reply = await self.talk.write(
            Wrote(
                source=source or f"event{self.serial}",
                who=Identity(name, who),
                place=Place(name, who),
                private=True,
                words=words,
                message=f"m{self.serial}",
                files=files,
                edited=edited,
                language=language,
            ),
            grants,
        )
        if settle:
            await self.settled()
        return reply

    def _heard(self, who: str, place: str = "") -> Heard:
        self.serial += 1
        name = self.office.channel.name
        return Heard(
            source=f"event{self.serial}",
            who=Identity(name, who),
            place=Place(name, place or who),
            private=not place,
            language="en",
            alone=Place(name, who),
        )

    async def presses(self, label: str, who: str = CAROL) -> Reply:
        """The newest button of that label in the conversation."""
        cards = [one for one in self.shown(who) if one.post.card is not None]
        tokens = [
            (button.token, one.message)
            for one in cards
            for button in (one.post.card.buttons if one.post.card else ())
            if button.label == label
        ]
        token, message = tokens[-1]
        heard = self._heard(who)
        reply = await self.front.press(Pressed(**asdict_of(heard), token=token, message=message))
        await self.settled()
        return reply

    async def types(self, line: str, who: str = CAROL, place: str = "town") -> Reply:
        """A line for us, in a place of many."""
        return await self.front.line(Typed(**asdict_of(self._heard(who, place)), line=line))

    async def fills(
        self, reply: Reply, given: dict[str, Given], *, part: bool = False, place: str = "town"
    ) -> Reply:
        """The form that came, filled in."""
        assert reply.form is not None
        heard = asdict_of(self._heard(CAROL, place))
        sent = Submitted(**heard, ref=reply.form.ref, given=given, part=part)
        answer = await self.front.submit(sent)
        await self.settled()
        return answer

    async def settled(self) -> None:
        await self.talk.arrivals.idle()
        await self.office.quiet()

    async def report(self, who: str = CAROL) -> Report:
        name = self.office.channel.name
        engine = self.office.desk.machine.engine
        person = await engine.person_behind(name, who)
        assert person is not None
        seat = engine.codec.seat_key(name, who)
        stream = await engine.directory.current(person, seat)
        assert stream is not None
        return await self.office.desk.report(stream)

    def shown(self, who: str = CAROL) -> list[Shown]:
        return self.office.channel.places[who]

    def card(self, who: str = CAROL) -> Card[str]:
        """The newest card with buttons."""
        cards = [one.post.card for one in self.shown(who)]
        found = [one for one in cards if one is not None and one.buttons]
        return found[-1]

    def labels(self) -> list[str]:
        return [one.label for one in self.card().buttons]

    async def answers(self, **given: object) -> None:
        for key, value in given.items():
            command = AnswerQuestion(field=key, value=value)
            await self.office.press(command, CAROL)
        await self.settled()

    async def to_the_photo(self) -> None:
        """Everything up to the question for a photo, for somebody who has no category."""
        await self.writes(STORY)
        await self.answers(safety="no", category="unsure", where="Mill Lane", how_many="one")


def asdict_of(heard: Heard) -> dict[str, Any]:
    """What was heard, as arguments of something more particular."""
    return {one.name: getattr(heard, one.name) for one in fields(Heard)}


@asynccontextmanager
async def chat(
    folder: Path, *, files: bool = True, sheets: bool = True, beside: Sequence[str] = ()
) -> AsyncIterator[Chat]:
    async with office(folder, beside=beside) as one:
        one.channel.capabilities = Capabilities(sheets=sheets)
        machine = one.desk.machine
        kept = Files(machine.parts, _no_pictures) if files else None
        talk = Talk(machine, Reader(machine.engine), SPEECH, kept)
        front = Front(machine, Reader(machine.engine), SPEECH, None, talk)
        talk.join = front.join
        found = Chat(one, talk, front)
        await talk.arrivals.start()
        try:
            yield found
        finally:
            await talk.arrivals.stop()
