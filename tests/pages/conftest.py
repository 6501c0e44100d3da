"""What all tests of the pages have in common."""

import pytest
from argon2 import PasswordHasher

from bot.engine import accounts


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are as little work as they can be; how much is for `test_signin` to say."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "HASHER", hasher)
