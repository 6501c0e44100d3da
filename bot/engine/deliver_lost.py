"""Answers to customers that will not arrive: their report is told, in the write that ends them."""

from bot.core.ids import kind_of
from bot.core.reply_words import NoteUndelivered, Why
from bot.engine.deliver_lines import Job
from bot.engine.handle import Engine
from bot.engine.rows import Writer
from bot.store.base import Op, Put

_WHYS: dict[str, Why] = {"blocked": "blocked", "expired": "expired"}


class Lost:
    """Makes the rows."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine.book, engine.codec)

    def told(self, job: Job, reason: str) -> list[Op]:
        """A command to the report whose answer `job` was; none for anything else."""
        report, _, number = job.about.rpartition("/")
        if not report or kind_of(report) != "report":
            return []
        channel = self._engine.parts.channels.get(job.channel)
        command = NoteUndelivered(
            number=int(number),
            channel=job.channel,
            title=job.channel if channel is None else channel.title,
            why=_WHYS.get(reason.partition(":")[0], "failed"),
        )
        now = self._engine.clock.now()
        # Tried again by hand, it may be lost again.
        row = self._writer.do(report, report, command, f"lost:{job.key}:{now}", now).row
        return [Put("outbox", {**row, "position": job.order[0]})]
