"""`muster person erase` of somebody whose account was joined to another takes both along."""

from pathlib import Path

from bot.commands.data import _erase
from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.ids import StreamId
from bot.core.joining_words import ConfirmJoin, IssueLink, JoinIdentity
from bot.core.report import Report
from bot.core.report_words import WriteMessage
from bot.engine.links import code
from bot.wiring import House


async def pressed(house: House, command: Command, who: str) -> Answer:
    identity, place = Identity("web", who), Place("web", who)
    source = f"press-{who}-{command.tag}"
    answer = await house.engine.handle(Envelope("web", source, command, identity, place))
    await house.machine.dos.idle()
    assert answer.outcome == "done", answer
    return answer


async def reported(house: House, who: str) -> Report:
    stream: StreamId = (await pressed(house, WriteMessage(words="zanzibar"), who)).data["stream"]
    state = await house.reader.state(stream)
    assert isinstance(state, Report)
    return state


async def test_it_goes_to_whom_they_go_on_as(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    await house.open()
    try:
        await house.start()
        first, second = [await reported(house, who) for who in ("laptop", "phone")]
        made = code(house.machine.parts)
        await pressed(house, IssueLink(token=made.key, until=made.until), "laptop")
        brought = JoinIdentity(person=first.person, token=made.key, sure=True)
        await pressed(house, brought, "phone")
        await pressed(house, ConfirmJoin(number=1), "laptop")
        erased = await _erase(house, second.reference, "asked")
        assert erased["person"] == first.person
        assert not await house.store.search("zanzibar", 10)
        for report in (first, second):
            state = await house.reader.state(report.stream)
            assert isinstance(state, Report)
            assert report.subject in state.erased
    finally:
        await house.stop()
