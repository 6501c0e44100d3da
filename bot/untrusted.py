"""What comes from outside, read without trust: bodies within bounds; what is not fit is empty."""

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.requests import Request

Payload = Mapping[str, Any]

NONE: Payload = {}
TEXT_MOST = 40_000
BODY_MOST = 1024 * 1024


def part(payload: Any, *keys: str) -> Payload:
    """The object under `keys`, empty when there is none."""
    for key in keys:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload if isinstance(payload, dict) else NONE


def text(payload: Any, *keys: str) -> str:
    """The text under `keys`, "" when there is none; half a sign of a pair becomes a question."""
    found = part(payload, *keys[:-1]).get(keys[-1])
    if not isinstance(found, str):
        return ""
    return found[:TEXT_MOST].encode("utf-8", "replace").decode().replace("\x00", "")


def items(payload: Any, *keys: str) -> Iterator[Payload]:
    """The objects in the list under `keys`."""
    found = part(payload, *keys[:-1]).get(keys[-1])
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


async def body_of(request: Request, most: int = BODY_MOST) -> bytes | None:
    """The body as it was sent; None when it is longer than `most`, or said to be: then reading
    stops, or never began.
    """
    told = request.headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()) or int(told[:12]) > most:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
