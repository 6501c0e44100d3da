"""Bytes of files stand in a store as they were given, and go when they are to go."""

from bot.store.base import Drop, Patch, Put, Range, Row, Store
from tests.contract.kit import Hand

BYTES = bytes(range(256)) * 256


def row(file: str, **more: str | int) -> Row:
    return {"file": file, "stream": "rep_1", "subject": "sub_a", "at": 5, "kept": 0, **more}


def part(file: str, number: int, subject: str = "sub_a") -> Put:
    return Put("file_parts", {"file": file, "part": number, "subject": subject, "body": BYTES})


async def test_bytes_come_back_as_they_were_given(store: Store) -> None:
    await store.write([part("a", 1), part("a", 0), part("b", 0)])
    found = await store.select("file_parts", {"file": "a"}, order="part")
    assert [(one["part"], one["body"]) for one in found] == [(0, BYTES), (1, BYTES)]
    await store.write([Drop("file_parts", {"file": "a"})])
    assert await store.count("file_parts") == 1


async def test_only_what_no_event_names_is_dropped_as_such(store: Store, hand: Hand) -> None:
    await store.write(
        [Put("files", row("a")), Put("files", row("b", at=90)), Put("files", row("c"))]
    )
    keep = Patch("files", {"file": "a"}, {"kept": 1, "stream": "rep_2"})
    await store.commit([hand.unit("rep_2", keep)])
    old = await store.select("files", {"kept": 0}, within=Range("at", below=80))
    assert [one["file"] for one in old] == ["c"]
    await store.write([Drop("files", {"file": one, "kept": 0}) for one in "abc"])
    (left,) = await store.select("files")
    assert (left["file"], left["kept"], left["stream"]) == ("a", 1, "rep_2")


async def test_a_forgotten_subject_takes_its_files_along_however_many(store: Store) -> None:
    await store.write([Put("files", row("a")), *(part("a", number) for number in range(20))])
    await store.write([part("b", 0, "sub_b")])
    await store.forget("sub_a")
    assert await store.in_use(["sub_a", "sub_b"]) == {"sub_b"}
    assert await store.count("files") == 0
    assert await store.count("file_parts") == 1
