"""The methods by which the bot hears: polling, or an address to which updates are posted."""

import re
from typing import Any
from urllib.parse import urlsplit

from telegram.constants import PollingLimit, WebhookLimit

from tests.telegram.ask import Ask, method
from tests.telegram.deliveries import Hook
from tests.telegram.state import ApiError
from tests.telegram.updates import KINDS

Json = dict[str, Any]
PORTS = (443, 80, 88, 8443)
LONGEST = 50
"""Seconds for which one poll waits at most."""


def _allowed(ask: Ask) -> None:
    if not ask.has("allowed_updates"):
        return
    wanted = ask.many("allowed_updates")
    ask.updates.allowed = tuple(one for one in wanted if one in KINDS)


@method("getUpdates")
async def get_updates(ask: Ask) -> list[Json]:
    """What has happened; waits for something."""
    limit = ask.number("limit", int(PollingLimit.MAX_LIMIT))
    if not PollingLimit.MIN_LIMIT <= limit <= PollingLimit.MAX_LIMIT:
        limit = int(PollingLimit.MAX_LIMIT)
    if not ask.updates.webhook:
        _allowed(ask)
    timeout = min(max(0, ask.number("timeout")), LONGEST)
    return await ask.updates.fetch(ask.number("offset"), limit, timeout)


def _address(url: str, local: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ApiError("bad webhook: invalid URL")
    if local:
        return
    if parts.scheme != "https":
        raise ApiError("bad webhook: an HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise ApiError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if "." not in parts.hostname:
        raise ApiError("bad webhook: Failed to resolve host: Name or service not known")


@method("setWebhook")
def set_webhook(ask: Ask) -> bool:
    """Updates are posted there from now on; an empty address ends it."""
    url, secret = ask.text("url"), ask.text("secret_token")
    if not url:
        return _unset(ask)
    _address(url, ask.hooks.local)
    if len(secret) > WebhookLimit.MAX_SECRET_TOKEN_LENGTH:
        raise ApiError("bad webhook: secret token is too long")
    if not re.fullmatch("[A-Za-z0-9_-]*", secret):
        raise ApiError("secret token contains unallowed characters")
    most = ask.number("max_connections", 40)
    if not WebhookLimit.MIN_CONNECTIONS_LIMIT <= most <= WebhookLimit.MAX_CONNECTIONS_LIMIT:
        most = 40
    _allowed(ask)
    if ask.flag("drop_pending_updates"):
        ask.updates.waiting.clear()
    ask.hooks.set(Hook(url, secret, most))
    return True


@method("deleteWebhook")
def delete_webhook(ask: Ask) -> bool:
    """No such address."""
    return _unset(ask)


def _unset(ask: Ask) -> bool:
    if ask.flag("drop_pending_updates"):
        ask.updates.waiting.clear()
    ask.hooks.set(None)
    return True


@method("getWebhookInfo")
def get_webhook_info(ask: Ask) -> Json:
    """That address, and how it goes there."""
    ask.updates.forget()
    shown: Json = {"url": "", "has_custom_certificate": False}
    shown["pending_update_count"] = len(ask.updates.waiting)
    hook = ask.hooks.hook
    if hook is not None:
        shown |= {"url": hook.url, "max_connections": hook.most, "ip_address": "127.0.0.1"}
        if hook.error_at:
            shown |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
    if ask.updates.allowed:
        shown["allowed_updates"] = list(ask.updates.allowed)
    return shown
