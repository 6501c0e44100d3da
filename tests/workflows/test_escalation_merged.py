"""Somebody was called for an incident that is merged: they are called for the one that stays."""

from bot.core import moving_words as mw
from bot.core.alarm_words import AnswerAlarm, RaiseAlarm
from bot.core.intents import Do
from tests.workflows.calling import ESCALATE, RESOLVE, TAKE, House, causes, told
from tests.workflows.desk import P2
from tests.workflows.kit import ANA, ANA_ACTS, AT, BEN_ACTS, INCIDENT, MINUTE
from tests.workflows.moves import OTHER, go_into

ASKED = "A colleague asks for help"


def brought(house: House) -> mw.AbsorbIncident:
    """What the one that goes brings to the one that stays."""
    house.do(go_into())
    (command,) = [
        one.command for one in house.wants(Do) if isinstance(one.command, mw.AbsorbIncident)
    ]
    return command.model_copy(update={"incident": INCIDENT, "source": OTHER})


def escalated() -> House:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.at = AT + 5 * MINUTE
    house.do(ESCALATE, ANA_ACTS)
    return house


def calls(house: House) -> list[tuple[int, str]]:
    return [(one.at, one.who) for one in house.called if ASKED in one.said]


def stays() -> House:
    house = told(answers=P2)
    house.do(TAKE, BEN_ACTS)
    return house


def test_practice_1_5_an_escalation_goes_on_where_its_incident_goes() -> None:
    """practice 1.5: there is no silent end."""
    source, into = escalated(), stays()
    (before,) = calls(source)
    command = brought(source)
    assert causes(source) == [], "nobody is called about what is merged"
    into.at = AT + 10 * MINUTE
    into.do(command)
    (alarm,) = [one for one in into.incident.alarms if one.cause == "manual"]
    assert (alarm.by, alarm.raised_at) == (ANA, AT + 5 * MINUTE)
    assert calls(into) == [(10, before[1])], "whoever was called knows where to go now"
    into.until(60)
    assert len(calls(into)) > 2, "and it climbs on"


def test_practice_1_5_who_was_called_ends_it_there() -> None:
    into = stays()
    into.do(brought(escalated()))
    into.do(AnswerAlarm(incident=INCIDENT, cause="manual"), BEN_ACTS)
    assert "manual" not in causes(into)


def test_what_nobody_waits_for_any_more_is_not_called_again() -> None:
    source = escalated()
    source.do(AnswerAlarm(incident=INCIDENT, cause="manual"), BEN_ACTS)
    into = stays()
    into.do(brought(source))
    assert calls(into) == []


def test_one_that_stands_there_already_stays_as_it_is() -> None:
    into = escalated()
    before = into.incident.alarms
    into.at = AT + 20 * MINUTE
    into.do(brought(escalated()))
    assert into.incident.alarms == before
    into.do(RESOLVE, ANA_ACTS)
    assert causes(into) == []


# --- a customer who could not be told what is urgent -------------------------------------------

UNREACHED = RaiseAlarm(incident=INCIDENT, cause="undelivered")


def unreached() -> House:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.at = AT + 5 * MINUTE
    house.do(UNREACHED)
    assert "undelivered" in causes(house)
    return house


def test_practice_4_4_whoever_must_be_phoned_is_not_forgotten_by_a_merge() -> None:
    """practice 4.4: nothing ends silently."""
    source, into = unreached(), stays()
    command = brought(source)
    assert causes(source) == []
    into.at = AT + 10 * MINUTE
    into.do(command)
    (alarm,) = [one for one in into.incident.alarms if one.cause == "undelivered"]
    assert alarm.raised_at == AT + 5 * MINUTE
    into.until(11)
    assert any("could not be delivered" in one.said for one in into.called)


def test_practice_4_4_whoever_must_be_phoned_is_not_forgotten_when_the_incident_ends() -> None:
    """practice 4.4: also where the all-clear itself did not reach them."""
    before = unreached()
    before.do(RESOLVE, ANA_ACTS)
    assert "undelivered" in causes(before)
    after = told(answers=P2)
    after.do(TAKE, ANA_ACTS)
    after.do(RESOLVE, ANA_ACTS)
    after.do(UNREACHED)
    after.until(1)
    assert "undelivered" in causes(after)
    assert any("could not be delivered" in one.said for one in after.called)
    after.do(AnswerAlarm(incident=INCIDENT, cause="undelivered"), ANA_ACTS)
    assert "undelivered" not in causes(after)
