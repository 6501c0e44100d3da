"""A real mail server, which keeps what it is handed and refuses what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.adapters.email.adapter import EmailChannel, Server
from bot.engine.ports import Clock

SENDER = "desk@example.org"
USER, PASSWORD = b"muster", b"let me in"


class Inbox:
    """What arrived, and what to answer to a recipient (`says`) or to a whole mail (`of_mail`)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.says: dict[str, str] = {}
        self.of_mail = "250 taken"
        self.hangs_up = False
        # The server looks for them under these names.
        for name, hook in {"handle_RCPT": self._recipient, "handle_DATA": self._mail}.items():
            setattr(self, name, hook)

    async def _recipient(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _mail(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hangs_up and server.transport is not None:
            server.transport.close()
            return "421 gone"
        if self.of_mail.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            mail = message_from_bytes(content, policy=default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        return self.of_mail

    def words(self) -> list[str]:
        return [str(one.get_content()) for one in self.mails]


def _lets_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def mail_server() -> AsyncIterator[tuple[Inbox, Server]]:
    """The server, and where it is."""
    inbox = Inbox()

    talks: list[SMTP] = []

    def talk() -> SMTP:
        talks.append(
            SMTP(
                inbox,
                hostname="mail.test",
                authenticator=_lets_in,
                auth_require_tls=False,
            )
        )
        return talks[-1]

    listening = await asyncio.get_running_loop().create_server(talk, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield inbox, Server("127.0.0.1", port, secure=False)
        for one in talks:
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0)


def channel_to(server: Server, clock: Clock) -> EmailChannel:
    """The channel under test."""
    return EmailChannel(server, SENDER, "The service desk", clock)
