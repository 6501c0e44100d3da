"""Levels, promises, warnings, updates, approvals and escalation, on small made-up plans."""

from pathlib import Path

import pytest

from bot.core.calendar import ALWAYS, DAY, HOUR, MINUTE, Calendar
from bot.core.forms import Value
from bot.core.incident_words import Targets
from bot.core.playbook import Playbook
from bot.core.playbook_assess import after_hold, approval, assess, bands, due, next_update
from bot.core.playbook_explain import Explanation, explain, render
from bot.core.playbook_ladder import Alarm, flatten, next_alarm
from bot.core.playbook_parse import parse
from bot.core.playbook_parts import Cadence, Ladder, Rung
from bot.core.priority import Level, Priority
from bot.texts import Catalogues

FILE = Path(__file__).parents[2] / "bot" / "playbooks" / "default.toml"
CATALOGUES = Catalogues.load()
# Monday 23 November 2026, 12:00 in London.
NOON = 1_795_435_200_000
P1, P2, P3, P4 = Priority


def edition(old: str = "", new: str = "") -> Playbook:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    result = parse(text.replace(old, new) if old else text, "p.toml")
    assert isinstance(result, Playbook), str(result)
    return result


PLAYBOOK = edition()


def test_of_all_rules_that_apply_the_highest_counts_whatever_their_order() -> None:
    answers: dict[str, Value] = {"how_many": "one", "power.extent": "building"}
    found = assess(PLAYBOOK, "power", answers)
    assert (found.impact, found.urgency, found.danger) == (Level.HIGH, Level.MEDIUM, False)
    assert assess(PLAYBOOK, "power", dict(reversed(answers.items()))) == found
    turned: dict[str, Value] = {"how_many": "many", "power.extent": "part"}
    assert assess(PLAYBOOK, "power", turned).impact is Level.HIGH


def test_a_category_may_be_a_danger_by_itself() -> None:
    always = edition("danger = false # not by itself", "danger = true # by itself")
    assert assess(always, "injury", {}).danger
    assert not assess(always, "power", {}).danger


def test_a_level_that_nobody_set_is_unsure() -> None:
    bare = edition('impact = "medium"\nurgency = "high"\nteam = "safety"', 'team = "safety"')
    found = assess(bare, "injury", {})
    assert (found.impact, found.urgency) == (None, None)
    assert assess(bare, "injury", {"how_many": "some"}).impact is Level.MEDIUM


def test_an_answer_to_a_question_that_is_not_asked_changes_nothing() -> None:
    answers: dict[str, Value] = {"injury.kind": "threat", "injury.severe": "yes"}
    calm = {"injury.kind": "near_miss", "injury.severe": "yes"}
    assert assess(PLAYBOOK, "injury", answers).danger
    assert not assess(PLAYBOOK, "injury", calm).danger


def test_every_rule_that_applied_is_told_with_its_why() -> None:
    found = assess(PLAYBOOK, "power", {"safety": "yes", "power.depends": ("medical", "cold")})
    said = [CATALOGUES.text(one.text, "en") for one in found.reasons]
    depends = "Does anything important depend on it? Medical equipment, Cold storage or servers"
    assert said == [
        "First of all: is anyone in danger right now? Yes: danger to life",
        f"{depends}: danger to life",
        f"{depends}: urgency high",
    ]
    assert all(one.because for one in found.reasons)


def test_promises_run_by_their_own_clock() -> None:
    assert due(PLAYBOOK, PLAYBOOK, P1, NOON) == Targets(
        acknowledge=NOON + 15 * MINUTE, update=NOON + 5 * MINUTE, resolve=NOON + 4 * HOUR
    )
    # Four business hours after noon: one before lunch, half an hour off, three after it.
    p3 = due(PLAYBOOK, PLAYBOOK, P3, NOON)
    assert p3.acknowledge == NOON + 4 * HOUR + 30 * MINUTE
    assert p3.update is None


def test_a_pinned_promise_runs_by_todays_calendar_and_round_the_clock_without_one() -> None:
    moved = edition('mon = ["08:00-13:00", "13:30-18:00"]', 'mon = ["08:00-18:00"]')
    assert due(PLAYBOOK, moved, P3, NOON).acknowledge == NOON + 4 * HOUR
    gone = PLAYBOOK.model_copy(update={"calendars": {}})
    assert due(PLAYBOOK, gone, P3, NOON).resolve == NOON + 24 * HOUR


def test_after_a_hold_as_much_time_is_left_as_when_it_began() -> None:
    before = due(PLAYBOOK, PLAYBOOK, P3, NOON)
    hold = (NOON + HOUR, NOON + DAY + HOUR)
    after = after_hold(PLAYBOOK, PLAYBOOK, P3, before, hold)
    assert after.acknowledge == NOON + DAY + 4 * HOUR + 30 * MINUTE
    late = Targets(acknowledge=NOON, resolve=None)
    assert after_hold(PLAYBOOK, PLAYBOOK, P3, late, hold) == late


