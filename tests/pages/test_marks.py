"""What became of each answer stands beside it on the desk, in words, and changes by itself."""

from pathlib import Path

from bot.core.commands import Command, Envelope, Identity, Place
from bot.core.incident_commands import RestrictIncident
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.hub import News, Typing
from bot.engine.ports import AnswerLost, Blocked
from tests.channel import ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.pages.kit import Person, Web, stream, web


def scripted() -> tuple[VirtualClock, ScriptedChannel]:
    clock = VirtualClock()
    return clock, ScriptedChannel(clock, title="Messenger")


async def press(served: Web, command: Command) -> str:
    """What a customer of the channel does; the id of their report."""
    envelope = Envelope(
        entry="test",
        source=f"{command.tag}",
        command=command,
        identity=Identity(channel="test", opaque="carol"),
        place=Place(channel="test", address="carol"),
        language="en",
    )
    answer = await served.house.engine.handle(envelope)
    assert answer.outcome == "done", answer
    await served.settle()
    return str(answer.data["stream"])


async def begun(served: Web) -> tuple[Person, str, str]:
    """Somebody of the staff, a customer's report, and the page of its incident."""
    await press(served, WriteMessage(words="No power"))
    report = await press(served, AskForPerson())
    state = await served.desk.report(report)
    assert state.incident is not None
    incident = await served.desk.incident(state.incident)
    return await served.staff("Ana", "agent"), report, f"/desk/incidents/{incident.reference}"


async def test_practice_4_4_an_answer_says_that_it_was_delivered_and_when(tmp_path: Path) -> None:
    clock, channel = scripted()
    async with web(tmp_path, clock=clock, channels={"test": channel}) as served:
        ana, report, page = await begun(served)
        await ana.done("reply_to_customer", report=report, words="We are coming.")
        shown = (await ana.get(page)).text
        assert "delivered by Messenger" in shown
        assert "not delivered" not in shown
        own = (await served.desk.report(report)).reference
        assert "delivered by Messenger" in (await ana.get(f"/desk/reports/{own}")).text


async def test_practice_4_4_one_that_did_not_arrive_says_why_and_what_to_do(tmp_path: Path) -> None:
    clock, channel = scripted()
    channel.plan = lambda act, at, post: Step(Blocked())
    async with web(tmp_path, clock=clock, channels={"test": channel}) as served:
        ana, report, page = await begun(served)
        await ana.done("reply_to_customer", report=report, words="We are coming.")
        shown = (await ana.get(page)).text
        assert "Messenger: blocked by the customer. Call instead" in shown
        assert "/do/replay_deliveries" in shown
        assert "did not arrive" in (await ana.get("/desk")).text


async def test_practice_4_4_the_open_page_follows_without_being_asked(tmp_path: Path) -> None:
    clock, channel = scripted()
    async with web(tmp_path, clock=clock, channels={"test": channel}) as served:
        ana, report, page = await begun(served)
        channel.will(Step(AnswerLost()), Step(AnswerLost()))
        async with stream(ana, f"{page}/live") as desk:
            await desk.next("view")
            answer = {"id": ana.number(), "report": report, "words": "We are coming."}
            await ana.post("/do/reply_to_customer", answer)
            first = (await desk.next("view"))[1]["html"]
            assert "on its way by Messenger" in first
            while "delivered by Messenger" not in first:
                await served.desk.advance(60_000)
                first = (await desk.next("view"))[1]["html"]


async def test_who_may_not_write_to_a_customer_shows_them_nothing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("write_message", words="No power")
        await visitor.did("ask_for_person")
        (row,) = await served.desk.store.select("reports")
        state = await served.desk.report(str(row["report"]))
        assert state.incident is not None
        told: list[News] = []
        served.house.engine.hub.listen(
            lambda news: told.append(news) if isinstance(news, Typing) else None
        )
        chief, ben = await served.staff("Chief", "supervisor"), await served.staff("Ben", "agent")
        reads = await served.staff("Root", "administrator")
        hides = RestrictIncident(incident=state.incident, visibility="restricted", reason="family")
        await reads.post("/desk/typing", {"report": state.reference})
        await served.asks(chief, hides)
        await ben.post("/desk/typing", {"report": state.reference})
        assert told == []
        await chief.post("/desk/typing", {"report": state.reference})
        assert told == [Typing(state.stream, "desk")]
