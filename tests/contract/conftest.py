"""Every kind of store, one after the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.base import Store
from tests.contract.kit import Hand, InFile, InMemory, Place


@pytest.fixture(params=["memory", "sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return InMemory() if request.param == "memory" else InFile(tmp_path)


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = await place.store()
    yield opened
    await opened.close()


@pytest.fixture
def hand(store: Store) -> Hand:
    return Hand(store)
