"""What waits for a second person is looked at anew, sent back, changed and taken back."""

from collections.abc import Callable

import pytest

from bot.core.disclosure import Known, People
from bot.core.drafting import WAITING_MOST
from bot.core.events import Erased
from bot.core.incident_commands import (
    CancelIncident,
    ReopenIncident,
    ResolveIncident,
    RestrictIncident,
    WithdrawUpdate,
)
from bot.core.intents import Say, Show
from bot.core.personal import Personal
from bot.core.publishing import passed_by
from tests.workflows.desk import P2, Desk, taken
from tests.workflows.drafts import (
    APPROVE,
    BACK,
    DROP,
    EVE_ACTS,
    GLASS,
    do,
    drafted,
    known,
    publish,
    revise,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    TASKS,
    names,
)

# --- the same checks anew --------------------------------------------------------------------


def test_what_became_known_since_it_was_written_stops_it_too() -> None:
    desk = taken(P2)
    do(desk, publish(desk, words="The cable near Wolverton is mended."), ANA_ACTS)
    somebody = Known.of("name", "Carol Wolverton")
    assert names(do(desk, APPROVE, CHIEF_ACTS, somebody)) == "personal"
    assert names(do(desk, GLASS, ANA_ACTS, somebody)) == "personal"
    assert isinstance(names(do(desk, APPROVE, CHIEF_ACTS)), list)


def test_an_incident_that_was_restricted_meanwhile_is_told_to_nobody() -> None:
    desk = drafted()
    why = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Asked for")
    desk.do(why, ANA_ACTS)
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "restricted"


def test_a_promise_that_has_passed_is_asked_for_anew() -> None:
    desk = drafted()
    desk.later(HOUR + MINUTE)
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "next_past"
    later = APPROVE.model_copy(update={"next_by": desk.at + HOUR})
    do(desk, later, CHIEF_ACTS)
    assert desk.incident.latest[-1].next_by == desk.at + HOUR


def test_nobody_left_to_hear_it_is_said_and_erased_words_never_go_out() -> None:
    desk = taken(P2)
    do(desk, publish(desk, "reporters"), ANA_ACTS, reach=60)
    assert names(do(desk, APPROVE, CHIEF_ACTS, reached=0)) == "nobody"
    gone = known(desk)
    erased = People(reached=1, drafts=dict.fromkeys(gone.drafts, ("",)))
    assert names(do(desk, APPROVE, CHIEF_ACTS, people=erased)) == "erased"
    read_earlier = People(reached=1)
    assert names(do(desk, APPROVE, CHIEF_ACTS, people=read_earlier)) == "overtaken"


def over(desk: Desk) -> None:
    desk.do(ResolveIncident(incident=INCIDENT, note="Mended", call_off=TASKS), ANA_ACTS)


def newer(desk: Desk) -> None:
    desk.do(publish(desk), BEN_ACTS)


@pytest.mark.parametrize("happens", [over, newer])
def test_a_draft_that_something_has_passed_by_says_so_until_it_is_changed(
    happens: Callable[[Desk], None],
) -> None:
    desk = drafted()
    desk.later(MINUTE)
    happens(desk)
    assert [one.number for one in desk.wants(Show) if one.card == "draft"] == [1]
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "passed_by"
    assert names(do(desk, GLASS, ANA_ACTS)) == "passed_by"
    do(desk, revise(desk), ANA_ACTS)
    assert passed_by(desk.incident, desk.incident.drafting.open[0]) is None
    now = APPROVE.model_copy(update={"version": 2})
    assert names(do(desk, now, CHIEF_ACTS)) == ["DraftApproved", "UpdatePublished"]


def test_what_only_staff_read_passes_nothing_by_nor_does_what_was_taken_back() -> None:
    desk = drafted()
    desk.do(publish(desk, "staff"), BEN_ACTS)
    desk.do(publish(desk), BEN_ACTS)
    desk.do(WithdrawUpdate(incident=INCIDENT, number=2, reason="Wrong building"), BEN_ACTS)
    assert passed_by(desk.incident, desk.incident.drafting.open[0]) is None


def test_an_incident_that_is_opened_again_makes_the_last_words_old() -> None:
    desk = taken(P2)
    over(desk)
    do(desk, publish(desk, next_by=None), ANA_ACTS)
    again = ReopenIncident(incident=INCIDENT, reason="It is dark again")
    desk.do(again, BEN_ACTS)
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "passed_by"


# --- sent back, changed, taken back ----------------------------------------------------------


def test_it_goes_back_to_its_author_with_the_reason_and_waits_for_other_words() -> None:
    desk = drafted()
    assert names(do(desk, BACK, CHIEF_ACTS)) == ["DraftSentBack"]
    (said,) = desk.wants(Say)
    assert said.to.scope == f"person:{ANA}"
    assert said.words == Personal(desk.incident.subject, BACK.reason)
    assert names(do(desk, APPROVE, EVE_ACTS)) == "sent_back"
    assert names(do(desk, revise(desk), ANA_ACTS)) == ["UpdateDrafted"]
    fresh = desk.incident.drafting.open[0]
    assert (fresh.version, fresh.sent_back, fresh.next_by) == (2, None, desk.at + 2 * HOUR)
    assert [one.to.scope for one in desk.wants(Say)] == [f"but:{ANA},role:supervisor"]


def test_of_two_who_change_it_at_once_the_second_looks_again() -> None:
    desk = drafted()
    do(desk, revise(desk, before=1), ANA_ACTS)
    assert names(do(desk, revise(desk, before=1), BEN_ACTS)) == "overtaken"


def test_other_words_are_looked_at_like_the_first_ones() -> None:
    desk = drafted()
    somebody = Known.of("name", "Carol Wolverton")
    told = revise(desk, words="Ask Carol Wolverton")
    assert names(do(desk, told, ANA_ACTS, somebody)) == "personal"
    assert names(do(desk, revise(desk, next_by=desk.at), ANA_ACTS)) == "next_past"


def test_what_was_taken_back_waits_no_longer_and_a_second_press_is_no_matter() -> None:
    desk = drafted()
    assert names(do(desk, DROP, BEN_ACTS)) == ["DraftWithdrawn"]
    assert names(do(desk, DROP, BEN_ACTS)) == []
    assert names(do(desk, APPROVE, CHIEF_ACTS)) == "settled"
    assert names(do(desk, APPROVE.model_copy(update={"draft": 2}), CHIEF_ACTS)) == "not_found"


def test_what_waits_is_bounded() -> None:
    desk = taken(P2)
    for _ in range(WAITING_MOST):
        do(desk, publish(desk), ANA_ACTS)
    assert names(do(desk, publish(desk), ANA_ACTS)) == "drafts"


def test_nothing_more_is_kept_of_what_was_erased_in_a_draft() -> None:
    desk = drafted()
    desk.happens(Erased(subject=desk.incident.subject, classes=(), through=0))
    assert desk.incident.drafting.open[0].words.erased


def test_when_an_incident_is_over_its_drafts_can_still_be_taken_back() -> None:
    desk = drafted()
    desk.do(CancelIncident(incident=INCIDENT, reason="A false alarm"), ANA_ACTS)
    assert names(do(desk, DROP, ANA_ACTS)) == ["DraftWithdrawn"]
