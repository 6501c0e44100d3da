"""chat.*: messages, ephemerals, edits; and answers to a response_url."""

from typing import Any

from tests.slack.ask import FREE, Ask, method
from tests.slack.blocks import TEXT_CUT, TEXT_SUM, faults, message_faults, text_sum, unpacked
from tests.slack.state import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    ApiError,
    Channel,
    Message,
    ReplyUrl,
    World,
)

Json = dict[str, Any]
ASKED = ("unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names", "reply_broadcast")
URL_USES, URL_AGE = 5, 30 * 60_000


def checked(args: Json) -> list[Json]:
    """The blocks of a message that Slack takes."""
    text = args.get("text")
    if isinstance(text, str) and len(text) > TEXT_CUT:
        raise ApiError("msg_too_long")
    blocks = unpacked(args.get("blocks"))
    if isinstance(blocks, str):
        raise ApiError("invalid_blocks_format")
    if not text:
        raise ApiError("no_text")
    if blocks is not None and (found := faults(blocks)):
        raise ApiError("invalid_blocks", errors=found, response_metadata={"messages": found})
    if isinstance(blocks, list) and text_sum(blocks) > TEXT_SUM:
        raise ApiError("msg_blocks_too_long")
    if found := message_faults(args):
        about = "invalid_metadata_format" if found[0].startswith("metadata") else "msg_too_long"
        raise ApiError(about, response_metadata={"messages": found})
    return blocks if isinstance(blocks, list) else []


def compose(world: World, args: Json) -> Json:
    """The body of a message by the bot."""
    body: Json = {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM}
    blocks = checked(args)
    return {
        **body,
        "text": str(args["text"]),
        **({"blocks": world.named(blocks)} if blocks else {}),
    }


def destination(ask: Ask) -> Channel:
    """Where a message may go: a channel, or the person whose id stands in place of one."""
    name = ask.must("channel")
    if name[0] in "UW":
        user = ask.world.users.get(name)
        if user is None or user.deleted:
            raise ApiError("channel_not_found")
        if user.bot:
            raise ApiError("cannot_dm_bot")
        return ask.world.direct(name)
    channel = ask.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER not in channel.members and "chat:write.public" not in ask.token.scopes:
        raise ApiError("not_in_channel")
    return channel


def thread_of(ask: Ask, channel: Channel) -> str:
    """The message beneath which another goes, "" for none."""
    parent = ask.word("thread_ts")
    if parent and parent not in channel.messages:
        raise ApiError("thread_not_found")
    return (channel.messages[parent].thread or parent) if parent else ""


@method("chat.postMessage", tier=0, scope="chat:write")
def post(ask: Ask) -> Json:
    """A new message."""
    channel = destination(ask)
    body = compose(ask.world, ask.args)
    thread = thread_of(ask, channel)
    metadata = ask.json("metadata")
    asked = {key: ask.args[key] for key in ASKED if key in ask.args}
    message = Message(channel.id, ask.world.ts(), body, thread, metadata=metadata, asked=asked)
    ask.world.posted(channel, message)
    ask.world.tells(message.shown(), channel)
    return {"channel": channel.id, "ts": message.ts, "message": message.shown(metadata=True)}


@method("chat.update", tier=3, scope="chat:write")
def update(ask: Ask) -> Json:
    """Another content of a message of the bot; what is left out of blocks and text goes."""
    message = _own(ask, "cant_update_message")
    fresh, before = compose(ask.world, ask.args), message.shown()
    kept = {key: one for key, one in message.body.items() if key not in ("text", "blocks")}
    message.body = {**kept, **fresh, "edited": {"user": BOT_USER, "ts": ask.world.ts()}}
    if "metadata" in ask.args:
        message.metadata = ask.json("metadata") or None
    message.edits += 1
    changed = {"message": message.shown(), "previous_message": before}
    ask.world.tells(hidden("message_changed", changed), ask.world.channels[message.channel])
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message.shown(),
    }


@method("chat.delete", tier=3, scope="chat:write")
def delete(ask: Ask) -> Json:
    """No message any more; a trace of it stays while there are replies beneath."""
    message = _own(ask, "cant_delete_message")
    gone = {"deleted_ts": message.ts, "previous_message": message.shown()}
    remove(ask.world, message)
    ask.world.tells(hidden("message_deleted", gone), ask.world.channels[message.channel])
    return {"channel": message.channel, "ts": message.ts}


def hidden(subtype: str, more: Json) -> Json:
    """What events say of a message that was changed or deleted."""
    return {"type": "message", "subtype": subtype, "hidden": True, **more}


def remove(world: World, message: Message) -> None:
    """Take a message out of its channel."""
    channel = world.channels[message.channel]
    message.deleted = True
    if channel.threaded(message.ts):
        message.body = {
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACK",
        }
        message.metadata = None
    else:
        channel.messages.pop(message.ts, None)


def _own(ask: Ask, refusal: str) -> Message:
    channel = ask.channel()
    if channel.archived:
        raise ApiError("is_inactive")
    message = channel.messages.get(ask.must("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.body.get("bot_id") != BOT:
        raise ApiError(refusal)
    return message


@method("chat.postEphemeral", tier=4, scope="chat:write")
def ephemeral(ask: Ask) -> Json:
    """Words for one person alone; nobody can change or read them afterwards."""
    channel = ask.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    if ask.must("user") not in channel.members:
        raise ApiError("user_not_in_channel")
    whisper(ask.world, ask.args, channel.id, ask.word("user"), thread_of(ask, channel))
    return {"message_ts": ask.world.ephemerals[-1].ts}


def whisper(world: World, args: Json, channel: str, user: str, thread: str = "") -> Message:
    """Keep an ephemeral."""
    asked = {key: args[key] for key in ASKED if key in args}
    message = Message(channel, world.ts(), compose(world, args), thread, to=user, asked=asked)
    world.ephemerals.append(message)
    return message


@method("chat.getPermalink", tier=FREE)
def permalink(ask: Ask) -> Json:
    """The address at which people find a message."""
    channel = ask.channel()
    message = channel.messages.get(ask.must("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    return {"channel": channel.id, "permalink": link(ask.world, message)}


def link(world: World, message: Message) -> str:
    """Where people find a message."""
    digits = message.ts.replace(".", "")
    return f"https://{world.domain}.slack.example/archives/{message.channel}/p{digits}"


# --- response_url ------------------------------------------------------------------------------


def respond(world: World, key: str, args: Json) -> str:
    """What comes to a response_url: Slack's word for what is wrong, "" when nothing is."""
    url = world.replies.get(key)
    if url is None:
        return "invalid_url"
    if world.clock.now() - url.at > URL_AGE:
        return "expired_url"
    if url.uses >= URL_USES:
        return "used_url"
    url.uses += 1
    try:
        _respond(world, url, args)
    except ApiError as error:
        return error.error
    return ""


def _respond(world: World, url: ReplyUrl, args: Json) -> None:
    shown = url.message
    if args.get("delete_original"):
        if shown is None:
            raise ApiError("no_original")
        if shown.to:
            world.ephemerals.remove(shown)
        else:
            remove(world, shown)
    elif args.get("replace_original"):
        if shown is None:
            raise ApiError("no_original")
        shown.body = {**shown.body, "blocks": [], **compose(world, args)}
        shown.edits += 1
    elif args.get("response_type") == "in_channel":
        channel = world.channels[url.channel]
        thread = str(args.get("thread_ts") or "")
        body = compose(world, args)
        world.posted(channel, Message(channel.id, world.ts(), body, thread))
    else:
        whisper(world, args, url.channel, url.user, str(args.get("thread_ts") or ""))
