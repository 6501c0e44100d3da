"""What channels share that nobody writes to: all that their platforms do not do."""

from typing import NoReturn

from bot.engine.ports import File, Membership, Misconfigured, Post, Profile


class OneWay:
    """Messages only go out, and what is out is out; the rest is refused in one sentence."""

    name: str

    async def edit(self, address: str, message: str, post: Post) -> str:
        """Nothing is changed."""
        self._never()

    async def delete(self, address: str, message: str) -> None:
        """Nothing is taken back."""
        self._never()

    async def find(self, address: str, delivery: str) -> str | None:
        """Nothing is looked up."""
        self._never()

    async def open(self, kind: str, at: str, title: str) -> str:
        """No places are made."""
        self._never()

    async def fetch(self, file: str) -> File:
        """Files do not come this way."""
        self._never()

    async def upload(self, address: str, file: File, post: Post) -> str:
        """Files do not go this way."""
        self._never()

    async def membership(self, place: str, opaque: str) -> Membership:
        """Nobody is a member of anything."""
        return "none"

    async def profile(self, opaque: str) -> Profile:
        """Nobody is described."""
        return Profile()

    async def shut(self, address: str, within: str, shut: bool) -> None:
        """There are no topics."""

    def join_link(self, code: str) -> str | None:
        """Nobody writes to us from there."""
        return None

    def way_in(self, payload: str) -> str | None:
        """No link leads there."""
        return None

    def _never(self) -> NoReturn:
        raise Misconfigured(f"{self.name} does not do this", whole=True)
