"""What preparing a job can come to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.core.ids import Millis
from bot.engine.deliver_lines import Job
from bot.engine.ports import File, Post
from bot.store.base import Op, Scalar


@dataclass(slots=True)
class Ready:
    """It can be sent. `ops` must be durable before; `message` is the one to edit, if any. It
    `rests` until then; `load` brings the file that goes along with it, `do` asks something else
    of the platform. `hangs` is the row of the card as which it stays there, but for its message.
    """

    job: Job
    address: str
    post: Post
    ops: list[Op]
    message: str = ""
    subject: str | None = None
    said: tuple[str, str] = ("", "")
    version: int = 0
    digest: str = ""
    wanted: str = ""
    rests: Millis = 0
    load: Callable[[], Awaitable[File]] | None = None
    hangs: dict[str, Scalar] | None = None
    do: Callable[[str], Awaitable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """It becomes a letter for whoever fetches: `ops` deliver it."""

    job: Job
    seat: str
    ops: Sequence[Op]


@dataclass(frozen=True, slots=True)
class Ended:
    """It ends here, as `state` for `reason`; with neither, it had ended before."""

    job: Job
    state: str = ""
    reason: str = ""
    ops: Sequence[Op] = field(default_factory=tuple)


Prepared = Ready | Mail | Ended


def in_turn(found: Sequence[Prepared], jobs: Sequence[Job]) -> list[Prepared]:
    """In the order of picking; but what is said to somebody goes before a card that came with it,
    if that is no more pressing: a question follows the words that lead up to it.
    """
    turns = {job: turn for turn, job in enumerate(jobs)}
    firsts: dict[tuple[str, str], int] = {}
    for job, turn in turns.items():
        firsts.setdefault((job.seat, job.lane), turn)
    return sorted(
        found,
        key=lambda one: (
            firsts[one.job.seat, one.job.lane],
            one.job.kind == "card",
            turns[one.job],
        ),
    )
