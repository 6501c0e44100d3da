"""files.*: what people attach, and what the app uploads."""

from typing import Any

from tests.slack.ask import Ask, method
from tests.slack.chat import compose, destination, remove, thread_of
from tests.slack.state import BOT_USER, ApiError, File, Message, World

Json = dict[str, Any]


def shown(world: World, file: File) -> Json:
    """A file as messages and the API show it."""
    address = f"{world.base}/files-pri/{file.id}/{file.name}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.name,
        "mimetype": file.media_type,
        "filetype": file.name.rpartition(".")[2],
        "size": len(file.content or b""),
        "user": file.user,
        "mode": "hosted",
        "url_private": address,
        "url_private_download": f"{address}?download=1",
    }


@method("files.info", tier=4, scope="files:read")
def info(ask: Ask) -> Json:
    """One file."""
    file = ask.world.files.get(ask.must("file"))
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    return {"file": shown(ask.world, file)}


@method("files.getUploadURLExternal", tier=4, scope="files:write")
def upload_url(ask: Ask) -> Json:
    """Where to put the bytes of a file."""
    name, length = ask.must("filename"), ask.number("length", 0)
    if length <= 0:
        raise ApiError("invalid_arguments")
    file = File(f"F{ask.world.serial()}", name, "application/octet-stream", None, BOT_USER, length)
    ask.world.files[file.id] = file
    return {"upload_url": f"{ask.world.base}/upload/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", tier=4, scope="files:write")
def complete(ask: Ask) -> Json:
    """Share what was uploaded, in a message of its own."""
    files = [_uploaded(ask, one) for one in ask.json("files") or []]
    if not files:
        raise ApiError("invalid_arguments")
    answer = {"files": [shown(ask.world, one) for one in files]}
    name = ask.word("channel_id") or ask.word("channels")
    if name:
        _share(Ask(ask.world, {**ask.args, "channel": name}, ask.token), files)
    return answer


@method("files.delete", tier=3, scope="files:write")
def delete(ask: Ask) -> Json:
    """No file any more, and no message that only showed it."""
    file = ask.world.files.get(ask.must("file"))
    if file is None or file.user != BOT_USER:
        raise ApiError("cant_delete_file" if file else "file_not_found")
    del ask.world.files[file.id]
    for channel in ask.world.channels.values():
        for one in list(channel.messages.values()):
            if [each["id"] for each in one.body.get("files", ())] == [file.id]:
                remove(ask.world, one)
    return {}


def _uploaded(ask: Ask, one: Json) -> File:
    file = ask.world.files.get(str(one.get("id")))
    if file is None or file.content is None or file.shared:
        raise ApiError("file_not_found")
    return file


def _share(ask: Ask, files: list[File]) -> None:
    if ask.word("channel")[0] in "UW":
        raise ApiError("channel_not_found")
    channel = destination(ask)
    thread = thread_of(ask, channel)
    said = ask.word("initial_comment")
    body = compose(ask.world, {"text": said}) if said else {"user": BOT_USER, "text": ""}
    for one in files:
        one.shared = True
    attached = {"files": [shown(ask.world, one) for one in files], "upload": True}
    message = Message(channel.id, ask.world.ts(), {**body, **attached}, thread)
    ask.world.posted(channel, message)
