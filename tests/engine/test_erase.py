"""Erasing: nothing of the person is left in any byte, everything of everybody else is."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core import alike
from bot.core.commands import Answer
from bot.core.incident_commands import AddFacts, OpenIncident
from bot.core.incident_words import Fact
from bot.core.person_words import AcceptInvite, ErasePerson
from bot.core.personal import Personal
from bot.core.report_words import AnswerQuestion, BeginReport, ConfirmSummary, WriteMessage
from bot.engine.accounts import Accounts
from bot.engine.sessions import Sessions
from bot.store.base import text
from tests.engine.kit import Desk, desk
from tests.engine.test_handle import breaking
from tests.proof.agree import all_agrees
from tests.proof.canaries import (
    AGENT,
    Canary,
    answers,
    canary,
    found_in,
    hidden,
    note_needles,
    reads,
    sings,
)
from tests.proof.filed import FiledPlace, logged, scanned
from tests.proof.town import ADMIN, rest

REASON = "asked for it"


async def staffed(house: Desk) -> None:
    await house.join(ADMIN)
    await house.join(AGENT, "agent")


async def flock(house: Desk, count: int, seed: int = 1) -> list[Canary]:
    chance = Random(seed)
    birds = [canary(number, chance) for number in range(count)]
    for one in birds:
        await sings(house, one)
        await note_needles(house, one)
    return birds


async def erase(house: Desk, one: Canary) -> Answer:
    answer = await house.done(ErasePerson(person=one.person, reason=REASON), ADMIN)
    await rest(house)
    return answer


async def test_of_erased_canaries_no_byte_is_left_and_of_others_all_is(tmp_path: Path) -> None:
    place = FiledPlace(tmp_path)
    with logged(tmp_path):
        house = await place.begin()
        await staffed(house)
        birds = await flock(house, 8)
        files = await scanned(tmp_path)
        for one in birds:
            assert set(found_in(files, one.needles)) == set(one.needles)
            assert found_in(files, hidden(one)) == {}
        for one in birds[::2]:
            await erase(house, one)
        files = await scanned(tmp_path)
        for one in birds[::2]:
            assert found_in(files, one.needles | hidden(one)) == {}
            assert await reads(house, one) == []
        for one in birds[1::2]:
            assert set(found_in(files, one.needles)) == set(one.needles)
            assert set(await reads(house, one)) == set(one.words)
        await all_agrees(house)
        await place.end(house)


@pytest.mark.parametrize("seed", range(4))
async def test_an_erasure_that_is_cut_off_anywhere_goes_on(tmp_path: Path, seed: int) -> None:
    place, chance = FiledPlace(tmp_path), Random(seed)
    house = await place.begin()
    await staffed(house)
    birds = await flock(house, 3, seed)
    for one in birds[1:]:
        await house.done(ErasePerson(person=one.person, reason=REASON), ADMIN)
        for _ in range(4):
            for _ in range(chance.randrange(300)):
                await asyncio.sleep(0)
            await place.end(house, crash=True)
            house = await place.begin()
    await rest(house)
    files = await scanned(tmp_path)
    for one in birds[1:]:
        assert found_in(files, one.needles) == {}
    assert set(found_in(files, birds[0].needles)) == set(birds[0].needles)
    await all_agrees(house)
    await place.end(house)


async def test_whoever_writes_after_being_erased_is_somebody_new(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await staffed(house)
        (one,) = await flock(house, 1)
        await erase(house, one)
        answer = await house.done(WriteMessage(words="Good morning"), one.who)
        await house.settle()
        fresh = await house.report(answer.data["stream"])
        assert fresh.stream != one.report
        assert fresh.person != one.person
        assert fresh.subject != one.subject
        await all_agrees(house)


async def test_whoever_goes_on_writing_while_being_erased_is_somebody_new_at_once(
    tmp_path: Path,
) -> None:
    """No message falls between the two: each is in the old report, erased, or in the new one."""
    async with desk(tmp_path) as house:
        await staffed(house)
        (one,) = await flock(house, 1)
        writing = asyncio.create_task(_write_on(house, one))
        await house.done(ErasePerson(person=one.person, reason=REASON), ADMIN)
        await rest(house)
        said = await writing
        reports = {answer.data["stream"] for answer in said if answer.outcome == "done"}
        assert {answer.code for answer in said} <= {"", "erased"}
        assert len(reports - {one.report}) == 1
        assert await reads(house, one) == []
        await all_agrees(house)


async def _write_on(house: Desk, one: Canary) -> list[Answer]:
    found = []
    for number in range(400):
        found.append(await house.press(WriteMessage(words=f"I am here {number}"), one.who))
        if found[-1].outcome == "done" and found[-1].data["stream"] != one.report:
            break
    return found


async def test_a_stream_takes_nothing_more_about_whom_it_let_go_of(tmp_path: Path) -> None:
    """What was under way to it when that person was erased arrives without them."""
    async with desk(tmp_path) as house:
        await staffed(house)
        one = canary(1, Random(2))
        await _until_confirmed(house, one)
        await house.done(ConfirmSummary(), one.who)
        await rest(house)
        incident = (await house.report(one.report)).incident
        assert incident is not None
        await erase(house, one)
        late = AddFacts(
            incident=incident,
            report=one.report,
            category="power",
            facts=(Fact(field="power.fuse", value=Personal(one.subject, "Too late")),),
            complete=True,
        )
        answer = await house.machine.engine.house(late, incident, "do", "late")
        assert answer.outcome == "done"
        (fact,) = (
            one for one in (await house.incident(incident)).facts if one.field == "power.fuse"
        )
        assert isinstance(fact.value, Personal)
        assert fact.value.erased
        await all_agrees(house)


async def _until_confirmed(house: Desk, one: Canary, **instead: Any) -> None:
    begun = await house.done(BeginReport(), one.who)
    for name, value in (answers(one) | instead).items():
        await house.done(AnswerQuestion(field=name, value=value), one.who)
    await rest(house)
    state = await house.report(begun.data["stream"])
    one.report, one.person, one.subject = state.stream, state.person, state.subject


async def test_a_do_that_failed_keeps_nothing_of_an_erased_person(tmp_path: Path) -> None:
    """The report's answers were on their way to an incident that could not be opened."""
    book = breaking(OpenIncident, RuntimeError("boom"))
    async with desk(tmp_path, book=book) as house:
        await staffed(house)
        one = canary(1, Random(3))
        await _until_confirmed(house, one)
        await house.done(ConfirmSummary(), one.who)
        await rest(house)
        dead = {"kind": "do", "state": "dead"}
        kept = await house.store.select("outbox", dead)
        assert [row["subject"] for row in kept] == [one.subject]
        await note_needles(house, one)
        await erase(house, one)
        assert found_in(await scanned(tmp_path), one.needles) == {}
        kept = await house.store.select("outbox", dead)
        assert [(row["subject"], row["body"]) for row in kept] == [(None, "")]


