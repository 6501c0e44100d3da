"""The words of a person and of the desk."""

from typing import ClassVar, Literal

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.following import Wish
from bot.core.ids import Kind, Millis, PersonId, SubjectId
from bot.core.personal import Personal
from bot.core.places import Seat

Role = Literal["agent", "resource", "stakeholder", "supervisor", "administrator"]
ROLES: tuple[Role, ...] = ("agent", "resource", "stakeholder", "supervisor", "administrator")


class PersonCommand(Command):
    """A command for a person."""

    kind = "person"


class PersonEvent(Event):
    """An event of a person."""

    kinds: ClassVar[tuple[Kind, ...]] = ("person",)


class MeetPerson(PersonCommand):
    """The house: somebody came by `channel` for the first time."""

    tag = "meet_person"
    subject: SubjectId
    channel: str
    identity: Personal
    language: str


class InvitePerson(PersonCommand):
    """Make a person of staff, who joins by a one-time link before `until`."""

    tag = "invite_person"
    person: PersonId
    roles: tuple[Role, ...]
    token: str
    until: Millis


class AcceptInvite(PersonCommand):
    """Join by the link: `token` is its hash, `name` how colleagues see this person."""

    tag = "accept_invite"
    person: PersonId
    token: str
    name: str


class CallMe(PersonCommand):
    """Be known by `name`, as the platform shows it, to colleagues with whom one works by being in
    `place` (a key of the playbook's places, "" for a group).
    """

    tag = "call_me"
    name: str
    place: str


class GrantRole(PersonCommand):
    """Give `person` a role."""

    tag = "grant_role"
    person: PersonId
    role: Role


class RevokeRole(PersonCommand):
    """Take a role away."""

    tag = "revoke_role"
    person: PersonId
    role: Role


class DisablePerson(PersonCommand):
    """Let `person` do nothing any more."""

    tag = "disable_person"
    person: PersonId


class EndSignIns(PersonCommand):
    """Sign `person` out wherever they are signed in."""

    tag = "end_sign_ins"
    person: PersonId


class ResetSignIn(PersonCommand):
    """Sign `person` out and let them in anew by a one-time link, `token` being its hash."""

    tag = "reset_sign_in"
    person: PersonId
    token: str
    until: Millis


class RenewSignIn(PersonCommand):
    """Come back by the link of a reset: `token` is its hash."""

    tag = "renew_sign_in"
    person: PersonId
    token: str


class SetSignIn(PersonCommand):
    """Choose one's own name and password to sign in with; neither is part of the command."""

    tag = "set_sign_in"


class AddPasskey(PersonCommand):
    """Sign in by one's own passkey, too; neither its name nor its key is part of the command."""

    tag = "add_passkey"


class RemovePasskey(PersonCommand):
    """Sign in by a passkey no more."""

    tag = "remove_passkey"


class AddLogin(PersonCommand):
    """Sign in by one's login at the organisation, too; it is no part of the command."""

    tag = "add_login"


class RemoveLogin(PersonCommand):
    """Sign in by a login at the organisation no more."""

    tag = "remove_login"


class DescribePerson(PersonCommand):
    """Say what `person` can do: keys of the playbook's skills, teams, areas; tags of languages."""

    tag = "describe_person"
    person: PersonId
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


class CoverAreas(PersonCommand):
    """Say which areas of the playbook you cover yourself."""

    tag = "cover_areas"
    areas: tuple[str, ...] = ()


class SetAvailability(PersonCommand):
    """Say whether you can be asked now: not at all (`off`), or busy; perhaps `until` some time."""

    tag = "set_availability"
    available: bool
    off: bool = False
    until: Millis | None = None


class EndAbsence(PersonCommand):
    """The house: who could not be asked `until` now can be again."""

    tag = "end_absence"
    until: Millis


class Subscribe(PersonCommand):
    """Hear updates of `scope` (see `core/following`) here, as wished; again: with another wish."""

    tag = "subscribe"
    scope: str
    wish: Wish = Wish()


class Unsubscribe(PersonCommand):
    """Hear updates of `scope` no more: by subscription `number`, or (0) all of that scope."""

    tag = "unsubscribe"
    scope: str
    number: int = 0


