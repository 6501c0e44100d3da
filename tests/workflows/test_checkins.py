"""Practice 5.1 and 1.4: those on site check in, report CAN, hand over; a call for help is heard."""

import pytest

from bot.core import resource_words as rw
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.commands import Actor, Command
from bot.core.incident_commands import (
    CloseIncident,
    CompleteTask,
    ReopenIncident,
    ResolveIncident,
)
from bot.core.intents import DropTimer, Ring, Then
from tests.workflows.calls import Crewed, known, there, wanted
from tests.workflows.desk import RITA, RITA_ACTS, SAM, SAM_ACTS, TOM, TOM_ACTS, staff
from tests.workflows.kit import ANA, ANA_ACTS, HOUR, INCIDENT, MINUTE, TASKS, names

WELL = rw.SayWell(incident=INCIDENT, task=1)
HELP = rw.CallForHelp(incident=INCIDENT, task=1, note="Live wires")
READ = rw.ReadBriefing(incident=INCIDENT, task=1)
CAN = rw.ReportCan(incident=INCIDENT, task=1, condition="Dark", actions="Testing", needs="A ladder")
OFFER = rw.OfferPlace(incident=INCIDENT, task=1, to=SAM)
TIMER = f"well:1:{RITA}"
ABOUT = f"1:{RITA}"


def raised(desk: Crewed) -> list[Command]:
    return [one.command for one in desk.wants(Then) if isinstance(one.command, RaiseAlarm)]


@pytest.mark.parametrize("command", [WELL, HELP, READ, CAN, OFFER])
def test_only_who_has_a_place_says_how_it_is_there(command: Command) -> None:
    desk = there()
    assert names(desk.ask(command, SAM_ACTS, reads=known(SAM))) == "not_yours"
    assert names(desk.ask(command, ANA_ACTS, reads=known(SAM))) == "not_allowed"


def test_practice_5_1_who_is_on_site_is_asked_and_asked_again_and_then_looked_after() -> None:
    desk = there()
    assert desk.timer(TIMER).due == desk.at + 30 * MINUTE
    assert names(desk.ring_timer(TIMER)) == ["CheckInAsked"]
    assert desk.paged()[0][0] == (RITA,)
    assert desk.timer(TIMER).due == desk.at + 5 * MINUTE
    assert names(desk.ring_timer(TIMER)) == ["CheckInAsked"]
    assert raised(desk) == []
    assert names(desk.ring_timer(TIMER)) == ["CheckInMissed"]
    assert raised(desk) == [RaiseAlarm(incident=INCIDENT, cause="check_in", about=ABOUT)]


def test_who_said_so_by_themselves_is_asked_later() -> None:
    desk = there()
    before = desk.timer(TIMER)
    desk.later(20 * MINUTE).do(WELL, RITA_ACTS)
    assert desk.ask(before.command) == []
    assert names(desk.ask(desk.timer(TIMER).command)) == ["CheckInAsked"]


def test_an_answer_ends_the_asking_and_the_alarm() -> None:
    desk = there()
    desk.ring_timer(TIMER)
    asked_again = desk.timer(TIMER)
    assert names(desk.do(WELL, RITA_ACTS)) == ["CheckedIn"]
    assert desk.ask(asked_again.command) == []
    assert desk.timer(TIMER).due == desk.at + 30 * MINUTE
    for _ in range(3):
        desk.ring_timer(TIMER)
    desk.do(WELL, RITA_ACTS)
    stops = [one.command for one in desk.wants(Then) if isinstance(one.command, StopAlarm)]
    assert stops == [StopAlarm(incident=INCIDENT, cause="check_in", about=ABOUT)]


def test_a_server_that_slept_for_three_days_asks_once_and_goes_on_from_there() -> None:
    desk = there()
    assert names(desk.ring_timer(TIMER, at=desk.at + 72 * HOUR)) == ["CheckInAsked"]
    assert desk.timer(TIMER).due == desk.at + 5 * MINUTE


def test_a_call_for_help_is_an_alarm_at_once_also_on_the_way_and_after_the_end() -> None:
    desk = there()
    assert names(desk.do(HELP, RITA_ACTS)) == ["HelpCalled"]
    assert raised(desk) == [RaiseAlarm(incident=INCIDENT, cause="check_in", about=ABOUT)]
    assert desk.ask(HELP, RITA_ACTS) == []
    long = HELP.model_copy(update={"note": "x" * 5000})
    assert names(there().ask(long, RITA_ACTS)) == ["HelpCalled"]


