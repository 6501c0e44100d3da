"""The words of where somebody with several accounts hears what they follow: once, or on each.

Accounts that were joined are one person's, so one message is enough, unless they wish it otherwise.
What was followed before accounts were joined stays where it is, and is theirs again once they are
parted.
"""

from bot.core.frozen import Frozen
from bot.core.ids import PersonId
from bot.core.person_words import PersonCommand, PersonEvent


class Hears(Frozen):
    """On which of several channels: on `each`, or on `channel` ("": where they followed last)."""

    each: bool = False
    channel: str = ""


class ChooseWhere(PersonCommand):
    """Hear each update on `each` of one's channels, or once: on `channel` ("": the one that this
    comes by).
    """

    tag = "choose_where"
    each: bool
    channel: str = ""


class EndOwn(PersonCommand):
    """Hear no more of subscription `number` of `person`, which is oneself or goes on as oneself."""

    tag = "end_own"
    person: PersonId
    number: int


class StopFollowing(PersonCommand):
    """Hear no more of anything, on any of one's accounts."""

    tag = "stop_following"


OWN: tuple[type[PersonCommand], ...] = (ChooseWhere, EndOwn, StopFollowing)
"""What somebody asks for themselves."""


class EndAll(PersonCommand):
    """The house: who goes on as `into` wants to hear no more of anything."""

    tag = "end_all"
    into: PersonId


class WhereChosen(PersonEvent):
    """Hears each update on `each` channel, or once on `channel`."""

    tag = "where_chosen"
    each: bool
    channel: str


class FollowingStopped(PersonEvent):
    """Whatever any of one's accounts followed before this is over."""

    tag = "following_stopped"
