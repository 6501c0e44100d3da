"""What would go wrong in Telegram, before it does, and what to do about it."""

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator, User, WebhookInfo
from telegram.constants import ChatMemberStatus, ChatType

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.house import Keys
from bot.adapters.telegram.inward import Inward
from bot.adapters.telegram.payloads import CHANNEL
from bot.adapters.telegram.receive import READ
from bot.adapters.telegram.webhook import wrong_with
from bot.core.commands import Place
from bot.declared import Found
from bot.engine.ports import Misconfigured, Outage, PlaceMoved, SendFault

ADMINS = "/admins"
UNREACHED = "Telegram cannot be reached: look at the network, a proxy in between, TELEGRAM_API_URL"
NOWHERE = (
    "none is in Telegram, so no card hangs in a group: say where one is in the setting places, "
    "such as triage=telegram:-1001234567890"
)
PRIVACY = (
    "the bot hears only commands and answers to its own messages: make it an administrator, or "
    "switch privacy mode off (@BotFather, /setprivacy), take the bot out and add it again"
)
LISTEN = 2
"""Seconds for which it fetches updates: somebody else who does would end that."""
HEARS_ALL = "in groups it hears everything"
HEARS_LITTLE = (
    "privacy mode is on: in groups where it is no administrator it hears only commands and answers "
    "to its own messages"
)


async def looked(
    keys: Keys,
    places: Mapping[str, Sequence[Place]],
    groups: Mapping[str, Sequence[Place]],
    listen: int = LISTEN,
) -> list[Found]:
    """Every line, in the order in which to mend them."""
    api = TelegramApi(keys.token, keys.api)
    try:
        try:
            me = await api.get_me()
        except SendFault as fault:
            return [Found("telegram token", False, _said(fault))]
        found = [*_us(me), await _updates(Inward(api), keys, listen)]
        for key, address in _ours(places):
            found += [one async for one in _place(api, me, key, address)]
        found += [] if _ours(places) else [Found("places", True, NOWHERE)]
        for role, address in _ours(groups):
            found.append(await _group(api, me, role, address))
        return found
    finally:
        await api.close()


def _ours(named: Mapping[str, Sequence[Place]]) -> Sequence[tuple[str, str]]:
    """Names and address of those that are in Telegram; each address once."""
    found: dict[str, list[str]] = {}
    for key in named:
        for one in named[key]:
            if one.channel == CHANNEL:
                found.setdefault(one.address, []).append(key)
    return [(", ".join(dict.fromkeys(keys)), address) for address, keys in found.items()]


def _said(fault: SendFault) -> str:
    """Nothing is tried again here, unlike in a house that runs."""
    return UNREACHED if isinstance(fault, Outage) else str(fault)


def _us(me: User) -> Iterator[Found]:
    yield Found("telegram token", True, f"it is @{me.username}")
    if me.can_join_groups is False:
        words = "it may not be added to groups: switch that on (@BotFather, /setjoingroups)"
        yield Found("telegram groups", False, words)
    yield Found(
        "telegram privacy", True, HEARS_ALL if me.can_read_all_group_messages else HEARS_LITTLE
    )


# --- how updates come ----------------------------------------------------------------------------


async def _updates(calls: Inward, keys: Keys, listen: int) -> Found:
    about = "telegram updates"
    try:
        info = await calls.hooked()
        if keys.url:
            return _hooked(about, info, keys)
        if info.url:
            words = (
                "a webhook is set, so nothing can be fetched; Muster ends it when it starts. If "
                "another program has set it, that one will set it again: each needs its own bot"
            )
            return Found(about, False, words)
        await calls.updates(None, 1, listen, READ)
    except Misconfigured:
        words = (
            "somebody fetches updates with this token. If Muster runs, all is well; if not, "
            "another program has the token: end it, or have @BotFather make a new one (/revoke)"
        )
        return Found(about, True, words)
    except SendFault as fault:
        return Found(about, False, _said(fault))
    return Found(about, True, f"they are fetched; {info.pending_update_count} wait")


