"""The second net: a table of what must be heard, and of what need not be (practice 7.1)."""

import pytest

from bot.core.playbook_suggest import distress
from bot.core.sounding import sounds
from tests.tidy import ROOT
from tests.workflows.kit import PLAYBOOK

TEXT = (ROOT / "tests" / "core" / "distress_phrases.txt").read_text(encoding="utf-8")
_, _HEARD = TEXT.split("--- heard\n")
HEARD, HARMLESS = (part.splitlines() for part in _HEARD.split("--- not heard\n"))


def test_practice_7_1_the_word_list_is_a_net_with_narrow_meshes() -> None:
    """practice 7.1: a second net beside the button; recall first, both languages, misspelt."""
    assert min(len(HEARD), len(HARMLESS)) >= 100
    assert [one for one in HEARD if distress(PLAYBOOK, one) is None] == []


def test_a_hundred_ordinary_sentences_call_nobody() -> None:
    assert {one: found for one in HARMLESS if (found := distress(PLAYBOOK, one))} == {}


def test_it_is_heard_in_the_middle_of_anything_else() -> None:
    for one in HEARD[::10]:
        assert distress(PLAYBOOK, f"The power is out. {one}. Please hurry!") is not None


@pytest.mark.parametrize(
    ("said", "wanted", "heard"),
    [
        ("kill myself", "kill myself", True),
        ("kil mysefl", "kill myself", True),
        ("bill myself", "kill myself", False),
        ("fill it myself", "kill myself", False),
        ("end my lief", "end my life", True),
        ("end my line", "end my life", False),
        ("end my whole life", "end my life", True),
        ("end my whole long life", "end my life", False),
        ("kill somehow myself", "kill myself", False),
        ("suicidal", "suicid*", True),
        ("siucidal", "suicid*", True),
        ("suit", "suicid*", False),
        ("want to", "want to die", False),
        ("", "want to die", False),
    ],
)
def test_a_slip_of_the_finger_and_a_word_in_between_are_forgiven(
    said: str, wanted: str, heard: bool
) -> None:
    assert sounds(said.split(), wanted.split()) == heard
