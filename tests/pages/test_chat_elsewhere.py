"""A customer goes on in another app: by a code from the chat, and a yes there."""

from pathlib import Path

from bot.core.commands import Envelope, Identity, Place
from bot.core.going_on_words import GoOnHere
from bot.core.report_words import WriteMessage
from bot.engine.going_on import issue
from tests.channel import ScriptedChannel
from tests.pages.kit import Visitor, web
from tests.pages.test_accounts import connected
from tests.pages.test_desk import reported


async def code_of(visitor: Visitor) -> str:
    response = await visitor.post("/chat/code", {"id": "number-0001"}, **visitor.headers)
    assert response.status_code == 200, response.text
    found = response.json()
    (app,) = found["apps"]
    assert app == {"title": "Somewhere", "link": f"https://test.example/start?code={found['code']}"}
    return str(found["code"])


async def test_the_conversation_goes_on_there_and_comes_back(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        visitor, _, _ = await reported(served)
        code = await code_of(visitor)
        assert (await outside.bring(code, "phone")).outcome == "done"
        joining = (await visitor.state())["report"]["joining"]
        assert (joining["title"], joining["name"]) == ("Somewhere", "@phone")
        channel = served.desk.machine.parts.channels["test"]
        assert isinstance(channel, ScriptedChannel)
        assert joining["check"] in channel.texts("direct-phone")[0]
        await visitor.did("confirm_join", number=joining["number"])
        await served.settle()
        assert (await visitor.state())["report"]["joining"] is None
        who = Identity("test", "phone")
        for number, command in enumerate((GoOnHere(), WriteMessage(words="It is me"))):
            place = Place("test", "direct-phone")
            envelope = Envelope("test", f"go{number}", command, who, place, language="en")
            answer = await served.house.engine.handle(envelope)
            assert answer.outcome == "done", answer
        await served.desk.advance(5_000)
        report = (await visitor.state())["report"]
        assert (report["moved"], report["messages"]) == ("Somewhere", 1)
        await visitor.did("go_on_here")
        assert (await visitor.state())["report"]["moved"] == ""


async def test_a_no_and_a_stranger_join_nothing(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, outside):
        visitor, _, _ = await reported(served)
        code = await code_of(visitor)
        await outside.bring(code, "thief")
        await visitor.did("decline_join")
        assert (await visitor.state())["report"]["joining"] is None
        nobody = served.stranger()
        before = await served.desk.store.head()
        assert (await nobody.post("/chat/code", {"id": "number-0002"})).status_code == 401
        fresh = await served.visitor()
        response = await fresh.post("/chat/code", {"id": "number-0003"}, **fresh.headers)
        assert response.status_code == 401
        again = await visitor.post("/chat/code", {"id": "number-0001"}, **visitor.headers)
        assert again.json()["code"] == "only_once"
        assert await served.desk.store.head() == before


async def test_with_no_other_app_nothing_is_offered(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        assert "data-elsewhere" not in (await visitor.get("/chat")).text
        response = await visitor.post("/chat/code", {"id": "number-0001"}, **visitor.headers)
        assert response.status_code == 404
        assert "data-ways" not in (await visitor.get("/chat")).text
        response = await visitor.post("/chat/way", {"id": "number-0002"}, **visitor.headers)
        assert response.status_code == 404
    async with connected(tmp_path) as (other, _):
        assert "Go on in Somewhere" in (await other.stranger().get("/chat")).text
        channel = other.desk.machine.parts.channels["test"]
        assert isinstance(channel, ScriptedChannel)
        channel.leads = False
        page = (await other.stranger().get("/chat")).text
        assert "data-elsewhere" in page
        assert "data-ways" not in page


async def test_a_link_leads_on_once_and_only_whoever_reports_gets_one(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, _):
        visitor, _, _ = await reported(served)
        response = await visitor.post("/chat/way", {"id": "number-0001"}, **visitor.headers)
        (app,) = response.json()["apps"]
        assert app["title"] == "Go on in Somewhere"
        assert app["link"].startswith("https://test.example/start?start=g_")
        again = await visitor.post("/chat/way", {"id": "number-0001"}, **visitor.headers)
        assert again.json()["code"] == "only_once"
        wrong = await visitor.post("/chat/way", {"id": 7}, **visitor.headers)
        assert wrong.status_code == 400
        assert (await served.stranger().post("/chat/way", {"id": "number-0002"})).status_code == 401
        fresh = await served.visitor()
        response = await fresh.post("/chat/way", {"id": "number-0003"}, **fresh.headers)
        assert response.status_code == 401


async def test_a_link_of_another_app_leads_here_upon_a_yes(tmp_path: Path) -> None:
    async with connected(tmp_path) as (served, _):
        engine, who = served.house.engine, Identity("test", "phone")
        place = Place("test", "direct-phone")
        said = Envelope("test", "w1", WriteMessage(words="It burns"), who, place, language="en")
        stream = str((await engine.handle(said)).data["stream"])
        await served.settle()
        report = await served.desk.report(stream)
        answer, made = await issue(
            engine, report, lambda one: Envelope("test", "w2", one, who, place, language="en")
        )
        assert answer.outcome == "done"
        visitor = await served.visitor()
        given = {"id": "number-0001", "link": f"g_{made.token}"}
        asked = (await visitor.post("/chat/on", given, **visitor.headers)).json()
        assert asked["outcome"] == "ask"
        assert "Go on only if you made this link yourself." in asked["text"]
        assert (await visitor.state())["report"] is None
        sure = {**given, "id": "number-0002", "sure": True}
        done = (await visitor.post("/chat/on", sure, **visitor.headers)).json()
        assert done["outcome"] == "done"
        await served.settle()
        found = await visitor.state()
        assert found["report"]["reference"] == report.reference
        assert found["report"]["moved"] == ""
        assert "We go on here" in str(found["letters"])
        other = await served.visitor()
        used = await other.post("/chat/on", {**given, "id": "number-0003"}, **other.headers)
        assert used.status_code == 404
        assert "has been used" in used.json()["text"]
        assert (await served.stranger().post("/chat/on", given)).status_code == 401
        wrong = await other.post("/chat/on", {"link": 7}, **other.headers)
        assert wrong.status_code == 404
