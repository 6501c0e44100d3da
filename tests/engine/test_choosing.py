"""Practice 1.4: whom the house asks next, by what it knows of them then; and check-ins."""

from pathlib import Path
from typing import Any

from bot.core.incident_commands import Arrive, AskForResource, ClaimTask, CompleteTask
from bot.core.person_words import DescribePerson, SetAvailability
from bot.core.report_words import AnswerQuestion
from bot.core.resource_words import SayWell
from bot.core.suggesting import areas_at
from bot.engine.choosing import Chooser
from bot.engine.roster import Roster
from tests.engine.front_kit import Room, room
from tests.engine.kit import PLAYBOOK
from tests.engine.test_rings import asked

MINUTE = 60_000
TASKS = PLAYBOOK.tasks
WAIT, EVERY = TASKS.answer_within, TASKS.check_in or 0


async def electricians(one: Room) -> dict[str, str]:
    """Three of them; Bo covers where it is."""
    await one.office.desk.join("cher", "supervisor")
    people = {name: await one.joins(name, "resource") for name in ("al", "bo", "cy")}
    for name, person in people.items():
        areas = ("centre",) if name == "bo" else ()
        skilled = DescribePerson(person=person, skills=("electrical",), areas=areas)
        await one.office.desk.done(skilled, "cher")
    return people


async def test_where_it_is_says_who_covers_it(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        incident = await asked(one)
        choose = one.office.desk.machine.engine.beside.choose
        assert choose is not None
        assert (await choose(incident)).areas == ()
        harbour = {"text": "Harbour, pier 3"}
        await one.office.press(AnswerQuestion(field="where", value=harbour), "carol", "web")
        await one.office.advance(MINUTE)
        assert (await choose(incident)).areas == ("harbour",)
        assert areas_at(PLAYBOOK, "the harbourmaster, docksides") == ()
        assert areas_at(PLAYBOOK, "порт, склад 4") == ("harbour", "works")


async def test_the_best_is_asked_then_the_next_and_who_is_away_never(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        people = await electricians(one)
        incident = await asked(one)
        engine = one.office.desk.machine.engine
        await one.office.press(SetAvailability(available=False), "cy")
        wanted = AskForResource(incident=incident, what="Look", skill="electrical", how="one")
        await one.office.desk.done(wanted, "ana")
        await one.office.advance(MINUTE)
        number = len((await one.office.desk.incident(incident)).tasks)

        async def pending() -> tuple[str, ...]:
            return (await one.office.desk.incident(incident)).tasks[number - 1].call.pending

        (first,) = await pending()
        assert first in (people["al"], people["bo"])
        await one.office.advance(WAIT)
        (second,) = await pending()
        assert {first, second} == {people["al"], people["bo"]}
        await one.office.advance(WAIT)
        task = (await one.office.desk.incident(incident)).tasks[number - 1]
        assert (task.call.pending, task.rounds) == ((), 1), "nobody is left, so all are asked"
        crew = await Chooser(engine, Roster.of(engine))(incident)
        assert {one.person for one in crew.people} >= set(people.values())
        assert not next(x for x in crew.people if x.person == people["cy"]).available


async def test_load_rest_and_place_come_from_what_happened(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        people = await electricians(one)
        incident = await asked(one)
        engine = one.office.desk.machine.engine
        number = len((await one.office.desk.incident(incident)).tasks)
        on: dict[str, Any] = {"incident": incident, "task": number}
        soon = one.office.clock.now() + 5 * MINUTE
        await one.office.press(ClaimTask(**on, eta=soon), "al")
        choose = Chooser(engine, Roster.of(engine))
        busy = next(x for x in (await choose(incident)).people if x.person == people["al"])
        assert (busy.tasks, busy.worked_at) == (1, None)
        await one.office.press(Arrive(**on), "al")
        await one.office.press(CompleteTask(**on), "al")
        done_at = one.office.clock.now()
        again = next(x for x in (await choose(incident)).people if x.person == people["al"])
        assert (again.tasks, again.worked_at) == (0, done_at)
        anew = (await Chooser(engine, Roster(engine))(incident)).people
        assert next(x for x in anew if x.person == people["al"]).worked_at == done_at, (
            "the same when it is read anew"
        )


async def test_who_is_on_site_and_silent_becomes_an_alarm_and_is_heard_again(
    tmp_path: Path,
) -> None:
    """Practice 5.1: asked, asked again, then somebody is called to look after them."""
    async with room(tmp_path) as one:
        people = await electricians(one)
        incident = await asked(one)
        number = len((await one.office.desk.incident(incident)).tasks)
        on: dict[str, Any] = {"incident": incident, "task": number}
        now = one.office.clock.now()
        await one.office.press(ClaimTask(**on, eta=now + 5 * MINUTE), "bo")
        await one.office.press(Arrive(**on), "bo")
        await one.office.advance(EVERY + 2 * WAIT + MINUTE)
        state = await one.office.desk.incident(incident)
        (alarm,) = [x for x in state.alarms if x.cause == "check_in"]
        assert alarm.about == f"{on['task']}:{people['bo']}"
        await one.office.press(SayWell(**on), "bo")
        await one.office.advance(MINUTE)
        state = await one.office.desk.incident(incident)
        assert not [x for x in state.alarms if x.cause == "check_in"]
