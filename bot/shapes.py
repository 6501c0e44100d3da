"""What the settings look like, by their forms; each check raises ValueError with how to write it.

No secret is ever told back.
"""

import ipaddress
import re
from typing import Any

ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?")
MAIL_SERVER = re.compile(r"smtps?://(?:[^@/\s]*@)?[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?")
ISSUER = re.compile(
    r"https://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[^?#\s]*)?"
    r"|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?:/[^?#\s]*)?"
)
SLACK = {
    "slack_app_token": (
        re.compile(r"xapp-[A-Za-z0-9-]{8,500}"),
        "it begins with xapp-, and has no quotes or spaces",
    ),
    "slack_bot_token": (
        re.compile(r"(?:xoxe\.)?xoxb-[A-Za-z0-9-]{8,500}"),
        "it begins with xoxb-, and has no quotes or spaces",
    ),
    "slack_signing_secret": (re.compile(r"[A-Za-z0-9_-]{8,128}"), "it is one long word"),
}
"""What each secret of Slack's looks like, and how to tell."""
BOT_TOKEN = re.compile(r"[0-9]{3,16}:[A-Za-z0-9_-]{35}")
HOOKED = re.compile(
    r"https://([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(:(?:443|80|88|8443))?(/[^?#\s]*)?"
)
"""Where Telegram can reach somebody."""
API = re.compile(r"(https?)://([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?(?:/[^?#\s]*)?")
MONITOR = re.compile(
    r"https://[A-Za-z0-9._-]+(?::[0-9]{1,5})?(?:/[^#\s\\@]*)?"
    r"|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?:/[^#\s\\@]*)?"
)
MAILBOX = re.compile(r"[^@\s<>]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def words_of(value: Any) -> tuple[str, ...]:
    """A list, or one line with spaces or commas."""
    listed = re.split(r"[\s,]+", value) if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(x, str) for x in listed):
        raise ValueError("write a list of addresses in quotation marks")
    return tuple(one.strip().lower() for one in listed if one.strip())


def is_network(address: str) -> bool:
    """An address, or a network of them."""
    try:
        ipaddress.ip_network(address)
    except ValueError:
        return False
    return True


def is_near(host: str) -> bool:
    """This computer, or one in the same house."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_private
    except ValueError:
        return "." not in host or host.endswith((".internal", ".local"))


def telegram_api(value: str) -> str:
    """Where the Bot API is. The token is in every address, so only what is near is asked in
    clear.
    """
    found = API.fullmatch(value)
    if value and (found is None or (found[1] == "http" and not is_near(found[2]))):
        raise ValueError("write it like https://bots.example.org or http://127.0.0.1:8081")
    return value.rstrip("/")


def telegram_token(value: Any) -> str | None:
    """What @BotFather gives."""
    said = str(value or "").strip()
    if said and not BOT_TOKEN.fullmatch(said):
        raise ValueError("this is not what @BotFather gives: it is a number, a colon and 35 signs")
    return said or None


def telegram_webhook(value: str, own_api: bool) -> str:
    """Where Telegram, or a Bot API server of one's own, can reach us."""
    if value and not (own_api and API.fullmatch(value)) and not HOOKED.fullmatch(value):
        raise ValueError(
            "write it like https://desk.example.org; Telegram reaches the ports 443, 80, 88 and "
            "8443 alone"
        )
    return value


def heartbeat(value: Any) -> str | None:
    """Where a monitor waits for a sign of life. Its address is a secret: whoever knows it can say
    that we live.
    """
    said = str(value or "").strip()
    if said and not MONITOR.fullmatch(said):
        raise ValueError("write it like https://monitor.example.org/ping/...")
    return said or None
