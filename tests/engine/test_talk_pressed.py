"""The same conversation by buttons and forms, through the front of every channel."""

from pathlib import Path

from bot.core.incident_commands import ResolveIncident, TakeIncident
from bot.core.report import Report
from bot.engine.heard import Given
from bot.engine.ports import Reply
from tests.engine.talking import CAROL, STORY, Chat, chat

MINUTE = 60_000
ALL = {"safety": "no", "what": STORY, "where": "12 Mill Lane", "category": "unsure"}


async def sent(one: Chat) -> Report:
    """A report from the first word to the reference."""
    await one.writes("Hi")
    await one.presses("No, everyone is safe")
    await one.writes(STORY)
    await one.answers(category="unsure")
    await one.writes("12 Mill Lane")
    while "Send the report" not in one.labels():
        await one.presses("Skip")
    await one.presses("Send the report")
    return await one.report()


async def test_a_report_by_buttons_and_words(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await sent(one)
        assert report.complete
        assert report.incident is not None
        first = one.shown()[0].post
        assert first.text.endswith("No, everyone is safe")


async def test_a_button_of_a_question_that_was_answered_changes_nothing(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        card = one.card()
        await one.writes("I am not sure")
        one.shown()[0].post = one.shown()[0].post.__class__("x", "x", card)
        await one.presses("Back")
        assert (await one.report()).danger


async def test_danger_is_one_press_and_the_advice_comes_first(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        await one.presses("Yes")
        report = await one.report()
        assert report.danger
        assert report.incident is not None
        later = [x.post.text for x in one.shown()[1:]]
        assert "Call" in later[0]
        assert any("What has happened, or what do you need?" in x for x in later)


async def test_several_answers_are_given_in_a_form(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.answers(safety="no")
        await one.presses("Something is broken or wrong")
        await one.presses("Power outage")
        await one.answers(**{"power.extent": "building"})
        several = await one.presses("Choose")
        assert several.form is not None
        key = several.form.state.form.questions[0].key
        await one.fills(several, {key: ("none",)})
        assert (await one.report()).known()[key] == ("none",)


async def test_everything_at_once_by_a_line_and_it_goes_on_alone(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await one.types("report")
        assert reply.form is not None
        assert "where" in {x.key for x in reply.form.state.form.questions}
        more = await one.fills(reply, {"category": "power"}, part=True)
        assert more.form is not None
        assert "power.extent" in {x.key for x in more.form.state.form.questions}
        wrong = await one.fills(
            reply, {"safety": "no", "category": "unsure", "what": "", "where": None}
        )
        assert set(wrong.faults) >= {"what", "where"}
        done = await one.fills(reply, dict(ALL))
        assert not done.faults
        report = await one.report()
        assert report.complete
        assert not one.office.channel.places["town"]
        texts = one.office.channel.texts(CAROL)
        assert any(x.startswith("Thank you, we have your report.") for x in texts)
        assert any("We aim to look at it by" in x for x in texts)
        assert len([x for x in texts if "What has happened, or what do you need?" in x]) == 0


async def test_change_opens_what_was_said_and_keeps_what_is_left_empty(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.answers(safety="no", category="unsure", where="Mill Lane")
        while "Send the report" not in one.labels():
            await one.presses("Skip")
        reply = await one.presses("Change")
        assert reply.form is not None
        assert reply.form.state.answers["category"] == "unsure"
        given: dict[str, Given] = {**ALL, "what": None, "where": "13 Mill Lane"}
        assert not (await one.fills(reply, given, place="")).faults
        report = await one.report()
        assert report.complete
        what = report.answer("what")
        assert what is not None
        assert what.value is not None
        assert not what.skipped


async def test_is_it_fixed_and_how_did_we_do_are_pressed(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await sent(one)
        assert report.incident is not None
        await one.office.desk.join("ana")
        for answer in ("No, not fixed", "Yes, it is fixed"):
            await one.office.desk.done(TakeIncident(incident=report.incident), "ana")
            command = ResolveIncident(incident=report.incident, note="Fuse replaced.")
            await one.office.desk.done(command, "ana")
            await one.office.advance(MINUTE)
            await one.presses(answer)
        assert (await one.report()).answered_fix == "confirmed"
        await one.office.advance(MINUTE)
        await one.presses("4")
        assert (await one.report()).rating == 4


async def test_a_code_sent_alone_is_handed_to_who_joins_accounts(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await one.writes("abcde-23456")
        assert "code" in reply.text
        assert reply != Reply()
        assert not await one.office.store.count("reports")
