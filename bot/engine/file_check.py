"""Whether the bytes of a file are still what the log says of them."""

import hashlib

from bot.store.base import Store, number, raw


async def fault_in(store: Store, file: str, digest: str) -> str | None:
    """What is wrong with the bytes that an event names, in words; None when they are sound."""
    rows = await store.select("files", {"file": file}, limit=1)
    if not rows:
        return "the bytes of a file are missing"
    whole, part = hashlib.sha256(), 0
    while found := await store.select("file_parts", {"file": file, "part": part}, limit=1):
        whole.update(raw(found[0], "body"))
        part += 1
    if part != number(rows[0], "parts") or not rows[0]["kept"]:
        return "the bytes of a file are missing"
    return None if whole.hexdigest() == digest else "the bytes of a file were changed"
