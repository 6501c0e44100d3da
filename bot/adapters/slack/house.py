"""Slack as the house sees it: a channel that sends, and what hears, with everything between."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot.adapters.slack.acquaintance import Acquaintance, app_of
from bot.adapters.slack.adapter import SlackChannel
from bot.adapters.slack.app import Ears
from bot.adapters.slack.client import BASE, SlackApi
from bot.adapters.slack.door import Door
from bot.adapters.slack.receive import PATH
from bot.adapters.slack.render import Labels
from bot.adapters.slack.replies import Replies, Sentences
from bot.adapters.slack.socket_mode import SocketMode
from bot.declared import Told
from bot.engine.heard import Hears
from bot.engine.loops import Loop
from bot.engine.marks import Marks
from bot.engine.ports import Asides, Clock, Health, Speak

FINISHING = 3.0
"""Seconds for answers that are still on their way when the house stops."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What Slack gave us: the bot's token, and a way to hear (or both): `app` opens a socket of
    ours, `secret` signs what Slack sends over HTTP. `api` is where Slack's API is, "": as usual.
    """

    bot: str
    app: str = ""
    secret: str = ""
    api: str = ""


def keys_in(told: Told) -> Keys:
    """As the settings say."""
    names = ("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_api_url")
    return Keys(*(told.get(one, "") for one in names))


class Slack(SlackChannel):
    """The channel, and once `hear` was called also what hears."""

    def __init__(self, keys: Keys, clock: Clock, say: Speak) -> None:
        self._keys = keys
        self._clock = clock
        self._calls = SlackApi(keys.bot, keys.api or BASE)
        self._by_app = SlackApi(keys.app, keys.api or BASE) if keys.app else None
        labels = Labels.said(say)
        super().__init__(self._calls, labels)
        said = Sentences.said(say)
        self._replies = Replies(self._calls, labels, said, clock.ticks, self.losses)
        self.acquaintance = Acquaintance(self._calls, clock, app_of(keys.app))
        self.socket: SocketMode | None = None
        self.ears: Ears | None = None

    def hear(
        self,
        hears: Hears,
        missed: Callable[[], Awaitable[None]],
        asides: Asides | None = None,
        marks: Marks | None = None,
    ) -> None:
        """Hand what is heard to `hears` from now on; `missed` when something may have been lost.

        What goes out at once takes the way that Slack gave with what it brought, so no `asides`;
        and nothing is said of us there that would have to be remembered.
        """
        self.ears = Ears(
            hears,
            self._replies,
            lambda: self.acquaintance.me,
            self._keys.secret,
            ended=self.acquaintance.wake,
            missed=missed,
        )
        if self._by_app is not None:
            self.socket = SocketMode(self._by_app, self.ears.over_socket, self._clock, missed)

    @property
    def workers(self) -> Sequence[Loop]:
        """What must turn, in the order of starting."""
        return (self.acquaintance, *([self.socket] if self.socket else []))

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What is served over HTTP; each proves itself by its signature."""
        return [Door(self.ears).route()] if self.ears and self._keys.secret else []

    @property
    def signed(self) -> Sequence[str]:
        """The paths of `routes`."""
        return [PATH] if self.routes else []

    def health(self) -> Health:
        """The first thing that is wrong, or how we hear."""
        heard = self.socket.health() if self.socket else Health(True)
        for one in (self.acquaintance.health(), heard, super().health()):
            if not one.sound:
                return one
        return Health(True, " ".join(filter(None, (heard.detail, str(self.losses)))))

    async def close(self) -> None:
        """Finish what is being answered, then let go of every connection."""
        if self.ears is not None:
            await self.ears.finish(FINISHING)
        if self._by_app is not None:
            await self._by_app.close()
        await super().close()
