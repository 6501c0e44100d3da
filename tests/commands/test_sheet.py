"""`muster sheet`: an incident on paper, with the server down or up (practice 9.2)."""

import asyncio
import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.commands.data import calls
from bot.core.commands import Command, Envelope, Identity, Place
from bot.core.errors import StoreDown
from bot.core.incident import Incident
from bot.core.incident_commands import OpenIncident, RestrictIncident
from bot.core.incident_words import Fact
from bot.core.person_words import AcceptInvite
from bot.core.report import Report
from bot.core.report_words import AnswerQuestion, AskForPerson, WriteMessage
from bot.core.sheet_words import SheetPrinted
from bot.engine.control import Control
from bot.wiring import House
from tests.commands.test_cli import muster, with_house

NUMBER = "+44 20 7946 0123"
SAID = "The rhubarb is <b>on fire</b>"
DRILL = f"inc_{'7' * 26}"


async def press(
    house: House, command: Command, source: str, who: str = "visitor"
) -> dict[str, Any]:
    answer = await house.engine.handle(
        Envelope(
            entry="web",
            source=source,
            command=command,
            proved_at=house.clock.now(),
            identity=Identity(channel="web", opaque=who),
            place=Place(channel="web", address=who),
        )
    )
    assert answer.outcome == "done", answer
    return answer.data


async def reported(house: House) -> tuple[str, str]:
    """A customer who called for a person: the references of the report and its incident."""
    first = await press(house, WriteMessage(words=SAID), "1")
    await press(house, AnswerQuestion(field="contact", value=NUMBER), "number")
    await press(house, AskForPerson(), "2")
    await house.machine.dos.idle()
    report = await house.reader.state(first["stream"])
    assert isinstance(report, Report)
    incident = await house.reader.state(report.incident or "")
    assert isinstance(incident, Incident)
    return report.reference, incident.reference


async def drilled(house: House) -> str:
    """An exercise about a power outage, with what a caller said."""
    facts = (
        Fact(field="what", value="The lights went out"),
        Fact(field="where", value="12 Mill Lane"),
        Fact(field="caller_number", value="+44 20 7946 0958"),
    )
    command = OpenIncident(report=None, category="power", facts=facts, mode="exercise")
    await house.engine.house(command, DRILL, "test", "drill")
    await house.machine.dos.idle()
    state = await house.reader.state(DRILL)
    assert isinstance(state, Incident)
    return state.reference


@dataclass(frozen=True)
class Told:
    """A data folder, and the references of what is in it."""

    data: Path
    report: str
    incident: str
    drill: str
    hidden: str

    def sheet(self, *words: str) -> tuple[int, str]:
        return muster("sheet", *words, "--data", str(self.data))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    data = tmp_path_factory.mktemp("sheets") / "data"

    async def all_of_it(house: House) -> tuple[str, ...]:
        report, incident = await reported(house)
        return report, incident, await drilled(house), await hidden(house)

    return Told(data, *with_house(data, all_of_it))


async def hidden(house: House) -> str:
    """Something that few may see."""
    token = await house.machine.invite(("supervisor",))
    invitation = await house.reader.invitation(token)
    accepted = AcceptInvite(person=invitation.person, token=invitation.token, name="Ana")
    await press(house, accepted, "accept", "ana")
    opened = OpenIncident(report=None, category="power", facts=())
    stream = (await press(house, opened, "open", "ana"))["stream"]
    hide = RestrictIncident(incident=stream, visibility="restricted", reason="Not for all")
    await press(house, hide, "hide", "ana")
    state = await house.reader.state(stream)
    assert isinstance(state, Incident)
    return state.reference


def test_a_sheet_says_all_that_is_known_with_the_server_down(told: Told) -> None:
    """practice 9.2: the command line prints an incident sheet while the bot is down."""
    for label in (told.incident, told.report.lower()):
        code, said = told.sheet(label)
        assert code == 0, said
        assert told.incident in said
        assert told.report in said
        assert SAID in said
        assert said.count(NUMBER) == 1, "each number once, with the report that it is of"
        assert "Phone" in said
        for needed in ("HOW THINGS STAND", "Owner", "PHONE LIST", "999", "_" * 60):
            assert needed in said


def test_who_printed_it_stands_in_the_log(told: Told) -> None:
    told.sheet(told.drill)

    async def looked(house: House) -> list[object]:
        stream = await house.reader.stream_of(told.drill) or ""
        live = await house.engine.live(stream)
        log = await house.reader.log(stream, live.version)
        found = [one.event.who for one in log if isinstance(one.event, SheetPrinted)]
        return [house.reader.opened(one) for one in found if one is not None]

    assert getpass.getuser() in with_house(told.data, looked)


def test_the_running_house_is_asked_and_prints_the_same(told: Told) -> None:
    async def beside(house: House) -> tuple[int, str]:
        control = Control(house.folder.control, calls(house))
        await control.start()
        try:
            return await asyncio.to_thread(told.sheet, told.incident)
        finally:
            await control.stop()

    code, said = with_house(told.data, beside)
    assert code == 0, said
    assert told.incident in said
    assert SAID in said


def test_a_page_for_paper_carries_words_as_words_and_every_open_incident(told: Told) -> None:
    code, said = told.sheet("--all", "--html")
    assert code == 0, said
    assert said.count("<article>") == 2
    assert told.incident in said
    assert told.drill in said
    assert "<b>on fire" not in said
    assert "&lt;b&gt;on fire" in said
    assert "size: A4" in said


def test_restricted_ones_are_printed_by_name_alone(told: Told) -> None:
    """Restricted incidents: nothing of theirs where more people look."""
    code, said = told.sheet("--all")
    assert code == 0
    assert "1 restricted left out" in said
    assert told.hidden not in said
    assert "RESTRICTED" in told.sheet(told.hidden)[1]


def test_an_exercise_says_so_first_and_a_caller_can_be_reached(told: Told) -> None:
    """practice 9.1: everything of an exercise is marked EXERCISE."""
    code, said = told.sheet(told.drill)
    assert code == 0, said
    assert said.startswith("*** EXERCISE")
    assert "7946" in said
    assert "12 Mill Lane" in said


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (("N-222-2222",), "There is no incident or report N-222-2222"),
        (("hello",), "'hello' is no reference"),
        ((), "Give the reference"),
        (("N-222-2222", "--all"), "Give the reference"),
    ],
)
def test_a_wrong_reference_gets_a_clear_sentence(
    told: Told, typed: tuple[str, ...], answer: str
) -> None:
    code, said = told.sheet(*typed)
    assert code == 1
    assert answer in said
    assert "Traceback" not in said


def test_a_disk_that_takes_nothing_more_keeps_nobody_from_the_sheet(
    told: Told, monkeypatch: Any
) -> None:
    async def full(*given: Any, **more: Any) -> Any:
        raise StoreDown("the disk is full")

    monkeypatch.setattr("bot.engine.handle.Engine.house", full)
    code, said = told.sheet(told.incident)
    assert code == 0, said
    assert SAID in said
    assert "could not be noted" in said


def test_what_was_erased_is_shown_as_such(tmp_path: Path) -> None:
    data = tmp_path / "data"
    report, incident = with_house(data, reported)
    assert muster("person", "erase", report, "--yes", "--data", str(data))[0] == 0
    code, said = muster("sheet", incident, "--data", str(data))
    assert code == 0, said
    assert "rhubarb" not in said
    assert "[deleted]" in said
