"""The playbook that ships is worth using as it stands, and exercises every key there is."""

import re
import typing
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.core.answers import FormError, validate
from bot.core.forms import Question, QuestionType, Value
from bot.core.playbook import Playbook
from bot.core.playbook_assess import assess, priority, steps, task_parts, task_place, team_place
from bot.core.playbook_check import NOT_ACTED_ON
from bot.core.playbook_forms import UNSURE, intake_form, reworded
from bot.core.playbook_labels import KindLabels, Labels, StateWords
from bot.core.playbook_parse import check
from bot.core.playbook_suggest import distress, suggest
from bot.core.priority import DEFAULT
from bot.core.texts import Words

FILE = Path(__file__).parents[2] / "bot" / "playbooks" / "default.toml"
CHECKED = check(FILE.read_bytes(), "default.toml")
# Either the text or the url of the notice is given; one file cannot show both.
NOT_SHOWN = {
    "Privacy.url",
    # The numbers on every sheet are those of the emergency services, which need no note.
    "PhonePart.note",
    # Muster's own words stand.
    "Playbook.labels",
    *(
        f"{kind.__name__}.{field}"
        for kind in (Labels, KindLabels, StateWords)
        for field in kind.model_fields
    ),
}


def default() -> Playbook:
    assert isinstance(CHECKED.result, Playbook), str(CHECKED.result)
    return CHECKED.result


def test_the_only_thing_left_to_the_organisation_is_its_own_privacy_notice() -> None:
    default()
    own = [fault for fault in CHECKED.warnings if "not acted on yet" not in fault.message]
    assert [fault.path for fault in own] == ["privacy.sample"]


def test_what_is_not_acted_on_yet_is_said_by_the_check_and_beside_it_in_the_file() -> None:
    said = [fault for fault in CHECKED.warnings if "not acted on yet: " in fault.message]
    plain = {re.sub(r"^(places|categories)\.\w+", r"\1.*", fault.path) for fault in said}
    assert {"retention"} <= plain == set(NOT_ACTED_ON)
    lines = FILE.read_text(encoding="utf-8").lower().splitlines()
    for fault in said:
        near = lines[max(0, fault.line - 10) : fault.line]
        assert any("not acted on yet" in line for line in near), fault


def test_what_is_not_acted_on_yet_is_read_by_nothing_but_the_playbook_itself() -> None:
    """Who brings the work takes the key off the list."""
    everything = FILE.parents[1].rglob("*.py")
    sources = [path for path in everything if not path.name.startswith("playbook")]
    names = ("retention",)
    assert {name.split(".")[-1] for name in NOT_ACTED_ON} >= set(names)
    read = re.compile(rf"\b(playbook|safety|category|edition\(\S+\)|own)\.({'|'.join(names)})\b")
    assert [path.name for path in sources if read.search(path.read_text(encoding="utf-8"))] == []


