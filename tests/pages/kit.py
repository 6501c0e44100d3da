"""The pages of a whole desk, reached by HTTP calls in one process; and people who use them."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from httpx2 import ASGITransport, AsyncClient, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message

from bot.adapters.web.house import Limits
from bot.adapters.web.routes import routes
from bot.core.commands import Command
from bot.core.person_words import ROLES, Role
from bot.engine.files import Files
from bot.engine.handle import Engine
from bot.engine.heartbeat import Heartbeat
from bot.engine.live import Feeds
from bot.engine.logins import Organisation
from bot.engine.mailbox import Mailbox
from bot.engine.pictures import Remake
from bot.engine.proofs import Proofs
from bot.engine.reader import Reader
from bot.engine.scanner import Scan, anything
from bot.engine.sessions import Sessions
from bot.engine.watchdog import Watchdog
from bot.pages.app import build_app
from bot.store.memory import MemoryStore
from bot.texts import Catalogues
from tests.engine.kit import Desk, desk
from tests.pages.html import Markup
from tests.pictures import made_at_once

ORIGIN = "http://muster.test"
CATALOGUES = Catalogues.load(pseudo=True)
POWER = {
    "safety": "no",
    "kind": "incident",
    "what": "The lights went out",
    "category": "power",
    "power.extent": "floor",
    "power.hazards": ["none"],
    "power.depends": ["none"],
    "where": "Main street 5",
}


@dataclass
class TestHouse:
    """What the app needs, on a machine under test."""

    __test__ = False

    desk: Desk
    public_url: str = ""
    embed: Sequence[str] = ()
    webhooks: Sequence[str] = ()
    mail: str = ""
    demo: bool = False
    limits: Limits = field(default_factory=Limits)
    is_ready: bool = True
    doors: Sequence[BaseRoute] = ()
    signed: Sequence[str] = ()
    pictures: Remake = made_at_once
    scan: Scan = anything
    organisation: Organisation | None = None
    heartbeat: Heartbeat | None = None

    def __post_init__(self) -> None:
        parts, hub = self.desk.machine.parts, self.desk.machine.hub
        self.reader = Reader(self.engine)
        self.sessions = Sessions(parts.store, parts.codec, parts.clock, parts.chance, hub)
        self.proofs = Proofs(self.engine, self.sessions, self.organisation)
        self.feeds = Feeds(self.engine)
        self.catalogues = CATALOGUES
        self.mailbox = Mailbox(parts.store, parts.codec)
        self.files = Files(parts, self.pictures, self.scan)
        self.watchdog = Watchdog(self.desk.machine)
        self.doors = routes(self)

    @property
    def engine(self) -> Engine:
        return self.desk.machine.engine

    @property
    def workers_alive(self) -> bool:
        return self.desk.machine.alive


@dataclass
class Person:
    """Somebody with a browser: cookies, headers, a count of what they pressed."""

    web: "Web"
    client: AsyncClient
    person: str = ""
    pressed: int = 0

    async def get(self, path: str, **headers: str) -> Response:
        return await self.client.get(path, headers=headers)

    async def page(self, path: str) -> "Page":
        """A page that must be there."""
        response = await self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text)
        return Page(response.text)

    def number(self) -> str:
        self.pressed += 1
        return f"press-{id(self)}-{self.pressed}"

    async def post(self, path: str, content: Any, **headers: str) -> Response:
        told = {"origin": self.web.origin, "content-type": "application/json", **headers}
        # Escaped, so that half a character can be sent, too.
        body = json.dumps(content).encode()
        return await self.client.post(path, content=body, headers=told)

    async def do(self, tag: str, **fields: Any) -> dict[str, Any]:
        """What a member of staff does; everything has come to rest when it returns."""
        response = await self.post(f"/do/{tag}", {"id": self.number(), **fields})
        assert response.status_code == 200, (tag, response.status_code, response.text)
        await self.web.settle()
        answer: dict[str, Any] = response.json()
        return answer

    async def done(self, tag: str, **fields: Any) -> None:
        """The same, and it must be done."""
        answer = await self.do(tag, **fields)
        assert answer["outcome"] == "done", (tag, answer)


@dataclass
class Visitor(Person):
    """A customer with the chat open."""

    token: str = ""

    async def say(self, do: str, **fields: Any) -> Response:
        return await self.post(
            "/chat/do", {"do": do, "id": self.number(), **fields}, **self.headers
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"x-muster-visitor": self.token}

    async def did(self, do: str, **fields: Any) -> dict[str, Any]:
        """What the customer does, and what the door answers."""
        response = await self.say(do, **fields)
        assert response.status_code == 200, (do, response.status_code, response.text)
        await self.web.settle()
        answer: dict[str, Any] = response.json()
        return answer

    async def state(self, after: int = 0, language: str = "en") -> dict[str, Any]:
        path = f"/chat/state?after={after}&lang={language}"
        response = await self.client.get(path, headers=self.headers)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def answer(self, **more: Any) -> None:
        """Answer every question of a power outage, leaving out what may be left out."""
        given = {**POWER, **more}
        while (question := (await self.state())["report"]["question"]) is not None:
            key = question["key"]
            if key in given:
                answer = await self.did("answer_question", field=key, value=given[key])
            else:
                answer = await self.did("skip_question", field=key)
            assert answer["outcome"] == "done", (key, answer)

    async def send_file(
        self, content: bytes, name: str = "notes.txt", press: str = "", field: str = "", **more: str
    ) -> Response:
        """Send a file, as the page does."""
        told = {
            "origin": self.web.origin,
            "content-type": "application/octet-stream",
            "x-muster-press": press or self.number(),
            "x-muster-name": quote(name, safe=""),
            "x-muster-field": quote(field, safe=""),
            **self.headers,
            **more,
        }
        return await self.client.post("/chat/file", content=content, headers=told)

    async def sent_file(self, content: bytes, name: str = "notes.txt", **more: str) -> str:
        """The same, and it must be taken; returns the file's id."""
        response = await self.send_file(content, name, **more)
        answer = response.json()
        assert answer["outcome"] == "done", (response.status_code, answer)
        await self.web.settle()
        file: str = answer["file"]
        return file

    async def report(self, **more: Any) -> str:
        """Report a power outage; returns the reference."""
        await self.did("begin_report")
        await self.answer(**more)
        answer = await self.did("confirm_summary")
        assert answer["outcome"] == "done", answer
        reference: str = answer["reference"]
        return reference


