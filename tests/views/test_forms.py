"""Buttons and forms: each leads to a command that exists, with what was pressed and typed."""

from collections.abc import Callable, Mapping

import pytest

from bot.core import incident_commands as ic
from bot.core.answers import validate_all
from bot.core.calendar import minute_of, next_time
from bot.core.cards import Action, Arg, Button
from bot.core.commands import Command
from bot.core.events import Event
from bot.core.forms import QuestionType, Value, visible
from bot.core.incident_events import IncidentReopened
from bot.core.incident_words import Targets
from bot.core.likely_words import LikelyNoted
from bot.core.peers import Peer
from bot.core.personal import Personal
from bot.core.priority import Level
from bot.core.report_words import AnswerFixed, RateService, ReplyToCustomer, WriteNote
from bot.core.suggesting import Crew, Resource
from bot.core.texts import Phrase, Text, Who
from bot.views.actions import command_of, form_of
from bot.views.examples import (
    ALIKE,
    AT,
    BEN,
    INCIDENT,
    MINUTE,
    OTHER,
    REPORT,
    SUBJECT,
    an_incident,
    declaring,
    examples,
    offering,
)
from bot.views.form_kinds import Filled
from bot.views.forms import FORMS
from bot.views.kinds import KINDS
from bot.views.look import LEAD, MEAN, SHOW, SPEAK, TOOLS, Look
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
CREW = Crew(people=(Resource(person=BEN, skills=tuple(PLAYBOOK.skills)),), at=AT)
OTHERS = {OTHER: an_incident(PLAYBOOK).model_copy(update={"stream": OTHER})}
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, OTHERS, crew=CREW, hands=(Peer(person=BEN),))
ZONE = "Europe/London"
HOUR = 60 * MINUTE
ARGS: Mapping[str, Arg] = {
    "incident": INCIDENT,
    "task": 1,
    "report": REPORT,
    "field": "what",
    "draft": 1,
    "version": 1,
    "step": "acknowledge",
    "holder": BEN,
}

# One way to fill in each form.
TYPED: Mapping[str, dict[str, object]] = {
    "claim": {"when": str(15 * MINUTE)},
    "revise_eta": {"when": "other", "time": "11:15"},
    "bid": {"when": str(15 * MINUTE), "note": "With a ladder"},
    "accept_place": {"when": str(30 * MINUTE)},
    "offer_place": {"to": BEN},
    "award": {"bid": f"2:{BEN}:{AT + 45 * MINUTE}"},
    "report_can": {"condition": "Dark", "actions": "Testing", "needs": "A ladder"},
    "decline": {"why": "other", "reason": "too far away"},
    "release": {"reason": "called elsewhere"},
    "complete": {},
    "escalate": {"reason": "I cannot do this alone"},
    "update": {
        "words": "Found it.",
        "also_ru": "Нашли.",
        "audience": "public",
        "next": str(HOUR),
    },
    "revise_draft": {
        "words": "Found it.",
        "doing": "We mend it.",
        "advice": "Keep the fridge shut.",
        "next": str(HOUR),
    },
    "approve_later": {"next": str(HOUR)},
    "send_back_draft": {"reason": "Say what people should do"},
    "break_glass": {"reason": "Nobody else is there"},
    "ask_for_resource": {"template": "other", "what": "A ladder", "skill": "lift", "needed": "2"},
    "assess": {"impact": "high", "urgency": "low"},
    "declare_major": {"criteria": ["many_people"], "reason": "The whole street is dark"},
    "stand_by_for_major": {"reason": "The next street may follow"},
    "cancel_major": {"reason": "It was one house"},
    "stand_down_major": {"recovered": "Power is back.", "data_loss": "No data was lost."},
    "take_post": {"post": "operations"},
    "offer_post": {"post": "scribe", "to": BEN},
    "accept_post": {"post": "scribe"},
    "decline_post": {"post": "scribe"},
    "take_back_offer": {"post": "scribe"},
    "release_post": {"post": "deputy"},
    "methane": {"major": "no", "hazards": "Live wires", "time": "10:15"},
    "correct_milestone": {"milestone": "opened", "time": "08:30", "reason": "They rang before"},
    "record_decision": {"decision": "Evacuate", "reason": "Smoke", "alternatives": "Stay"},
    "resolve": {"note": "Fuse replaced.", "call_off": ["1"]},
    "hold": {"reason": "waiting for a part", "until": str(4 * HOUR)},
    "hand_over": {"to": BEN},
    "reopen": {"reason": "it is off again"},
    "cancel": {"reason": "a drill"},
    "alike": {"other": OTHER, "what": "apart"},
    "note": {"words": "Called the landlord."},
    "sum_up_distress": {
        "said": "How the week was",
        "next_step": "A call tomorrow",
        "contact": "Ana, at ten",
        "send": "yes",
    },
    "false_alarm": {"words": "A line of a song"},
    "vulnerability": {"words": "Hears badly", "agreed": "yes", "days": "30"},
    "reply": {"words": "We are on our way."},
    "ready_answer": {"canned": "heard"},
    "report_note": {"words": "Called back."},
    "report": {
        "safety": "no",
        "kind": "incident",
        "what": "The lights went out.",
        "category": "unsure",
        "where": "12 Mill Lane",
    },
    "question": {},
    "subscribe": {"what": "category", "category": "power", "least": "P2", "when": "at_once"},
    "subscribe_here": {"what": "all", "least": "P4", "where": "alone", "when": "at_once"},
    "path_step": {"words": "We are sorry that you had to wait."},
    "fulfilment": {"by_whom": "The store", "when": "other", "day": "2026-01-09"},
    "answer_enquiry": {"words": "We open at eight."},
    "hand_on": {"to": "other", "who": "The bank", "reason": "They keep it", "when": str(4 * HOUR)},
    "kind": {"kind": "complaint"},
    "problem": {"which": "new", "what": "One fuse fails again and again"},
    "cause": {"words": "A worn contact"},
    "workaround": {"words": "Switch it off and on"},
    "send_workaround": {"words": "Switch it off and on"},
    "from_message": {"what": "The lights went out.", "category": "power", "danger_now": "yes"},
}