def models(kind: type[BaseModel], found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Every model that a playbook is made of."""
    if kind.__name__ not in found and kind is not Words:
        found[kind.__name__] = kind
        for field in kind.model_fields.values():
            for inner in inside(field.annotation):
                models(inner, found)
    return found


def inside(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and typing.get_origin(annotation) is None:
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [one for part in typing.get_args(annotation) for one in inside(part)]


def used(value: object, names: set[str]) -> set[str]:
    """Every key that is written somewhere, as `Model.field`."""
    if isinstance(value, BaseModel):
        names |= {f"{type(value).__name__}.{name}" for name in value.model_fields_set}
        for name in type(value).model_fields:
            used(getattr(value, name), names)
    elif isinstance(value, dict):
        for inner in value.values():
            used(inner, names)
    elif isinstance(value, tuple):
        for inner in value:
            used(inner, names)
    return names


def test_every_key_that_a_playbook_may_have_is_used_in_it() -> None:
    known = {
        f"{name}.{field}"
        for name, kind in models(Playbook, {}).items()
        for field in kind.model_fields
    }
    assert len(known) > 100
    assert known - used(default(), set()) == NOT_SHOWN


def test_every_key_says_what_it_means() -> None:
    for name, kind in models(Playbook, {}).items():
        for field, info in kind.model_fields.items():
            assert info.description or name == "Party", f"{name}.{field}"


def test_the_matrix_is_that_of_the_practice() -> None:
    assert default().matrix == DEFAULT


CASES: list[tuple[str, dict[str, Value], str, list[str]]] = [
    # what people answer, the priority, and what resources may be asked for
    ("power", {"how_many": "one", "power.extent": "part"}, "P4", ["inspect"]),
    ("power", {"power.extent": "unsure"}, "P3", ["inspect"]),
    ("power", {"how_many": "some", "power.extent": "part"}, "P3", ["inspect"]),
    ("power", {"power.extent": "building"}, "P2", ["inspect"]),
    (
        "power",
        {"power.extent": "area", "power.depends": ("cold",)},
        "P1",
        ["inspect", "generator"],
    ),
    ("power", {"power.extent": "part", "power.hazards": ("water",)}, "P1", ["inspect"]),
    ("power", {"power.depends": ("lift",)}, "P1", ["inspect", "lift"]),
    ("power", {"safety": "unsure"}, "P1", ["inspect"]),
    ("it", {"it.service": "device", "it.workaround": "yes", "how_many": "one"}, "P4", ["support"]),
    ("it", {"it.service": "email", "it.workaround": "slowly"}, "P3", ["support"]),
    ("it", {"it.service": "email", "it.workaround": "no"}, "P2", ["support"]),
    ("it", {"it.service": "network", "how_many": "many"}, "P1", ["network"]),
    ("it", {"it.service": "phones", "it.reachable": False}, "P1", ["phones"]),
    (
        "it",
        {"it.service": "phones", "it.reachable": True, "it.workaround": "yes"},
        "P4",
        ["phones"],
    ),
    ("it", {"it.service": "device", "it.attack": "unsure"}, "P1", ["support"]),
    ("injury", {"injury.kind": "person", "injury.severe": "no"}, "P2", ["first_aid"]),
    ("injury", {"injury.kind": "person", "injury.severe": "unsure"}, "P1", ["first_aid"]),
    ("injury", {"injury.kind": "person", "injury.people": 3}, "P1", ["first_aid"]),
    ("injury", {"injury.kind": "person", "injury.people": 2}, "P2", ["first_aid"]),
    ("injury", {"injury.kind": "threat"}, "P1", ["presence"]),
    ("injury", {"injury.kind": "hazard", "injury.hazard": ("gas",)}, "P1", ["make_safe"]),
    (
        "injury",
        {"injury.kind": "near_miss", "injury.safe_now": True, "how_many": "one"},
        "P4",
        ["make_safe"],
    ),
    (UNSURE, {}, "P3", []),
    (UNSURE, {"how_many": "many"}, "P2", []),
    (UNSURE, {"safety": "yes"}, "P1", []),
]


@pytest.mark.parametrize(("category", "answers", "expected", "tasks"), CASES)
def test_answers_lead_to_the_priority_and_the_tasks_that_a_dispatcher_would_choose(
    category: str, answers: dict[str, Value], expected: str, tasks: list[str]
) -> None:
    playbook = default()
    assert priority(playbook, assess(playbook, category, answers)) == expected
    assert [one.key for one in task_parts(playbook, category, answers)] == tasks


def test_every_task_is_asked_where_somebody_with_the_skill_is() -> None:
    playbook = default()
    for name, category in playbook.categories.items():
        assert team_place(playbook, name) in playbook.places
        for task in category.tasks:
            place = playbook.places[task_place(playbook, name, task)]
            assert place.grants == "resource"
            assert task.skill in place.skills
    assert team_place(playbook, None) == "triage"


def test_the_first_question_is_about_safety_and_its_advice_names_the_emergency_number() -> None:
    playbook = default()
    for name in (None, UNSURE, *playbook.categories):
        first = intake_form(playbook, name).questions[0]
        assert first.key == "safety"
        assert first.required
        for choice in first.choices[1:]:
            assert isinstance(choice.advice, Words)
            assert all("999" in text for text in choice.advice.by.values())


def test_intake_asks_safety_what_category_details_where_how_many_a_photo_and_contact_last() -> None:
    keys = [one.key for one in intake_form(default(), "it").questions]
    assert keys[:3] == ["safety", "what", "category"], "a category says what kind it is"
    assert all(key.startswith("it.") for key in keys[3:-4])
    assert keys[-4:] == ["where", "how_many", "photo", "contact"]
    assert [one.key for one in intake_form(default(), None).questions] == [
        *("safety", "kind", "what", "category", "where", "how_many", "photo", "contact")
    ]


def test_a_suggested_category_is_offered_first_and_unsure_last() -> None:
    def offered(*suggested: str) -> list[str]:
        questions = {one.key: one for one in intake_form(default(), None, suggested).questions}
        return [one.value for one in questions["category"].choices]

    assert offered()[:3] == ["power", "it", "injury"]
    assert offered("injury", "gone")[:3] == ["injury", "power", "it"]
    assert offered()[-1] == offered("injury")[-1] == UNSURE


def test_what_may_name_or_place_a_person_is_sealed_and_decides_nothing() -> None:
    playbook = default()
    told = (QuestionType.TEXT, QuestionType.LONG_TEXT, QuestionType.PHONE, QuestionType.LOCATION)
    for name in playbook.categories:
        for one in intake_form(playbook, name).questions:
            by_type = one.type in told or one.type is QuestionType.FILE
            assert one.personal == (by_type and one.key != "it.application")


def test_every_choice_can_be_given_back_as_an_answer() -> None:
    for name in default().categories:
        for question in intake_form(default(), name).questions:
            for choice in question.choices:
                many = question.type is QuestionType.MULTI_CHOICE
                given: object = [choice.value] if many else choice.value
                assert not isinstance(validate(question, given), FormError)


def test_every_step_of_the_script_says_why_and_steps_that_do_not_apply_are_left_out() -> None:
    playbook = default()
    for name, category in playbook.categories.items():
        assert len(category.script) >= 4
        assert len(steps(playbook, name, {})) < len(category.script)
    person = steps(playbook, "injury", {"injury.kind": "person"})
    assert any("entrance" in one.say.by["en"] for one in person)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The lights went out and the lift stopped", "en", "power"),
        ("there's NO POWER in the kitchen!!", "en", "power"),
        ("у нас вырубило свет", "ru", "power"),
        ("my phone doesn't ring and the internet is slow", "en", "it"),
        ("Не работает почта и программа", "ru", "it"),
        ("somebody fell on the slippery floor and is bleeding", "en", "injury"),
        ("женщина упала, кровь", "ru", "injury"),
        ("нет света", "en", "power"),
        ("hello", "en", None),
        ("", "en", None),
    ],
)
def test_peoples_own_words_suggest_a_category(
    text: str, language: str, expected: str | None
) -> None:
    found = suggest(default(), text, language)
    assert (found[0].category if found else None) == expected
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("I just can’t go on any more", True),
        ("thinking about SUICIDE", True),
        ("Я больше не хочу жить", True),
        ("хочу умереть", True),
        ("This suits me, the server is dead", False),
        ("go on", False),
    ],
)
def test_the_word_list_hears_distress_in_every_language(text: str, heard: bool) -> None:
    assert (distress(default(), text) is not None) == heard


def test_a_running_report_keeps_its_questions_and_gets_todays_wording() -> None:
    old = intake_form(default(), "injury")
    text = FILE.read_text(encoding="utf-8").replace('"999"', '"112"')
    text = text.replace('value = "near_miss"', 'value = "nearly"').replace(
        '"near_miss"', '"nearly"'
    )
    newer = check(text, "p.toml").result
    assert isinstance(newer, Playbook), str(newer)
    now = reworded(old, intake_form(newer, "injury"))
    assert [one.key for one in now.questions] == [one.key for one in old.questions]
    kind, severe = (find(now.questions, key) for key in ("injury.kind", "injury.severe"))
    assert [one.value for one in kind.choices][-1] == "near_miss"
    advice = severe.choices[0].advice
    assert isinstance(advice, Words)
    assert "Call 112 now" in advice.by["en"]


def test_a_question_that_became_another_one_keeps_its_old_wording() -> None:
    old = intake_form(default(), "power")
    since = find(old.questions, "power.since")
    other = since.model_copy(update={"type": QuestionType.DATE, "label": Words(by={"en": "Day?"})})
    newer = old.model_copy(update={"questions": (other,)})
    assert find(reworded(old, newer).questions, "power.since") == since


def test_words_are_looked_for_in_the_persons_language_first_and_without_their_dots() -> None:
    (found,) = suggest(default(), "no power, нет света", "ru")
    assert found.reason.args["words"] == "нет света"
    assert distress(default(), "Я ХОЧУ УМЕРЁТЬ") is not None


def find(questions: tuple[Question, ...], key: str) -> Question:
    return next(one for one in questions if one.key == key)
