"""What people are told: published, corrected, taken back, and when they hear again."""

from collections.abc import Callable

import pytest

from bot.core.commands import Command
from bot.core.events import Erased
from bot.core.incident_commands import (
    CancelIncident,
    CloseIncident,
    CorrectUpdate,
    PublishUpdate,
    RestrictIncident,
    WithdrawUpdate,
)
from bot.core.incident_words import Audience
from bot.core.intents import Say
from bot.core.personal import Personal
from bot.core.texts import Ref, When
from tests.workflows.desk import (
    P1,
    P2,
    RITA_ACTS,
    Desk,
    held,
    nothing_yet,
    opened,
    opening,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    names,
)


def tell(
    desk: Desk, audience: Audience = "public", within: int | None = HOUR, words: str = "Half is on"
) -> PublishUpdate:
    next_by = None if within is None else desk.at + within
    return PublishUpdate(incident=INCIDENT, words=words, audience=audience, next_by=next_by)


def told(audience: Audience = "public", answers: object = None) -> Desk:
    """A P2 of which an audience has heard once."""
    desk = taken(P2)
    desk.do(tell(desk, audience), ANA_ACTS)
    return desk


CORRECT = CorrectUpdate(incident=INCIDENT, number=1, words="A third is on")
WITHDRAW = WithdrawUpdate(incident=INCIDENT, number=1, reason="Wrong building")


def timed() -> Desk:
    return taken(P2)


def on_change() -> Desk:
    return taken()


def closed() -> Desk:
    desk = resolved(P2)
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    return desk


def cancelled() -> Desk:
    desk = told()
    desk.do(CancelIncident(incident=INCIDENT, reason="False alarm"), ANA_ACTS)
    return desk


def restricted() -> Desk:
    desk = taken(P2)
    why = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Distress")
    desk.do(why, ANA_ACTS)
    return desk


PUBLISHED = ["UpdatePublished"]


@pytest.mark.parametrize(
    ("desk", "audience", "within", "decided"),
    [
        (opened, "public", HOUR, PUBLISHED),
        (timed, "public", HOUR, PUBLISHED),
        (timed, "reporters", HOUR, PUBLISHED),
        (timed, "staff", None, PUBLISHED),
        (timed, "public", None, "next_missing"),
        (timed, "reporters", None, "next_missing"),
        (timed, "public", 0, "next_past"),
        (timed, "public", -HOUR, "next_past"),
        (timed, "public", 1, PUBLISHED),
        (timed, "public", 7 * DAY, PUBLISHED),
        (timed, "public", 7 * DAY + 1, "next_far"),
        (on_change, "public", None, PUBLISHED),
        (held, "public", HOUR, PUBLISHED),
        (resolved, "public", None, PUBLISHED),
        (resolved, "public", HOUR, PUBLISHED),
        (closed, "public", None, PUBLISHED),
        (closed, "public", HOUR, "next_after_end"),
        (cancelled, "public", None, PUBLISHED),
        (restricted, "public", HOUR, "restricted"),
        (restricted, "reporters", HOUR, PUBLISHED),
        (nothing_yet, "public", HOUR, "not_found"),
    ],
)
def test_every_update_says_when_the_next_one_comes_while_the_clock_asks_for_it(
    desk: Callable[[], Desk], audience: Audience, within: int | None, decided: list[str] | str
) -> None:
    story = desk()
    assert names(story.ask(tell(story, audience, within), ANA_ACTS)) == decided


@pytest.mark.parametrize(
    "make",
    [tell, lambda desk: CORRECT, lambda desk: WITHDRAW],
    ids=["publish", "correct", "withdraw"],
)
def test_agents_and_supervisors_publish_and_nobody_else(make: Callable[[Desk], Command]) -> None:
    desk = told()
    for who in (ANA_ACTS, BEN_ACTS, CHIEF_ACTS):
        assert isinstance(names(desk.ask(make(desk), who)), list)
    for stranger in (CUSTOMER_ACTS, RITA_ACTS, ADMIN_ACTS):
        assert names(desk.ask(make(desk), stranger)) == "not_allowed"


@pytest.mark.parametrize(
    ("words", "code"), [("", "empty"), ("\x00 ", "empty"), ("x" * 2001, "too_long")]
)
def test_words_are_needed_and_bounded(words: str, code: str) -> None:
    desk = told()
    assert names(desk.ask(tell(desk, words=words), ANA_ACTS)) == code
    assert names(desk.ask(CORRECT.model_copy(update={"words": words}), ANA_ACTS)) == code


