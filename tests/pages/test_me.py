"""One's own account: every sign-in is seen and can be ended, at once and on open pages, too."""

from pathlib import Path

from bot.core.calendar import HOUR
from bot.core.person_words import EndSignIns
from tests.pages.kit import Person, Web, stream, web
from tests.pages.proofs import cookie_of
from tests.pages.test_crew import pressed


async def also(served: Web, person: Person) -> Person:
    """The same person on another device."""
    (session, *_) = await served.house.sessions.of(person.person)
    other = served.stranger()
    token = await served.house.sessions.begin(person.person, session.account)
    other.client.cookies.set(cookie_of(served), token)
    other.person = person.person
    return other


async def test_everybody_sees_their_own_sign_ins_and_which_one_is_this(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, ben = await served.staff("Ana", "resource"), await served.staff("Ben", "agent")
        served.desk.clock.jump(HOUR)
        await also(served, ana)
        page = await ana.page("/me")
        assert page.text.count("Another device") == 1
        assert page.text.count("Since") == 3
        assert "Another device" not in (await ben.page("/me")).text


async def test_one_sign_in_is_ended_and_its_open_pages_close(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        other = await also(served, ana)
        sign_in = (await other.page("/me")).html.split("This device")[1].split('value="')[1][:16]
        async with stream(other, "/desk/live") as opened:
            await opened.next("board")
            status, _ = await pressed(ana, "/me/end", sign_in=sign_in)
            assert status == 303
            assert (await opened.next("gone", "end"))[0] == "gone"
        assert (await other.get("/desk")).status_code == 303
        assert (await ana.get("/desk")).status_code == 200


async def test_all_others_are_ended_and_this_one_stays(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        others = [await also(served, ana) for _ in range(3)]
        assert (await pressed(ana, "/me/end-others"))[0] == 303
        assert [(await one.get("/desk")).status_code for one in others] == [303, 303, 303]
        assert (await ana.get("/desk")).status_code == 200


async def test_nobody_ends_the_sign_in_of_another_from_here(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        (of_ben,) = await served.house.sessions.of(ben.person)
        await pressed(ana, "/me/end", sign_in=of_ben.key[:16])
        assert (await ben.get("/desk")).status_code == 200
        for path in ("/me/end", "/me/end-others"):
            assert (await pressed(served.stranger(), path))[0] == 401
        assert (await served.stranger().get("/me")).status_code == 303


async def test_an_administrator_ends_the_sign_ins_of_another_at_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await served.staff("Ana", "agent")
        other = await also(served, ana)
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            served.desk.clock.jump(1)
            await chief.done("end_sign_ins", person=ana.person)
            assert (await opened.next("gone", "end"))[0] == "gone"
        assert (await other.get("/desk")).status_code == 303
        assert "nowhere" in (await chief.page("/people")).text


async def test_what_was_ended_by_the_log_serves_no_more_though_its_row_is_left(
    tmp_path: Path,
) -> None:
    """The rows go after the event; whoever stops the process in between changes nothing."""
    async with web(tmp_path) as served:
        chief, ana = await served.staff("Dana", "administrator"), await served.staff("Ana", "agent")
        served.desk.clock.jump(1)
        await served.asks(chief, EndSignIns(person=ana.person))
        assert await served.desk.store.count("sessions", {"person": ana.person}) == 1
        assert (await ana.get("/desk")).status_code == 303
