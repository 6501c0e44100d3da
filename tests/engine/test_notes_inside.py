"""What colleagues write for each other never reaches a customer, on any channel, by any way in."""

import ast
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import workflows
from bot.core import incident_events as ie
from bot.core import report_words as w
from bot.core.cards import plain
from bot.core.ids import StreamId
from bot.core.incident_commands import WriteIncidentNote
from bot.core.intents import Members, Say
from bot.core.report_words import AskForPerson, ReplyToCustomer, WriteMessage, WriteNote
from bot.engine.front import Front
from bot.engine.ports import Capabilities
from bot.engine.reader import Reader
from bot.workflows.table import REACTORS
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import office
from tests.engine.front_kit import PLACES, Club, has, token_of
from tests.engine.kit import SPEECH
from tests.engine.steps_kit import Steps
from tests.workflows.kit import ANA_ACTS, REPORT
from tests.workflows.reports import report

SECRET = "The landlord is under investigation"
CUSTOMERS = {"wendy": "web", "tess": "test", "otto": "other"}


@asynccontextmanager
async def house(folder: Path, sheets: bool) -> AsyncIterator[Steps]:
    """A team, and a customer on each of three channels; `sheets`: forms open whole."""
    clock = VirtualClock()
    capabilities = Capabilities(sheets=sheets, lead="" if sheets else "/")
    channel = ScriptedChannel(clock, capabilities=capabilities)
    made = office(folder, clock=clock, channel=channel, places=PLACES, beside=("other",))
    async with made as one:
        club = Club()
        club.now = one.clock.now()
        machine = one.desk.machine
        found = Steps(one, Front(machine, Reader(machine.engine), SPEECH, club), club)
        await found.joins("ana", "agent")
        yield found


async def reports(one: Steps, who: str) -> tuple[StreamId, StreamId, str]:
    """A customer asks for a person: report, incident and its reference."""
    await one.office.press(WriteMessage(words="No power"), who, CUSTOMERS[who])
    answer = await one.office.press(AskForPerson(), who, CUSTOMERS[who])
    await one.office.advance(60_000)
    stream = str(answer.data["stream"])
    incident = (await one.office.desk.report(stream)).incident or ""
    return stream, incident, (await one.office.desk.incident(incident)).reference


async def told(one: Steps, who: str) -> str:
    """Everything that a customer was ever told."""
    letters = await one.office.letters(who, CUSTOMERS[who])
    channels = one.office.deliveries.channels.values()
    shown = [x for each in channels if isinstance(each, ScriptedChannel) for x in each.places[who]]
    cards = [plain(x.post.card) for x in shown if x.post.card is not None]
    said = [f"{x.text} {x.words}" for x in letters]
    return "\n".join([*said, *cards, *(x.post.text for x in shown)])


def hung(one: Steps, reference: str) -> tuple[str, str]:
    """The message of the incident's card where the team is, and its button for a note."""
    for shown in one.office.channel.places["team"]:
        card = shown.post.card
        if card is not None and reference in plain(card) and has(card, "Note"):
            return shown.message, token_of(card, "Note")
    raise AssertionError(reference)


Way = Callable[[Steps, StreamId, StreamId, str], Awaitable[object]]


async def by_the_desk(one: Steps, report: StreamId, incident: StreamId, reference: str) -> None:
    for command in (
        WriteNote(report=report, words=SECRET),
        WriteIncidentNote(incident=incident, words=SECRET),
    ):
        answer = await one.office.press(command, "ana")
        assert answer.outcome == "done"


async def on_a_sheet(one: Steps, report: StreamId, incident: StreamId, reference: str) -> None:
    message, token = hung(one, reference)
    reply = await one.press("ana", token, message)
    done = await one.send("ana", reply.form, {"words": SECRET})
    assert done.text == "Noted, for colleagues only."


async def asked_for(one: Steps, report: StreamId, incident: StreamId, reference: str) -> None:
    message, token = hung(one, reference)
    await one.presses_token("ana", token, message, "team")
    await one.writes("ana", SECRET, "team", beneath=one.message("team"))


async def beneath_it(one: Steps, report: StreamId, incident: StreamId, reference: str) -> None:
    message, _ = hung(one, reference)
    await one.writes("ana", SECRET, "team", beneath=message)


async def as_a_correction(one: Steps, report: StreamId, incident: StreamId, reference: str) -> None:
    message, _ = hung(one, reference)
    await one.writes("ana", SECRET, "team", beneath=message, edited=True)


WAYS: list[tuple[Way, bool]] = [
    (by_the_desk, True),
    (on_a_sheet, True),
    (asked_for, False),
    (beneath_it, True),
    (beneath_it, False),
    (as_a_correction, True),
]


@pytest.mark.parametrize(("way", "sheets"), WAYS)
async def test_practice_point_7_a_note_reaches_no_customer_on_any_channel_by_any_way_in(
    tmp_path: Path, way: Way, sheets: bool
) -> None:
    async with house(tmp_path, sheets) as one:
        found = {who: await reports(one, who) for who in CUSTOMERS}
        before = {who: await told(one, who) for who in CUSTOMERS}
        for report, incident, reference in found.values():
            await way(one, report, incident, reference)
            await one.office.advance(60_000)
        reader = Reader(one.office.desk.machine.engine)
        for who, (report, incident, _) in found.items():
            assert await told(one, who) == before[who]
            versions = [(await reader.engine.live(one)).version for one in (report, incident)]
            streams = zip((report, incident), versions, strict=True)
            kept = [x.event for one in streams for x in await reader.log(*one)]
            notes = [x for x in kept if isinstance(x, w.NoteWritten | ie.IncidentNoteWritten)]
            assert any(SECRET in (reader.said(x.words) or "") for x in notes)
            # The same hands do reach them, when they mean to.
            answer = ReplyToCustomer(report=report, words="We are coming.")
            assert (await one.office.press(answer, "ana")).outcome == "done"
            await one.office.advance(60_000)
            assert "We are coming." in await told(one, who)


def test_practice_point_7_what_follows_a_note_is_said_to_nobody_but_colleagues() -> None:
    story = report()
    story.do(WriteNote(report=REPORT, words=SECRET), ANA_ACTS)
    whom = [one.to for one in story.wants(Say)]
    assert all(isinstance(to, Members) and to.of in ("beneath", "staff") for to in whom)
    for event in (w.NoteWritten, ie.IncidentNoteWritten):
        assert {one.__module__ for one in REACTORS[event]} <= {
            "bot.workflows.beneath",
            "bot.workflows.conversation",
            "bot.workflows.lists",
            "bot.workflows.triage",
        }


def test_practice_point_7_only_a_reply_becomes_a_message_to_a_customer() -> None:
    """Words become a message in three places, none of which knows of notes."""
    made: dict[str, str] = {}
    for file in sorted(Path(workflows.__file__).parent.glob("*.py")):
        source = file.read_text()
        if "MessageSent(" in source:
            functions = (one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef))
            bodies = {f"{file.stem}.{one.name}": ast.unparse(one) for one in functions}
            made |= {name: body for name, body in bodies.items() if "MessageSent(" in body}
    assert set(made) == {"conversation.reply", "paths.write", "distress._sent"}
    assert not any("Note" in body for body in made.values())