def test_updates_are_numbered_without_a_gap() -> None:
    desk = taken(P2)
    for number in range(1, 13):
        desk.later(MINUTE).do(tell(desk), ANA_ACTS)
        assert desk.incident.updates == number
    assert [one.number for one in desk.incident.latest] == list(range(3, 13)), "the newest ten"


# --- who hears it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "heard_by"),
    [("staff", []), ("reporters", ["reporters"]), ("public", ["reporters", "subscribers"])],
)
def test_each_audience_hears_what_is_meant_for_it(audience: Audience, heard_by: list[str]) -> None:
    assert [one for one, _ in told(audience).says()] == heard_by


def test_the_words_travel_sealed_and_the_houses_own_text_says_nothing_personal() -> None:
    desk = told()
    for said in desk.wants(Say):
        assert said.words == Personal(desk.incident.subject, "Half is on")
        assert set(said.text.args) <= {"time", "ref"}


def test_subscribers_hear_in_the_bulk_lane_and_reporters_before_them() -> None:
    assert [one.lane for one in told().wants(Say)] == ["reply", "bulk"]
    desk = taken(P1)
    desk.do(tell(desk), ANA_ACTS)
    assert [one.lane for one in desk.wants(Say)] == ["safety", "bulk"]


def test_of_an_incident_without_reports_only_subscribers_hear() -> None:
    desk = nothing_yet()
    desk.do(opening(P2, report=None), ANA_ACTS)
    desk.do(tell(desk), ANA_ACTS)
    assert [one for one, _ in desk.says()] == ["subscribers"]


def test_a_newer_full_picture_replaces_one_that_has_not_gone_out() -> None:
    desk = told()
    families = [one.supersedes for one in desk.wants(Say)]
    assert families == [f"update:{INCIDENT}:reporters", f"update:{INCIDENT}:public"]
    desk.do(tell(desk), BEN_ACTS)
    assert [one.supersedes for one in desk.wants(Say)] == families


def test_no_correction_no_last_update_and_nothing_about_danger_is_ever_replaced() -> None:
    corrected = told()
    corrected.do(CORRECT, ANA_ACTS)
    taken_back = told()
    taken_back.do(WITHDRAW, ANA_ACTS)
    last = resolved(P2)
    last.do(tell(last, within=None), ANA_ACTS)
    dangerous = taken(danger=True)
    dangerous.do(tell(dangerous), ANA_ACTS)
    for desk in (corrected, taken_back, last, dangerous):
        assert [one.supersedes for one in desk.wants(Say)] == ["", ""]


def test_an_update_is_not_sent_any_more_once_the_next_one_is_due() -> None:
    desk = told()
    assert {one.until for one in desk.wants(Say)} == {desk.at + HOUR}
    desk.later(MINUTE).do(CORRECT, ANA_ACTS)
    assert {one.until for one in desk.wants(Say)} == {desk.at + DAY}
    desk.do(WITHDRAW, ANA_ACTS)
    assert {one.until for one in desk.wants(Say)} == {desk.at + DAY}
    last = resolved(P2)
    last.do(tell(last, within=None), ANA_ACTS)
    assert {one.until for one in last.wants(Say)} == {last.at + DAY}


def test_the_houses_words_say_when_the_next_one_comes_and_which_one_was_wrong() -> None:
    desk = told()
    ref = Ref(ref=desk.incident.reference)
    published, again = When(at=desk.at), When(at=desk.at + HOUR)
    assert said(desk) == [
        ("This is how things stand. You will hear from us again by {time}.", {"time": again}),
        ("Incident {ref}: the next update comes by {time}.", {"ref": ref, "time": again}),
    ]
    desk.later(MINUTE).do(CORRECT, ANA_ACTS)
    assert said(desk) == [
        ("A correction to what we wrote at {time}:", {"time": published}),
        ("Incident {ref}: a correction to the update of {time}:", {"ref": ref, "time": published}),
    ]
    desk.do(WITHDRAW, ANA_ACTS)
    assert [args["time"] for _, args in said(desk)] == [published, published]


def test_the_last_update_promises_no_other() -> None:
    desk = resolved(P2)
    desk.do(tell(desk, within=None), ANA_ACTS)
    assert [text for text, _ in said(desk)] == [
        "This is how things stand.",
        "Incident {ref}: this is how things stand.",
    ]


def said(desk: Desk) -> list[tuple[str, dict[str, object]]]:
    return [(one.text.key, dict(one.text.args)) for one in desk.wants(Say)]


# --- the promise -----------------------------------------------------------------------------


