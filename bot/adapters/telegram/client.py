"""Telegram's Bot API by python-telegram-bot's `Bot`, on connections of ours.

The token is part of every address that is asked. So no address gets into an exception, a
representation or a line of a log; whoever calls gets a `SendFault`, and nothing beneath it.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx
from telegram import Bot, File, User
from telegram.error import BadRequest, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.adapters.telegram.faults import MAKING, Trouble, Waits, fault_of, garbled
from bot.engine.ports import Misconfigured, RateLimited, SendFault, Unsendable

T = TypeVar("T")

BASE = "https://api.telegram.org"
PATIENCE = 20.0
"""Seconds for one call without a file."""
CONNECTING = 10.0
FILE_PATIENCE = 50.0
CONNECTIONS = 24
ANSWER_MOST = 16 * 1024 * 1024
"""Bytes of one answer; a hundred of the longest updates are less."""
MADE = {**dict.fromkeys(MAKING, "message_id"), "createForumTopic": "message_thread_id"}
"""By which part of an answer what was made is known."""
ODD = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What the library raises at an answer that is not what it should be."""
NEAR = ("localhost", "127.0.0.1", "::1")

for _chatty in ("telegram", "httpx", "httpcore"):
    # Their lines hold addresses, and so the token, and whole payloads.
    logging.getLogger(_chatty).setLevel(logging.CRITICAL)


class Wire(BaseRequest):
    """Connections to one API, which follow no redirect and read no more than an answer has."""

    __slots__ = ("_client", "_options", "_patience")

    def __init__(self, base_url: str, patience: float, connections: int) -> None:
        self._patience = patience
        near = (urlsplit(base_url).hostname or "") in NEAR
        self._options: dict[str, Any] = {
            "limits": httpx.Limits(max_connections=connections),
            "timeout": httpx.Timeout(patience, connect=CONNECTING),
            "follow_redirects": False,
            "trust_env": not near,
        }
        self._client = httpx.AsyncClient(**self._options)

    @property
    def read_timeout(self) -> float:
        """Seconds for an answer."""
        return self._patience

    async def initialize(self) -> None:
        """Open again what was shut."""
        if self._client.is_closed:
            self._client = httpx.AsyncClient(**self._options)

    async def shutdown(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Ask once. Raises Trouble and Waits; a refusal in Telegram's own form is returned."""
        files = request_data.multipart_data if request_data else None
        usual = FILE_PATIENCE if files else self._patience
        reads = read_timeout if isinstance(read_timeout, float | int) else usual
        data = request_data.json_parameters if request_data else None
        asked = self._client.build_request(method, url, data=data, files=files)
        asked.extensions["timeout"] = httpx.Timeout(reads, connect=CONNECTING).as_dict()
        status, body = await self.fetch(asked, reads + CONNECTING, ANSWER_MOST)
        if len(body) > ANSWER_MOST:
            raise Trouble("Telegram's answer is longer than any of its answers.")
        if status < HTTPStatus.BAD_REQUEST:
            return status, body
        _refuses(status, body)
        return status, body

    def asking(self, url: str) -> httpx.Request:
        """A request for what lies at an address."""
        return self._client.build_request("GET", url)

    async def fetch(self, asked: httpx.Request, patience: float, most: int) -> tuple[int, bytes]:
        """Status and body in `patience` seconds; of one of more than `most` bytes little more than
        that. Raises Trouble.
        """
        trouble: Trouble
        if self._client.is_closed:
            raise Trouble("The channel is closed.", sure=True)
        try:
            async with asyncio.timeout(patience):
                return await self._read(asked, most)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
            trouble = Trouble("Telegram cannot be reached.", sure=True)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            trouble = Trouble("Telegram's address cannot be read.", elsewhere=True)
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError):
            trouble = Trouble("The connection to Telegram broke before the answer.")
        # Outside, so that nothing with an address in it hangs on it.
        raise trouble

    async def _read(self, asked: httpx.Request, most: int) -> tuple[int, bytes]:
        answer = await self._client.send(asked, stream=True)
        try:
            if answer.is_redirect:
                raise httpx.InvalidURL("")
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > most:
                    break
            return answer.status_code, bytes(body)
        finally:
            await answer.aclose()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What an answer says. Raises Trouble where nobody can read it."""
        found: object = None
        with suppress(ValueError, RecursionError):
            found = json.loads(payload.decode("utf-8", "replace"))
        if not isinstance(found, dict):
            raise Trouble("Telegram's answer could not be read; is TELEGRAM_API_URL right?")
        return found


class _Bot(Bot):
    """Says nothing about itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Bot"


