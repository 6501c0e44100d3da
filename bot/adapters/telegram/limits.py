"""What Telegram takes and how often."""

from telegram.constants import (
    CallbackQueryLimit,
    FileSizeLimit,
    FloodLimit,
    ForumTopicLimit,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
)

from bot.adapters.telegram.payloads import is_group
from bot.core.ids import Millis
from bot.engine.ports import Capabilities, Limit

# --- one message ---------------------------------------------------------------------------

TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
"""UTF-16 units, as all lengths of text here."""
CAPTION = int(MessageLimit.CAPTION_LENGTH)
ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
PARTS = 5
"""A longer text is cut: nobody reads more of one message on a phone."""
DATA = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)
"""Bytes."""
ROW = int(InlineKeyboardMarkupLimit.BUTTONS_PER_ROW)
BUTTONS = int(InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER)
LABEL = 64
URL = 2_000
TOAST = int(CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH)
TOPIC = int(ForumTopicLimit.MAX_NAME_LENGTH)
PAYLOAD = 64
"""Signs after `?start=`."""

# --- files ---------------------------------------------------------------------------------

PHOTO = int(FileSizeLimit.PHOTOSIZE_UPLOAD)
UPLOAD = int(FileSizeLimit.FILESIZE_UPLOAD)
DOWNLOAD = int(FileSizeLimit.FILESIZE_DOWNLOAD)

# --- pace ----------------------------------------------------------------------------------

SECOND: Millis = 1_000
MINUTE: Millis = 60_000
HOUR: Millis = 3_600_000
PRIVATE_GAP: Millis = 1_100
PRIVATE_BURST = 3
"""So many may follow at once where somebody is alone with us: an answer that is shown as given, a
word about it, and the next question. In the long run it is one in each gap; edits keep the gap,
so that there is room for a question when somebody is quick.
"""
GROUP_GAP: Millis = 3_100
ALL = Limit("telegram", int(FloodLimit.MESSAGES_PER_SECOND), SECOND)

CAPABILITIES = Capabilities(
    bounces=True,
    delete_age=48 * HOUR,
    opens=("topic",),
    text_most=TEXT,
    unit="utf16",
    toast_most=TOAST,
    shared=(ALL,),
    upload_most=UPLOAD,
    download_most=DOWNLOAD,
    sheets=False,
    lead="/",
)


def of_chat(address: str) -> tuple[Limit, ...]:
    """Edits count as well. Somebody alone bears a little haste; a group one act after another, and
    no more than twenty in a minute.
    """
    key = f"telegram chat:{address}"
    if not is_group(address):
        edits = Limit(f"telegram edits:{address}", 1, PRIVATE_GAP, ("edit",))
        return (Limit(key, PRIVATE_BURST, PRIVATE_BURST * PRIVATE_GAP), edits)
    most = int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP)
    return (Limit(key, 1, GROUP_GAP), Limit(f"telegram minute:{address}", most, MINUTE))
