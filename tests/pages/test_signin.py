"""Names and passwords: hashed, the same answer to whatever is wrong, never locked out for good."""

import asyncio
import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.person_words import DisablePerson
from bot.engine import accounts
from bot.engine.accounts import HASHER, Accounts, Busy
from bot.store.base import Patch
from bot.store.tables import TABLES
from tests.engine.kit import MINUTE
from tests.pages.kit import Page, Person, Web, stream, web
from tests.pages.test_crew import link_of, pressed

HOUR = 60 * MINUTE
NAME = "Ana@Example.org"
PASSWORD = "five calm green old chairs"
OTHER = "another one that is long"


async def with_password(served: Web, called: str = "Ana", name: str = NAME) -> Person:
    """Somebody who has joined by a link and then chosen a name and a password."""
    person = await served.staff(called, "agent")
    status, page = await pressed(person, "/me/sign-in", name=name, password=PASSWORD)
    assert status == 303, page.text
    return person


async def sign_in(by: Person, name: str = NAME, password: str = PASSWORD) -> tuple[int, Page]:
    return await pressed(by, "/signin", name=name, password=password)


async def stored(served: Web) -> str:
    """All that the store holds, in clear as it lies there."""
    rows = [await served.desk.store.select(name, limit=10_000) for name in TABLES]
    return repr([rows, await served.desk.store.log(0, 10_000)])


