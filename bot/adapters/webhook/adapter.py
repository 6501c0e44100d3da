"""The channel `webhook`: each message is one signed POST to a program, as Standard Webhooks says.

The first line of a message is its body in JSON, what follows are words that were published. A name
is resolved once, every address of it must be fit, and the connection goes to that very address; no
redirect is followed, and little is read of the answer. What is not taken is tried again with
growing pauses until the message's time is over; the same message carries the same `webhook-id`.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import httpx2

from bot.core.calendar import HOUR, MINUTE
from bot.engine.hook_reach import Allowed, NotThere, Target
from bot.engine.hooks import CHANNEL, Mailing
from bot.engine.one_way import OneWay
from bot.engine.ports import (
    Blocked,
    Capabilities,
    Clock,
    Health,
    Limit,
    Misconfigured,
    Outage,
    Post,
    RateLimited,
    SendFault,
    Unsendable,
)

PATIENCE = 10.0
"""Seconds for all of one try."""
READ_MOST = 16 * 1024
SECOND = 1_000
PAUSES = (5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR)
KNOWN_MOST = 10_000
GONE = 410
ASKS_TO_WAIT = (429, 503)

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class Finds(Protocol):
    """Where a message goes at this moment."""

    async def __call__(self, address: str) -> Mailing | None:
        """None when nobody is to be told there any more."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """Every address of a host, as the system says."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class WebhookChannel(OneWay):
    """Tells programs. `finds` says where a message goes and by which secret it is signed."""

    name = CHANNEL
    title = "Webhooks"
    capabilities = Capabilities(
        hears=False,
        edits=False,
        deletes=False,
        text_most=100_000,
        shared=(Limit("hooks", 20, SECOND),),
    )

    def __init__(
        self,
        allowed: Allowed,
        finds: Finds,
        clock: Clock,
        resolve: Resolve = resolved,
        patience: float = PATIENCE,
    ) -> None:
        self._allowed = allowed
        self._finds = finds
        self._clock = clock
        self._resolve = resolve
        self._patience = patience
        self._tries: OrderedDict[str, int] = OrderedDict()
        self._trouble = ""

    def limits(self, address: str) -> tuple[Limit, ...]:
        """None of its own: what waits goes one after the other anyway."""
        return ()

    def health(self) -> Health:
        """What the last message met with."""
        return Health(not self._trouble, self._trouble)

    async def send(self, address: str, post: Post) -> str:
        """Tell the program; the id is that of the message."""
        mailing = await self._finds(address)
        if mailing is None:
            raise Blocked
        try:
            await self._told(mailing, post)
        except SendFault as fault:
            self._trouble = str(fault)
            raise
        self._trouble = ""
        self._tries.pop(post.delivery, None)
        return message_id(post)

    async def _told(self, mailing: Mailing, post: Post) -> None:
        try:
            async with asyncio.timeout(self._patience):
                target = self._allowed.target(mailing.url)
                pinned = self._allowed.address(await self._resolve(target.host, target.port))
                response = await self._posted(target, pinned, mailing, post)
        except NotThere as why:
            raise Misconfigured(f"A target may not be reached: {why}.") from None
        except TimeoutError:
            raise self._later(post, "The target took too long to answer.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as trouble:
            what = f"The target cannot be reached ({type(trouble).__name__})."
            raise self._later(post, what) from None
        self._judge(post, response)

    async def _posted(
        self, target: Target, pinned: str, mailing: Mailing, post: Post
    ) -> httpx2.Response:
        """One try, at the address that was looked at and at no other."""
        body = body_of(post)
        at = f"[{pinned}]" if ":" in pinned else pinned
        usual = {"https": 443, "http": 80}[target.scheme] == target.port
        named = f"[{target.host}]" if ":" in target.host else target.host
        headers = {
            "host": named if usual else f"{named}:{target.port}",
            "content-type": "application/json",
            "user-agent": "Muster",
            **signed(mailing.secret, message_id(post), self._clock.now() // 1000, body),
        }
        async with (
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._patience
            ) as client,
            client.stream(
                "POST",
                f"{target.scheme}://{at}:{target.port}{target.path}",
                content=body,
                headers=headers,
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            read = 0
            async for piece in response.aiter_raw():
                read += len(piece)
                if read > READ_MOST:
                    break
            return response

    def _judge(self, post: Post, response: httpx2.Response) -> None:
        """Raises the fault that the program's answer is, if it is one."""
        status = response.status_code
        if 200 <= status < 300:
            return
        if status == GONE:
            raise Unsendable("The target says that it is gone for good.", final=True)
        wait = response.headers.get("retry-after")
        if status in ASKS_TO_WAIT and wait is not None:
            raise RateLimited(wait[:100])
        raise self._later(post, f"The target answered {status}.")

    def _later(self, post: Post, detail: str) -> Outage:
        """To be tried again, after a longer pause each time."""
        step = self._tries.pop(post.delivery, 0)
        self._tries[post.delivery] = step + 1
        if len(self._tries) > KNOWN_MOST:
            self._tries.popitem(last=False)
        pause = PAUSES[min(step, len(PAUSES) - 1)]
        return Outage(detail, whole=False, sure=False, retry_after=pause / SECOND)


def message_id(post: Post) -> str:
    """The same for every try of a message."""
    return f"msg_{hashlib.sha256(post.delivery.encode()).hexdigest()[:32]}"


def body_of(post: Post) -> bytes:
    """The JSON of the first line, with the words that follow it as its update's."""
    first, _, words = post.text.partition("\n")
    told: dict[str, Any]
    told, end = json.JSONDecoder().raw_decode(first)
    if words:
        # Whoever wrote them did so in another language than the house's own.
        told["data"]["words"] = words
        told["data"]["words_in_other_language"] = end < len(first)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def signed(secret: str, id_: str, seconds: int, body: bytes) -> dict[str, str]:
    """The headers by which a program knows that it is us, and when."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{id_}.{seconds}.".encode() + body, "sha256")
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }
