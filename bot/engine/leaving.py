"""The link in each message by which its reader changes or ends what it came by.

Nothing is stored for it: it names a subscription, under a mark that only this house can make.
"""

import hmac

from bot.core.ids import PersonId
from bot.store.codec import Codec

MARK_SIGNS = 40


def leave_token(codec: Codec, member: str) -> str:
    """For a subscription, named as audiences do (`person/number`)."""
    person, _, which = member.partition("/")
    return f"{person}.{which}.{_mark(codec, member)}"


def behind(codec: Codec, token: str) -> tuple[PersonId, int] | None:
    """Person and number of the subscription; None for what this house did not make."""
    person, _, rest = token.partition(".")
    which, _, mark = rest.partition(".")
    if not (token.isascii() and which.isdecimal()):
        return None
    same = hmac.compare_digest(mark, _mark(codec, f"{person}/{which}"))
    return (person, int(which)) if same else None


def _mark(codec: Codec, member: str) -> str:
    return codec.token_hash(f"leave:{member}")[:MARK_SIGNS]
