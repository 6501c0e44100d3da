"""A hook goes where it may go and nowhere else, signed, and what went wrong has a name."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

import pytest

from bot.adapters.webhook.adapter import WebhookChannel, body_of, signed
from bot.engine.hook_reach import Allowed, NotThere
from bot.engine.hooks import Mailing
from bot.engine.ports import (
    Blocked,
    Misconfigured,
    Outage,
    Post,
    RateLimited,
    SendFault,
    Unsendable,
)
from tests.adapters.hook_server import CLOSE, HANG, program, says
from tests.clock import VirtualClock

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
POST = Post(delivery="inc:1:hook", text='{"type":"incident.opened","data":{"reference":"N"}}')


def channel(
    url: str | None,
    *allowed: str,
    found: Sequence[str] = ("127.0.0.1",),
    patience: float = 5.0,
) -> WebhookChannel:
    async def finds(address: str) -> Mailing | None:
        return None if url is None else Mailing(url, SECRET)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return found

    listed = Allowed.of(allowed or ("127.0.0.1",))
    return WebhookChannel(listed, finds, VirtualClock(), resolve, patience)


async def fault(sent: WebhookChannel) -> SendFault:
    with pytest.raises(SendFault) as raised:
        await sent.send("a", POST)
    assert not sent.health().sound or isinstance(raised.value, Blocked)
    return raised.value


async def test_it_arrives_signed_so_that_the_program_knows_it_is_us() -> None:
    async with program() as there:
        sent = await channel(there.url).send("a", POST)
        (heard,) = there.heard
        assert heard.line == "POST /hook HTTP/1.1"
        assert heard.headers["content-type"] == "application/json"
        assert heard.headers["webhook-id"] == sent
        named = f"{sent}.{heard.headers['webhook-timestamp']}.".encode()
        mac = hmac.new(b"k" * 32, named + heard.body, hashlib.sha256).digest()
        assert heard.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
        assert heard.told == {"type": "incident.opened", "data": {"reference": "N"}}


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of its specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    found = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_words_are_put_where_the_program_expects_them() -> None:
    first = '{"type":"update.published","data":{}}'
    assert b'"words":"Two\\nlines","words_in_other_language":false' in body_of(
        Post("d", f"{first}\nTwo\nlines")
    )
    assert b'"words_in_other_language":true' in body_of(Post("d", f"{first} (in English)\nIt is"))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (says(500), Outage),
        (says(404), Outage),
        (says(302, "location: http://169.254.169.254/latest/"), Outage),
        (says(307, "location: /elsewhere"), Outage),
        (CLOSE, Outage),
        (b"HTTP/1.1 200", Outage),
        (b"\x00\x01garbage\r\n\r\n", Outage),
        (says(429, "retry-after: 7"), RateLimited),
        (says(503, "retry-after: nonsense"), RateLimited),
        (says(503), Outage),
        (says(410), Unsendable),
    ],
)
async def test_what_a_program_answers(answer: bytes, kind: type[SendFault]) -> None:
    async with program() as there:
        there.answers = [answer]
        found = await fault(channel(there.url))
        assert type(found) is kind
        assert len(there.heard) == 1, "no redirect is followed"


async def test_a_program_that_hangs_is_left_and_pauses_grow() -> None:
    async with program() as there:
        there.answers = [HANG]
        sent = channel(there.url, patience=0.05)
        waits = []
        for _ in range(9):
            found = await fault(sent)
            assert isinstance(found, Outage)
            waits.append(found.retry_after)
        assert waits == [5, 30, 120, 600, 1800, 3600, 7200, 14400, 14400]


async def test_of_an_endless_answer_little_is_read() -> None:
    async with program() as there:
        there.answers = [says(200, body=b"x" * 20_000_000)]
        assert await channel(there.url).send("a", POST)


async def test_a_hook_that_was_removed_is_told_nothing() -> None:
    assert isinstance(await fault(channel(None)), Blocked)


# --- where it may go -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
async def test_a_name_that_leads_inside_is_refused_even_beside_a_good_address(inside: str) -> None:
    for found in ([inside], ["93.184.215.14", inside], [inside, "93.184.215.14"]):
        sent = channel("https://hooks.example.org/x", "hooks.example.org", found=found)
        assert isinstance(await fault(sent), Misconfigured)


async def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    """A name that changes its mind after the look gains nothing: it is asked once."""
    async with program() as there:
        asked: list[str] = []

        async def finds(address: str) -> Mailing | None:
            return Mailing(f"http://localhost:{there.port}/hook", SECRET)

        async def rebinding(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

        allowed = Allowed.of(["localhost", "127.0.0.1"])
        sent = WebhookChannel(allowed, finds, VirtualClock(), rebinding)
        await sent.send("a", POST)
        assert there.heard[0].headers["host"] == f"localhost:{there.port}"
        assert isinstance(await fault(sent), Misconfigured)
        assert len(asked) == 2


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://other.example.org/",
        "https://hooks.example.org.evil.test/",
        "https://evil.test/hooks.example.org",
        "https://hooks.example.org@evil.test/",
        "https://user:word@hooks.example.org/",
        "https://hooks.example.org/#part",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org:x/",
        "https://hooks.example.org\\@evil.test/",
        "https://hooks.example.org /",
        "https://hooks.example.org/\r\nx: y",
        "https://hooks.éxample.org/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "//hooks.example.org/",
        "hooks.example.org",
        "https://",
        "https:///x",
        "https://[/",
        "",
        "https://hooks.example.org/" + "x" * 500,
    ],
)
def test_what_is_no_place_is_refused_when_it_is_added(url: str) -> None:
    with pytest.raises(NotThere):
        Allowed.of(["hooks.example.org", "192.0.2.0/24"]).target(url)


def test_what_the_setting_names_may_be_reached() -> None:
    allowed = Allowed.of(["Hooks.example.org.", "10.1.0.0/16", "127.0.0.1", "::1", "localhost"])
    for url in (
        "https://hooks.example.org:8443/a?b=c",
        "https://HOOKS.example.org./",
        "https://10.1.2.3/",
        "http://127.0.0.1:9/",
        "http://[::1]:9/",
        "http://localhost/",
    ):
        assert allowed.target(url).url == url
    assert allowed.target("https://hooks.example.org:8443/a?b=c").path == "/a?b=c"
    assert allowed.address(["10.1.2.3"]) == "10.1.2.3"
    with pytest.raises(NotThere):
        allowed.target("http://10.1.2.3/")
    with pytest.raises(NotThere):
        allowed.address(["10.2.0.1"])
    with pytest.raises(NotThere):
        allowed.address([])
    with pytest.raises(ValueError, match="neither"):
        Allowed.of(["not a host"])
    with pytest.raises(NotThere):
        Allowed.of([]).target("https://hooks.example.org/")
