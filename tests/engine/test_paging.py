"""Who of the staff is called, on which of their ways, and what they can do about it at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.alarm_words import EscalateIncident
from bot.core.commands import Command, Envelope, Grant, Identity, Place
from bot.core.desk_words import PlaybookAdopted
from bot.core.distress_words import AskForHelp
from bot.core.events import Recorded
from bot.core.ids import StreamId
from bot.core.incident_commands import AcknowledgeIncident, RestrictIncident, TakeIncident
from bot.core.intents import Say
from bot.core.joining_words import ConfirmJoin, IssueLink
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.person_words import CallMe, DisablePerson, Role, SetAvailability
from bot.core.report_words import AskForPerson, WriteMessage
from bot.core.texts import Text, Who, t
from bot.engine.front import Front
from bot.engine.heard import Heard, Pressed
from bot.engine.links import Codes, code
from bot.engine.mailbox import Letter, Mailbox
from bot.engine.paging import DESK, NOBODY
from bot.engine.ports import RateLimited
from bot.engine.reader import Reader
from bot.engine.rows import Writer
from bot.store.base import Put, Row, text
from bot.store.memory import MemoryStore
from bot.wiring import BOOK
from tests.engine.delivery import Office, office
from tests.engine.front_kit import Club, astuple
from tests.engine.kit import SPEECH

MINUTE = 60_000
TEAM = Place("test", "triage-room")
WORDS = t("Nobody has seen it yet.")
AGENT = Party(of="role", key="agent")
SUPERVISOR = Party(of="role", key="supervisor")
CROWD = Party(of="team", key="operations")


@dataclass
class Ward:
    """An office with an open incident, and people who can be called."""

    one: Office
    stream: StreamId = ""
    joined: dict[str, str] = field(default_factory=dict)
    serial: int = 0

    async def join(self, who: str, *roles: Role, reads: bool = True) -> None:
        """Somebody joins the staff; `reads`: also with an account on the other platform."""
        desk = self.one.desk
        await desk.join(who, *roles)
        if not reads:
            return
        made = code(desk.machine.parts)
        await desk.done(IssueLink(token=made.key, until=made.until), who)
        codes = Codes(desk.machine.engine)
        identity = Identity("test", f"there-{who}")

        def sent(command: Command) -> Envelope:
            self.serial += 1
            place = Place("test", f"direct-{who}")
            return Envelope("test", f"j{self.serial}", command, identity, place, language="en")

        await codes.bring(made.token, f"@{who}", True, identity, sent)
        await desk.settle()
        await desk.done(ConfirmJoin(number=1), who)
        await self.one.quiet()
        self.one.channel.places[f"direct-{who}"].clear()

    async def page(self, *who: Party, words: Text = WORDS, alone: bool = False) -> None:
        """Somebody is called to the incident."""
        await self.put(*who, words=words, alone=alone)
        self.one.deliveries.wake()
        await self.one.quiet()
        await self.one.advance(10_000)

    async def put(self, *who: Party, words: Text = WORDS, alone: bool = False) -> None:
        """The same, decided and not yet read by delivery; it is worth saying for a week."""
        self.serial += 1
        rec = Recorded(
            stream=self.stream,
            version=9_000 + self.serial,
            at=self.one.clock.now(),
            source_at=None,
            actor=None,
            cause="",
            event=PlaybookAdopted(version="", name=""),
        )
        until = self.one.clock.now() + 7 * 24 * 60 * MINUTE
        says = page(self.stream, who, words, "test", until=until, alone=alone)
        writer = Writer(BOOK, self.one.desk.codec)
        puts = [
            Put("outbox", {**writer.say(rec, say, f"{rec.id}:0").row, "position": 1})
            for say in says
            if isinstance(say, Say)
        ]
        await self.one.store.write(puts)

    def told(self, who: str) -> list[str]:
        return self.one.channel.texts(f"direct-{who}")

    def team(self) -> list[str]:
        """What stands in the team's place, without its card."""
        return [one for one in self.one.channel.texts(TEAM.address) if "seen it" in one]

    async def desk_of(self, who: str) -> list[Letter]:
        desk = self.one.desk
        seat = desk.codec.seat_key(DESK, desk.people[who])
        return await Mailbox(desk.store, desk.codec).read(seat)

    async def rows(self) -> list[Row]:
        found = await self.one.store.select("outbox", {"kind": "say"}, order="id", limit=1000)
        return [one for one in found if ":staff" in text(one, "cause") or one["reason"] == NOBODY]


@asynccontextmanager
async def ward(folder: Path, *, places: bool = True) -> AsyncIterator[Ward]:
    where = {"triage": [TEAM]} if places else {}
    async with office(folder, store=MemoryStore(), places=where) as one:
        found = Ward(one)
        await one.desk.join("boss")
        found.stream = await opened(one)
        yield found


async def opened(one: Office, who: str = "carol") -> StreamId:
    """An incident that nobody has."""
    await one.press(WriteMessage(words="No power in the whole house"), who)
    answer = await one.press(AskForPerson(), who)
    await one.quiet()
    report = await one.desk.report(str(answer.data["stream"]))
    assert report.incident is not None
    return report.incident


