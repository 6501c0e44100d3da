"""Who is asked for a task, ring by ring, and what whoever takes it is told alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.core.cards import Card, plain
from bot.core.incident_commands import AskForResource
from bot.core.person_words import ErasePerson
from bot.core.playbook import Playbook
from bot.core.report_words import AnswerQuestion
from bot.views import task
from bot.views.examples import an_incident
from bot.views.look import Look
from tests.engine.front_kit import Room, has, room
from tests.engine.kit import PLAYBOOK

MINUTE = 60_000
QUICK = "I am there in 15 minutes"


def asking(one: Room, place: str) -> list[Card[str]]:
    """Cards in a place by which somebody can take a task."""
    shown = [x.post.card for x in one.office.channel.places[place]]
    return [card for card in shown if card is not None and has(card, QUICK)]


async def asked(one: Room, skill: str = "electrical") -> str:
    """An incident for which somebody with that skill is wanted."""
    await one.office.desk.join("ana")
    words = AnswerQuestion(field="what", value="The lift is stuck")
    place = AnswerQuestion(field="where", value={"text": "12 Mill Lane"})
    number = AnswerQuestion(field="contact", value="+44 20 7946 0958")
    for said in (words, place, number):
        await one.office.press(said, "carol", "web")
    incident = await one.incident()
    wanted = AskForResource(incident=incident, what="Bring a ladder", skill=skill)
    await one.office.desk.done(wanted, "ana")
    await one.office.advance(MINUTE)
    return incident


# --- rings -----------------------------------------------------------------------------------


async def test_while_nobody_comes_the_next_ring_is_asked_and_all_cards_stay_right(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("bo", "resource")
        incident = await asked(one)
        assert (len(asking(one, "crew")), len(asking(one, "team"))) == (1, 0)
        state = await one.office.desk.incident(incident)
        wait = PLAYBOOK.targets.of(state.priority).acknowledge
        await one.office.advance(wait)
        assert (await one.office.desk.incident(incident)).tasks[0].rounds == 1
        assert (len(asking(one, "crew")), len(asking(one, "team"))) == (1, 1)
        await one.office.advance(2 * wait)
        assert (len(asking(one, "crew")), len(asking(one, "team"))) == (1, 1)
        reply = await one.press("bo", one.button(QUICK, "crew"), place="crew")
        assert reply.text.startswith("It is yours. Thank you.")
        await one.office.advance(MINUTE)
        assert (len(asking(one, "crew")), len(asking(one, "team"))) == (0, 0)


async def test_who_claims_in_time_leaves_the_other_rings_alone(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("bo", "resource")
        incident = await asked(one)
        await one.press("bo", one.button(QUICK, "crew"), place="crew")
        state = await one.office.desk.incident(incident)
        await one.office.advance(2 * PLAYBOOK.targets.of(state.priority).acknowledge)
        assert asking(one, "team") == []


def with_places(**skills: Sequence[str]) -> Playbook:
    place = PLAYBOOK.places["triage"]
    places = {
        name: place.model_copy(update={"skills": tuple(skills.get(name, ()))})
        for name in ("triage", "it_desk", "far", "near")
    }
    return PLAYBOOK.model_copy(update={"places": places})


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        ({"far": ["electrical"], "near": ["electrical"]}, ("far", "near", "triage")),
        ({"near": ["electrical"], "far": ["lift"]}, ("near", "triage")),
        ({"triage": ["electrical"], "near": ["electrical"]}, ("triage", "near")),
        ({}, ("triage",)),
    ],
)
def test_rings_are_the_places_of_the_skill_in_order_and_then_the_teams(
    skills: dict[str, Sequence[str]], expected: tuple[str, ...]
) -> None:
    playbook = with_places(**skills)
    look = Look(playbook, lambda version: playbook, {})
    state = an_incident(playbook)
    first = state.tasks[0].model_copy(update={"skill": "electrical", "template": ""})
    for rounds in range(len(expected) + 2):
        tasks = (first.model_copy(update={"rounds": rounds}),)
        now = state.model_copy(update={"tasks": tasks})
        assert task.rings(now, 1, look) == expected
        assert task.places(now, 1, look) == expected[: rounds + 1]


# --- the briefing ----------------------------------------------------------------------------


async def test_who_takes_a_task_is_told_alone_what_they_need(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("bo", "resource")
        incident = await asked(one)
        ref = (await one.office.desk.incident(incident)).reference
        await one.press("bo", one.button(QUICK, "crew"), place="crew")
        await one.office.advance(MINUTE)
        (told,) = one.office.channel.texts("bo")
        assert told.startswith(f"You took task 1 of {ref}. You said that you will be there at ")
        assert "Bring a ladder" in told
        assert "The lift is stuck" in told
        assert "\nWhere – 12 Mill Lane" in told
        assert "7946 0958" in told
        assert "7946 0958" not in "".join(map(plain, asking(one, "crew")))


async def test_nothing_of_it_is_kept_once_its_customer_is_erased(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("bo", "resource")
        await asked(one)
        await one.press("bo", one.button(QUICK, "crew"), place="crew")
        await one.office.advance(MINUTE)
        person = await one.office.desk.machine.engine.person_behind("web", "carol")
        assert person is not None
        rows = {"target": one.office.desk.codec.seat_key("test", "bo")}
        assert await one.office.store.count("outbox", rows) == 1
        await one.office.desk.done(ErasePerson(person=person, reason="asked"), "ana")
        await one.office.desk.machine.eraser.idle()
        assert await one.office.store.count("outbox", rows) == 0
        await one.office.desk.sound()
