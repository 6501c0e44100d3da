"""Help now, on every card that a customer sees, and numbers before anything is asked."""

import pytest

from bot.core.cards import Actions, Card, Section
from bot.core.texts import Phrase, Text, t
from bot.views import report, welcome
from bot.views.actions import command_of
from bot.views.distress_forms import cared
from bot.views.examples import a_report, examples
from bot.views.help import HELP, LINE, screen, with_help
from bot.views.look import Look, button
from tests.workflows.kit import AT, PLAYBOOK

CUSTOMERS = ("question", "questions", "progress", "home, your report", "home, which report")
ANSWERED = "question, answered"
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})
EXAMPLES = {name: one for name, one in examples(PLAYBOOK).items() if name.startswith(CUSTOMERS)}


def first(card: Card[Phrase]) -> tuple[object, ...]:
    """The buttons that are in sight, without what lies behind a menu."""
    rows = [one for one in card.blocks if isinstance(one, Actions)]
    return tuple(button.action for row in rows for button in row.buttons)


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {ANSWERED}))
def test_practice_7_1_every_card_of_a_customer_has_help_in_sight(name: str) -> None:
    """practice 7.1: an "I need help now" choice on every screen, one press away."""
    card = EXAMPLES[name]
    # Cards that are shown to one person alone get it as they are drawn.
    shown = with_help(card) if name.startswith("home") else card
    assert HELP.action in first(shown)


def test_practice_7_1_so_do_the_cards_beside_the_questions() -> None:
    """practice 7.1: welcome, lists, links, stopping, languages, is it fixed, how did we do."""
    begun = a_report(PLAYBOOK)
    cards = [
        welcome.welcome(PLAYBOOK),
        welcome.reports([(begun, None)], LOOK),
        welcome.or_another(begun, t("Power"), "power"),
        welcome.languages([("en", "English"), ("ru", "Russian")]),
        welcome.stopping(begun),
        welcome.at_work(begun),
    ]
    for card in cards:
        assert HELP.action in first(with_help(card))
    for asked in (report.fix_asked, report.rating_asked):
        drawn = asked("Is it?", lambda phrase: "x")
        assert HELP.action in [one.action for one in drawn.buttons]


def test_practice_2_4_the_numbers_come_before_anything_is_asked() -> None:
    """practice 2.4 and 7.2: emergency and distress numbers of the playbook, then two presses."""
    card = screen(PLAYBOOK)
    places = [type(one) for one in card.blocks]
    assert places.index(Section) < places.index(Actions)
    (section,) = [one for one in card.blocks if isinstance(one, Section)]
    assert isinstance(section.text, Text)
    said = {str(one) for one in section.text.args.values()}
    assert said == {PLAYBOOK.safety.emergency_number, PLAYBOOK.safety.distress_number}
    commands = [command_of(one.action, AT) for one in card.buttons]
    assert [getattr(one, "need", "") for one in commands] == ["danger", "distress"]


def test_a_full_card_still_has_it_in_sight_and_loses_nothing() -> None:
    many = tuple(button(t("{n}", n=n), "rate_service", score=n) for n in range(1, 7))
    card = with_help(Card(t("x"), (Actions(many, many[:2]),)))
    assert HELP.action in first(card)
    assert len(card.buttons) == 9
    assert with_help(card) == card


def test_how_somebody_is_has_three_answers() -> None:
    card = cared("How are you?", lambda phrase: "x")
    how = [one.action.args["how"] for one in card.buttons]
    assert how == ["fine", "pause", "talk"]
    assert all(command_of(one.action, AT) is not None for one in card.buttons)
    assert LINE == "help now"
