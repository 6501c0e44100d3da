"""What is grave asks again who is there, keeps what was filled in, and does exactly that press."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.core.access import PROOF_SERVES
from bot.core.commands import Envelope, Identity, Place
from bot.core.person import Person as Known
from bot.core.person_words import GrantRole, RevokeRole
from bot.pages.asked import COMMANDS
from bot.workflows.table import RULES
from tests.engine.kit import MINUTE
from tests.pages.kit import Page, Person, Web, stream, web
from tests.pages.test_crew import pressed
from tests.pages.test_desk import reported
from tests.pages.test_matrix import FIELDS
from tests.pages.test_matrix_posts import routes
from tests.pages.test_me import also

PASSWORD = "five calm green old chairs"
WRONG = "another one that is long"
GRAVE = {
    "invite_person",
    "grant_role",
    "revoke_role",
    "disable_person",
    "end_sign_ins",
    "reset_sign_in",
    "erase_person",
    "part_identity_of",
    "adopt_playbook",
    "add_passkey",
    "remove_passkey",
    "add_login",
    "remove_login",
}
TO_MANY = {"publish_update", "correct_update", "approve_update", "stand_down_major"}


async def with_password(served: Web, called: str, *roles: Any) -> Person:
    person = await served.staff(called, *roles)
    status, page = await pressed(person, "/me/sign-in", name=called, password=PASSWORD)
    assert status == 303, page.text
    return person


async def stale(served: Web, called: str = "Dana", *roles: Any) -> Person:
    """Somebody who came in a while ago."""
    person = await with_password(served, called, *(roles or ("administrator",)))
    served.desk.clock.jump(PROOF_SERVES)
    return person


def kept_in(page: Page) -> dict[str, str]:
    """What the question holds of the press that it is for."""
    return {name: one for name, one in page.fields().items() if not name.startswith("proof_")}


async def roles_of(served: Web, person: Person) -> tuple[str, ...]:
    state = await served.desk.state(person.person)
    assert isinstance(state, Known)
    return state.roles


# --- which ------------------------------------------------------------------------------------


def test_each_grave_command_is_named_and_so_is_whatever_only_administrators_may() -> None:
    assert {one.tag for one, rule in RULES.items() if rule.proof == "always"} >= GRAVE
    assert {one.tag for one, rule in RULES.items() if rule.proof == "many"} == TO_MANY
    for one, rule in RULES.items():
        if rule.roles == ("administrator",):
            assert rule.proof == "always", one.tag


async def test_every_route_to_something_grave_asks_first_and_does_nothing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        ben = await served.staff("Ben", "agent")
        before = await served.desk.store.head()
        fields = {**FIELDS, "person": ben.person}
        for tag in GRAVE & set(COMMANDS):
            answer = (await chief.post(f"/do/{tag}", {**fields, "id": chief.number()})).json()
            assert answer["code"] == "prove", tag
        mine = ["/me/passkey/end", "/me/organisation/end"]
        paths = ["/people/invite", "/people/reset", *mine]
        for path in (*paths, *(f"/do/{tag}" for tag in GRAVE & set(COMMANDS))):
            status, page = await pressed(chief, path, **{k: str(v) for k, v in fields.items()})
            assert status == 403, path
            assert "Is it you?" in page.text, path
            assert page.all("form")[1]["action"] == path
            assert page.fields()["person"] == ben.person
        assert await served.desk.store.head() == before


async def test_an_entry_that_knows_of_no_proof_does_nothing_grave(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ben = await served.staff("Dana"), await served.staff("Ben", "agent")
        (session,) = await served.house.sessions.of(chief.person)
        who = Identity("web", session.account)
        command = GrantRole(person=ben.person, role="supervisor")
        for proved_at in (None, 0, served.desk.clock.now() + 1):
            envelope = Envelope("web", "s1", command, who, Place("web", "x"), proved_at=proved_at)
            assert (await served.house.engine.handle(envelope)).code == "prove"
        now = served.desk.clock.now()
        envelope = Envelope("web", "s1", command, who, Place("web", "x"), proved_at=now)
        assert (await served.house.engine.handle(envelope)).outcome == "done"


@pytest.mark.parametrize(("audience", "asks"), [("public", True), ("staff", False)])
async def test_a_text_for_many_asks_and_one_for_few_does_not(
    tmp_path: Path, audience: str, asks: bool
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await stale(served, "Ana", "agent")
        update = {"incident": incident, "words": "We are on it.", "audience": audience}
        assert (await ana.do("publish_update", **update))["outcome"] == "done"
        editions = served.house.engine.editions
        careful = {"safeguards": editions.current.safeguards.model_copy(update={"prove_above": 0})}
        editions.add("careful", editions.current.model_copy(update=careful))
        editions.adopt("careful")
        answer = await ana.do("publish_update", **update)
        assert (answer["code"] == "prove") == asks
        if asks:
            assert "many people" in answer["text"]
            answer = await ana.do("publish_update", **update, proof_password=PASSWORD)
        assert answer["outcome"] == "done", answer


# --- carries on with exactly that press --------------------------------------------------------


async def test_a_plain_form_goes_on_where_it_was_once_the_password_is_right(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        ben = await served.staff("Ben", "agent")
        _, asked = await pressed(
            chief, "/do/grant_role", person=ben.person, role="resource", next="/people"
        )
        kept = kept_in(asked)
        assert PASSWORD not in asked.html
        status, again = await pressed(chief, "/do/grant_role", **kept, proof_password=WRONG)
        assert status == 403
        assert "This is not your password" in again.text
        assert WRONG not in again.html
        assert kept_in(again) == kept
        assert "resource" not in await roles_of(served, ben)
        fields = {**kept, "proof_password": PASSWORD}
        response = await chief.client.post(
            "/do/grant_role", data=fields, headers={"origin": served.origin}
        )
        assert (response.status_code, response.headers["location"]) == (303, "/people")
        assert "resource" in await roles_of(served, ben)
        status, _ = await pressed(chief, "/do/revoke_role", person=ben.person, role="resource")
        assert status == 303


async def test_a_script_sends_the_same_press_again_with_the_proof(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        ben = await served.staff("Ben", "agent")
        fields = {"id": "one-and-the-same", "person": ben.person, "role": "resource"}
        assert (await chief.post("/do/grant_role", fields)).json()["code"] == "prove"
        wrong = await chief.post("/do/grant_role", {**fields, "proof_password": WRONG})
        assert (wrong.status_code, wrong.json()["code"]) == (403, "not_proved")
        right = {**fields, "proof_password": PASSWORD}
        assert (await chief.post("/do/grant_role", right)).json()["outcome"] == "done"
        answer = (await chief.post("/do/grant_role", right)).json()
        assert answer["repeat"] is True
        part = (await chief.get("/me/prove", accept="application/json")).json()
        assert 'name="proof_password"' in part["html"]


async def test_a_link_is_made_once_the_proof_is_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        _, asked = await pressed(chief, "/people/invite", role_agent="yes")
        assert asked.fields()["role_agent"] == "yes"
        status, page = await pressed(
            chief, "/people/invite", **kept_in(asked), proof_password=PASSWORD
        )
        assert status == 200
        assert "/join/" in page.html


async def test_a_role_that_goes_while_the_question_stands_is_gone(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ben = await stale(served), await served.staff("Ben", "agent")
        await served.desk.join("boss", "administrator")
        fields = {"id": "a-press-1", "person": ben.person, "role": "supervisor"}
        assert (await chief.post("/do/grant_role", fields)).json()["code"] == "prove"
        await served.desk.done(GrantRole(person=chief.person, role="agent"), "boss")
        await served.desk.done(RevokeRole(person=chief.person, role="administrator"), "boss")
        answer = await chief.post("/do/grant_role", {**fields, "proof_password": PASSWORD})
        assert answer.json()["code"] == "not_allowed"
        assert "supervisor" not in await roles_of(served, ben)


# --- whose proof, and for how long -------------------------------------------------------------


async def test_a_proof_serves_for_a_while_on_the_sign_in_where_it_was_given(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief, ben = await stale(served), await served.staff("Ben", "agent")
        fields = {"person": ben.person, "role": "resource"}
        other = await also(served, chief)
        served.desk.clock.jump(PROOF_SERVES)
        assert (await chief.do("end_sign_ins", person=ben.person))["code"] == "prove"
        done = await chief.do("grant_role", **fields, proof_password=PASSWORD)
        assert done["outcome"] == "done"
        assert (await other.do("revoke_role", **fields))["code"] == "prove"
        served.desk.clock.jump(PROOF_SERVES - 1)
        await chief.done("revoke_role", **fields)
        served.desk.clock.jump(1)
        assert (await chief.do("grant_role", **fields))["code"] == "prove"


async def test_whoever_had_the_old_token_gains_nothing_by_the_proof_of_another(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief, ben = await stale(served), await served.staff("Ben", "agent")
        thief = served.stranger()
        for one in chief.client.cookies.jar:
            thief.client.cookies.set(one.name, one.value or "")
        assert (await thief.get("/desk")).status_code == 200
        async with stream(thief, "/desk/live") as opened:
            await opened.next("board")
            await chief.done(
                "grant_role", person=ben.person, role="resource", proof_password=PASSWORD
            )
            assert (await thief.get("/desk")).status_code == 303
            assert len(await served.house.sessions.of(chief.person)) == 1
            await served.desk.advance(MINUTE)
            assert (await opened.next("gone", "end"))[0] == "end"
        assert (await chief.get("/desk")).status_code == 200


async def test_two_windows_that_prove_at_once_are_both_served_and_one_sign_in_is_left(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief, ben = await stale(served), await served.staff("Ben", "agent")
        presses = [
            {"id": f"window-{role}", "person": ben.person, "role": role}
            for role in ("resource", "supervisor")
        ]
        answers = await asyncio.gather(
            *(chief.post("/do/grant_role", {**one, "proof_password": PASSWORD}) for one in presses)
        )
        assert [one.json()["outcome"] for one in answers] == ["done", "done"]
        assert len(await served.house.sessions.of(chief.person)) == 1
        assert (await chief.get("/desk")).status_code == 200


async def test_a_sign_in_that_is_ended_meanwhile_stays_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        chief, ben = await stale(served), await served.staff("Ben", "agent")
        (session,) = await served.house.sessions.of(chief.person)
        accounts = served.house.proofs.accounts
        proves = accounts.proves

        async def slow(person: str, password: str) -> bool:
            await served.house.sessions.end(session)
            return await proves(person, password)

        monkeypatch.setattr(accounts, "proves", slow)
        fields = {"id": "a-press-1", "person": ben.person, "role": "supervisor"}
        answer = await chief.post("/do/grant_role", {**fields, "proof_password": PASSWORD})
        assert answer.status_code == 401
        assert await served.desk.store.count("sessions", {"person": chief.person}) == 0


async def test_wrong_passwords_in_a_row_are_slowed_wherever_they_are_tried(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        paths = ("/me/prove", "/people/invite", "/do/end_sign_ins")
        codes = []
        for number in range(11):
            fields = {"id": chief.number(), "person": "x", "proof_password": WRONG}
            codes.append((await chief.post(paths[number % 3], fields)).json()["code"])
        assert codes[:10] == ["not_proved"] * 10
        assert codes[10] == "too_fast"
        status, page = await pressed(chief, "/me/prove", proof_password=PASSWORD)
        assert status == 429
        assert "wait a minute" in page.text
        served.desk.clock.jump(MINUTE)
        assert (await pressed(chief, "/me/prove", proof_password=PASSWORD))[0] == 303


async def test_who_came_by_a_link_is_told_to_choose_a_password_and_that_proves_it(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        served.desk.clock.jump(PROOF_SERVES)
        status, page = await pressed(chief, "/people/invite", role_agent="yes")
        assert status == 403
        assert "You have no password yet" in page.text
        assert (await chief.post("/me/prove", {"proof_password": ""})).status_code == 403
        status, _ = await pressed(chief, "/me/sign-in", name="dana", password=PASSWORD)
        assert status == 303
        # The question stands in its window, and the very press that it keeps goes on.
        assert (await pressed(chief, "/people/invite", **kept_in(page)))[0] == 200


# --- pages that were left alone -----------------------------------------------------------------


async def test_the_people_page_asks_again_when_nobody_used_it_and_the_desk_does_not(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        lead = await with_password(served, "Lea", "supervisor")
        for _ in range(3):
            served.desk.clock.jump(PROOF_SERVES - MINUTE)
            assert (await lead.get("/people")).status_code == 200
        async with stream(lead, "/people/live") as opened:
            await opened.next("view")
            served.desk.clock.jump(PROOF_SERVES)
            await served.staff("Ben", "agent")
            assert (await opened.next("gone", "end"))[0] == "gone"
        assert (await lead.get("/desk")).status_code == 200
        response = await lead.get("/people")
        assert (response.status_code, response.headers["location"]) == (
            303,
            "/me/prove?next=/people",
        )
        page: Page = await lead.page("/me/prove?next=/people")
        assert "not used these pages for a while" in page.text
        fields = {**page.fields(), "proof_password": PASSWORD}
        origin = {"origin": served.origin}
        response = await lead.client.post("/me/prove", data=fields, headers=origin)
        assert (response.status_code, response.headers["location"]) == (303, "/people")
        assert (await lead.get("/people")).status_code == 200


async def test_a_press_that_was_refused_does_not_open_the_people_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        ben = await served.staff("Ben", "agent")
        assert (await chief.do("end_sign_ins", person=ben.person))["code"] == "prove"
        for path in ("/people", "/people/keys"):
            response = await chief.get(path)
            assert response.headers["location"] == f"/me/prove?next={path}"


async def test_each_page_under_people_asks_again_when_nobody_used_them(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        pages = [one for one in routes(served, "GET") if one.startswith("/people")]
        assert "/people" in pages
        for path in (one for one in pages if not one.endswith("/live")):
            response = await chief.get(path)
            assert response.headers.get("location") == f"/me/prove?next={path}", path


@pytest.mark.parametrize("to", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:x"])
async def test_a_proof_leads_nowhere_else(tmp_path: Path, to: str) -> None:
    async with web(tmp_path) as served:
        chief = await stale(served)
        fields = {"next": to, "proof_password": PASSWORD}
        origin = {"origin": served.origin}
        response = await chief.client.post("/me/prove", data=fields, headers=origin)
        assert response.headers["location"] == "/me"
