"""What else can be done, when that is more than one card has room for."""

from bot.core import alarm_words as aw
from bot.core.cards import BUTTONS_MOST, MORE_MOST, Button
from bot.core.likely_words import LikelyNoted
from bot.core.texts import Phrase
from bot.views import calling, tools
from bot.views.actions import form_of
from bot.views.examples import ALIKE, OTHER, an_incident, offering
from bot.views.look import TOOLS, Look
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
OTHERS = {OTHER: an_incident(PLAYBOOK).model_copy(update={"stream": OTHER})}
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, OTHERS)


def alarm(cause: aw.Cause) -> aw.AlarmRaised:
    return aw.AlarmRaised(cause=cause, about="", ladder="default", since=0)


FULLEST = an_incident(
    PLAYBOOK,
    *offering(),
    LikelyNoted(found=(ALIKE,)),
    alarm("manual"),
    alarm("hold_over"),
)
"""Somebody is called twice, bids wait, and another one is likely the same."""


def forms(buttons: tuple[Button[Phrase], ...]) -> set[str]:
    return {form for one in buttons if (form := form_of(one.action)) is not None}


def test_ending_and_calling_somebody_never_fall_off_the_first_card() -> None:
    every = tools.offered(FULLEST, LOOK)
    assert len(every) > BUTTONS_MOST + MORE_MOST, "or this shows nothing"
    first = tools.card(FULLEST, LOOK).buttons
    assert len(first) <= BUTTONS_MOST + MORE_MOST
    assert {"cancel", "escalate"} <= forms(first)
    answers = [one for one in first if one.action.name == "answer_alarm"]
    assert len(answers) == calling.OFFERED


def test_what_one_card_has_no_room_for_is_on_the_next_one() -> None:
    every = [one.action.text for one in tools.offered(FULLEST, LOOK, "desk")]
    seen: list[str] = []
    page: int | None = 0
    while page is not None:
        buttons = tools.card(FULLEST, LOOK, "desk", page).buttons
        assert len(buttons) <= BUTTONS_MOST + MORE_MOST
        further = [one for one in buttons if one.action.name == TOOLS]
        seen += [one.action.text for one in buttons if one.action.name != TOOLS]
        page = int(further[0].action.args[tools.PAGE]) if further else None
    assert sorted(seen) == sorted(every), "nothing is lost, and nothing is there twice"


def test_what_fits_on_one_card_leads_nowhere_else() -> None:
    buttons = tools.card(an_incident(PLAYBOOK), LOOK).buttons
    assert not [one for one in buttons if one.action.name == TOOLS]
