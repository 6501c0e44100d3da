"""Every error that Muster raises on purpose; the docstring is the sentence."""


class MusterError(Exception):
    """Something went wrong that Muster has a name for."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "").splitlines()[0]


class UnknownEvent(MusterError):
    """The log holds an event that this version of Muster cannot read."""

    def __init__(self, tag: str, revision: int) -> None:
        super().__init__(
            f"The log holds an event '{tag}' (revision {revision}) that this version of Muster "
            "cannot read. Start the version that wrote it, or a newer one."
        )


class Conflict(MusterError):
    """Another writer changed the stream first; decide again on the fresh state."""


class KeyGone(MusterError):
    """The subject's key no longer exists, so nothing about that subject can be written."""


class StoreDown(MusterError):
    """The store cannot take writes now; nothing was changed and it is safe to try again."""


class CommitUnknown(StoreDown):
    """Whether the last commit reached the disk is not known: reopen, then look again."""


class StoreRefused(MusterError):
    """The data folder cannot be used as it stands."""


class Damaged(MusterError):
    """The stored data does not agree with itself."""


class Fault(MusterError):
    """A decider or reactor broke its own rules; the unit is quarantined."""
