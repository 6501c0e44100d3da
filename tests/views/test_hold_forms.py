"""Hold, reopen and hand over as forms: what is asked, and which command that makes."""

from collections.abc import Mapping

import pytest

from bot.core.answers import FormError, validate_all
from bot.core.commands import Command
from bot.core.incident_commands import HandOverIncident, HoldIncident, ReleaseIncident
from bot.core.peers import Peer
from bot.core.texts import Text, Who
from bot.views.examples import ANA, BEN, EVA, INCIDENT, an_incident
from bot.views.form_kinds import Filled, Unfit
from bot.views.forms import FORMS
from bot.views.hand_forms import PEOPLE_MOST
from bot.views.look import Look
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
AT = 1_767_609_000_000
"""A Monday, 10:30 in London."""
HOUR, DAY = 3_600_000, 86_400_000
NAMES = {ANA: "Ana Lima", BEN: "Ben Stone", EVA: "Eva Stone"}
PEERS = (Peer(person=BEN), Peer(person=EVA, available=False, owns=2, tasks=1))


def look(*peers: Peer) -> Look:
    return Look(PLAYBOOK, lambda version: PLAYBOOK, {}, hands=peers)


def sent(key: str, typed: Mapping[str, object]) -> Command:
    form = FORMS[key].ask(an_incident(PLAYBOOK), look(*PEERS))
    answers = validate_all(form, typed)
    assert isinstance(answers, dict), answers
    args = {"incident": INCIDENT, "before": ANA}
    return FORMS[key].command(Filled(args, answers, AT, "Europe/London", {}, NAMES))


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ({"until": str(4 * HOUR)}, AT + 4 * HOUR),
        ({"until": "open"}, None),
        ({"until": "other", "time": "14:00"}, AT + 3 * HOUR + HOUR // 2),
        ({"until": "other", "time": "09:00"}, AT + DAY - 3 * HOUR // 2),
        ({"until": "other", "time": "10:30", "day": "2026-01-08"}, AT + 3 * DAY),
    ],
)
def test_practice_1_3_a_hold_lasts_for_a_while_until_a_time_or_until_somebody_goes_on(
    typed: Mapping[str, object], until: int | None
) -> None:
    command = sent("hold", {"reason": "Waits for parts", **typed})
    assert command == HoldIncident(incident=INCIDENT, reason="Waits for parts", until=until)


def test_practice_1_3_reopening_asks_for_ten_characters_and_says_so() -> None:
    """practice 1.3: reopen asks why, at least 10 characters."""
    form = FORMS["reopen"].ask(an_incident(PLAYBOOK), look())
    (fault,) = validate_all(form, {"reason": "again"})
    assert isinstance(fault, FormError)
    assert fault.text.key == "Please write a little more: at least {least} characters."
    assert fault.text.args == {"least": 10}


def test_an_incident_is_handed_to_whoever_is_on_who_carries_least_first() -> None:
    form = FORMS["hand_over"].ask(an_incident(PLAYBOOK), look(*PEERS))
    (to, who, _) = form.questions
    assert [one.value for one in to.choices] == [BEN, EVA, "other", "nobody"]
    first = to.choices[0].label
    assert isinstance(first, Text)
    assert first.args["who"] == Who(person=BEN)
    assert who.when is not None
    assert sent("hand_over", {"to": EVA}) == HandOverIncident(incident=INCIDENT, to=EVA, before=ANA)


def test_practice_1_3_it_is_given_back_to_everybody_where_it_is_handed_over() -> None:
    """practice 1.3: release, with the reason; what nobody has, or is on hold, is not given back."""
    given = sent("hand_over", {"to": "nobody", "reason": "My shift ends"})
    assert given == ReleaseIncident(incident=INCIDENT, reason="My shift ends")
    fault = validate_all(FORMS["hand_over"].ask(an_incident(PLAYBOOK), look()), {"to": "nobody"})
    assert [one.question for one in fault if isinstance(one, FormError)] == ["reason"]
    for change in ({"owner": None}, {"status": "on_hold"}):
        state = an_incident(PLAYBOOK).model_copy(update=change)
        form = FORMS["hand_over"].ask(state, look(*PEERS))
        assert "nobody" not in [one.value for one in form.questions[0].choices]


@pytest.mark.parametrize("name", ["Ben Stone", "@ben", " BEN  stone "])
def test_somebody_else_is_named_as_people_name_each_other(name: str) -> None:
    command = sent("hand_over", {"to": "other", "who": name})
    assert isinstance(command, HandOverIncident)
    assert command.to == BEN


@pytest.mark.parametrize("name", ["Stone", "Nobody", "@"])
def test_a_name_of_nobody_or_of_two_is_asked_for_again(name: str) -> None:
    with pytest.raises(Unfit):
        sent("hand_over", {"to": "other", "who": name})


def test_of_very_many_only_those_who_carry_least_are_listed() -> None:
    many = tuple(Peer(person=f"per_{number:026}") for number in range(200))
    to = FORMS["hand_over"].ask(an_incident(PLAYBOOK), look(*many)).questions[0]
    assert len(to.choices) == PEOPLE_MOST + 1
