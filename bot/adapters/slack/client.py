"""Slack's Web API by its own SDK, with one session of ours and no repeating by anybody but us."""

import logging
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.faults import POSTING, fault_of, garbled
from bot.adapters.slack.text import Json
from bot.engine.ports import AnswerLost, Misconfigured, Outage, SendFault, Unsendable

BASE = "https://slack.com/api/"
PATIENCE = 20.0
"""Seconds for one call."""
CONNECTING = 10.0
FILE_PATIENCE = 50.0
READ = frozenset(
    {
        "auth.test",
        "chat.getPermalink",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "files.info",
        "team.info",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.info",
        "users.list",
    }
)
"""Methods that take no JSON."""
QUERIES = frozenset({"files.getUploadURLExternal", "files.completeUploadExternal"})
OFFICIAL = ("slack.com", "slack-gov.com")
PIECE = 64 * 1024
ANSWER_MOST = 16 * 1024 * 1024
"""Bytes of one answer; a hundred of the longest messages are less."""
ELSEWHERE = "Slack's API sends us on to another address. Is SLACK_API_URL right?"

QUIET = logging.getLogger("muster.slack.web")
"""The SDK writes whole payloads into its lines."""
QUIET.setLevel(logging.CRITICAL)


class Elsewhere(aiohttp.ClientError):
    """An answer sends us on to another address."""


class Answer(aiohttp.ClientResponse):
    """An answer, read no further than any of Slack's goes."""

    async def read(self) -> bytes:
        """The whole of it. Raises ClientPayloadError when it is larger."""
        if self._body is None:
            body = bytearray()
            async for piece in self.content.iter_chunked(PIECE):
                body += piece
                if len(body) > ANSWER_MOST:
                    self.close()
                    raise aiohttp.ClientPayloadError
            self._body = bytes(body)
        return self._body


async def _sent_on(*told: object) -> None:
    raise Elsewhere