async def test_each_person_is_called_on_every_channel_they_have_and_the_team_beneath_its_card(
    tmp_path: Path,
) -> None:
    async with ward(tmp_path) as one:
        await one.join("ana", "agent")
        await one.join("ben", "agent", reads=False)
        await one.join("sue", "supervisor")
        await one.page(AGENT)
        assert len(one.told("ana")) == 1
        assert len(await one.desk_of("ana")) == 1
        assert len(await one.desk_of("ben")) == 1
        assert (one.told("sue"), await one.desk_of("sue")) == ([], [])
        assert one.team() == ["Nobody has seen it yet."]


async def test_somebody_of_two_parties_is_called_once(tmp_path: Path) -> None:
    async with ward(tmp_path) as one:
        await one.join("ana", "agent", "supervisor")
        person = Party(of="person", key=one.one.desk.people["ana"])
        await one.page(AGENT, SUPERVISOR, person)
        assert (len(one.told("ana")), len(await one.desk_of("ana"))) == (1, 1)


async def test_what_is_called_alone_stands_in_no_place_of_many(tmp_path: Path) -> None:
    async with ward(tmp_path) as one:
        await one.join("ana", "agent")
        await one.page(AGENT, alone=True)
        assert (len(one.told("ana")), one.team()) == (1, [])


async def test_who_is_off_is_called_only_when_nobody_else_is_there_and_is_told_so(
    tmp_path: Path,
) -> None:
    async with ward(tmp_path) as one:
        for who in ("ana", "ben"):
            await one.join(who, "agent")
        boss = SetAvailability(available=False, off=True)
        for who in ("boss", "ana"):
            await one.one.desk.done(boss, who)
        await one.page(AGENT)
        assert (len(one.told("ana")), len(one.told("ben"))) == (0, 1)
        await one.one.desk.done(boss, "ben")
        await one.page(AGENT)
        assert (len(one.told("ana")), len(one.told("ben"))) == (1, 2)
        assert "although you are off" in one.told("ana")[0]


async def test_who_is_called_takes_it_by_a_press_where_they_read_it(tmp_path: Path) -> None:
    async with ward(tmp_path) as one:
        await one.join("ana", "agent")
        await one.page(AGENT)
        card = one.one.channel.places["direct-ana"][0].post.card
        assert card is not None
        labels = [button.label for button in card.buttons]
        assert labels == ["Take", "I have seen it", "Show", "Open on the desk"]
        tokens = one.one.deliveries.tokens
        found = await tokens.find(card.buttons[1].token)
        assert found is not None
        assert found.action.name == AcknowledgeIncident.tag
        await one.one.desk.done(TakeIncident(incident=one.stream), "boss")
        await one.page(AGENT)
        card = one.one.channel.places["direct-ana"][1].post.card
        assert card is not None
        assert [button.label for button in card.buttons] == ["Show", "Open on the desk"]


async def test_a_call_is_answered_by_a_press_in_the_direct_message_and_leaves_the_desk(
    tmp_path: Path,
) -> None:
    """From the door to the store to the other platform and back: the whole way of one call."""
    async with ward(tmp_path, places=False) as one:
        await one.join("ana", "agent")
        office_ = one.one
        command = EscalateIncident(incident=one.stream, reason="Nobody answers the phone")
        await office_.desk.done(command, "boss")
        await office_.quiet()
        shown = one.one.channel.places["direct-ana"][-1]
        assert shown.post.card is not None
        token = shown.post.card.buttons[1].token
        machine = office_.desk.machine
        front = Front(machine, Reader(machine.engine), SPEECH, Club())
        who, place = Identity("test", "there-ana"), Place("test", "direct-ana")
        heard = Heard("p1", who, place, private=True, at=office_.clock.now(), alone=place)
        reply = await front.press(Pressed(*astuple(heard), token, shown.message))
        assert not reply.refused
        state = await office_.desk.incident(one.stream)
        assert state.acknowledged_by == office_.desk.people["ana"]


async def test_a_restricted_incident_calls_only_who_may_see_it_and_no_place(
    tmp_path: Path,
) -> None:
    async with ward(tmp_path) as one:
        await one.join("ana", "agent")
        await one.join("sue", "supervisor")
        hide = RestrictIncident(incident=one.stream, visibility="restricted", reason="a child")
        await one.one.desk.done(hide, "boss")
        await one.page(AGENT, SUPERVISOR)
        assert (one.told("ana"), len(one.told("sue"))) == ([], 1)
        assert one.team() == []


async def test_a_page_that_waits_while_few_may_see_it_says_nothing_of_what_it_was(
    tmp_path: Path,
) -> None:
    """Whoever is called to somebody in distress may come, and reads no words from before."""
    async with ward(tmp_path) as one:
        await one.join("ana", "agent")
        await one.join("sue", "supervisor")
        one.one.channel.will(RateLimited(8), RateLimited(8), RateLimited(8))
        await one.put(AGENT, SUPERVISOR)
        one.one.deliveries.wake()
        await one.one.quiet()
        assert one.told("ana") == []
        await one.one.press(AskForHelp(need="distress"), "carol")
        await one.one.quiet()
        await one.one.advance(MINUTE)
        assert one.told("ana")
        assert not [x for x in one.told("ana") if "seen it" in x]
        assert [x for x in one.told("sue") if "seen it" in x]


