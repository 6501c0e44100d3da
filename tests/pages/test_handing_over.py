"""Hand-over keeps the thread: the next one reads it all, and the customer says nothing twice."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.web.visitors import Visitors
from bot.core.incident_commands import RestrictIncident
from bot.core.report_words import WriteMessage
from bot.engine import read_talk
from tests.engine.kit import MINUTE
from tests.pages.kit import web
from tests.pages.test_desk import reported

NOTES = b"The meter reads 4711."


async def test_practice_1_3_the_new_owner_reads_the_whole_thread_and_may_answer_at_once(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        chief = await served.staff("Chief", "supervisor")
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        (row,) = await served.desk.store.select("reports")
        report, own = str(row["report"]), (await visitor.state())["report"]["reference"]
        await ana.done("take_incident", incident=incident)
        await visitor.did("write_message", words="It smells of burning.")
        file = await visitor.sent_file(NOTES, "meter.txt")
        await ana.done("reply_to_customer", report=report, words="Please switch it off.")
        await ana.done("write_note", report=report, words="Sounds careful.")
        # Few may see it: until it is his, Ben reads nothing of it.
        hides = RestrictIncident(incident=incident, visibility="restricted", reason="family")
        await served.asks(chief, hides)
        page, bytes_of = f"/desk/incidents/{reference}", f"/desk/reports/{own}/files/{file}"
        assert [(await ben.get(one)).status_code for one in (page, bytes_of)] == [404, 404]
        before = (await visitor.state())["letters"]
        await chief.done("hand_over_incident", incident=incident, to=ben.person)
        # One calm line names nobody and asks nothing anew; no word of the talk has moved.
        letters = (await visitor.state())["letters"]
        assert letters[: len(before)] == before
        (line,) = letters[len(before) :]
        assert line["text"].endswith("so you need not say it again.")
        assert not any(name in str(letters) for name in ("Ana", "Ben", "Chief"))
        shown = (await ben.get(page)).text
        thread = ("It smells of burning.", bytes_of, "Please switch it off.", "Sounds careful.")
        assert [one in shown for one in thread] == [True] * 4
        places = [shown.index(one) for one in thread]
        assert places == sorted(places)
        assert (await ben.get(bytes_of)).content == NOTES
        await ben.done("reply_to_customer", report=report, words="Thank you. I am on my way.")
        (answer,) = (await visitor.state())["letters"][len(letters) :]
        assert answer["words"] == "Thank you. I am on my way."
        assert "Ben" not in str(answer)
        # It goes on as one conversation, by the next number.
        assert answer["message"] == max(one["message"] for one in before) + 1


async def test_a_talk_is_read_from_its_first_word_or_says_that_there_is_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        for number in range(4):
            await visitor.did("write_message", words=f"Word {number}.")
        ana = await served.staff("Ana", "agent")
        shown = (await ana.get(f"/desk/incidents/{reference}")).text
        assert "Word 0." in shown
        assert "There are earlier messages" not in shown
        monkeypatch.setattr(read_talk, "TALK", 3)
        shown = (await ana.get(f"/desk/incidents/{reference}")).text
        assert "Word 0." not in shown
        assert "There are earlier messages" in shown


@pytest.mark.parametrize(("kept", "marked"), [(120 * MINUTE, True), (MINUTE, False)])
async def test_practice_5_2_words_that_a_platform_kept_for_hours_are_marked_late(
    tmp_path: Path, kept: int, marked: bool
) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        ana, desk = await served.staff("Ana", "agent"), served.desk
        parts = desk.machine.parts
        visitors = Visitors(parts.codec.token_hash, parts.clock, parts.chance)
        who = visitors.opaque(visitor.token)
        assert who is not None
        said = desk.envelope(WriteMessage(words="It smells of burning."), who)
        late = replace(said, source_at=desk.clock.now() - kept)
        assert (await desk.machine.engine.handle(late)).outcome == "done"
        shown = (await ana.get(f"/desk/incidents/{reference}")).text
        assert "It smells of burning." in shown
        assert ("late entry: written at" in shown) is marked
