"""The whole life of a report in a chat where no form opens, word by word as its person reads it."""

from pathlib import Path

from bot.core.incident_commands import ResolveIncident, TakeIncident
from bot.core.report import Report
from bot.core.report_words import ReplyToCustomer
from tests.engine.talking import CAROL, STORY, Chat, chat
from tests.engine.test_arriving import arrives, presses, types

YES_OR_NO = ("Yes, it is fixed", "No, not fixed")

MINUTE = 60_000
ASKED = [
    "First of all: is anyone in danger right now? No, everyone is safe",
    "What can we do for you? Something is broken or wrong",
    f"What has happened, or what do you need? {STORY}",
    "What is it about? Something else, or not sure",
    "Where is it? Mill Lane",
    "Who is affected? left out",
    "Would you like to add a photo or a file? left out",
    "On which number can we call you if this chat breaks off? left out",
]


async def sent(one: Chat) -> Report:
    """From the first press to the report that is sent, question by question."""
    reply = await arrives(one, "")
    await presses(one, reply, "Report a problem")
    assert one.shown()[-1].post.text == (
        "Hello, you have reached the service desk. A few short questions, then people take over. "
        "You can ask for a person at any time.\n"
        "First of all: is anyone in danger right now?\n"
        "What you tell us is used to deal with your report, and only by the people who work on it. "
        "Tell us only what is needed; please leave out card numbers. You may ask us at any time "
        "what we hold about you, and to correct or delete it.\nQuestion 1"
    )
    assert "Answer all at once" not in one.labels()
    await one.presses("No, everyone is safe")
    await one.presses("Something is broken or wrong")
    await one.writes(STORY)
    await one.presses("Something else, or not sure")
    assert one.card().wants == "location"
    await one.writes("Mill Lane")
    await one.presses("Skip")
    await one.presses("Skip")
    assert one.card().wants == "contact"
    await one.presses("Skip")
    summary = one.shown()[-1]
    assert summary.post.text.startswith("Is this right?")
    assert one.office.channel.texts(CAROL)[:-1] == ASKED
    assert (await one.presses("Send the report")).text == ""  # The house says it, once.
    return await one.report()


async def test_from_the_first_word_to_the_last(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        report = await sent(one)
        ref, desk = report.reference, one.office.desk
        texts = one.office.channel.texts
        assert texts(CAROL)[8:10] == [
            f"Sent. Your reference is {ref}.",
            (
                f"Thank you, we have your report. Your reference is {ref}. You will hear from us "
                "here, and you can write to us at any time."
            ),
        ]
        assert texts(CAROL)[10].startswith(f"Your report {ref}\nHow it stands: With us")
        assert report.incident is not None
        await desk.join("ana")
        await desk.done(TakeIncident(incident=report.incident), "ana")
        await desk.done(ReplyToCustomer(report=report.stream, words="Is anyone with you?"), "ana")
        await one.settled()
        assert texts(CAROL)[-2:] == [
            "An agent has taken it.",
            "An agent wrote:\nIs anyone with you?",
        ]
        await one.writes("No, I am alone")
        await desk.done(ResolveIncident(incident=report.incident, note="Fuse"), "ana")
        await one.settled()
        assert texts(CAROL)[-1].startswith(f"We believe that your report {ref} is fixed. Is it?")
        assert one.labels() == [*YES_OR_NO, "I need help now"]
        assert (await one.presses("Yes, it is fixed")).text == ""
        asked = next(x for x in one.shown() if "How did we do, from 1 to 5?" in x.post.text)
        assert asked.post.card is not None
        assert [x.label for x in asked.post.card.buttons] == [
            "1",
            "2",
            "3",
            "4",
            "5",
            "I need help now",
        ]
        assert (await one.presses("4")).text == "Thank you. It helps us to do better."
        await one.office.advance(MINUTE)
        assert (await desk.report(report.stream)).rating == 4
        (card,) = (await types(one, "status")).cards
        assert ref in str(card)


async def test_the_answers_may_be_typed_as_well(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        report = await sent(one)
        assert report.incident is not None
        await one.office.desk.join("ana")
        for word, stage in (("no", "sent"), ("Yes.", "done")):
            await one.office.desk.done(TakeIncident(incident=report.incident), "ana")
            note = ResolveIncident(incident=report.incident, note="Fuse")
            await one.office.desk.done(note, "ana")
            await one.settled()
            count = (await one.report()).conversation.count
            await one.writes(word)
            found = await one.office.desk.report(report.stream)
            assert found.stage in (stage, "closed")
            assert found.conversation.count == count
        await one.writes("5")
        found = await one.office.desk.report(report.stream)
        assert found.rating == 5
        await one.writes("5")
        assert (await one.office.desk.report(report.stream)).conversation.count == 1
