"""Who may what at the door, for commands that come by no page: every role, in every state.

Complete by construction: a command that stands neither here nor in a table of the pages fails.
"""

from pathlib import Path
from typing import Any

import pytest

from bot.core.access import gate
from bot.core.commands import Actor, Command, Envelope, Identity, Place
from bot.core.distress_words import (
    AddVulnerabilityNote,
    ClearDistress,
    ReviewVulnerabilityNote,
    SumUpDistress,
)
from bot.core.ids import StreamId
from bot.core.language_words import ChooseLanguage
from bot.core.person_words import ROLES, CallMe
from bot.core.place_words import FollowInPlace, LeaveInPlace, place_person
from bot.core.report_words import FillReport, MarkSeen, ReplyToCustomer, WriteMessage, WriteNote
from bot.core.reveal_words import RevealCustomer, RevealReporter
from bot.core.taken_back_words import TakeBackMessage
from bot.pages.asked import COMMANDS
from bot.workflows.table import RULES
from tests.engine.front_kit import MINUTE, Room, has, room, token_of
from tests.engine.test_front_table import STATES

NOBODY = "nobody"
EVERYBODY = {*ROLES, NOBODY}
STAFF = {"agent", "supervisor"}
FOLLOWERS = {"agent", "stakeholder", "supervisor", "administrator"}
BY_CHAT: dict[type[Command], set[str]] = {
    RevealCustomer: STAFF,
    RevealReporter: STAFF,
    FollowInPlace: FOLLOWERS,
    LeaveInPlace: FOLLOWERS,
    CallMe: set(ROLES),
    ChooseLanguage: EVERYBODY,
    FillReport: EVERYBODY,
    # Of the report that they have just filled in.
    TakeBackMessage: EVERYBODY,
}
HIDDEN = {"restricted": {"supervisor"}}
"""Of what few may see, who may still be told; to the others it is not there."""
ON_PAGES_OF_THEIR_OWN = {
    "accept_invite",
    "add_hook",
    "add_login",
    "add_passkey",
    "add_report",
    "admit_caller",
    "adopt_playbook",
    "ask_to_follow",
    "attach_file",
    "erase_person",
    "follow_here",
    "invite_person",
    "issue_link",
    "join_identity",
    "keep_mail",
    "keep_way_back",
    "remove_login",
    "remove_passkey",
    "renew_sign_in",
    "reset_sign_in",
    "set_sign_in",
    "subscribe",
    "unsubscribe",
    "visit",
}
"""Judged in `tests/pages` by their routes, in the API by scopes, or reached by files alone."""
BY_CUSTOMERS = {
    "begin_report",
    "answer_question",
    "skip_question",
    "go_back",
    "confirm_summary",
    "withdraw_report",
    "ask_for_person",
    "report_danger",
    "ask_for_help",
    "write_message",
    "answer_fixed",
    "rate_service",
    "end_way_back",
    "go_on_here",
    "join_known",
    "decline_known",
}
"""On the chat's page, about one's own report."""


def by_house(command: type[Command]) -> bool:
    rule = RULES[command]
    return rule.by_system and not (rule.roles or rule.by_reporter or rule.by_anyone)


def test_every_command_stands_in_one_table() -> None:
    elsewhere = {*COMMANDS, *BY_CUSTOMERS, *ON_PAGES_OF_THEIR_OWN}
    here = {one.tag for one in BY_CHAT}
    assert not here & elsewhere
    house = {one.tag for one in RULES if by_house(one)}
    assert {one.tag for one in RULES} == elsewhere | here | house


@pytest.mark.parametrize("command", [x for x in RULES if by_house(x)], ids=lambda x: x.tag)
def test_what_the_house_does_nobody_may_ask_for(command: type[Command]) -> None:
    everything = (*ROLES, "api:report", "api:publish", "api:restricted")
    for roles in ((), everything):
        assert gate(RULES[command], Actor(person="per_1", roles=roles), None) is not None


def asked(
    one: Room, who: str, incident: StreamId, report: StreamId
) -> dict[type[Command], Command]:
    place = place_person(one.office.desk.codec.seat_key("test", who))
    return {
        RevealCustomer: RevealCustomer(incident=incident),
        RevealReporter: RevealReporter(report=report),
        FollowInPlace: FollowInPlace(person=place, scope="status:all"),
        LeaveInPlace: LeaveInPlace(person=place, number=1),
        CallMe: CallMe(name="Somebody", place="triage"),
        ChooseLanguage: ChooseLanguage(language="en"),
        FillReport: FillReport(answers={}, send=False),
        TakeBackMessage: TakeBackMessage(),
    }