def test_warnings_come_at_50_75_and_90_per_cent_of_the_opening_time_and_at_the_breach() -> None:
    start, end = NOON, NOON + 4 * HOUR
    marks = bands(PLAYBOOK, PLAYBOOK, P1, start, end)
    assert [(at - NOON) // MINUTE for at, _ in marks] == [120, 180, 216, 240]
    assert [band for _, band in marks] == ["50", "75", "90", "breached"]
    acknowledge = due(PLAYBOOK, PLAYBOOK, P4, NOON).acknowledge
    assert acknowledge is not None
    p4 = bands(PLAYBOOK, PLAYBOOK, P4, NOON, acknowledge)
    assert [band for _, band in p4] == ["75", "90", "breached"]


def test_updates_come_as_the_cadence_says_and_less_often_later() -> None:
    cadence = PLAYBOOK.updates.of(P1)
    assert next_update(cadence, NOON, None) == NOON + 5 * MINUTE
    assert next_update(cadence, NOON, NOON + HOUR) == NOON + HOUR + 20 * MINUTE
    assert next_update(cadence, NOON, NOON + 2 * HOUR) == NOON + 3 * HOUR
    assert next_update(PLAYBOOK.updates.of(P2), NOON, None) == NOON + HOUR
    assert next_update(Cadence(when="change"), NOON, NOON) is None


@pytest.mark.parametrize(
    ("level", "audience", "size", "wanted"),
    [
        (P1, "public", 1, True),
        (P3, "public", 50, False),
        (P3, "public", 51, True),
        (P1, "reporters", 50, False),
        (P1, "reporters", 51, True),
        (P1, "staff", 500, False),
    ],
)
def test_a_second_person_approves_what_reaches_many_or_the_public(
    level: Priority, audience: str, size: int, wanted: bool
) -> None:
    rule = approval(PLAYBOOK, level, audience, size)
    assert (rule is not None) == wanted
    assert rule is None or rule.by == "supervisor"


def rung(who: str, hours: str = "any", times: int = 1, wait: int = 10) -> Rung:
    part = {"who": who, "hours": hours, "times": times, "wait": wait * MINUTE, "calendar": "day"}
    return Rung.model_validate(part)


DAYTIME = {"day": Calendar(zone="UTC", week=(((8 * 60, 18 * 60),),) * 7)}


def alarms(rungs: tuple[Rung, ...], at: int, count: int) -> list[tuple[int, str, int]]:
    found: list[tuple[int, str, int]] = []
    last: Alarm | None = None
    for _ in range(count):
        last = next_alarm(rungs, DAYTIME, last, at)
        found.append(((last.at - at) // MINUTE, last.who[0].key, last.time))
    return found


def test_rungs_are_alarmed_in_order_each_as_often_as_it_says_and_the_last_for_ever() -> None:
    rungs = (rung("role:agent", times=2), rung("role:supervisor", wait=5))
    assert alarms(rungs, NOON, 5) == [
        (0, "agent", 1),
        (10, "agent", 2),
        (20, "supervisor", 1),
        (25, "supervisor", 2),
        (30, "supervisor", 3),
    ]


def test_a_rung_that_is_off_duty_is_passed_over_without_waiting() -> None:
    rungs = (rung("role:day", "in"), rung("role:night", "out"), rung("role:all"))
    night = NOON + 10 * HOUR
    assert [who for _, who, _ in alarms(rungs, NOON, 3)] == ["day", "all", "all"]
    assert alarms(rungs, night, 3) == [(0, "night", 1), (10, "all", 1), (20, "all", 2)]


def test_a_ladder_never_falls_silent_when_its_last_rung_goes_off_duty() -> None:
    rungs = (rung("role:night", "out"), rung("role:day", "in", wait=60))
    evening = NOON + 5 * HOUR
    assert [who for _, who, _ in alarms(rungs, evening, 4)] == ["day", "night", "night", "night"]
    only = (rung("role:day", "in", wait=60),)
    assert [who for _, who, _ in alarms(only, NOON + 10 * HOUR, 2)] == ["day", "day"]


def test_a_rung_that_waits_for_its_hours_is_called_when_they_begin_and_not_passed_over() -> None:
    """practice 2.3: what runs by business hours calls nobody outside of them."""
    rungs = (rung("role:agent", "wait", times=2, wait=60), rung("role:supervisor", "wait"))
    evening = NOON + 5 * HOUR
    assert alarms(rungs, evening, 4) == [
        (0, "agent", 1),
        (15 * 60, "agent", 2),
        (16 * 60, "supervisor", 1),
        (16 * 60 + 10, "supervisor", 2),
    ]


def test_nobody_is_called_before_a_moment_that_was_named() -> None:
    rungs = (rung("role:agent", "wait"), rung("role:supervisor", "wait"))
    first = next_alarm(rungs, DAYTIME, None, NOON)
    assert next_alarm(rungs, DAYTIME, first, NOON, NOON + HOUR).at == NOON + HOUR
    assert next_alarm(rungs, DAYTIME, first, NOON, NOON - HOUR).at == NOON + 10 * MINUTE


def test_a_ladder_goes_on_with_the_next_one_each_by_its_own_hours() -> None:
    ladders = {
        "a": Ladder(rungs=(rung("role:agent"),), calendar="x", then="b"),
        "b": Ladder(rungs=(rung("role:supervisor").model_copy(update={"calendar": None}),)),
    }
    assert [one.calendar for one in flatten(ladders, "a")] == ["day", None]
    looped = {"a": ladders["a"], "b": ladders["b"].model_copy(update={"then": "a"})}
    assert len(flatten(looped, "a")) == 2
    with pytest.raises(ValueError, match="needs rungs"):
        next_alarm((), DAYTIME, None, NOON)


def told(found: Explanation, language: str = "en") -> str:
    return render(found, CATALOGUES.speaker(language, zone="Europe/London", now=NOON))


RAW: dict[str, object] = {
    "category": "power",
    "safety": "no",
    "how_many": "many",
    "extent": "building",
    "depends": ["cold"],
    "fuse": True,
    "power.since": "25:99",
    "colour": "red",
}
ENGLISH = """\
Category
  Power outage
      chosen by the person
Priority
  P1
      Who is affected? Many people or everyone: impact high
      How much is without power? The whole building: impact high
      Does anything important depend on it? Cold storage or servers: urgency high
      Batteries and cold last for a few hours only.
      by the matrix: impact high, urgency high
Promises
  Acknowledge by Mon, 23 Nov 2026 12:15
      within 15 minutes
      by the calendar always
  First update by Mon, 23 Nov 2026 12:05
      then every 20 minutes
  Resolve by Mon, 23 Nov 2026 16:00
      within 4 hours
      by the calendar always
Places and tasks
  Card in Triage desk
      place of the team Facilities
  Find and mend the fault: 1 wanted, asked in Field engineers
      needs the skill Electrician
      asked when the incident opens
  Bring a generator: 1 wanted, asked in Field engineers
      needs the skill Mobile generator
      because of the answers
      asked by an agent's press
Escalation if nobody acts
  Mon, 23 Nov 2026 12:00: role:agent, role:supervisor
      ladder urgent of the priority P1
  Mon, 23 Nov 2026 12:05: role:supervisor
  Mon, 23 Nov 2026 12:10: role:supervisor
  Mon, 23 Nov 2026 12:15: role:supervisor, role:administrator
  Mon, 23 Nov 2026 12:25: role:supervisor, role:administrator
  Mon, 23 Nov 2026 12:35: role:supervisor, role:administrator
  ... and so on until somebody acts
  Who acknowledges it begins within 30 minutes, or it is open again
  A customer who writes is answered within 15 minutes
Not used
  Since about when?
      Please write the time as hours and minutes, such as 14:05.
  colour
      no such question here
  Has anyone already looked at the fuse box?
      not asked after these answers"""


def test_an_explanation_says_what_would_happen_and_why() -> None:
    found = explain(PLAYBOOK, RAW, NOON)
    assert told(found) == ENGLISH
    assert (found.category, found.priority) == ("power", "P1")
    assert found.targets == due(PLAYBOOK, PLAYBOOK, P1, NOON)


def test_an_explanation_is_told_in_the_readers_language() -> None:
    russian = told(explain(PLAYBOOK, RAW, NOON), "ru")
    assert "Нет электричества" in russian
    latin = {word for word in russian.split() if word.isascii() and word.isalpha()}
    assert latin <= {"P", "colour", "always", "urgent"}, latin


def test_without_a_category_the_words_suggest_one_and_without_words_the_desk_chooses() -> None:
    guessed = explain(PLAYBOOK, {"what": "The lights went out"}, NOON)
    assert guessed.category == "power"
    assert "suggested by their words" in told(guessed)
    assert "Because of: lights went out" in told(guessed)
    unknown = explain(PLAYBOOK, {"safety": "yes"}, NOON)
    assert (unknown.category, unknown.priority) == (None, "P1")
    assert "danger to life overrides the matrix" in told(unknown)
    assert "Card in Triage desk" in told(unknown)


def test_what_is_unsure_is_said_to_count_as_the_higher() -> None:
    bare = edition('impact = "medium"\nurgency = "high"\nteam = "safety"', 'team = "safety"')
    found = explain(bare, {"category": "injury"}, NOON)
    assert found.priority == "P1"
    assert "by the matrix: impact unsure, urgency unsure" in told(found)
    assert "unsure counts as the higher" in told(found)
    assert "ladder urgent of the category" in told(found)


def test_the_calendar_of_all_hours_is_open_at_noon() -> None:
    assert PLAYBOOK.calendar("always") == ALWAYS
    assert PLAYBOOK.calendar(None) == ALWAYS
