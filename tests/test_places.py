"""Where the playbook's places are: one meaning however it is written, sentences for the rest."""

from pathlib import Path
from typing import Any

import pytest

from bot.chats import CHATS, odd_addresses
from bot.core.commands import Place
from bot.declared import ChatWords
from bot.places import Where, listed, located, nowhere, oddities
from bot.settings import NAMES, Settings, read
from bot.wiring import House, read_playbook, where_of

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


def test_a_group_may_be_those_who_look_after_a_place_and_an_address_a_negative_number() -> None:
    admins = "supervisor=telegram:-1001234567890/admins"
    for given in (admins, [admins], {"supervisor": "telegram:-1001234567890/admins"}):
        settings = Settings.model_validate({"groups": given, "places": "triage=telegram:-42"})
        where = where_of(settings)
        assert where.groups == {"supervisor": (Place("telegram", "-1001234567890/admins"),)}
        assert where.places == {"triage": (Place("telegram", "-42"),)}


def test_an_address_that_cannot_be_one_is_told_with_how_it_would_be_right() -> None:
    where = Where(
        {"triage": (Place("slack", "C0123"),), "it_desk": (Place("slack", "-100123"),)},
        {"agent": (Place("slack", "S0123"),), "supervisor": (Place("slack", "C0123"),)},
    )
    assert list(odd_addresses(where)) == [
        "it_desk=slack:-100123 is no place in Slack; write it like it_desk=slack:C0123",
        "supervisor=slack:C0123 is no group in Slack; write it like supervisor=slack:S0123",
    ]
    settings = {"places": "triage=slack:c0123", "groups": "agent=slack:S1/x"}
    house = House(Path("data"), where=where_of(Settings.model_validate(settings)))
    told = "\n".join(house.odd_places(PLAYBOOK))
    assert "no place in Slack" in told
    assert "no group in Slack" in told


@pytest.mark.parametrize("words", CHATS, ids=lambda one: one.name)
def test_what_a_channel_declares_fits_together(words: ChatWords) -> None:
    assert words.needs in NAMES
    assert words.needs.startswith(f"{words.name}_")
    for shape in (words.place, words.group):
        assert shape.form.fullmatch(shape.like)
        assert not shape.form.fullmatch(f" {shape.like}")
        assert listed(f"agent={words.name}:{shape.like}")
    assert not words.is_set({})
    assert not words.is_half({})
    assert words.is_set({words.needs: "x"})
    assert words.is_half({f"{words.name}_something": "x"})
