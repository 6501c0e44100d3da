"""Help now: one press that counts at any time, before the first word and after the last."""

from bot.core import report_words as w
from bot.core.incident_commands import AddFacts, OpenIncident
from bot.core.intents import Do, Say
from tests.workflows.kit import CUSTOMER_ACTS, INCIDENT, PLAYBOOK, Story, names
from tests.workflows.reports import closed, confirming, report, sent

HELP = w.ReportDanger()


def test_help_can_be_a_persons_first_word_and_opens_an_incident() -> None:
    story = Story("report")
    decision = story.do(HELP, CUSTOMER_ACTS)
    assert names(decision) == ["ReportStarted", "DangerReported", "ReportLinked", "WaitBegan"]
    opened = [one.command for one in story.wants(Do) if isinstance(one.command, OpenIncident)]
    assert [one.danger for one in opened] == [True]


def test_the_emergency_advice_comes_with_it_ahead_of_everything() -> None:
    story = report()
    story.do(HELP, CUSTOMER_ACTS)
    said = [one for one in story.wants(Say) if one.lane == "safety"]
    assert PLAYBOOK.safety.emergency in [one.text.args.get("advice") for one in said]


def test_the_questions_go_on_after_it() -> None:
    story = report()
    story.do(HELP, CUSTOMER_ACTS)
    assert story.state.asking
    assert story.state.danger


def test_an_incident_that_is_open_learns_of_the_danger() -> None:
    story = sent()
    story.do(HELP, CUSTOMER_ACTS)
    told = [one.command for one in story.wants(Do) if isinstance(one.command, AddFacts)]
    assert [(one.incident, one.danger) for one in told] == [(INCIDENT, True)]


def test_pressed_again_while_people_are_at_work_it_is_the_same_danger() -> None:
    story = sent()
    story.do(HELP, CUSTOMER_ACTS)
    assert names(story.ask(HELP, CUSTOMER_ACTS)) == []


def test_after_the_work_has_ended_it_is_a_new_danger() -> None:
    for story in (confirming(w.DangerReported()), closed(w.DangerReported())):
        story.do(HELP, CUSTOMER_ACTS)
        told = [one.command for one in story.wants(Do) if isinstance(one.command, AddFacts)]
        assert [one.danger for one in told] == [True]