def test_the_next_update_is_owed_at_the_time_that_people_were_told() -> None:
    desk = told()
    assert desk.incident.targets.update == desk.at + HOUR
    desk.later(HOUR).do(tell(desk, within=2 * HOUR), ANA_ACTS)
    assert desk.incident.targets.update == desk.at + 2 * HOUR


def test_what_staff_tell_each_other_keeps_no_promise() -> None:
    desk = taken(P2)
    owed = desk.incident.targets.update
    desk.do(tell(desk, "staff", within=None), ANA_ACTS)
    assert desk.incident.targets.update == owed


def test_telling_those_who_reported_does_not_keep_what_the_public_was_promised() -> None:
    desk = told("public")
    owed = desk.incident.targets.update
    desk.later(MINUTE).do(tell(desk, "reporters", within=5 * HOUR), ANA_ACTS)
    assert desk.incident.targets.update == owed
    desk.do(tell(desk, "public", within=6 * HOUR), ANA_ACTS)
    assert desk.incident.targets.update == desk.at + 6 * HOUR, "the public ones reach all"


def test_the_last_update_owes_nothing_more() -> None:
    desk = resolved(P2)
    desk.do(tell(desk, within=None), ANA_ACTS)
    assert desk.incident.targets.update is None


# --- correcting, taking back -----------------------------------------------------------------


def never() -> Desk:
    return taken(P2)


def taken_back() -> Desk:
    desk = told()
    desk.do(WITHDRAW, ANA_ACTS)
    return desk


def long_ago() -> Desk:
    desk = told()
    for _ in range(10):
        desk.do(tell(desk), ANA_ACTS)
    return desk


@pytest.mark.parametrize(
    ("desk", "correct", "withdraw"),
    [
        (told, ["UpdateCorrected"], ["UpdateWithdrawn"]),
        (cancelled, ["UpdateCorrected"], ["UpdateWithdrawn"]),
        (never, "not_found", "not_found"),
        (nothing_yet, "not_found", "not_found"),
        (taken_back, "withdrawn", []),
        (long_ago, "too_old", "too_old"),
    ],
)
def test_what_was_wrong_can_be_put_right_also_when_all_is_over(
    desk: Callable[[], Desk], correct: list[str] | str, withdraw: list[str] | str
) -> None:
    story = desk()
    assert names(story.ask(CORRECT, BEN_ACTS)) == correct
    assert names(story.ask(WITHDRAW, BEN_ACTS)) == withdraw


@pytest.mark.parametrize("audience", ["staff", "reporters", "public"])
def test_whoever_heard_the_wrong_words_hears_the_right_ones(audience: Audience) -> None:
    desk = told(audience)
    heard_by = [one for one, _ in desk.says()]
    desk.do(CORRECT, BEN_ACTS)
    assert [one for one, _ in desk.says()] == heard_by
    right = Personal(desk.incident.subject, "A third is on")
    assert [one.words for one in desk.wants(Say)] == [right] * len(heard_by)
    assert (desk.incident.latest[0].words, desk.incident.latest[0].corrected) == (right, True)
    desk.do(WITHDRAW, BEN_ACTS)
    assert [one for one, _ in desk.says()] == heard_by
    assert [one.words for one in desk.wants(Say)] == [None] * len(heard_by), "no reasons"


def test_a_reason_is_kept_for_taking_it_back() -> None:
    assert names(told().ask(WITHDRAW.model_copy(update={"reason": "no"}), ANA_ACTS)) == "too_short"


def test_nothing_is_published_about_people_who_were_erased() -> None:
    desk = told()
    desk.happens(Erased(subject=desk.incident.subject, classes=("notes",), through=1))
    for command in (tell(desk), CORRECT, WITHDRAW):
        assert names(desk.ask(command, ANA_ACTS)) == "erased"


def test_of_two_who_correct_at_once_the_second_looks_again_and_may_mean_it() -> None:
    desk = told()
    known = CORRECT.model_copy(update={"before": desk.state.latest[0].as_of})
    assert names(desk.do(known, ANA_ACTS)) == ["UpdateCorrected"]
    other = known.model_copy(update={"words": "Half of it is on"})
    assert names(desk.ask(other, BEN_ACTS)) == "overtaken"
    again = other.model_copy(update={"before": desk.state.latest[0].as_of})
    assert names(desk.ask(again, BEN_ACTS)) == ["UpdateCorrected"]
    meant = other.model_copy(update={"before": None})
    assert names(desk.ask(meant, BEN_ACTS)) == ["UpdateCorrected"]
