"""All queries under one roof."""

from bot.engine.read_chat import ChatReads
from bot.engine.read_status import StatusReads
from bot.engine.read_tasks import TaskReads


class Reader(TaskReads, StatusReads, ChatReads):
    """What pages, streams and exports ask."""
