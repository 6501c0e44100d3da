"""A major incident's own place is left some time after all is over (issue 7, point 5)."""

from bot.core.intents import DropTimer, SetTimer
from bot.core.major_words import CancelMajor, NotePlace
from bot.core.own_place_words import LeaveOwnPlaces, NotePlaceShut
from tests.workflows.kit import ANA_ACTS, DAY, INCIDENT, names
from tests.workflows.majors import DECLARE, Crew, declared

NOTE = NotePlace(incident=INCIDENT, channel="chat", address="C9", key="k9", name="Chat: major")
LEAVE = LeaveOwnPlaces(incident=INCIDENT)
SHUT = NotePlaceShut(incident=INCIDENT, channel="chat")


def placed() -> Crew:
    desk = declared()
    assert names(desk.do(NOTE)) == ["OwnPlaceOpened"]
    return desk


def over() -> Crew:
    desk = placed()
    desk.do(CancelMajor(incident=INCIDENT, reason="It is none"), ANA_ACTS)
    return desk


def timer(desk: Crew) -> SetTimer | None:
    found = [one for one in desk.wants(SetTimer) if one.name == "own_places"]
    return found[-1] if found else None


def test_it_is_kept_for_a_day_and_then_left_however_late_the_timer_comes() -> None:
    desk = over()
    set_ = timer(desk)
    assert set_ is not None
    assert set_.due == desk.at + DAY
    desk.later(4 * DAY)
    assert names(desk.do(set_.command)) == ["OwnPlacesLeft"]
    again = timer(desk)
    assert again is not None, "what is not shut is asked for again"
    assert again.command == LeaveOwnPlaces(incident=INCIDENT, tries=1)


def test_what_is_declared_is_never_left_and_what_is_shut_is_not_shut_again() -> None:
    desk = placed()
    assert names(desk.ask(LEAVE)) == []
    desk = over()
    desk.do(LEAVE)
    assert names(desk.do(SHUT)) == ["OwnPlaceShut"]
    assert [one.name for one in desk.wants(DropTimer)] == ["own_places"]
    assert names(desk.ask(SHUT)) == names(desk.ask(LEAVE)) == []
    desk.do(DECLARE, ANA_ACTS)
    assert desk.incident.major.own == ()
    assert names(desk.do(NOTE)) == ["OwnPlaceOpened"]


def test_after_five_tries_a_person_is_told_to_do_it() -> None:
    desk = over()
    assert names(desk.do(LEAVE.model_copy(update={"tries": 5}))) == ["OwnPlaceShut"]
    assert desk.incident.major.own[0].shut


def test_what_was_opened_while_it_ended_is_kept_so_that_it_is_shut() -> None:
    desk = declared()
    desk.do(CancelMajor(incident=INCIDENT, reason="It is none"), ANA_ACTS)
    assert names(desk.do(NOTE)) == ["OwnPlaceOpened"]
    assert names(desk.do(LEAVE)) == ["OwnPlacesLeft"]
