"""The unused middle of database pages, where copies of deleted rows can outlive them.

`secure_delete` writes zeros over a row where it stands when it is deleted. But rows move from
page to page as a table grows, and what a page held before stays in its middle, between the
list of its rows and the rows themselves, until something is written there. Only a full VACUUM
would clear that by itself, and it stops the desk; so it is looked for and cleared here, page by
page. The layout of a page is a part of SQLite's documented file format.
"""

import os
import struct
from collections.abc import Iterable, Iterator

FILE_HEADER = 100
# Beyond so many pages the number at the head of another kind of page could look like a kind.
MOST_PAGES = 1 << 25
_PAGE_SIZE_AT = 16
# Kind of page: how long its header is. All others hold no rows.
_HEADERS = {0x02: 12, 0x05: 12, 0x0A: 8, 0x0D: 8}
_SHORT = struct.Struct(">H")


def page_size(file: int) -> int:
    """How many bytes a page of the database has."""
    (size,) = _SHORT.unpack(os.pread(file, 2, _PAGE_SIZE_AT))
    return 1 << 16 if size == 1 else int(size)


def uncleared(file: int, size: int, first: int, count: int) -> list[int]:
    """Those of `count` pages from number `first` (from 1) on that have something in the middle."""
    block = os.pread(file, size * count, size * (first - 1))
    found = []
    for number in range(first, first + len(block) // size):
        start = (number - first) * size
        gap = _gap(block[start : start + size], number)
        if gap is not None and any_set(block[start + gap[0] : start + gap[1]]):
            found.append(number)
    return found


def clear(file: int, size: int, numbers: Iterable[int]) -> None:
    """Write zeros over the middle of these pages, on disk when this returns.

    The file must stand still, and the database must hold no copy of these pages in memory.
    """
    for number in numbers:
        start = size * (number - 1)
        gap = _gap(os.pread(file, size, start), number)
        if gap is not None:
            os.pwrite(file, bytes(gap[1] - gap[0]), start + gap[0])
    os.fsync(file)


def blocks(file: int, size: int, pages: int) -> Iterator[tuple[int, int]]:
    """The whole file in parts of `pages`: (number of the first, how many)."""
    total = os.fstat(file).st_size // size
    if total >= MOST_PAGES:
        raise ValueError("the database is too large to be looked through")
    for first in range(1, total + 1, pages):
        yield first, pages


def any_set(part: bytes) -> bool:
    """Whether any byte is not zero."""
    return part != bytes(len(part))


def _gap(page: bytes, number: int) -> tuple[int, int] | None:
    """From where to where nothing is kept; None for a page that holds no rows or is odd."""
    start = FILE_HEADER if number == 1 else 0
    header = _HEADERS.get(page[start]) if len(page) >= start + max(_HEADERS.values()) else None
    if header is None:
        return None
    rows = _SHORT.unpack_from(page, start + 3)[0]
    begin = start + header + 2 * rows
    end = _SHORT.unpack_from(page, start + 5)[0] or 1 << 16
    pointers = struct.unpack_from(f">{rows}H", page, start + header) if begin <= len(page) else ()
    if begin > end or end > len(page) or any(not end <= one < len(page) for one in pointers):
        return None
    return begin, end
