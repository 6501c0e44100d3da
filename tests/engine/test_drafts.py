"""Drafts: nothing that somebody typed is lost, and nobody else can read it."""

from pathlib import Path

import pytest

from bot.core.errors import KeyGone
from bot.engine.drafts import LASTS, MOST, Drafts
from bot.store.base import Store, text
from bot.store.memory import MemoryStore
from bot.store.sqlite.store import SqliteStore
from tests.engine.kit import Desk, desk

ANA, BEN, STREAM = "per_ana", "per_ben", "inc_1"


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "muster.db")


def drafts(one: Desk) -> Drafts:
    return Drafts(one.store, one.codec, one.clock)


async def subject(one: Desk) -> str:
    await one.codec.keys.ensure(2)
    return one.codec.keys.mint()


async def test_a_draft_survives_a_restart(tmp_path: Path, store: Store) -> None:
    async with desk(tmp_path, store=store) as one:
        about = await subject(one)
        await drafts(one).answer(ANA, "update", STREAM, about, "words", "The lift is")
        await drafts(one).answer(ANA, "update", STREAM, about, "audience", "public")
        keys = one.keys
    async with desk(tmp_path, store=store, keys=keys) as two:
        kept = await drafts(two).load(ANA, "update", STREAM)
        assert kept == {"words": "The lift is", "audience": "public"}


async def test_each_person_form_and_target_has_a_draft_of_its_own(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as one:
        box = drafts(one)
        about = await subject(one)
        await box.save(ANA, "update", STREAM, about, {"words": "a"})
        await box.save(BEN, "update", STREAM, about, {"words": "b"})
        await box.save(ANA, "resolve", STREAM, about, {"note": "c"})
        await box.save(ANA, "update", "inc_2", about, {"words": "d"})
        assert await box.load(ANA, "update", STREAM) == {"words": "a"}
        await box.drop(ANA, "update", STREAM)
        assert await box.load(ANA, "update", STREAM) == {}
        assert await box.load(BEN, "update", STREAM) == {"words": "b"}
        assert await box.load(ANA, "resolve", STREAM) == {"note": "c"}


async def test_what_was_typed_is_kept_unchecked_even_when_it_is_too_long_for_the_answer(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path, store=MemoryStore()) as one:
        long = "ы" * 20_000 + "\0<script>\u202e"
        kept = await drafts(one).answer(ANA, "update", STREAM, await subject(one), "words", long)
        assert kept == {"words": long}
        with pytest.raises(ValueError, match="at most"):
            await drafts(one).answer(
                ANA, "update", STREAM, await subject(one), "words", "x" * (MOST + 1)
            )
        assert await drafts(one).load(ANA, "update", STREAM) == {"words": long}


async def test_a_draft_is_sealed_and_goes_with_its_subject(tmp_path: Path, store: Store) -> None:
    async with desk(tmp_path, store=store) as one:
        about = await subject(one)
        await drafts(one).save(ANA, "reply", STREAM, about, {"words": "canary"})
        (row,) = await one.store.select("drafts", {"person": ANA})
        assert "canary" not in text(row, "body")
        await one.codec.keys.destroy([about])
        assert await drafts(one).load(ANA, "reply", STREAM) == {}
        with pytest.raises(KeyGone):
            await drafts(one).save(ANA, "reply", STREAM, about, {"words": "again"})
        await one.store.forget(about)
        assert await one.store.count("drafts") == 0


async def test_a_draft_about_nobody_is_sealed_by_the_house(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as one:
        await drafts(one).save(ANA, "invite", "", None, {"name": "canary"})
        (row,) = await one.store.select("drafts")
        assert "canary" not in text(row, "body")
        assert await drafts(one).load(ANA, "invite", "") == {"name": "canary"}


async def test_a_draft_ends_a_week_after_its_last_word(tmp_path: Path, store: Store) -> None:
    async with desk(tmp_path, store=store) as one:
        box, about = drafts(one), await subject(one)
        await box.save(ANA, "update", STREAM, about, {"words": "old"})
        one.clock.jump(LASTS - 1)
        await box.save(BEN, "update", STREAM, about, {"words": "new"})
        assert await box.load(ANA, "update", STREAM) == {"words": "old"}
        one.clock.jump(1)
        assert await box.load(ANA, "update", STREAM) == {}
        assert await box.sweep() == 1
        assert await box.sweep() == 0
        assert await box.load(BEN, "update", STREAM) == {"words": "new"}


async def test_expired_drafts_are_deleted_within_the_hour(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as one:
        await drafts(one).save(ANA, "update", STREAM, await subject(one), {"words": "old"})
        one.clock.jump(LASTS)
        await one.advance(3_600_000)
        assert await one.store.count("drafts") == 0
