"""Practice 3.3: the briefing by IIMARCH for who goes there: only the headings that apply."""

from bot.core.iimarch import HEADINGS, Part, briefing
from bot.core.incident import Incident
from bot.core.methane import Letter, Methane
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from tests.workflows.calls import SKILLED, wanted
from tests.workflows.desk import SUBJECT, opened
from tests.workflows.kit import AT


def parts(state: Incident, playbook: Playbook = SKILLED) -> dict[str, Part]:
    found = briefing(state, state.tasks[0], playbook, playbook)
    return {one.heading: one for one in found}


def test_only_the_headings_that_apply_in_their_order() -> None:
    found = parts(wanted().incident)
    assert list(found) == ["N", "A", "C"], "nothing is known, no danger, nobody else comes"
    silent = SKILLED.model_copy(
        update={"tasks": SKILLED.tasks.model_copy(update={"check_in": None})}
    )
    assert "C" not in parts(wanted().incident, silent)
    assert [HEADINGS[one].key for one in ("I", "N", "M", "A", "R", "C", "H")] == [
        "Information",
        "Intent",
        "Method",
        "Administration",
        "Risk assessment",
        "Communications",
        "Humanitarian issues",
    ]


def test_danger_that_was_reported_is_the_risk() -> None:
    desk = opened(danger=True)
    assert parts(desk.incident)["R"].lines[0].said.key == "Danger to people was reported."


def test_the_newest_methane_is_in_it_unknown_and_erased_letters_are_not() -> None:
    state = opened().incident
    gone = Personal(SUBJECT, "x").forgotten()
    letters = (
        Letter(letter="location", words=Personal(SUBJECT, "Pier 3"), at=AT, by=None),
        Letter(letter="hazards", words=Personal(SUBJECT, "Ammonia"), at=AT, by=None),
        Letter(letter="access", words=None, at=AT, by=None),
        Letter(letter="number", words=gone, at=AT, by=None),
    )
    major = state.major.model_copy(update={"methane": Methane(version=2, letters=letters)})
    found = parts(state.model_copy(update={"major": major}))
    assert found["I"].lines[0].said.args["words"] == Personal(SUBJECT, "Pier 3")
    assert found["R"].lines[-1].said.args["words"] == Personal(SUBJECT, "Ammonia")
    assert "H" not in found
    assert "Access and egress" not in {getattr(one.label, "key", "") for one in found["I"].lines}
