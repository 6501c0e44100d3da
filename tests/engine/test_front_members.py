"""Who works here by being in a place, alone with us: they read as there, and act only there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.cards import Card, plain
from bot.core.commands import Place
from bot.core.incident_commands import AskForResource
from bot.engine.front import Front
from bot.engine.heard import Changed, Heard, Pressed, Typed
from bot.engine.ports import Reply
from bot.engine.reader import Reader
from tests.engine.delivery import Office
from tests.engine.front_kit import MINUTE, astuple, has, token_of
from tests.engine.kit import SPEECH
from tests.engine.members import CHAT, CREW, TRIAGE, Club, club

QUICK = "I am there in 15 minutes"


@dataclass(slots=True)
class Town:
    """The desk, its places, and the front."""

    club: Club
    front: Front
    office: Office
    serial: int = 0

    def heard(self, who: str, place: Place | None = None) -> Heard:
        self.serial += 1
        alone = Place(CHAT, f"D{who}")
        return Heard(
            source=f"heard{self.serial}",
            who=self.club.who(who),
            place=place or alone,
            private=place is None,
            at=self.club.desk.clock.now(),
            language="en",
            alone=alone,
        )

    async def press(self, who: str, card: Card[str], label: str, place: Place | None) -> Reply:
        heard = self.heard(who, place)
        reply = await self.front.press(Pressed(*astuple(heard), token_of(card, label)))
        await self.office.advance(MINUTE)
        return reply

    async def home(self, who: str) -> tuple[Card[str], ...]:
        return (await self.front.home(self.heard(who))).cards

    def card(self, place: Place, label: str) -> Card[str]:
        cards = [one.post.card for one in self.club.platform.places[place.address]]
        return next(one for one in reversed(cards) if one is not None and has(one, label))


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    async with club(folder) as house:
        machine = house.desk.machine
        front = Front(machine, Reader(machine.engine), SPEECH, house.members)
        yield Town(house, front, Office(house.desk, house.platform))


async def claimed(one: Town) -> str:
    """Rob of the crew takes a task in the crew's place; the id of its incident."""
    incident = await one.club.incident()
    ask = AskForResource(incident=incident, what="Bring a ladder", skill="electrical")
    await one.club.desk.done(ask, "ana")
    await one.office.advance(MINUTE)
    one.club.comes("rob", CREW)
    reply = await one.press("rob", one.card(CREW, QUICK), QUICK, CREW)
    assert reply.text.startswith("It is yours.")
    return incident


async def test_their_home_shows_what_they_see_there_and_says_where_to_press(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as one:
        incident = await one.club.incident()
        await one.office.advance(MINUTE)
        one.club.comes("bo")
        await one.press("bo", one.card(TRIAGE, "Take"), "Take", TRIAGE)
        (yours,) = [x for x in await one.home("bo") if x.summary == "Yours"]
        shown = await one.press("bo", yours, yours.buttons[0].label, None)
        (card,) = shown.cards
        for label in ("Update", "Acknowledge"):
            if has(card, label):
                said = await one.press("bo", card, label, None)
                assert said.form is None
                assert "as a member of “Triage desk”: press it on the card" in said.text
                assert said.link.endswith("/me")
        typed = Typed(*astuple(one.heard("bo")), "who am i")
        told = (await one.front.line(typed)).text
        assert told.startswith("You belong to Triage desk: here you read")
        before = (await one.club.desk.machine.engine.live(incident)).version
        assert (await one.press("bo", card, "Update", TRIAGE)).form is not None
        assert (await one.club.desk.machine.engine.live(incident)).version == before


async def test_who_holds_a_task_says_how_it_goes_from_the_briefing(tmp_path: Path) -> None:
    async with town(tmp_path) as one:
        incident = await claimed(one)
        briefing = one.card(Place(CHAT, "Drob"), "On the way")
        assert "Bring a ladder" in plain(briefing)
        assert [x.label for x in briefing.buttons] == [
            "On the way",
            "On site",
            "Done",
            "Another time of arrival",
            "Give it back",
            "I have read it",
            "How it stands here",
            "Hand it over",
            "All well",
            "I need help",
        ]
        reply = await one.press("rob", briefing, "On the way", None)
        assert reply.text == "You are on your way."
        assert (await one.club.desk.incident(incident)).tasks[-1].places[0].status == "en_route"
        assert (await one.press("rob", briefing, "Done", None)).form is not None
        (mine,) = [x for x in await one.home("rob") if x.summary.startswith("Your task")]
        assert (await one.press("rob", mine, "On site", None)).text != ""
        assert (await one.club.desk.incident(incident)).tasks[-1].places[0].status == "on_site"


async def test_who_left_the_place_holds_nothing_by_it_any_more(tmp_path: Path) -> None:
    async with town(tmp_path) as one:
        incident = await claimed(one)
        briefing = one.card(Place(CHAT, "Drob"), "On the way")
        one.club.comes("rob", CREW, "none")
        await one.club.members.change(Changed("left", CREW, one.club.who("rob")))
        reply = await one.press("rob", briefing, "On the way", None)
        assert "Nobody who works here is known by this account" in reply.text
        assert (await one.club.desk.incident(incident)).tasks[-1].places[0].status == "claimed"
        assert not [x for x in await one.home("rob") if x.summary.startswith("Your task")]


async def test_nobody_is_asked_about_who_never_worked_here(tmp_path: Path) -> None:
    async with town(tmp_path) as one:
        await one.club.incident()
        one.club.comes("new")
        assert not [x for x in await one.home("new") if x.summary == "Due next"]
        assert one.club.platform.asked == 0


async def test_who_takes_incidents_is_told_what_a_task_takes(tmp_path: Path) -> None:
    """The last ring of a task is the team's own place, where nobody need be a resource."""
    async with town(tmp_path) as one:
        await claimed(one)
        one.club.comes("bo")
        card = one.card(CREW, "On the way")
        said = await one.press("bo", card, "On the way", TRIAGE)
        assert "the role of a resource" in said.text
