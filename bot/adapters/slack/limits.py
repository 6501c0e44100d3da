"""What Slack takes, in characters and counts, and how often."""

from bot.core.files import FILE_MOST
from bot.core.ids import Millis
from bot.engine.ports import Capabilities, Limit

# --- one message ---------------------------------------------------------------------------

BLOCKS = 50
BLOCK_TEXT = 9_500
"""Of all blocks together. Slack refuses at an unwritten bound, seen near 13,000."""
FALLBACK = 4_000
SECTION = 3_000
FIELDS = 10
FIELD = 2_000
HEADER = 150
CONTEXT = 2_000
ELEMENTS = 25
LABEL = 75
URL = 3_000
OVERFLOW_LEAST, OVERFLOW_MOST = 2, 5
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
ID = 255

# --- one form ------------------------------------------------------------------------------

VIEW_BLOCKS = 100
VIEW_TITLE = 24
VIEW_TEXT = 60_000
"""Of all blocks together; what stands around them makes a view twice to four times as large."""
METADATA = 3_000
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT = 3_000
OPTION = 75
OPTION_VALUE = 75
OPTIONS = 100
RADIO = 10
FILES = 10

# --- pace ----------------------------------------------------------------------------------

SECOND: Millis = 1_000
POSTS = Limit("slack posts", 5, SECOND, ("send",))
"""Slack keeps several hundred a minute for a workspace, and says no more than that."""
EDITS = Limit("slack edits", 4, 5 * SECOND, ("edit",))
"""Tier 3: fifty a minute for a method and a workspace."""

CAPABILITIES = Capabilities(
    finds=True,
    opens=("direct", "channel"),
    text_most=FALLBACK,
    shared=(POSTS, EDITS),
    upload_most=FILE_MOST,
    download_most=FILE_MOST,
)


def of_channel(address: str) -> tuple[Limit, ...]:
    """One message a second; edits of all channels share their own limit."""
    return (Limit(f"slack channel:{address}", 1, SECOND, ("send",)),)
