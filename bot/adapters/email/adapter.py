"""The channel `email`: each message is one mail, handed to the organisation's own server.

The first line of a message is the subject, what follows it the text. A mail can be neither looked
up nor taken back; the same message tried again carries the same Message-ID, by which mail programs
can tell that they have it already.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.engine.one_way import OneWay
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    Capabilities,
    Clock,
    Health,
    Limit,
    Misconfigured,
    Outage,
    Post,
    SendFault,
    Unsendable,
)

CHANNEL = "email"
PATIENCE = 20.0
"""Seconds that a server may take over one step."""

UNFOLDED = SMTP.clone(max_line_length=900, cte_type="7bit")
"""A long link that is folded comes out encoded, and no mail program finds it then."""

MINUTE = 60_000
NOBODY_THERE = (550, 551, 553)
NOT_ALLOWED = (530, 534, 535, 538)
SUBJECT_MOST = 150


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `secure`: TLS from the first byte; else it begins when offered,
    and must be offered anywhere but on this computer.
    """

    host: str
    port: int
    secure: bool
    user: str = ""
    password: str = ""

    @property
    def is_local(self) -> bool:
        """Nothing that is said to it leaves this computer."""
        return self.host in ("localhost", "127.0.0.1", "::1")


def server_of(url: str) -> Server:
    """The server in `smtp://user:password@host:port` or `smtps://...`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("write it like smtp://user:password@mail.example.org:587")
    secure = parts.scheme == "smtps"
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if secure else 587),
        secure=secure,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class EmailChannel(OneWay):
    """Sends mail from one address. `sender_name` is what people see beside it."""

    name = CHANNEL
    title = "E-mail"
    capabilities = Capabilities(
        hears=False,
        bounces=True,
        leaves=True,
        edits=False,
        deletes=False,
        text_most=100_000,
        shared=(Limit("mail", 10, 1_000),),
    )

    def __init__(self, server: Server, sender: str, sender_name: str, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._name = sender_name
        self._clock = clock
        self._trouble = ""

    def limits(self, address: str) -> tuple[Limit, ...]:
        """No mailbox is flooded, whatever goes wrong."""
        return (Limit(f"mailbox:{address}", 10, MINUTE),)

    async def send(self, address: str, post: Post) -> str:
        """Hand it to the server; the id is that of the mail."""
        mail = self._mail(address, post)
        try:
            async with self._connected() as server:
                await self._handed_in(server, mail, address)
        except SendFault as fault:
            self._trouble = str(fault)
            raise
        self._trouble = ""
        return str(mail["Message-ID"])

    async def look(self) -> None:
        """See whether the server can be reached and lets us in. Raises a SendFault."""
        async with self._connected():
            pass

    def health(self) -> Health:
        """What the last mail met with."""
        return Health(not self._trouble, self._trouble)

    def _connected(self) -> "_Connection":
        return _Connection(self._server)

    def _mail(self, address: str, post: Post) -> EmailMessage:
        subject, _, body = post.text.partition("\n")
        domain = self._sender.rpartition("@")[2]
        digest = hashlib.sha256(f"{post.delivery}|{address}".encode()).hexdigest()[:40]
        mail = EmailMessage(policy=UNFOLDED)
        mail["From"] = Address(self._name, addr_spec=self._sender)
        mail["To"] = Address(addr_spec=address)
        mail["Subject"] = " ".join(subject.split())[:SUBJECT_MOST]
        mail["Date"] = format_datetime(datetime.fromtimestamp(self._clock.now() / 1000, UTC))
        mail["Message-ID"] = f"<{digest}@{domain}>"
        # Nobody's holiday answers it, and no list takes it for one of its own.
        mail["Auto-Submitted"] = "auto-generated"
        if post.leave:
            # One press in the mail program ends it (RFC 8058).
            mail["List-Unsubscribe"] = f"<{post.leave}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail.set_content((body.strip() or subject) + "\n")
        return mail

    async def _handed_in(self, server: aiosmtplib.SMTP, mail: EmailMessage, address: str) -> None:
        try:
            await server.sendmail(self._sender, [address], mail.as_bytes())
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _of_recipient(refused.recipients[0].code) from None
        except aiosmtplib.SMTPSenderRefused as refused:
            raise Misconfigured(f"the mail server refuses our address ({refused.code})") from None
        except aiosmtplib.SMTPDataError as refused:
            detail = f"the mail server refuses this mail ({refused.code})"
            later = refused.code < 500
            raise (Outage(detail, whole=False) if later else Unsendable(detail, True)) from None
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError):
            raise AnswerLost("the mail server hung up in the middle") from None


def _of_recipient(code: int) -> SendFault:
    if code in NOBODY_THERE:
        return Blocked(f"the mail server knows no such mailbox ({code})")
    if code >= 500:
        return Unsendable(f"the mail server refuses this mailbox ({code})", final=True)
    return Outage(f"the mailbox takes nothing now ({code})", whole=False)


class _Connection:
    """One conversation with the server, from greeting to goodbye."""

    def __init__(self, server: Server) -> None:
        self._given = server
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.secure,
            # Offered or not is the server's word, which somebody in between could keep from us.
            start_tls=None if server.is_local else not server.secure,
            username=server.user or None,
            password=server.password or None,
            timeout=PATIENCE,
        )

    async def __aenter__(self) -> aiosmtplib.SMTP:
        try:
            await self._smtp.connect()
        except aiosmtplib.SMTPAuthenticationError as refused:
            self._smtp.close()
            raise Misconfigured(
                f"the mail server refuses user or password ({refused.code})", whole=True
            ) from None
        except aiosmtplib.SMTPResponseException as refused:
            self._smtp.close()
            wrong = refused.code in NOT_ALLOWED
            detail = f"the mail server does not let us in ({refused.code})"
            raise (Misconfigured(detail, whole=True) if wrong else Outage(detail)) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as trouble:
            self._smtp.close()
            raise Outage(f"the mail server cannot be reached ({type(trouble).__name__})") from None
        return self._smtp

    async def __aexit__(self, *failed: object) -> None:
        try:
            await self._smtp.quit()
        except (aiosmtplib.SMTPException, OSError):
            # The mail is handed in, or its failure is told; how we part changes neither.
            self._smtp.close()
