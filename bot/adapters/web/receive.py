"""From what a visitor's page sends to a command. What is not listed here cannot be asked."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.core import report_words as w
from bot.core.commands import Command, Envelope, Identity, Place, Refused
from bot.core.distress_words import AskForHelp
from bot.core.going_on_words import GoOnHere
from bot.core.joining_words import ConfirmJoin, DeclineJoin
from bot.core.likely_words import DeclineKnown, JoinKnown
from bot.core.texts import t

CHANNEL = "web"
SOURCE = re.compile(r"[A-Za-z0-9-]{8,64}")

_FIELDS: Mapping[type[Command], tuple[str, ...]] = {
    w.BeginReport: ("again",),
    w.AnswerQuestion: ("field", "value"),
    w.SkipQuestion: ("field",),
    w.GoBack: (),
    w.ConfirmSummary: (),
    w.WithdrawReport: ("why",),
    w.AskForPerson: (),
    w.ReportDanger: (),
    AskForHelp: ("need",),
    w.WriteMessage: ("words",),
    w.AnswerFixed: ("fixed", "words"),
    w.RateService: ("score", "words"),
    w.MarkSeen: ("through",),
    w.EndWayBack: (),
    JoinKnown: ("incident",),
    DeclineKnown: (),
    GoOnHere: (),
    ConfirmJoin: ("number",),
    DeclineJoin: (),
}
_KINDS = {kind.tag: kind for kind in _FIELDS}

UNKNOWN = Refused(code="unknown", text=t("That cannot be done here. Reload the page."))
INCOMPLETE = Refused(
    code="incomplete",
    text=t("Part of this is missing or is not what was expected. Check it and send it again."),
)


def enveloped(
    command: Command, source: object, opaque: str, language: str, said: str = ""
) -> Envelope:
    """`command` of `opaque`, ready for the door; `said` stands for what it says. Raises Wrong."""
    if not isinstance(source, str) or not SOURCE.fullmatch(source):
        raise Wrong(INCOMPLETE)
    return Envelope(
        entry=CHANNEL,
        source=source,
        command=command,
        identity=Identity(channel=CHANNEL, opaque=opaque),
        place=Place(channel=CHANNEL, address=opaque),
        language=language,
        said=said,
    )


class Wrong(Exception):
    """What came is not a command; `refused` says what to do."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


def envelope_of(given: Mapping[str, Any], opaque: str, language: str) -> Envelope:
    """What `opaque` wants, ready for the door. Raises Wrong."""
    kind = _KINDS.get(str(given.get("do")))
    if kind is None:
        raise Wrong(UNKNOWN)
    try:
        fields = {name: given[name] for name in _FIELDS[kind] if name in given}
        command = kind.model_validate(fields)
    except ValidationError:
        raise Wrong(INCOMPLETE) from None
    return enveloped(command, given.get("id"), opaque, language)
