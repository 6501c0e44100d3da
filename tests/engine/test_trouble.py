"""The disk gives trouble: nobody is told what is not so, nothing is lost, work goes on after."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from pydantic import field_serializer

from bot.core.commands import Answer
from bot.core.errors import StoreDown
from bot.core.report_words import (
    AnswerQuestion,
    MessageReceived,
    ReplyToCustomer,
    WriteMessage,
)
from bot.engine.hub import News
from bot.engine.verify import recorded
from bot.store.sqlite.store import SqliteStore
from bot.wiring import BOOK
from tests.conftest import ExpectedErrors
from tests.engine.kit import Desk, desk
from tests.proof.agree import all_agrees
from tests.proof.days import Place, close, fall_over
from tests.proof.faulty import FAULTS, FaultyStore, through
from tests.proof.town import rest

IN_DOUBT = ("unknown, not written", "unknown, written")


async def said(house: Desk) -> list[str]:
    """Every message of customers, in the order of the log."""
    found: list[str] = []
    last = 0
    while page := await house.store.log(last, 500):
        for one in page:
            event = recorded(house.codec, one).event
            if isinstance(event, MessageReceived):
                found.append(str(event.words.open(house.codec.open)))
        last = page[-1].position
    return found


async def write(house: Desk, words: str, who: str = "ana") -> Answer:
    return await house.press(WriteMessage(words=words), who, source=words)


# --- a full disk -----------------------------------------------------------------------------


async def limited(store: SqliteStore, pages: int) -> None:
    def work(raw: sqlite3.Connection) -> None:
        raw.execute(f"PRAGMA max_page_count = {pages}")

    await store._open.run(work)


async def test_on_a_full_disk_nothing_is_taken_and_later_everything_again(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "muster.db")
    async with desk(tmp_path, store=store) as house:
        await write(house, "before")
        await limited(store, 1)
        long = "x" * 7_000
        full = [await write(house, f"{number} {long}") for number in range(30)]
        refused = [answer for answer in full if answer.outcome != "done"]
        assert {answer.code for answer in refused} == {"not_saved"}
        assert len(refused) > 15
        assert len(await said(house)) == 1 + len(full) - len(refused)
        await limited(store, 1_000_000)
        again = [await write(house, f"{number} {long}") for number in range(30)]
        assert {answer.outcome for answer in again} == {"done"}
        assert await said(house) == ["before", *(f"{number} {long}" for number in range(30))]
        await rest(house)
        await all_agrees(house)


# --- a commit in doubt -----------------------------------------------------------------------


@pytest.mark.parametrize("fault", IN_DOUBT)
async def test_a_message_whose_commit_is_in_doubt_is_there_once_and_answered(
    tmp_path: Path, fault: str, expected_errors: ExpectedErrors
) -> None:
    store = FaultyStore(tmp_path / "muster.db")
    place = Place(tmp_path)
    house = await place.open(store)
    await write(house, "before")
    store.next_faults = [fault]
    presses = [write(house, f"from {who}", who) for who in ("ana", "ben", "cem")]
    answers = await asyncio.gather(*presses)
    assert {answer.outcome for answer in answers} == {"done"}
    assert sorted(await said(house)) == ["before", "from ana", "from ben", "from cem"]
    expected_errors.claim("commit in doubt")
    await rest(house)
    await all_agrees(house)
    await close(house)


@pytest.mark.parametrize("fault", IN_DOUBT)
async def test_while_the_store_cannot_be_opened_nobody_is_told_done(
    tmp_path: Path, fault: str, expected_errors: ExpectedErrors
) -> None:
    store = FaultyStore(tmp_path / "muster.db")
    house = await Place(tmp_path).open(store)
    await write(house, "before")
    store.next_faults, store.cannot_reopen = [fault], 40
    doubtful = await write(house, "in doubt")
    assert doubtful.code == "not_saved"
    assert (await write(house, "meanwhile")).code == "not_saved"
    while store.cannot_reopen:
        await through(house, 1_000)
    assert (await write(house, "in doubt")).outcome == "done"
    assert (await write(house, "after")).outcome == "done"
    assert await said(house) == ["before", "in doubt", "after"]
    expected_errors.claim("commit in doubt")
    expected_errors.claim("cannot reopen the store")
    await rest(house)
    await all_agrees(house)
    await close(house)


@pytest.mark.parametrize("fault", IN_DOUBT)
async def test_bookkeeping_in_doubt_does_not_stop_the_desk(tmp_path: Path, fault: str) -> None:
    """A checkpoint, a delivery, a sign-in: whatever failed, the next command finds a store."""
    store = FaultyStore(tmp_path / "muster.db")
    house = await Place(tmp_path).open(store)
    await write(house, "before")
    await rest(house)
    store.coming = fault
    with pytest.raises(StoreDown):
        await house.machine.checkpoints.write()
    assert (await write(house, "after")).outcome == "done"
    await house.machine.checkpoints.write()
    await rest(house)
    await all_agrees(house)
    await close(house)


@pytest.mark.parametrize("seed", range(6))
async def test_trouble_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, seed: int, expected_errors: ExpectedErrors
) -> None:
    """The clients send again under the same id whatever was not answered with done."""
    chance = Random(seed)
    store = FaultyStore(tmp_path / "muster.db", chance, share=0.3)
    house = await Place(tmp_path, seed).open(store)
    people = [f"customer{number}" for number in range(8)]
    sent: dict[str, list[str]] = {who: [] for who in people}

    async def insist(who: str) -> None:
        for number in range(12):
            words = f"{who} {number}"
            for _ in range(200):
                if (await write(house, words, who)).outcome == "done":
                    sent[who].append(words)
                    break

    await asyncio.gather(*(insist(who) for who in people))
    await through(house, 20_000)
    store.share = 0.0
    await through(house, 5_000)
    found = await said(house)
    for who in people:
        mine = [words for words in found if words.startswith(f"{who} ")]
        assert mine == sent[who] == [f"{who} {number}" for number in range(12)]
    assert store.faults > 2
    expected_errors.unclaimed.clear()
    await rest(house)
    await all_agrees(house)
    await close(house)


# --- bad company in a batch ------------------------------------------------------------------


class Odd(WriteMessage):
    """A message that cannot even be written down."""

    def __repr__(self) -> str:
        raise RuntimeError("not to be written")

    @field_serializer("words")
    def _never(self, words: str) -> str:
        raise RuntimeError("not to be written")


async def test_what_cannot_even_be_kept_hurts_no_other_in_its_batch(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    book = replace(BOOK, rules={**BOOK.rules, Odd: BOOK.rules[WriteMessage]})
    async with desk(tmp_path, book=book) as house:
        odd = house.press(Odd(words="x"), "eve")
        presses = [write(house, "sound", f"customer{number}") for number in range(20)]
        *answers, strange = await asyncio.gather(*presses, odd)
        assert {answer.outcome for answer in answers} == {"done"}
        assert (strange.outcome, strange.code) == ("refused", "not_saved")
        assert (await write(house, "still there")).outcome == "done"
        expected_errors.claim("cannot even be quarantined")


@pytest.mark.parametrize("words", ["half \ud83d a sign", "\x00", "\ud800" * 50, "a\x00b"])
async def test_signs_that_no_store_keeps_do_no_harm(tmp_path: Path, words: str) -> None:
    async with desk(tmp_path) as house:
        for source in ("fine", words):
            said = WriteMessage.model_construct(words=f"hello {words}")
            answer = await house.press(said, "ana", source=source)
            assert answer.outcome == "done"
            asked = AnswerQuestion(field=f"x{words}", value={"text": [words, {words: words}]})
            answer = await house.press(asked, "ana", source=f"q{source}")
            assert answer.code == "no_longer_asked"
        assert (await write(house, "sound")).outcome == "done"
        await rest(house)
        await all_agrees(house)


async def test_a_listener_that_raises_takes_no_answer_away(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    def broken(news: News) -> None:
        raise RuntimeError("deaf")

    async with desk(tmp_path) as house:
        stop = house.machine.hub.listen(broken)
        answers = await asyncio.gather(*(write(house, "hello", f"c{n}") for n in range(10)))
        stop()
        assert {answer.outcome for answer in answers} == {"done"}
        assert len(await said(house)) == 10
        expected_errors.claim("a listener failed")


async def test_a_stream_that_is_damaged_is_refused_and_hurts_no_other(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        stream = (await write(house, "hello")).data["stream"]
        await rest(house)
        keys, witness, clock = house.keys, house.witness, house.clock
    with sqlite3.connect(tmp_path / "muster.db", isolation_level=None) as raw:
        raw.execute("UPDATE snapshots SET state = '{' WHERE stream = ?", (stream,))
    raw.close()
    async with desk(tmp_path, keys=keys, witness=witness, clock=clock, seed=2) as house:
        await house.join("agatha", "agent")
        reply = ReplyToCustomer(report=stream, words="we come")
        both = await asyncio.gather(house.press(reply, "agatha"), write(house, "hello", "ben"))
        assert [answer.code for answer in both] == ["not_saved", ""]
        # The customer is heard all the same, in a report of its own.
        assert (await write(house, "more")).data["stream"] != stream
        found = (await house.machine.verify()).found
        assert [one.stream for one in found] == [stream]


# --- start and stop --------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_desk_whose_store_is_in_trouble_can_still_be_stopped(
    tmp_path: Path, fault: str, expected_errors: ExpectedErrors
) -> None:
    store = FaultyStore(tmp_path / "muster.db")
    house = await Place(tmp_path).open(store)
    await write(house, "before")
    store.share, store.chance = 1.0, Random(1)
    pressed = asyncio.create_task(write(house, "in doubt"))
    await asyncio.sleep(0)
    store.next_faults, store.cannot_reopen = [fault], 1_000
    await close(house)
    assert (await pressed).outcome == "refused"
    expected_errors.unclaimed.clear()


async def test_drain_finishes_what_is_in_and_the_rest_goes_on_next_time(tmp_path: Path) -> None:
    place = Place(tmp_path)
    house = await place.open()
    presses = [asyncio.create_task(write(house, f"w{n}", f"c{n}")) for n in range(200)]
    await asyncio.sleep(0)
    await close(house)
    assert {(await press).outcome for press in presses} == {"done"}
    house = await place.open()
    await rest(house)
    assert len(await said(house)) == 200

    assert await house.store.count("identities") == 200
    await all_agrees(house)
    await fall_over(house)
