"""Ready answers of the playbook: which are offered, and how one reads in a customer's language."""

from collections.abc import Mapping

from bot.core.playbook import Canned, Playbook


def offered(playbook: Playbook, category: str) -> Mapping[str, Canned]:
    """The ready answers for a report of `category` ("": not known yet), in the playbook's order."""
    return {
        key: one
        for key, one in playbook.canned.items()
        if not one.categories or category in one.categories
    }


def ready(playbook: Playbook, key: str, language: str) -> str:
    """The ready answer `key` as somebody who speaks `language` reads it; "" for one unknown."""
    found = playbook.canned.get(key)
    if found is None:
        return ""
    own = language if language in found.text.by else playbook.organisation.default_language
    return found.text.pick(own)
