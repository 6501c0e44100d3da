"""Whatever is made of what customers said stays each one's own, and is erased with each."""

from bot.core.events import Erased
from bot.core.incident_commands import AddFacts, AskForResource, ClaimTask, PublishUpdate
from bot.core.incident_words import Fact
from bot.core.intents import Say
from bot.core.major_words import RecordDecision, WriteMethane
from bot.core.personal import Personal, personals
from bot.core.resource_words import ReportCan
from tests.workflows.desk import OTHER_REPORT, RITA_ACTS, SUBJECT
from tests.workflows.kit import ANA_ACTS, BEN, BEN_ACTS, HOUR, INCIDENT
from tests.workflows.majors import DECLARE, Crew, crew

OTHER = "sub:other customer"
FIRST, SECOND = "The cellar is under water", "Behind the bakery, blue door"


def told() -> Crew:
    """A major incident that two customers reported, with all that is written about one."""
    desk = crew(what=FIRST)
    fact = Fact(field="where", value=Personal(OTHER, SECOND))
    more = AddFacts(
        incident=INCIDENT, report=OTHER_REPORT, category="power", facts=(fact,), complete=True
    )
    desk.do(more)
    desk.do(DECLARE, ANA_ACTS)
    desk.offers("deputy", BEN)
    desk.accepts("deputy", BEN_ACTS)
    return desk


def worked_on(desk: Crew) -> None:
    """What colleagues write themselves is of the incident's own subject."""
    desk.do(WriteMethane(incident=INCIDENT, findings={"access": "By the yard"}), ANA_ACTS)
    decided = RecordDecision(incident=INCIDENT, decision="Shut it off", reason="Water rises")
    desk.do(decided, ANA_ACTS)
    desk.do(AskForResource(incident=INCIDENT, what="Pump it out"), ANA_ACTS)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=desk.at + HOUR), RITA_ACTS)
    can = {"condition": "Knee deep", "actions": "Pumping", "needs": "A second pump"}
    desk.do(ReportCan(incident=INCIDENT, task=1, **can), RITA_ACTS)
    update = {"words": "We are pumping.", "audience": "reporters", "next_by": desk.at + 60_000}
    desk.do(PublishUpdate.model_validate({"incident": INCIDENT, **update}), ANA_ACTS)


def test_words_of_a_customer_are_under_their_own_key_in_every_event_that_has_them() -> None:
    desk = told()
    worked_on(desk)
    said = [one for event in desk.events for one in personals(event)]
    for words, subject in ((FIRST, SUBJECT), (SECOND, OTHER)):
        quoting = [one for one in said if words in str(one.plain())]
        assert len(quoting) >= 2, "as an answer, and as METHANE"
        assert {one.subject for one in quoting} == {subject}


def test_of_whoever_is_erased_nothing_is_left_in_what_others_wrote_and_the_rest_stands() -> None:
    desk = told()
    worked_on(desk)
    desk.happens(Erased(subject=OTHER, classes=("answers",), through=len(desk.events)))
    left = [one for one in personals(desk.incident) if not one.erased]
    assert not [one for one in left if one.subject == OTHER or SECOND in str(one.plain())]
    location = desk.incident.major.methane.words("location")
    assert location is not None
    assert location.erased
    assert any("Knee deep" in str(one.plain()) or FIRST in str(one.plain()) for one in left)


def test_a_briefing_names_all_whose_words_stand_in_it() -> None:
    desk = told()
    (brief,) = [one for one in desk.wants(Say) if SECOND in str(_plain(one))]
    about = {one.subject for one in personals(brief.text)}
    assert {SUBJECT, OTHER} <= about
    assert brief.subject in about


def _plain(say: Say) -> list[object]:
    return [one.plain() for one in personals(say.text)]
