"""What the engine needs from outside and never reaches for: clock, chance, speech, channels.

Wiring hands in the real ones, tests others. A channel knows its platform and nothing of
incidents: it carries texts and cards to opaque addresses and says in a closed set of faults
why one did not arrive. How it receives is its own affair; what it receives it hands to the
door as an envelope.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from bot.core.cards import Button, Card
from bot.core.commands import Place
from bot.core.errors import MusterError
from bot.core.forms import FormState
from bot.core.ids import Millis
from bot.core.texts import Phrase

Chance = Callable[[int], bytes]
"""`chance(n)` gives n random bytes, good enough for keys and tokens."""


class Clock(Protocol):
    """Time, as the house knows it."""

    def now(self) -> Millis:
        """Milliseconds since the epoch, UTC."""

    def ticks(self) -> float:
        """Seconds on a clock that never goes back, for measuring how long something took."""

    async def wait_until(self, at: Millis) -> None:
        """Return at `at`, or earlier to be asked again (the wall clock may be set meanwhile)."""


# --- speech ----------------------------------------------------------------------------------

Speak = Callable[[Phrase], str]
"""Puts a phrase into words; personal values in it must be opened before."""


class Speech(Protocol):
    """The languages of the house (`bot.texts.Catalogues`)."""

    def speaker(
        self, language: str, zone: str, now: Millis | None, name: Callable[[str], str | None]
    ) -> Speak:
        """Somebody who speaks `language` in time zone `zone` at `now`, naming people by `name`."""


# --- what a channel can do, as data ----------------------------------------------------------

Act = Literal["send", "edit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` acts in any stretch of `per` milliseconds. `key` tells limits apart."""

    key: str
    most: int
    per: Millis
    acts: tuple[Act, ...] = ("send", "edit")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel's platform can do.

    `pulled`: nothing is sent, people read their mailbox. `hears`: people can write to us from
    there, and so join an account. `bounces`: who is not there any more stays away, so no more is
    sent. `leaves`: a message can say by which link its reader ends what it came by. `finds`:
    `find` can tell whether a message arrived whose answer was lost. `text_most` counts in `unit`.
    `edit_age` and `delete_age`: how long after sending, None for ever. `shared` are limits that all
    destinations have together. `upload_most` and `download_most` are bytes, 0: none. `sheets`: a
    form opens whole, on a sheet of its own; elsewhere it is asked question by question. `lead`
    stands before a line for us, whose words then hang together by `_`; "": it is just typed.
    """

    pulled: bool = False
    hears: bool = True
    bounces: bool = False
    leaves: bool = False
    finds: bool = False
    edits: bool = True
    edit_age: Millis | None = None
    deletes: bool = True
    delete_age: Millis | None = None
    opens: tuple[Literal["direct", "topic", "channel"], ...] = ()
    text_most: int = 4_000
    unit: Literal["characters", "utf16", "bytes"] = "characters"
    toast_most: int = 200
    shared: tuple[Limit, ...] = ()
    upload_most: int = 0
    download_most: int = 0
    sheets: bool = True
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel is: `sound`, and in a sentence what is wrong or since when it is fine."""

    sound: bool
    detail: str = ""


