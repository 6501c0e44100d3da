"""The words of a major incident: declared and stood down, its posts, its METHANE, its decisions."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.personal import Personal
from bot.core.places import Seat

MajorStage = Literal["", "stand_by", "declared", "stood_down", "cancelled"]
COMMANDER = "commander"
DEPUTY = "deputy"
WhyReleased = Literal["asked", "left", "commands"]
WhyTakenBack = Literal["asked", "left", "over"]
WhyWanted = Literal["impact", "methane"]

LETTERS = ("location", "type", "hazards", "access", "number", "services")
"""The fields of an ETHANE, in its order; with the word about a major incident before it, METHANE:
exact location; type; hazards present and potential; access and egress; number, type and severity
of those affected; emergency services present and required.
"""


class Finding(Frozen):
    """What is said of one letter; None is "unknown"."""

    letter: str
    words: Personal | None


# --- commands --------------------------------------------------------------------------------


class StandByForMajor(IncidentCommand):
    """This may become a major incident: whoever has a post there should be ready."""

    tag = "stand_by_for_major"
    reason: str


class DeclareMajor(IncidentCommand):
    """Declare a major incident: by `criteria` of the playbook that hold, or for a `reason`.

    Whoever declares commands until somebody accepts the hand-over.
    """

    tag = "declare_major"
    criteria: tuple[str, ...] = ()
    reason: str = ""


class StandDownMajor(IncidentCommand):
    """The all-clear, by the commander: everybody who was told hears it as the last update.

    `recovered` confirms full recovery, `data_loss` says what was lost, also if that is nothing.
    Both are in `language` ("": the organisation's own), `also` says all of it in others.
    `position` is as in `PublishUpdate`.
    """

    tag = "stand_down_major"
    recovered: str
    data_loss: str
    language: str = ""
    also: Mapping[str, str] = Field(default_factory=dict)
    position: int = 0


class CancelMajor(IncidentCommand):
    """It is none after all, or need not be waited for any more; the reason is kept."""

    tag = "cancel_major"
    reason: str


class OfferPost(IncidentCommand):
    """Ask `to` ("": oneself) to take `post`. Whoever has it keeps it until they accept."""

    tag = "offer_post"
    post: str
    to: PersonId = ""


class AcceptPost(IncidentCommand):
    """Take the post that one was offered: from this moment it is one's own."""

    tag = "accept_post"
    post: str


class DeclinePost(IncidentCommand):
    """Say that one cannot take the post that one was offered."""

    tag = "decline_post"
    post: str


class TakeBackOffer(IncidentCommand):
    """Nobody is asked to take `post` any more."""

    tag = "take_back_offer"
    post: str


class ReleasePost(IncidentCommand):
    """Give up a post of one's own. Command is never given up, only handed over."""

    tag = "release_post"
    post: str


class NoteVacancy(IncidentCommand):
    """Nobody has had `post` since `since`, for as long as the playbook allows."""

    tag = "note_vacancy"
    post: str
    since: Millis


class NotePersonLeft(IncidentCommand):
    """`person` is not with us any more, so whatever post they have needs somebody else."""

    tag = "note_person_left"
    person: PersonId


class WriteMethane(IncidentCommand):
    """Say what is known, letter by letter; "" is "unknown", letters left out stay as they are.

    `known_at` is when it was so, if that is earlier than now. `before` is the number of the
    version that whoever writes knew.
    """

    tag = "write_methane"
    findings: Mapping[str, str]
    known_at: Millis | None = None
    before: int | None = None


class RecordDecision(IncidentCommand):
    """Keep what was decided, why, and what else could have been; `made_at` when that was earlier
    than now.
    """

    tag = "record_decision"
    decision: str
    reason: str
    alternatives: str = ""
    made_at: Millis | None = None


class NotePlace(IncidentCommand):
    """What became of a place of its own on `channel` (by the house): its `address`, which others
    know by `key`, and what people call it; or `refused`, why there is none.
    """

    tag = "note_place"
    channel: str
    address: str = ""
    key: str = ""
    name: str = ""
    refused: str = ""


class WantUpdate(IncidentCommand):
    """People were told something that is so no more: the next update is wanted at once."""

    tag = "want_update"
    why: WhyWanted


# --- events ----------------------------------------------------------------------------------


class MajorStoodBy(IncidentEvent):
    """It may become a major incident."""

    tag = "major_stood_by"
    by: PersonId
    reason: Personal


class MajorDeclared(IncidentEvent):
    """It is a major incident, and `by` commands; `posts` are those that there are."""

    tag = "major_declared"
    by: PersonId
    criteria: tuple[str, ...]
    reason: Personal | None
    posts: tuple[str, ...]


class MajorStoodDown(IncidentEvent):
    """It is over: the commander confirmed it."""

    tag = "major_stood_down"
    by: PersonId
    recovered: Personal
    data_loss: Personal


class MajorCancelled(IncidentEvent):
    """It is none after all."""

    tag = "major_cancelled"
    by: PersonId
    reason: Personal
    was: MajorStage


class PostOffered(IncidentEvent):
    """`to` is asked to take `post`."""

    tag = "post_offered"
    post: str
    to: PersonId
    by: PersonId


class PostAccepted(IncidentEvent):
    """`person` has `post` from now on, which was `before`'s (None: nobody's)."""

    tag = "post_accepted"
    post: str
    person: PersonId
    before: PersonId | None


class PostDeclined(IncidentEvent):
    """`person` cannot take `post`."""

    tag = "post_declined"
    post: str
    person: PersonId


class OfferTakenBack(IncidentEvent):
    """`person` is not asked to take `post` any more."""

    tag = "offer_taken_back"
    post: str
    person: PersonId
    why: WhyTakenBack


class PostReleased(IncidentEvent):
    """Nobody has `post`, which was `person`'s."""

    tag = "post_released"
    post: str
    person: PersonId
    why: WhyReleased


class PostStayedVacant(IncidentEvent):
    """Nobody has had `post` for longer than the playbook allows."""

    tag = "post_stayed_vacant"
    post: str
    since: Millis


class CommanderLeft(IncidentEvent):
    """Who commands is not with us any more, and is the commander still, until somebody accepts."""

    tag = "commander_left"
    person: PersonId


class MethaneWritten(IncidentEvent):
    """Version `number`: what is new in it. `known_at` is earlier than it was written if `late`.

    Without `by` it was taken from what was reported.
    """

    tag = "methane_written"
    number: int
    findings: tuple[Finding, ...]
    by: PersonId | None
    known_at: Millis
    late: bool
    major: MajorStage


class DecisionRecorded(IncidentEvent):
    """Something was decided at `made_at`, and kept later than that if `late`."""

    tag = "decision_recorded"
    number: int
    decision: Personal
    reason: Personal
    alternatives: Personal | None
    by: PersonId
    made_at: Millis
    late: bool


class OwnPlaceOpened(IncidentEvent):
    """It has a place of its own, which people call `name`."""

    tag = "own_place_opened"
    place: Seat
    name: str


class OwnPlaceRefused(IncidentEvent):
    """It stays where it is: `reason` is why `channel` has no place of its own for it."""

    tag = "own_place_refused"
    channel: str
    reason: str


class UpdateWanted(IncidentEvent):
    """What people were told is so no more; they hear again by `until`."""

    tag = "update_wanted"
    why: WhyWanted
    until: Millis


EVENTS: tuple[type[IncidentEvent], ...] = (
    MajorStoodBy,
    MajorDeclared,
    MajorStoodDown,
    MajorCancelled,
    PostOffered,
    PostAccepted,
    PostDeclined,
    OfferTakenBack,
    PostReleased,
    PostStayedVacant,
    CommanderLeft,
    MethaneWritten,
    DecisionRecorded,
    OwnPlaceOpened,
    OwnPlaceRefused,
    UpdateWanted,
)
