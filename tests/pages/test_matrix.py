"""Who may see and do what over HTTP: every page and every command, for every role, written out.

Whatever is not in these tables is denied.
"""

from pathlib import Path
from typing import Any

import pytest

from bot.core.person_words import ROLES, Role
from bot.pages.asked import COMMANDS
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported

DESK = {"agent", "supervisor", "administrator"}
PAGES: dict[str, set[str]] = {
    "/desk": DESK,
    "/desk/live": DESK,
    "/desk/new": DESK,
    "/desk/incidents/{incident}": DESK,
    "/desk/incidents/{incident}/live": DESK,
    "/desk/incidents/{incident}/merge": DESK,
    "/desk/deliveries": DESK,
    "/desk/incidents/{incident}/updates/{number}": DESK,
    "/desk/reports/{report}": DESK,
    "/desk/reports/{report}/live": DESK,
    "/desk/reports/{report}/files/{file}": DESK,
    "/desk/incidents/{incident}/tasks/{number}": DESK,
    "/tasks": DESK | {"resource"},
    "/tasks/live": DESK | {"resource"},
    "/people": {"supervisor", "administrator"},
    "/people/live": {"supervisor", "administrator"},
    "/people/keys": {"administrator"},
    "/me": set(ROLES),
    "/me/live": set(ROLES),
    "/me/prove": set(ROLES),
    "/gallery": DESK,
    "/metrics": {"administrator"},
}
OPEN = (
    "/",
    "/chat",
    "/help",
    "/status",
    "/status.json",
    "/status/feed.atom",
    "/signin",
    "/healthz",
    "/readyz",
    "/static/base.css",
)
STAFF = {"agent", "supervisor"}
BY_STAFF = (
    "open_incident",
    "acknowledge_incident",
    "take_incident",
    "tick_step",
    "hand_over_incident",
    "release_incident",
    "assess_incident",
    "override_priority",
    "escalate_incident",
    "answer_alarm",
    "hold_incident",
    "resume_incident",
    "resolve_incident",
    "reopen_incident",
    "close_incident",
    "cancel_incident",
    "restrict_incident",
    "write_incident_note",
    "stand_by_for_major",
    "declare_major",
    "stand_down_major",
    "cancel_major",
    "offer_post",
    "accept_post",
    "decline_post",
    "take_back_offer",
    "release_post",
    "write_methane",
    "record_decision",
    "correct_milestone",
    "set_kind",
    "do_path_step",
    "set_fulfilment",
    "answer_enquiry",
    "hand_enquiry_on",
    "open_problem",
    "link_problem",
    "unlink_problem",
    "describe_cause",
    "set_workaround",
    "set_category",
    "merge_incident",
    "split_incident",
    "not_the_same",
    "link_incidents",
    "ask_for_resource",
    "cancel_task",
    "award_task",
    "publish_update",
    "correct_update",
    "withdraw_update",
    "revise_draft",
    "withdraw_draft",
    "break_glass",
    "replay_deliveries",
    "discard_deliveries",
    "reply_to_customer",
    "write_note",
    "clear_distress",
    "sum_up_distress",
    "add_vulnerability_note",
    "review_vulnerability_note",
    "mark_seen",
)
BY_RESOURCE = (
    "claim_task",
    "revise_eta",
    "depart",
    "arrive",
    "complete_task",
    "release_task",
    "decline_task",
    "bid_for_task",
    "take_back_bid",
    "offer_place",
    "accept_place",
    "refuse_place",
    "say_well",
    "call_for_help",
    "read_briefing",
    "report_can",
)
BY_ADMINISTRATOR = (
    "grant_role",
    "revoke_role",
    "disable_person",
    "end_sign_ins",
    "part_identity_of",
)
ABOUT_ONESELF = (
    "set_availability",
    "cover_areas",
    "say_how_i_am",
    "confirm_join",
    "decline_join",
    "part_identity",
    "choose_where",
    "end_own",
    "stop_following",
)
MAY: dict[str, set[str]] = {
    **dict.fromkeys(BY_STAFF, STAFF),
    **{tag: {"resource"} for tag in BY_RESOURCE},
    **{tag: set(ROLES) for tag in ABOUT_ONESELF},
    **{tag: {"administrator"} for tag in BY_ADMINISTRATOR},
    "describe_person": {"supervisor", "administrator"},
    "approve_update": DESK,
    "send_back_draft": DESK,
}
FIELDS: dict[str, Any] = {
    "task": 1,
    "draft": 1,
    "version": 1,
    "minutes": 5,
    "words": "Some words",
    "reason": "Some reason",
    "note": "Some note",
    "to": "per_" + "0" * 26,
    "impact": "low",
    "urgency": "low",
    "priority": "P2",
    "visibility": "normal",
    "audience": "staff",
    "number": 1,
    "through": 1,
    "eta": 1,
    "holder": "per_" + "0" * 26,
    "condition": "Dark",
    "actions": "Testing",
    "needs": "A ladder",
    "other": "inc_" + "0" * 26,
    "available": False,
    "what": "A ladder",
    "person": "per_" + "0" * 26,
    "role": "agent",
    "category": "power",
    "incident_kind": "complaint",
    "into": "inc_" + "0" * 26,
    "step": "1",
    "by_whom": "Some words",
    "day": "2030-01-02",
    "done": True,
    "why": "helped",
    "cause": "manual",
    "about": "",
    "said": "Some words",
    "next_step": "Some words",
    "contact": "Some words",
    "days": 30,
    "agreed": "yes",
    "how": "fine",
    "post": "scribe",
    "recovered": "Some words",
    "data_loss": "Some words",
    "decision": "Some words",
    "letter_hazards": "Some words",
    "milestone": "opened",
    "problem": "inc_" + "0" * 26,
    "each": True,
}


