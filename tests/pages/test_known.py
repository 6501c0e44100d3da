"""Likely duplicates on pages: asked in the chat while somebody answers, shown on the desk."""

from pathlib import Path
from typing import Any

from tests.pages.kit import POWER, Visitor, Web, web
from tests.pages.test_desk import reported

SECRET = "Main street 5"


async def answering(served: Web, **answers: Any) -> Visitor:
    """A customer who has said what and where, and has not sent it."""
    visitor = await served.visitor()
    for field, value in {**POWER, **answers}.items():
        await visitor.did("answer_question", field=field, value=value)
    await served.settle()
    return visitor


async def known(visitor: Visitor) -> Any:
    return (await visitor.state())["report"]["known"]


async def test_the_chat_asks_and_tells_nothing_of_what_another_customer_said(
    tmp_path: Path,
) -> None:
    """Issue 7.6: offered while the customer is still answering; only what was published."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served, what="The lights went out at the Smiths'")
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        await ana.done(
            "publish_update",
            incident=incident,
            words="A cable is being mended.",
            audience="public",
            next_in="60",
        )
        visitor = await answering(served)
        asked = await known(visitor)
        (one,) = asked["found"]
        assert one["incident"] == incident
        assert "Power outage" in one["line"]
        assert "A cable is being mended." in one["words"]
        assert "Smith" not in str(asked)
        assert SECRET not in str(asked)
        await visitor.did("join_known", incident=incident)
        await served.settle()
        state = await visitor.state()
        assert state["report"]["known"] is None
        assert state["report"]["stage"] == "sent"
        assert any("A cable is being mended." in str(one) for one in state["letters"])


async def test_no_is_taken_and_the_questions_go_on(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await reported(served)
        visitor = await answering(served)
        assert await known(visitor)
        await visitor.did("decline_known")
        await served.settle()
        assert await known(visitor) is None
        report = (await visitor.state())["report"]
        assert report["asking"]
        assert report["question"] or report["ready"]


async def test_what_was_restricted_since_it_was_asked_is_gone_from_the_page(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        chief = await served.staff("Chief", "supervisor")
        visitor = await answering(served)
        assert await known(visitor)
        await chief.done(
            "restrict_incident", incident=incident, visibility="restricted", reason="Not for all"
        )
        assert await known(visitor) is None
        answer = await visitor.did("join_known", incident=incident)
        assert answer["outcome"] == "done"
        report = (await visitor.state())["report"]
        assert report["asking"]
        assert any("is over" in str(one) for one in (await visitor.state())["letters"])


async def test_the_desk_shows_likely_ones_with_the_reason_and_takes_the_press(
    tmp_path: Path,
) -> None:
    """Issue 7.6: agents see likely duplicates with the reason and one press."""
    async with web(tmp_path) as served:
        _, first, one = await reported(served)
        _, second, other = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{other}")
        assert "Likely the same" in page.text
        assert "same place" in page.text
        assert f"/desk/incidents/{other}/merge?with={one}" in page.links()
        await ana.done("not_the_same", incident=second, other=first)
        for reference in (one, other):
            page = await ana.page(f"/desk/incidents/{reference}")
            assert "Likely the same" not in page.text


async def test_linked_incidents_name_each_other_on_the_desk(tmp_path: Path) -> None:
    """practice 1.3: link duplicate."""
    async with web(tmp_path) as served:
        _, first, one = await reported(served)
        _, second, other = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("link_incidents", incident=second, other=first)
        assert f"/desk/incidents/{one}" in (await ana.page(f"/desk/incidents/{other}")).links()
        assert f"/desk/incidents/{other}" in (await ana.page(f"/desk/incidents/{one}")).links()
