"""Sequences of presses after which somebody who needs help would be forgotten."""

import pytest

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core import resource_words as rw
from bot.core.alarm_words import AnswerAlarm, Cause, RaiseAlarm
from bot.core.alarms import MOST, found
from bot.core.incident_commands import ReleaseTask
from bot.core.intents import Do, Say, Then
from bot.core.major_words import MajorDeclared
from bot.core.moving_words import IncidentMerged, TaskBrought, TaskMoved
from bot.core.task import as_brought
from tests.workflows.calling import RESOLVE, House, causes, coming, told
from tests.workflows.calls import award, bids, known, there
from tests.workflows.crew import ARRIVE, ASK, CLAIM
from tests.workflows.desk import RITA, RITA_ACTS, SAM, SAM_ACTS, SUBJECT, staff
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    CUSTOMER_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    actor,
    names,
)
from tests.workflows.majors import declared
from tests.workflows.reports import TAKEN, sent

HELP = rw.CallForHelp(incident=INCIDENT, task=1, note="Live wires")
WELL = rw.SayWell(incident=INCIDENT, task=1)


def calling() -> House:
    """Rita is on site and calls for help."""
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    house.do(HELP, RITA_ACTS)
    assert "check_in" in causes(house)
    return house


def test_who_calls_for_help_is_looked_after_where_their_task_goes_on() -> None:
    """practice 5.1: a merge takes the task along, and with it whoever is in danger there."""
    task = calling().incident.tasks[0]
    other = told(category="it")
    other.happens(TaskBrought(task=1, brought=as_brought(task)))
    raised = [one.command for one in other.wants(Then)]
    about = f"1:{RITA}"
    assert RaiseAlarm(incident=INCIDENT, cause="check_in", about=about) in raised


def test_a_second_call_for_help_calls_again_where_nobody_is_called_any_more() -> None:
    house = calling()
    assert house.ask(HELP, RITA_ACTS) == []
    state = house.incident.model_copy(update={"alarms": ()})
    house.state = state
    assert names(house.ask(HELP, RITA_ACTS)) == ["HelpCalled"]


def test_whoever_can_come_is_called_at_once_and_not_who_is_in_danger() -> None:
    """practice 5.1: also where nobody has the incident."""
    house = told(category="it")
    house.do(ASK, ANA_ACTS)
    house.do(CLAIM, RITA_ACTS)
    before = len(house.called)
    house.do(HELP, RITA_ACTS)
    house.until(1)
    called = [one.who for one in house.called[before:] if "calls for help" in one.said]
    assert called == ["role:agent,role:supervisor"]


