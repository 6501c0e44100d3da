"""Intents: what a reactor wants to follow from an event. The engine makes them true."""

from typing import Literal

from bot.core.commands import Command
from bot.core.delivery_words import DeliveriesOrdered
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import IncidentKind, Wording
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.texts import Text

Lane = Literal["safety", "reply", "card", "bulk"]


class Then(Frozen):
    """A further command on the same stream, in the same transaction."""

    command: Command


ONCE = "once"
"""In the scope of `streams`: of several reports of one person the first alone."""


class Members(Frozen):
    """An audience: everyone who stands in relation `of` to `stream` at the log position.

    `reporters`: the people whose reports are linked to an incident. `subscribers`: people
    and places whose subscription covers it. `streams`: every report linked to it. `scope` is
    another log position than the event's, written as a number; "" for the event's own. Of
    subscribers it goes on with what the incident reaches (`following.reach_of`) after a `;`.
    `newcomers`: those who subscribed after that position and before the event. `picture`: whoever
    has just subscribed (`stream` is the person, `scope` the number) is told how things stand.
    `beneath`: wherever the card of `stream` hangs in the team's places, beneath it, but not in
    the place whose key is `scope`. `staff`: the people whom `scope` names (`notices.page`), each
    on every channel on which they can be reached, as they are when it is sent. `posts`: every
    major incident in which the person `stream` has a post, or was asked to take one.
    """

    of: Literal[
        "reporters",
        "subscribers",
        "streams",
        "newcomers",
        "picture",
        "beneath",
        "staff",
        "posts",
    ]
    stream: StreamId
    scope: str = ""


class Do(Frozen):
    """A command to another stream: an outbox row that goes through the door after the commit.

    `stream` is one stream (a new one's id comes from `Context.new_stream`), or the members
    `streams` of an incident: every report linked to it.
    """

    stream: StreamId | Members
    command: Command


Recipient = Seat | Members


class Say(Frozen):
    """One message that counts. Rendered in the recipient's language at the first attempt.

    `words` are a personal text written by somebody; `text` is the house's own. `until` is
    the time after which it must not be sent any more. `supersedes` names a family: a newer
    say of that family to the same recipient replaces one that has not gone out. `own` words
    are the recipient's: a mailbox keeps them in their place, nobody is sent them. `message` is
    the number of the message of a conversation that it carries, 0 for anything else.

    `words` are in `language` ("": nobody said which), `also` says the same in others: each reads
    their own, and where there is none `words` with a line that says so. `update` is the number of
    the update of its incident that it tells of, 0 for anything else; one that `mends` corrects it
    or takes it back. `at_once`: it is about danger, and waits for nobody's quiet hours. `file` is
    a file of its report that goes along with it, "" without one. `task` is the number of the task
    of its incident that its reader holds, who is given the buttons for it; 0 for anything else.
    One that `asks` wants to know whether it is fixed, and brings the buttons that say so, in the
    words for the kind of thing that is `asked_of`; one that
    `rates` brings those that say how we did, one that `cares` those that say how they are. Where
    its reader is a `colleague`, people have their names in it. What is said `as_desk` is in the
    name of the whole desk, and of no agent of it.
    """

    to: Recipient
    lane: Lane
    text: Text
    words: Personal | None = None
    subject: SubjectId | None = None
    until: Millis | None = None
    supersedes: str = ""
    own: bool = False
    message: int = 0
    language: str = ""
    also: tuple[Wording, ...] = ()
    update: int = 0
    mends: bool = False
    at_once: bool = False
    file: str = ""
    task: int = 0
    asks: bool = False
    asked_of: IncidentKind = "incident"
    rates: bool = False
    cares: bool = False
    colleague: bool = False
    as_desk: bool = False

    @property
    def beneath(self) -> bool:
        """Whether it goes beneath a card, and to nobody in particular."""
        return isinstance(self.to, Members) and self.to.of == "beneath"


class Show(Frozen):
    """This card in this place should look like the state of `stream` does now.

    `number` tells cards of one kind apart, such as the tasks of an incident.
    """

    card: str
    stream: StreamId
    number: int = 0
    place: Seat | Literal["team", "resources"]
    lane: Lane = "card"


class SetTimer(Frozen):
    """At `due`, hand `command` to this stream. A timer of the same name is replaced."""

    name: str
    due: Millis
    command: Command


class DropTimer(Frozen):
    """The timer of that name is no longer wanted; one that does not exist is no matter."""

    name: str


class Ring(Frozen):
    """Tell open pages of `person`, or of all who have `role`, that something needs them now.

    Lost when nobody listens.
    """

    person: PersonId = ""
    role: str = ""
    why: str


class Order(Frozen):
    """Carry out what was decided about dead letters: `event` says which, and what with them."""

    event: DeliveriesOrdered


class Find(Frozen):
    """Make `words` findable under this stream; `field` tells them from its other words."""

    field: str
    words: Personal


class KeepFile(Frozen):
    """The bytes of `file` belong to this stream from now on, and are not swept away."""

    file: str


class WhenIdle(Frozen):
    """A command of the house to `stream`, once nothing more pressing is to be done.

    Kept nowhere: lost in a crash, and brought once however often it was wanted meanwhile.
    """

    stream: StreamId
    command: Command


Intent = Then | Do | Say | Show | SetTimer | DropTimer | Ring | Find | KeepFile | Order | WhenIdle