class Web:
    """The app over one desk, and whoever comes by."""

    def __init__(self, house: TestHouse, app: ASGIApp) -> None:
        self.house = house
        self.desk = house.desk
        self.app = app
        self.origin = house.public_url or "http://127.0.0.1:8080"
        self._clients: list[AsyncClient] = []

    def client(self, address: str = "192.0.2.1") -> AsyncClient:
        transport = ASGITransport(app=self.app, client=(address, 1234), raise_app_exceptions=True)
        client = AsyncClient(transport=transport, base_url=self.origin)
        self._clients.append(client)
        return client

    def stranger(self, address: str = "192.0.2.1") -> Person:
        return Person(self, self.client(address))

    async def visitor(self, address: str = "192.0.2.1") -> Visitor:
        visitor = Visitor(self, self.client(address))
        response = await visitor.post("/chat/visitor", {})
        visitor.token = response.json()["token"]
        return visitor

    async def staff(self, name: str, *roles: Role) -> Person:
        """Somebody who joined by a link; with every role when none is named."""
        person = self.stranger()
        token = await self.desk.machine.invite(roles or ROLES)
        page = await person.page(f"/join/{token}")
        response = await person.client.post(
            f"/join/{token}",
            data={**page.fields(), "name": name},
            headers={"origin": self.origin},
        )
        assert response.status_code == 303, response.text
        person.person = page.fields()["person"]
        return person

    async def asks(self, person: Person, command: Command) -> None:
        """What no page offers yet, done by somebody who is signed in."""
        (session, *_) = await self.house.sessions.of(person.person)
        await self.desk.done(command, session.account)
        await self.settle()

    async def settle(self) -> None:
        """Every Do and every letter has arrived."""
        for _ in range(400):
            await self.desk.settle()
            says = await self.desk.store.count("outbox", {"kind": "say", "state": "waiting"})
            if not says:
                return
        raise AssertionError("letters do not arrive")

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


@asynccontextmanager
async def web(folder: Path, public_url: str = ORIGIN, **more: Any) -> AsyncIterator[Web]:
    """The pages of a desk in memory, or with `on_disk` in `folder`; `limits` may be given."""
    named = ("limits", "embed", "pictures", "mail", "scan", "webhooks", "organisation")
    own = {name: more.pop(name) for name in named if name in more}
    if not more.pop("on_disk", False):
        more["store"] = MemoryStore()
    async with desk(folder, **more) as found:
        house = TestHouse(found, public_url, **own)
        await house.feeds.start()
        served = Web(house, build_app(house))
        try:
            yield served
        finally:
            await house.feeds.stop()
            await served.close()


class Page(Markup):
    """A page that was asked for."""


class Stream:
    """An open event stream: frames as they come, until it ends or is closed."""

    def __init__(self, web: Web, path: str, headers: dict[str, str]) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._frames: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._rest = ""
        self._unread = 0
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("192.0.2.1", 1),
            "server": ("muster.test", 80),
            "state": {},
        }
        self.task = asyncio.create_task(self._run(web.app, scope))

    async def _run(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        await app(scope, self._receive, self._send)
        self._frames.put_nowait(("end", None))

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        self._rest += message.get("body", b"").decode()
        *whole, self._rest = self._rest.split("\n\n")
        for part in whole:
            self._take(part)

    def _take(self, part: str) -> None:
        if part.startswith(":"):
            self._frames.put_nowait(("beat", None))
            return
        self._unread += 1
        event, _, data = part.partition("\n")
        self._frames.put_nowait(
            (event.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        )

    async def next(self, *events: str) -> tuple[str, Any]:
        """The next frame that is one of `events` (any, when none is named)."""
        async with asyncio.timeout(20):
            while True:
                frame = await self._frames.get()
                self._unread -= frame[0] not in ("beat", "end")
                if frame[0] in events or (not events and frame[0] != "beat"):
                    return frame

    def waiting(self) -> int:
        """How many frames, heartbeats apart, have come and were not looked at."""
        return self._unread

    async def close(self) -> None:
        self._gone.set()
        async with asyncio.timeout(20):
            await asyncio.gather(self.task, return_exceptions=True)


@asynccontextmanager
async def stream(person: Person, path: str) -> AsyncIterator[Stream]:
    """`path` open in somebody's browser."""
    cookies = "; ".join(f"{one.name}={one.value}" for one in person.client.cookies.jar)
    headers = {"host": "muster.test", "cookie": cookies}
    if isinstance(person, Visitor):
        headers |= person.headers
    opened = Stream(person.web, path, headers)
    try:
        yield opened
    finally:
        await opened.close()
