"""Whoever is quoted in a message beside others is erased from it, too (issue 7)."""

from pathlib import Path

from bot.core.ids import PersonId, StreamId
from bot.core.incident_commands import AddFacts
from bot.core.incident_words import Fact
from bot.core.major_words import AcceptPost, DeclareMajor, OfferPost
from bot.core.person_words import ErasePerson
from bot.core.personal import Personal
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.mailbox import Mailbox
from bot.engine.paging import DESK
from bot.engine.rows import QUOTES
from tests.engine.delivery import Office, office
from tests.engine.test_audience import incident
from tests.engine.test_paging import Ward

MINUTE = 60_000
FIRST, SECOND = "The cellar is under water", "Behind the bakery, blue door"
BY = "direct-boss"


async def quoting(one: Office) -> tuple[Ward, dict[str, PersonId]]:
    """A briefing for whoever takes a post, made of what two customers said."""
    ward = Ward(one, await incident(one))
    await ward.join("boss", "supervisor")
    people = {}
    for who, words, field in (("dora", FIRST, "what"), ("emil", SECOND, "where")):
        people[who] = await told(one, ward.stream, who, words, field)
    await one.desk.done(DeclareMajor(incident=ward.stream, reason="The whole street"), "ana")
    boss = one.desk.people["boss"]
    await one.desk.done(OfferPost(incident=ward.stream, post="deputy", to=boss), "ana")
    await one.desk.done(AcceptPost(incident=ward.stream, post="deputy"), "boss")
    await one.advance(MINUTE)
    assert all(any(x in text for text in seen(one)) for x in (FIRST, SECOND))
    return ward, people


async def told(one: Office, stream: StreamId, who: str, words: str, field: str) -> PersonId:
    """Another customer says something, of which the incident learns."""
    await one.press(WriteMessage(words=words), who, "web")
    answer = await one.press(AskForPerson(), who, "web")
    await one.quiet()
    report = await one.desk.report(str(answer.data["stream"]))
    fact = Fact(field=field, value=Personal(report.subject, words))
    more = AddFacts(
        incident=stream, report=report.stream, category="", facts=(fact,), complete=True
    )
    await one.desk.machine.engine.house(more, stream, "do", f"told:{who}")
    return report.person


def seen(one: Office) -> list[str]:
    return one.channel.texts(BY)


async def letters(one: Office) -> list[str]:
    """What boss reads at the desk."""
    key = one.desk.codec.seat_key(DESK, one.desk.people["boss"])
    found = await Mailbox(one.store, one.desk.codec).read(key, limit=1000)
    return [x.text for x in found]


async def erase(one: Office, person: PersonId) -> None:
    await one.desk.done(ErasePerson(person=person, reason="They asked for it"), "ana")
    await one.desk.machine.eraser.idle()
    await one.advance(5 * MINUTE)


async def test_a_briefing_goes_with_each_of_those_whose_words_stand_in_it(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        _, people = await quoting(one)
        await erase(one, people["emil"])
        assert not any(SECOND in text for text in seen(one))
        assert not any(SECOND in text for text in await letters(one))


async def test_it_goes_with_the_first_of_them_as_well_and_leaves_no_trace(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        _, people = await quoting(one)
        await erase(one, people["dora"])
        await erase(one, people["emil"])
        for words in (FIRST, SECOND):
            assert not any(words in text for text in (*seen(one), *await letters(one)))
        rows = await one.store.select("outbox", {"kind": QUOTES}, limit=100)
        assert not [x for x in rows if x["subject"]]
