"""The task board, made for a phone in one hand."""

from collections.abc import Iterable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.ids import read_reference
from bot.engine.live import TASKS, Change, frame
from bot.engine.read import DESK_ROLES, Staff
from bot.engine.read_tasks import TaskCard
from bot.pages.base import Base
from bot.pages.desk import StaffShown, rings
from bot.pages.live import streamed
from bot.pages.moment import Moment
from bot.pages.notices import Notices, NoticesShown
from bot.pages.signed import Signed
from bot.texts import Speaker

ROLES = ("resource", *DESK_ROLES)


class TaskBoards(Base):
    """Routes under `/tasks`."""

    def routes(self) -> list[BaseRoute]:
        """For resources, and for those who ask them."""
        return [
            Route("/tasks", self.staff_only(self.board, *ROLES), methods=["GET"]),
            Route("/tasks/live", self.staff_only(self.live, *ROLES), methods=["GET"]),
            Route(
                "/desk/incidents/{reference}/tasks/{number:int}",
                self.staff_only(self.printed, *DESK_ROLES),
                methods=["GET"],
            ),
        ]

    async def printed(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """The briefing of one task, to be printed or read out."""
        reference = read_reference(request.path_params["reference"]) or ""
        number = request.path_params["number"]
        found = await self.house.reader.printed(signed.staff, reference, number)
        if found is None:
            return self.words.missing(request)
        names = dict(found.names)
        naming = replace(speaker, name=names.get)
        read = [names.get(one, "") for one in found.read]
        return self.page(request, "briefing.html", naming, signed, task=found, read=read)

    async def board(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """One's own tasks, and those that somebody is wanted for."""
        lists = await self.lists(signed.staff, speaker)
        return self.page(request, "tasks.html", speaker, signed, lists=lists)

    async def lists(self, staff: Staff, speaker: Speaker) -> str:
        """Both lists; made for one person, since their own tasks look different to them."""
        board = await self.house.reader.task_board(staff)
        cards = {
            "mine": [self._card(one, staff, speaker) for one in board.mine],
            "open": [self._card(one, staff, speaker) for one in board.open],
            "rest": [self._card(one, staff, speaker) for one in board.rest],
        }
        return self.words.part(
            "part/tasks.html", speaker, me=staff, next="/tasks", board=board, **cards
        )

    def _card(self, task: TaskCard, staff: Staff, speaker: Speaker) -> str:
        playbook = self.house.reader.playbook
        moment = Moment(self.now, playbook.organisation.time_zone)
        language = playbook.organisation.default_language
        reasons = [(one.pick(language), one) for one in playbook.tasks.reasons]
        etas = [(one // 60_000, speaker.span(one)) for one in playbook.tasks.etas]
        return self.words.part(
            "part/task.html",
            replace(speaker, name=dict(task.names).get),
            task=task,
            etas=etas,
            reasons=reasons,
            can_claim=staff.has("resource"),
            clock=lambda at: f"{moment.local(at):%H:%M}",
            is_today=moment.is_today,
        )

    async def live(self, request: Request, signed: Signed, speaker: Speaker) -> Response:
        """What changes on the task board."""
        return streamed(self.house.feeds, TasksShown(self, signed, speaker))


class TasksShown(StaffShown):
    """An open task board."""

    def __init__(self, boards: TaskBoards, signed: Signed, speaker: Speaker) -> None:
        super().__init__(boards, signed, *ROLES)
        self._boards = boards
        self._speaker = speaker
        self._calls = Notices(boards.house, boards.words)
        self._notices = NoticesShown(self._calls, speaker)

    async def topics(self) -> Iterable[str] | None:
        """All tasks, and oneself."""
        return await self.follows(TASKS, *self._calls.topics(self.signed.staff.person))

    async def first(self) -> list[bytes]:
        """Both lists, and what one is called to."""
        return [*await self._now(), *await self._notices.first(self.signed.staff)]

    async def _now(self) -> list[bytes]:
        html = await self._boards.lists(self.signed.staff, self._speaker)
        return [frame("view", {"html": html})]

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """Both lists again, if a task or what they said of themselves changed."""
        own = self.signed.staff.person
        moved = any(topic in (TASKS, own) for topic, _ in changes)
        notices = await self._notices.frames(self.signed.staff, changes)
        return (await self._now() if moved else []) + rings(changes) + notices
