"""The ways back to whoever did something: what Slack gave with it to answer by."""

from dataclasses import dataclass, field
from typing import Literal

from bot.adapters.slack.payloads import ident
from bot.adapters.slack.receive import kept_in
from bot.untrusted import Payload, part, text

Kind = Literal["typed", "pressed", "chosen", "sent", "short", "wrote"]
KINDS: dict[str, Kind] = {
    "view_submission": "sent",
    "shortcut": "short",
    "message_action": "short",
    "event_callback": "wrote",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How to answer. `channel` is where they are ("" in no channel, `alone`: with us alone),
    `trigger` opens one view within three seconds, `url` takes five answers in half an hour.
    `view`, `hash` and `surface` (modal, home) are those of the view `shown` in which it was done.
    """

    kind: Kind
    user: str
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    url: str = ""
    view: str = ""
    hash: str = ""
    surface: str = ""
    shown: Payload = field(default_factory=dict)

    @property
    def alone(self) -> bool:
        """Nobody else would hear what is said there."""
        return not self.channel or self.channel.startswith("D")


def way_of(payload: Payload) -> Way:
    """The way back to whoever sent this."""
    view, event = part(payload, "view"), part(payload, "event")
    kind = KINDS.get(text(payload, "type"), "typed")
    if text(payload, "type") == "block_actions":
        kind = "chosen" if text(view, "type") == "modal" else "pressed"
    return Way(
        kind=kind,
        user=ident(payload, "user", "id") or ident(payload, "user_id") or _author(event),
        channel=_channel(payload),
        thread=text(event, "thread_ts")
        or text(event, "message", "thread_ts")
        or text(payload, "container", "thread_ts"),
        trigger=text(payload, "trigger_id"),
        url=text(payload, "response_url"),
        view=ident(view, "id"),
        hash=text(view, "hash"),
        surface=text(view, "type"),
        shown=view,
    )


def _author(event: Payload) -> str:
    """Who said it, changed it or took it back."""
    said = event, part(event, "message"), part(event, "previous_message")
    return next((found for one in said if (found := ident(one, "user"))), "")


def _channel(payload: Payload) -> str:
    named = (
        ident(payload, "channel", "id"),
        ident(payload, "channel_id"),
        ident(payload, "event", "channel"),
        ident(kept_in(part(payload, "view")), "at"),
    )
    found = next((one for one in named if one), "")
    return found if found[:1] in ("C", "G", "D") else ""
