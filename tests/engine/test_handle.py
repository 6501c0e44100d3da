"""The one door: dedupe, order, races, refusals, quarantine."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.calendar import DAY
from bot.core.commands import Envelope, Identity, Place
from bot.core.context import Context
from bot.core.incident_commands import AcknowledgeIncident, AskForResource, ClaimTask, TakeIncident
from bot.core.person_words import AcceptInvite, RevokeRole
from bot.core.report_words import (
    AskForPerson,
    BeginReport,
    MessageReceived,
    ReplyToCustomer,
    WriteMessage,
)
from bot.core.rules import Rule
from bot.engine.verify import refold
from bot.store.base import text
from bot.wiring import BOOK, House
from tests.engine.kit import MINUTE, Desk, desk


def files(folder: Path) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in folder.iterdir()]


async def with_incident(house: Desk, who: str = "customer") -> tuple[str, str]:
    """A customer who asked for a human: their report and its incident."""
    first = await house.done(WriteMessage(words="The power is out"), who)
    await house.done(AskForPerson(), who)
    await house.settle()
    report = await house.report(first.data["stream"])
    assert report.incident is not None
    return report.stream, report.incident


async def test_a_first_word_makes_one_person_and_one_report(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        answer = await house.done(BeginReport(), "ana")
        await house.settle()
        report = await house.report(answer.data["stream"])
        assert report.reference == answer.data["reference"]
        assert await house.store.count("identities") == 1
        assert (await house.state(report.person)).stream == report.person


async def test_ten_photos_of_one_album_make_one_person_and_one_report(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        words = [WriteMessage(words=f"photo {number}") for number in range(10)]
        answers = await asyncio.gather(*(house.press(one, "ana") for one in words))
        assert {answer.data["stream"] for answer in answers} == {answers[0].data["stream"]}
        report = await house.report(answers[0].data["stream"])
        assert report.conversation.count == 10
        assert await house.store.count("identities") == 1
        assert await house.store.count("reports") == 1


async def test_a_repeat_gets_the_same_answer_and_no_second_effect(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        first = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        again = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        assert again == first.model_copy(update={"repeat": True})
        assert (await house.report(first.data["stream"])).conversation.count == 1


async def test_a_repeat_after_a_restart_has_no_second_effect_either(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        first = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        keys, witness, clock = house.keys, house.witness, house.clock
    async with desk(tmp_path, keys=keys, witness=witness, clock=clock) as house:
        again = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        assert again == first.model_copy(update={"repeat": True})
        await house.press(WriteMessage(words="more"), "ana", source="m2")
        assert (await house.report(first.data["stream"])).conversation.count == 2
        await house.sound()


async def test_a_repeat_is_known_for_thirty_days_and_its_answer_forgotten_after(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as house:
        await house.press(WriteMessage(words="hello"), "ana", source="m1")
        house.clock.jump(29 * DAY)
        await house.advance(MINUTE)
        assert (await house.press(WriteMessage(words="hello"), "ana", source="m1")).repeat
        house.clock.jump(3 * DAY)
        await house.advance(MINUTE)
        assert not (await house.press(WriteMessage(words="hello"), "ana", source="m1")).repeat


async def test_the_same_press_at_the_same_instant_counts_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        both = await asyncio.gather(
            *(house.press(WriteMessage(words="hello"), "ana", source="m1") for _ in range(20))
        )
        assert sum(not answer.repeat for answer in both) == 1
        assert (await house.report(both[0].data["stream"])).conversation.count == 1


async def test_the_same_id_with_other_content_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        first = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        other = await house.press(WriteMessage(words="goodbye"), "ana", source="m1")
        assert (other.outcome, other.code) == ("refused", "key_reused")
        assert (await house.report(first.data["stream"])).conversation.count == 1


async def test_messages_of_one_person_keep_their_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        sent = [f"line {number}" for number in range(50)]
        answers = await asyncio.gather(
            *(house.press(WriteMessage(words=words), "ana") for words in sent)
        )
        stream = answers[0].data["stream"]
        stored = await house.store.events(stream, 0, 200)
        found: list[Any] = []
        for one in stored:
            event = house.codec.decode_event(
                one.row.tag, one.row.revision, one.row.body, one.row.sealed
            )
            if one.row.tag == "message_received":
                assert isinstance(event, MessageReceived)
                found.append(event.words.open(house.codec.open))
        assert found == sent


async def test_nobody_enters_without_an_identity_or_with_a_stream_of_their_choice(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as house:
        envelope = house.envelope(BeginReport(), "ana")
        for wrong in (
            replace(envelope, identity=None),
            replace(envelope, stream="desk"),
        ):
            with pytest.raises(ValueError, match="identity"):
                await house.machine.engine.handle(wrong)


async def test_a_stranger_may_do_nothing_that_staff_may(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report, incident = await with_incident(house)
        for command in (
            TakeIncident(incident=incident),
            ReplyToCustomer(report=report, words="hi"),
            AskForResource(incident=incident, what="Come", skill="", needed=1),
        ):
            answer = await house.press(command, "stranger")
            assert (answer.outcome, answer.code) == ("refused", "not_allowed")


@pytest.mark.parametrize("named", ["", "inc_1", "rep_" + "0" * 26, "desk", "inc_" + "0" * 26])
async def test_what_does_not_exist_answers_like_what_one_may_not_see(
    tmp_path: Path, named: str
) -> None:
    async with desk(tmp_path) as house:
        await house.join("ben")
        answer = await house.press(TakeIncident(incident=named), "ben")
        assert (answer.outcome, answer.code) == ("refused", "not_found")


async def test_two_who_take_at_once_get_one_winner_and_one_name(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        _, incident = await with_incident(house)
        people = {who: await house.join(who, "agent") for who in ("ana", "ben")}
        answers = dict(
            zip(
                people,
                await asyncio.gather(
                    *(house.press(TakeIncident(incident=incident), who) for who in people)
                ),
                strict=True,
            )
        )
        owner = (await house.incident(incident)).owner
        winner = next(who for who, person in people.items() if person == owner)
        loser = next(who for who in people if who != winner)
        assert answers[winner].outcome == "done"
        assert answers[loser].outcome == "refused"
        said = answers[loser].text
        assert said is not None
        assert owner is not None
        assert owner in said.model_dump_json()


async def test_two_hundred_who_claim_at_once_get_one_winner(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        _, incident = await with_incident(house)
        await house.join("ana", "agent")
        ask = AskForResource(incident=incident, what="Come", skill="electrical", needed=1)
        await house.done(ask, "ana")
        crew = [f"engineer{number}" for number in range(200)]
        people = {who: await house.join(who, "resource") for who in crew}
        eta = house.clock.now() + 30 * MINUTE
        claim = ClaimTask(incident=incident, task=1, eta=eta)
        answers = await asyncio.gather(*(house.press(claim, who) for who in crew))
        won = [who for who, answer in zip(crew, answers, strict=True) if answer.outcome == "done"]
        assert len(won) == 1
        lost = [answer for answer in answers if answer.outcome == "refused"]
        assert len(lost) == 199
        assert all(
            answer.text is not None and people[won[0]] in answer.text.model_dump_json()
            for answer in lost
        )
        await house.sound()


async def test_a_lost_role_counts_at_the_next_press(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        _, incident = await with_incident(house)
        await house.join("chief")
        ben = await house.join("ben", "agent")
        await house.done(AcknowledgeIncident(incident=incident), "ben")
        await house.done(RevokeRole(person=ben, role="agent"), "chief")
        answer = await house.press(TakeIncident(incident=incident), "ben")
        assert answer.code == "not_allowed"


def breaking(command: type, trouble: Exception) -> Any:
    """The book with a decider that raises."""

    def raises(state: object, given: object, ctx: Context) -> Any:
        raise trouble

    rules = dict(BOOK.rules)
    rule: Rule = rules[command]
    rules[command] = replace(rule, decide=raises)
    return replace(BOOK, rules=rules)


async def test_a_decider_that_raises_is_quarantined_and_loses_nothing(tmp_path: Path) -> None:
    book = breaking(WriteMessage, RuntimeError("boom"))
    async with desk(tmp_path, book=book) as house:
        answer = await house.press(WriteMessage(words="my leg hurts"), "ana", source="m1")
        assert answer.outcome == "quarantined"
        rows = await house.store.select("quarantine")
        assert [row["command"] for row in rows] == ["write_message"]
        kept = house.codec.open_note(text(rows[0], "body"), text(rows[0], "subject"))
        assert "my leg hurts" in str(kept)
        assert "my leg hurts" not in text(rows[0], "body")
        again = await house.press(WriteMessage(words="my leg hurts"), "ana", source="m1")
        assert again.repeat
        assert await house.store.count("quarantine") == 1
        assert (await house.press(BeginReport(), "ben")).outcome == "done"
        await house.sound()


async def test_state_is_the_fold_of_the_log(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report, incident = await with_incident(house)
        await house.join("ana", "agent")
        await house.done(TakeIncident(incident=incident), "ana")
        await house.settle()
        for stream in (report, incident):
            folded = await refold(BOOK, house.store, house.codec, stream)
            assert folded == await house.state(stream)


async def test_a_caller_who_goes_away_does_not_take_the_message_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        task = asyncio.create_task(house.press(WriteMessage(words="hello"), "ana", source="m1"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        again = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        assert again.repeat


async def test_a_house_that_stops_says_so_and_finishes_what_is_in(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        pressed = [
            asyncio.create_task(house.press(WriteMessage(words="hello"), f"person{number}"))
            for number in range(30)
        ]
        await asyncio.sleep(0)
        await house.machine.engine.drain()
        answers = await asyncio.gather(*pressed)
        assert {answer.outcome for answer in answers} == {"done"}
        late = await house.press(WriteMessage(words="hello"), "late")
        assert (late.outcome, late.code) == ("refused", "stopping")


async def test_identities_are_not_kept_in_clear(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await house.done(WriteMessage(words="the rhubarb is on fire"), "visitor-4711-secret")
        await house.settle()
    assert not [name for name, content in files(tmp_path) if b"visitor-4711-secret" in content]


async def test_an_invitation_outlives_a_restart(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.open()
    token = await house.machine.invite(("agent",))
    await house.stop()
    house = House(tmp_path)
    await house.open()
    hashed = house.machine.parts.codec.token_hash(token)
    rows = await house.store.select("people", {"invitation": hashed})
    accept = AcceptInvite(person=text(rows[0], "person"), token=hashed, name="Ana")
    answer = await house.engine.handle(
        Envelope(
            entry="web",
            source="1",
            command=accept,
            identity=Identity(channel="web", opaque="ana"),
            place=Place(channel="web", address="ana"),
        )
    )
    await house.stop()
    assert answer.outcome == "done", answer.text
