"""Who we are, and what people see of us."""

import json

from bot.adapters.telegram.menu import GROUP, PRIVATE
from bot.texts import Catalogues
from tests.adapters.telegram.ears import begin, connected


async def test_each_kind_of_chat_has_its_menu_in_each_language() -> None:
    async with connected() as one:
        found = {}
        for call in one.fake.called("setMyCommands"):
            scope = call.args["scope"]
            kind = (json.loads(scope) if isinstance(scope, str) else scope)["type"]
            listed = call.args["commands"]
            listed = json.loads(listed) if isinstance(listed, str) else listed
            found[kind, call.args.get("language_code", "")] = [x["command"] for x in listed]
        languages = ["", *(x for x in Catalogues.load().languages if len(x) == 2)]
        assert set(found) == {
            (kind, language)
            for kind in ("all_private_chats", "all_group_chats")
            for language in languages
        }
        assert found["all_private_chats", "ru"] == list(PRIVATE)
        assert found["all_group_chats", ""] == list(GROUP)
        assert len(one.fake.called("setMyDescription")) == len(languages)


async def test_what_was_said_is_not_said_again_when_one_call_fails() -> None:
    async with connected(start=False) as one:
        one.fake.fails("setMyShortDescription", 1, retry_after=3)
        await begin(one)
        assert not one.telegram.health().sound
        await one.passing(lambda: one.telegram.health().sound, 1_000)
        said = one.fake.called("setMyCommands")
        calls = [(x.args.get("scope"), x.args.get("language_code")) for x in said]
        assert len(calls) == len(set(map(str, calls)))


async def test_a_token_that_serves_no_more_is_said_and_heals() -> None:
    async with connected(start=False) as one:
        one.fake.fails("getMe", 2, status=401, error="Unauthorized")
        for worker in one.telegram.workers:
            await worker.start()
        await one.passing(lambda: "TELEGRAM_BOT_TOKEN" in one.telegram.health().detail)
        await one.passing(lambda: one.telegram.ears and one.telegram.ears.knows, 2_000)
        assert one.telegram.way_in("p_x") == one.fake.link("p_x")
