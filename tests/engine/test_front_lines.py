"""Lines and one's own page: found by whoever may see it, in few words, and nothing raises."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.cards import Card, plain
from bot.core.incident_commands import AskForResource, RestrictIncident
from bot.core.joining_words import ConfirmJoin, IssueLink
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.links import code
from bot.engine.ports import Reply
from tests.engine.front_kit import MINUTE, Room, has, room, token_of


def shown(reply: Reply) -> str:
    return "\n\n".join(plain(one) for one in reply.cards)


def titled(reply: Reply, title: str) -> Card[str]:
    return next(one for one in reply.cards if one.summary.startswith(title))


async def reference(one: Room, stream: str) -> str:
    return (await one.office.desk.incident(stream)).reference


async def test_the_list_is_what_is_mine_and_what_is_due_next(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        mine, other = await one.incident("carol"), await one.incident("dave")
        await one.press("ana", one.button("Take"))
        reply = await one.type("ana", "list")
        refs = [await reference(one, x) for x in (mine, other)]
        owned = [x for x in refs if x in plain(titled(reply, "Yours"))]
        due = [x for x in refs if x in plain(titled(reply, "Due next"))]
        assert sorted([*owned, *due]) == sorted(refs)
        assert len(owned) == len(due) == 1
        card = titled(reply, "Due next")
        again = await one.press("ana", token_of(card, f"Show {due[0]}"))
        assert due[0] in shown(again)
        assert has(again.cards[0], "Take")
        assert (await one.press("ana", token_of(again.cards[0], "Take"))).text == "It is yours now."


async def test_show_brings_the_card_with_buttons_that_work(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        typed = await reference(one, stream)
        for line in (f"SHOW {typed.lower()}", typed, f" {typed.replace('-', ' ')} "):
            assert typed in shown(await one.type("ana", line)), line
        (card,) = (await one.type("ana", f"show {typed}")).cards
        assert (await one.press("ana", token_of(card, "Take"))).text == "It is yours now."
        again = await one.type("ana", typed)
        same = {x.action.text: x.token for x in card.buttons}
        assert all(same.get(x.action.text, x.token) == x.token for x in again.cards[0].buttons)


async def test_what_somebody_may_not_see_is_not_there(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("sue", "supervisor")
        stream = await one.incident()
        typed = await reference(one, stream)
        before = (await one.type("ana", "list")).cards
        token = token_of(before[1], f"Show {typed}")
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="asked for")
        await one.office.press(hide, "sue")
        missing = await one.type("ana", "show N-000-0000")
        assert missing.text.startswith("Which one?")
        nothing = "There is nothing here under that name, or you may not see it."
        assert (await one.type("ana", f"show {typed}")).text == nothing
        assert (await one.type("mallory", f"show {typed}")).text == nothing
        for line in ("list", f"search {typed}", "search lift"):
            assert typed not in shown(await one.type("ana", line))
        assert "no longer in use" in (await one.press("ana", token)).text
        seen = await one.type("sue", f"show {typed}")
        assert "restricted" in shown(seen)
        assert "lift" not in shown(seen)
        assert "Restricted" in shown(await one.type("sue", "list"))


async def test_words_are_searched_for_and_one_hit_is_shown_at_once(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        typed = await reference(one, stream)
        for line in ("search lift stuck", "lift stuck"):
            reply = await one.type("ana", line)
            assert typed in shown(reply), line
        await one.incident("dave")
        several = await one.type("ana", "search lift")
        assert len(several.cards) == 1
        assert has(several.cards[0], f"Show {typed}")
        assert "Nothing was found" in (await one.type("ana", "search xyzzy")).text
        assert "make a code" in (await one.type("mallory", "search lift")).text


async def test_a_line_that_nobody_knows_is_answered_with_help(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        near = await one.type("ana", "lsit")
        assert "Did you mean list?" in near.text
        far = await one.type("ana", "make me a sandwich")
        assert "I do not know" in far.text
        assert "search WORDS" in far.text
        assert "search WORDS" not in (await one.type("carol", "help")).text
        assert "report:" in (await one.type("carol", "help")).text


async def test_who_am_i(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent", "supervisor")
        assert "You are Ana" in (await one.type("ana", "who am i")).text
        assert "Supervisor" in (await one.type("ana", "whoami")).text
        assert "make a code" in (await one.type("carol", "who am i")).text
        one.club.roles["pat", "team"] = "agent"
        assert "belong to this place" in (await one.type("pat", "who am i")).text


async def test_a_code_joins_the_account_once_its_owner_was_told(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        ana = await one.office.desk.join("ana", "agent")
        made = code(one.office.desk.machine.parts)
        await one.office.desk.done(IssueLink(token=made.key, until=made.until), "ana")
        wrong = await one.type("U1", "join AAAAA-AAAAA", place="U1")
        assert "does not work" in wrong.text
        asked = await one.type("U1", f"join {made.token}", place="U1")
        (card,) = asked.cards
        assert "becomes one of Ana" in plain(card)
        done = await one.press("U1", token_of(card, "Yes, it is mine"), place="U1")
        assert done.text.startswith("Almost done")
        rows = await one.office.store.select("tokens", {"card": "line"})
        assert made.token not in str(rows)
        await one.office.desk.done(ConfirmJoin(number=1), "ana")
        await one.office.quiet()
        assert (await one.front.askers.asking(one.heard("U1"))).person == ana


async def test_a_home_shows_what_is_theirs_and_its_buttons_work(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        rob = await one.joins("rob", "resource")
        stream = await one.incident()
        ask = AskForResource(incident=stream, what="Bring a ladder", skill="first_aid")
        await one.office.press(ask, "ana")
        await one.office.advance(MINUTE)
        wanted = await one.front.home(one.heard("rob", place="rob"))
        (offered,) = [x for x in wanted.cards if has(x, "I cannot")]
        await one.press("rob", token_of(offered, "I am there in 15 minutes"), place="rob")
        home = await one.front.home(one.heard("rob", place="rob"))
        card = titled(home, "Your task")
        assert "Bring a ladder" in plain(card)
        assert has(card, "On the way")
        assert (await one.press("rob", token_of(card, "On the way"))).text == "You are on your way."
        later = titled(await one.front.home(one.heard("rob", place="rob")), "Your task")
        assert not has(later, "On the way")
        assert (await one.office.desk.incident(stream)).tasks[0].places[0].person == rob
        desk = await one.front.home(one.heard("ana", place="ana"))
        assert {"Due next", "Yours"} <= {x.summary for x in desk.cards}


async def test_a_customers_home_is_their_own_reports_and_the_way_to_report(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.office.press(WriteMessage(words="No light"), "carol")
        await one.office.press(AskForPerson(), "carol")
        await one.office.advance(MINUTE)
        home = await one.front.home(one.heard("carol", place="carol"))
        assert "Your report R-" in shown(home)
        assert "Ana" not in shown(home)
        assert not re.search(r"\bN-", shown(home)), "the desk's own number is not for customers"
        listed = await one.type("carol", "list", place="carol")
        assert "Your report R-" in shown(listed)
        stranger = await one.front.home(one.heard("nobody", place="nobody"))
        assert "Your report" not in shown(stranger)
        assert "no open report" in (await one.type("nobody", "list", place="nobody")).text


@pytest.mark.parametrize(
    "line", ["", "report", "subscribe", "unsubscribe", "join", "show", "search"]
)
@pytest.mark.parametrize("who", ["ana", "nobody"])
async def test_every_line_answers_somebody(tmp_path: Path, who: str, line: str) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        reply = await one.type(who, line, place=who)
        assert reply.text or reply.form or reply.cards


async def test_no_line_raises(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        words = st.sampled_from(["show", "join", "search", "list", "N-000-0000", "who", "", "?"])
        found: list[str] = []

        @settings(max_examples=40, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(st.one_of(words, st.text(max_size=20)), max_size=4).map(" ".join))
        def draw(line: str) -> None:
            found.append(line)

        draw()
        for line in [*found, "x" * 20_000, "\x00\ud800", "show " + "N" * 400]:
            for who in ("ana", "nobody"):
                assert isinstance(await one.type(who, line), Reply)
            await one.office.clock.advance(MINUTE)


async def test_who_was_never_met_is_answered_in_the_language_of_their_platform(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        one.language, one.club.language = "", "ru-RU"
        assert "сообщить" in (await one.type("zoe", "help")).text
        one.language = "en"
        assert "сообщить" not in (await one.type("yan", "help")).text
