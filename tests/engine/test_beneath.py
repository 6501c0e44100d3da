"""Beneath a card: customers' words and colleagues' come there, and the team's own are notes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.commands import Answer, Envelope, Grant, Identity, Place
from bot.core.file_words import AttachFile
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    RestrictIncident,
    TakeIncident,
    WriteIncidentNote,
)
from bot.core.incident_events import IncidentNoteWritten
from bot.core.moving_words import MergeIncident
from bot.core.report_words import (
    AskForPerson,
    NoteWritten,
    ReplyToCustomer,
    WriteMessage,
    WriteNote,
)
from bot.core.reveal_words import RevealCustomer, RevealReporter
from bot.core.taken_back_words import TakeBackMessage
from bot.engine.files import Files
from bot.engine.heard import Attached, Wrote
from bot.engine.pictures import Made
from bot.engine.ports import Capabilities, MessageGone, Outage, Reply
from bot.engine.reader import Reader
from bot.engine.reveal import revealed
from bot.engine.talk import Talk
from bot.store.base import Patch, Row, text
from tests.channel import ScriptedChannel, Shown
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.kit import SPEECH

MINUTE = 60_000
TEAM = Place(channel="test", address="team")
OTHERS = Place(channel="test", address="others")
PLACES = {"triage": [TEAM], "it_desk": [TEAM]}


@dataclass(slots=True)
class Team:
    """The team's place, and what is said there."""

    office: Office
    talk: Talk
    serial: int = 0

    async def begins(self, who: str = "carol") -> StreamId:
        """Somebody writes in on the web; the report, without an incident."""
        await self.office.press(WriteMessage(words="No power"), who, "web")
        await self.office.quiet()
        engine = self.office.desk.machine.engine
        person = await engine.person_behind("web", who)
        assert person is not None
        stream = await engine.directory.current(person, engine.codec.seat_key("web", who))
        assert stream is not None
        return stream

    async def opens(self, who: str = "carol") -> tuple[StreamId, StreamId]:
        """The same, and a person is wanted: report and incident."""
        report = await self.begins(who)
        await self.office.press(AskForPerson(), who, "web")
        await self.office.quiet()
        state = await self.office.desk.report(report)
        assert state.incident is not None
        return report, state.incident

    def shown(self, place: Place = TEAM) -> list[Shown]:
        return self.office.channel.places[place.address]

    def card(self, title: str) -> Shown:
        """The message of the card whose text has `title`."""
        return next(x for x in self.shown() if x.post.card and title in x.post.text)

    async def incident_card(self, incident: StreamId) -> Shown:
        state = await self.office.desk.incident(incident)
        return self.card(state.reference)

    def beneath(self, card: Shown, place: Place = TEAM) -> list[str]:
        """What stands beneath it."""
        return [x.post.text for x in self.shown(place) if x.post.beneath == card.message]

    async def writes(
        self,
        words: str,
        beneath: str,
        *,
        role: str = "agent",
        place: Place = TEAM,
        files: tuple[Attached, ...] = (),
        edited: bool = False,
    ) -> Reply:
        self.serial += 1
        granted = Grant(role, "triage", self.office.clock.now())
        reply = await self.talk.write(
            Wrote(
                source=f"event{self.serial}",
                who=Identity("test", f"{role}-ben"),
                place=place,
                words=words,
                message=f"n{self.serial}",
                beneath=beneath,
                files=files,
                edited=edited,
                language="en",
            ),
            (granted,) if role else (),
        )
        await self.office.quiet()
        return reply

    async def notes(self, stream: StreamId) -> list[str]:
        """The notes in the log of a stream."""
        reader = Reader(self.office.desk.machine.engine)
        live = await self.office.desk.machine.engine.live(stream)
        events = [x.event for x in await reader.log(stream, live.version)]
        kept = [x for x in events if isinstance(x, NoteWritten | IncidentNoteWritten)]
        return [reader.said(x.words) or "" for x in kept]


async def _no_pictures(content: bytes) -> Made | None:
    return None


@asynccontextmanager
async def team(
    folder: Path, places: dict[str, list[Place]] | None = None, upload: int = 0
) -> AsyncIterator[Team]:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, capabilities=Capabilities(upload_most=upload))
    async with office(folder, clock=clock, channel=channel, places=places or PLACES) as one:
        await one.desk.join("ana", "agent")
        machine = one.desk.machine
        yield Team(one, Talk(machine, Reader(machine.engine), SPEECH))


# --- what comes there ----------------------------------------------------------------------------


