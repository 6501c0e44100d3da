"""Drafts on the desk: laid before whoever approves, approved, sent back; ready answers beside."""

import re
from pathlib import Path

from tests.pages.api_kit import program
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported
from tests.pages.test_desk_actions import forms
from tests.pages.test_proving import PASSWORD, stale

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
        changes = {"/do/break_glass", "/desk/preview/revise_draft", "/do/withdraw_draft"}
        assert changes <= forms(own)
        assert {"/do/approve_update", "/do/send_back_draft"} <= forms(other)
        assert "/do/break_glass" not in forms(other), "only who wrote it may send it without"
        await served.desk.machine.deliveries.idle()
        assert "waits for your approval" in (await sue.page("/desk")).text
        await sue.done("approve_update", incident=incident, draft=1, version=1, next_in=60)
        assert "waits for your approval" not in (await sue.page("/desk")).text, "nobody waits now"
        page = await ana.page(path)
        assert "approved by Sue" in page.text
        assert "Waits for approval" not in page.text


async def test_an_all_clear_that_waits_says_so_and_offers_no_change(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, sue, incident, path = await laid(served)
        await sue.done("approve_update", incident=incident, draft=1, version=1, next_in=60)
        await ana.done("declare_major", incident=incident, reason="It is large")
        said = {"recovered": "Power is back.", "data_loss": "No data was lost."}
        await ana.done("stand_down_major", incident=incident, **said)
        await served.desk.machine.deliveries.idle()
        own, other = await ana.page(path), await sue.page(path)
        for page in (own, other):
            assert "All-clear: the major incident is stood down with it." in page.text
            assert "/desk/preview/revise_draft" not in forms(page)
        assert "/do/approve_update" in forms(other)


async def test_whoever_wrote_it_is_not_called_to_approve_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        sue, tom = await served.staff("Sue", "supervisor"), await served.staff("Tom", "supervisor")
        await sue.done("assess_incident", incident=incident, impact="high", urgency="high")
        answer = await sue.do("publish_update", incident=incident, **FIELDS)
        assert answer["text"].startswith("Not sent yet"), answer
        await served.desk.machine.deliveries.idle()
        assert "waits for your approval" in (await tom.page("/desk")).text
        assert "waits for your approval" not in (await sue.page("/desk")).text


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


async def test_a_changed_draft_is_looked_at_as_it_would_go_out_in_the_end(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, sue, incident, path = await laid(served)
        assert f"{WORDS}\n\nWe mend the others." in (await ana.page(path)).html, "it is filled in"
        head = await served.desk.store.head()

        async def look(who: Person, words: str) -> str:
            fields = {"incident": incident, "draft": "1", "before": "1", "next_in": "30"}
            target = "/desk/preview/revise_draft"
            found = await who.post(target, {**fields, "words": words}, accept="application/json")
            return found.text

        html = await look(sue, "All lifts go. Probably a fuse.")
        for words in ("1 customer", "on the status page", "All lifts go.", "Next update by"):
            assert words in html
        assert "A supervisor must approve it." in html
        assert "may sound like blame" in html
        assert 'formaction="/do/revise_draft"' in html
        assert "house number" in await look(ana, "It is Main Street 5")
        assert await served.desk.store.head() == head, "looking changes nothing"


async def test_ready_answers_stand_beside_the_reply_in_the_customers_language(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert 'data-canned="sorry"' in page.html
        assert "You are not forgotten" in page.html


async def test_whoever_sends_without_approval_proves_first_who_they_are(tmp_path: Path) -> None:
    """practice 4.2: few as they may be whom it reaches. It stands out where one looks who was
    told: who, why and the proof; a program is told that it was so, and no name.
    """
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await stale(served, "Ana", "agent")
        await ana.done("assess_incident", incident=incident, impact="high", urgency="high")
        update = {"words": "We are on it.", "audience": "public", "next_in": 20}
        await ana.done("publish_update", incident=incident, **update)
        broken = {"incident": incident, "draft": 1, "version": 1, "reason": "Nobody answers"}
        before = await served.desk.store.head()
        assert (await ana.do("break_glass", **broken))["code"] == "prove"
        assert await served.desk.store.head() == before
        await ana.done("break_glass", **broken, proof_password=PASSWORD)
        page = await ana.page(f"/desk/incidents/{reference}/updates/1")
        assert re.search(r"Sent without approval · \S.* · Ana Reason: Nobody answers", page.text)
        assert "They had proved who they are at" in page.text
        asks = await program(served)
        told = await asks.get(f"/incidents/{reference}/updates")
        (update,) = told.json()["updates"]
        assert update["unapproved"] is True
        assert not {one for one in ("Ana", "Nobody answers") if one in told.text}
