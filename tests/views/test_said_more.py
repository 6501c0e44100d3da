"""Whatever somebody of the staff presses, one sentence says what came of it."""

import pytest

from bot.core import major_words as ma
from bot.core import path_words as pa
from bot.core.commands import Command
from bot.core.handling import STAFF
from bot.core.texts import Text
from bot.views.said import ANY_DONE, SHOWN, done
from bot.wiring import BOOK

METHANE = ma.WriteMethane(incident="inc_x", findings={}, before=0)
REVEALED = ("reveal_customer", "reveal_reporter")
"""Answered by what was asked for."""


def said(command: Command, happened: str = "", number: int = 0) -> Text:
    return done(command, 0, "UTC", happened=happened, number=number)


def test_methane_says_which_version_is_on_the_card() -> None:
    written = said(METHANE, ma.MethaneWritten.tag, 2)
    assert (written.key, written.args) == ("METHANE version {n} is on the card.", {"n": 2})
    assert said(METHANE).key == "METHANE stays as it was: nothing of that was new."


def test_a_step_of_a_path_says_whether_its_words_went_to_the_customer() -> None:
    inside = pa.DoPathStep(incident="inc_x", step="act", words="Called them")
    assert said(inside).key == "Noted as done. What comes next stands on the card."
    sent = inside.model_copy(update={"report": "rep_x"})
    assert said(sent).key == "Sent to the customer, and noted as done."


FOR_STAFF = [
    command
    for command, rule in BOOK.rules.items()
    if set(STAFF) & set(rule.roles)
    and rule.aim == "named"
    and command.tag not in (*SHOWN, *REVEALED)
]


@pytest.mark.parametrize("command", FOR_STAFF, ids=lambda one: str(one.tag))
def test_no_press_of_an_agent_is_answered_with_a_bare_done(command: type[Command]) -> None:
    assert said(command.model_construct()) != ANY_DONE
