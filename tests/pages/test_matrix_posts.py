"""Everything that can be sent, by every role and by every sign-in that does not serve any more.

Complete by construction: a route or command that stands in no table here fails, and whatever is
not in the tables is denied.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.core.calendar import DAY
from bot.core.commands import Answer, Envelope
from bot.core.person_words import (
    ROLES,
    DisablePerson,
    EndSignIns,
    GrantRole,
    ResetSignIn,
    RevokeRole,
    Role,
)
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported
from tests.pages.test_matrix import ABOUT_ONESELF, DESK, FIELDS, MAY, OPEN, PAGES

POSTS: dict[str, set[str]] = {
    "/desk/typing": DESK,
    "/desk/calls/seen": {*DESK, "resource"},
    "/desk/preview/{tag}": {"agent", "supervisor"},
    "/people/invite": {"administrator"},
    "/people/reset": {"administrator"},
    "/people/keys": {"administrator"},
    "/people/hooks": {"administrator"},
    "/me/code": set(ROLES),
    "/me/sign-in": set(ROLES),
    "/me/prove": set(ROLES),
    "/me/passkey": set(ROLES),
    "/me/passkey/new": set(ROLES),
    "/me/passkey/ask": set(ROLES),
    "/me/passkey/end": set(ROLES),
    "/me/organisation/end": set(ROLES),
    "/me/end": set(ROLES),
    "/me/end-others": set(ROLES),
}
EACH_COMMAND = "/do/{tag}"
BY_PROOF = {
    "/join/{token}",
    "/signin",
    "/signin/passkey",
    "/signin/passkey/ask",
    "/signout",
    "/reset/{person}/{token}",
    "/chat/visitor",
    "/chat/do",
    "/chat/typing",
    "/chat/keep",
    "/chat/back",
    "/chat/file",
    "/chat/code",
    "/chat/on",
    "/chat/way",
    "/chat/lost",
    "/chat/mail",
    "/status/mail",
    "/status/mail/confirm/{secret}",
    "/status/mail/{token}",
    "/status/mail/{token}/end",
    "/status/here",
    "/status/here/end",
    "/hooks/leave/{token}",
}
"""Sent by anybody: what it does is for a token, a password or a visitor's own mark to say."""
READ_BY_PROOF = {
    "/signin/organisation",
    "/signin/organisation/back",
    "/me/organisation",
    "/me/organisation/add",
    "/join/{token}",
    "/reset/{person}/{token}",
    "/status/live",
    "/status/mail",
    "/status/mail/confirm/{secret}",
    "/status/mail/{token}",
    "/status/here",
    "/status/here/live",
    "/hooks/leave/{token}",
    "/status/{reference}",
    "/status/{reference}/feed.atom",
    "/static/embed.js",
    "/chat/state",
    "/chat/stream",
    "/chat/transcript",
    "/chat/file/{file}",
}


def routes(served: Web, method: str) -> set[str]:
    assert isinstance(served.app, Starlette)
    every = served.app.routes
    assert {type(one) for one in every} <= {Route, Mount}
    return {one.path for one in every if isinstance(one, Route) and method in (one.methods or ())}


def plain(path: str) -> str:
    """The same whatever its label is called, and whatever alone may stand for it."""
    same = path.replace("{incident}", "{reference}").replace("{report}", "{reference}")
    return same.replace("{number:int}", "{number}")


async def test_every_route_and_command_stands_in_a_table(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        assert routes(served, "POST") == {*POSTS, EACH_COMMAND, *BY_PROOF}
        pages = {plain(one) for one in PAGES}
        opened = {one for one in OPEN if not one.startswith("/static")}
        read = {plain(one) for one in routes(served, "GET")}
        assert read == {*pages, *opened, *map(plain, READ_BY_PROOF)}
        assert not {one for path in (*POSTS, *PAGES) for one in ("join", "chat") if one in path}


async def sent(person: Person, path: str, incident: str) -> int:
    fields = {**FIELDS, "incident": incident, "id": person.number(), "sign_in": "nothing"}
    at = path.format(tag="publish_update")
    return (await person.post(at, fields)).status_code


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_sent_beside_commands_is_taken_only_of_some_roles(
    tmp_path: Path, role: Role
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        person = await served.staff("Somebody", role)
        for path, who in POSTS.items():
            before = await served.desk.store.head()
            status = await sent(person, path, incident)
            assert status != 401, path
            if role not in who:
                assert status == 403, path
                assert await served.desk.store.head() == before
            else:
                assert status != 403, path


# --- sign-ins that do not serve any more -----------------------------------------------------


async def revoked(served: Web, person: Person) -> None:
    (session,) = await served.house.sessions.of(person.person)
    await served.house.sessions.end(session)


async def unused(served: Web, person: Person) -> None:
    served.desk.clock.jump(7 * DAY)


async def signed_out(served: Web, person: Person) -> None:
    """The log says it, whatever has become of the row."""
    await served.desk.done(EndSignIns(person=person.person), "chief")


async def reset(served: Web, person: Person) -> None:
    until = served.desk.clock.now() + DAY
    command = ResetSignIn(person=person.person, token="t" * 64, until=until)
    await served.desk.done(command, "chief")


async def closed(served: Web, person: Person) -> None:
    await served.desk.done(DisablePerson(person=person.person), "chief")


async def without_roles(served: Web, person: Person) -> None:
    for role in ROLES:
        await served.desk.done(RevokeRole(person=person.person, role=role), "chief")


ENDS = (revoked, unused, signed_out, reset, closed, without_roles)


@pytest.mark.parametrize("end", ENDS)
async def test_nothing_is_taken_from_a_sign_in_that_has_ended(
    tmp_path: Path, end: Callable[[Web, Person], Awaitable[None]]
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        await served.desk.join("chief", "administrator")
        person = await served.staff("Somebody")
        served.desk.clock.jump(1)
        await end(served, person)
        before = await served.desk.store.head()
        for path in (*POSTS, *(f"/do/{tag}" for tag in MAY)):
            assert await sent(person, path, incident) == 401, path
        for path in ("/desk", "/tasks", "/people", "/me", "/me/live"):
            assert (await person.get(path)).status_code == 303, path
        assert await served.desk.store.head() == before


# --- roles lost in mid-press -----------------------------------------------------------------


async def test_a_role_that_is_lost_in_mid_press_does_nothing_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page let it through; what the door decides is by the roles of that moment."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        (row,) = await served.desk.store.select("reports")
        about = {**FIELDS, "incident": incident, "report": row["report"]}
        await served.desk.join("chief", "administrator")
        person = await served.staff("Somebody")
        engine = served.house.engine
        door = engine.handle

        async def late(envelope: Envelope) -> Answer:
            monkeypatch.setattr(engine, "handle", door)
            await without_roles(served, person)
            answer = await door(envelope)
            for role in ROLES:
                await served.desk.done(GrantRole(person=person.person, role=role), "chief")
            return answer

        for tag in (one for one in MAY if one not in ABOUT_ONESELF):
            monkeypatch.setattr(engine, "handle", late)
            fields = {**about, "id": person.number()}
            answer = (await person.post(f"/do/{tag}", fields)).json()
            assert answer["code"] in ("not_allowed", "not_found"), (tag, answer)
        for path in ("/people/invite", "/people/reset"):
            monkeypatch.setattr(engine, "handle", late)
            fields = {"id": person.number(), "role_agent": "yes", "person": person.person}
            response = await person.post(path, fields)
            assert response.status_code == 409, path
