"""A program in the place of a person, as its state keeps it."""

from bot.core import program_words as p
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal


class Program(Frozen):
    """One that asks by a key (`token` is its hash) until `until`, or one that is told at `url` of
    `topics`. `by` let it in, and answers for what it does.
    """

    at: Millis
    token: str = ""
    until: Millis = 0
    url: Personal | None = None
    topics: tuple[p.Topic, ...] = ()
    beyond: tuple[p.Beyond, ...] = ()
    by: PersonId = ""
