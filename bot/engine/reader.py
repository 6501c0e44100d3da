"""All queries under one roof."""

from bot.engine.read_api import ApiReads
from bot.engine.read_chat import ChatReads
from bot.engine.read_files import FileReads
from bot.engine.read_following import FollowReads
from bot.engine.read_ledger import LedgerReads
from bot.engine.read_major import MajorReads
from bot.engine.read_people import PeopleReads
from bot.engine.read_preview import PreviewReads
from bot.engine.read_status import StatusReads
from bot.engine.read_tasks import TaskReads


class Reader(
    ApiReads,
    PreviewReads,
    FileReads,
    TaskReads,
    StatusReads,
    ChatReads,
    PeopleReads,
    FollowReads,
    LedgerReads,
    MajorReads,
):
    """What pages, streams and exports ask."""
