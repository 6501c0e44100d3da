"""Who looks at what few may see: kept once per person and day, and of which class it is."""

from bot.core import distress_words as dw
from bot.core.events import Erased
from bot.core.ids import Millis
from bot.core.incident_commands import EraseFromIncident, RestrictIncident
from bot.core.looking_words import NoteLook
from bot.core.report_words import EraseFromReport
from bot.core.retained import held_as
from bot.core.rules import Decision
from bot.core.shelter_words import EndShelter, ShelterReport
from bot.workflows.lists import report_rows
from tests.workflows.desk import Desk, opened
from tests.workflows.kit import ANA, BEN, CHIEF_ACTS, DAY, INCIDENT, REPORT, Story, names
from tests.workflows.reports import SUBJECT, TAKEN, sent


def sheltered() -> Desk:
    desk = opened()
    desk.do(ShelterReport(incident=INCIDENT, report=REPORT))
    return desk


def look(desk: Desk, by: str = ANA, at: Millis = 0) -> Decision:
    desk.at += at
    return desk.do(NoteLook(incident=INCIDENT, by=by, where="desk"))


def in_distress() -> Story:
    return sent(*TAKEN, dw.DistressNoticed())


def test_practice_7_3_the_first_look_of_each_person_and_day_is_kept() -> None:
    """practice 7.3: special category, so who reads it is in the log, which only grows."""
    desk = sheltered()
    before = desk.incident.last_event
    assert names(look(desk)) == ["RestrictedRead"]
    assert desk.incident.last_event == before, "no card tells of it"
    assert names(look(desk)) == []
    assert names(look(desk, BEN)) == ["RestrictedRead"]
    assert names(look(desk, at=DAY)) == ["RestrictedRead"]
    assert len(desk.incident.shelter.looked) == 1, "yesterday's are in the log alone"


def test_what_a_person_restricted_is_watched_too_and_what_all_may_see_is_not() -> None:
    desk = opened()
    assert names(look(desk)) == []
    desk.do(
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Asked"), CHIEF_ACTS
    )
    assert names(look(desk)) == ["RestrictedRead"]


def test_practice_7_3_distress_is_held_as_special_category_and_goes_as_that() -> None:
    """practice 7.3: stored as special category, in the log, in the lists, in what is erased."""
    story = in_distress()
    noticed = story.events[-1]
    assert isinstance(noticed, dw.DistressNoticed)
    assert noticed.held_as == "special"
    assert story.state is not None
    assert held_as(story.state) == "special"
    bodies = [getattr(one, "body", None) for one in report_rows(story.state)]
    assert "special" in [getattr(one, "held_as", "") for one in bodies]
    story.do(EraseFromReport(subject=SUBJECT))
    erased = story.events[-1]
    assert isinstance(erased, Erased)
    assert "special" in erased.classes


def test_practice_7_3_a_false_alarm_is_held_as_any_other_talk() -> None:
    """practice 7.3: nobody's health was spoken of."""
    story = in_distress()
    story.happens(dw.DistressCleared(why="false_alarm", by=ANA))
    assert story.state is not None
    assert held_as(story.state) == "transcript"
    story.happens(dw.DistressNoticed())
    story.happens(dw.DistressCleared(why="helped", by=ANA))
    assert held_as(story.state) == "special"


def test_practice_7_3_so_is_what_an_incident_copied_from_it() -> None:
    """practice 7.3: also after they were helped."""
    desk = sheltered()
    desk.do(EndShelter(incident=INCIDENT, report=REPORT, why="helped"))
    assert held_as(desk.incident) == "special"
    desk.do(EraseFromIncident(incident=INCIDENT, subject=desk.incident.subject))
    erased = desk.events[-1]
    assert isinstance(erased, Erased)
    assert "special" in erased.classes
    assert held_as(opened().incident) == "transcript"
