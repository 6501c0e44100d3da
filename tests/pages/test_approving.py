"""Drafts on the desk: laid before whoever approves, approved, sent back; ready answers beside."""

from pathlib import Path

from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported
from tests.pages.test_desk_actions import forms

WORDS = "Half of the lifts go again."
FIELDS = {"words": WORDS, "audience": "public", "next_in": 30}


async def laid(served: Web) -> tuple[Person, Person, str, str]:
    """Ana wrote an update of a P1 for everybody; Sue is a supervisor."""
    _, incident, reference = await reported(served)
    ana, sue = await served.staff("Ana", "agent"), await served.staff("Sue", "supervisor")
    await ana.done("assess_incident", incident=incident, impact="high", urgency="high")
    parts = {**FIELDS, "doing": "We mend the others.", "advice": "Please take the stairs."}
    html = await ana.post(
        "/desk/preview/publish_update",
        {**{key: str(one) for key, one in parts.items()}, "incident": incident},
        accept="application/json",
    )
    assert "A supervisor must approve it." in html.text
    answer = await ana.do("publish_update", incident=incident, **parts)
    assert answer["text"].startswith("Not sent yet"), answer
    return ana, sue, incident, f"/desk/incidents/{reference}"


async def test_a_draft_waits_on_the_page_until_a_second_person_sends_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, sue, incident, path = await laid(served)
        own, other = await ana.page(path), await sue.page(path)
        whole = f"{WORDS} We mend the others. Please take the stairs."
        assert whole in " ".join(own.text.split())
        assert "/do/approve_update" not in forms(own)
        assert {"/do/break_glass", "/do/revise_draft", "/do/withdraw_draft"} <= forms(own)
        assert {"/do/approve_update", "/do/send_back_draft"} <= forms(other)
        assert "/do/break_glass" not in forms(other), "only who wrote it may send it without"
        await served.desk.machine.deliveries.idle()
        assert "waits for your approval" in (await sue.page("/desk")).text
        await sue.done("approve_update", incident=incident, draft=1, version=1, next_in=60)
        assert "waits for your approval" not in (await sue.page("/desk")).text, "nobody waits now"
        page = await ana.page(path)
        assert "approved by Sue" in page.text
        assert "Waits for approval" not in page.text


async def test_it_comes_back_with_the_reason_and_is_laid_before_them_again(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, sue, incident, path = await laid(served)
        back = {"draft": 1, "version": 1, "reason": "Say until when"}
        await sue.done("send_back_draft", incident=incident, **back)
        page = await ana.page(path)
        assert "Sent back by Sue" in page.text
        assert "Say until when" in page.text
        again = {"draft": 1, "before": 1, "words": "All lifts go again.", "next_in": "30"}
        await ana.done("revise_draft", incident=incident, **again)
        assert "version 2" in (await sue.page(path)).text


async def test_ready_answers_stand_beside_the_reply_in_the_customers_language(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert 'data-canned="sorry"' in page.html
        assert "You are not forgotten" in page.html
