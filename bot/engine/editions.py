"""The playbook editions that were ever adopted, and the one in force."""

from bot.core.playbook import Playbook


class Editions:
    """Playbooks by version, and the one that the desk works by."""

    def __init__(self) -> None:
        self._editions: dict[str, Playbook] = {}
        self._current = ""

    def add(self, version: str, playbook: Playbook) -> None:
        """Make an edition known."""
        self._editions[version] = playbook

    def adopt(self, version: str) -> None:
        """Work by it from now on. Raises LookupError for one that was never added."""
        if version not in self._editions:
            raise LookupError(f"no edition {version}")
        self._current = version

    def edition(self, version: str) -> Playbook:
        """The edition; an unknown one reads as the current, so that old reports still open."""
        return self._editions.get(version) or self._editions[self._current]

    @property
    def current(self) -> Playbook:
        """The edition in force."""
        return self._editions[self._current]
