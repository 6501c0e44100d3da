"""What Slack refuses, in the closed set of faults that the house knows, with what to do about it.

A sentence of these is kept for operators: it names no person, no channel and no word of anybody.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.engine.ports import (
    AnswerLost,
    Blocked,
    MessageGone,
    Misconfigured,
    Outage,
    RateLimited,
    SendFault,
    Unsendable,
)

Make = Callable[[], SendFault]
DETAIL_MOST = 200
ASKS_TO_WAIT = 429
WAITS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
POSTING = frozenset({"chat.postMessage", "files.completeUploadExternal"})
"""Calls that make something; made twice, there are two of it."""


def _settings(detail: str, whole: bool = False) -> Make:
    return lambda: Misconfigured(detail, whole)


def _refused(detail: str) -> Make:
    return lambda: Unsendable(detail, final=True)


def _down(detail: str) -> Make:
    return lambda: Outage(detail, whole=True, sure=False)


def _gone() -> SendFault:
    return MessageGone("The message is not there any more, or may not be changed any more.")


def _blocked() -> SendFault:
    return Blocked("Slack takes no direct message for them: they are gone, or it may not be sent.")


_SIGNED_OUT = (
    "Slack refuses the bot token. Install the app again and set SLACK_BOT_TOKEN to its token."
)
_INVITE = "The app is not in this channel. Invite it there: /invite and the name of the app."
_UNKNOWN = (
    "Slack knows no such channel, or the app may not see it. Look at the id of the place in the "
    "settings, and invite the app if the channel is private."
)
_ARCHIVED = "The channel is archived. Unarchive it, or give the place another channel."
_POSTING = "A rule of the workspace keeps the app from posting in this channel. Ask its owners."
_TEAM = "The app has no access to this workspace any more. Install it there again."
_BLOCKS = "Slack refuses how this message is built. This is a fault of Muster; please report it."
_LONG = "The message is longer than Slack takes. This is a fault of Muster; please report it."
_SLACK = "Slack has trouble of its own. Nothing needs to be done; it is tried again."
_HIGHER = "The app is not allowed to do this. Give it the scopes of `muster slack manifest`."

FAULTS: Mapping[str, Make] = {
    **dict.fromkeys(
        (
            "not_authed",
            "invalid_auth",
            "token_revoked",
            "token_expired",
            "account_inactive",
            "user_removed_from_team",
        ),
        _settings(_SIGNED_OUT, whole=True),
    ),
    **dict.fromkeys(
        (
            "team_access_not_granted",
            "org_login_required",
            "enterprise_is_restricted",
            "team_not_found",
            "accesslimited",
            "access_denied",
        ),
        _settings(_TEAM, whole=True),
    ),
    **dict.fromkeys(("no_permission", "not_allowed_token_type"), _settings(_HIGHER, whole=True)),
    "ekm_access_denied": _settings("The organisation's key management has shut Slack.", whole=True),
    "two_factor_setup_required": _settings("Slack asks for two-factor sign-in.", whole=True),
    **dict.fromkeys(("channel_not_found", "invalid_channel"), _settings(_UNKNOWN)),
    "not_in_channel": _settings(_INVITE),
    "is_archived": _settings(_ARCHIVED),
    **dict.fromkeys(
        (
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "restricted_action_thread_locked",
            "posting_to_general_channel_denied",
            "not_allowed",
            "access_restricted",
            "slack_connect_canvas_sharing_blocked",
            "messages_tab_disabled",
        ),
        _settings(_POSTING),
    ),
    **dict.fromkeys(
        (
            "user_not_found",
            "users_not_found",
            "user_not_visible",
            "user_disabled",
            "cannot_dm_bot",
            "cannot_message_user",
            "user_not_in_channel",
            "external_limited_access",
            "no_users_supplied",
        ),
        _blocked,
    ),
    **dict.fromkeys(
        (
            "already_archived",
            "message_not_found",
            "cant_update_message",
            "cant_delete_message",
            "edit_window_closed",
            "is_inactive",
            "update_failed",
            "thread_not_found",
            "cannot_reply_to_message",
            "invalid_thread_ts",
        ),
        _gone,
    ),
    **dict.fromkeys(
        ("msg_too_long", "msg_blocks_too_long", "metadata_too_large", "too_many_attachments"),
        _refused(_LONG),
    ),
    "name_taken": _refused("A channel of that name is there already."),
    **dict.fromkeys(
        (
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_attachments",
            "no_text",
            "invalid_arguments",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_must_be_sent_from_app",
            "markdown_text_conflict",
        ),
        _refused(_BLOCKS),
    ),
    **dict.fromkeys(
        (
            "fatal_error",
            "internal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org",
            "external_team_migration_in_progress",
        ),
        _down(_SLACK),
    ),
}
"""By what Slack calls it."""


def fault_of(method: str, status: int, headers: Mapping[str, str], answer: Any) -> SendFault:
    """What an answer of Slack means that is not "ok"."""
    named = answer.get("error") if isinstance(answer, dict) else None
    error = named if isinstance(named, str) else ""
    if status == ASKS_TO_WAIT or error in WAITS:
        # Slack counts by method and channel: whoever else wants something need not wait.
        return RateLimited(_header(headers, "retry-after"))
    if error == "missing_scope":
        return Misconfigured(_missing(answer), whole=True)
    if error in FAULTS:
        found = FAULTS[error]()
    elif status >= 500:
        found = Outage(f"Slack answered {status}. It is tried again.", whole=True, sure=False)
    elif error:
        found = Unsendable(f"Slack refused this: {_plain(error)}.")
    else:
        found = garbled(method, status)
    return found


def garbled(method: str, status: int) -> SendFault:
    """An answer that says neither yes nor no."""
    what = f"Slack's answer could not be read ({status}); is SLACK_API_URL right?"
    return AnswerLost(what) if method in POSTING else Outage(what, whole=True, sure=False)


def _missing(answer: Mapping[str, Any]) -> str:
    needed = _plain(answer.get("needed")) or "a scope"
    return (
        f"The app lacks {needed}. Give it the scopes of `muster slack manifest` and install it "
        "again."
    )


def _plain(raw: object) -> str:
    """A word of Slack's, with nothing in it that it would not say."""
    said = raw if isinstance(raw, str) else ""
    return "".join(one for one in said if one.isalnum() or one in "_:.,- ")[:DETAIL_MOST]


def _header(headers: Mapping[str, str], name: str) -> str | None:
    """A header by any spelling."""
    found = next((one for key, one in headers.items() if key.lower() == name), None)
    return found[:100] if isinstance(found, str) else None
