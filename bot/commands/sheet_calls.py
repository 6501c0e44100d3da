"""What the house answers about sheets: which are open, one in words, and that it was printed."""

from typing import Any

import structlog

from bot.core.errors import MusterError
from bot.core.ids import kind_of
from bot.core.sheet_words import NoteReportSheet, NoteSheet
from bot.core.texts import Phrase, When, t
from bot.engine.control import Call
from bot.engine.read_sheet import DELETED, Sheet, Sheets
from bot.texts import Speaker
from bot.wiring import House

log = structlog.get_logger(__name__)


def calls(house: House) -> dict[str, Call]:
    """What the control socket answers."""
    return {
        "open_sheets": lambda given: _open(house),
        "sheet": lambda given: _sheet(house, given),
    }


async def _open(house: House) -> dict[str, Any]:
    references, restricted = await Sheets(house.reader).open()
    return {"references": references, "restricted": restricted}


async def _sheet(house: House, given: dict[str, Any]) -> dict[str, Any]:
    reference = str(given["reference"])
    found = await Sheets(house.reader).sheet(reference)
    if found is None:
        raise MusterError(f"There is no incident or report {reference} in this data.")
    noted = await _noted(house, found, str(given["who"]))
    organisation = house.reader.playbook.organisation
    language = str(given["language"]) or organisation.default_language
    now = house.clock.now()
    # With the date at every time: a sheet is read on other days, too.
    say = house.catalogues.speaker(language, organisation.time_zone, None, found.names.get)
    return {"sheet": said(found, say, str(given["who"]), now), "noted": noted}


async def _noted(house: House, found: Sheet, who: str) -> bool:
    """Whoever has it on paper has seen it; a disk that takes nothing more keeps nobody from it."""
    command: NoteSheet | NoteReportSheet = NoteSheet(incident=found.stream, who=who)
    if kind_of(found.stream) == "report":
        command = NoteReportSheet(report=found.stream, who=who)
    try:
        answer = await house.engine.house(command, found.stream, "cli", "sheet")
    except MusterError as trouble:
        log.warning("a sheet was printed and not noted", reason=str(trouble))
        return False
    return answer.outcome == "done"


def said(sheet: Sheet, say: Speaker, who: str, now: int) -> dict[str, Any]:
    """The sheet in words, as it goes over the socket."""

    def words(value: Phrase | str | None) -> str:
        if value is None:
            return say(DELETED)
        return value if isinstance(value, str) else say(value)

    printed = t("Printed {time} by {who}", time=When(at=now), who=who)
    return {
        "language": say.language,
        "direction": say.locale.text_direction,
        "reference": sheet.reference,
        "heading": say(sheet.heading),
        "marks": [say(one) for one in sheet.marks],
        "printed": f"{say(printed)} ({say.zone.key})",
        "parts": [
            {
                "title": say(one.title),
                "lines": [[words(label), words(value)] for label, value in one.lines],
                "blank": one.blank,
            }
            for one in sheet.parts
        ],
    }
