"""The calls of the Bot API by which we hear: each raises a SendFault when it did not work."""

from collections.abc import Mapping, Sequence
from typing import Any

from telegram import BotCommand, BotCommandScope, WebhookInfo

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.reading import Me

GRACE = 10
"""Seconds more than Telegram promised to answer in."""


class Inward:
    """What hearing, and answering presses, needs of the API."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def updates(
        self, offset: int | None, limit: int, wait: int, kinds: Sequence[str]
    ) -> object:
        """Updates from `offset` on (None: from the first that is not confirmed), as they came.

        `wait`: seconds for which Telegram keeps the question when there is no answer.
        """
        body: dict[str, Any] = {"limit": limit, "timeout": wait, "allowed_updates": list(kinds)}
        body |= {} if offset is None else {"offset": offset}
        # Not by `get_updates`: one update that the library cannot read would hide all of them.
        asked = self._api.bot.do_api_request(
            "GetUpdates", api_kwargs=body, read_timeout=wait + GRACE
        )
        found: object = await self._api.call("getUpdates", asked)
        return found

    async def answer(
        self, query: str, text: str = "", show_alert: bool = False, url: str = ""
    ) -> None:
        """Answer a press."""
        asked = self._api.bot.answer_callback_query(
            query, text=text or None, show_alert=show_alert or None, url=url or None
        )
        await self._api.call("answerCallbackQuery", asked)

    async def me(self) -> Me:
        """Who we are."""
        user = await self._api.get_me()
        return Me(user.id, user.username or "", user.can_read_all_group_messages)

    async def unhook(self) -> None:
        """End the webhook, keeping what waits."""
        asked = self._api.bot.delete_webhook(drop_pending_updates=False)
        await self._api.call("deleteWebhook", asked)

    async def hook(self, url: str, secret: str, most: int, kinds: Sequence[str]) -> None:
        """Have updates sent to `url` from now on, `most` at once; `secret` comes with each."""
        asked = self._api.bot.set_webhook(
            url, secret_token=secret, max_connections=most, allowed_updates=list(kinds)
        )
        await self._api.call("setWebhook", asked)

    async def hooked(self) -> WebhookInfo:
        """Where updates are sent, and how that goes."""
        return await self._api.call("getWebhookInfo", self._api.bot.get_webhook_info())

    async def commands(
        self, words: Mapping[str, str], scope: BotCommandScope, language: str
    ) -> None:
        """What the menu offers, "" for every language without one of its own."""
        listed = [BotCommand(name, said) for name, said in words.items()]
        asked = self._api.bot.set_my_commands(listed, scope=scope, language_code=language or None)
        await self._api.call("setMyCommands", asked)

    async def described(self, short: str, long: str, language: str) -> None:
        """What people read of us before they write."""
        bot, code = self._api.bot, language or None
        asked = bot.set_my_short_description(short, language_code=code)
        await self._api.call("setMyShortDescription", asked)
        await self._api.call("setMyDescription", bot.set_my_description(long, language_code=code))
