"""Views: every card says what it must, within what every channel bears, in every language."""

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pytest

from bot.core import incident_events as ie
from bot.core.cards import Actions, Badge, Card, Footer, Header, plain, spoken
from bot.core.events import Event
from bot.core.incident import Incident
from bot.core.incident_words import ENDED, WORKING, Fact, IncidentKind, Status, Targets
from bot.core.personal import Personal
from bot.core.registry import EVENT_TYPES
from bot.core.report_words import IntakeLeft, ReportLinked
from bot.core.texts import Phrase
from bot.texts import Catalogues
from bot.views import labels, tools, update
from bot.views.examples import (
    ANA,
    AT,
    CAROL,
    NAMES,
    SUBJECT,
    a_report,
    an_incident,
    coming,
    examples,
    of_kind,
    published,
)
from bot.views.kinds import KINDS
from bot.views.look import Look
from bot.views.welcome import standing
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
SPEECH = Catalogues.load(pseudo=True)
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})
OWN = PLAYBOOK.labels


def said(card: Card[Phrase] | None, language: str = "en") -> Card[str]:
    assert card is not None
    return spoken(card, SPEECH.speaker(language, "Europe/London", AT, NAMES.get))


def incident_card(*events: Event) -> Card[str]:
    return said(KINDS["incident"].draw(an_incident(PLAYBOOK, *events), 0, LOOK))


def labels_of(card: Card[str]) -> list[str]:
    return [button.label for button in card.buttons]


def some(text: str = "because it must be") -> Personal:
    return Personal(SUBJECT, text)


@pytest.mark.parametrize("name", list(examples(PLAYBOOK)))
@pytest.mark.parametrize("language", SPEECH.languages)
def test_every_example_is_a_whole_card_in_every_language(name: str, language: str) -> None:
    card = said(examples(PLAYBOOK)[name], language)
    text = plain(card)
    assert text
    assert "{" not in text
    assert card.summary
    # What somebody answered stays one line.
    alone = name.startswith(("home", "following"))
    assert isinstance(card.blocks[-1], Footer) or not card.buttons or alone
    assert len({button.action.text for button in card.buttons}) == len(card.buttons)
    assert len(set(labels_of(card))) == len(card.buttons)


@pytest.mark.parametrize("language", SPEECH.languages)
@pytest.mark.parametrize("kind", get_args(IncidentKind))
def test_no_two_buttons_of_a_card_are_called_the_same(kind: IncidentKind, language: str) -> None:
    """Whatever kind it is, whoever has it, and whether somebody has seen it."""
    begun = of_kind(PLAYBOOK, kind)
    for status, seen in product(get_args(Status), (None, AT)):
        state = begun.model_copy(update={"status": status, "acknowledged_at": seen})
        for card in (KINDS["incident"].draw(state, 0, LOOK), tools.card(state, LOOK)):
            found = labels_of(said(card, language))
            assert len(set(found)) == len(found), (status, seen, found)


def test_who_wanted_a_person_is_not_said_to_be_answering() -> None:
    state = a_report(PLAYBOOK, IntakeLeft(why="person_wanted"))
    assert standing(state, None, OWN) == labels.STAGE["sent"]
    incident = an_incident(PLAYBOOK)
    assert standing(state, incident, OWN) == labels.PUBLIC_STATUS[incident.status]
    assert standing(a_report(PLAYBOOK), incident, OWN) == labels.STAGE["answering"]


def test_nobody_is_awaited_at_what_is_fixed() -> None:
    text = plain(incident_card(*coming(), ie.IncidentResolved(note=some(), by=ANA, until=AT)))
    assert "2 of 2" in text
    assert "next at" not in text


def test_the_card_of_an_incident_says_what_agents_look_for_first() -> None:
    card = incident_card(*coming(), published())
    text = plain(card)
    assert card.blocks[0] == Header("P2 Power outage")
    for part in (
        "In progress",
        "The lights went out and the lift has stopped.",
        "12 Mill Lane",
        "Who has it: Ana",
        "Resolve by: ",
        "2 of 2, next at",
        "Last: update published",
        "N-7K4-M2QX",
    ):
        assert part in text, part


def test_due_times_carry_their_band_and_the_worst_is_on_the_badge() -> None:
    late = ie.TargetWarned(target="resolve", band="breached")
    badge = next(one for one in incident_card(late).blocks if isinstance(one, Badge))
    assert (badge.text, badge.tone) == ("In progress, overdue", "danger")
    assert "Resolve by: 18:30, overdue" in plain(incident_card(late))


