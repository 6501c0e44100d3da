"""Answers that are asked for again and again, and sent again only when they have changed.

Whoever keeps one asks each time whether it still holds, so that what was taken back is gone at
once; that it does costs a look and no words.
"""

from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

TAG_BYTES = 16


def tag_of(body: bytes) -> str:
    """The mark by which an answer is known again."""
    return f'"{blake2b(body, digest_size=TAG_BYTES).hexdigest()}"'


def kept(request: Request, body: bytes, media: str, varies: str, tag: str = "") -> Response:
    """`body`, or that it is still the one that whoever asks has."""
    mark = tag or tag_of(body)
    headers = {"etag": mark, "cache-control": "public, no-cache", "vary": varies}
    if has(request, mark):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media, headers=headers)


def has(request: Request, mark: str) -> bool:
    """Whether whoever asks has the answer of that mark."""
    asked = request.headers.get("if-none-match", "")
    marks = [one.strip().removeprefix("W/") for one in asked.split(",")]
    return mark in marks or marks == ["*"]