async def test_a_quarantined_message_of_an_erased_person_is_gone(tmp_path: Path) -> None:
    book = breaking(WriteMessage, RuntimeError("boom"))
    async with desk(tmp_path, book=book) as house:
        await staffed(house)
        one = canary(1, Random(4))
        await _until_confirmed(house, one)
        answer = await house.press(WriteMessage(words="My leg hurts"), one.who)
        assert answer.outcome == "quarantined"
        assert await house.store.count("quarantine", {"subject": one.subject}) == 1
        await erase(house, one)
        assert await house.store.count("quarantine") == 0


async def test_erased_staff_lose_name_account_and_sign_in(tmp_path: Path) -> None:
    place = FiledPlace(tmp_path)
    house = await place.begin()
    await staffed(house)
    parts = house.machine.parts
    sessions = Sessions(parts.store, parts.codec, parts.clock, parts.chance, house.machine.hub)
    token = await house.machine.invite(("agent",))
    hashed = house.codec.token_hash(token)
    rows = await house.store.select("people", {"invitation": hashed})
    person, account = text(rows[0], "person"), "account:zqxjkvbwpyfgcrlm"
    await house.done(AcceptInvite(person=person, token=hashed, name="Quillon Marsh"), account)
    signed_in = await sessions.begin(person, account)
    passwords = Accounts(house.machine.engine)
    assert await passwords.keep(person, account, "quillon", "a long password")
    needles = {
        "sign-in name": passwords.key("quillon").encode(),
        "identity hash": house.codec.identity_key("web", account).encode(),
        "account": account.encode(),
        "name": b"Quillon",
        "sign-in": house.codec.token_hash(signed_in).encode(),
    }
    joined = (await house.store.events(person, 0, 10))[-1]
    for value in json.loads(joined.row.sealed or "[]"):
        needles[value] = value.encode()
    assert set(needles) - set(found_in(await scanned(tmp_path), needles)) == {"name"}
    await house.done(ErasePerson(person=person, reason=REASON), ADMIN)
    await rest(house)
    assert found_in(await scanned(tmp_path), needles) == {}
    assert await sessions.find(signed_in) is None
    assert await passwords.enter("quillon", "a long password") is None
    await all_agrees(house)
    await place.end(house)


async def test_ordering_it_twice_erases_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await staffed(house)
        (one,) = await flock(house, 1)
        order = ErasePerson(person=one.person, reason=REASON)
        await asyncio.gather(*(house.done(order, ADMIN) for _ in range(3)))
        await rest(house)
        await erase(house, one)
        tags = [entry.row.tag for entry in await house.store.events(one.person, 0, 100)]
        assert tags.count("erasure_ordered") == tags.count("erasure_done") == 1
        await all_agrees(house)


async def test_it_can_be_done_with_no_worker_running(tmp_path: Path) -> None:
    """The command line opens the data alone: what is still under way is carried first."""
    async with desk(tmp_path) as house:
        await staffed(house)
        one = canary(1, Random(5))
        await _until_confirmed(house, one)
        for worker in house.machine._workers:
            await worker.stop()
        await house.done(ConfirmSummary(), one.who)
        assert await house.store.count("outbox", {"kind": "do", "state": "waiting"})
        await house.done(ErasePerson(person=one.person, reason=REASON), ADMIN)
        assert await house.machine.eraser.finish(one.person) >= 3
        await all_agrees(house)


async def test_no_name_stays_in_memory_because_a_text_was_compared_with_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await staffed(house)
        (one,) = await flock(house, 1)
        alike.sought("karpova")
        alike.forms("karpowa")
        await erase(house, one)
        assert alike.sought.cache_info().currsize == alike.forms.cache_info().currsize == 0
