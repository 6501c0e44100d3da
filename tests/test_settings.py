"""The address for links: one that whoever gets the link can open."""

import ipaddress
import socket

import pytest

from bot.settings import Settings, read


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("::1", "http://[::1]:8080"),
        ("desk.example", "http://desk.example:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
    ],
)
def test_an_address_that_was_given_stands_in_links(host: str, expected: str) -> None:
    assert Settings(host=host).url_at(8080) == expected


def test_the_public_address_wins() -> None:
    assert Settings(host="0.0.0.0", public_url="https://a.example").url_at(1) == "https://a.example"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "0:0:0:0:0:0:0:0"])
def test_links_never_say_every_address(host: str) -> None:
    said = Settings(host=host).url_at(8080).removeprefix("http://").removesuffix(":8080")
    if said != socket.gethostname():
        assert not ipaddress.ip_address(said.strip("[]")).is_unspecified


def test_without_a_way_out_the_computers_name_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(self: socket.socket, address: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert Settings(host="0.0.0.0").url_at(8080) == f"http://{socket.gethostname()}:8080"


def test_a_mail_server_needs_an_address_that_mail_is_from() -> None:
    server = "smtp://user:secret@mail.example.org:587"
    settings, wrong = read({"smtp": server, "mail_from": "Desk <desk@example.org>"})
    assert not wrong
    assert settings.smtp is not None
    assert settings.smtp.get_secret_value() == server
    _, (missing,) = read({"smtp": server})
    assert "mail_from" in missing


@pytest.mark.parametrize("wrong", ["mail.example.org", "smtp://a b", "http://user:hidden@x"])
def test_what_is_wrong_with_a_mail_server_is_told_without_its_password(wrong: str) -> None:
    settings, (told,) = read({"smtp": wrong})
    assert "--smtp" in told
    assert "hidden" not in told
    assert "hidden" not in repr(settings)
