"""Files: sent alone or as an album, described, fetched."""

from dataclasses import replace
from typing import Any

from telegram.constants import MediaGroupLimit

from bot.core.ids import Millis
from tests.telegram import shapes
from tests.telegram.ask import Ask, Part, method
from tests.telegram.methods import place, sent, words
from tests.telegram.state import BOT, ApiError, File, World

Json = dict[str, Any]
HOUR: Millis = 3_600_000
KINDS = ("photo", "document", "voice", "video", "audio", "animation")
FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music"}


class TooLarge(Exception):
    """The server does not even read it."""


def keep(world: World, kind: str, name: str, content: bytes, media: str, size: int = 0) -> File:
    """A file comes to be; `size` is what Telegram says of it when it is not its length."""
    number = world.serial()
    ending = name.rsplit(".", 1)[-1] if "." in name else "dat"
    path = f"{FOLDERS.get(kind, 'documents')}/file_{number}.{ending}"
    file = File(f"{kind}-{number}", kind, name, content, media, size or len(content), path)
    world.files[file.id] = file
    return file


def described(file: File) -> Json:
    """A file as it stands in a message."""
    base: Json = {
        "file_id": file.id,
        "file_unique_id": f"u-{file.id}",
        "file_size": file.size,
    }
    if file.kind == "photo":
        small = {**base, "file_id": f"{file.id}-s", "file_unique_id": f"u-{file.id}-s"}
        small |= {"width": 90, "height": 60, "file_size": min(file.size, 1_000)}
        return {"photo": [small, {**base, "width": 1280, "height": 853}]}
    base["mime_type"] = file.media_type
    if file.kind in ("voice", "audio", "video", "animation"):
        base["duration"] = 3
    if file.kind in ("video", "animation"):
        base |= {"width": 640, "height": 480}
    if file.kind != "voice":
        base["file_name"] = file.name
    return {file.kind: base}


def _file(ask: Ask, kind: str, key: str, given: object) -> File:
    """What was uploaded, or is known by its id."""
    name = str(given or "")
    part = ask.parts.get(name.removeprefix("attach://") if name else key)
    if part is not None:
        return _uploaded(ask.world, kind, part)
    known = ask.world.files.get(name)
    if known is None or not name:
        raise ApiError("wrong file identifier/HTTP URL specified" if name else "there is no file")
    if known.kind != kind:
        raise ApiError(f"can't use file of type {known.kind} as {kind}")
    return known


def _uploaded(world: World, kind: str, part: Part) -> File:
    if not part.content:
        raise ApiError("file must be non-empty")
    if len(part.content) > world.upload_most:
        raise TooLarge
    if kind == "photo" and len(part.content) > world.photo_most:
        raise ApiError("file is too big")
    return keep(world, kind, part.name, part.content, part.media_type)


def _send(ask: Ask, kind: str) -> Json:
    ask.chat()
    file = _file(ask, kind, kind, ask.args.get(kind))
    body = described(file) | words(ask, "caption")
    return shapes.message(ask.world, sent(ask, body))


@method("sendPhoto", paced=True)
def send_photo(ask: Ask) -> Json:
    """A picture."""
    return _send(ask, "photo")


@method("sendDocument", paced=True)
def send_document(ask: Ask) -> Json:
    """Any file."""
    return _send(ask, "document")


@method("sendVoice", paced=True)
def send_voice(ask: Ask) -> Json:
    """Something spoken."""
    return _send(ask, "voice")


@method("sendVideo", paced=True)
def send_video(ask: Ask) -> Json:
    """A film."""
    return _send(ask, "video")


@method("sendAudio", paced=True)
def send_audio(ask: Ask) -> Json:
    """Music."""
    return _send(ask, "audio")


@method("sendMediaGroup", paced=True)
def send_album(ask: Ask) -> list[Json]:
    """Two to ten at once."""
    media = ask.many("media")
    low, high = int(MediaGroupLimit.MIN_MEDIA_LENGTH), int(MediaGroupLimit.MAX_MEDIA_LENGTH)
    if not low <= len(media) <= high:
        raise ApiError("there must be 2 to 10 files in an album")
    kinds = {str(one.get("type")) for one in media}
    if not kinds <= set(KINDS[:5]) or (len(kinds) > 1 and not kinds <= {"photo", "video"}):
        raise ApiError("the files of an album must be of kinds that go together")
    chat, how = place(ask)
    bodies = [_item(ask, one) for one in media]
    group = {"media_group_id": str(ask.world.serial())}
    added = [ask.world.add(chat, BOT, body, extra=group, **how) for body in bodies]
    return [shapes.message(ask.world, one) for one in added]


def _item(ask: Ask, one: Json) -> Json:
    kind = str(one["type"])
    file = _file(ask, kind, kind, one.get("media"))
    told = {key: value for key, value in one.items() if key in ("caption", "parse_mode")}
    marks = {"caption_entities": one.get("caption_entities") or []}
    return described(file) | words(replace(ask, args=told | marks), "caption")


@method("getFile")
def get_file(ask: Ask) -> Json:
    """Where a file can be fetched, for an hour."""
    file = ask.world.files.get(ask.text("file_id").removesuffix("-s"))
    if file is None:
        raise ApiError("wrong file_id or the file is temporarily unavailable")
    if file.size > ask.world.download_most:
        raise ApiError("file is too big")
    file.until = ask.world.clock.now() + HOUR
    return {
        "file_id": file.id,
        "file_unique_id": f"u-{file.id}",
        "file_size": file.size,
        "file_path": file.path,
    }


def found(world: World, path: str) -> File | None:
    """The file at a path that was given out and is still good."""
    now = world.clock.now()
    for file in world.files.values():
        if file.path == path and now < file.until:
            return file
    return None