def test_what_waits_for_somebody_is_told_apart_from_what_somebody_has() -> None:
    def tone(card: Card[str]) -> str:
        return next(one.tone for one in card.blocks if isinstance(one, Badge))

    nobody = an_incident(PLAYBOOK).model_copy(update={"status": "open", "owner": None})
    assert tone(said(KINDS["incident"].draw(nobody, 0, LOOK))) == "warning"
    assert tone(incident_card()) == "notice"
    assert tone(said(KINDS["task"].draw(an_incident(PLAYBOOK), 1, LOOK))) == "warning"
    assert tone(said(KINDS["task"].draw(an_incident(PLAYBOOK, *coming()), 1, LOOK))) == "notice"


def test_danger_is_said_in_words() -> None:
    state = an_incident(PLAYBOOK).model_copy(update={"danger": True})
    card = said(KINDS["incident"].draw(state, 0, LOOK))
    assert "danger to people" in plain(card)


def test_an_exercise_says_that_it_is_one() -> None:
    state = an_incident(PLAYBOOK).model_copy(update={"mode": "exercise"})
    assert "EXERCISE" in plain(said(KINDS["incident"].draw(state, 0, LOOK)))


@pytest.mark.parametrize(
    ("events", "first", "missing"),
    [
        ((), "Ask for resources", ("Take", "Reopen")),
        ((ie.IncidentHeld(reason=some()),), "Resume", ("Hold", "Reopen")),
        (
            (ie.IncidentResolved(note=some(), by=ANA, until=AT),),
            "Reopen",
            ("Take", "Resolve", "Hold"),
        ),
        (
            (ie.IncidentReopened(why="agent", reason=some(), targets=Targets()),),
            "Take",
            ("Reopen", "Resolve"),
        ),
        ((ie.IncidentCancelled(reason=some()),), "Note", ("Take", "Reopen", "Update")),
    ],
    ids=["taken", "held", "resolved", "reopened", "cancelled"],
)
def test_only_what_makes_sense_now_can_be_pressed(
    events: tuple[Event, ...], first: str, missing: tuple[str, ...]
) -> None:
    found = labels_of(incident_card(*events))
    assert found[0] == first
    assert set(missing).isdisjoint(found)


def test_acknowledge_lies_in_the_overflow() -> None:
    card = incident_card(ie.IncidentReopened(why="agent", reason=some(), targets=Targets()))
    (row,) = [one for one in card.blocks if isinstance(one, Actions)]
    assert "Acknowledge" in [one.label for one in row.more]
    assert "Acknowledge" not in [one.label for one in row.buttons]


def test_a_restricted_incident_shows_nothing_of_itself() -> None:
    events = (
        *coming(),
        published(),
        ie.VisibilityChanged(visibility="restricted", reason=some("the family asked")),
    )
    state = an_incident(PLAYBOOK, *events)
    for kind, number in (("incident", 0), ("task", 1)):
        card = said(KINDS[kind].draw(state, number, LOOK))
        text = plain(card) + card.summary
        assert card.buttons == ()
        for hidden in ("lights", "Mill Lane", "Power", "Ana", "Ben", "P2", "fuse"):
            assert hidden not in text, (kind, hidden)
        assert not KINDS[kind].hangs(state, number)
    told = plain(said(KINDS["update"].draw(state, 1, LOOK)))
    assert told == "This update is no longer published."
    assert not KINDS["update"].hangs(state, 1)


def _states() -> Iterator[Incident]:
    """Every status with many tasks, long texts and both visibilities."""
    many = [
        ie.TaskOpened(
            task=number, template="", what=some("x" * 2000), skill="lift", needed=3, by=ANA
        )
        for number in range(2, 30)
    ]
    base = an_incident(PLAYBOOK, *coming(), *many, published())
    for status, visibility in product((*WORKING, "resolved", *ENDED), ("normal", "restricted")):
        for owner, seen, held in product((None, ANA), (None, AT), (None, AT)):
            yield base.model_copy(
                update={
                    "status": status,
                    "visibility": visibility,
                    "owner": owner,
                    "acknowledged_at": seen,
                    "held_since": held,
                    "reports": 9,
                    "reopened": 2,
                }
            )


def test_no_state_makes_a_card_too_large() -> None:
    """`Card` refuses more than 8 blocks, 10 fields, 6 buttons, 5 more and 10 steps."""
    for state in _states():
        for kind in ("incident", "task", "update"):
            KINDS[kind].draw(state, 1, LOOK)


def test_a_task_shows_who_comes_when_and_offers_the_times_of_the_playbook() -> None:
    open_task = said(KINDS["task"].draw(an_incident(PLAYBOOK), 1, LOOK))
    assert labels_of(open_task) == [
        "I am there in 15 minutes",
        "I am there in 30 minutes",
        "I am there in 1 hour",
        "At another time",
        "I cannot",
    ]
    assert "12 Mill Lane" in plain(open_task)
    assert "The lights went out" not in plain(open_task)
    full = said(KINDS["task"].draw(an_incident(PLAYBOOK, *coming()), 1, LOOK))
    assert labels_of(full)[:3] == ["On the way", "On site", "Done"]
    text = plain(full)
    assert "Ben, on site since" in text
    assert "Eva, on the way, there at 11:20" in text


