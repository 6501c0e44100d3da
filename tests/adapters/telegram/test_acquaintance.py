"""Who we are, and what people see of us."""

import json

from bot.adapters.telegram.acquaintance import WEEK, Acquaintance
from bot.adapters.telegram.menu import GROUP, PRIVATE
from bot.engine.marks import Marks
from bot.store.memory import MemoryStore
from bot.texts import Catalogues
from tests.adapters.telegram.ears import SAY, begin, connected
from tests.telegram.fake import FakeTelegram
from tests.telegram.faults import Call


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


async def test_what_telegram_has_been_told_is_not_told_again_at_the_next_start() -> None:
    """Only when other words are wanted; and once a week, since somebody may have changed it."""
    async with connected(start=False) as one:
        store, inward = MemoryStore(), one.telegram._inward
        await store.open()

        async def calls(*languages: str) -> int:
            before = len(_told(one.fake))
            speakers = {"": SAY, **{key: Catalogues.load().speaker(key) for key in languages}}
            again = Acquaintance(inward, one.telegram.keys.me, speakers, one.clock)
            again.marks = Marks(store)
            await again.turn()
            return len(_told(one.fake)) - before

        one.fake.fails("setMyShortDescription", 1, retry_after=3)
        # What failed is not forgotten.
        assert [await calls("ru"), await calls("ru"), await calls("ru")] == [3, 8, 0]
        assert [await calls(), await calls(), await calls("ru")] == [4, 0, 8]
        await one.clock.advance(WEEK)
        assert [await calls("ru"), await calls("ru")] == [8, 0]
        await store.close()


def _told(fake: FakeTelegram) -> list[Call]:
    names = ("setMyCommands", "setMyDescription", "setMyShortDescription")
    return [call for name in names for call in fake.called(name)]


async def test_a_token_that_serves_no_more_is_said_and_heals() -> None:
    async with connected(start=False) as one:
        one.fake.fails("getMe", 2, status=401, error="Unauthorized")
        for worker in one.telegram.workers:
            await worker.start()
        await one.passing(lambda: "TELEGRAM_BOT_TOKEN" in one.telegram.health().detail)
        await one.passing(lambda: one.telegram.ears and one.telegram.ears.knows, 2_000)
        assert one.telegram.way_in("p_x") == one.fake.link("p_x")
