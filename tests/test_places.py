"""Where the playbook's places are: one meaning however it is written, sentences for the rest."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.commands import Place
from bot.places import located, nowhere, oddities
from bot.settings import Settings, read
from bot.wiring import read_playbook, where_of

PLAYBOOK = read_playbook(None)
TWO = {"triage": (Place("slack", "C01"),), "it_desk": (Place("slack", "C02"), Place("x", "-100"))}


@pytest.mark.parametrize(
    "given",
    [
        "triage=slack:C01 it_desk=slack:C02 it_desk=x:-100",
        " triage=slack:C01,it_desk=slack:C02,\n it_desk=x:-100 triage=slack:C01",
        ["triage=slack:C01", "it_desk=slack:C02", "it_desk=x:-100"],
        {"triage": "slack:C01", "it_desk": ["slack:C02", "x:-100"]},
    ],
)
def test_places_are_a_table_a_list_or_a_line(given: Any) -> None:
    settings = Settings(places=given)
    assert where_of(settings).places == TWO


def test_a_settings_file_and_the_environment_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "muster.toml"
    file.write_text(
        'guests = true\n[places]\ntriage = "slack:C01"\nit_desk = ["slack:C02", "x:-100"]\n'
        '[groups]\nagent = "slack:S1"\n'
    )
    settings, wrong = read({}, file)
    assert not wrong
    where = where_of(settings)
    assert (where.places, where.groups, where.guests) == (
        TWO,
        {"agent": (Place("slack", "S1"),)},
        True,
    )
    monkeypatch.setenv("MUSTER_PLACES", "triage=slack:C01 it_desk=slack:C02 it_desk=x:-100")
    monkeypatch.setenv("MUSTER_GROUPS", "agent=slack:S1")
    monkeypatch.setenv("MUSTER_GUESTS", "yes")
    settings, wrong = read({})
    assert not wrong
    assert where_of(settings) == where


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("places", "triage=C01", "names no place"),
        ("places", "triage", "names no place"),
        ("places", "triage=Slack:C01", "names no place"),
        ("places", 5, "write a table"),
        ("places", {"triage": 5}, "names no place"),
        ("places", {"triage": "#triage"}, "names no place"),
        ("groups", "boss=slack:S1", "'boss' is no role; choose one of agent"),
    ],
)
def test_what_is_wrong_is_told_with_how_to_write_it(name: str, given: Any, said: str) -> None:
    settings, (told,) = read({name: given})
    assert told.startswith(f"--{name}: ")
    assert said in told
    assert where_of(settings).places == {}


def test_what_the_playbook_does_not_know_and_where_nothing_is_set_up_is_told() -> None:
    places = located(("triag=slack:C1", "it_desk=pigeon:1", "field_crew=slack:C3"))
    first, second = oddities(places, PLAYBOOK, ("slack",))
    assert "no place 'triag'" in first
    assert "did you mean 'triage'?" in first
    assert "no such channel is set up" in second
    assert list(oddities(TWO, PLAYBOOK, ("slack", "x"))) == []


def test_places_that_are_nowhere_are_told_once_somebody_says_where_others_are() -> None:
    assert nowhere(TWO, PLAYBOOK).endswith(": field_crew, safety_crew")
    assert nowhere({}, PLAYBOOK) == ""
    assert nowhere(dict.fromkeys(PLAYBOOK.places, ()), PLAYBOOK) == ""
