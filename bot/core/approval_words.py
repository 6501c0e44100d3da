"""The words of a second pair of eyes: an update drafted, approved, sent back, or sent without."""

from collections.abc import Mapping

from pydantic import Field

from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.incident_words import Audience, Wording
from bot.core.person_words import Role
from bot.core.personal import Personal

# --- commands --------------------------------------------------------------------------------


class DraftCommand(IncidentCommand):
    """A command for draft `draft` of an update; drafts count from 1 within their incident."""

    draft: int


class ApproveUpdate(DraftCommand):
    """Send the words of draft `draft` as they stand in its version `version`, and no others.

    `next_by` is the time of the next update instead of the draft's, where that has passed.
    """

    tag = "approve_update"
    version: int
    next_by: Millis | None = None


class ReviseDraft(DraftCommand):
    """Other words for the draft, in every language that it is to have; it waits again.

    `next_by` and `position` are as for a publish; `before` is the version that whoever asks knew.
    """

    tag = "revise_draft"
    words: str
    next_by: Millis | None = None
    language: str = ""
    also: Mapping[str, str] = Field(default_factory=dict)
    position: int = 0
    before: int | None = None
    sure: bool = False


class SendBackDraft(DraftCommand):
    """Give it back to whoever wrote it; the reason is kept."""

    tag = "send_back_draft"
    version: int
    reason: str


class WithdrawDraft(DraftCommand):
    """It is not to go out after all."""

    tag = "withdraw_draft"


class BreakGlass(DraftCommand):
    """Send it without the second person, for a reason that everybody can read afterwards."""

    tag = "break_glass"
    version: int
    reason: str
    next_by: Millis | None = None


# --- events ----------------------------------------------------------------------------------


class UpdateDrafted(IncidentEvent):
    """The words of draft `draft` in version `version` wait for somebody with the role `approver`.

    `corrects` is the update whose words they replace, 0 for a new one. `reach` is how many people
    they speak to, None when nobody counted. `break_glass`: they may go out without, for a reason.
    Where a program wrote them, `behind` is who let it in, and answers for it. `recovered` and
    `data_loss` are there in the all-clear of a major incident, which is stood down with it.
    """

    tag = "update_drafted"
    draft: int
    version: int
    words: Personal
    audience: Audience
    next_by: Millis | None
    by: PersonId
    approver: Role
    break_glass: bool
    language: str = ""
    also: tuple[Wording, ...] = ()
    position: int = 0
    reach: int | None = None
    corrects: int = 0
    behind: PersonId = ""
    recovered: Personal | None = None
    data_loss: Personal | None = None


class DraftSentBack(IncidentEvent):
    """Whoever may approve wants it changed."""

    tag = "draft_sent_back"
    draft: int
    version: int
    reason: Personal
    by: PersonId


class DraftApproved(IncidentEvent):
    """`by` approved version `version`, and it goes out with this event's successor."""

    tag = "draft_approved"
    draft: int
    version: int
    by: PersonId


class GlassBroken(IncidentEvent):
    """`by` sent version `version` without approval, having proved at `proved_at` who they are;
    `approver` is the role that was not asked.
    """

    tag = "glass_broken"
    draft: int
    version: int
    reason: Personal
    approver: Role
    by: PersonId
    proved_at: Millis | None = None


class DraftWithdrawn(IncidentEvent):
    """It is not to go out after all."""

    tag = "draft_withdrawn"
    draft: int
    by: PersonId
