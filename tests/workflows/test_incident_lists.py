"""The lists show what the state says, find what was written, and forget what was erased."""

from typing import Any

import pytest

from bot.core.commands import Command
from bot.core.events import Erased
from bot.core.incident_commands import (
    AcknowledgeIncident,
    Arrive,
    AskForResource,
    CloseIncident,
    HoldIncident,
    PublishUpdate,
    RestrictIncident,
    WithdrawUpdate,
    WriteIncidentNote,
)
from bot.core.incident_listed import IncidentRow, TaskRow, UpdateRow
from bot.core.intents import Show
from bot.core.personal import Personal
from bot.core.rows import Findable, ListRow
from bot.store.tables import TABLES
from bot.workflows.table import LISTS
from tests.workflows.desk import (
    ETA,
    P1,
    RITA_ACTS,
    SUBJECT,
    Desk,
    asked,
    claimed,
    opened,
    resolved,
    taken,
)
from tests.workflows.kit import ANA, ANA_ACTS, AT, HOUR, INCIDENT, MINUTE


def rows(desk: Desk, table: str) -> list[ListRow]:
    listed = LISTS["incident"](desk.incident)
    return [one for one in listed if isinstance(one, ListRow) and one.table == table]


def found(desk: Desk) -> dict[str, object]:
    listed = LISTS["incident"](desk.incident)
    return {one.field: one.words.plain() for one in listed if isinstance(one, Findable)}


def published(desk: Desk) -> Desk:
    desk.do(
        PublishUpdate(
            incident=INCIDENT, words="Half is on", audience="public", next_by=desk.at + HOUR
        ),
        ANA_ACTS,
    )
    return desk


def test_every_row_fits_its_table() -> None:
    for one in LISTS["incident"](published(claimed()).incident):
        if isinstance(one, ListRow):
            table = TABLES[one.table]
            body = {"body"} if one.body is not None else set()
            assert {*one.columns, *body} == set(table.columns) - {table.stamp}, one.table
            for value in one.columns.values():
                assert value is None or type(value) in (str, int), one.table


def test_the_board_shows_where_it_stands() -> None:
    (row,) = rows(taken(P1, what="No light", where="12 Mill Lane"), "incidents")
    wanted = {
        "incident": INCIDENT,
        "status": "in_progress",
        "ended": 0,
        "priority": "P1",
        "category": "power",
        "owner": ANA,
        "visibility": "normal",
        "mode": "live",
        "opened_at": AT,
        "touched_at": AT + 10 * MINUTE,
    }
    assert {key: row.columns[key] for key in wanted} == wanted
    assert isinstance(row.body, IncidentRow)
    assert [one.field for one in row.body.summary] == ["what", "where"]
    assert (row.body.reports, row.body.tasks_open, row.body.next_eta) == (1, 1, None)


def test_what_has_ended_leaves_the_hot_lists() -> None:
    desk = resolved()
    assert rows(desk, "incidents")[0].columns["ended"] == 0
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert rows(desk, "incidents")[0].columns["ended"] == 1


def test_the_reference_leads_to_the_incident_and_is_nobody_elses() -> None:
    desk = opened()
    (row,) = rows(desk, "refs")
    assert row.columns == {"reference": desk.incident.reference, "stream": INCIDENT}
    assert row.new


def test_resources_see_what_is_needed_and_who_comes() -> None:
    desk = claimed(needed=2)
    (row,) = rows(desk, "tasks")
    assert (row.columns["task"], row.columns["status"], row.columns["skill"]) == (1, "open", "")
    assert isinstance(row.body, TaskRow)
    assert [(one.person, one.eta) for one in row.body.places] == [(RITA_ACTS.person, ETA)]
    assert rows(desk, "incidents")[0].body == _with(desk, next_eta=ETA, tasks_open=1)


def _with(desk: Desk, **expected: Any) -> object:
    body = rows(desk, "incidents")[0].body
    assert isinstance(body, IncidentRow)
    return body.model_copy(update=expected)


def test_a_line_of_a_task_stays_as_it_is_when_something_else_happens() -> None:
    """The engine writes only rows that differ, so a busy incident must not touch them all."""
    desk = asked()
    before = rows(desk, "tasks")
    desk.later(MINUTE).do(WriteIncidentNote(incident=INCIDENT, words="Called them"), ANA_ACTS)
    published(desk)
    assert rows(desk, "tasks") == before
    desk.do(AskForResource(incident=INCIDENT, what="Bring a ladder"), ANA_ACTS)
    assert rows(desk, "tasks")[:1] == before


def test_updates_are_listed_with_their_audience_until_they_are_taken_back() -> None:
    desk = published(taken())
    (row,) = rows(desk, "updates")
    assert (row.columns["audience"], row.columns["at"], row.columns["withdrawn"]) == (
        "public",
        desk.at,
        0,
    )
    assert isinstance(row.body, UpdateRow)
    assert row.body.words.plain() == "Half is on"
    desk.do(WithdrawUpdate(incident=INCIDENT, number=1, reason="Wrong house"), ANA_ACTS)
    assert rows(desk, "updates")[0].columns["withdrawn"] == 1


def test_what_was_written_can_be_found() -> None:
    desk = published(asked(what="No line"))
    assert found(desk) == {
        "fact:what": "No line",
        "task:1": "Look at the line",
        "update:1": "Half is on",
    }
    assert found(resolved())["resolution"] == "Fuse changed"


def test_erased_words_find_nothing_and_are_listed_as_erased() -> None:
    desk = taken(what="No light", where="12 Mill Lane")
    desk.happens(Erased(subject=SUBJECT, classes=("answers",), through=4))
    assert [field for field in found(desk) if field.startswith("fact:")] == []
    (row,) = rows(desk, "incidents")
    assert isinstance(row.body, IncidentRow)
    left = [one.value for one in row.body.summary]
    assert [isinstance(one, Personal) and one.erased for one in left] == [True, True]


# --- cards -----------------------------------------------------------------------------------


def shown(desk: Desk) -> list[tuple[str, int, object, str]]:
    return [(one.card, one.number, one.place, one.lane) for one in desk.wants(Show)]


@pytest.mark.parametrize(
    "command",
    [
        AcknowledgeIncident(incident=INCIDENT),
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Distress"),
    ],
)
def test_the_teams_card_follows_the_incident(command: Command) -> None:
    desk = opened()
    desk.do(command, ANA_ACTS)
    assert [one for one in shown(desk) if one[0] != "task"] == [("incident", 0, "team", "card")]


def test_a_task_has_a_card_of_its_own_among_resources() -> None:
    desk = claimed()
    desk.do(Arrive(incident=INCIDENT, task=1), RITA_ACTS)
    assert shown(desk) == [("incident", 0, "team", "card"), ("task", 1, "resources", "card")]


def test_cards_of_the_most_pressing_go_first() -> None:
    assert {lane for *_, lane in shown(opened(P1))} == {"safety"}


def test_a_restricted_incident_is_taken_down_and_not_hung_up_again() -> None:
    desk = taken()
    why = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Distress")
    desk.do(why, ANA_ACTS)
    task = ("task", 1, "resources", "card")
    assert shown(desk) == [("incident", 0, "team", "card"), task]
    desk.do(HoldIncident(incident=INCIDENT, reason="Waits for a doctor"), ANA_ACTS)
    assert shown(desk) == []


def test_a_note_changes_no_card() -> None:
    desk = opened()
    desk.do(WriteIncidentNote(incident=INCIDENT, words="Called them"), ANA_ACTS)
    assert shown(desk) == []