@pytest.fixture
def as_much_work_as_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where nothing is being tested."""
    monkeypatch.setattr(accounts, "HASHER", HASHER)


@pytest.mark.usefixtures("as_much_work_as_in_earnest")
async def test_who_joined_chooses_a_name_and_password_and_signs_in_by_them(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await with_password(served)
        again = served.stranger()
        assert (await sign_in(again))[0] == 303
        page = await again.page("/me")
        assert "Ana" in page.text
        assert (await again.get("/desk")).status_code == 200
        answer = await again.do("set_availability", available=False)
        assert answer["outcome"] == "done"
        people = await served.desk.store.select("people")
        assert len(people) == 1


@pytest.mark.parametrize("typed", [" ana@example.ORG ", "ANA@EXAMPLE.ORG", "\uff41na@example.org"])
async def test_a_name_is_the_same_however_it_is_typed(tmp_path: Path, typed: str) -> None:
    async with web(tmp_path) as served:
        await with_password(served)
        assert (await sign_in(served.stranger(), typed))[0] == 303


@pytest.mark.usefixtures("as_much_work_as_in_earnest")
async def test_whatever_is_wrong_gets_the_same_answer_after_the_same_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    verified = accounts._verified

    def counted(secret: str, password: str) -> bool:
        work.append(re.sub(r"\$[^$]*\$[^$]*$", "", secret))
        return verified(secret, password)

    async with web(tmp_path) as served:
        await with_password(served)
        gone = await with_password(served, "Ben", "ben")
        chief = await served.staff("Dana", "administrator")
        await served.asks(chief, DisablePerson(person=gone.person))
        monkeypatch.setattr(accounts, "_verified", counted)
        wrong = [
            (NAME, OTHER),
            ("nobody", PASSWORD),
            ("ben", PASSWORD),
            ("", PASSWORD),
            (NAME, ""),
            (NAME, PASSWORD * 100),
            ("x" * 5000, "x" * 5000),
        ]
        answers = set()
        for name, password in wrong:
            status, page = await sign_in(served.stranger(), name, password)
            assert status == 401
            answers.add(re.sub(r'value="[^"]*"', "", page.html))
        assert len(answers) == 1
        assert "do not fit together" in answers.pop()
        assert len(work) == len(wrong)
        assert set(work) == {"$argon2id$v=19$m=65536,t=3,p=4"}


async def test_a_name_that_is_tried_too_often_is_slowed_and_never_for_good(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        await with_password(served)
        known = served.stranger("192.0.2.7")
        assert (await sign_in(known))[0] == 303
        attackers = [served.stranger(f"198.51.100.{number}") for number in range(20)]
        codes = [(await sign_in(one, password=OTHER))[0] for one in attackers]
        assert codes[-1] == 429
        for name in (NAME, "nobody"):
            tried = [
                (await sign_in(served.stranger(f"203.0.113.{n}"), name, OTHER))[0]
                for n in range(11)
            ]
            assert tried[-1] == 429
        # From where it was right before it still is, while the others go on.
        assert (await sign_in(served.stranger("192.0.2.7")))[0] == 303
        served.desk.clock.jump(MINUTE)
        assert (await sign_in(served.stranger("192.0.2.9")))[0] == 303


async def test_an_address_that_tries_many_names_is_slowed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await with_password(served)
        limiter_full = [
            (await sign_in(served.stranger("198.51.100.1"), f"name {n}", "wrong"))[0]
            for n in range(31)
        ]
        assert limiter_full[-1] == 429
        assert (await sign_in(served.stranger("192.0.2.7")))[0] == 303


@pytest.mark.parametrize(
    ("name", "password", "told"),
    [
        ("", PASSWORD, "Choose a name"),
        ("x" * 81, PASSWORD, "Choose a name"),
        (NAME, "eleven sign", "at least 12"),
        (NAME, "x" * 257, "at most"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_the_name_stands_as_typed(
    tmp_path: Path, name: str, password: str, told: str
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        status, page = await pressed(ana, "/me/sign-in", name=name, password=password)
        assert status == 400
        assert told in page.text
        assert page.fields()["name"] == name
        assert password not in page.html
        assert not await served.desk.store.count("accounts")


@pytest.mark.parametrize("password", ["aaaaaaaaaaaa", "пароль пароль", " " * 12, "123456789012"])
async def test_there_are_no_rules_but_the_length(tmp_path: Path, password: str) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        assert (await pressed(ana, "/me/sign-in", name=NAME, password=password))[0] == 303
        assert (await sign_in(served.stranger(), password=password))[0] == 303


async def test_a_name_is_one_persons_only(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await with_password(served)
        ben = await served.staff("Ben", "agent")
        status, page = await pressed(ben, "/me/sign-in", name=NAME.upper(), password=PASSWORD)
        assert status == 400
        assert "Somebody else" in page.text
        assert (await sign_in(served.stranger()))[0] == 303


async def test_the_name_of_a_closed_account_is_free_again(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        await chief.done("disable_person", person=ana.person)
        again = await with_password(served, "Ana again")
        back = served.stranger()
        assert (await sign_in(back))[0] == 303
        assert again.person != ana.person
        assert "Ana again" in (await back.page("/me")).text


async def test_two_who_want_a_name_at_once_do_not_both_get_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        both = [await served.staff(name, "agent") for name in ("Ana", "Ben")]
        answers = await asyncio.gather(
            *(pressed(one, "/me/sign-in", name=NAME, password=PASSWORD) for one in both)
        )
        assert sorted(status for status, _ in answers) == [303, 400]
        assert await served.desk.store.count("accounts") == 1


async def test_a_new_password_needs_the_old_one_and_ends_all_other_sign_ins(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await with_password(served)
        other = served.stranger()
        await sign_in(other)
        fields = {"name": NAME, "password": OTHER}
        for old in ("", OTHER):
            status, page = await pressed(ana, "/me/sign-in", **fields, old=old)
            assert status == 400
            assert "not the password" in page.text
        assert (await pressed(ana, "/me/sign-in", **fields, old=PASSWORD))[0] == 303
        assert (await ana.get("/desk")).status_code == 200
        assert (await other.get("/desk")).status_code == 303
        assert (await sign_in(served.stranger()))[0] == 401
        assert (await sign_in(served.stranger(), password=OTHER))[0] == 303


async def test_neither_name_nor_password_lies_anywhere_in_clear(tmp_path: Path) -> None:
    with capture_logs() as logs:
        async with web(tmp_path) as served:
            await with_password(served)
            await sign_in(served.stranger())
            await sign_in(served.stranger(), password=OTHER)
            held = await stored(served)
            told = repr(logs) + (await (await served.staff("Dana")).get("/metrics")).text
    for secret in (NAME, NAME.casefold(), PASSWORD, OTHER, "argon2"):
        assert secret not in held
        assert secret not in told
    assert "sign_in_set" in held


async def test_the_keeper_of_one_row_is_no_use_in_the_place_of_another(tmp_path: Path) -> None:
    """Whoever can write to the database cannot give somebody a password that they know."""
    async with web(tmp_path) as served:
        ana, ben = await with_password(served), await with_password(served, "Ben", "ben")
        (mine,) = await served.desk.store.select("accounts", {"person": ben.person})
        await served.desk.store.write(
            [Patch("accounts", {"person": ana.person}, {"secret": mine["secret"]})]
        )
        assert (await sign_in(served.stranger()))[0] == 401


async def test_only_so_many_passwords_are_worked_on(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        kept = Accounts(served.desk.machine.engine)
        tries = [kept.enter(f"name {n}", "wrong") for n in range(accounts.WAITING + 3)]
        answers = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(isinstance(one, Busy) for one in answers) == 3
        assert await kept.enter("name", "wrong") is None


def test_the_parameters_are_those_of_the_rfc_for_little_memory() -> None:
    assert (HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == (65536, 3, 4)


# --- reset -----------------------------------------------------------------------------------


async def reset(chief: Person, person: str) -> str:
    status, page = await pressed(chief, "/people/reset", person=person)
    assert status == 200, page.text
    return link_of(page)


async def come_back(by: Person, link: str, **more: str) -> tuple[int, Page]:
    fields = {**(await by.page(link)).fields(), "name": NAME, "password": OTHER, **more}
    return await pressed(by, link, **fields)


async def test_a_reset_ends_everything_at_once_and_lets_in_by_its_link(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            served.desk.clock.jump(1)
            link = await reset(chief, ana.person)
            assert (await opened.next("gone", "end"))[0] == "gone"
        assert (await ana.get("/desk")).status_code == 303
        assert (await sign_in(served.stranger()))[0] == 401
        back = served.stranger()
        assert (await come_back(back, link))[0] == 303
        assert (await back.get("/desk")).status_code == 200
        assert (await sign_in(served.stranger(), password=OTHER))[0] == 303
        assert (await sign_in(served.stranger()))[0] == 401


async def test_who_never_had_a_password_comes_back_by_a_reset_too(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await served.staff("Ana", "agent")
        back = served.stranger()
        assert (await come_back(back, await reset(chief, ana.person)))[0] == 303
        answer = await back.do("set_availability", available=False)
        assert answer["outcome"] == "done"
        assert len(await served.desk.store.select("people")) == 2


async def test_the_link_of_a_reset_works_once_and_for_a_day(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        link = await reset(chief, ana.person)
        thief = served.stranger()
        seen = (await thief.page(link)).fields()
        back = served.stranger()
        fields = {**(await back.page(link)).fields(), "name": NAME, "password": OTHER}
        assert (await pressed(back, link, **fields))[0] == 303
        # Neither another form nor the same one opens it again.
        for form in (seen, fields):
            again = {**form, "name": NAME, "password": PASSWORD}
            assert (await pressed(thief, link, **again))[0] == 409
        assert (await thief.get(link)).status_code == 404
        assert (await thief.get("/desk")).status_code == 303
        late = await reset(chief, ana.person)
        served.desk.clock.jump(24 * HOUR)
        assert "It ended on" in (await thief.get(late)).text


async def test_a_newer_reset_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        old, new = [await reset(chief, ana.person) for _ in range(2)]
        assert (await served.stranger().get(old)).status_code == 404
        assert (await come_back(served.stranger(), new))[0] == 303


async def test_a_form_whose_answer_was_lost_before_it_was_kept_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        link = await reset(chief, ana.person)
        back = served.stranger()
        fields = {**(await back.page(link)).fields(), "name": NAME, "password": OTHER}

        async def busy(*anything: object) -> bool:
            raise Busy

        with monkeypatch.context() as patched:
            patched.setattr(Accounts, "keep", busy)
            assert (await pressed(back, link, **fields))[0] == 429
        assert (await pressed(back, link, **fields))[0] == 303
        assert (await sign_in(served.stranger(), password=OTHER))[0] == 303


async def test_a_mistake_in_the_form_costs_nothing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        await with_password(served, "Ben", "ben")
        link = await reset(chief, ana.person)
        back = served.stranger()
        for more, told in (({"password": "short"}, "at least 12"), ({"name": "Ben"}, "Somebody")):
            status, page = await come_back(back, link, **more)
            assert status == 400
            assert told in page.text
        assert (await come_back(back, link))[0] == 303


@pytest.mark.parametrize("path", ["/reset/nobody/x", "/reset/desk/" + "a" * 32, "/reset/%00/%00"])
async def test_an_invented_way_back_leads_nowhere(tmp_path: Path, path: str) -> None:
    async with web(tmp_path) as served:
        stranger = served.stranger()
        assert (await stranger.get(path)).status_code == 404
        fields = {"form": "x" * 20, "name": NAME, "password": PASSWORD}
        assert (await pressed(stranger, path, **fields))[0] == 409
        codes = {(await stranger.get(path)).status_code for _ in range(40)}
        assert 429 in codes


async def test_who_has_not_joined_yet_cannot_be_reset(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief = await served.staff("Dana", "administrator")
        await pressed(chief, "/people/invite", role_agent="yes")
        people = await served.desk.store.select("people")
        (waiting,) = [str(one["person"]) for one in people if one["invitation"]]
        status, page = await pressed(chief, "/people/reset", person=waiting)
        assert status == 409
        assert "not joined yet" in page.text


async def test_a_closed_account_has_no_way_back(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await with_password(served)
        link = await reset(chief, ana.person)
        await chief.done("disable_person", person=ana.person)
        assert (await served.stranger().get(link)).status_code == 404
        assert (await pressed(chief, "/people/reset", person=ana.person))[0] == 409
