"""Lines of customers: their reports, their language, stopping, going on elsewhere."""

from pathlib import Path

from bot.core.cards import plain
from bot.core.person_words import Subscribe
from bot.core.report_words import ReplyToCustomer
from bot.engine.front_customers import name_of
from bot.engine.heard import Pressed
from tests.engine.talking import CAROL, STORY, Chat, asdict_of, chat
from tests.engine.test_arriving import POWER, arrives, presses, running, types, works


async def called(one: Chat, line: str) -> str:
    reply = await types(one, line)
    return "\n".join([reply.text, *map(plain, reply.cards)])


async def test_status_lists_my_reports_and_a_reference_chooses_among_mine(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        one.talk.own = one.front.cards.own
        assert (await types(one, "status")).text.startswith("You have no report here.")
        await one.writes(STORY)
        await one.writes("person")
        reply = await arrives(one, f"s_{POWER}")
        await presses(one, reply, "Yes, report another one")
        first, second = await running(one)
        reply = await types(one, "status")
        (card,) = reply.cards
        said = plain(card)
        assert first.reference in said
        assert f"{second.reference}: Power outage" in said
        shown = await presses(one, reply, f"Show {first.reference}")
        assert f"Your report {first.reference}" in plain(shown.cards[0])
        chosen = await types(one, f"status {first.reference.lower()}")
        assert (
            chosen.text == f"What you write here goes to your report {first.reference} from now on."
        )
        await one.writes("Are you there?")
        assert (await one.office.desk.report(first.stream)).conversation.count == 1
        for other in ("R-000-0000", "nonsense", first.reference):
            nothing = await types(one, f"status {other}", "dave")
            assert nothing.text.startswith("There is nothing here"), other


async def test_a_press_on_an_older_report_that_is_open_is_about_that_one(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        first = await one.report()
        reply = await arrives(one, f"s_{POWER}")
        await presses(one, reply, "Yes, report another one")
        await one.presses("No, everyone is safe")
        one_, other = await running(one)
        assert (one_.stream, one_.known().get("safety")) == (first.stream, None)
        assert other.known()["safety"] == "no"
        cards = [x for x in one.shown() if x.post.card is not None and x.post.card.buttons]
        older = next(x for x in cards if x.post.card and "I am not sure" in str(x.post.card))
        assert older.post.card is not None
        token = next(x.token for x in older.post.card.buttons if x.label == "I am not sure")
        await presses_token(one, token, older.message)
        assert (await one.office.desk.report(first.stream)).known()["safety"] == "unsure"
        assert (await one.office.desk.report(other.stream)).known()["safety"] == "no"


async def presses_token(one: Chat, token: str, message: str) -> None:
    heard = asdict_of(one._heard(CAROL))
    await one.front.press(Pressed(**heard, token=token, message=message))
    await one.settled()


async def test_the_language_is_chosen_by_button_or_name_and_holds(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await types(one, "language")
        assert [x.label for x in reply.cards[0].buttons] == [
            "English",
            "Русский",
            "I need help now",
        ]
        told = await presses(one, reply, "Русский")
        assert told.text == "Теперь мы пишем вам по-русски."
        await one.writes("Hi", language="en")
        assert "Прежде всего" in one.shown()[-1].post.text
        assert (await one.report()).language == "ru"
        assert (
            await types(one, "language English")
        ).text == "We write to you in English from now on."
        assert (await one.report()).language == "en"
        assert "anyone in danger" in one.shown()[-1].post.text
        assert "на русском" not in (await types(one, "lang russian")).text
        assert (await one.report()).language == "ru"
        missed = await types(one, "language Klingon")
        assert "Klingon" in missed.text
        assert missed.cards


def test_a_language_is_called_as_it_calls_itself() -> None:
    assert [name_of(x) for x in ("en", "ru", "de", "pt-BR", "xx-nonsense")] == [
        "English",
        "Русский",
        "Deutsch",
        "Português (brasil)",
        "xx-nonsense",
    ]


async def test_stop_asks_before_it_ends_a_report_that_is_being_made(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        assert "Nothing is going on here" in await called(one, "stop")
        assert "Nothing is going on here" in await called(one, "cancel")
        await one.writes(STORY)
        reply = await types(one, "stop")
        report = await one.report()
        assert f"Shall we stop your report {report.reference}?" in plain(reply.cards[0])
        assert report.stage == "answering"
        await presses(one, reply, "Stop it")
        assert (await one.office.desk.report(report.stream)).stage == "withdrawn"
        assert "You stopped this report." in one.office.channel.texts(CAROL)


async def test_stop_never_ends_what_people_work_on(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.writes("person")
        report = await one.report()
        reply = await types(one, "stop")
        assert "People are working on your report" in plain(reply.cards[0])
        assert (await one.report()).is_open
        button = next(x for x in reply.cards[0].buttons if x.label == "It solved itself")
        assert button.confirm is not None
        await presses(one, reply, "It solved itself")
        assert (await one.office.desk.report(report.stream)).stage == "withdrawn"


async def test_stop_offers_to_end_what_they_hear_of(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.office.press(Subscribe(scope="all"), CAROL)
        reply = await types(one, "stop")
        assert "end them here" in reply.text
        assert reply.cards
        assert (await types(one, "cancel")).text.startswith("Nothing is going on")


async def test_help_says_what_can_be_done_by_whom(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        said = await called(one, "help")
        assert "status: your reports" in said
        assert "search WORDS" not in said
        await works(one, "ana")
        reply = await types(one, "help", "ana")
        assert "search WORDS" in reply.text
        assert "status: your reports" not in reply.text


async def test_an_answer_is_changed_from_the_summary(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        unsure = ("I am not sure", "Something else, or not sure")
        for words in (STORY, "No, everyone is safe", *unsure, "Mill Lane"):
            await one.writes(words)
        while "Send the report" not in one.labels():
            await one.writes("skip")
        before = (await one.report()).answer("where")
        reply = await one.presses("Change")
        assert plain(reply.cards[0]) == "Which answer do you want to change?"
        many = len(one.shown())
        listed = await presses(one, reply, "Where", message="m9")
        assert listed.drops == ("m9",), "the list has had its time"
        assert "Where is it?" in one.shown()[-1].post.text, "asked where they look"
        await one.writes("Hill Road")
        assert "Is this right?" in one.shown()[-1].post.text
        assert "Hill Road" in one.shown()[-1].post.text
        assert len(one.shown()) == many, "all of it in place"
        assert (await one.report()).answer("where") != before


async def test_what_the_desk_writes_comes_and_is_answered(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        await one.writes(STORY)
        await one.writes("person")
        report = await one.report()
        await one.office.desk.join("ana", "agent")
        reply = ReplyToCustomer(report=report.stream, words="Is anyone with you?")
        await one.office.desk.done(reply, "ana")
        await one.settled()
        assert one.office.channel.texts(CAROL)[-1] == "An agent wrote:\nIs anyone with you?"
        await one.writes("No, I am alone")
        assert (await one.report()).conversation.count == 2
