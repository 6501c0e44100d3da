"""Whatever the description of the API allows, and much that it does not, is sent to it: every
answer must be one that the description names, and no question may make the house fail.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.calendar import DAY
from bot.pages.api.app import MANY
from tests.pages.api_kit import API, program
from tests.pages.kit import Web, web

STEP = 5_000


async def asked(folder: Path, examples: int) -> tuple[Counter[str], list[str]]:
    """Ask every operation `examples` times with what fits its description, and as often with what
    does not: how often which status came, and what was found wrong.
    """
    async with web(folder) as served:
        asks = await program(served, lasts=3_650 * DAY)
        known = {"incidents": await asks.opened()}
        brought = await asks.post("/reports", {"category": "power", "words": "It is dark"})
        known["reports"] = brought.json()["reference"]
        run = await asyncio.to_thread(_Run, bridged(served), asks.key, known, examples)
        await asyncio.to_thread(run.all)
        return run.statuses, run.wrong


class _Run:
    """In a thread of its own, since the house lives in the loop and is asked from outside it."""

    def __init__(self, app: ASGIApp, key: str, known: Mapping[str, str], examples: int) -> None:
        self._schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app)
        self._headers = {"authorization": f"Bearer {key}"}
        self._known = known
        self._settings = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        self.statuses: Counter[str] = Counter()
        self.wrong: list[str] = []

    def all(self) -> None:
        """Every operation, both ways, and on what is there as well as on what is not."""
        for result in self._schema.get_all_operations():
            assert isinstance(result, Ok), result
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                self._operation(result.ok(), mode)

    def _operation(self, operation: Any, mode: GenerationMode) -> None:
        @self._settings
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE and "reference" in case.path_parameters:
                whose = operation.path.strip("/").split("/")[0]
                case.path_parameters["reference"] = self._known[whose]
            response = case.call(headers=self._headers)
            self.statuses[str(response.status_code)] += 1
            excluded = [negative_data_rejection] if _bent(case, response) else []
            case.validate_response(response, headers=self._headers, excluded_checks=excluded)

        try:
            ask()
        except FailureGroup as found:
            self.wrong.append(f"{operation.label}: {[str(one) for one in found.exceptions]}")


def _bent(case: Any, response: Any) -> bool:
    """Whether some of the query has no form of its own in an address: an empty list is not there,
    a list of one is that one. Then what came was not what was made, and perhaps just right.
    """
    sent = parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True)
    made = case.query or {}
    return any(name not in sent or _is_one(name, made[name]) for name in made)


def _is_one(name: str, made: object) -> bool:
    return name not in MANY and isinstance(made, list) and len(made) == 1


def bridged(served: Web) -> ASGIApp:
    """The app as it is asked from another thread; some seconds go by with each question."""
    loop = asyncio.get_running_loop()

    async def there(scope: Scope, body: bytes) -> list[Message]:
        served.desk.clock.jump(STEP)
        kept = [one for one in scope["headers"] if one[0] != b"host"]
        scope = {**scope, "headers": [*kept, (b"host", b"muster.test")]}
        answers: list[Message] = []
        asked = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return asked.pop() if asked else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            answers.append(message)

        await served.app(scope, receive, send)
        return answers

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        done = asyncio.run_coroutine_threadsafe(there(scope, body), loop)
        for one in await asyncio.wrap_future(done):
            await send(one)

    return app
