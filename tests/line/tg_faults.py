"""The whole line while calls to Telegram fail, again and again and in every way."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.engine.kit import MINUTE
from tests.line.tg import By, phones
from tests.line.tg_story import Story
from tests.telegram import ask

Ways = Mapping[str, Mapping[str, Any]]
WAYS: Ways = {
    "429": {"retry_after": 2},
    "5xx": {"status": 502, "body": "<html>Bad Gateway"},
    "dropped": {"drop": True},
    "lost": {"lose": True},
    "garbage": {"garbage": True},
}
METHODS = (
    "answerCallbackQuery",
    "closeForumTopic",
    "createForumTopic",
    "deleteMessage",
    "deleteWebhook",
    "editMessageText",
    "file",
    "getChat",
    "getChatMember",
    "getFile",
    "getMe",
    "getUpdates",
    "sendMessage",
    "sendPhoto",
    "setMyCommands",
    "setMyDescription",
    "setMyShortDescription",
)
"""Everything that the line calls by long polling."""
FIRST = ("deleteWebhook", "setMyCommands", "setMyDescription", "setMyShortDescription")
"""Those of them that are called at the start, and not again."""


async def lived(folder: Path, way: str = "", *methods: str, by: By = "polling") -> list[str]:
    """What is left of the whole line when in each chapter the first call of each of these methods
    fails; nobody was impatient with Telegram, and at least one call did fail.
    """
    faults = [(one, _how(way, one)) for one in methods]
    async with phones(folder, by, fails=[one for one in faults if one[0] in FIRST]) as one:
        await one.advance(2 * MINUTE)
        story, telegram = Story(one), one.telegram
        hits = sum(fault.hits for fault in telegram.server.faults)
        for chapter in story.chapters:
            telegram.recovers()
            lit = [telegram.fails(name, **how) for name, how in faults]
            if {*methods} & {"getMe", "getUpdates"}:
                await one.advance(6 * MINUTE)  # Both are asked now and then, whatever happens.
            await chapter()
            hits += sum(fault.hits for fault in lit)
        telegram.recovers()
        await one.advance(12 * MINUTE)
        await one.shown()
        assert hits or not methods, "nothing failed"
        unknown = {call.method for call in telegram.calls} - {*METHODS, *HOOKS}
        assert not await one.pauses()
        return [*await story.picture(), *(f"not known to this test: {each}" for each in unknown)]


def _how(way: str, method: str) -> dict[str, Any]:
    """After a 429 a chat is left alone, where it was about something that is said there."""
    known = ask.METHODS.get(method.lower())
    if way != "429" or (known is not None and known.paced):
        return dict(WAYS[way])
    told = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 2"}
    return {"status": 429, "body": json.dumps({**told, "parameters": {"retry_after": 2}})}


HOOKS = ("setWebhook", "getWebhookInfo", "reopenForumTopic")
"""What else may be called: by webhook, and where a topic was shut in haste."""
