"""Practice 1.4 and 5.1: one after the other is asked, by name; who says nothing is passed over."""

import pytest

from bot.core import incident_events as ie
from bot.core.incident_commands import (
    AskForResource,
    CancelTask,
    ClaimTask,
    DeclineTask,
    ReleaseTask,
    ResolveIncident,
)
from bot.core.intents import Ring
from bot.core.rules import Decision
from bot.core.suggesting import Crew, Suggestion, in_one_line, suggest
from bot.core.texts import Text, When, Who
from bot.views.look import Look
from bot.views.task import places
from tests.workflows.calls import EVERYBODY, NOBODY, SKILLED, Crewed, resource, wanted
from tests.workflows.desk import RITA, RITA_ACTS, SAM, SAM_ACTS, TOM, TOM_ACTS, staff
from tests.workflows.kit import ANA, ANA_ACTS, HOUR, INCIDENT, MINUTE, TASKS, names

LOOK = Look(SKILLED, lambda version: SKILLED, {})


def first(desk: Crewed) -> Decision:
    return desk.ring_timer("claim:1")


def asked_now(desk: Crewed) -> tuple[str, ...]:
    return desk.incident.tasks[0].call.pending


def test_the_first_of_the_ranking_is_asked_at_once_and_nobody_else() -> None:
    desk = wanted("one")
    assert Ring(role="resource", why="task") not in desk.intents
    assert desk.timer("claim:1").due == desk.at
    assert names(first(desk)) == ["ResourceAsked"]
    assert asked_now(desk) == (RITA,)
    assert [who for who, _ in desk.paged()] == [(RITA,)]
    assert places(desk.incident, 1, LOOK) == (), "its card hangs in no place of many"


def test_whoever_does_not_answer_in_time_is_passed_over_and_the_log_says_so() -> None:
    desk = wanted("one")
    first(desk)
    assert desk.timer("claim:1").due == desk.at + 5 * MINUTE
    assert names(first(desk)) == ["ResourcePassed", "ResourceAsked"]
    assert asked_now(desk) == (SAM,)
    assert names(first(desk)) == ["ResourcePassed", "ResourceAsked"]
    assert names(first(desk)) == ["ResourcePassed", "TaskExpired"], "nobody is left: all are asked"
    assert len(places(desk.incident, 1, LOOK)) == 1
    assert desk.paged()[0][0] == (ANA,)
    assert names(first(desk)) == ["TaskExpired"], "and it never falls silent"


def test_a_server_that_slept_asks_the_next_once() -> None:
    desk = wanted("one")
    first(desk)
    timer = desk.timer("claim:1")
    desk.at += 72 * HOUR
    assert names(desk.do(timer.command)) == ["ResourcePassed", "ResourceAsked"]
    assert desk.ask(timer.command) == []


def test_a_no_asks_the_next_at_once_and_keeps_the_reason() -> None:
    desk = wanted("one")
    first(desk)
    desk.later(MINUTE).do(DeclineTask(incident=INCIDENT, task=1, reason="On leave"), RITA_ACTS)
    assert desk.timer("claim:1").due == desk.at
    first(desk)
    assert asked_now(desk) == (SAM,)
    (declined,) = desk.incident.tasks[0].call.declines
    assert (declined.person, declined.reason.plain()) == (RITA, "On leave")


def test_several_places_ask_as_many_and_who_takes_the_last_frees_the_others() -> None:
    desk = wanted("one", needed=2)
    assert names(first(desk)) == ["ResourceAsked", "ResourceAsked"]
    claim = ClaimTask(incident=INCIDENT, task=1, eta=desk.at + HOUR)
    assert names(desk.do(claim, TOM_ACTS)) == ["TaskClaimed"], "who was not asked may come, too"
    assert names(desk.do(claim, RITA_ACTS)) == ["TaskClaimed", "ResourcesFreed"]
    assert desk.paged()[-1][0] == (SAM,)


def test_everyone_unavailable_asks_all_and_tells_the_owner() -> None:
    away = Crew(people=tuple(resource(one, available=False) for one in (RITA, SAM)))
    for crew in (away, NOBODY):
        desk = wanted("one", crew=crew)
        assert names(first(desk)) == ["TaskExpired"]
        assert Ring(role="resource", why="task") in desk.intents


def test_who_left_while_asked_is_passed_over() -> None:
    desk = wanted("one")
    first(desk)
    desk.crew = Crew(people=(resource(SAM),))
    first(desk)
    assert asked_now(desk) == (SAM,)


def test_who_gave_it_back_is_not_asked_again() -> None:
    desk = wanted("one")
    first(desk)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=desk.at + HOUR), RITA_ACTS)
    desk.later(MINUTE).do(ReleaseTask(incident=INCIDENT, task=1, reason="Ill"), RITA_ACTS)
    first(desk)
    assert asked_now(desk) == (SAM,)


