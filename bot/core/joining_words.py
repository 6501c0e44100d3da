"""The words of joining: somebody's account on one channel becomes theirs who are known on another.

Whoever has signed in makes a code (`IssueLink`); the other account brings it (`JoinIdentity`);
whoever made it agrees (`ConfirmJoin`). Then the other person ends into the first one.
"""

from bot.core.ids import Millis, PersonId, SubjectId
from bot.core.person_words import PersonCommand, PersonEvent
from bot.core.personal import Personal
from bot.core.places import Seat


class IssueLink(PersonCommand):
    """Make a code that joins one account to one's own until `until`; `token` is its hash."""

    tag = "issue_link"
    token: str
    until: Millis


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


class DropJoin(PersonCommand):
    """The house: the person of join `number` cannot end into this one; `why` is a code."""

    tag = "drop_join"
    number: int
    why: str


class LeaveJoin(PersonCommand):
    """The house: this person no longer goes on as `into`."""

    tag = "leave_join"
    into: PersonId


class LinkIssued(PersonEvent):
    """A code waits for another account; `token` is its hash."""

    tag = "link_issued"
    token: str
    until: Millis


class JoinAsked(PersonEvent):
    """An account brought the code: `check` is shown on both sides, to be compared."""

    tag = "join_asked"
    number: int
    person: PersonId
    subject: SubjectId
    seat: Seat
    identity: Personal
    name: Personal
    check: str
    until: Millis


class JoinConfirmed(PersonEvent):
    """Whoever made the code says that the account is theirs."""

    tag = "join_confirmed"
    number: int


class JoinDropped(PersonEvent):
    """Nothing came of a code or of who brought it; `why` is empty when it was one's own wish."""

    tag = "join_dropped"
    why: str


class IdentityJoined(PersonEvent):
    """The account stands for this person from now on."""

    tag = "identity_joined"
    number: int


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
