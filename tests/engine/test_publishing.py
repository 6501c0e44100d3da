"""A text for many: checked whoever sends it, previewed as it would be, in each language."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.commands import Answer, Envelope, Identity, Place
from bot.core.incident_commands import CorrectUpdate, OpenIncident, PublishUpdate
from bot.core.incident_words import Fact
from bot.core.moving_words import MergeIncident
from bot.core.person_words import Subscribe
from bot.core.report_words import AnswerQuestion, WithdrawReport
from bot.engine import known
from bot.engine.read import Staff
from bot.engine.read_preview import Preview
from bot.engine.reader import Reader
from bot.store.base import Store
from tests.engine.delivery import Office, office
from tests.engine.kit import MINUTE, SPEECH
from tests.engine.test_audience import incident, store

UPDATE = "The generator is running."
__all__ = ["store"]


def update(one: Office, stream: str, words: str = UPDATE, **more: Any) -> PublishUpdate:
    given = {"audience": "public", "next_by": one.clock.now() + 30 * MINUTE, **more}
    return PublishUpdate(incident=stream, words=words, **given)


async def subscribed(one: Office, who: str, language: str) -> None:
    envelope = Envelope(
        entry=one.channel.name,
        source=f"subscribe {who}",
        command=Subscribe(scope="all"),
        identity=Identity(channel=one.channel.name, opaque=who),
        place=Place(channel=one.channel.name, address=who),
        language=language,
    )
    assert (await one.desk.machine.engine.handle(envelope)).outcome == "done"
    await one.quiet()


async def preview(one: Office, command: PublishUpdate) -> Preview:
    ana = Staff(one.desk.people["ana"], "Ana", ("agent",), "en", available=True)
    return await Reader(one.desk.machine.engine).preview(ana, command, SPEECH)


async def test_what_a_reporter_said_is_refused_by_every_entry_and_in_every_wording(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        await one.press(AnswerQuestion(field="contact", value="+44 20 7946 0958"), "carol")
        await one.press(AnswerQuestion(field="where", value="Flat 3, 12 Mill Lane"), "carol")
        await one.quiet()
        await one.desk.done(update(one, stream, audience="staff"), "ana")
        before = await one.store.head()
        sent = (
            update(one, stream, "Ring Carol (020-79460958)"),
            update(one, stream, "It is 12 Mill Lane", audience="reporters"),
            update(one, stream, also={"ru": "Дом на 12 Mill Lane"}),
            CorrectUpdate(incident=stream, number=1, words="Not 12, Mill Lane but 14"),
        )
        for number, command in enumerate(sent):
            for entry in ("web", "api", one.channel.name):
                answer: Answer = await one.desk.machine.engine.handle(
                    Envelope(
                        entry=entry,
                        source=f"{entry} {number}",
                        command=command,
                        identity=Identity(channel="web", opaque="ana"),
                    )
                )
                assert answer.code == "personal", (entry, command, answer)
        assert await one.store.head() == before
        await one.desk.done(update(one, stream, "Power is back in Mill Lane."), "ana")


async def test_what_the_desk_wrote_down_of_a_caller_counts_and_a_note_is_free(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        await one.desk.join("ana")
        facts = (Fact(field="caller_name", value="May Okonkwo"),)
        opened = OpenIncident(report=None, category="power", facts=facts)
        stream = str((await one.desk.done(opened, "ana")).data["stream"])
        refused = await one.desk.press(update(one, stream, "Thanks to Okonkwo!"), "ana")
        assert refused.code == "personal"
        assert "Okonkwo" in str(refused.text)
        await one.desk.done(update(one, stream, "It may be fixed by noon."), "ana")


async def test_each_reads_their_language_and_who_has_none_is_told_so(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        for who, language in (("eve", "en"), ("rita", "ru-RU"), ("dora", "de")):
            await subscribed(one, who, language)
        await one.desk.done(update(one, stream, also={"ru": "Генератор работает."}), "ana")
        await one.advance(MINUTE)
        texts = {who: one.channel.texts(who)[-1] for who in ("eve", "rita", "dora", "carol")}
        label = "We do not have this in your language yet:"
        assert UPDATE in texts["eve"]
        assert UPDATE in texts["carol"]
        assert "Генератор работает." in texts["rita"]
        assert UPDATE not in texts["rita"]
        assert UPDATE in texts["dora"]
        assert [who for who in texts if label in texts[who]] == ["dora"]
        await one.desk.done(CorrectUpdate(incident=stream, number=1, words="It is not."), "ana")
        await one.advance(MINUTE)
        first, label, _ = one.channel.texts("rita")[-1].split("\n")
        assert label == "На вашем языке этого пока нет:", "no part of what mail has as its subject"
        assert label not in first


async def test_it_goes_to_those_whom_the_preview_counted(tmp_path: Path, store: Store) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await incident(one)
        for who in ("sam", "sue"):
            await subscribed(one, who, "en")
        before = await one.store.head()
        seen = await preview(one, update(one, stream))
        assert await one.store.head() == before
        assert (seen.refused, seen.customers, seen.subscribers) == (None, 1, 2)
        await subscribed(one, "late", "en")
        await one.desk.done(update(one, stream, position=seen.position), "ana")
        await one.advance(5 * MINUTE)
        told = [who for who in ("carol", "sam", "sue", "late") if one.channel.texts(who)]
        heard = [who for who in told if UPDATE in one.channel.texts(who)[-1]]
        assert heard == ["carol", "sam", "sue", "late"], "who came meanwhile is told as well"
        assert [sum(UPDATE in x for x in one.channel.texts(who)) for who in heard] == [1] * 4


async def test_a_position_of_the_future_counts_as_now(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.desk.done(update(one, stream, position=10**9), "ana")
        await subscribed(one, "late", "en")
        await one.advance(5 * MINUTE)
        assert sum(UPDATE in text for text in one.channel.texts("late")) == 1


async def test_an_audience_that_became_empty_is_said_and_nothing_goes_out(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        command = update(one, stream, audience="reporters")
        assert (await preview(one, command)).customers == 1
        await one.press(WithdrawReport(why="solved_itself"), "carol")
        await one.quiet()
        before = await one.store.head()
        assert (await one.desk.press(command, "ana")).code == "nobody"
        refused = (await preview(one, command)).refused
        assert refused is not None
        assert refused.code == "nobody"
        assert await one.store.head() == before


async def test_the_preview_says_what_the_decision_would_and_to_whom_it_may(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        seen = await preview(one, update(one, stream, also={"ru": "Генератор работает."}))
        readings = {(it.language, it.to): it for it in seen.readings}
        assert readings["ru", "subscribers"].words == "Генератор работает."
        assert "следующее" in readings["ru", "subscribers"].said.lower()
        assert readings["en", "status"].words == UPDATE
        personal = await preview(one, update(one, stream, "Mail bob@example.org"))
        assert personal.refused is not None
        assert personal.refused.code == "personal"
        stranger = Staff("per_" + "9" * 26, "Eve", ("resource",), "en", available=True)
        reader = Reader(one.desk.machine.engine)
        denied = await reader.preview(stranger, update(one, stream), SPEECH)
        assert denied.refused is not None
        assert denied.refused.code == "not_allowed"


async def test_reports_that_came_by_a_merge_are_compared_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "SLICE", 1)
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(AnswerQuestion(field="contact", value="020 7946 0001"), "carla")
        other = await incident(one, "carla")
        words = "Please do not ring 7946 0001."
        await one.desk.done(update(one, stream, words), "ana")
        await one.desk.done(MergeIncident(incident=other, into=stream), "ana")
        await one.quiet()
        people = await one.desk.machine.engine.beside.gatherer.people(stream)
        assert people.reached == 2
        assert (await one.desk.press(update(one, stream, words), "ana")).code == "personal"