class ErasePerson(PersonCommand):
    """Delete everything personal about `person`, wherever it is."""

    tag = "erase_person"
    person: PersonId
    reason: str


class EraseFromPerson(PersonCommand):
    """Delete what this person's stream holds about `subject`."""

    tag = "erase_from_person"
    subject: SubjectId


class PersonMet(PersonEvent):
    """First contact. `identity` is a keyed hash, never the channel's own id, and sealed too."""

    tag = "person_met"
    subject: SubjectId
    channel: str
    identity: Personal
    language: str


class PersonInvited(PersonEvent):
    """A place on staff waits for somebody; `token` is a hash."""

    tag = "person_invited"
    subject: SubjectId
    roles: tuple[Role, ...]
    token: str
    until: Millis


class InviteAccepted(PersonEvent):
    """Somebody joined by the link."""

    tag = "invite_accepted"
    name: Personal
    identity: Personal


class NameShown(PersonEvent):
    """Works here by being in `place`, and is called so on the platform where that is; `alone` is
    where we speak with them alone there.
    """

    tag = "name_shown"
    name: Personal
    place: str
    alone: Seat | None = None


class RoleGranted(PersonEvent):
    """A role was given."""

    tag = "role_granted"
    role: Role


class RoleRevoked(PersonEvent):
    """A role was taken away."""

    tag = "role_revoked"
    role: Role


class PersonDisabled(PersonEvent):
    """May do nothing any more."""

    tag = "person_disabled"


class SignInsEnded(PersonEvent):
    """No sign-in from before serves any more."""

    tag = "sign_ins_ended"


class SignInReset(PersonEvent):
    """No sign-in from before serves, nor does the password; a link waits. `token` is a hash."""

    tag = "sign_in_reset"
    token: str
    until: Millis


class SignInRenewed(PersonEvent):
    """Came back by the link of a reset."""

    tag = "sign_in_renewed"
    identity: Personal


class SignInSet(PersonEvent):
    """Chose a name and password to sign in with; both are kept elsewhere, as hashes."""

    tag = "sign_in_set"


class PasskeyAdded(PersonEvent):
    """Can sign in by one passkey more, which is kept elsewhere."""

    tag = "passkey_added"


class PasskeyRemoved(PersonEvent):
    """Can sign in by one passkey less."""

    tag = "passkey_removed"


class LoginAdded(PersonEvent):
    """Can sign in by a login at the organisation, which is kept elsewhere."""

    tag = "login_added"


class LoginRemoved(PersonEvent):
    """Can sign in by one login at the organisation less."""

    tag = "login_removed"


class PersonDescribed(PersonEvent):
    """What the person can do, replacing what was said before."""

    tag = "person_described"
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    teams: tuple[str, ...]
    areas: tuple[str, ...] = ()


class AvailabilitySet(PersonEvent):
    """Can, or cannot, be asked now: not at all (`off`), or busy; perhaps `until` some time."""

    tag = "availability_set"
    available: bool
    off: bool = False
    until: Millis | None = None


class Subscribed(PersonEvent):
    """Hears updates of `scope` at `seat`; subscriptions of a person count from 1. One that there
    was already (`again`) has another wish from now on.
    """

    tag = "subscribed"
    number: int
    scope: str
    seat: Seat
    wish: Wish = Wish()
    again: bool = False


class Unsubscribed(PersonEvent):
    """Subscription `number` ended."""

    tag = "unsubscribed"
    number: int


class ErasureOrdered(PersonEvent):
    """Everything about `subjects` is being deleted."""

    tag = "erasure_ordered"
    subjects: tuple[SubjectId, ...]
    reason: str


class ErasureDone(PersonEvent):
    """Nothing is left: streams, rows and keys were cleared."""

    tag = "erasure_done"
    subjects: tuple[SubjectId, ...]
    streams: int


class FinishErasure(PersonCommand):
    """The house: every stream has let go of the subjects."""

    tag = "finish_erasure"
    subjects: tuple[SubjectId, ...]
    streams: int
