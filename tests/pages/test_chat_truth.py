"""The chat says what is true, and offers what it promises."""

from pathlib import Path

from tests.pages.kit import web
from tests.pages.test_chat import resolved, said


async def test_once_the_work_is_done_something_else_can_be_reported_and_words_go_there(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await resolved(served)
        first = (await visitor.state())["report"]
        assert first["stage"] == "confirming"
        assert (first["can_begin"], first["can_write"]) == (True, True)
        await visitor.did("answer_fixed", fixed=True)
        assert (await visitor.state())["report"]["can_begin"]
        begun = await visitor.did("begin_report", again=True)
        await visitor.did("begin_report", again=True)
        second = (await visitor.state())["report"]
        assert second["reference"] == begun["reference"] != first["reference"]
        assert second["stage"] == "answering"
        await visitor.did("write_message", words="The lift stopped")
        now = (await visitor.state())["report"]
        assert (now["reference"], now["messages"]) == (second["reference"], 1)
        assert len(await served.desk.store.select("reports")) == 2


async def test_while_it_is_worked_on_no_other_report_begins_and_a_sentence_says_why(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        reference = await visitor.report()
        assert not (await visitor.state())["report"]["can_begin"]
        answer = await visitor.did("begin_report", again=True)
        assert (answer["outcome"], answer["code"]) == ("refused", "at_work")
        assert (await visitor.state())["report"]["reference"] == reference


async def test_how_many_questions_there_are_is_said_once_it_is_known(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        assert (await visitor.state())["report"]["steps"] is None
        await visitor.did("answer_question", field="what", value="The lights went out")
        await visitor.did("answer_question", field="category", value="power")
        assert (await visitor.state())["report"]["steps"] > 6


async def test_in_danger_the_headline_says_that_a_person_is_alerted_and_not_more(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="yes")
        report = (await visitor.state())["report"]
        assert (report["danger"], report["asking"]) == (True, True)
        assert report["headline"] == "We are alerting a person. Please go on if it is safe"


async def test_taken_back_the_words_promise_what_the_page_offers(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        await visitor.did("withdraw_report", why="solved_itself")
        state = await visitor.state()
        assert "you can begin a new report here" in said(state)[-1]
        assert (state["report"]["can_begin"], state["report"]["can_write"]) == (True, False)


async def test_what_stands_alone_among_the_answers_is_marked_for_the_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        for field, value in (
            ("safety", "no"),
            ("what", "The lights went out"),
            ("category", "power"),
            ("power.extent", "building"),
        ):
            await visitor.did("answer_question", field=field, value=value)
        choices = (await visitor.state())["report"]["question"]["choices"]
        assert [one["value"] for one in choices if one["alone"]] == ["none"]
        answer = await visitor.did(
            "answer_question", field="power.hazards", value=["water", "none"]
        )
        assert answer["outcome"] == "refused"
        assert "None of these" in answer["text"]
