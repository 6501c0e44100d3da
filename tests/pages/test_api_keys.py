"""The page of programs: secrets shown once, made and ended by administrators alone."""

import re
from pathlib import Path

from bot.core.calendar import DAY
from bot.core.person_words import GrantRole, ResetSignIn
from tests.pages.api_kit import Asker, code
from tests.pages.kit import Page, Person, Web, web
from tests.pages.proofs import proves
from tests.pages.test_crew import pressed


def secret_in(page: Page) -> str:
    """The key or secret that is shown."""
    found = re.search(r'value="(muster_[^"]+|whsec_[^"]+)"', page.html)
    return found[1] if found else ""


async def chief_of(served: Web) -> Person:
    chief = await served.staff("Dana", "administrator")
    await proves(served, chief)
    return chief


async def test_a_key_is_made_shown_once_used_and_revoked(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await chief_of(served)
        assert "No program has a key yet" in (await chief.page("/people/keys")).text
        fields = {"id": "the-number-1", "name": " Ticket  system ", "lasts": "30"}
        fields |= {"scope_api:open": "yes", "scope_api:read": "yes"}
        status, page = await pressed(chief, "/people/keys", **fields)
        key = secret_in(page)
        assert (status, len(key)) == (200, 39)
        listed = await chief.page("/people/keys")
        assert key not in listed.html
        assert "Ticket system" in listed.text
        assert "never yet" in listed.text
        status, again = await pressed(chief, "/people/keys", **fields)
        assert (status, secret_in(again)) == (409, "")
        asks = Asker(served.client("192.0.2.8"), key)
        await asks.opened()
        said = {"words": "Hello", "audience": "staff"}
        answer = await asks.post("/incidents/N-222-222P/updates", said)
        assert code(answer, 403) == "not_allowed"
        used = await chief.page("/people/keys")
        assert "never yet" not in used.text
        # It is a program and no colleague: nothing makes it one.
        assert "Ticket system" not in (await chief.page("/people")).text
        person = re.search(r'name="person" value="(per_[^"]+)"', used.html)
        assert person is not None
        now = served.desk.clock.now()
        for command in (
            GrantRole(person=person[1], role="agent"),
            ResetSignIn(person=person[1], token="t" * 64, until=now + DAY),
        ):
            (session, *_) = await served.house.sessions.of(chief.person)
            answered = await served.desk.press(command, session.account)
            assert answered.code == "not_found"
        ended = {"person": person[1], "next": "/people/keys"}
        status, _ = await pressed(chief, "/do/disable_person", **ended)
        assert status == 303
        assert "Revoked" in (await chief.page("/people/keys")).text
        assert code(await asks.get("/incidents"), 401) == "no_key"


async def test_a_key_without_name_scope_or_end_is_not_made(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await chief_of(served)
        whole = {"name": "Ticket system", "lasts": "30", "scope_api:read": "yes"}
        for wrong in ({"name": " "}, {"name": "x" * 81}, {"lasts": "10000"}, {"lasts": ""}):
            status, page = await pressed(chief, "/people/keys", **{**whole, **wrong})
            assert (status, secret_in(page)) == (409, ""), wrong
        none = {"name": "Ticket system", "lasts": "30", "scope_agent": "yes"}
        status, page = await pressed(chief, "/people/keys", **none)
        assert (status, secret_in(page)) == (409, "")
        assert await served.desk.store.count("programs") == 0


async def test_without_a_fresh_proof_no_key_is_made(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        served.desk.clock.jump(DAY // 24)
        fields = {"name": "Ticket system", "lasts": "30", "scope_api:read": "yes"}
        _, page = await pressed(chief, "/people/keys", **fields)
        assert secret_in(page) == ""
        assert await served.desk.store.count("programs") == 0


async def test_a_target_is_added_where_the_setting_allows_it_and_removed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await chief_of(served)
        good = {"url": "https://hooks.example.org/a", "topic_update": "yes"}
        status, page = await pressed(chief, "/people/hooks", **good)
        assert (status, secret_in(page)) == (409, "")
        assert "No host may be told" in (await chief.page("/people/keys")).text
        served.house.webhooks = ("hooks.example.org",)
        for url in ("https://10.0.0.1/", "http://hooks.example.org/", "https://x.example.org/"):
            status, page = await pressed(chief, "/people/hooks", **{**good, "url": url})
            assert (status, secret_in(page)) == (409, ""), url
        status, page = await pressed(chief, "/people/hooks", url=good["url"])
        assert (status, secret_in(page)) == (409, "")
        status, page = await pressed(chief, "/people/hooks", **good)
        assert (status, len(secret_in(page))) == (200, 50)
        listed = await chief.page("/people/keys")
        assert good["url"] in listed.text
        assert "whsec_" not in listed.html
        person = re.search(r'name="person" value="(per_[^"]+)"', listed.html)
        assert person is not None
        ended = {"person": person[1], "next": "/people/keys"}
        await pressed(chief, "/do/disable_person", **ended)
        assert "Removed" in (await chief.page("/people/keys")).text
