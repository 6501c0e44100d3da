"""Passkeys: made, signed in with, proved with and taken away; nothing else opens the door."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.core.access import PROOF_SERVES
from bot.core.person_words import DisablePerson, ErasePerson, ResetSignIn
from bot.engine.passkeys import OPEN_MOST, SERVES, party
from tests.authenticator import Authenticator, coded
from tests.pages.kit import Person, Web, web
from tests.pages.proofs import proves
from tests.pages.test_crew import pressed
from tests.pages.test_me import also
from tests.pages.test_proving import PASSWORD

HERE = "https://desk.example.org"
Options = dict[str, Any]


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[Web]:
    async with web(folder, public_url=HERE) as served:
        yield served


def stick(name: bytes = b"0123456789abcdef") -> Authenticator:
    return Authenticator(HERE, "desk.example.org", name)


async def question(person: Person, path: str) -> Options:
    answer = (await person.post(path, {})).json()
    assert answer["outcome"] == "done", answer
    options: Options = answer["options"]
    return options


async def added(person: Person, key: Authenticator, called: str = "My phone") -> int:
    made = key.make(await question(person, "/me/passkey/new"))
    status, _ = await pressed(person, "/me/passkey", passkey=made, called=called)
    return status


async def enters(by: Person, passkey: str) -> int:
    return (await pressed(by, "/signin/passkey", passkey=passkey))[0]


async def comes_in(by: Person, key: Authenticator, **more: Any) -> int:
    return await enters(by, key.sign(await question(by, "/signin/passkey/ask"), **more))


async def owner(served: Web, key: Authenticator, called: str = "Ana") -> Person:
    person = await served.staff(called, "agent", "administrator")
    assert await added(person, key) == 303
    return person


async def test_a_passkey_is_added_signs_in_and_is_taken_away(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        assert "My phone" in (await ana.page("/me")).text
        assert "Not used yet" in (await ana.page("/me")).text
        again = served.stranger()
        assert await comes_in(again, key) == 303
        page = await again.page("/me")
        assert "Ana" in page.text
        assert "Used last" in page.text
        (row,) = await served.desk.store.select("passkeys")
        assert "My phone" not in str(row)
        events = repr(await served.desk.store.log(0, 1_000))
        assert "passkey_added" in events
        status, _ = await pressed(ana, "/me/passkey/end", passkey=str(row["passkey"]))
        assert status == 303
        assert await comes_in(served.stranger(), key) == 401
        assert await served.desk.store.count("passkeys") == 0


async def test_a_passkey_proves_that_it_is_still_them(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        ben = await served.staff("Ben", "agent")
        served.desk.clock.jump(PROOF_SERVES)
        _, asked = await pressed(ana, "/do/grant_role", person=ben.person, role="resource")
        assert "Use a passkey" in asked.html
        assert "proof_password" not in asked.html
        proof = key.sign(await question(ana, "/me/passkey/ask"))
        done = await ana.do("grant_role", person=ben.person, role="resource", proof_passkey=proof)
        assert done["outcome"] == "done"
        served.desk.clock.jump(PROOF_SERVES)
        response = await ana.post("/do/grant_role", {"id": "again-0001", "proof_passkey": proof})
        assert response.json()["code"] == "not_proved"


async def test_a_first_password_that_a_passkey_allows_leaves_them_signed_in(tmp_path: Path) -> None:
    """The proof and the password each give the sign-in a new token; the newer one is kept."""
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        served.desk.clock.jump(PROOF_SERVES)
        status, _ = await pressed(ana, "/me/sign-in", name="ana", password=PASSWORD)
        assert status == 403
        proof = key.sign(await question(ana, "/me/passkey/ask"))
        fields = {"name": "ana", "password": PASSWORD, "proof_passkey": proof}
        assert (await pressed(ana, "/me/sign-in", **fields))[0] == 303
        assert "Ana" in (await ana.page("/me")).text


# --- what is not an answer -----------------------------------------------------------------------


def elsewhere(key: Authenticator, options: Options) -> str:
    return replace(key, origin="https://desk.example.org.evil.test").sign(options)


def other_party(key: Authenticator, options: Options) -> str:
    return replace(key, rp="evil.test").sign(options)


def unverified(key: Authenticator, options: Options) -> str:
    return replace(key, verified=False).sign(options)


def another_key(key: Authenticator, options: Options) -> str:
    return replace(stick(), handle=key.handle).sign(options)


def own_question(key: Authenticator, options: Options) -> str:
    return key.sign({**options, "challenge": coded(b"x" * 32)})


def nobodys_handle(key: Authenticator, options: Options) -> str:
    return key.sign(options, userHandle=coded(b"somebody else's!"))


def no_handle(key: Authenticator, options: Options) -> str:
    return key.sign(options, userHandle=None)


def unknown(key: Authenticator, options: Options) -> str:
    return replace(key, name=b"never seen here!").sign(options)


def broken(key: Authenticator, options: Options) -> str:
    return key.sign(options, signature=coded(b"no signature"))


def a_new_one(key: Authenticator, options: Options) -> str:
    return key.make({**options, "user": {"id": key.handle}})


WRONG = (
    elsewhere,
    other_party,
    unverified,
    another_key,
    own_question,
    nobodys_handle,
    no_handle,
    unknown,
    broken,
    a_new_one,
)


async def test_nobody_comes_in_by_what_is_no_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        await owner(served, key)
        for number, wrong in enumerate(WRONG):
            thief = served.stranger(f"198.51.100.{number}")
            options = await question(thief, "/signin/passkey/ask")
            assert await enters(thief, wrong(key, options)) == 401, wrong.__name__
            assert (await thief.get("/desk")).status_code == 303
        for number, junk in enumerate(
            ("{}", "[]", "null", "x", "1", '{"response":{}}', "[" * 9999)
        ):
            assert await enters(served.stranger(f"203.0.113.{number}"), junk) == 401, junk
        assert await comes_in(served.stranger(), key) == 303


async def test_an_answer_serves_once_in_time_and_in_the_browser_that_was_asked(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as served:
        key = stick()
        await owner(served, key)
        ana = served.stranger()
        answer = key.sign(await question(ana, "/signin/passkey/ask"))
        assert await enters(served.stranger(), answer) == 401
        assert await enters(ana, answer) == 401
        answer = key.sign(await question(ana, "/signin/passkey/ask"))
        assert await enters(ana, answer) == 303
        assert await enters(ana, answer) == 401
        late = served.stranger()
        answer = key.sign(await question(late, "/signin/passkey/ask"))
        served.desk.clock.jump(SERVES)
        assert await enters(late, answer) == 401


async def test_a_question_for_one_thing_is_no_question_for_another(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        other = await also(served, ana)
        served.desk.clock.jump(PROOF_SERVES)
        for asks, path in ((other, "/me/passkey/ask"), (served.stranger(), "/signin/passkey/ask")):
            answer = key.sign(await question(asks, path))
            fields = {"id": "number-01", "proof_passkey": answer}
            response = await ana.post("/do/end_sign_ins", fields)
            assert response.json()["code"] == "not_proved", path
        answer = key.sign(await question(ana, "/me/passkey/ask"))
        assert await enters(ana, answer) == 401


async def test_the_passkey_of_another_proves_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key, bens = stick(), stick(b"the key of Ben!!")
        ana, ben = await owner(served, key), await owner(served, bens, "Ben")
        served.desk.clock.jump(PROOF_SERVES)
        answer = bens.sign(await question(ana, "/me/passkey/ask"))
        fields = {"id": "number-01", "person": ben.person, "proof_passkey": answer}
        assert (await ana.post("/do/end_sign_ins", fields)).json()["code"] == "not_proved"
        (row,) = await served.desk.store.select("passkeys", {"person": ben.person})
        await proves(served, ana)
        await pressed(ana, "/me/passkey/end", passkey=str(row["passkey"]))
        assert await served.desk.store.count("passkeys", {"person": ben.person}) == 1


async def test_one_that_counts_backwards_was_copied_and_serves_no_more(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        copy = replace(key)
        assert await comes_in(served.stranger(), key) == 303
        with capture_logs() as lines:
            assert await comes_in(served.stranger(), copy) == 401
        assert any("copied" in one["event"] for one in lines)
        assert await comes_in(served.stranger(), key) == 401
        assert "may have been copied" in (await ana.page("/me")).text


# --- who may add, and whose serve -----------------------------------------------------------------


async def test_only_a_fresh_proof_adds_or_takes_one_away(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        ana = await owner(served, stick())
        made = stick(b"a key of a thief").make(await question(ana, "/me/passkey/new"))
        (row,) = await served.desk.store.select("passkeys")
        served.desk.clock.jump(SERVES)
        status, _ = await pressed(ana, "/me/passkey", passkey=made, called="Late")
        assert status == 409
        made = stick(b"a key of a thief").make(await question(ana, "/me/passkey/new"))
        (session,) = await served.house.sessions.of(ana.person)
        old = served.desk.clock.now() - PROOF_SERVES
        served.house.sessions._keep(replace(session, proved_at=old))
        status, _ = await pressed(ana, "/me/passkey", passkey=made, called="Mine")
        assert status == 403
        assert (await ana.post("/me/passkey/new", {})).json()["code"] == "prove"
        status, _ = await pressed(ana, "/me/passkey/end", passkey=str(row["passkey"]))
        assert status == 403
        status, _ = await pressed(ana, "/me/sign-in", name="ana", password=PASSWORD)
        assert status == 403
        assert await served.desk.store.count("passkeys") == 1


async def test_one_that_is_here_already_is_not_added_to_another(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        key = stick()
        await owner(served, key)
        ben = await served.staff("Ben", "agent")
        assert await added(ben, replace(key, handle="")) == 409
        assert await comes_in(served.stranger(), key) == 303


@pytest.mark.parametrize("how", ["closed", "reset", "erased"])
async def test_those_of_whoever_is_gone_or_reset_do_not_serve(tmp_path: Path, how: str) -> None:
    ends: dict[str, Callable[[str, int], Any]] = {
        "closed": lambda person, until: DisablePerson(person=person),
        "reset": lambda person, until: ResetSignIn(person=person, token="t" * 64, until=until),
        "erased": lambda person, until: ErasePerson(person=person, reason="asked for"),
    }
    async with house(tmp_path) as served:
        key = stick()
        ana = await owner(served, key)
        await served.desk.join("boss", "administrator")
        served.desk.clock.jump(1)
        until = served.desk.clock.now() + SERVES
        await served.desk.done(ends[how](ana.person, until), "boss")
        await served.settle()
        assert await comes_in(served.stranger(), key) == 401
        if how == "erased":
            assert await served.desk.store.count("passkeys") == 0


# --- where there are none -------------------------------------------------------------------------


async def test_without_a_name_of_its_own_there_are_passwords_and_a_word_why(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        assert "name of its own and over https" in (await ana.page("/me")).text
        assert "passkey" not in (await served.stranger().page("/signin")).html
        for who, path in ((ana, "/me/passkey/new"), (served.stranger(), "/signin/passkey/ask")):
            assert (await who.post(path, {})).json()["code"] == "no_passkeys"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("https://desk.example.org:8443", "desk.example.org"),
        ("http://localhost:8080", "localhost"),
        ("http://desk.example.org", ""),
        ("https://192.0.2.1", ""),
        ("http://127.0.0.1:8080", ""),
        ("https://[2001:db8::1]", ""),
    ],
)
def test_to_what_name_passkeys_are_bound(origin: str, name: str) -> None:
    assert party(origin) == name


async def test_a_flood_of_questions_stays_small(tmp_path: Path) -> None:
    async with house(tmp_path) as served:
        passkeys = served.house.proofs.passkeys
        for number in range(OPEN_MOST + 50):
            passkeys._question(str(number), "enter")
        assert len(passkeys._open) == OPEN_MOST
