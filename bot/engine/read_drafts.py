"""Updates of an incident that wait for a second person, as the desk shows them."""

from dataclasses import dataclass

from bot.core.drafting import Draft
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.publishing import approves, passed_by
from bot.core.texts import Text
from bot.engine.read import Reads, Said, Staff, Worded


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its words; `own` is whether whoever looks wrote a version of it, `able` whether
    they may approve it. `late` says what it does not know of. An `all_clear` is not changed.
    """

    number: int
    version: int
    since: Millis
    worded: Worded
    audience: str
    reach: int | None
    next_by: Millis | None
    author: str
    approver: str
    break_glass: bool
    corrects: int
    sent_back: Said | None
    sent_back_by: str
    late: Text | None
    own: bool
    able: bool
    all_clear: bool

    @property
    def waits(self) -> bool:
        """Whether it can be approved as it stands."""
        return self.sent_back is None and self.late is None


async def drafts(reads: Reads, staff: Staff, state: Incident) -> tuple[DraftView, ...]:
    """Those that wait, the oldest first."""
    found = []
    for one in state.drafting.open:
        names = await reads.names([one.author, one.sent_back_by])
        found.append(_view(reads, staff, state, one, names))
    return tuple(found)


def _view(
    reads: Reads, staff: Staff, state: Incident, one: Draft, names: dict[str, str]
) -> DraftView:
    own = any(staff.actor.stands_for(writer) for writer in one.writers)
    return DraftView(
        number=one.number,
        version=one.version,
        since=one.since,
        worded=reads.worded(one.words, one.language, one.also),
        audience=one.audience,
        reach=one.reach,
        next_by=one.next_by,
        author=names.get(one.author, ""),
        approver=one.approver,
        break_glass=one.break_glass,
        corrects=one.corrects,
        sent_back=None if one.sent_back is None else reads.said(one.sent_back),
        sent_back_by=names.get(one.sent_back_by or "", ""),
        late=passed_by(state, one),
        own=own,
        all_clear=one.all_clear,
        able=not own and approves(one.approver, staff.actor.roles),
    )
