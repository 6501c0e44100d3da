"""Who may have the bytes of a file: asked anew at each reading, and of nobody's address."""

from dataclasses import dataclass

from bot.core.files import KeptFile
from bot.core.ids import PersonId, StreamId, SubjectId
from bot.core.report import Report
from bot.engine.file_views import FileView, view_of
from bot.engine.read import Staff
from bot.engine.read_incident import DeskReads
from bot.engine.resolve import family
from bot.store.base import text


@dataclass(frozen=True, slots=True)
class Allowed:
    """A file that somebody may read, and the subject under whose key its bytes are sealed."""

    view: FileView
    subject: SubjectId


class FileReads(DeskReads):
    """Queries of files. What somebody may not read is not there."""

    async def own_file(self, person: PersonId, file: str) -> Allowed | None:
        """A file that this very customer has sent."""
        state = await self._holder(file)
        mine = (person, *family(await self.person(person)))
        return None if state is None or state.person not in mine else self._allowed(state, file)

    async def staff_file(self, staff: Staff, reference: str, file: str) -> Allowed | None:
        """A file of this report, for those who may read the report."""
        stream = await self.stream_of(reference)
        state = None if stream is None else await self.state(stream)
        if not isinstance(state, Report) or not await self.is_open_to(staff, state):
            return None
        allowed = self._allowed(state, file)
        if allowed is not None and state.incident is not None:
            await self.looks.note(staff.person, await self.state(state.incident), "desk")
        return allowed

    async def _holder(self, file: str) -> Report | None:
        rows = await self.store.select("files", {"file": file}, limit=1)
        stream: StreamId | None = text(rows[0], "stream") if rows else None
        state = None if stream is None else await self.state(stream)
        return state if isinstance(state, Report) else None

    def _allowed(self, state: Report, file: str) -> Allowed | None:
        kept: KeptFile | None = next((one for one in state.files if one.file == file), None)
        if kept is None or kept.name.erased:
            return None
        return Allowed(view_of(state.stream, kept, self.said), state.subject)
