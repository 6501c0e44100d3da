"""All queries under one roof."""

from bot.engine.read_chat import ChatReads
from bot.engine.read_people import PeopleReads
from bot.engine.read_status import StatusReads
from bot.engine.read_tasks import TaskReads


class Reader(TaskReads, StatusReads, ChatReads, PeopleReads):
    """What pages, streams and exports ask."""