class SlackApi:
    """Calls of one workspace. `scopes` are those that the token has, as Slack last said."""

    def __init__(self, token: str, base_url: str = BASE, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None
        self._web = AsyncWebClient(
            token=token, base_url=base_url, retry_handlers=[], logger=QUIET, timeout=int(patience)
        )
        if is_near(base_url):
            self._web.proxy = None
        self.scopes: tuple[str, ...] = ()

    @property
    def web(self) -> AsyncWebClient:
        """The SDK's client, on the session of ours."""
        self._web.session = self._open()
        return self._web

    @property
    def proxy(self) -> str | None:
        """Through which proxy Slack is reached."""
        return self._web.proxy

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            patience = aiohttp.ClientTimeout(total=self._patience, sock_connect=CONNECTING)
            # The SDK would follow, with all that was to be said; an answer from there is none.
            stay = aiohttp.TraceConfig()
            stay.on_request_redirect.append(_sent_on)
            self._session = aiohttp.ClientSession(
                timeout=patience, response_class=Answer, trace_configs=[stay]
            )
        return self._session

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            await self._session.close()

    # --- methods -------------------------------------------------------------------------------

    async def call(self, method: str, body: Json) -> Json:
        """Call a method; its answer. Raises a SendFault when Slack does not say "ok"."""
        try:
            if method in READ:
                answer = await self.web.api_call(method, http_verb="GET", params=_flat(body))
            elif method in QUERIES:
                answer = await self.web.api_call(method, params=_flat(body))
            else:
                answer = await self.web.api_call(method, json=body)
        except SlackApiError as refused:
            raise _refusal(method, refused) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise _trouble(method, trouble) from None
        except (SlackClientError, AttributeError, TypeError, ValueError):
            raise garbled(method, 200) from None
        granted = answer.headers.get("x-oauth-scopes")
        if granted:
            self.scopes = tuple(one.strip() for one in granted.split(",") if one.strip())
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    # --- addresses -----------------------------------------------------------------------------

    async def respond(self, url: str, body: Json) -> None:
        """Answer by the address that came with a press or a line."""
        self._own(url)
        try:
            async with self._open().post(
                url, json=body, allow_redirects=False, proxy=self.proxy
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise _trouble("response_url", trouble) from None
        if status != 200:
            raise fault_of("response_url", status, {}, {"error": f"response_url_{status}"})

    async def put(self, url: str, content: bytes) -> None:
        """Bring the bytes of a file to where Slack wants them."""
        self._own(url)
        patience = aiohttp.ClientTimeout(total=FILE_PATIENCE)
        try:
            async with self._open().post(
                url,
                data=content,
                allow_redirects=False,
                timeout=patience,
                proxy=self.proxy,
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise _trouble("upload", trouble) from None
        if status != 200:
            raise fault_of("upload", status, {}, {"error": f"upload_{status}"})

    async def get(self, url: str, most: int) -> tuple[str, bytes]:
        """The media type and the bytes of a file, at most `most` of them."""
        self._own(url)
        headers = {"Authorization": f"Bearer {self._web.token}"}
        patience = aiohttp.ClientTimeout(total=FILE_PATIENCE)
        try:
            async with self._open().get(
                url,
                headers=headers,
                allow_redirects=False,
                timeout=patience,
                proxy=self.proxy,
            ) as answer:
                if answer.status != 200:
                    raise _no_file(answer.status, answer.headers)
                return answer.content_type, await _read(answer, most)
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise _trouble("download", trouble) from None

    def _own(self, url: str) -> None:
        """Raises unless it is an address of Slack's own, or of the API that we were told of."""
        if not is_own(url, self._web.base_url):
            raise Unsendable("Slack named an address that is not its own; it was left alone.", True)


def is_own(url: str, base_url: str) -> bool:
    """Whether an address belongs to Slack, or to the host of `base_url`."""
    try:
        asked, base = urlsplit(url), urlsplit(base_url)
        host, place = asked.hostname or "", (asked.scheme, asked.netloc)
    except ValueError:
        return False
    official = any(host == one or host.endswith(f".{one}") for one in OFFICIAL)
    return place == (base.scheme, base.netloc) or (
        official and asked.scheme == "https" and asked.netloc == host
    )


def is_near(base_url: str) -> bool:
    """Whether the API is asked without the proxy of the environment, which its SDK always takes."""
    host = urlsplit(base_url).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1") or bool(proxy_bypass(host))


def _flat(body: Json) -> Json:
    return {key: value for key, value in body.items() if value is not None}


def _refusal(method: str, refused: SlackApiError) -> SendFault:
    answer = refused.response
    status = getattr(answer, "status_code", 0) or getattr(answer, "status", 0)
    return fault_of(method, status, dict(answer.headers), getattr(answer, "data", None))


def _trouble(method: str, trouble: Exception) -> SendFault:
    """The network; when nothing was sent yet, it certainly did not arrive."""
    if isinstance(trouble, Elsewhere):
        return Misconfigured(ELSEWHERE, whole=True)
    what = f"Slack cannot be reached ({type(trouble).__name__}). It is tried again."
    if isinstance(trouble, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return Outage(what, whole=True, sure=True)
    if method in POSTING:
        return AnswerLost("The connection to Slack broke before the answer.")
    return Outage(what, whole=True, sure=False)


def _no_file(status: int, headers: Mapping[str, str]) -> SendFault:
    if status in (401, 403) or 300 <= status < 400:
        what = "Slack does not give the app this file. Give it the scope files:read."
        return Misconfigured(what)
    if status == 404:
        return Unsendable("The file is not there any more.", final=True)
    return fault_of("download", status, headers, {"error": f"download_{status}"})


async def _read(answer: aiohttp.ClientResponse, most: int) -> bytes:
    read = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        read += piece
        if len(read) > most:
            raise Unsendable("The file is larger than what is taken.", final=True)
    return bytes(read)
