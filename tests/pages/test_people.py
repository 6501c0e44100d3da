"""The way in: a link that works once, a cookie that says who somebody is, a way out."""

from pathlib import Path

import pytest

from bot.core.person_words import DisablePerson, RevokeRole
from tests.engine.kit import MINUTE
from tests.pages.kit import ORIGIN, Page, Person, Web, web

HOUR = 60 * MINUTE
DAY = 24 * HOUR


async def invited(served: Web, *roles: str) -> tuple[Person, str, Page]:
    """A stranger who has opened a link: who, its path, the page."""
    person = served.stranger()
    path = f"/join/{await served.desk.machine.invite(('agent',))}"
    return person, path, await person.page(path)


async def join(person: Person, path: str, fields: dict[str, str]) -> tuple[int, str]:
    response = await person.client.post(path, data=fields, headers={"origin": person.web.origin})
    return response.status_code, response.text


async def test_looking_at_a_link_says_who_is_invited_to_what_and_uses_nothing_up(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        assert "Agent" in page.text
        assert "the service desk" in page.text
        again = await person.page(path)
        assert "Agent" in again.text
        status, _ = await join(person, path, {**again.fields(), "name": "Ana"})
        assert status == 303


async def test_whoever_joins_is_signed_in_by_a_cookie_that_no_script_can_read(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        response = await person.client.post(
            path, data={**page.fields(), "name": "Ana"}, headers={"origin": ORIGIN}
        )
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert (await person.get("/desk")).status_code == 200
        assert "Ana" in (await person.page("/desk")).text


async def test_over_https_the_cookie_is_bound_to_this_host_and_to_https(tmp_path: Path) -> None:
    async with web(tmp_path, public_url="https://muster.test") as served:
        person, path, page = await invited(served)
        response = await person.client.post(
            path, data={**page.fields(), "name": "Ana"}, headers={"origin": served.origin}
        )
        assert response.headers["set-cookie"].startswith("__Host-muster=")
        assert "Secure" in response.headers["set-cookie"]
        assert "max-age" in response.headers["strict-transport-security"]


async def test_a_link_works_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        await join(person, path, {**page.fields(), "name": "Ana"})
        other = served.stranger()
        response = await other.get(path)
        assert response.status_code == 404
        assert "used already" in response.text
        status, text = await join(other, path, {**page.fields(), "form": "x" * 20, "name": "Eve"})
        assert status == 409
        assert "does not work any more" in text
        assert (await other.get("/desk")).status_code == 303


async def test_the_same_form_sent_again_signs_in_again_since_the_answer_may_be_lost(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        fields = {**page.fields(), "name": "Ana"}
        assert (await join(person, path, fields))[0] == 303
        person.client.cookies.clear()
        assert (await join(person, path, fields))[0] == 303
        assert (await person.get("/desk")).status_code == 200
        assert len(await served.desk.store.select("people")) == 1


async def test_a_form_that_is_found_open_later_is_no_key(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        fields = {**page.fields(), "name": "Ana"}
        await join(person, path, fields)
        person.client.cookies.clear()
        served.desk.clock.jump(16 * MINUTE)
        assert (await join(person, path, fields))[0] == 409
        assert (await person.get("/desk")).status_code == 303


async def test_a_link_ends_when_its_time_is_over(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        served.desk.clock.jump(8 * DAY)
        response = await person.get(path)
        assert response.status_code == 404
        assert "It ended on" in response.text
        assert (await join(person, path, {**page.fields(), "name": "Ana"}))[0] == 409


@pytest.mark.parametrize("name", ["", " ", "\u202e", "x" * 81])
async def test_a_name_that_cannot_be_used_is_asked_for_again_and_the_link_still_works(
    tmp_path: Path, name: str
) -> None:
    async with web(tmp_path) as served:
        person, path, page = await invited(served)
        status, text = await join(person, path, {**page.fields(), "name": name})
        assert status == 400
        again = Page(text)
        assert again.all("p")
        assert again.fields()["name"] == name
        assert (await join(person, path, {**again.fields(), "name": "Ana"}))[0] == 303


@pytest.mark.parametrize("token", ["nonsense", "%00", "x" * 5000, "..%2f..", "<script>"])
async def test_an_invented_link_gets_a_kind_page(tmp_path: Path, token: str) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().get(f"/join/{token}")
        assert response.status_code == 404


async def test_joining_with_another_persons_id_is_refused(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "administrator")
        person, path, page = await invited(served)
        for other in (ana.person, "per_" + "0" * 26, "desk", "nobody", ""):
            fields = {**page.fields(), "person": other, "name": "Eve"}
            status, _ = await join(person, path, fields)
            assert status in (400, 409)
        assert (await person.get("/desk")).status_code == 303


async def test_joining_again_in_one_browser_ends_the_sign_in_before(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        before = dict(ana.client.cookies)
        path = f"/join/{await served.desk.machine.invite(('supervisor',))}"
        page = await ana.page(path)
        await join(ana, path, {**page.fields(), "name": "Ana"})
        thief = served.stranger()
        thief.client.cookies.update(before)
        assert (await thief.get("/desk")).status_code == 303


async def test_signing_out_ends_the_token_not_only_the_cookie(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        kept = dict(ana.client.cookies)
        response = await ana.client.post("/signout", data={}, headers={"origin": ORIGIN})
        assert response.status_code == 303
        ana.client.cookies.update(kept)
        assert (await ana.get("/desk")).status_code == 303


@pytest.mark.parametrize(("after", "status"), [(6 * DAY, 200), (8 * DAY, 303)])
async def test_a_sign_in_ends_when_it_is_not_used_for_a_week(
    tmp_path: Path, after: int, status: int
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        served.desk.clock.jump(after)
        assert (await ana.get("/desk")).status_code == status


async def test_a_sign_in_ends_after_a_month_however_much_it_is_used(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        for _ in range(5):
            served.desk.clock.jump(5 * DAY)
            assert (await ana.get("/desk")).status_code == 200
        served.desk.clock.jump(5 * DAY)
        assert (await ana.get("/desk")).status_code == 303


async def test_a_role_that_was_taken_away_is_gone_at_the_next_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent", "resource")
        chief = await served.staff("Chief", "administrator")
        await served.asks(chief, RevokeRole(person=ana.person, role="agent"))
        assert (await ana.get("/desk")).status_code == 403
        assert (await ana.get("/tasks")).status_code == 200


async def test_a_closed_account_is_nobody_at_the_next_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        chief = await served.staff("Chief", "administrator")
        await served.asks(chief, DisablePerson(person=ana.person))
        assert (await ana.get("/desk")).status_code == 303
        answer = await ana.post("/do/take_incident", {"id": "12345678"})
        assert answer.status_code == 401


async def test_only_the_hash_of_a_token_is_stored(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        token = next(one.value for one in ana.client.cookies.jar) or ""
        rows = await served.desk.store.select("sessions")
        assert len(rows) == 1
        assert token not in str(rows)
        assert len(token) >= 32


async def test_an_invented_cookie_is_nobody(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        for value in ("x", "A" * 32, "x" * 4000):
            person = served.stranger()
            person.client.cookies.set("muster", value)
            assert (await person.get("/desk")).status_code == 303


async def test_trying_out_links_is_slowed_down_and_those_that_work_are_not(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person = served.stranger()
        statuses = [(await person.get(f"/join/{one:032}")).status_code for one in range(31)]
        assert (statuses[29], statuses[30]) == (404, 429)
        assert (await invited(served))[2].all("form")
