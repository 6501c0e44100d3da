"""Who went on elsewhere before comes from one more browser: the newer person joins the older one.

The scripted channel stands for the app in which they have gone on before.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.going_on import CUSTOMERS_ONLY, NOT_BROUGHT
from bot.core.joining import JOINED_MOST
from bot.core.joining_words import JoinIdentity, PartIdentity
from bot.core.person import Person
from bot.core.person_words import DisablePerson
from bot.core.report import Report
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.dos import Dos
from bot.engine.going_on import OTHERS, issue, why_not
from bot.store.base import Row
from bot.store.keys import Keys
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

APP = "cara"
OLD, NEW = "old browser", "new browser"


async def reports(one: Office, who: str, channel: str = "web") -> Report:
    await one.press(WriteMessage(words="The lift is stuck"), who, channel)
    answer = await one.press(AskForPerson(), who, channel)
    await one.quiet()
    return await one.desk.report(str(answer.data["stream"]))


def envelope(one: Office, command: Command, who: str, channel: str) -> Envelope:
    one.serial += 1
    source = f"on{one.serial}-{one.clock.now()}"
    identity, place = Identity(channel, who), Place(channel, who)
    return Envelope("test", source, command, identity, place, language="en")


async def link(one: Office, report: Report, who: str, channel: str = "web") -> JoinIdentity:
    """What opens the link that they got for their report."""
    answer, made = await issue(
        one.desk.machine.engine, report, lambda x: envelope(one, x, who, channel)
    )
    assert answer.outcome == "done", answer
    rows = await one.store.select("links", {"token": made.key})
    return JoinIdentity(person=str(rows[0]["person"]), token=made.key, sure=True)


async def opens(
    one: Office, command: JoinIdentity, who: str = APP, channel: str = "", quiet: bool = True
) -> Answer:
    sent = envelope(one, command, who, channel or one.channel.name)
    answer = await one.desk.machine.engine.handle(sent)
    if quiet:
        await one.quiet()
    return answer


async def behind(one: Office, who: str, channel: str) -> Person:
    found = await one.desk.machine.engine.person_behind(channel, who)
    assert found is not None
    state = await one.desk.state(found)
    assert isinstance(state, Person)
    return state


async def goes_on_before(one: Office) -> Report:
    """From an older browser they once went on in the app."""
    report = await reports(one, OLD)
    assert (await opens(one, await link(one, report, OLD))).outcome == "done"
    return await one.desk.report(report.stream)


async def is_one(one: Office, report: Report, before: Person) -> None:
    """The report goes on in the app, and app and browsers are one person: the older one."""
    now = await one.desk.report(report.stream)
    assert now.seat.channel == one.channel.name
    for who, channel in ((APP, one.channel.name), (OLD, "web"), (NEW, "web")):
        assert (await behind(one, who, channel)).stream == before.stream
    told = one.channel.texts(APP)
    assert sum(f"We go on here with your report {report.reference}." in x for x in told) == 1
    letters = [one.text for one in await one.letters(NEW)]
    assert sum("goes on in the other app" in x for x in letters) == 1


async def test_who_went_on_before_goes_on_from_a_new_browser_too(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        older = await goes_on_before(one)
        before = await behind(one, APP, one.channel.name)
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
        asked = await opens(one, command.model_copy(update={"sure": False}))
        assert asked.code == "are_you_sure"
        assert (await one.desk.report(report.stream)).seat == report.seat
        assert (await opens(one, command)).outcome == "done"
        await is_one(one, report, before)
        assert (await one.desk.report(older.stream)).seat == older.seat
        answer = await one.press(WriteMessage(words="I am in the lift"), APP)
        assert answer.data["stream"] == report.stream, "what they write is for the newer report"
        answer = await one.press(WriteMessage(words="Hello?"), NEW, "web")
        assert answer.data["stream"] == report.stream, "and the new browser is still in it"


async def test_the_other_way_round_a_new_browser_opens_what_the_app_gave(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        older = await goes_on_before(one)
        before = await behind(one, APP, one.channel.name)
        command = await link(one, older, APP, one.channel.name)
        assert (await opens(one, command, NEW, "web")).outcome == "done"
        assert (await one.desk.report(older.stream)).seat.channel == "web"
        assert (await behind(one, NEW, "web")).stream == before.stream


async def test_such_a_link_works_once_and_for_one(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
        assert (await opens(one, command)).outcome == "done"
        for who in (APP, "somebody else"):
            assert (await opens(one, command, who)).outcome == "refused"
        assert len((await behind(one, APP, one.channel.name)).own) == 2


async def test_the_account_of_the_new_browser_can_be_parted_again(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        report = await reports(one, NEW)
        await opens(one, await link(one, report, NEW))
        host = await behind(one, APP, one.channel.name)
        newest = max(joined.number for joined in host.own)
        await one.press(PartIdentity(number=newest), OLD, "web")
        await one.quiet()
        assert (await behind(one, NEW, "web")).stream == report.person


async def test_two_who_both_have_others_stay_two(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        mine = await reports(one, NEW)
        assert (await opens(one, await link(one, mine, NEW), "another app")).outcome == "done"
        again = await link(one, await one.desk.report(mine.stream), NEW)
        refused = await opens(one, again)
        assert refused.code == "has_others"
        assert why_not(refused) is OTHERS


async def test_whoever_works_here_is_not_taken_in_by_a_link(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
        await one.desk.join("ana", "agent")
        assert (await opens(one, command, "ana", "web")).code == CUSTOMERS_ONLY.code
        assert (await opens(one, command)).outcome == "done", "and the link still works"


async def test_who_has_many_accounts_already_is_told_kindly(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        for number in range(1, JOINED_MOST):
            report = await reports(one, f"browser {number}")
            assert (await opens(one, await link(one, report, f"browser {number}"))).outcome
        report = await reports(one, NEW)
        refused = await opens(one, await link(one, report, NEW))
        assert refused.code == "too_many"
        assert why_not(refused) is OTHERS


async def test_where_nothing_comes_of_it_they_are_told(tmp_path: Path) -> None:
    """Between the press and the joining the older person is shut out."""
    async with office(tmp_path, store=MemoryStore()) as one:
        await goes_on_before(one)
        await one.desk.join("dana", "administrator")
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
        before = await behind(one, APP, one.channel.name)
        await one.desk.machine.dos.stop()
        await opens(one, command, quiet=False)
        await one.desk.done(DisablePerson(person=before.stream), "dana")
        await one.desk.machine.dos.start()
        await one.quiet()
        assert one.channel.texts(APP)[-1] == NOT_BROUGHT.key
        assert (await one.desk.report(report.stream)).seat == report.seat
        assert (await behind(one, NEW, "web")).stream == report.person


async def test_where_whoever_opened_it_cannot_be_joined_any_more_they_are_told_too(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, store=MemoryStore()) as one:
        await one.desk.join("dana", "administrator")
        await reports(one, APP, one.channel.name)
        guest = await behind(one, APP, one.channel.name)
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
        await one.desk.machine.dos.stop()
        await opens(one, command, quiet=False)
        await one.desk.done(DisablePerson(person=guest.stream), "dana")
        await one.desk.machine.dos.start()
        await one.quiet()
        assert one.channel.texts(APP)[-1] == NOT_BROUGHT.key
        assert (await one.desk.report(report.stream)).seat == report.seat


# --- killed between the steps ----------------------------------------------------------------


@dataclass(slots=True)
class Town:
    """The house dies again and again; store, clock and app stay."""

    folder: Path
    store: MemoryStore = field(default_factory=MemoryStore)
    channel: ScriptedChannel = field(default_factory=lambda: ScriptedChannel(VirtualClock()))
    keys: Keys | None = None
    carries: int = 0
    left: int = 0

    @asynccontextmanager
    async def life(self, carries: int = 1_000) -> AsyncIterator[Office]:
        """So many commands of its own are carried in it and no more."""
        self.carries = carries
        async with office(
            self.folder,
            store=self.store,
            clock=self.channel.clock,
            channel=self.channel,
            keys=self.keys,
        ) as one:
            self.keys = one.keys
            yield one
            self.left = await self.waiting()
            await one.crash()

    async def waiting(self) -> int:
        return await self.store.count("outbox", {"kind": "do", "state": "waiting"})


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    found = Town(tmp_path)
    carry = Dos._carry

    async def few(self: Dos, row: Row, target: str) -> bool:
        if found.carries <= 0:
            return False
        found.carries -= 1
        return await carry(self, row, target)

    monkeypatch.setattr(Dos, "_carry", few)
    return found


@pytest.mark.parametrize("before", [True, False], ids=["older person takes", "plain"])
async def test_killed_after_every_step_it_comes_to_its_end(town: Town, before: bool) -> None:
    async with town.life() as one:
        if before:
            await goes_on_before(one)
        report = await reports(one, NEW)
        command = await link(one, report, NEW)
    async with town.life(carries=0) as one:
        assert (await opens(one, command, quiet=False)).outcome == "done"
    deaths = 0
    while town.left:
        deaths += 1
        assert deaths < 20, "it comes to no end"
        async with town.life(carries=1) as one:
            one.desk.machine.dos.wake()
            while town.carries and await town.waiting():
                await town.channel.clock.settle()
    assert deaths >= (4 if before else 3)
    async with town.life() as one:
        await one.quiet()
        host = await behind(one, APP, one.channel.name)
        assert (await behind(one, NEW, "web")).stream == host.stream
        assert (host.stream == report.person) is not before
        assert (await one.desk.report(report.stream)).seat.channel == one.channel.name
        told = one.channel.texts(APP)
        assert sum(f"We go on here with your report {report.reference}." in x for x in told) == 1
        letters = [one.text for one in await one.letters(NEW)]
        assert sum("goes on in the other app" in x for x in letters) == 1
        await one.desk.sound()
