"""E-mail goes out as people can read it, and what went wrong has the name that decides the rest."""

from dataclasses import replace

import pytest

from bot.adapters.email.adapter import EmailChannel, Server, server_of
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    Misconfigured,
    Outage,
    Post,
    SendFault,
    Unsendable,
)
from tests.adapters.mail import PASSWORD, USER, channel_to, mail_server
from tests.clock import VirtualClock

POST = Post(delivery="say-1", text="Your report R-ABC\n\nIt is fixed — спасибо.")
ANNA = "anna@example.org"


async def test_the_first_line_is_the_subject_and_the_rest_the_text() -> None:
    async with mail_server() as (inbox, server):
        id_ = await channel_to(server, VirtualClock()).send(ANNA, POST)
        (mail,) = inbox.mails
        assert mail["Subject"] == "Your report R-ABC"
        assert mail.get_content().strip() == "It is fixed — спасибо."
        assert (mail["To"], mail["Message-ID"]) == (ANNA, id_)
        assert mail["From"] == "The service desk <desk@example.org>"
        assert mail["Auto-Submitted"] == "auto-generated"


async def test_the_same_message_tried_again_carries_the_same_id_and_another_one_another() -> None:
    async with mail_server() as (inbox, server):
        channel = channel_to(server, VirtualClock())
        for post, address in (
            (POST, ANNA),
            (replace(POST, repeat=True), ANNA),
            (replace(POST, delivery="say-2"), ANNA),
            (POST, "ben@example.org"),
        ):
            await channel.send(address, post)
        ids = [mail["Message-ID"] for mail in inbox.mails]
        assert ids[0] == ids[1]
        assert len(set(ids)) == 3


def test_one_mailbox_never_waits_for_another() -> None:
    """Each has a limit of its own: a thousand readers do not share ten mails a minute."""
    channel = channel_to(Server("127.0.0.1", 25, secure=False), VirtualClock())
    keys = [one.key for who in (ANNA, "ben@example.org") for one in channel.limits(who)]
    shared = [one.key for one in channel.capabilities.shared]
    assert len({*keys, *shared}) == len(keys) + len(shared) == 3


@pytest.mark.parametrize(
    ("says", "fault"),
    [
        ("550 no such user", Blocked),
        ("554 not you", Unsendable),
        ("451 try later", Outage),
    ],
)
async def test_what_is_said_of_a_mailbox(says: str, fault: type[SendFault]) -> None:
    async with mail_server() as (inbox, server):
        inbox.says[ANNA] = says
        channel = channel_to(server, VirtualClock())
        with pytest.raises(fault) as told:
            await channel.send(ANNA, POST)
        assert ANNA not in str(told.value)
        assert not getattr(told.value, "whole", False)
        assert not channel.health().sound
        await channel.send("ben@example.org", POST)
        assert channel.health().sound


async def test_a_mail_that_is_refused_for_good_and_one_that_may_come_later() -> None:
    async with mail_server() as (inbox, server):
        channel = channel_to(server, VirtualClock())
        inbox.of_mail = "554 looks like spam"
        with pytest.raises(Unsendable) as told:
            await channel.send(ANNA, POST)
        assert told.value.final
        inbox.of_mail = "452 disk full"
        with pytest.raises(Outage):
            await channel.send(ANNA, POST)


async def test_nobody_knows_whether_it_arrived_when_the_server_hangs_up() -> None:
    async with mail_server() as (inbox, server):
        inbox.hangs_up = True
        with pytest.raises(AnswerLost):
            await channel_to(server, VirtualClock()).send(ANNA, POST)


async def test_a_wrong_password_stops_the_channel_until_somebody_changes_it() -> None:
    async with mail_server() as (inbox, server):
        given = replace(server, user=USER.decode(), password="guess")
        with pytest.raises(Misconfigured) as told:
            await channel_to(given, VirtualClock()).look()
        assert told.value.whole
        assert "guess" not in str(told.value)
        right = replace(given, password=PASSWORD.decode())
        await channel_to(right, VirtualClock()).send(ANNA, POST)
        assert len(inbox.mails) == 1


async def test_a_server_that_is_not_there_is_an_outage() -> None:
    async with mail_server() as (_, server):
        gone = server
    with pytest.raises(Outage):
        await channel_to(gone, VirtualClock()).send(ANNA, POST)


async def test_a_stranger_on_the_way_cannot_talk_us_out_of_tls() -> None:
    """A server elsewhere that offers none gets nothing, not even the password."""
    async with mail_server() as (inbox, server):
        elsewhere = Elsewhere(server)
        with pytest.raises(Outage):
            await EmailChannel(elsewhere, ANNA, "", VirtualClock()).send(ANNA, POST)
        assert inbox.mails == []


class Elsewhere(Server):
    """The same server, as if it were far away."""

    def __init__(self, near: Server) -> None:
        super().__init__(near.host, near.port, near.secure, "user", "password")

    @property
    def is_local(self) -> bool:
        return False


async def test_no_words_of_anybody_become_a_header() -> None:
    async with mail_server() as (inbox, server):
        post = Post(delivery="x", text="Hello\rBcc: all@example.org\x0bX: y\nText")
        await channel_to(server, VirtualClock()).send(ANNA, post)
        (mail,) = inbox.mails
        assert mail["Bcc"] is None
        assert mail["Subject"] == "Hello Bcc: all@example.org X: y"


def test_where_the_server_is_told_in_one_line() -> None:
    assert server_of("smtp://a%40b:c%2Fd@mail.example.org") == Server(
        "mail.example.org", 587, False, "a@b", "c/d"
    )
    assert server_of("smtps://mail.example.org") == Server("mail.example.org", 465, True)
    for wrong in ("mail.example.org", "http://x", "smtp://", "smtp://x/path"):
        with pytest.raises(ValueError, match="smtp://user"):
            server_of(wrong)


async def test_a_mail_can_be_ended_at_one_press_as_mail_programs_read_it() -> None:
    async with mail_server() as (inbox, server):
        leave = "https://desk.example.org/hooks/leave/" + "a1" * 60
        await channel_to(server, VirtualClock()).send(ANNA, replace(POST, leave=leave))
        await channel_to(server, VirtualClock()).send(ANNA, POST)
        said, unsaid = (dict(mail.raw_items()) for mail in inbox.mails)
        assert said["List-Unsubscribe"] == f"<{leave}>"
        assert said["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "List-Unsubscribe" not in unsaid
