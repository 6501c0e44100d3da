"""The questions of a report as cards: what can be pressed fits, whatever the playbook asks."""

import pytest

from bot.core import report_words as rw
from bot.core.cards import BUTTONS_MOST, MORE_MOST, Actions, Card, Footer
from bot.core.forms import Choice, Question, QuestionType
from bot.core.personal import Personal
from bot.core.report import Answered, Report
from bot.core.texts import Phrase, Text, Words, t
from bot.views import asking
from bot.views.actions import form_of
from bot.views.examples import SUBJECT, a_report
from bot.views.help import HELP
from bot.views.kinds import KINDS
from bot.views.look import Look
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})


def drawn(state: Report, number: int) -> Card[Phrase] | None:
    return KINDS["asking"].draw(state, number, LOOK)


def question(kind: QuestionType, choices: int = 0, required: bool = True) -> Question:
    offered = tuple(Choice(value=f"v{n}", label=t("One")) for n in range(choices))
    return Question(key="q", type=kind, label=t("One"), choices=offered, required=required)


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("choices", [1, 4, 5, 6, 7, 30, 100])
def test_many_choices_fit_and_the_rest_is_a_form(
    choices: int, required: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = question(QuestionType.CHOICE, choices, required)
    monkeypatch.setattr(asking, "open_question", lambda state, form: asked)
    card = drawn(a_report(PLAYBOOK), 2)
    assert card is not None
    (row,) = (one for one in card.blocks if isinstance(one, Actions))
    assert len(row.buttons) <= BUTTONS_MOST
    assert len(row.more) <= MORE_MOST
    pressed = [one for one in row.buttons if one.action.name == "answer_question"]
    forms = [form_of(one.action) for one in row.buttons]
    assert (len(pressed) == choices) == ("question" not in forms)
    assert pressed
    assert ("skip_question" in {one.action.name for one in row.buttons}) == (not required)


def test_what_is_behind_hangs_nowhere_and_what_comes_is_not_told_before() -> None:
    state = a_report(PLAYBOOK)
    assert drawn(state, 9) is None
    kind = KINDS["asking"]
    assert [kind.hangs(state, number) for number in (1, 2, 3)] == [False, True, False]
    again = a_report(PLAYBOOK, rw.QuestionReopened(field="what"))
    assert [kind.hangs(again, number) for number in (1, 2, 3)] == [True, False, False]


def test_a_skipped_question_and_one_that_is_not_asked_any_more_are_said_so() -> None:
    answered = rw.QuestionAnswered(field="power.extent", value="building")
    state = a_report(PLAYBOOK, rw.QuestionSkipped(field="how_many"), answered)
    skipped, gone = drawn(state, 2), drawn(state, 3)
    assert skipped is not None
    assert "left out" in str(skipped)
    assert gone is not None
    assert "not needed any more" in str(gone)


def test_the_end_is_said_with_no_button_but_help() -> None:
    for end in (
        rw.ReportWithdrawn(why="cancelled"),
        rw.IntakeLeft(why="person_wanted"),
        rw.SummaryConfirmed(),
    ):
        card = drawn(a_report(PLAYBOOK, end), 2)
        assert card is not None
        assert card.buttons == (HELP,)


def test_the_greeting_and_the_notice_come_once_with_the_first_question() -> None:
    answers = a_report(PLAYBOOK).answers
    begun = a_report(PLAYBOOK).model_copy(update={"answers": ()})
    by_link = [one for one in answers if one.field == "category"]
    for state in (begun, begun.model_copy(update={"answers": tuple(by_link)})):
        first = str(drawn(state, 1 + len(state.answers)))
        assert "in danger right now" in first
        assert "A few short questions" in first
        assert "what we hold about you" in first
    safe = Answered(field="safety", value="safe", version=2, at=1)
    second = str(drawn(begun.model_copy(update={"answers": (safe,)}), 2))
    assert "What can we do for you" in second
    assert "A few short questions" not in second
    assert "what we hold about you" not in second


def test_a_notice_that_stands_elsewhere_is_a_button_of_the_first_question() -> None:
    page = "https://desk.example.org/privacy"
    privacy = PLAYBOOK.privacy.model_copy(update={"text": None, "url": Words(by={"en": page})})
    playbook = PLAYBOOK.model_copy(update={"privacy": privacy})
    begun = a_report(PLAYBOOK).model_copy(update={"answers": ()})
    card = KINDS["asking"].draw(begun, 1, Look(playbook, lambda version: playbook, {}))
    assert card is not None
    assert page in [one.link for one in card.buttons]


def test_a_question_that_is_asked_again_keeps_its_number() -> None:
    more = {"safety": "safe", "category": "power", "power.extent": "room"}
    answers = (rw.QuestionAnswered(field=key, value=value) for key, value in more.items())
    again = drawn(a_report(PLAYBOOK, *answers, rw.QuestionReopened(field="what")), 1)
    assert again is not None
    (footer,) = (one for one in again.blocks if isinstance(one, Footer))
    assert isinstance(footer.text, Text)
    assert footer.text.args["n"] == 2


def test_what_was_erased_is_shown_as_such() -> None:
    state = a_report(PLAYBOOK)
    given = state.answers[0].model_copy(update={"value": Personal(SUBJECT)})
    erased = state.model_copy(update={"answers": (given,)})
    assert drawn(erased, 1) is not None
