"""Following by a channel where nobody can answer us: asked for, confirmed by a link, ended by one.

Commands and events of a person. What is asked for counts only once somebody who reads what is
sent there has said yes.
"""

from bot.core.calendar import DAY
from bot.core.following import Wish
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.person_words import PersonCommand, PersonEvent
from bot.core.personal import Personal
from bot.core.places import Seat

ASK_LASTS: Millis = DAY
ASKS_MOST = 5
VISIT_LASTS: Millis = 90 * DAY
VISIT_EVERY: Millis = 7 * DAY


class Asked(Frozen):
    """What waits for a yes until `until`; `token` is the hash of the link's secret."""

    number: int
    scope: str
    wish: Wish
    seat: Seat
    token: str
    until: Millis


class AskToFollow(PersonCommand):
    """Hear updates of `scope` at the place this comes for, once whoever reads there says yes.

    `link` is sent there, `token` its hash.
    """

    tag = "ask_to_follow"
    scope: str
    wish: Wish = Wish()
    link: str
    token: str


class ConfirmFollow(PersonCommand):
    """The house: somebody came by the link and said yes."""

    tag = "confirm_follow"
    person: PersonId
    token: str


class DropAsk(PersonCommand):
    """The house: nobody said yes in time."""

    tag = "drop_ask"
    until: Millis


class ChangeFollow(PersonCommand):
    """The house: whoever has the link of subscription `number` wants to hear otherwise."""

    tag = "change_follow"
    person: PersonId
    number: int
    wish: Wish


class EndFollow(PersonCommand):
    """The house: whoever has the link of subscription `number` wants to hear no more."""

    tag = "end_follow"
    person: PersonId
    number: int


class FollowHere(PersonCommand):
    """Hear updates of `scope` on the page that this comes from, as long as it is looked at; again:
    with another wish.
    """

    tag = "follow_here"
    scope: str
    wish: Wish = Wish()


class Visit(PersonCommand):
    """The page that hears updates was looked at."""

    tag = "visit"


class EndVisits(PersonCommand):
    """The house: nobody looked at it until then."""

    tag = "end_visits"
    until: Millis


class FollowAsked(PersonEvent):
    """Somebody says that they want to hear updates there; a link was sent."""

    tag = "follow_asked"
    number: int
    scope: str
    wish: Wish
    seat: Seat
    token: str
    link: Personal
    until: Millis


class FollowDropped(PersonEvent):
    """Nobody said yes."""

    tag = "follow_dropped"
    number: int


class Visited(PersonEvent):
    """Its page was looked at, and hears updates until `until`."""

    tag = "visited"
    until: Millis