async def test_what_a_customer_took_back_is_said_there_and_stays(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        stream, incident = await one.opens()
        card = await one.incident_card(incident)
        await one.office.press(WriteMessage(words="My PIN is 4711"), "carol", "web")
        await one.office.press(TakeBackMessage(), "carol", "web")
        await one.office.advance(MINUTE)
        told, back = one.beneath(card)[-2:]
        assert "4711" in told
        assert "took a message back" in back
        reader = Reader(one.office.desk.machine.engine)
        staff = await reader.staff(one.office.desk.people["ana"])
        assert staff is not None
        shown = await reader.conversation(staff, stream)
        assert shown is not None
        assert [(x.who, x.words) for x in shown.messages[-2:]] == [
            ("customer", "My PIN is 4711"),
            ("back", ""),
        ]


async def test_words_before_the_incident_stand_beneath_the_reports_card(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        stream = await one.begins()
        report = await one.office.desk.report(stream)
        await one.office.advance(MINUTE)
        card = one.card(f"Report {report.reference}")
        assert one.beneath(card) == [f"Customer ({report.reference}) wrote:\nNo power"]


async def test_later_words_stand_beneath_the_incidents_card_in_order(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        report, incident = await one.opens()
        ref = (await one.office.desk.report(report)).reference
        for number in range(3):
            await one.office.press(WriteMessage(words=f"Word {number}"), "carol", "web")
        await one.office.advance(MINUTE)
        card = await one.incident_card(incident)
        said = [f"Customer ({ref}) wrote:\nWord {number}" for number in range(3)]
        assert one.beneath(card) == said
        assert not any("carol" in x.post.text.lower() for x in one.shown())


async def test_words_wait_for_the_card_that_is_about_to_hang(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        one.office.channel.will(Outage(), Outage())
        await one.office.press(WriteMessage(words="No power"), "carol", "web")
        await one.office.advance(5 * MINUTE)
        cards = [x for x in one.shown() if x.post.card]
        assert one.beneath(cards[0])
        assert one.shown().index(cards[0]) == 0


async def test_words_come_beneath_the_card_that_was_hung_anew(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        old = (await one.incident_card(incident)).message
        one.office.channel.will(MessageGone())
        await one.office.desk.done(TakeIncident(incident=incident), "ana")
        await one.office.advance(MINUTE)
        one.shown()[:] = [x for x in one.shown() if x.message != old]
        card = await one.incident_card(incident)
        assert card.message != old
        await one.office.press(WriteMessage(words="Hello?"), "carol", "web")
        await one.office.advance(MINUTE)
        assert one.beneath(card)[-1].endswith("Hello?")


async def test_replies_and_notes_from_the_desk_come_with_the_colleagues_name(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report, incident = await one.opens()
        ref = (await one.office.desk.report(report)).reference
        for command in (
            ReplyToCustomer(report=report, words="We are coming."),
            WriteIncidentNote(incident=incident, words="Called the landlord."),
            WriteNote(report=report, words="Sounds upset."),
        ):
            await one.office.desk.done(command, "ana")
        await one.office.advance(MINUTE)
        assert one.beneath(await one.incident_card(incident)) == [
            f"Ana wrote to the customer ({ref}):\nWe are coming.",
            "Ana noted:\nCalled the landlord.",
            "Ana noted:\nSounds upset.",
        ]


async def test_nothing_about_a_restricted_incident_is_said_there(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        command = RestrictIncident(incident=incident, visibility="restricted", reason="family")
        await one.office.desk.done(TakeIncident(incident=incident), "ana")
        await one.office.desk.done(command, "ana")
        await one.office.press(WriteMessage(words="Secret"), "carol", "web")
        await one.office.advance(5 * MINUTE)
        assert not any("Secret" in x.post.text for x in one.shown())


async def test_a_house_without_places_keeps_no_rows_for_it(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        await one.press(WriteMessage(words="No power"), "carol", "web")
        await one.quiet()
        rows = await one.store.select("outbox", {"kind": "say"})
        assert not [row for row in rows if text(row, "target").startswith("beneath:")]


async def test_a_file_comes_with_its_name_and_where_it_can_as_itself(tmp_path: Path) -> None:
    for most in (0, 10**6):
        async with team(tmp_path / str(most), upload=most) as one:
            report, incident = await one.opens()
            await send_file(one, report)
            await one.office.advance(MINUTE)
            said = one.beneath(await one.incident_card(incident))
            assert said[-1].endswith("sent a file:\nmeter.txt")
            uploads = [x for x in one.office.channel.uploads if x.content == b"Some text"]
            assert [x.name for x in uploads] == (["meter.txt"] if most else [])


async def send_file(one: Team, report: StreamId) -> None:
    """Carol sends one on the web."""
    files = Files(one.office.desk.machine.parts, _no_pictures)

    async def deliver(command: AttachFile, said: str) -> Answer:
        carol = Identity("web", "carol")
        place = Place("web", "carol")
        return await one.office.desk.machine.engine.handle(
            Envelope("web", "file1", command, carol, place, said=said)
        )

    state = await one.office.desk.report(report)
    answer, _ = await files.take(state, "press", "meter.txt", b"Some text", "", deliver)
    assert answer.outcome == "done", answer


# --- what is written there -----------------------------------------------------------------------


async def test_the_teams_words_are_a_note_and_reach_no_customer_nor_come_back(
    tmp_path: Path,
) -> None:
    async with team(tmp_path, {"triage": [TEAM, OTHERS]}) as one:
        _, incident = await one.opens()
        card = await one.incident_card(incident)
        letters = await one.office.letters("carol")
        assert await one.writes("The fuse is gone.", card.message) == Reply()
        await one.office.advance(MINUTE)
        assert await one.notes(incident) == ["The fuse is gone."]
        assert len(await one.office.letters("carol")) == len(letters)
        assert not one.beneath(card)
        elsewhere = [x.post.text.partition(" noted:\n")[2] for x in one.shown(OTHERS)]
        assert [x for x in elsewhere if x] == ["The fuse is gone."]


async def test_beneath_the_reports_card_it_is_a_note_of_the_report(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        stream = await one.begins()
        card = one.card("Report")
        await one.writes("Looks familiar.", card.message)
        assert await one.notes(stream) == ["Looks familiar."]


async def test_who_does_not_work_here_is_told_that_it_is_not_kept(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        card = await one.incident_card(incident)
        for role in ("", "stakeholder"):
            reply = await one.writes("I know more", card.message, role=role)
            assert "is not kept with the incident" in reply.text
            assert reply.link.endswith("/me")
        assert await one.notes(incident) == []


async def test_words_elsewhere_are_not_for_us(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        card = await one.incident_card(incident)
        assert await one.writes("Lunch?", "") == Reply()
        assert await one.writes("Lunch?", "m999") == Reply()
        assert await one.writes("Lunch?", card.message, place=OTHERS) == Reply()
        assert await one.notes(incident) == []


async def test_what_was_edited_is_noted_again_and_files_are_told_to_stay(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        card = await one.incident_card(incident)
        await one.writes("Fuse 4", card.message, edited=True)
        photo = (Attached("f", "f.png", 9),)
        assert "The files stay here" in (await one.writes("See", card.message, files=photo)).text
        assert "The files stay here" in (await one.writes("", card.message, files=photo)).text
        assert await one.notes(incident) == ["Changed to: Fuse 4", "See"]


async def test_words_beneath_any_part_of_a_long_card_belong_to_it(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, incident = await one.opens()
        store = one.office.store
        hangs: Row = {"stream": incident, "card": "incident", "number": 0}
        (row,) = await store.select("cards", {**hangs, "place": "team"})
        await store.write([Patch("cards", {**hangs, "seat": row["seat"]}, {"message": "team/7/6"})])
        for part in ("team/7", "team/6", "team/5", "others/6"):
            await one.writes(f"Beneath {part}", part)
        await one.writes("Elsewhere", "team/6", place=OTHERS)
        assert await one.notes(incident) == ["Beneath team/7", "Beneath team/6"]


async def test_beneath_a_merged_incident_it_is_noted_where_that_went(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        _, stays = await one.opens()
        _, goes = await one.opens("dave")
        card = await one.incident_card(goes)
        await one.office.desk.done(MergeIncident(incident=goes, into=stays), "ana")
        await one.office.advance(MINUTE)
        await one.writes("Same fuse.", card.message)
        assert await one.notes(stays) == ["Same fuse."]
        assert await one.notes(goes) == []


# --- who it is -----------------------------------------------------------------------------------


async def test_who_a_customer_is_is_told_to_who_asks_and_the_log_says_who_asked(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        await one.office.press(WriteMessage(words="No power"), "Erin")
        answer = await one.office.press(AskForPerson(), "Erin")
        await one.office.quiet()
        report = await one.office.desk.report(str(answer.data["stream"]))
        assert report.incident is not None
        command = RevealCustomer(incident=report.incident)
        await one.office.desk.done(command, "ana")
        await one.office.desk.done(RevealReporter(report=report.stream), "ana")
        reader = Reader(one.office.desk.machine.engine)
        said = await revealed(reader, command, SPEECH.speaker("en"))
        assert said == f"{report.reference}: Erin"
        log = await reader.log(report.incident, 50)
        by = [x.actor for x in log if x.event.tag == "customer_revealed"]
        assert by == [one.office.desk.people["ana"]]
        refused = await one.office.desk.press(command, "carol")
        assert refused.outcome == "refused"
        assert not any("Erin" in x.post.text for x in one.shown())