async def refused(one: Room, who: str, command: Command) -> str:
    """Why the door denies it; "" when it does not."""
    one.serial += 1
    identity, place = Identity("test", who), Place("test", who)
    envelope = Envelope("test", f"asked{one.serial}", command, identity, place, language="en")
    answer = await one.office.desk.machine.engine.handle(envelope)
    return answer.code if answer.code in ("not_allowed", "not_found") else ""


@pytest.mark.parametrize("state", list(STATES))
async def test_the_door_by_role_and_state(tmp_path: Path, state: str) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("sue", "supervisor")
        incident = await one.incident()
        (row,) = await one.office.store.select("reports")
        await STATES[state](one, incident)
        for role in ROLES:
            await one.joins(role, role)
        for who in (*ROLES, NOBODY):
            for kind, command in asked(one, who, incident, str(row["report"])).items():
                may = BY_CHAT[kind]
                if kind in (RevealCustomer, RevealReporter):
                    may = may & HIDDEN.get(state, may)
                code = await refused(one, who, command)
                assert (code == "") == (who in may), (who, command.tag, code)


ABOUT_A_REPORT: dict[type[Command], dict[str, Any]] = {
    AddVulnerabilityNote: {"words": "Some words", "agreed": True, "days": 30},
    ClearDistress: {"why": "helped"},
    MarkSeen: {"through": 1},
    ReplyToCustomer: {"words": "Some words"},
    RevealReporter: {},
    ReviewVulnerabilityNote: {"number": 1, "days": 0},
    SumUpDistress: {"said": "Some", "next_step": "Some", "contact": "Some"},
    WriteNote: {"words": "Some words"},
}
"""What somebody with a role may do with a report that is named."""


def test_every_command_that_names_a_report_is_asked_about_a_hidden_one() -> None:
    every = {
        one
        for one, rule in RULES.items()
        if rule.roles and one.kind == "report" and "report" in one.model_fields
    }
    assert every == set(ABOUT_A_REPORT)


async def test_a_report_is_there_for_those_who_may_see_its_incident_alone(tmp_path: Path) -> None:
    """Whoever asks from a place that gives the role is judged as who has one of their own."""
    async with room(tmp_path) as one:
        for who in ("ana", "ben"):
            await one.joins(who, "agent")
        await one.joins("sue", "supervisor")
        incident = await one.incident()
        (row,) = await one.office.store.select("reports")
        report = str(row["report"])
        await STATES["taken"](one, incident)  # by Ana
        await STATES["restricted"](one, incident)
        await one.office.desk.settle()
        told = [
            x.model_validate({"report": report, **given}) for x, given in ABOUT_A_REPORT.items()
        ]
        before = (await one.office.desk.machine.engine.live(report)).version
        assert [await refused(one, "ben", each) for each in told] == ["not_found"] * len(told)
        assert [await refused(one, NOBODY, each) for each in told] == ["not_found"] * len(told)
        assert (await one.office.desk.machine.engine.live(report)).version == before
        for who in ("ana", "sue"):
            assert [await refused(one, who, each) for each in told] == [""] * len(told)


async def test_who_reported_what_few_may_see_is_told_to_them_alone(tmp_path: Path) -> None:
    """By the button of a card that hung before the incident was there."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("sue", "supervisor")
        await one.office.press(WriteMessage(words="The lift is stuck"), "carol", "web")
        await one.office.advance(MINUTE)
        cards = [x.post.card for x in one.office.channel.places["team"]]
        old = next(x for x in cards if x is not None and has(x, "Who is it?"))
        incident = await one.incident()
        await STATES["restricted"](one, incident)
        (row,) = await one.office.store.select("reports")
        before = (await one.office.desk.machine.engine.live(str(row["report"]))).version
        reply = await one.press("ana", token_of(old, "Who is it?"))
        assert "nothing here under that name" in reply.text
        assert (await one.office.desk.machine.engine.live(str(row["report"]))).version == before
        assert "nothing here" not in (await one.press("sue", token_of(old, "Who is it?"))).text
