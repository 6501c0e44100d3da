"""The words of programs: other systems that ask Muster by a key, or are told of what happens.

Each is a person of its own kind, so that actor, timeline and authority work as for everybody:
what a caller may ask for are its roles, and an end is that of an account.
"""

from typing import Literal

from bot.core.ids import Millis, PersonId, SubjectId
from bot.core.person_words import PersonCommand, PersonEvent
from bot.core.personal import Personal

Scope = Literal["api:open", "api:report", "api:read", "api:publish", "api:restricted"]
SCOPES: tuple[Scope, ...] = (
    "api:open",
    "api:report",
    "api:read",
    "api:publish",
    "api:restricted",
)
OPEN: Scope = "api:open"
REPORT: Scope = "api:report"
READ: Scope = "api:read"
PUBLISH: Scope = "api:publish"
RESTRICTED: Scope = "api:restricted"

Topic = Literal["opened", "status", "priority", "update"]
TOPICS: tuple[Topic, ...] = ("opened", "status", "priority", "update")
Beyond = Literal["restricted", "exercise"]
BEYOND: tuple[Beyond, ...] = ("restricted", "exercise")


class AdmitCaller(PersonCommand):
    """Let a program ask by a key until `until`: `token` is the key's hash, `identity` its own."""

    tag = "admit_caller"
    person: PersonId
    name: str
    scopes: tuple[Scope, ...]
    token: str
    identity: str
    until: Millis


class AddHook(PersonCommand):
    """Tell the program at `url` of `topics`; of what is restricted or no more than an exercise
    only when `beyond` says so.
    """

    tag = "add_hook"
    person: PersonId
    url: str
    topics: tuple[Topic, ...]
    beyond: tuple[Beyond, ...] = ()


class CallerAdmitted(PersonEvent):
    """A program may ask; `token` is a hash."""

    tag = "caller_admitted"
    subject: SubjectId
    name: Personal
    identity: Personal
    scopes: tuple[Scope, ...]
    token: str
    until: Millis


class HookAdded(PersonEvent):
    """A program is told of what happens."""

    tag = "hook_added"
    subject: SubjectId
    url: Personal
    topics: tuple[Topic, ...]
    beyond: tuple[Beyond, ...]
