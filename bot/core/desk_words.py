"""The words of the desk as a whole: by which edition of the playbook it works."""

from typing import ClassVar

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.ids import Kind


class DeskCommand(Command):
    """A command for the desk itself."""

    kind = "desk"


class AdoptPlaybook(DeskCommand):
    """Work by the playbook edition `version` (hash of its text) from now on."""

    tag = "adopt_playbook"
    version: str
    name: str


class PlaybookAdopted(Event):
    """The desk works by this edition."""

    tag = "playbook_adopted"
    kinds: ClassVar[tuple[Kind, ...]] = ("desk",)
    version: str
    name: str