def test_the_table_names_every_command_that_can_be_asked() -> None:
    assert set(MAY) == set(COMMANDS)


async def published(served: Web, incident: str) -> None:
    ana = await served.staff("Ana Smith", "agent")
    update = {"words": "Some words", "audience": "staff", "next_in": 30}
    await ana.done("publish_update", incident=incident, **update)


@pytest.mark.parametrize("role", ROLES)
async def test_pages(tmp_path: Path, role: Role) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        await published(served, incident)
        label = (await visitor.state())["report"]["reference"]
        file = await visitor.sent_file(b"A list of rooms")
        person = await served.staff("Somebody", role)
        for path, who in PAGES.items():
            if path.endswith("/live") and role in who:
                continue  # An open stream does not end; test_live has those.
            at = path.format(incident=reference, report=label, file=file, number=1)
            status = (await person.get(at)).status_code
            assert (status == 200) == (role in who), (path, status)
            assert status in (200, 403)
        for path in OPEN:
            assert (await person.get(path)).status_code in (200, 303)


async def test_pages_of_strangers(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        await published(served, incident)
        label = (await visitor.state())["report"]["reference"]
        file = await visitor.sent_file(b"A list of rooms")
        for person in (served.stranger(), visitor):
            for path in PAGES:
                at = path.format(incident=reference, report=label, file=file, number=1)
                response = await person.get(at)
                assert response.status_code in (303, 403), path
                assert "Main street" not in response.text
            for path in OPEN:
                assert (await person.get(path)).status_code == 200


async def asked(person: Person, tag: str, incident: str, report: str) -> str:
    """The code with which the door answers; empty when it was not denied."""
    fields = {**FIELDS, "incident": incident, "report": report}
    answer = await person.do(tag, **fields)
    return str(answer["code"]) if answer["code"] in ("not_allowed", "not_found") else ""


@pytest.mark.parametrize("role", ROLES)
async def test_commands(tmp_path: Path, role: Role) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        (row,) = await served.desk.store.select("reports")
        person = await served.staff("Somebody", role)
        for tag, who in MAY.items():
            code = await asked(person, tag, incident, str(row["report"]))
            if role not in who:
                assert code == "not_allowed", tag
            else:
                assert code != "not_allowed", tag


async def test_a_report_of_an_incident_that_few_may_see_is_there_for_those_few(
    tmp_path: Path,
) -> None:
    about = [tag for tag, kind in COMMANDS.items() if kind.kind == "report"]
    assert set(about) == {
        "reply_to_customer",
        "write_note",
        "clear_distress",
        "sum_up_distress",
        "add_vulnerability_note",
        "review_vulnerability_note",
        "mark_seen",
    }
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        (row,) = await served.desk.store.select("reports")
        ana, ben = [await served.staff(who, "agent") for who in ("Ana Smith", "Ben Weiss")]
        await ana.done("take_incident", incident=incident)
        hide = {"visibility": "restricted", "reason": "Safeguarding"}
        await ana.done("restrict_incident", incident=incident, **hide)
        for tag in about:
            assert await asked(ben, tag, incident, str(row["report"])) == "not_found", tag
            assert await asked(ana, tag, incident, str(row["report"])) == "", tag


async def test_commands_of_strangers(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        before = await served.desk.store.head()
        for person in (served.stranger(), visitor):
            for tag in MAY:
                content = {**FIELDS, "id": "number-0001", "incident": incident}
                response = await person.post(
                    f"/do/{tag}", content, **getattr(person, "headers", {})
                )
                assert response.status_code == 401
        assert await served.desk.store.head() == before


async def test_a_customers_token_does_not_open_the_desk_nor_a_cookie_the_chat(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        thief = served.stranger()
        thief.client.cookies.set("muster", visitor.token)
        assert (await thief.get("/desk")).status_code == 303
        ana = await served.staff("Ana", "agent")
        token = next(one.value for one in ana.client.cookies.jar) or ""
        response = await thief.get("/chat/state", **{"x-muster-visitor": token})
        assert response.status_code == 401
        for path in (f"/chat/state?token={visitor.token}", f"/desk?muster={token}"):
            assert (await thief.get(path)).status_code in (303, 401)
