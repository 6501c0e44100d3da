"""The organisation's provider in the settings, and what the doctor says of it."""

from pathlib import Path
from typing import Any

import pytest

from bot.adapters.oidc.provider import Provider, is_fit
from bot.commands import doctor
from bot.settings import read
from bot.wiring import provider_of
from tests.adapters.oidc_provider import CLIENT, ISSUER, SECRET, OwnProvider
from tests.clock import VirtualClock

GIVEN = {"oidc_issuer": "https://id.example.org/realm/", "oidc_client": "muster"}


def test_the_settings_name_a_provider_and_without_one_there_is_none() -> None:
    settings, wrong = read({**GIVEN, "oidc_secret": "hidden"})
    assert not wrong
    assert "hidden" not in repr(settings)
    provider = provider_of(settings)
    assert provider is not None
    # As the provider writes itself, to the last stroke.
    assert provider.issuer == "https://id.example.org/realm/"
    assert provider_of(read({})[0]) is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"oidc_issuer": "http://id.example.org", "oidc_client": "x"}, "--oidc-issuer"),
        ({"oidc_issuer": "id.example.org", "oidc_client": "x"}, "--oidc-issuer"),
        ({"oidc_issuer": "https://id.example.org?x=y", "oidc_client": "x"}, "--oidc-issuer"),
        ({"oidc_issuer": "https://id.example.org"}, "oidc_client must say"),
    ],
)
def test_a_provider_that_cannot_be_used_is_told(given: dict[str, Any], says: str) -> None:
    told = "\n".join(read(given)[1])
    assert says in told


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("https://id.example.org/keys", True),
        ("http://localhost:9/keys", True),
        ("http://id.example.org/keys", False),
        ("http://127.0.0.1.evil.test/keys", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_what_nobody_can_listen_to_is_asked(address: str, fit: bool) -> None:
    assert is_fit(address) is fit


async def test_the_doctor_says_whether_the_provider_answers(tmp_path: Path) -> None:
    clock = VirtualClock()
    there = OwnProvider(clock)
    provider = Provider(ISSUER, CLIENT, SECRET, clock, there.connect)
    well = await doctor._provider(provider)
    assert well.well
    assert ISSUER in well.words
    there.shows = []
    ill = await doctor._provider(Provider(ISSUER, CLIENT, SECRET, clock, there.connect))
    assert not ill.well
    assert "oidc_issuer" in ill.words
    settings, _ = read({"oidc_issuer": "http://127.0.0.1:1", "oidc_client": "x", "data": tmp_path})
    lines = [one for one in await doctor.examine(settings) if one.about == "organisation"]
    assert [one.well for one in lines] == [False]