def _hooked(about: str, info: WebhookInfo, keys: Keys) -> Found:
    now = int(time.time() * 1000)
    waiting = info.pending_update_count
    if info.url != keys.url:
        words = f"Telegram sends them nowhere yet; Muster asks for {keys.url} when it starts"
        if info.url:
            words = f"Telegram sends them elsewhere; Muster asks for {keys.url} when it starts"
        return Found(about, not info.url, words)
    if wrong := wrong_with(info, now):
        words = (
            f"{wrong} See whether {keys.url} can be reached from outside, with a certificate "
            "that others trust, and leads to Muster"
        )
        return Found(about, False, words)
    before = info.last_error_date
    failed = f"; the last that failed was on {_day(before)}" if before else ""
    return Found(about, True, f"Telegram sends them to {info.url}; {waiting} wait{failed}")


def _day(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


# --- groups --------------------------------------------------------------------------------------


async def _place(api: TelegramApi, me: User, key: str, address: str) -> AsyncIterator[Found]:
    """Whether cards can hang in the group of a place, and be answered there."""
    about = f"place {key}"
    if not address.startswith("-"):
        words = "this is somebody's own number and no group; a group's begins with a minus"
        if not address.isdecimal():
            words = "this is no number of a group: write /id in the group, which says it"
        yield Found(about, False, words)
        return
    try:
        chat = await api.call("getChat", api.bot.get_chat(int(address)), address)
        member = await _membership(api, me, address)
    except PlaceMoved as moved:
        words = "the group has another number now: write telegram:{} in the setting places"
        yield Found(about, False, words.format(moved.address))
        return
    except (SendFault, ValueError) as fault:
        words = _said(fault) if isinstance(fault, SendFault) else "this is no number of a group"
        yield Found(about, False, words)
        return
    for one in _standing(about, chat, member, bool(me.can_read_all_group_messages)):
        yield one


async def _membership(api: TelegramApi, me: User, address: str) -> ChatMember:
    return await api.call("getChatMember", api.bot.get_chat_member(int(address), me.id), address)


def _standing(
    about: str, chat: ChatFullInfo, member: ChatMember, hears_all: bool
) -> Iterator[Found]:
    name = f"“{chat.title or chat.id}”"
    if chat.type == ChatType.CHANNEL:
        yield Found(about, False, f"{name} is a channel: cards need a group, where people answer")
        return
    if member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        yield Found(about, False, f"the bot is not in {name}: add it there")
        return
    admin = isinstance(member, ChatMemberAdministrator)
    yield Found(about, True, f"it is {name}")
    if not (admin or hears_all):
        yield Found(about, False, f"in {name} {PRIVACY}")
    if chat.username:
        words = f"{name} is public: anybody can read it; make it private"
        yield Found(about, False, words)
    if chat.is_forum:
        yield from _topics(about, name, member)
    elif chat.type == ChatType.GROUP:
        words = f"{name} has no topics, so all incidents hang in one chat (Topics in its settings)"
        yield Found(about, True, words)


def _topics(about: str, name: str, member: ChatMember) -> Iterator[Found]:
    admin = member if isinstance(member, ChatMemberAdministrator) else None
    if not (admin and admin.can_manage_topics):
        words = (
            f"in {name} the bot may make no topics, so all incidents hang in one: give it the "
            "right Manage topics"
        )
        yield Found(about, False, words)
    else:
        yield Found(about, True, f"in {name} each incident has a topic of its own")


async def _group(api: TelegramApi, me: User, role: str, address: str) -> Found:
    """Whether the members of a group, or its administrators, can be told to have a role."""
    about = f"group of {role}"
    chat, is_admins = address.removesuffix(ADMINS), address.endswith(ADMINS)
    try:
        member = await _membership(api, me, chat)
        admins = await api.call(
            "getChatAdministrators", api.bot.get_chat_administrators(int(chat)), chat
        )
    except (SendFault, ValueError) as fault:
        wrong = "this is no group; write telegram:-1001234567890, or that and /admins"
        return Found(about, False, _said(fault) if isinstance(fault, SendFault) else wrong)
    if is_admins:
        people = sum(not one.user.is_bot for one in admins)
        words = f"administrators: {people}" if people else "it has no administrator but bots"
        hidden = sum(bool(getattr(one, "is_anonymous", False)) for one in admins)
        return Found(about, True, words + (f", {hidden} of them anonymous" if hidden else ""))
    if not isinstance(member, ChatMemberAdministrator):
        words = "the bot must be an administrator there, else Telegram tells nothing of its members"
        return Found(about, False, words)
    return Found(about, True, "its members can be asked for")
