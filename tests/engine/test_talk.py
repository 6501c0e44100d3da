"""Words alone with us: a guided report by typing and pressing, then messages; nothing is lost."""

import asyncio
from pathlib import Path

from bot.core.commands import Grant, Identity, Place
from bot.core.report_words import GoBack, ReplyToCustomer, WithdrawReport
from bot.engine.heard import Pointed
from bot.engine.ports import Reply
from tests.engine.talking import CAROL, STORY, chat


async def test_the_first_words_tell_what_happened_and_the_first_question_is_pushed(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        assert await one.writes(STORY) == Reply()
        report = await one.report()
        assert [given.field for given in report.answers] == ["what"]
        assert report.language == "en"
        assert "anyone in danger" in one.shown()[-1].post.text
        assert one.labels()[:3] == ["No, everyone is safe", "Yes", "I am not sure"]


async def test_a_greeting_is_answered_with_the_first_question(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        report = await one.report()
        assert not report.answers
        assert report.conversation.count == 0
        assert "Hello, you have reached" in one.shown()[-1].post.text


async def test_a_choice_may_be_typed_and_the_question_becomes_a_line_without_buttons(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        await one.writes("no, everyone is safe")
        first, second = one.shown()
        assert first.post.text.endswith("No, everyone is safe")
        assert first.post.card is not None
        assert not first.post.card.buttons
        assert "What can we do for you?" in second.post.text
        await one.writes("something is broken or wrong")
        assert second.post.text.endswith("Something is broken or wrong")
        third = one.shown()[-1]
        assert "What has happened, or what do you need?" in third.post.text
        await one.writes(STORY)
        assert STORY in third.post.text
        assert "What is it about?" in one.shown()[-1].post.text


async def test_a_choice_may_be_typed_by_its_number_and_in_ones_own_language(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Привет", language="ru")
        await one.writes("Нет, все в безопасности", language="ru")
        assert (await one.report()).known()["safety"] == "no"
        await one.writes("Что-то сломалось или не так", language="ru")
        await one.writes("Погас свет и остановился лифт", language="ru")
        await one.writes("1", language="ru")
        assert (await one.report()).known()["category"]


async def test_words_that_answer_nothing_are_kept_and_the_question_stays(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        reply = await one.writes(STORY)
        assert "choose one of the answers" in reply.text
        report = await one.report()
        assert [given.field for given in report.answers] == ["what"]
        reply = await one.writes("And there is a strange smell in the whole staircase, too.")
        assert "passed on what you wrote" in reply.text
        assert (await one.report()).conversation.count == 1
        reply = await one.writes("dunno")
        assert reply.text == "Please choose one of the answers offered."
        assert (await one.report()).conversation.count == 1


async def test_going_back_asks_again_where_it_was_asked(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        await one.writes("no, everyone is safe")
        await one.writes("back")
        first, second = one.shown()
        assert first.post.card is not None
        assert first.post.card.buttons
        assert second.post.text == "We come back to this in a moment."
        await one.writes("I am not sure")
        assert first.post.text.endswith("I am not sure")
        assert "What has happened, or what do you need?" in second.post.text


async def test_the_summary_is_sent_by_a_word_and_the_reference_comes(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.to_the_photo()
        assert "Skip" in one.labels()
        await one.writes("skip")
        while "Send the report" not in one.labels():
            await one.writes("skip")
        await one.writes("send")
        report = await one.report()
        assert report.complete
        texts = one.office.channel.texts(CAROL)
        assert any(text.startswith("Thank you, we have your report.") for text in texts)
        assert any(text == f"Sent. Your reference is {report.reference}." for text in texts)
        assert any(text.startswith(f"Your report {report.reference}") for text in texts)


async def test_after_sending_words_are_messages_and_replies_come_back(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("I want a person please, I cannot do this with questions")
        await one.writes("person")
        await one.writes("Are you there?")
        report = await one.report()
        assert report.left == "person_wanted"
        assert report.conversation.count == 1
        await one.office.desk.join("ana", "agent")
        await one.office.desk.done(
            ReplyToCustomer(report=report.stream, words="Yes. How can I help?"), "ana"
        )
        await one.settled()
        last = one.office.channel.texts(CAROL)[-1]
        assert last == "An agent wrote:\nYes. How can I help?"
        assert not any("Are you there?" in text for text in one.office.channel.texts(CAROL))


async def test_distress_in_the_first_words_calls_a_person_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("I want to die")
        report = await one.report()
        assert report.care.since is not None
        assert report.incident is not None


async def test_stopping_ends_it_and_the_next_word_begins_another(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        first = await one.report()
        await one.writes("stop")
        assert "You stopped this report." in one.office.channel.texts(CAROL)
        await one.writes("The heating is cold in the whole house.")
        assert (await one.report()).stream != first.stream


async def test_an_edited_message_is_one_more(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("I would like to talk to somebody about my bill")
        await one.writes("person")
        await one.writes("It is 40 euro", edited=True)
        report = await one.report()
        assert report.conversation.count == 1
        assert await one.writes("Hello", edited=True, who="dave") == Reply()


async def test_a_deleted_message_is_noted_and_its_words_stay(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("I would like to talk to somebody about my bill")
        await one.writes("person")
        said = len(one.shown())
        assert await one.writes("", edited=True) == Reply()
        report = await one.report()
        stored = await one.office.store.events(report.stream, 0, 50)
        assert [x.row.tag for x in stored].count("message_taken_back") == 1
        assert len(one.shown()) == said
        # Who reports nothing took nothing back.
        assert await one.writes("", edited=True, who="dave") == Reply()
        assert await one.office.store.count("reports") == 1


async def test_whoever_works_here_is_told_how_to_report(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        grant = Grant("agent", "triage", one.office.clock.now())
        reply = await one.writes("list", grants=(grant,))
        assert "write “report”" in reply.text
        await one.writes("report", grants=(grant,))
        assert (await one.report()).asking


async def test_a_repeat_of_the_same_event_changes_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("I want a person please, now", source="a")
        await one.writes("person", source="b")
        await one.writes("Hello?", source="c")
        await one.writes("Hello?", source="c")
        assert (await one.report()).conversation.count == 1


# --- pointing ------------------------------------------------------------------------------------


async def test_a_message_becomes_an_incident_with_its_words_and_link(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        name = one.office.channel.name
        pointed = Pointed(
            source="short:1",
            who=Identity(name, "ana"),
            place=Place(name, "team"),
            words=STORY,
            link="https://chat.example/archives/1",
        )
        grant = Grant("agent", "triage", one.office.clock.now())
        reply = await one.talk.point(pointed, (grant,))
        assert reply.form is not None
        assert reply.form.state.form.key == "from_message"
        assert reply.form.state.answers["what"] == STORY
        assert reply.form.state.answers["caller_link"] == pointed.link
        own = await one.talk.point(pointed, ())
        assert own.form is not None
        assert own.form.state.form.key == "report"
        assert own.form.state.answers["what"] == STORY


async def test_pressing_back_and_stop_mean_the_same_as_writing_it(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        await one.answers(safety="no")
        await one.office.press(GoBack(), CAROL)
        await one.office.press(WithdrawReport(why="cancelled"), CAROL)
        await one.settled()
        assert (await one.report()).stage == "withdrawn"


async def test_words_that_come_at_once_answer_one_question_after_the_other(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        await one.answers(safety="no", category="unsure")
        await asyncio.gather(one.writes(STORY), one.writes("12 Mill Lane"))
        report = await one.report()
        assert [given.field for given in report.answers][2:] == ["what", "where"]
