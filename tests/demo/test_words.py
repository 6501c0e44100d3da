"""The stories as data: they fit the playbook, the staff, and what people expect of a desk."""

from random import Random

import pytest

from bot.commands.demo import words_of
from bot.core.playbook import Playbook
from bot.core.playbook_forms import CATEGORY, intake_form
from bot.core.playbook_parse import parse
from bot.demo import beats as b
from bot.demo.moods import typed
from bot.demo.outage import ENDING, LEAD, REPORTERS
from bot.demo.people import GUESTS, ORGANISATION, STAFF, phone
from bot.demo.programme import STORIES
from tests.engine.kit import PLAYBOOK

EVERY = (*STORIES, LEAD)
BY_KEY = {one.key: one for one in STAFF}
BEATS = [(story, beat) for story in EVERY for beat in story.beats]


def _has(*kinds: type[b.Beat]) -> bool:
    return all(any(isinstance(beat, kind) for _, beat in BEATS) for kind in kinds)


def test_the_categories_of_the_shift_are_those_of_the_playbook() -> None:
    """It shows three of them, which is what one evening holds."""
    assert {one.answers["category"] for one in EVERY} == {"power", "it", "injury"}
    assert {"power", "it", "injury"} <= set(PLAYBOOK.categories)


@pytest.mark.parametrize("story", EVERY, ids=lambda one: str(one.key))
def test_every_answer_is_to_a_question_that_is_asked(story: b.Story) -> None:
    form = intake_form(PLAYBOOK, str(story.answers["category"]))
    known = {one.key for one in form.questions}
    assert set(story.answers) <= known
    assert not story.stops_at or story.stops_at in known
    for key, value in story.answers.items():
        question = next(one for one in form.questions if one.key == key)
        choices = {one.value for one in question.choices}
        given = value if isinstance(value, list) else [value]
        assert key == CATEGORY or not choices or set(given) <= choices, key


@pytest.mark.parametrize("story", EVERY, ids=lambda one: str(one.key))
def test_whoever_comes_can_do_what_is_wanted(story: b.Story) -> None:
    category = PLAYBOOK.categories[str(story.answers["category"])]
    skills = {one.key: one.skill for one in category.tasks}
    for beat in story.beats:
        if isinstance(beat, b.CrewBeat):
            assert skills[beat.task] in BY_KEY[beat.by].skills, beat
        if isinstance(beat, b.Ask):
            assert beat.task in skills
        if isinstance(beat, b.HandOver):
            assert set(BY_KEY[beat.to].roles) & {"agent", "supervisor"}
    if story.beats:
        assert set(BY_KEY[story.agent].roles) & {"agent", "supervisor"}


@pytest.mark.parametrize("story", EVERY, ids=lambda one: str(one.key))
def test_nobody_replies_to_somebody_who_only_called(story: b.Story) -> None:
    of_customers = (b.Says, b.Fixed, b.Rate, b.Reply)
    called = story.comes == "phone"
    assert not called or not any(isinstance(beat, of_customers) for beat in story.beats)


def test_all_moods_and_ways_to_come_occur() -> None:
    assert {one.mood for one in EVERY} == {"calm", "hurried", "angry", "frightened"}
    assert {one.comes for one in EVERY} == {"sent", "quiet", "person", "solved", "phone"}
    assert {one.language for one in EVERY} == {"en", "ru"}
    assert any(one.mood == "frightened" and one.answers["safety"] == "yes" for one in EVERY)


def test_everything_that_a_desk_does_occurs() -> None:
    assert _has(b.Acknowledge, b.Take, b.Reply, b.Note, b.Tick, b.Assess, b.HandOver, b.Hold)
    assert _has(b.Resume, b.Publish, b.Resolve, b.Close, b.Ask, b.Decline, b.Claim, b.Revise)
    assert _has(b.Depart, b.Arrive, b.Done, b.Says, b.Fixed, b.Rate)
    assert any(isinstance(beat, b.Fixed) and not beat.yes for _, beat in BEATS)
    assert any(isinstance(beat, b.Rate) and beat.words for _, beat in BEATS)


def test_the_outage_is_large_and_kept_informed() -> None:
    assert REPORTERS >= 20
    updates = [one for one in (*LEAD.beats, *ENDING) if isinstance(one, b.Publish)]
    assert len(updates) >= 3
    assert all(one.ru for one in updates)


def test_whoever_is_told_hears_again() -> None:
    for story, beat in BEATS:
        assert not isinstance(beat, b.Publish) or (beat.next_in and beat.ru), story.key


def test_the_same_chance_types_the_same_words() -> None:
    words = "Everything is dark and the computers do not answer any more."
    one, same = (typed(words, "hurried", Random(4)) for _ in range(2))
    assert one == same
    assert len({typed(words, "hurried", Random(seed)) for seed in range(40)}) > 5
    assert typed("Invoice 4471 of 2026", "hurried", Random(1)).endswith("4471 of 2026")


def test_numbers_belong_to_nobody() -> None:
    assert all(phone(f"customer-{n}").startswith("07700 900") for n in range(50))


def test_the_playbook_of_a_demonstration_says_so_and_never_closes() -> None:
    read = parse(words_of(), "demo.toml")
    assert isinstance(read, Playbook)
    assert dict(read.organisation.name.by) == ORGANISATION
    assert read.categories.keys() == PLAYBOOK.categories.keys()
    assert read.calendars["office"].always


def test_the_visitor_can_do_whatever_a_resource_can() -> None:
    assert set(GUESTS["resource"].staff.skills) == set(PLAYBOOK.skills)
