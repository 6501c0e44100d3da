"""A house that is met by a chat channel: what people hear, press, send and type there."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.cards import Button, Card
from bot.core.commands import Grant, Identity, Place
from bot.core.errors import StoreDown
from bot.core.ids import StreamId
from bot.core.person_words import AcceptInvite, Role
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.front import Front
from bot.engine.heard import Changed, Given, Heard, Pressed, Submitted, Typed
from bot.engine.ports import Membership, Opened, Profile, Reply
from bot.engine.reader import Reader
from bot.store.base import text
from tests.engine.delivery import Office, office
from tests.engine.kit import SPEECH

MINUTE = 60_000
CHANNEL = "test"
TEAM = Place(CHANNEL, "team")
CREW = Place(CHANNEL, "crew")
PLACES = {"triage": [TEAM], "it_desk": [TEAM], "field_crew": [CREW], "safety_crew": [CREW]}


class Club:
    """Members by place, as somebody knows them; every question is written down."""

    def __init__(self) -> None:
        self.roles: dict[tuple[str, str], str] = {}
        self.asked: list[tuple[str, bool]] = []
        self.changes: list[Changed] = []
        self.now = 0
        self.down = False
        self.looking_after: set[tuple[str, str]] = set()
        self.language = ""

    async def grants(self, who: Identity, place: Place, grave: bool) -> tuple[Grant, ...]:
        self.asked.append((who.opaque, grave))
        role = self.roles.get((who.opaque, place.address))
        return (Grant(role, "triage", self.now),) if role else ()

    async def member(self, who: Identity, place: Place) -> Membership:
        return "owner" if (who.opaque, place.address) in self.looking_after else "none"

    async def known(self, who: Identity) -> Profile:
        return Profile(name=who.opaque.title(), language=self.language)

    async def change(self, changed: Changed) -> None:
        if self.down:
            raise StoreDown
        self.changes.append(changed)


@dataclass(slots=True)
class Room:
    """The office, and its front."""

    office: Office
    front: Front
    club: Club
    serial: int = 0
    language: str = "en"

    # --- people ----------------------------------------------------------------------------

    async def joins(self, who: str, *roles: Role) -> str:
        """`who` works here, and is known by their account on the channel."""
        desk = self.office.desk
        hashed = desk.codec.token_hash(await desk.machine.invite(roles))
        rows = await self.office.store.select("people", {"invitation": hashed})
        person = text(rows[0], "person")
        command = AcceptInvite(person=person, token=hashed, name=who.title())
        await self.office.press(command, who)
        return person

    async def incident(self, who: str = "carol") -> StreamId:
        """A customer on the web asks for a person; the incident's card hangs."""
        await self.office.press(WriteMessage(words="The lift is stuck"), who, "web")
        answer = await self.office.press(AskForPerson(), who, "web")
        await self.office.advance(MINUTE)
        report = await self.office.desk.report(str(answer.data["stream"]))
        assert report.incident is not None
        return report.incident

    # --- what they do ----------------------------------------------------------------------

    def heard(self, who: str, place: str = "team", source: str = "") -> Heard:
        self.serial += 1
        return Heard(
            source=source or f"heard{self.serial}",
            who=Identity(CHANNEL, who),
            place=Place(CHANNEL, place or who),
            private=not place or place == who,
            at=self.office.clock.now(),
            language=self.language,
            alone=Place(CHANNEL, who),
        )

    async def press(
        self, who: str, token: str, message: str = "", place: str = "team", source: str = ""
    ) -> Reply:
        heard = self.heard(who, place, source)
        return await self.front.press(
            Pressed(
                *astuple(heard),
                token,
                message,
            )
        )

    async def send(
        self,
        who: str,
        opened: Opened | None,
        given: Mapping[str, Given],
        *,
        seen: int | None = None,
        part: bool = False,
        source: str = "",
        place: str = "team",
    ) -> Reply:
        assert opened is not None
        heard = self.heard(who, place, source)
        known = max(opened.state.changed_at.values(), default=0) if seen is None else seen
        return await self.front.submit(
            Submitted(
                *astuple(heard),
                opened.ref,
                given,
                known,
                part,
            )
        )

    async def type(self, who: str, line: str, place: str = "team") -> Reply:
        heard = self.heard(who, place)
        return await self.front.line(
            Typed(
                *astuple(heard),
                line,
            )
        )

    # --- what hangs ------------------------------------------------------------------------

    def hung(self, place: str = "team") -> Iterator[Card[str]]:
        for shown in self.office.channel.places[place]:
            if shown.post.card is not None and not shown.post.text.startswith("Report"):
                yield shown.post.card

    def button(self, label: str, place: str = "team") -> str:
        """The token of the button called so on a card in that place."""
        return next(token_of(one, label) for one in self.hung(place) if has(one, label))


def astuple(
    heard: Heard,
) -> tuple[str, Identity, Place, bool, int | None, str, Place | None, str]:
    return (
        heard.source,
        heard.who,
        heard.place,
        heard.private,
        heard.at,
        heard.language,
        heard.alone,
        heard.within,
    )


def has(card: Card[str], label: str) -> bool:
    return any(one.label == label for one in card.buttons)


def token_of(card: Card[str], label: str) -> str:
    button: Button[str] = next(one for one in card.buttons if one.label == label)
    return button.token


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    """A house with a team's place and a crew's."""
    async with office(folder, places=PLACES) as one:
        club = Club()
        club.now = one.clock.now()
        reader = Reader(one.desk.machine.engine)
        front = Front(one.desk.machine, reader, SPEECH, club)
        yield Room(one, front, club)
