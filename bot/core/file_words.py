"""The words of files: what may be asked for, and what may have happened."""

from bot.core.files import FileType
from bot.core.personal import Personal
from bot.core.report_words import ReportCommand, ReportEvent
from bot.core.texts import Text


class AttachFile(ReportCommand):
    """Keep a file whose bytes are in the store: by its channel, which has looked at them.

    `digest` is over the sealed bytes. `field` is the question that it answers; "" in talk.
    """

    tag = "attach_file"
    file: str
    name: str
    type: FileType
    size: int
    digest: str
    width: int = 0
    height: int = 0
    field: str = ""


class RefuseFile(ReportCommand):
    """Tell the customer that a file which they sent on another channel could not be taken."""

    tag = "refuse_file"
    name: str
    why: Text


class FileRefused(ReportEvent):
    """A file that the customer sent was not taken; they were told `why`."""

    tag = "file_refused"
    name: Personal
    why: Text


class FileAdded(ReportEvent):
    """The customer sent a file: message `number` of the conversation, or for question `field`."""

    tag = "file_added"
    file: str
    name: Personal
    type: FileType
    size: int
    digest: str
    width: int
    height: int
    number: int | None
    field: str