def test_a_call_for_help_is_heard_while_somebody_sees_to_what_was_called_before() -> None:
    """Who said nothing and is looked after in a while is another matter than who calls for help."""
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    house.do(RaiseAlarm(incident=INCIDENT, cause="check_in", about=f"1:{RITA}"))
    answer = AnswerAlarm(incident=INCIDENT, cause="check_in", about=f"1:{RITA}")
    for _ in range(2):
        house.until((house.at - AT) // MINUTE + 1)
        house.do(answer, ANA_ACTS)
        before = len(house.called)
        house.later(MINUTE).do(HELP, RITA_ACTS)
        house.until((house.at - AT) // MINUTE + 1)
        called = [one.who for one in house.called[before:] if "calls for help" in one.said]
        assert called == [f"person:{ANA},role:agent,role:supervisor"]


@pytest.mark.parametrize(
    ("cause", "about", "minutes"),
    [("distress", REPORT, 5), ("check_in", f"1:{RITA}", 5), ("unanswered", REPORT, 30)],
)
def test_practice_7_2_who_says_to_see_to_it_and_does_not_is_not_believed_for_long(
    cause: Cause, about: str, minutes: int
) -> None:
    """practice 7.2: next rung in a minute, until a person has come."""
    house = calling()
    house.do(RaiseAlarm(incident=INCIDENT, cause=cause, about=about))
    house.do(AnswerAlarm(incident=INCIDENT, cause=cause, about=about), ANA_ACTS)
    alarm = found(house.incident.alarms, cause, about)
    assert alarm is not None
    assert alarm.quiet_until == house.at + minutes * MINUTE


def test_a_call_for_help_from_an_old_message_is_heard_after_a_merge() -> None:
    """The buttons of what was said before the merge still name the incident that is no more."""
    house = coming()
    house.do(ARRIVE, RITA_ACTS)
    gone = IncidentMerged(into="inc_" + "2" * 26, reference="INC-2", by=ANA)
    house.happens(TaskMoved(task=1), gone).later(MINUTE)
    house.do(HELP, RITA_ACTS)
    assert causes(house) == ["check_in"]
    house.do(WELL, RITA_ACTS)
    assert causes(house) == []


def test_who_called_for_help_ends_it_wherever_they_are_and_whatever_has_ended() -> None:
    """An alarm that nobody can end is one that people learn not to hear."""
    house = coming()
    house.do(HELP, RITA_ACTS)
    assert house.incident.tasks[0].places[0].status == "claimed"
    house.do(RESOLVE, ANA_ACTS)
    assert causes(house) == ["check_in"]
    house.do(WELL, RITA_ACTS)
    assert causes(house) == []
    assert names(house.ask(WELL, RITA_ACTS)) == "not_needed"


def test_nobody_relieves_who_calls_for_help_before_all_is_well() -> None:
    """Else their place, and with it the alarm, would go to somebody who is at home."""
    desk = there()
    desk.do(rw.OfferPlace(incident=INCIDENT, task=1, to=SAM), RITA_ACTS, reads=known(SAM))
    desk.do(HELP, RITA_ACTS)
    accept = rw.AcceptPlace(incident=INCIDENT, task=1, holder=RITA, eta=desk.at + HOUR)
    assert names(desk.ask(accept, SAM_ACTS)) == "help"
    back = ReleaseTask(incident=INCIDENT, task=1, reason="I cannot do this")
    assert names(desk.ask(back, RITA_ACTS)) == "help"
    desk.do(WELL, RITA_ACTS)
    assert names(desk.ask(accept, SAM_ACTS)) == ["PlaceHandedOver"]
    assert names(desk.ask(back, RITA_ACTS)) == ["TaskReleased"]


def test_of_many_on_site_who_say_nothing_each_is_looked_after() -> None:
    """practice 5.1: a flood of alarms is bounded, people in danger are not."""
    house = told(category="it")
    people = [f"per_{number:026}" for number in range(MOST + 2)]
    house.do(ASK.model_copy(update={"needed": len(people)}), ANA_ACTS)
    for one in people:
        house.do(CLAIM, actor(one, "resource"))
        house.do(ARRIVE, actor(one, "resource"))
    house.until(3 * 60)
    missed = [one for one in people if found(house.incident.alarms, "check_in", f"1:{one}")]
    assert missed == people


def test_who_was_late_when_many_were_is_called_about_as_soon_as_there_is_room() -> None:
    """practice 1.4: bounded is not forgotten."""
    house = told(category="it")
    people = [f"per_{number:026}" for number in range(MOST + 1)]
    house.do(ASK.model_copy(update={"needed": len(people)}), ANA_ACTS)
    for one in people:
        house.do(CLAIM, actor(one, "resource"))
    house.until(80)
    assert causes(house).count("eta_passed") == MOST
    first, *_, last = people
    house.do(ARRIVE, actor(first, "resource"))
    assert found(house.incident.alarms, "eta_passed", f"1:{last}")


def test_that_nobody_commands_is_called_about_though_every_other_post_is_empty() -> None:
    """practice 3.4: no gap in command."""
    house = told()
    for post in ("commander", *(f"post{n}" for n in range(MOST)))[::-1]:
        house.do(RaiseAlarm(incident=INCIDENT, cause="vacancy", about=post))
    assert found(house.incident.alarms, "vacancy", "commander")


def test_what_a_post_is_told_of_a_customer_is_erased_with_the_customer() -> None:
    """It lies in mailboxes and chats, and is found there by whose words it holds."""
    desk = declared(what="Dark in the hall since nine")
    desk.offers("deputy", BEN)
    desk.accepts("deputy", BEN_ACTS)
    brief = next(one for one in desk.wants(Say) if SUBJECT in str(one.text))
    assert brief.subject == SUBJECT


def test_practice_7_2_who_asks_for_help_again_has_people_called_again() -> None:
    """Whoever took it may have gone: a press for help is never without effect."""
    story = sent(*TAKEN)
    story.do(dw.AskForHelp(need="distress"), CUSTOMER_ACTS)
    story.do(dw.NoteSheltered(incident=INCIDENT))
    story.later(MINUTE).do(w.ReplyToCustomer(report=story.stream, words="I am here."), ANA_ACTS)
    story.later(HOUR).do(dw.AskForHelp(need="distress"), CUSTOMER_ACTS)
    raised = [one.command for one in story.wants(Do) if isinstance(one.command, RaiseAlarm)]
    assert [one.cause for one in raised] == ["distress"]
    story.do(dw.ClearDistress(report=story.stream, why="helped"), ANA_ACTS)
    assert story.state.waiting_since is None, "and who was helped waits for nobody"


def test_a_bid_is_not_awarded_to_who_has_left_or_commands_by_now() -> None:
    """practice 4: whoever commands does not repair; issue 7: people who left."""
    desk = bids()
    chosen = award(desk, SAM)
    left = {SAM: staff(SAM, "resource", disabled=True)}
    assert names(desk.ask(chosen, ANA_ACTS, reads=left)) == "not_a_resource"
    desk.happens(MajorDeclared(by=SAM, criteria=(), reason=None, posts=("commander",)))
    assert names(desk.ask(chosen, ANA_ACTS, reads=known(SAM))) == "commands"