STORIES: Mapping[str, Callable[[], tuple[Event, ...]]] = {
    "award": offering,
    "alike": lambda: (LikelyNoted(found=(ALIKE,)),),
    **dict.fromkeys(
        ("take_post", "offer_post", "accept_post", "decline_post", "take_back_offer"),
        lambda: declaring(PLAYBOOK),
    ),
    "release_post": lambda: declaring(PLAYBOOK),
}
"""What has happened before a form makes sense."""


def sent(key: str, typed: Mapping[str, object]) -> Command:
    """The command that comes of a form, its answers checked as every channel checks them."""
    more = STORIES.get(key, tuple)()
    form = FORMS[key].ask(an_incident(PLAYBOOK, *more), LOOK)
    answers = validate_all(form, typed)
    assert isinstance(answers, dict), answers
    return FORMS[key].command(Filled(ARGS, answers, AT, ZONE))


def every_button() -> list[Button[Phrase]]:
    """The buttons of every example, and of an incident that was opened again."""
    reopened = IncidentReopened(why="agent", reason=Personal(SUBJECT, "x"), targets=Targets())
    again = KINDS["incident"].draw(an_incident(PLAYBOOK, reopened), 0, LOOK)
    assert again is not None
    return [one for card in (*examples(PLAYBOOK).values(), again) for one in card.buttons]


@pytest.mark.parametrize("key", list(FORMS))
def test_every_form_can_be_asked_filled_in_and_sent(key: str) -> None:
    assert FORMS[key].ask(an_incident(PLAYBOOK), LOOK).key == key
    assert isinstance(sent(key, TYPED[key]), Command)


def test_every_button_brings_a_command_or_opens_a_form_and_every_form_has_its_button() -> None:
    opened: dict[str, None] = {}
    for button in every_button():
        form = form_of(button.action)
        if button.action.name in (LEAD, MEAN, SHOW, SPEAK, TOOLS):
            assert bool(button.link) == (button.action.name == LEAD)
        elif form is None:
            assert command_of(button.action, AT) is not None, button.action
        else:
            assert command_of(button.action, AT) is None
            opened[form] = None
    # A message is pointed at to make an incident of it; who wants to follow writes a line.
    by_words = {"from_message", "subscribe", "subscribe_here"}
    assert sorted({*opened, *by_words}) == sorted(FORMS)


def test_a_time_of_arrival_on_a_button_counts_from_the_press() -> None:
    action = Action("claim_task", {"incident": INCIDENT, "task": 1, "within": 15 * MINUTE})
    assert command_of(action, AT) == ic.ClaimTask(incident=INCIDENT, task=1, eta=AT + 15 * MINUTE)


def test_buttons_of_customers_name_no_report() -> None:
    assert command_of(Action("answer_fixed", {"fixed": False}), AT) == AnswerFixed(fixed=False)
    assert command_of(Action("rate_service", {"score": 4}), AT) == RateService(score=4)


@pytest.mark.parametrize(
    "action",
    [
        Action("no_such_command", {}),
        Action("claim_task", {"incident": INCIDENT}),
        Action("take_incident", {"incident": INCIDENT, "more": 1}),
    ],
    ids=["unknown", "too little", "too much"],
)
def test_an_action_that_means_nothing_brings_nothing(action: Action) -> None:
    assert command_of(action, AT) is None


def test_an_action_reads_back_from_its_text() -> None:
    action = Action("claim_task", {"task": 1, "incident": INCIDENT, "within": 5})
    again = Action.read(action.text)
    assert again.text == action.text
    assert command_of(again, AT) == command_of(action, AT)


