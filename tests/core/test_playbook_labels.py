"""The playbook's table of labels: states keep their meaning, whatever they are called."""

from typing import get_args

import pytest

from bot.core.incident_words import AT_WORK, ENDED, FLAGS, WORKING, Status
from bot.core.playbook import Playbook
from bot.core.playbook_labels import STATUS, Labels
from bot.core.playbook_parse import PlaybookErrors, parse
from bot.core.texts import Words
from bot.views.labels import PUBLIC_STATUS, STATUS_OF, public_status, status
from tests.tidy import ROOT

TEXT = (ROOT / "bot" / "playbooks" / "default.toml").read_text()
OWN = """
[labels]
on_hold = { en = "Parked", ru = "Отложено" }
resolved = "Restored"
[labels.public]
resolved = { en = "Repaired", ru = "Починено" }
[labels.complaint]
resolved = { en = "Answered for", ru = "Отвечено" }
"""


def read(table: str) -> Playbook | PlaybookErrors:
    """The default playbook with this table."""
    return parse(f"{TEXT}\n{table}", "own.toml")


def labels_of(table: str) -> Labels:
    found = read(table)
    assert isinstance(found, Playbook), found
    return found.labels


def test_practice_1_2_every_state_carries_flags_and_what_is_decided_is_decided_by_them() -> None:
    """practice 1.2: states carry flags (created, acknowledged, resolved)."""
    assert tuple(FLAGS) == get_args(Status)
    assert [one for one, flags in FLAGS.items() if flags.created] == ["open"]
    assert [one for one, flags in FLAGS.items() if flags.resolved] == ["resolved", "closed"]
    assert not FLAGS["open"].acknowledged
    assert all(FLAGS[one].acknowledged for one in WORKING if one != "open")
    assert WORKING == ("open", "acknowledged", "in_progress", "on_hold")
    assert AT_WORK == ("in_progress", "on_hold")
    assert ENDED == ("closed", "merged", "cancelled")


def test_practice_1_2_labels_are_free_per_playbook_and_language() -> None:
    """practice 1.2: labels are free per playbook."""
    own = labels_of(OWN)
    assert status("on_hold", "incident", own) == Words(by={"en": "Parked", "ru": "Отложено"})
    assert status("resolved", "incident", own) == Words(by={"en": "Restored"})
    assert status("open", "incident", own) == STATUS["open"], "the product's, where none is given"
    said = public_status("resolved", "incident", own)
    assert said == Words(by={"en": "Repaired", "ru": "Починено"})
    assert public_status("on_hold", "incident", own) == PUBLIC_STATUS["on_hold"]


def test_practice_1_2_each_kind_may_have_words_of_its_own_for_its_end() -> None:
    own = labels_of(OWN)
    said = status("resolved", "complaint", own)
    assert said == Words(by={"en": "Answered for", "ru": "Отвечено"})
    assert status("resolved", "enquiry", own) == STATUS_OF["enquiry"]["resolved"]
    assert status("on_hold", "enquiry", own) == Words(by={"en": "Parked", "ru": "Отложено"})


def test_practice_1_2_a_playbook_without_the_table_leaves_the_words_as_they_are() -> None:
    own = labels_of("")
    assert own == Labels()
    assert {one: status(one, "incident", own) for one in STATUS} == dict(STATUS)
    public = {one: public_status(one, "incident", own) for one in PUBLIC_STATUS}
    assert public == dict(PUBLIC_STATUS)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[labels]\non_hald = "Parked"', "no state 'on_hald'"),
        ('[labels]\non_hald = "Parked"', "did you mean 'on_hold'?"),
        ('[labels.public]\nfixed = "Fixed"', "no state 'fixed'"),
        (f'[labels]\non_hold = "{"x" * 31}"', "longer than 30 characters"),
        ('[labels]\non_hold = " "', "is empty"),
        ('[labels]\non_hold = { en = "Parked", xx = "?" }', "unknown language 'xx'"),
        ('[labels]\non_hold = "Same"\nresolved = "same"', "the word for on_hold and resolved"),
        ('[labels]\non_hold = "In progress"', "the word for in_progress and on_hold"),
        (
            '[labels]\nopen = { en = "A", ru = "Б" }\nclosed = { en = "C", ru = "Б" }',
            "'Б' (ru) is the word for open and closed",
        ),
    ],
)
def test_practice_1_2_what_makes_no_sense_is_refused_with_a_sentence(table: str, says: str) -> None:
    found = read(table)
    assert isinstance(found, PlaybookErrors)
    assert says in str(found)
