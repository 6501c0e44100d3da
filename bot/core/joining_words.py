"""The words of joining: somebody's account on one channel becomes theirs who are known on another.

Whoever has signed in makes a code (`IssueLink`); the other account brings it (`JoinIdentity`);
whoever made it agrees (`ConfirmJoin`). Then the other person ends into the first one.
"""

from bot.core.following import Wish
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.person_words import PersonCommand, PersonEvent
from bot.core.personal import Personal
from bot.core.places import Seat


class IssueLink(PersonCommand):
    """Make a code that joins one account to one's own until `until`; `token` is its hash.

    With `report` it is a link: whoever opens it as a customer goes on with that report there.
    """

    tag = "issue_link"
    token: str
    until: Millis
    report: StreamId = ""


class JoinIdentity(PersonCommand):
    """Bring the code of `person` from the account that is to be theirs.

    `name` is what the account is called where it is, `sure` that its owner was told whose it
    becomes and wants it.
    """

    tag = "join_identity"
    person: PersonId
    token: str
    name: str = ""
    sure: bool = False


class ConfirmJoin(PersonCommand):
    """Yes: the account that brought one's code is one's own."""

    tag = "confirm_join"
    number: int


class DeclineJoin(PersonCommand):
    """No, or not any more: the code and whoever brought it are forgotten."""

    tag = "decline_join"


class PartIdentity(PersonCommand):
    """The account `number` stands for itself again."""

    tag = "part_identity"
    number: int


class PartIdentityOf(PersonCommand):
    """The account `number` of `person` stands for itself again."""

    tag = "part_identity_of"
    person: PersonId
    number: int


class EndInto(PersonCommand):
    """The house: this person goes on as `into`, who agreed to it as `number`."""

    tag = "end_into"
    into: PersonId
    number: int


class TakeIn(PersonCommand):
    """The house: the person of join `number` has ended into this one, which is `into`."""

    tag = "take_in"
    number: int
    person: PersonId
    into: PersonId


class BringIn(PersonCommand):
    """The house: this person, who is `into`, takes in `person`, by whose link they go on with
    `report` at `onto`. The other fields are as in `JoinAsked`.
    """

    tag = "bring_in"
    into: PersonId
    person: PersonId
    subject: SubjectId
    seat: Seat
    identity: Personal
    name: Personal
    report: StreamId
    onto: Seat


class DropJoin(PersonCommand):
    """The house: the person of join `number` cannot end into this one; `why` is a code. With
    `onto` this one could not be taken in there instead.
    """

    tag = "drop_join"
    number: int
    why: str
    onto: Seat | None = None


class Follows(Frozen):
    """What an account that is parted followed while it was joined."""

    scope: str
    wish: Wish
    seat: Seat


class LeaveJoin(PersonCommand):
    """The house: this person no longer goes on as `into`; what they followed is theirs again."""

    tag = "leave_join"
    into: PersonId
    follows: tuple[Follows, ...] = ()


class LinkIssued(PersonEvent):
    """A code waits for another account; `token` is its hash, `report` goes on by it ("": none),
    which was asked for at `seat`.
    """

    tag = "link_issued"
    token: str
    until: Millis
    report: StreamId = ""
    seat: Seat | None = None


class JoinAsked(PersonEvent):
    """An account brought the code: `check` is shown on both sides, to be compared. With `report`
    it came by a link instead, and goes on with that, at `onto` where that is another place.
    """

    tag = "join_asked"
    number: int
    person: PersonId
    subject: SubjectId
    seat: Seat
    identity: Personal
    name: Personal
    check: str
    until: Millis
    report: StreamId = ""
    onto: Seat | None = None


class JoinConfirmed(PersonEvent):
    """Whoever made the code says that the account is theirs."""

    tag = "join_confirmed"
    number: int


class JoinDropped(PersonEvent):
    """Nothing came of a code or of who brought it; `why` is empty when it was one's own wish.
    `onto`: where a report was to go on by it.
    """

    tag = "join_dropped"
    why: str
    onto: Seat | None = None


class IdentityJoined(PersonEvent):
    """The account stands for this person from now on, and `report` goes on ("": none): with it,
    or at `onto`.
    """

    tag = "identity_joined"
    number: int
    report: StreamId = ""
    onto: Seat | None = None


class LinkFollowed(PersonEvent):
    """An account of one's own opened the link: `report` goes on at `seat`. Or one of `into`, who
    has others already and takes this person in, with the account by which they were at `own`.
    """

    tag = "link_followed"
    report: StreamId
    seat: Seat
    into: PersonId = ""
    own: Seat | None = None


class IdentityParted(PersonEvent):
    """The account stands for itself again."""

    tag = "identity_parted"
    number: int


class JoinedInto(PersonEvent):
    """Goes on as another person, in everything done from now on."""

    tag = "joined_into"
    into: PersonId
    number: int


class JoinLeft(PersonEvent):
    """Stands for itself again."""

    tag = "join_left"
    into: PersonId
