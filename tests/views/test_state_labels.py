"""A playbook's words for the states, on the cards of chat channels."""

import pytest

from bot.core import incident_events as ie
from bot.core.cards import plain, spoken
from bot.core.incident_words import Targets
from bot.core.personal import Personal
from bot.core.playbook_labels import Labels, StateWords
from bot.core.report_words import ReportLinked
from bot.core.texts import Words
from bot.texts import Catalogues
from bot.views import home, update
from bot.views.examples import AT, SUBJECT, a_report, an_incident
from bot.views.kinds import KINDS
from bot.views.look import Look
from bot.views.welcome import reports
from bot.wiring import read_playbook

OWN = Labels(
    on_hold=Words(by={"en": "Parked", "ru": "Отложено"}),
    public=StateWords(on_hold=Words(by={"en": "Waits for the grid", "ru": "Ждём сетевиков"})),
)
PLAYBOOK = read_playbook(None).model_copy(update={"labels": OWN})
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})
HELD = an_incident(
    PLAYBOOK,
    ie.UpdatePublished(
        number=1,
        words=Personal(SUBJECT, "Dark"),
        audience="public",
        next_by=None,
        by="per_x",
    ),
    ie.IncidentHeld(reason=Personal(SUBJECT, "Parts"), until=AT + 3_600_000),
)
LINKED = ReportLinked(incident=HELD.stream, how="opened")


@pytest.mark.parametrize(
    ("language", "staff", "public"),
    [("en", "Parked", "Waits for the grid"), ("ru", "Отложено", "Ждём сетевиков")],
)
def test_practice_1_2_every_card_says_what_the_playbook_calls_a_state(
    language: str, staff: str, public: str
) -> None:
    """practice 1.2: labels are free per playbook."""
    say = Catalogues.load().speaker(language, "Europe/London", AT)
    report = a_report(PLAYBOOK, LINKED).model_copy(update={"stage": "sent"})
    look = Look(PLAYBOOK, lambda version: PLAYBOOK, {HELD.stream: HELD})
    ours = [
        KINDS["incident"].draw(HELD, 0, LOOK),
        home.lines(home.MINE, [HELD], LOOK, home.NOTHING_MINE),
    ]
    theirs = [
        update.card(HELD, 1, LOOK),
        KINDS["progress"].draw(report, 0, look),
        reports([(report, HELD)], look),
    ]
    for card, word in [*((one, staff) for one in ours), *((one, public) for one in theirs)]:
        assert card is not None
        assert word in plain(spoken(card, say)), word


def test_practice_1_3_the_card_says_until_when_it_is_held() -> None:
    say = Catalogues.load().speaker("en", "Europe/London", AT)
    card = KINDS["incident"].draw(HELD, 0, LOOK)
    assert card is not None
    assert ", until 11:30" in plain(spoken(card, say))


def test_what_was_on_hold_before_there_were_times_still_loads() -> None:
    old = ie.IncidentHeld.model_validate({"reason": Personal(SUBJECT, "Parts")})
    assert old.until is None
    on = ie.IncidentResumed.model_validate({"since": AT, "targets": Targets(), "reason": None})
    assert on.until is None