# --- by name -------------------------------------------------------------------------------------


def test_a_named_person_is_called_first_and_then_the_next_in_the_ranking() -> None:
    desk = wanted(whom=TOM)
    asked = desk.events[-1]
    assert desk.incident.tasks[0].call.how == "one"
    assert [who for who, _ in desk.paged()] == [(TOM,)]
    assert getattr(asked, "by", None) == ANA
    first(desk)
    assert asked_now(desk) == (RITA,)


@pytest.mark.parametrize(
    "person", [None, staff(RITA, "agent"), staff(RITA, "resource", disabled=True)]
)
def test_who_is_no_resource_cannot_be_named(person: object) -> None:
    desk = wanted()
    named = AskForResource(incident=INCIDENT, what="Look at it", whom=RITA)
    assert names(desk.ask(named, ANA_ACTS, reads={RITA: person})) == "not_a_resource"


def test_everybody_asked_or_coming_is_stood_down_once() -> None:
    desk = wanted("one", needed=2)
    first(desk)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=desk.at + HOUR), RITA_ACTS)
    resolve = ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS)
    desk.do(resolve, ANA_ACTS)
    assert [who for who, _ in desk.paged()] == [(RITA,), (SAM,)]


def test_the_playbook_says_how_a_task_is_asked_for() -> None:
    tasks = SKILLED.tasks.model_copy(update={"how": "all"})
    desk = wanted()
    command = AskForResource(incident=INCIDENT, what="Once more")
    context = SKILLED.model_copy(update={"tasks": tasks})
    opened = desk.ask(command, ANA_ACTS, playbook=context)
    assert isinstance(opened, list)
    assert isinstance(opened[0], ie.TaskOpened)
    assert opened[0].how == "all"
    desk.do(command, ANA_ACTS, playbook=context)
    assert len(places(desk.incident, 2, LOOK)) >= 1


def test_it_is_called_off_whoever_was_asked() -> None:
    desk = wanted("one")
    first(desk)
    desk.do(CancelTask(incident=INCIDENT, task=1, reason="Works again"), ANA_ACTS)
    assert [who for who, _ in desk.paged()] == [(RITA,)]
    assert desk.ask(wanted("one").timer("claim:1").command) == []


# --- the ranking -----------------------------------------------------------------------------


def ranking(*people: object, skill: str = "electrical", areas: tuple[str, ...] = ()) -> Suggestion:
    desk = wanted()
    crew = Crew.model_validate({"people": people, "areas": areas})
    return suggest(crew, SKILLED, skill, desk.at, desk.incident, desk.incident.tasks[0])


def test_who_fits_comes_by_place_load_and_rest_with_the_reasons_in_words() -> None:
    at = wanted().at
    found = ranking(
        resource(RITA, tasks=1, worked_at=at - 5 * HOUR),
        resource(SAM, worked_at=at - HOUR),
        resource(TOM, worked_at=at - 6 * HOUR),
    )
    assert [one.person for one in found.people] == [TOM, SAM, RITA]
    assert found.people[0].because == ("skill", "free", "rested")
    assert found.people[1].because == ("skill", "free")
    assert in_one_line(found.people[0]).key == "{first}, {second}"
    assert found.short == ()


def test_who_is_on_the_way_to_this_incident_comes_first() -> None:
    desk = wanted(needed=2)
    desk.do(AskForResource(incident=INCIDENT, what="And this"), ANA_ACTS)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=desk.at + HOUR), TOM_ACTS)
    state = desk.incident
    found = suggest(EVERYBODY, SKILLED, "electrical", desk.at, state, state.tasks[1])
    assert found.people[0].person == TOM
    assert found.people[0].because[0] == "coming"


def test_shortfall_says_why_nobody_can_be_asked() -> None:
    nobody = ranking(resource(RITA, "lift"))
    assert nobody.people == ()
    assert nobody.short[0].key == "Nobody here has the skill: {skill}."
    desk = wanted()
    desk.do(DeclineTask(incident=INCIDENT, task=1, reason="On leave"), SAM_ACTS)
    until = desk.at + HOUR
    crew = Crew(people=(resource(RITA, available=False, off=True, away_until=until), resource(SAM)))
    found = suggest(crew, SKILLED, "electrical", desk.at, desk.incident, desk.incident.tasks[0])
    count, away, declined = found.short
    assert count.args["n"] == 2
    assert away.args == {"who": Who(person=RITA), "time": When(at=until)}
    assert isinstance(declined, Text)
    assert declined.args["who"] == Who(person=SAM)


def test_an_exercise_says_so_to_whoever_is_asked() -> None:
    """Practice 9.1: every message of an exercise is marked."""
    desk = wanted("one")
    desk.state = desk.incident.model_copy(update={"mode": "exercise"})
    first(desk)
    assert all(text.startswith("EXERCISE") for _, text in desk.paged())
    assert desk.paged()