def test_who_is_still_there_when_it_is_opened_again_is_asked_again() -> None:
    desk = there()
    desk.do(ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS), ANA_ACTS)
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert DropTimer(name=TIMER) in desk.intents
    desk.do(ReopenIncident(incident=INCIDENT, reason="It went out again"), ANA_ACTS)
    assert names(desk.ring_timer(TIMER)) == ["CheckInAsked"]


def test_nobody_is_asked_who_is_done() -> None:
    desk = there()
    timer = desk.timer(TIMER)
    desk.do(CompleteTask(incident=INCIDENT, task=1), RITA_ACTS)
    assert DropTimer(name=TIMER) in desk.intents
    assert desk.ask(timer.command) == []
    assert desk.incident.tasks[0].places[0].done_at == desk.at


def test_a_briefing_is_read_once() -> None:
    desk = there()
    assert names(desk.do(READ, RITA_ACTS)) == ["BriefingRead"]
    assert desk.ask(READ, RITA_ACTS) == []
    assert desk.incident.tasks[0].places[0].read_at == desk.at


def test_practice_5_1_can_goes_to_the_incident_and_what_is_needed_to_its_owner() -> None:
    desk = there()
    assert names(desk.do(CAN, RITA_ACTS)) == ["CanReported"]
    assert desk.paged()[0][0] == (ANA,)
    desk.do(CAN.model_copy(update={"needs": ""}), RITA_ACTS)
    assert desk.paged() == []
    assert Ring(person=ANA, why="can_reported") in desk.intents
    assert names(desk.ask(CAN.model_copy(update={"condition": " "}), RITA_ACTS)) == "empty"


# --- handing over ------------------------------------------------------------------------------


def offered() -> Crewed:
    desk = there()
    desk.do(OFFER, RITA_ACTS, reads=known(SAM))
    return desk


def accept(desk: Crewed, eta: int | None = None) -> rw.AcceptPlace:
    when = desk.at + HOUR if eta is None else eta
    return rw.AcceptPlace(incident=INCIDENT, task=1, holder=RITA, eta=when)


def test_a_place_stays_where_it_is_until_the_colleague_accepts() -> None:
    desk = offered()
    assert [who for who, _ in desk.paged()] == [(SAM,)]
    assert desk.incident.tasks[0].places[0].person == RITA
    assert names(desk.do(accept(desk), SAM_ACTS)) == ["PlaceHandedOver"]
    (place,) = desk.incident.tasks[0].places
    assert (place.person, place.status, place.eta) == (SAM, "claimed", desk.at + HOUR)
    assert ("reporters", "There is a new time: {who}, expected at {time}.") in desk.says()
    assert [who for who, _ in desk.paged()] == [(RITA,)], "who is relieved hears it"
    assert DropTimer(name=TIMER) in desk.intents
    assert desk.timer(f"eta:1:{SAM}").due > place.eta


@pytest.mark.parametrize(
    ("command", "by", "decided"),
    [
        (rw.AcceptPlace(incident=INCIDENT, task=1, holder=RITA, eta=0), SAM_ACTS, "eta_past"),
        (rw.AcceptPlace(incident=INCIDENT, task=1, holder=RITA, eta=0), TOM_ACTS, "not_offered"),
        (rw.RefusePlace(incident=INCIDENT, task=1, holder=RITA), TOM_ACTS, "not_offered"),
        (rw.RefusePlace(incident=INCIDENT, task=1, holder=RITA), SAM_ACTS, ["PlaceRefused"]),
        (rw.RefusePlace(incident=INCIDENT, task=1, holder=SAM), SAM_ACTS, "not_offered"),
        (OFFER, RITA_ACTS, []),
    ],
)
def test_each_answer_to_an_offer(command: Command, by: Actor, decided: object) -> None:
    assert names(offered().ask(command, by, reads=known(SAM))) == decided


def test_a_refused_offer_can_be_made_to_another_and_only_to_a_resource() -> None:
    desk = offered()
    desk.do(rw.RefusePlace(incident=INCIDENT, task=1, holder=RITA), SAM_ACTS)
    assert [who for who, _ in desk.paged()] == [(RITA,)]
    other = OFFER.model_copy(update={"to": TOM})
    assert names(desk.do(other, RITA_ACTS, reads=known(TOM))) == ["PlaceOffered"]
    nobody = {TOM: staff(TOM, "agent")}
    assert names(there().ask(other, RITA_ACTS, reads=nobody)) == "not_a_resource"
    late = rw.AcceptPlace(incident=INCIDENT, task=1, holder=RITA, eta=desk.at + HOUR)
    assert names(desk.ask(late, SAM_ACTS)) == "not_offered"


def test_nobody_on_the_way_is_asked_whether_all_is_well_where_the_playbook_does_not_say() -> None:
    desk = wanted()
    assert names(desk.ask(WELL, RITA_ACTS)) == "not_yours"
