"""Bytes that no page of ours would send, to every route that takes a POST: each is answered by a
clear sentence, nothing breaks, and whoever comes next is served.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof.http.claims import reported
from tests.proof.http.keeper import Keeper, kept
from tests.proof.http.people import FORM, Browser, customer, joined
from tests.proof.http.wire import Reply, Wire, hang_up, read_reply, request

JSON = "application/json"
BODY_MOST = 64 * 1024
PATIENCE = 10


@dataclass(frozen=True)
class Bad:
    """A body that cannot be used. `headers` beside those of an honest page."""

    name: str
    body: bytes
    kind: str = JSON
    headers: dict[str, str] = field(default_factory=dict)


def bodies() -> Iterator[Bad]:
    """What can be wrong with a body, whatever the route."""
    yield Bad("random bytes", bytes(range(256)) * 4)
    yield Bad("random bytes as a form", b"a=" + bytes(range(128, 256)), FORM)
    yield Bad("one byte too many", b'{"words":"' + b"x" * (BODY_MOST - 11) + b'"}')
    yield Bad("one byte too many as a form", b"words=" + b"x" * (BODY_MOST - 5), FORM)
    yield Bad("ten megabytes", b"x" * 10_000_000)
    yield Bad("deep lists", b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}")
    yield Bad("deep objects", b'{"a":' * 10_000 + b"1" + b"}" * 10_000)
    yield Bad("a little too deep", b'{"a":' + b"[" * 8 + b"]" * 8 + b"}")
    yield Bad("very many things", json.dumps({"a": [0] * 20_000}).encode())
    yield Bad("very many fields", "&".join(f"f{n}=1" for n in range(2_000)).encode(), FORM)
    yield Bad("a number of 60,000 digits", b'{"a":' + b"9" * 60_000 + b"}")
    for word in (b"NaN", b"Infinity", b"-Infinity"):
        yield Bad(word.decode(), b'{"id":"press-0001","words":' + word + b"}")
    for word in (b"null", b"[]", b"1", b'"words"', b"{", b"{}x", b"{'a':1}"):
        yield Bad(f"{word!r} instead of an object", word)
    yield Bad("UTF-16", '{"a":1}'.encode("utf-16-le")[1:])
    yield Bad("half of a character", b'{"words":"\xc3"}')
    yield Bad("a character too long", b'{"words":"\xc0\x80"}')
    yield Bad("a naked control character", b'{"words":"\x00"}')
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml", "x", ""):
        yield Bad(f"sent as {kind!r}", b'{"do":"begin_report"}', kind)
    yield Bad("another origin", b"{}", headers={"origin": "https://example.org"})
    yield Bad("no origin", b"{}", headers={"origin": ""})
    yield Bad("origin null", b"{}", headers={"origin": "null"})


TEXTS = {
    "a byte order mark": '\ufeff{"words":"a"}',
    "half a character, escaped": '{"words":"\\ud800 and \\udfff"}',
    "NUL, escaped": '{"words":"a\\u0000b"}',
    "every control character": json.dumps({"words": "".join(map(chr, range(32)))}),
    "right to left and joined": json.dumps({"words": "\u202e\u2066abc\u2069 \u200d\ufeff"}),
    "markup": json.dumps({"words": "<script>alert(1)</script> <!channel> javascript:1"}),
    "words that are a list": '{"words":["a"]}',
    "words that are an object": '{"words":{"subject":"s","sealed":"t"}}',
    "words that are a number": '{"words":1e400}',
    "words that are true": '{"words":true}',
    "words that are null": '{"words":null}',
    "very long words": json.dumps({"words": "x" * 60_000}),
    "an id that is a list": '{"id":["press-0001"],"words":"a"}',
    "an id with NUL": '{"id":"press-\\u00000001","words":"a"}',
    "an id too long": json.dumps({"id": "x" * 5_000, "words": "a"}),
    "names of ours": '{"incident":"desk","report":"desk","person":"desk","task":1,"stream":"desk"}',
    "streams that are none": '{"incident":"inc_x","report":"rep_\\u0000","task":-1,"words":"a"}',
    "numbers beyond the database": (
        '{"task":99999999999999999999,"minutes":1e308,"score":-1,"through":1e30,"needed":-5}'
    ),
    "numbers in other scripts": '{"task":"\u0663","minutes":"\u0661\u0665","time":"25:61"}',
    "fields that nobody knows": '{"__class__":"x","tag":"x","kind":"x","by":"x"}',
}
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "post")
BROKEN = {
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    "half a head": b"POST /chat/do HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le",
    "a head without end": b"POST /chat/do HTTP/1.1\r\n" + b"X-A: " + b"x" * 200_000,
    "two lengths": b"POST /chat/do HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
    b"Content-Length: 3\r\n\r\n{}",
    "a length that is none": b"POST /chat/do HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}",
    "chunks that are none": b"POST /chat/do HTTP/1.1\r\nHost: a\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "a path of bytes": b"POST /\xff\xfe\x00 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
    "a very long path": b"POST /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "no host": b"POST /chat/do HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
}


@dataclass
class Result:
    """How many of each answer, and those that should not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    cut: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        spread = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return [
            (
                f"{self.statuses.total():,} bad requests to every POST route ({spread}), "
                f"{self.cut} broken off in the middle"
            ),
            f"{len(self.wrong)} without a clear answer{''.join(f'; {x}' for x in self.wrong[:9])}",
            "afterwards a report is made and the log holds no error",
        ]

    def note(self, what: str, reply: Reply, lowest: int) -> None:
        """A sentence and a fitting status, or it is wrong."""
        self.statuses[reply.status] += 1
        if not lowest <= reply.status < 500 or not _sentence(reply):
            self.wrong.append(f"{what}: {reply.status} {reply.text[:200]}")