def test_a_claim_offers_the_times_of_the_playbook_and_another_one() -> None:
    form = FORMS["claim"].ask(None, LOOK)
    values = [one.value for one in form.questions[0].choices]
    assert values == [*(str(ms) for ms in PLAYBOOK.tasks.etas), "other"]
    assert [q.key for q in visible(form, {"when": "other"})] == ["when", "time"]
    assert [q.key for q in visible(form, {"when": values[0]})] == ["when"]
    claim = sent("claim", {"when": "other", "time": "9:05"})
    assert isinstance(claim, ic.ClaimTask)
    assert claim.eta > AT


@pytest.mark.parametrize(
    ("clock", "at", "minutes"),
    [
        ("10:31", AT, 1),
        ("10:30", AT, 24 * 60),
        ("10:29", AT, 24 * 60 - 1),
        ("00:00", AT, 13 * 60 + 30),
    ],
)
def test_a_time_without_a_day_is_the_next_one(clock: str, at: int, minutes: int) -> None:
    """AT is 10:30 in London in winter."""
    assert next_time(ZONE, minute_of(clock), at) == at + minutes * MINUTE


def test_a_time_is_that_of_the_wall_when_the_clocks_change() -> None:
    """In London, 29 March 2026 has 23 hours: from 23:30 to the next 09:00 it is 8:30 hours."""
    evening = 1_774_740_600_000
    assert next_time(ZONE, minute_of("09:00"), evening) - evening == 8 * HOUR + 30 * MINUTE


def test_the_last_update_promises_no_next_one() -> None:
    update = sent("update", {"words": "All is well.", "audience": "public", "next": "last"})
    assert update == ic.PublishUpdate(
        incident=INCIDENT, words="All is well.", audience="public", next_by=None
    )
    promised = sent("update", TYPED["update"])
    assert isinstance(promised, ic.PublishUpdate)
    assert promised.next_by == AT + HOUR
    assert promised.also == {"ru": "Нашли."}


def test_help_is_asked_by_a_template_of_the_category_or_in_free_words() -> None:
    form = FORMS["ask_for_resource"].ask(an_incident(PLAYBOOK), LOOK)
    templates = [one.value for one in form.questions[0].choices]
    assert len(templates) > 1
    asked = sent("ask_for_resource", {"template": templates[0]})
    assert asked == ic.AskForResource(incident=INCIDENT, template=templates[0])
    free = sent("ask_for_resource", TYPED["ask_for_resource"])
    assert free == ic.AskForResource(incident=INCIDENT, what="A ladder", skill="lift", needed=2)
    bare = FORMS["ask_for_resource"].ask(None, LOOK)
    assert [one.value for one in bare.questions[0].choices] == ["other"]


def test_whom_to_ask_is_suggested_by_name_with_the_reason_once_it_is_known_for_what() -> None:
    """Practice 1.4: Ask for resources -> Whom? -> the people who fit, each with why."""
    again = FORMS["ask_for_resource"].again
    assert again is not None
    state = an_incident(PLAYBOOK)
    whom = again(state, LOOK, {}).questions[-1]
    assert BEN not in {one.value for one in whom.choices}
    chosen = again(state, LOOK, {"template": "other", "skill": "lift"}).questions[-1]
    named = next(one for one in chosen.choices if one.value == BEN)
    assert isinstance(named.label, Text)
    assert named.label.args["who"] == Who(person=BEN)
    nobody = Look(PLAYBOOK, lambda version: PLAYBOOK, {}, crew=Crew(at=AT))
    short = again(state, nobody, {"template": "other", "skill": "lift"}).questions[-1]
    assert short.help is not None, "and why nobody can be asked"
    typed = {**TYPED["ask_for_resource"], "whom": "bids"}
    asked = sent("ask_for_resource", typed)
    assert isinstance(asked, ic.AskForResource)
    assert (asked.how, asked.whom) == ("bids", "")


def test_common_reasons_are_pressed_and_other_ones_written() -> None:
    pressed = sent("decline", {"why": "Too far away"})
    assert pressed == ic.DeclineTask(incident=INCIDENT, task=1, reason="Too far away")


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("assess", ic.AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.LOW)),
        ("complete", ic.CompleteTask(incident=INCIDENT, task=1, note="")),
        ("decline", ic.DeclineTask(incident=INCIDENT, task=1, reason="too far away")),
        ("reply", ReplyToCustomer(report=REPORT, words="We are on our way.")),
        ("report_note", WriteNote(report=REPORT, words="Called back.")),
    ],
)
def test_what_was_typed_is_in_the_command(key: str, command: Command) -> None:
    assert sent(key, TYPED[key]) == command


def test_free_words_are_personal_and_short_enough_for_every_channel() -> None:
    for kind in FORMS.values():
        for question in kind.ask(an_incident(PLAYBOOK), LOOK).questions:
            if question.type is QuestionType.LONG_TEXT:
                assert question.personal
                assert (question.maximum or 0) <= 3_000


def test_values_of_answers_are_never_taken_for_something_else() -> None:
    weird: Value = "15m"
    filled = Filled(ARGS, {"words": weird}, AT, ZONE)
    assert filled.words("words") == "15m"
    assert filled.words("missing") == ""