def test_a_task_that_is_not_needed_any_more_has_no_buttons() -> None:
    over = an_incident(PLAYBOOK, ie.IncidentResolved(note=some(), by=ANA, until=AT))
    card = said(KINDS["task"].draw(over, 1, LOOK))
    assert card.buttons == ()
    assert "Not needed any more" in plain(card)
    assert not KINDS["task"].hangs(over, 1)


def test_a_task_that_does_not_exist_is_no_card() -> None:
    assert KINDS["task"].draw(an_incident(PLAYBOOK), 7, LOOK) is None


def test_tasks_hang_where_the_playbook_says_that_their_skill_is() -> None:
    state = an_incident(PLAYBOOK)
    assert KINDS["task"].places(state, 1, LOOK) == ("field_crew",)
    free = ie.TaskOpened(task=2, template="", what=some(), skill="first_aid", needed=1, by=ANA)
    assert KINDS["task"].places(an_incident(PLAYBOOK, free), 2, LOOK) == ("safety_crew",)
    unknown = ie.TaskOpened(task=2, template="", what=some(), skill="", needed=1, by=ANA)
    assert KINDS["task"].places(an_incident(PLAYBOOK, unknown), 2, LOOK) == ("triage",)


def test_an_update_that_was_taken_back_says_so_instead_of_its_words() -> None:
    taken = ie.UpdateWithdrawn(number=1, reason=some(), audience="public")
    text = plain(said(KINDS["update"].draw(an_incident(PLAYBOOK, published(), taken), 1, LOOK)))
    assert "Please disregard" in text
    assert "two hours" not in text


def test_an_update_begins_with_what_it_is_about_and_how_that_stands() -> None:
    say = SPEECH.speaker("en", "Europe/London", AT, NAMES.get)
    button = update.ending(CAROL, 1, whole_place=False)
    about = (an_incident(PLAYBOOK), LOOK)
    card = update.told("The next one comes.", "It is the pump.", about, button, say)
    lines = plain(card).splitlines()
    assert lines == [
        "Power outage",
        "We are working on it",
        "The next one comes.",
        "It is the pump.",
    ]


def test_the_customers_own_view_names_nobody() -> None:
    running = an_incident(PLAYBOOK, *coming())
    look = Look(PLAYBOOK, lambda version: PLAYBOOK, {running.stream: running})
    report = a_report(PLAYBOOK, ReportLinked(incident=running.stream, how="opened"))
    text = plain(said(KINDS["progress"].draw(report, 0, look)))
    assert "Somebody will be there: about" in text
    assert not any(name in text for name in NAMES.values())
    assert KINDS["progress"].reads(report) == (running.stream,)


def test_every_event_of_an_incident_has_a_word_for_it() -> None:
    tags = {one.tag for one in EVENT_TYPES if issubclass(one, ie.IncidentEvent)}
    assert tags <= labels.LAST_EVENT.keys()


def test_an_erased_value_is_shown_as_deleted() -> None:
    state = an_incident(PLAYBOOK)
    facts = tuple(one.model_copy(update={"value": Personal(SUBJECT)}) for one in state.facts)
    card = said(KINDS["incident"].draw(state.model_copy(update={"facts": facts}), 0, LOOK))
    assert plain(card).count("[deleted]") == 2


def test_a_card_says_what_the_danger_is_and_not_that_there_was_none() -> None:
    found: dict[str, str | tuple[str, ...]] = {
        "safety": "no",
        "category": "power",
        "how_many": "many",
        "power.hazards": ("burning",),
        "power.extent": "building",
    }
    more = tuple(Fact(field=key, value=value) for key, value in found.items())
    state = an_incident(PLAYBOOK)
    state = state.model_copy(update={"facts": (*more, *state.facts)})

    text = plain(said(KINDS["incident"].draw(state.model_copy(update={"danger": True}), 0, LOOK)))
    order = [text.index(one) for one in ("What: The lights", "12 Mill", "Burning smell", "Many")]
    assert order == sorted(order)
    assert "everyone is safe" not in text

    calm = state.model_copy(
        update={"facts": tuple(x for x in state.facts if x.field != "power.hazards")}
    )
    text = plain(said(KINDS["incident"].draw(calm, 0, LOOK)))
    assert text.index("Many people") < text.index("everyone is safe")
    assert "What is it about?" not in text


def test_customer_words_are_text_and_nothing_else() -> None:
    nasty = "<!channel> *bold* {who} [x](javascript:alert(1)) @everyone"
    facts = an_incident(PLAYBOOK).facts
    fresh = (facts[0].model_copy(update={"value": some(nasty)}), facts[1])
    state = an_incident(PLAYBOOK).model_copy(update={"facts": fresh})
    assert nasty in plain(said(KINDS["incident"].draw(state, 0, LOOK)))