class TelegramApi:
    """Calls of one bot. `me` is who it is, as Telegram last said; None until it was asked.

    `base_url` is `https://api.telegram.org`, or a Bot API server of one's own.
    """

    def __init__(self, token: str, base_url: str = "", patience: float = PATIENCE) -> None:
        root = (base_url or BASE).rstrip("/")
        self._file_root = f"{root}/file/bot{token}"
        self._wire = Wire(root, patience, CONNECTIONS)
        self._polls = Wire(root, patience, 1)
        self.bot: Bot = _Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._wire,
            get_updates_request=self._polls,
        )
        self.me: User | None = None

    async def close(self) -> None:
        """Let go of every connection."""
        await self._polls.shutdown()
        await self._wire.shutdown()

    async def call(self, method: str, calling: Awaitable[T], address: str = "") -> T:
        """What a call of `bot` gives. `method` is Telegram's name for it, `address` the chat that
        it is about. Raises SendFault and nothing else.
        """
        fault: SendFault
        try:
            found = await calling
            if method not in MAKING or is_number(getattr(found, MADE[method], None)):
                return found
            fault = garbled(method)
        except TelegramError as error:
            fault = fault_of(error, method, address)
        except ODD:
            fault = garbled(method)
        raise fault

    async def raw(self, method: str, body: dict[str, Any], address: str = "") -> Any:
        """Call what `Bot` does not know yet; the result as JSON. Raises SendFault."""
        return await self.call(method, self.bot.do_api_request(method, api_kwargs=body), address)

    async def get_me(self) -> User:
        """Who the bot is. Raises SendFault."""
        found = await self.call("getMe", self.bot.get_me())
        named: object = found.username or ""
        if not is_number(found.id) or not isinstance(named, str):
            raise garbled("getMe")
        self.me = found
        return found

    async def file(self, file: str, most: int) -> tuple[str, bytes]:
        """The path by which Telegram has a file, and its bytes, at most `most` of them.

        Raises SendFault: Unsendable for one that is larger, gone, or lies elsewhere.
        """
        found: File = await self.call("getFile", self.bot.get_file(file))
        long: object = found.file_size or 0
        named: object = found.file_path or ""
        if not isinstance(long, int) or not isinstance(named, str) or not named.isprintable():
            raise garbled("getFile")
        if long > most:
            raise Unsendable("The file is larger than what is taken.", final=True)
        path = named.removeprefix(f"{self._file_root}/")
        if not path or path.startswith("/") or ":" in path or ".." in path.split("/"):
            raise Unsendable("The file lies outside Telegram's API; it was left alone.", final=True)
        asked = self._wire.asking(f"{self._file_root}/{quote(path)}")
        status, content = await self.call("file", self._wire.fetch(asked, FILE_PATIENCE, most))
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise Misconfigured("Telegram does not give the bot this file.")
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RateLimited
        if status != HTTPStatus.OK:
            raise Unsendable("The file is not there any more.", final=status < 500)
        if len(content) > most:
            raise Unsendable("The file is larger than what is taken.", final=True)
        return path, content


def is_number(found: object) -> bool:
    """Whether it is what Telegram calls something by."""
    return isinstance(found, int) and not isinstance(found, bool) and found > 0


def _refuses(status: int, body: bytes) -> None:
    """Raises Waits for a call that came too soon, Trouble where Telegram itself does not speak."""
    said: object = None
    with suppress(ValueError, RecursionError):
        said = json.loads(body.decode("utf-8", "replace"))
    known: dict[str, Any] = said if isinstance(said, dict) else {}
    more = known.get("parameters") or {}
    after = more.get("retry_after") if isinstance(more, dict) else None
    if status == HTTPStatus.TOO_MANY_REQUESTS or after is not None:
        raise Waits(after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Trouble(f"Telegram answered {status}. It is tried again.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise BadRequest("request entity too large")
    readable = isinstance(known.get("description"), str) and isinstance(more, dict)
    if not readable and status not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        raise Trouble(f"Telegram's answer could not be read ({status}).")
