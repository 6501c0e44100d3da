"""Files that come by a channel: none is lost, none is taken twice, each refusal is told."""

from pathlib import Path

from bot.engine.heard import Attached
from bot.engine.ports import Outage, Unsendable
from bot.store.base import text
from tests.engine.talking import CAROL, STORY, chat


def attached(name: str, size: int = 10) -> Attached:
    return Attached(file=name, name=f"{name}.txt", size=size)


async def test_ten_files_of_one_message_are_one_report_and_the_words_are_there(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        names = [f"f{number}" for number in range(10)]
        one.contents.update({name: f"content of {name}".encode() for name in names})
        await one.writes(STORY, tuple(attached(name) for name in names))
        report = await one.report()
        assert len(report.files) == 10
        assert report.answer("what") is not None
        assert not await one.office.store.count("arrivals")
        assert await one.office.store.count("reports") == 1


async def test_files_without_a_word_begin_a_report(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = b"some text"
        await one.writes("", (attached("f"),))
        report = await one.report()
        assert [kept.number for kept in report.files] == [1]


async def test_the_words_of_a_photo_are_kept_and_the_photo_is_not_said_to_be_missing(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        await one.to_the_photo()
        one.contents["f"] = b"some text"
        assert (await one.writes("the stairs", (attached("f"),))).text == ""
        report = await one.report()
        assert report.answer("photo") is not None
        assert report.conversation.count == 1


async def test_the_words_of_a_photo_that_answer_nothing_are_kept_as_well(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        one.contents["f"] = b"some text"
        reply = await one.writes("the stairs", (attached("f"),))
        assert reply.text.startswith("Thank you, we keep this with your report.")
        assert (await one.report()).conversation.count == 2


async def test_a_photo_whose_words_answer_the_question_wants_nothing_more(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("hello")
        await one.answers(safety="no", kind="incident")
        one.contents["f"] = b"some text"
        assert (await one.writes("The door is stuck", (attached("f"),))).text == ""
        report = await one.report()
        assert report.answer("what") is not None
        assert len(report.files) == 1


async def test_words_where_a_photo_is_wanted_are_no_photo_that_got_lost(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.to_the_photo()
        assert (await one.writes("i have none")).text == "Please send a photo or a file here."


async def test_a_file_answers_the_question_that_asks_for_one(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.to_the_photo()
        one.contents.update({"f": b"some text", "g": b"more text"})
        await one.writes("", (attached("f"), attached("g")))
        report = await one.report()
        answer = report.answer("photo")
        assert answer is not None
        assert {kept.field for kept in report.files} == {"photo"}
        assert report.conversation.count == 0


async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = Outage()
        await one.writes(STORY, (attached("f"),))
        assert not (await one.report()).files
        one.contents["f"] = b"some text"
        await one.office.advance(10_000)
        await one.settled()
        assert len((await one.report()).files) == 1


async def test_of_a_file_that_is_gone_for_good_somebody_hears_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = Unsendable("The file is not there any more.", final=True)
        await one.writes(STORY, (attached("f"),))
        await one.settled()
        texts = "\n".join(one.office.channel.texts(CAROL))
        assert "f.txt: This file did not reach us." in texts
        assert not await one.office.store.count("arrivals")


async def test_a_file_that_is_not_taken_is_told_in_a_kind_sentence(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents.update({"f": b"\x00\x01\x02 MZ", "g": b"x"})
        await one.writes(STORY, (attached("f"), attached("g", size=10**9)))
        await one.settled()
        texts = "\n".join(one.office.channel.texts(CAROL))
        assert "f.txt: We can take photos and pictures" in texts
        assert "g.txt: This file is too large." in texts
        assert not (await one.report()).files


async def test_a_repeated_file_is_one_file(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = b"some text"
        for _ in range(2):
            await one.writes(STORY, (attached("f"),), source="same")
        assert len((await one.report()).files) == 1


async def test_what_was_erased_is_not_fetched(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = Outage()
        await one.writes(STORY, (attached("f"),))
        rows = await one.office.store.select("arrivals")
        assert text(rows[0], "subject") == (await one.report()).subject
        assert STORY not in str(rows)
        assert "f.txt" not in str(rows)


async def test_stopping_waits_for_no_channel_and_the_file_is_fetched_after_all(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = None
        await one.writes(STORY, (attached("f"),), settle=False)
        await one.office.quiet()
        await one.talk.arrivals.stop()
        assert not (await one.report()).files
        one.contents["f"] = b"some text"
        await one.talk.arrivals.start()
        await one.office.advance(10_000)
        await one.settled()
        assert len((await one.report()).files) == 1
