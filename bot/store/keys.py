"""Keys: one master key in a file, one key per subject in `keys.db`, wrapped by the master key.

A subject whose key is destroyed can be read by nobody any more, neither here nor in a backup
that is older than today. Keys are made ahead and are on disk before the first one is handed
out, so that no value is ever sealed under a key that a crash could take away.
"""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.core.errors import Damaged, StoreDown, StoreRefused
from bot.core.ids import SubjectId, unique
from bot.store.files import create_private, private_only

Chance = Callable[[int], bytes]
Used = Callable[[Sequence[SubjectId]], Awaitable[Collection[SubjectId]]]

KEY = 32
NONCE = 12
PREFIX = "sub_"
# At least so many are made at a time, so that it is rare.
AHEAD = 256


class Master:
    """The key that everything hangs on; every purpose gets a key of its own, derived from it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY:
            raise ValueError("a master key has 32 bytes")
        self._secret = secret

    def derive(self, purpose: str) -> bytes:
        """32 bytes for `purpose`, which tell nothing about those for another one."""
        info = f"muster {purpose}".encode()
        return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(self._secret)


def read_master(path: Path, *, fresh: bool, chance: Chance) -> Master:
    """The master key in the file `path`, made there first when the data is `fresh`.

    Raises StoreRefused when it is missing beside data, can be read by others, or is no key.
    """
    if not path.exists():
        if not fresh:
            raise StoreRefused(
                f"The master key {path} is missing, and without it nothing personal can be read. "
                "Put it back from its own backup."
            )
        create_private(path, chance(KEY))
    private_only(path)
    secret = path.read_bytes()
    if len(secret) != KEY:
        raise StoreRefused(
            f"The master key {path} is damaged: it has {len(secret)} bytes instead of {KEY}. "
            "Put it back from its own backup."
        )
    return Master(secret)


class Keys:
    """Subject keys in memory: the whole behaviour, kept nowhere. For tests and simulation."""

    def __init__(self, master: Master, chance: Chance, cached: int = 20_000) -> None:
        self.master = master
        self._chance = chance
        self._wrapper = AESGCM(master.derive("wrap"))
        self._cached = cached
        self._ciphers: OrderedDict[SubjectId, AESGCM] = OrderedDict()
        self._pool: deque[tuple[SubjectId, AESGCM]] = deque()
        self._minted = 0
        self._taken = ""
        self._wrapped: dict[SubjectId, bytes] = {}

    # --- what the codec and deciders use ---------------------------------------------------

    def mint(self) -> SubjectId:
        """A new subject whose key is on disk already. Raises StoreDown when none is ready."""
        if not self._pool:
            raise StoreDown("No subject key is ready. Nothing was changed; please try again.")
        subject, cipher = self._pool.popleft()
        self._remember(subject, cipher)
        self._taken = subject
        return subject

    def cipher(self, subject: SubjectId) -> AESGCM | None:
        """The cipher of `subject`, None when its key is gone. Raises Damaged, StoreDown."""
        cipher = self._ciphers.get(subject)
        if cipher is not None:
            self._ciphers.move_to_end(subject)
            return cipher
        wrapped = self._read(subject)
        return None if wrapped is None else self._remember(subject, self._open(subject, wrapped))

    async def ensure(self, ready: int) -> None:
        """Have at least `ready` keys to mint. Raises StoreDown when they cannot be written."""
        if len(self._pool) < ready:
            await self._refill(max(2 * ready, AHEAD) - len(self._pool))

    async def destroy(self, subjects: Collection[SubjectId]) -> None:
        """Delete these keys for good, so that nothing sealed under them can be read."""
        self._forget(subjects)
        await self._delete(subjects)
        # A reader may have fetched one of them while it was being deleted.
        self._forget(subjects)

    async def sweep(self, used: Used) -> int:
        """Drop keys that an earlier run made ahead and never used; how many they were.

        `used` answers which of the subjects it is given stand in some row.
        """
        return 0

    # --- where keys are kept; the stored kind replaces these ----------------------------------

    async def open(self) -> None:
        """Make ready. Raises StoreRefused with what to do."""

    async def close(self) -> None:
        """Let go of everything. May be called twice."""

    def _read(self, subject: SubjectId) -> bytes | None:
        return self._wrapped.get(subject)

    async def _write(self, wrapped: Sequence[tuple[SubjectId, bytes]]) -> None:
        self._wrapped.update(wrapped)

    async def _delete(self, subjects: Collection[SubjectId]) -> None:
        for subject in subjects:
            self._wrapped.pop(subject, None)

    # --- inside -------------------------------------------------------------------------------

    async def _refill(self, count: int) -> None:
        fresh: list[tuple[SubjectId, AESGCM]] = []
        wrapped: list[tuple[SubjectId, bytes]] = []
        for _ in range(count):
            # A counter instead of the time, so that the newest keys lie side by side.
            self._minted += 1
            subject = PREFIX + unique(self._minted, self._chance(10))
            key = self._chance(KEY)
            fresh.append((subject, AESGCM(key)))
            wrapped.append((subject, self._wrap(subject, key)))
        await self._write(wrapped)
        self._pool.extend(fresh)

    def _wrap(self, subject: SubjectId, key: bytes) -> bytes:
        nonce = self._chance(NONCE)
        return nonce + self._wrapper.encrypt(nonce, key, subject.encode())

    def _open(self, subject: SubjectId, wrapped: bytes) -> AESGCM:
        try:
            return AESGCM(self._wrapper.decrypt(wrapped[:NONCE], wrapped[NONCE:], subject.encode()))
        except (InvalidTag, ValueError) as wrong:
            raise Damaged(f"The key of subject {subject} is damaged.") from wrong

    def _remember(self, subject: SubjectId, cipher: AESGCM) -> AESGCM:
        self._ciphers[subject] = cipher
        if len(self._ciphers) > self._cached:
            self._ciphers.popitem(last=False)
        return cipher

    def _forget(self, subjects: Iterable[SubjectId]) -> None:
        for subject in subjects:
            self._ciphers.pop(subject, None)
