"""The ping to a monitor outside (a dead-man's switch): one GET, by the rules of hooks.

The address is the operator's own, so its host is allowed; where it leads inside, the setting
`webhooks` must name that network. No redirect is followed and nothing of the answer is kept. The
address is a secret: no sentence of ours names more of it than its host.
"""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

import httpx2

from bot.adapters.webhook.adapter import Resolve, resolved
from bot.core.ids import Millis
from bot.engine.hook_reach import Allowed, NotThere, Target
from bot.engine.ports import Misconfigured, Outage

PATIENCE = 10.0
"""Seconds for all of one ping."""


class Monitor:
    """Pings `url`, which waits for it `every` so many milliseconds. Calling it raises SendFault;
    `beside` are networks inside that it may be in.
    """

    def __init__(
        self,
        url: str,
        every: Millis,
        beside: Iterable[str] = (),
        resolve: Resolve = resolved,
        patience: float = PATIENCE,
    ) -> None:
        self._url = url
        self.every = every
        self.host = urlsplit(url).hostname or ""
        self._allowed = Allowed.of([self.host, *beside])
        self._resolve = resolve
        self._patience = patience

    async def __call__(self) -> None:
        """One ping."""
        try:
            async with asyncio.timeout(self._patience):
                target = self._allowed.target(self._url)
                pinned = self._allowed.address(await self._resolve(target.host, target.port))
                status = await self._asked(target, pinned)
        except NotThere as why:
            raise Misconfigured(f"The monitor may not be reached: {why}.") from None
        except TimeoutError:
            raise Outage("The monitor took too long to answer.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, UnicodeError) as trouble:
            raise Outage(f"The monitor cannot be reached ({type(trouble).__name__}).") from None
        if not 200 <= status < 300:
            raise Outage(f"The monitor answered {status}.")

    async def _asked(self, target: Target, pinned: str) -> int:
        at = f"[{pinned}]" if ":" in pinned else pinned
        named = f"[{target.host}]" if ":" in target.host else target.host
        usual = {"https": 443, "http": 80}[target.scheme] == target.port
        headers = {"host": named if usual else f"{named}:{target.port}", "user-agent": "Muster"}
        async with (
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._patience
            ) as client,
            client.stream(
                "GET",
                f"{target.scheme}://{at}:{target.port}{target.path}",
                headers=headers,
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            return response.status_code
