"""What would go wrong in Slack, before it does, and what to do about it."""

from collections.abc import AsyncIterator, Mapping, Sequence

from bot.adapters.slack.client import BASE, SlackApi
from bot.adapters.slack.house import Keys
from bot.adapters.slack.manifest import APP_SCOPE, SCOPES
from bot.adapters.slack.payloads import CHANNEL, ID, ident
from bot.adapters.slack.receive import PATH
from bot.core.commands import Place
from bot.declared import Found
from bot.engine.ports import Outage, SendFault
from bot.untrusted import part, text

REINSTALL = (
    "give it the scopes of `muster slack manifest` (OAuth & Permissions), then install it again"
)
UNREACHED = "Slack cannot be reached: look at the network, a proxy in between, and SLACK_API_URL"
NO_GROUP = "Slack knows no such user group: look at its id in the settings"
NOWHERE = (
    "none is in Slack, so no card hangs in a channel: say where one is in the setting places, such "
    "as triage=slack:C0123456789"
)


async def looked(
    keys: Keys,
    public_url: str,
    places: Mapping[str, Sequence[Place]],
    groups: Mapping[str, Sequence[Place]],
) -> list[Found]:
    """Every line, in the order in which to mend them."""
    api = SlackApi(keys.bot, keys.api or BASE)
    by_app = SlackApi(keys.app, keys.api or BASE)
    try:
        found = [one async for one in _bot(api)]
        if keys.app:
            found.append(await _socket(by_app))
        if keys.secret:
            found.append(_http(public_url))
        if all(one.well for one in found[:1]):
            found += [await _place(api, key, one) for key, one in _ours(places)]
            found += [] if _ours(places) else [Found("places", True, NOWHERE)]
            found += [await _group(api, role, one) for role, one in _ours(groups)]
        return found
    finally:
        await api.close()
        await by_app.close()


def _ours(named: Mapping[str, Sequence[Place]]) -> Sequence[tuple[str, str]]:
    """Name and address of those that are in Slack."""
    return [(key, one.address) for key in named for one in named[key] if one.channel == CHANNEL]


async def _bot(api: SlackApi) -> AsyncIterator[Found]:
    try:
        answer = await api.call("auth.test", {})
    except SendFault as fault:
        yield Found("slack token", False, _said(fault))
        return
    who = f"{text(answer, 'user') or 'the app'} in {text(answer, 'team') or 'the workspace'}"
    yield Found("slack token", True, f"it is {who}")
    missing = [one for one in SCOPES if api.scopes and one not in api.scopes]
    for one in missing:
        yield Found("slack scopes", False, f"{one} is missing ({SCOPES[one]}): {REINSTALL}")
    if not missing:
        yield Found("slack scopes", True, "all that are used are there")


def _said(fault: SendFault) -> str:
    """Nothing is tried again here, unlike in a house that runs."""
    return UNREACHED if isinstance(fault, Outage) else str(fault)


async def _socket(by_app: SlackApi) -> Found:
    about = "slack socket"
    try:
        await by_app.call("apps.connections.open", {})
    except Outage:
        return Found(about, False, UNREACHED)
    except SendFault:
        words = (
            "Slack does not open one with this SLACK_APP_TOKEN: make an app-level token with the "
            f"scope {APP_SCOPE} (Basic Information), and switch Socket Mode on"
        )
        return Found(about, False, words)
    return Found(about, True, "Slack opens one for us")


def _http(public_url: str) -> Found:
    about = "slack over HTTP"
    if not public_url.startswith("https://"):
        words = "Slack reaches https:// addresses alone: set public_url, or use a SLACK_APP_TOKEN"
        return Found(about, False, words)
    return Found(about, True, f"Slack must be told to send to {public_url}{PATH}")


async def _place(api: SlackApi, key: str, address: str) -> Found:
    """Whether cards can hang in the channel of a place."""
    about = f"place {key}"
    if not ID.fullmatch(address) or address[0] not in "CG":
        words = "this is no channel's id; write slack:C0123, as it stands below its details"
        return Found(about, False, words)
    try:
        answer = part(await api.call("conversations.info", {"channel": address}), "channel")
    except SendFault as fault:
        return Found(about, False, _said(fault))
    name = f"#{text(answer, 'name') or address}"
    if answer.get("is_archived") is True:
        return Found(about, False, f"{name} is archived: unarchive it, or choose another channel")
    if answer.get("is_member") is not True:
        return Found(about, False, f"the app is not in {name}: write /invite @Muster there")
    return Found(about, True, f"it is {name}")


async def _group(api: SlackApi, role: str, address: str) -> Found:
    """Whether a user group can give a role."""
    about = f"group of {role}"
    if ident({"id": address}, "id")[:1] != "S":
        return Found(about, False, "this is no user group; write slack:S0123")
    try:
        answer = await api.call("usergroups.users.list", {"usergroup": address})
    except Outage:
        return Found(about, False, UNREACHED)
    except SendFault as fault:
        unknown = "no_such_subteam" in str(fault)
        return Found(about, False, NO_GROUP if unknown else str(fault))
    users = answer.get("users")
    count = len(users) if isinstance(users, list) else 0
    words = f"members: {count}" if count else "nobody is in it, so it gives nobody a role"
    return Found(about, True, words)
