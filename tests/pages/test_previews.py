"""What goes to many is looked at first; distress and the script on the pages of the desk."""

from pathlib import Path
from urllib.parse import urlencode

from bot.core.person_words import Role
from tests.pages.kit import Person, web
from tests.pages.test_desk import reported
from tests.pages.test_desk_board import lines

UPDATE = {"words": "Back at 16:00.", "audience": "public", "next_in": "30"}
AS_SCRIPT = {"accept": "application/json"}


async def previewed(ana: Person, incident: str, **more: str) -> str:
    response = await ana.post(
        "/desk/preview/publish_update", {**UPDATE, "incident": incident, **more}, **AS_SCRIPT
    )
    assert response.status_code == 200, response.text
    return response.text


async def test_a_preview_says_who_hears_what_and_when_the_next_comes(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        before = await served.desk.store.head()
        html = await previewed(ana, incident, **{"also:ru": "Свет вернётся в 16:00."})
        for words in (
            "1 customer",
            "0 subscribers",
            "on the status page",
            "Свет вернётся",
            "16:00",
        ):
            assert words in html
        assert 'name="position"' in html
        assert 'formaction="/do/publish_update"' in html
        assert "no other update is promised" in await previewed(ana, incident, next_in="none")
        assert await served.desk.store.head() == before


async def test_each_reading_of_a_preview_is_wholly_in_its_own_language(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        html = await previewed(ana, incident)
        assert "Русский · On the status page" in html
        assert "На вашем языке этого пока нет:</p>" in html
        assert "We do not have this in your language yet" not in html


async def test_a_hit_is_shown_to_its_author_and_nothing_can_be_pressed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        html = await previewed(ana, incident, words="It is Main Street 5 <b>")
        assert "“Main Street 5”" in html
        assert "house number" in html
        assert "formaction" not in html
        answer = await ana.do(
            "publish_update", incident=incident, **{**UPDATE, "words": "020 7946 0958"}
        )
        assert answer["code"] == "personal"
        assert "7946" in answer["text"]
        assert "020 7946" not in (await ben.page(f"/desk/incidents/{reference}")).html


async def test_a_preview_works_without_a_script(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        form = {"origin": served.origin, "content-type": "application/x-www-form-urlencoded"}
        body = urlencode({**UPDATE, "incident": incident, "words": "Back soon.", "also:ru": "Да"})
        path = "/desk/preview/publish_update"
        response = await ana.client.post(path, content=body, headers=form)
        assert response.status_code == 200
        for kept in ('name="words" value="Back soon."', 'name="also:ru" value="Да"', reference):
            assert kept in response.text


async def test_a_plain_preview_does_not_name_what_its_reader_may_not_see(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        await ana.done(
            "restrict_incident", incident=incident, visibility="restricted", reason="A child"
        )
        for hidden in (incident, "inc_" + "0" * 26):
            response = await ben.client.post(
                "/desk/preview/publish_update",
                data={**UPDATE, "incident": hidden},
                headers={"origin": served.origin},
            )
            assert response.status_code == 404
            assert reference not in response.text


async def test_only_who_may_publish_may_look_and_nothing_else_is_previewed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        path, content = "/desk/preview/publish_update", {**UPDATE, "incident": incident}
        allowed: dict[Role, int] = {"agent": 200, "supervisor": 200, "resource": 403}
        for role, status in allowed.items():
            person = await served.staff(role, role)
            assert (await person.post(path, content, **AS_SCRIPT)).status_code == status
        assert (await served.stranger().post(path, content, **AS_SCRIPT)).status_code == 401
        ana = await served.staff("Ana", "agent")
        other = "/desk/preview/take_incident"
        assert (await ana.post(other, content, **AS_SCRIPT)).status_code == 400
        html = await previewed(ana, "inc_" + "0" * 26)
        assert "There is nothing here" in html


async def test_everybody_reads_their_language_on_the_status_page_and_in_the_chat(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("publish_update", incident=incident, **UPDATE)
        label = "На вашем языке этого пока нет:"
        assert label in (await served.stranger().page("/status?lang=ru")).text
        assert label not in (await served.stranger().page("/status?lang=en")).text
        lines = dict((await visitor.state(language="ru"))["report"]["progress"]["lines"])
        assert f"{label} Back at 16:00." in lines.values()
        fields = {"number": 1, "words": "Back at 17:00.", "also:ru": "Свет вернётся в 17:00."}
        await ana.done("correct_update", incident=incident, **fields)
        text = (await served.stranger().page("/status?lang=ru")).text
        assert "Свет вернётся в 17:00." in text
        assert label not in text
        assert "Back at" not in text


async def test_steps_of_the_script_are_ticked_with_who_and_when(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        step = {"incident": incident, "category": "power", "step": 1}
        await ana.done("tick_step", **step, done="yes")
        page = await ben.page(f"/desk/incidents/{reference}")
        assert 'aria-checked="true"' in page.html
        assert "Step 1 of the script done" in page.text
        await ben.done("tick_step", **step, done="no")
        assert 'aria-checked="true"' not in (await ana.page(f"/desk/incidents/{reference}")).html


async def test_an_agent_reads_their_own_wording_beside_the_customers(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        text = (await ana.page("/desk/new?category=power")).text
        assert "What has happened, or what do you need?" in text
        assert "Please tell me in your own words what has happened, or what you need." in text
        visitor = await served.visitor()
        await visitor.did("begin_report")
        assert "in your own words" not in str(await visitor.state())


async def test_distress_stands_first_on_the_board_until_somebody_looked(tmp_path: Path) -> None:
    """Of those who may see it: others are called to it, and see no more until they take it."""
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        _, second, other = await reported(served)
        ana, sue = await served.staff("Ana", "agent"), await served.staff("Sue", "supervisor")
        await ana.done("override_priority", incident=second, priority="P1", reason="A ward")
        await visitor.did("write_message", words="I want to die")
        letters = (await visitor.state())["letters"]
        assert ["Samaritans" in one["text"] for one in letters[-2:]] == [False, True]
        assert letters[-2]["words"] == "I want to die"
        assert "may be in great distress" in (await sue.page("/desk")).text
        assert await lines(sue, "/desk") == [reference, other]
        assert await lines(ana, "/desk") == [other]
        board = (await ana.page("/desk")).text
        assert f"{reference}: you are needed now" in board
        assert "distress" not in board
        await ana.done("take_incident", incident=incident)
        assert await lines(ana, "/desk") == [reference, other]
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Ask openly whether they are thinking" in page.text
        (row,) = await served.desk.store.select("reports", {"incident": incident})
        report = str(row["report"])
        await ana.done("reply_to_customer", report=report, words="I am here.")
        assert "may be in great distress" in (await ana.page("/desk")).text
        await ana.done("clear_distress", report=report, why="helped")
        assert "may be in great distress" not in (await ana.page("/desk")).text


async def test_distress_after_all_is_over_stands_on_the_board_too(tmp_path: Path) -> None:
    """It has an incident of its own then, which few may see from its first moment."""
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        ana, sue = await served.staff("Ana", "agent"), await served.staff("Sue", "supervisor")
        await ana.done("cancel_incident", incident=incident, reason="A false alarm")
        assert await lines(sue, "/desk") == []
        await visitor.did("write_message", words="no reason to live")
        assert "may be in great distress" in (await sue.page("/desk")).text
        (own,) = await lines(sue, "/desk")
        assert own != reference
        assert await lines(ana, "/desk") == []
        assert f"{own}: you are needed now" in (await ana.page("/desk")).text
