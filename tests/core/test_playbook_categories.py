"""The categories of the playbook that ships: the priority and the help that their answers ask for.

Those of power, IT and injury stand in `test_playbook_default`.
"""

import pytest

from bot.core.forms import Value
from bot.core.playbook_assess import assess, priority, steps, task_parts
from bot.core.playbook_forms import intake_form
from bot.core.playbook_suggest import suggest
from bot.core.texts import Words
from tests.core.test_playbook_default import default

INCIDENTS = ("power", "it", "injury", "water", "gas", "building", "security", "transport")
REQUESTS = ("access", "equipment", "repair")
COMPLAINTS = ("complaint", "conduct", "billing")


def test_the_playbook_is_that_of_a_whole_contact_centre() -> None:
    """Issue 7, point 9: utilities, facilities and IT, each kind with its categories."""
    kinds = {key: one.kind for key, one in default().categories.items()}
    assert kinds == {
        **dict.fromkeys(INCIDENTS, "incident"),
        **dict.fromkeys(REQUESTS, "service_request"),
        **dict.fromkeys(COMPLAINTS, "complaint"),
        "enquiry": "enquiry",
    }


CASES: list[tuple[str, dict[str, Value], str, list[str]]] = [
    ("water", {"water.amount": "drips", "water.shut": "yes", "how_many": "one"}, "P4", ["stop"]),
    ("water", {"water.amount": "runs", "water.electric": "no", "water.shut": "no"}, "P2", ["stop"]),
    ("water", {"water.amount": "runs", "water.electric": "yes"}, "P1", ["stop", "isolate"]),
    (
        "water",
        {"water.amount": "flood", "water.electric": "unsure"},
        "P1",
        ["stop", "pump", "isolate"],
    ),
    ("water", {"water.amount": "sewage", "water.below": True}, "P1", ["stop", "pump"]),
    ("gas", {}, "P1", ["evacuate"]),
    ("gas", {"gas.called": True, "how_many": "one"}, "P1", ["evacuate", "meet"]),
    ("building", {"building.what": "trapped"}, "P1", ["free"]),
    ("building", {"building.what": "lift", "building.needs": ("none",)}, "P3", ["lift_repair"]),
    ("building", {"building.what": "lift", "building.needs": ("frail",)}, "P2", ["lift_repair"]),
    ("building", {"building.what": "door", "building.open": "exit"}, "P1", ["mend"]),
    ("building", {"building.what": "door", "building.open": "open"}, "P2", ["mend"]),
    ("building", {"building.what": "structure", "building.falls": "unsure"}, "P1", ["mend"]),
    ("security", {"security.kind": "malware", "security.still": "yes"}, "P1", ["contain"]),
    (
        "security",
        {
            "security.kind": "message",
            "security.still": "no",
            "security.did": ("none",),
            "how_many": "one",
        },
        "P4",
        ["contain"],
    ),
    ("security", {"security.kind": "lost", "security.people": "unsure"}, "P1", ["lock"]),
    ("security", {"security.kind": "intruder"}, "P1", ["guard"]),
    ("transport", {"transport.what": "late", "transport.needed_by": "later"}, "P4", ["trace"]),
    ("transport", {"transport.what": "missing", "transport.load": ("medicine",)}, "P2", ["trace"]),
    ("transport", {"transport.what": "accident"}, "P1", ["relief"]),
    (
        "transport",
        {"transport.what": "breakdown", "transport.load": ("dangerous",)},
        "P1",
        ["relief"],
    ),
    ("access", {"access.to": "system"}, "P4", ["grant"]),
    ("equipment", {"equipment.what": "tools"}, "P4", ["deliver"]),
    ("repair", {"repair.trade": "water"}, "P4", ["plumber"]),
    ("complaint", {"complaint.about": "again"}, "P3", []),
    ("conduct", {"conduct.kind": "unsafe"}, "P2", []),
    ("billing", {"billing.about": "hardship"}, "P3", []),
    ("enquiry", {"enquiry.about": "report"}, "P4", []),
    ("enquiry", {"safety": "yes"}, "P1", []),
]


@pytest.mark.parametrize(("category", "answers", "expected", "tasks"), CASES)
def test_answers_lead_to_the_priority_and_the_tasks_that_a_dispatcher_would_choose(
    category: str, answers: dict[str, Value], expected: str, tasks: list[str]
) -> None:
    playbook = default()
    assert priority(playbook, assess(playbook, category, answers)) == expected
    assert [one.key for one in task_parts(playbook, category, answers)] == tasks


@pytest.mark.parametrize("category", default().categories)
def test_questions_are_few_hints_are_said_and_every_step_has_its_reason(category: str) -> None:
    own = default().categories[category]
    assert isinstance(own.hint, Words)
    assert set(own.hint.by) == set(own.name.by) == {"en", "ru"}
    assert 1 <= len(own.questions) <= 6
    assert len(intake_form(default(), category).questions) <= 13
    assert all(one.say.by.keys() == one.why.by.keys() == {"en", "ru"} for one in own.script)
    assert len(own.script) >= 4


@pytest.mark.parametrize(
    ("words", "language", "category"),
    [
        ("water is dripping through the ceiling", "en", "water"),
        ("прорвало трубу", "ru", "water"),
        ("I smell gas in the hall", "en", "gas"),
        ("пахнет газом", "ru", "gas"),
        ("we are stuck in the lift", "en", "building"),
        ("холодно, отопление не работает", "ru", "building"),
        ("I got a phishing mail and my password stolen", "en", "security"),
        ("взломали почту, вирус", "ru", "security"),
        ("the courier lost my parcel", "en", "transport"),
        ("курьер не привёз посылку", "ru", "transport"),
        ("when do you open", "en", "enquiry"),
        ("жалоба: обещали и никто не пришёл", "ru", "complaint"),
    ],
)
def test_peoples_own_words_point_to_it(words: str, language: str, category: str) -> None:
    assert suggest(default(), words, language)[0].category == category


def test_practice_2_4_a_smell_of_gas_is_p1_whoever_it_reaches_and_names_the_gas_service() -> None:
    playbook = default()
    found = assess(playbook, "gas", {"how_many": "one"})
    assert found.danger
    assert priority(playbook, found) == "P1"
    advice = [x.advice for one in playbook.categories["gas"].questions for x in one.choices]
    told = [text for one in advice if one is not None for text in one.by.values()]
    assert sum("0800 111 999" in text for text in told) >= 4


def test_practice_5_3_a_security_breach_is_worked_on_in_the_phases_of_iso_27035() -> None:
    """Plan and prepare is the playbook itself."""
    answers: dict[str, Value] = {"security.kind": "data", "security.people": "yes"}
    said = " ".join(one.say.by["en"] for one in steps(default(), "security", answers))
    places = [said.index(word) for word in ("Detect and report", "Assess and decide", "Respond")]
    assert places == sorted(places)
    assert said.rindex("Learn") > places[-1]
    assert "nothing is deleted" in said
