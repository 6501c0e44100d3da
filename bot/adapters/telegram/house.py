"""Telegram as the house sees it: a channel that sends, and what hears, with everything between."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from bot.adapters.telegram.acquaintance import Acquaintance
from bot.adapters.telegram.adapter import TelegramChannel
from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.door import Door, secret_of
from bot.adapters.telegram.ears import Ears
from bot.adapters.telegram.inward import Inward
from bot.adapters.telegram.menu import WORDS
from bot.adapters.telegram.offers import Offers
from bot.adapters.telegram.polling import Polling
from bot.adapters.telegram.reading import Me
from bot.adapters.telegram.receive import PATH, Known
from bot.adapters.telegram.render import Labels
from bot.adapters.telegram.replies import Replies
from bot.adapters.telegram.sentences import FORWARDED, Voices
from bot.adapters.telegram.webhook import Webhook
from bot.declared import Told
from bot.engine.heard import Hears
from bot.engine.loops import Loop
from bot.engine.marks import Marks
from bot.engine.ports import Asides, Clock, Health, Post, Speak
from bot.texts import Catalogues

FINISHING = 3.0
"""Seconds for answers that are still on their way when the house stops."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What BotFather gave us; where updates are to be sent to (`webhook`, "": we fetch them), and
    where the Bot API is ("": as usual).
    """

    token: str
    webhook: str = ""
    api: str = ""

    @property
    def me(self) -> Me:
        """Us, as far as the token says it."""
        return Me(int(self.token.partition(":")[0]))

    @property
    def url(self) -> str:
        """The whole address to which Telegram sends, "" for none. With a path of its own it is
        that of a proxy, which knows ours.
        """
        bare = self.webhook and urlsplit(self.webhook).path in ("", "/")
        return self.webhook.rstrip("/") + PATH if bare else self.webhook


def keys_in(told: Told) -> Keys:
    """As the settings say."""
    return Keys(
        told["telegram_bot_token"],
        told.get("telegram_webhook_url", ""),
        told.get("telegram_api_url", ""),
    )


class Telegram(TelegramChannel):
    """The channel, and once `hear` was called also what hears."""

    def __init__(self, keys: Keys, clock: Clock, say: Speak) -> None:
        """`say` speaks the language of the house."""
        api = TelegramApi(keys.token, keys.api)
        catalogues = Catalogues.load()
        speakers = {one: catalogues.speaker(one) for one in catalogues.languages if len(one) == 2}
        self._voices: Voices = {"": say, **speakers}
        labels = {language: Labels.said(one) for language, one in self._voices.items()}
        super().__init__(api, clock, labels)
        self.keys = keys
        self._speak = say
        self._inward = Inward(api)
        self._offers = Offers(api, self._voices, self._beside)
        self.acquaintance = Acquaintance(self._inward, keys.me, self._voices, clock)
        self.ears: Ears | None = None
        self.hearing: Polling | Webhook | None = None

    def hear(
        self,
        hears: Hears,
        missed: Callable[[], Awaitable[None]],
        asides: Asides,
        marks: Marks | None = None,
    ) -> None:
        """Hand what is heard to `hears` from now on; `missed` when something may have been lost.
        With `marks` what was said of us is not said again at each start.
        """
        self.acquaintance.marks = marks
        replies = Replies(self._inward, self, asides, self._clock, self._voices)
        self.ears = Ears(hears, replies, self.confirms, self._known, self._clock)
        if url := self.keys.url:
            secret = secret_of(self.keys.token)
            self.hearing = Webhook(self._inward, url, secret, self._clock, missed)
        else:
            self.hearing = Polling(self._inward, self.ears, self._clock, missed)

    def _known(self) -> Known:
        def forwarded(name: str) -> str:
            return self._speak(FORWARDED.model_copy(update={"args": {"name": name}}))

        return Known(self.acquaintance.me, WORDS, forwarded)

    @property
    def workers(self) -> Sequence[Loop]:
        """What must turn, in the order of starting."""
        return (self.acquaintance, *([self.hearing] if self.hearing else []))

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What is served over HTTP; it proves itself by a word that only Telegram knows."""
        return [Door(self.ears, self.keys.token).route()] if self.ears and self.keys.url else []

    @property
    def signed(self) -> Sequence[str]:
        """The paths of `routes`."""
        return [PATH] if self.routes else []

    async def send(self, address: str, post: Post) -> str:
        """The message, and the keyboard that its card wants."""
        message = await super().send(address, post)
        if post.card:
            self._offers.now(address, post.card.wants, post.card.language)
        else:
            self._offers.now(address, "")
        return message

    async def edit(self, address: str, message: str, post: Post) -> str:
        """The message as it is now, and the keyboard that its card wants."""
        found = await super().edit(address, message, post)
        if post.card:
            self._offers.now(address, post.card.wants, post.card.language)
        return found

    async def _beside(self, address: str) -> None:
        await self.pace.turn(address, beyond=True)

    def health(self) -> Health:
        """The first thing that is wrong, or how we hear."""
        heard = self.hearing.health() if self.hearing else Health(True)
        for one in (self.acquaintance.health(), heard, super().health()):
            if not one.sound:
                return one
        return Health(True, " ".join(filter(None, (heard.detail, str(self.losses)))))

    async def close(self) -> None:
        """Finish what is being answered, then let go of every connection."""
        if self.ears is not None:
            await self.ears.finish(FINISHING)
        await self._offers.close()
        await super().close()
