"""What may happen to a report and changes nothing of its state: it is read from the log."""

from bot.core.events import Event
from bot.core.file_words import FileRefused
from bot.core.reply_words import ReplyUndelivered
from bot.core.report_words import NoteWritten
from bot.core.reveal_words import ReporterRevealed
from bot.core.sheet_words import ReportSheetPrinted
from bot.core.taken_back_words import MessageTakenBack

UNMOVED: tuple[type[Event], ...] = (
    NoteWritten,
    FileRefused,
    ReplyUndelivered,
    MessageTakenBack,
    ReporterRevealed,
    ReportSheetPrinted,
)
