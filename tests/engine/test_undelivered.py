"""Answers on their way: what became of each is known, and what did not arrive is never silent."""

from pathlib import Path

from bot.core.delivery_words import ReplayDeliveries
from bot.core.ids import StreamId
from bot.core.incident_commands import RestrictIncident, TakeIncident
from bot.core.report_words import AskForPerson, ReplyToCustomer, WriteMessage
from bot.engine.paging import DESK
from bot.engine.ports import AnswerLost, Blocked, Outage, Unsendable
from bot.engine.read import Staff
from bot.engine.read_marks import Mark
from bot.engine.reader import Reader
from tests.channel import Step
from tests.engine.test_beneath import MINUTE, Team, team

LOST = "did not arrive"


async def opens(one: Team, who: str = "carol") -> StreamId:
    """A customer of the channel asks for a person: their report."""
    await one.office.press(WriteMessage(words="No power"), who)
    answer = await one.office.press(AskForPerson(), who)
    await one.office.advance(MINUTE)
    return str(answer.data["stream"])


async def answers(one: Team, report: StreamId, words: str = "We are coming.") -> None:
    await one.office.desk.done(ReplyToCustomer(report=report, words=words), "ana")
    await one.office.advance(MINUTE)


def staff(one: Team) -> Staff:
    return Staff(one.office.desk.people["ana"], "Ana", ("agent",), "en", available=True)


async def mark_of(one: Team, report: StreamId) -> Mark:
    """What the desk shows of its answer."""
    talk = await Reader(one.office.desk.machine.engine).conversation(staff(one), report)
    assert talk is not None
    (mark,) = [x.mark for x in talk.messages if x.who == "desk"]
    assert mark is not None
    return mark


async def calls(one: Team) -> list[str]:
    """What Ana's desk called her to."""
    found = await one.office.letters(one.office.desk.people["ana"], DESK)
    return [x.text for x in found if LOST in x.text]


async def card_of(one: Team, report: StreamId) -> list[str]:
    incident = (await one.office.desk.report(report)).incident
    assert incident is not None
    return one.beneath(await one.incident_card(incident))


async def test_practice_4_4_each_answer_says_when_it_arrived(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        said_at = one.office.clock.now()
        one.office.channel.plan = lambda act, at, post: Step(takes=3_000)
        await answers(one, report)
        mark = await mark_of(one, report)
        assert (mark.arrived, mark.channel, mark.at) == (True, "Test", said_at + 3_000)
        assert await calls(one) == []


async def test_practice_4_4_what_waits_says_since_when_it_is_tried_and_that_nothing_goes_through(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        one.office.channel.plan = lambda act, at, post: Step(Outage("down", whole=True))
        await answers(one, report)
        mark = await mark_of(one, report)
        assert mark.waits
        assert mark.down
        one.office.channel.plan = None
        await one.office.advance(20 * MINUTE)
        mark = await mark_of(one, report)
        assert mark.arrived


async def test_practice_4_4_a_try_of_which_nobody_knows_is_tried_again_and_says_so(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        one.office.channel.plan = lambda act, at, post: (
            Step(AnswerLost()) if at == "carol" else Step()
        )
        await one.office.desk.done(ReplyToCustomer(report=report, words="Hello"), "ana")
        await one.office.advance(2_000)
        mark = await mark_of(one, report)
        assert mark.waits
        assert mark.tries
        assert mark.due


async def test_practice_4_4_what_did_not_arrive_is_told_its_author_and_beneath_their_words(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        one.office.channel.plan = lambda act, at, post: Step(Blocked()) if at == "carol" else Step()
        await answers(one, report)
        mark = await mark_of(one, report)
        assert mark.end == "blocked"
        assert mark.can_replay
        (call,) = await calls(one)
        ref = (await one.office.desk.report(report)).reference
        assert ref in call
        assert "Test" in call
        assert "Call them" in call
        words, lost = (await card_of(one, report))[-2:]
        assert words.endswith("We are coming.")
        assert LOST in lost
        # It is heard once, however much time goes by.
        await one.office.advance(60 * MINUTE)
        assert len(await calls(one)) == 1
        assert sum(LOST in text for text in await card_of(one, report)) == 1


async def test_practice_4_4_what_the_platform_refuses_can_be_tried_again_and_then_has_arrived(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        refused = Step(Unsendable("no such style", final=True))
        one.office.channel.plan = lambda act, at, post: refused if at == "carol" else Step()
        await answers(one, report)
        mark = await mark_of(one, report)
        assert (mark.end, mark.detail) == ("failed", "no such style")
        listed = await Reader(one.office.desk.machine.engine).dead(staff(one), "", 0)
        assert [(x.id, x.number) for x in listed.shown] == [(mark.letter, 0)]
        one.office.channel.plan = None
        await one.office.desk.done(ReplayDeliveries(letter=mark.letter), "ana")
        await one.office.desk.machine.settling.idle()
        await one.office.advance(MINUTE)
        assert one.office.channel.texts("carol")[-1].endswith("We are coming.")
        mark = await mark_of(one, report)
        assert mark.arrived
        assert len(await calls(one)) == 1


async def test_practice_7_3_of_what_few_may_see_its_author_alone_is_told(tmp_path: Path) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        incident = (await one.office.desk.report(report)).incident or ""
        hides = RestrictIncident(incident=incident, visibility="restricted", reason="family")
        await one.office.desk.done(TakeIncident(incident=incident), "ana")
        await one.office.desk.done(hides, "ana")
        one.office.channel.plan = lambda act, at, post: Step(Blocked()) if at == "carol" else Step()
        await answers(one, report)
        assert len(await calls(one)) == 1
        assert not any(LOST in x.post.text for x in one.shown())


async def test_after_a_crash_between_the_end_and_the_word_of_it_it_is_heard_all_the_same(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as one:
        report = await opens(one)
        one.office.channel.plan = lambda act, at, post: Step(Blocked()) if at == "carol" else Step()
        one.office.deliveries.ends.on_lost = lambda: None
        await one.office.desk.machine.dos.stop()
        await one.office.desk.done(ReplyToCustomer(report=report, words="Hello"), "ana")
        for _ in range(50):
            await one.office.clock.settle()
        waiting = {"kind": "do", "state": "waiting", "target": report}
        assert await one.office.store.count("outbox", waiting) == 1
        await one.office.desk.machine.dos.start()
        await one.office.advance(MINUTE)
        assert len(await calls(one)) == 1