async def test_a_page_that_would_reach_nobody_goes_to_administrators_and_is_listed(
    tmp_path: Path,
) -> None:
    async with ward(tmp_path, places=False) as one:
        await one.page(Party(of="team", key="it"))
        assert [letter.text for letter in await one.desk_of("boss")] == [WORDS.key]
        listed = await one.one.store.select("outbox", {"state": "dead"}, limit=9)
        assert [row["reason"] for row in listed] == [NOBODY]


async def test_who_works_here_by_being_in_a_place_alone_is_called_there_by_name(
    tmp_path: Path,
) -> None:
    async with ward(tmp_path) as one:
        engine = one.one.desk.machine.engine
        who = Identity("test", "u-kit")
        call_me = CallMe(name="Kit Moss", place="triage")
        grants = (Grant("agent", "triage", one.one.clock.now()),)
        await engine.handle(Envelope("test", "k1", call_me, who, TEAM, grants=grants))
        await one.one.desk.settle()
        kit = await engine.person_behind("test", "u-kit")
        assert kit is not None
        await one.page(Party(of="person", key=kit))
        assert one.team() == ["Kit Moss: Nobody has seen it yet."]


async def test_who_was_shut_out_before_it_is_sent_is_not_called(tmp_path: Path) -> None:
    async with ward(tmp_path, places=False) as one:
        await one.join("ana", "agent")
        ana = one.one.desk.people["ana"]
        await one.one.desk.done(DisablePerson(person=ana), "boss")
        await one.page(Party(of="person", key=ana))
        assert (one.told("ana"), await one.desk_of("ana")) == ([], [])


async def test_colleagues_are_named_to_whoever_is_called(tmp_path: Path) -> None:
    async with ward(tmp_path, places=False) as one:
        await one.join("ana", "agent")
        boss = one.one.desk.people["boss"]
        await one.page(AGENT, words=t("{who} asks for you.", who=Who(person=boss)))
        assert one.told("ana")[0].startswith("Boss asks for you.")


# --- after a long sleep ------------------------------------------------------------------------


@pytest.mark.parametrize("slow", [False, True], ids=["at once", "delivery is slow"])
async def test_practice_1_5_after_three_days_of_sleep_each_person_gets_one_notice_per_incident(
    tmp_path: Path, slow: bool
) -> None:
    """Timers are caught up in the order in which they were due; of all that was to be said to
    somebody about one thing, the newest is said, however late delivery comes to read it.
    """
    async with ward(tmp_path, places=False) as one:
        await one.join("ana", "agent", "supervisor", "administrator")
        other = await opened(one.one, "dave")
        machine = one.one.desk.machine
        for worker in (machine.deliveries, machine.timers):
            await worker.stop()
        before = {stream: await version(one, stream) for stream in (one.stream, other)}
        one.one.clock.jump(3 * 24 * 60 * MINUTE)
        seen = len(one.told("ana"))
        await machine.timers.start()
        if slow:
            await one.one.desk.settle()
        await machine.deliveries.start()
        await one.one.quiet()
        calls = one.told("ana")[seen:]
        state, second = [await one.one.desk.incident(x) for x in (one.stream, other)]
        assert await version(one, one.stream) > before[one.stream] + 1
        assert len([x for x in calls if state.reference in x]) == 1
        assert len([x for x in calls if second.reference in x]) == 1


async def test_practice_1_5_one_notice_after_a_sleep_says_the_highest_and_names_the_rest_shortly(
    tmp_path: Path,
) -> None:
    """What people asked for beside it is another message, and not lost."""
    async with ward(tmp_path, places=False) as one:
        await one.join("sue", "supervisor")
        for _ in range(2):
            help_ = EscalateIncident(incident=one.stream, reason="I cannot do it alone")
            await one.one.desk.done(help_, "boss")
        await one.one.quiet()
        machine = one.one.desk.machine
        for worker in (machine.deliveries, machine.timers):
            await worker.stop()
        await one.put(SUPERVISOR, words=t("Will you be the deputy?"))
        one.one.clock.jump(3 * 24 * 60 * MINUTE)
        seen = len(one.told("sue"))
        await machine.timers.start()
        await machine.deliveries.start()
        await one.one.quiet()
        calls = one.told("sue")[seen:]
        assert len(calls) == 2
        highest = next(x for x in calls if "A colleague asks for help" in x)
        assert "Also: nobody has acknowledged it, a customer waits for an answer." in highest
        assert any(x.startswith("Will you be the deputy?") for x in calls)
        standing = (await one.one.desk.incident(one.stream)).alarms
        assert max(standing, key=lambda x: (x.rung, x.sounded)).cause == "manual"


async def version(one: Ward, stream: StreamId) -> int:
    return (await one.one.desk.machine.engine.live(stream)).version
