"""What a message in Telegram carries beside words: files, a place, a number to ring."""

from collections.abc import Iterator

from bot.adapters.telegram.reading import degrees, name_of, number
from bot.engine.heard import Attached
from bot.untrusted import Payload, items, part, text

KINDS = (
    ("animation", "animation.mp4", "video/mp4"),
    ("video", "video.mp4", "video/mp4"),
    ("video_note", "video.mp4", "video/mp4"),
    ("audio", "audio.mp3", "audio/mpeg"),
    ("voice", "voice.ogg", "audio/ogg"),
    ("document", "file", ""),
)
"""Key, name where they gave none, and type where none is said. What moves comes as a document,
too, so the first that is there counts.
"""
UNREADABLE = (
    "checklist",
    "dice",
    "game",
    "invoice",
    "live_photo",
    "paid_media",
    "poll",
    "story",
    "sticker",
)
"""What people send on purpose and we can make nothing of; a sticker often stands for a sign."""
NAME_MOST = 200


def files_of(message: Payload) -> tuple[Attached, ...]:
    """The file of a message; of a picture its largest form."""
    return tuple(_files(message))


def _files(message: Payload) -> Iterator[Attached]:
    photo = max(items(message, "photo"), key=_pixels, default=None)
    if photo is not None:
        yield from _attached(photo, f"photo-{number(message, 'message_id')}.jpg", "image/jpeg")
        return
    for key, name, media_type in KINDS:
        if one := part(message, key):
            yield from _attached(one, name, media_type)
            return


def _pixels(photo: Payload) -> int:
    return number(photo, "width") * number(photo, "height")


def _attached(one: Payload, name: str, media_type: str) -> Iterator[Attached]:
    if file := text(one, "file_id"):
        yield Attached(
            file=file,
            name=text(one, "file_name")[:NAME_MOST] or name,
            size=max(0, number(one, "file_size")),
            media_type=text(one, "mime_type") or media_type,
        )


def place_of(message: Payload) -> tuple[float, float] | None:
    """Degrees north and east."""
    found = part(message, "location") or part(message, "venue", "location")
    north, east = degrees(found, "latitude", 90), degrees(found, "longitude", 180)
    return None if north is None or east is None else (north, east)


def phone_of(message: Payload) -> str:
    """The number of whoever sent it, when they shared their own."""
    contact = part(message, "contact")
    own = number(contact, "user_id") and number(contact, "user_id") == number(message, "from", "id")
    return text(contact, "phone_number")[:64] if own else ""


def words_of(message: Payload) -> str:
    """What it says in words: text, caption, a place by name, somebody else's number, a sign."""
    contact = part(message, "contact")
    others = "" if phone_of(message) else text(contact, "phone_number")[:64]
    said = (
        text(message, "text") or text(message, "caption"),
        ", ".join(filter(None, (text(message, "venue", one) for one in ("title", "address")))),
        ", ".join(filter(None, (name_of(contact), others))) if others else "",
        text(message, "sticker", "emoji"),
    )
    return "\n".join(filter(None, (one.strip() for one in said)))


def is_unreadable(message: Payload) -> bool:
    """They sent it on purpose, and we cannot read it."""
    return any(message.get(one) for one in UNREADABLE)