def _sentence(reply: Reply) -> bool:
    """Whether a person can read what to do."""
    if reply.status in (200, 303):
        return True
    if reply.headers.get("content-type", "").startswith(JSON):
        return str(reply.json["text"]).endswith((".", "?", "!"))
    return "</html>" in reply.text or "Invalid HTTP request received." in reply.text


async def routes(keeper: Keeper) -> dict[str, Browser]:
    """Every route that takes a POST, with somebody who may use it."""
    ana = await joined(keeper, keeper.link, "Ana Smith")
    token = (await keeper.asked("invite", roles=["agent"]))["token"]
    tags = ("write_message", "claim_task", "publish_update", "mark_seen", "take_incident", "x")
    return {
        "/chat/visitor": Browser(keeper),
        "/chat/do": await customer(keeper),
        f"/join/{token}": Browser(keeper),
        "/signout": Browser(keeper),
        **{f"/do/{tag}": ana for tag in tags},
    }


async def prove(folder: Path) -> Result:
    """Everything bad to every route; then an honest customer."""
    result = Result()
    async with kept(folder) as keeper:
        for path, who in (await routes(keeper)).items():
            for bad in bodies():
                reply = await _send(keeper, path, who, bad)
                result.note(f"{path}: {bad.name}", reply, 400)
            for name, words in TEXTS.items():
                reply = await _send(keeper, path, who, Bad(name, _addressed(path, words)))
                result.note(f"{path}: {name}", reply, 200)
            await _methods(keeper, path, who, result)
            await _cut(keeper, path, who, result)
        for name, raw in BROKEN.items():
            await _broken(keeper, name, raw, result)
        await reported(keeper)
        assert (await keeper.asked("verify"))["sound"]
        assert keeper.lives == 1
    return result


def _addressed(path: str, words: str) -> bytes:
    """With the fields that the route cannot do without, where they are not there."""
    known = {"do": "write_message", "id": "press-0001"}
    if path in {"/signout", "/chat/visitor"}:
        return words.encode()
    missing = {name: value for name, value in known.items() if f'"{name}"' not in words}
    return words.replace("{", json.dumps(missing)[:-1] + ",", 1).encode()


async def _send(keeper: Keeper, path: str, who: Browser, bad: Bad) -> Reply:
    kind = {"content-type": bad.kind} if bad.kind else {}
    headers = {**who.headers, **kind, **bad.headers}
    wire = Wire(keeper.port)
    try:
        async with asyncio.timeout(PATIENCE):
            return await wire.ask("POST", path, bad.body, headers)
    finally:
        await wire.close()


async def _methods(keeper: Keeper, path: str, who: Browser, result: Result) -> None:
    for method in METHODS:
        wire = Wire(keeper.port)
        async with asyncio.timeout(PATIENCE):
            reply = await wire.ask(method, path, b"{}", {**who.headers, "content-type": JSON})
        await wire.close()
        result.note(f"{method} {path}", reply, 400)


async def _cut(keeper: Keeper, path: str, who: Browser, result: Result) -> None:
    """Hang up in the middle of the head, and at several places of the body."""
    whole = request(
        keeper.port, "POST", path, b'{"do":"begin_report"}', {**who.headers, "content-type": JSON}
    )
    for end in (1, 20, len(whole) // 2, len(whole) - 21, len(whole) - 1):
        _, writer = await asyncio.open_connection("127.0.0.1", keeper.port)
        writer.write(whole[:end])
        await writer.drain()
        await hang_up(writer)
        result.cut += 1


async def _broken(keeper: Keeper, name: str, raw: bytes, result: Result) -> None:
    """What is no request is answered by 4xx, or the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", keeper.port)
    try:
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            result.note(name, await read_reply(reader), 400)
    except (EOFError, OSError):
        result.cut += 1
    finally:
        await hang_up(writer)