# --- what goes through it --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A message ready to be shown. `text` is always there; with a card it is its plain form.

    `delivery` is the same whenever this very message is tried again, and another for every
    other message: by it `find` knows it. `repeat`: it may have arrived before. `leave` is a link
    that ends at one press what it came by, "" where there is nothing to end. `beneath` is the
    platform's id of the message to which it belongs, "" when it stands for itself. `within` is the
    topic of the place in which it stands, as `Channel.open` called it, "" for the place itself.
    """

    delivery: str
    text: str
    card: Card[str] | None = None
    repeat: bool = False
    leave: str = ""
    beneath: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its name as people see it."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Opened:
    """A form to fill in, or one that is shown again with what was given so far.

    `ref` comes back with what is sent (at most 200 signs, and no secret of anybody's);
    `say` puts its phrases into the reader's words. `help` is in sight above the questions, for
    whoever does not work here.
    """

    ref: str
    state: FormState
    say: Speak
    help: Button[str] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to whoever pressed, sent or typed something; each part may be missing.

    `text` is a sentence for them alone, `form` is opened for them, `cards` are shown to them
    alone, below each other. `faults` say by the key of its question why an answer does not do
    ("": the whole form); then the form stays open with all that was typed. `link` leads to
    where they can do more about it, `link_label` says to what. `again`: nothing of it is kept;
    where the platform can bring it again by the same source, it should. `mends` are messages of
    ours, by their ids, that look otherwise from now on, `drops` those that have had their time.
    `asks` is "" or goes back to `Hears.stood` with the id of the message that the first of `cards`
    became; without cards with that of one of `mends` which was gone and is there anew. `refused`:
    nothing was done, and `text` says why. `broken`: our own code failed at it, so `again` will
    hardly do better, and should not be for ever. `help` stands beside `text` for whoever does not
    work here, where no card brings it.
    """

    text: str = ""
    form: Opened | None = None
    cards: tuple[Card[str], ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    link_label: str = ""
    again: bool = False
    mends: Mapping[str, Card[str]] = field(default_factory=dict)
    drops: tuple[str, ...] = ()
    asks: str = ""
    refused: bool = False
    broken: bool = False
    help: Button[str] | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as the platform describes them.

    `outside`: a guest, or of another organisation; `gone`: no longer there; `person`: no
    program. `language` is a tag, "" when it is not told. `alone` is the address by which they are
    written to alone, "" where that is not known.
    """

    name: str = ""
    language: str = ""
    outside: bool = False
    gone: bool = False
    person: bool = True
    alone: str = ""


Membership = Literal["none", "guest", "member", "owner"]


# --- why a message did not arrive ------------------------------------------------------------


class SendFault(MusterError):
    """The message did not go out.

    Its sentence is for operators, and is kept: it must not name a person or an address.
    """


class RateLimited(SendFault):
    """The platform asks to wait.

    `retry_after` is whatever it named: seconds as number or text, an HTTP date, None, nonsense.
    `whole`: every destination of the channel must wait, not this one alone.
    """

    def __init__(self, retry_after: object = None, whole: bool = False) -> None:
        super().__init__("The platform asks us to send more slowly.")
        self.retry_after = retry_after
        self.whole = whole


class Outage(SendFault):
    """The platform does not work at the moment.

    `whole`: for no destination. `sure`: the message certainly did not go out. `retry_after` is
    in how many seconds it is worth another try, None when the channel has no say in that.
    """

    def __init__(
        self,
        detail: str = "",
        whole: bool = True,
        sure: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.whole = whole
        self.sure = sure


class Misconfigured(SendFault):
    """The platform refuses us until somebody changes a setting; `detail` says which."""

    def __init__(self, detail: str, whole: bool = False) -> None:
        super().__init__(detail)
        self.whole = whole


class AnswerLost(SendFault):
    """Nobody knows whether the message went out: the connection broke before the answer."""


class Unsendable(SendFault):
    """The platform refuses this very message. `final`: it would do so every time."""

    def __init__(self, detail: str, final: bool = False) -> None:
        super().__init__(detail)
        self.final = final


class Blocked(SendFault):
    """The recipient does not want us, or is no longer there."""


class MessageGone(SendFault):
    """The message to edit is not there any more, or may not be edited any more."""


class TopicGone(SendFault):
    """The topic of the place, `Post.within`, is not there any more."""


class PlaceMoved(SendFault):
    """The conversation goes on under another `address`."""

    def __init__(self, address: str) -> None:
        super().__init__("The conversation has moved.")
        self.address = address


class Channel(Protocol):
    """One platform. It never grows by a type of message.

    Every coroutine may raise a SendFault, and nothing else on purpose.
    """

    @property
    def name(self) -> str:
        """As places and identities call it."""

    @property
    def title(self) -> str:
        """As people call it."""

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can do; always the same."""

    def limits(self, address: str) -> Sequence[Limit]:
        """How often something may be sent to this destination."""

    async def send(self, address: str, post: Post) -> str:
        """Send, and return the platform's id of the message; `place/first/second` where it became
        several, the one with the buttons first (`spots.names`).
        """

    async def edit(self, address: str, message: str, post: Post) -> str:
        """Make a message look like `post`; its id from now on. No change is no fault."""

    async def delete(self, address: str, message: str) -> None:
        """Take a message away. One that is gone already is no fault."""

    async def find(self, address: str, delivery: str) -> str | None:
        """The id of the message that was sent as `delivery`, None when there is none."""

    async def open(self, kind: Literal["direct", "topic", "channel"], at: str, title: str) -> str:
        """A place to talk, with the person `at` or in the place `at`: its address. A topic's is
        what `Post.within` takes, "" where the place has no topics. A `channel` of the same title is
        the same one, however often it is asked for, until it is shut.
        """

    async def shut(self, address: str, within: str, shut: bool) -> None:
        """Close a topic of a place, or open it again; `within` "": a place that was opened as a
        `channel`. What was said stays. One that is gone, or shut already, is no fault.
        """

    async def fetch(self, file: str) -> File:
        """The content of a file that somebody sent us."""

    async def upload(self, address: str, file: File, post: Post) -> str:
        """Send a file with the words of `post`; the id of the message."""

    async def membership(self, place: str, opaque: str) -> Membership:
        """What somebody is in a place or group, as the platform says at this moment; whether they
        are a guest, or gone, `profile` may say in its stead.
        """

    async def profile(self, opaque: str) -> Profile:
        """How the platform describes somebody at this moment."""

    def join_link(self, code: str) -> str | None:
        """A link that sends `code` to us there when it is opened; "" if it must be typed, None
        where nobody can send us one.
        """

    def way_in(self, payload: str) -> str | None:
        """A link that brings whoever opens it to us alone there with `payload` (at most 64 of
        A-Z, a-z, 0-9, _ and -); None where there is none.
        """

    def health(self) -> Health:
        """How it is, without asking the platform."""


@runtime_checkable
class Types(Protocol):
    """What a channel may do besides: show somebody that an answer to them is being written."""

    async def typing(self, address: str) -> None:
        """Show it there for a few seconds, or until something arrives. Raises SendFault."""


@runtime_checkable
class Invites(Protocol):
    """What a channel may do besides: let people into a place that was opened as a `channel`."""

    async def invite(self, address: str, people: Sequence[str]) -> None:
        """Let in whoever reads us alone at these addresses and is not there. Raises SendFault."""


class Asides(Protocol):
    """What goes out at once and is kept nowhere, in the same pace as everything else."""

    def free_at(self, place: Place) -> Millis:
        """When a message may go there, as far as that is known."""

    async def say(self, place: Place, post: Post, by: Millis) -> str | None:
        """Send as soon as the pace lets it: the id of the message, None when that would be after
        `by`. Raises SendFault.
        """

    async def mend(self, place: Place, message: str, post: Post, by: Millis) -> bool:
        """The same for an edit. Raises SendFault."""
