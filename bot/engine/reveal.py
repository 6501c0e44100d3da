"""Who a customer is, as far as we know: for whoever has just looked it up, and nobody else."""

import asyncio
from collections.abc import Callable, Iterator

from bot.core import caller
from bot.core.caller import desk_questions
from bot.core.commands import Command
from bot.core.forms import Question, QuestionType
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.personal import Personal
from bot.core.report import Answered, Report
from bot.core.reporting import chosen
from bot.core.reveal_words import RevealCustomer, RevealReporter
from bot.core.texts import Phrase, Ref, Text, t
from bot.engine.loops import first_of
from bot.engine.ports import Channel, SendFault
from bot.engine.reader import Reader
from bot.store.base import text

REPORTS = 10
PATIENCE: Millis = 1_000
CONTACT = (QuestionType.PHONE, QuestionType.EMAIL)
NAMES = (caller.NAME, caller.NUMBER, caller.MAIL)
SHORT = {QuestionType.PHONE: t("Phone"), QuestionType.EMAIL: t("E-mail")}

REPORTER = t("{ref}: {name}")
LINE = t("{label} – {value}")
UNKNOWN = t("no name is known")
NOTHING = t("We know of no name and no way to reach them but this conversation.")

Say = Callable[[Phrase], str]


async def revealed(reader: Reader, command: Command, say: Say) -> str:
    """What is known of the customers behind the incident or the report that `command` names."""
    lines: list[str] = []
    if isinstance(command, RevealCustomer):
        for report in await _reports(reader, command.incident):
            lines += await _reporter(reader, report, say)
        state = await reader.state(command.incident)
        if isinstance(state, Incident):
            lines += _contact(reader, state.playbook, state.category, state.facts, say)
    elif isinstance(command, RevealReporter):
        known = await reader.state(command.report)
        lines += await _reporter(reader, known, say) if isinstance(known, Report) else []
    return "\n".join(dict.fromkeys(lines)) or say(NOTHING)


async def _reports(reader: Reader, incident: StreamId) -> list[Report]:
    rows = await reader.store.select(
        "reports", {"incident": incident}, order="report", limit=REPORTS
    )
    states = [await reader.state(text(row, "report")) for row in rows]
    return [one for one in states if isinstance(one, Report)]


async def _reporter(reader: Reader, report: Report, say: Say) -> list[str]:
    name = await _name(reader, report)
    ref = Ref(ref=report.reference)
    first = REPORTER.model_copy(update={"args": {"ref": ref, "name": name or UNKNOWN}})
    category = chosen(report.known())
    contact = list(_contact(reader, report.playbook, category, report.answers, say))
    return [say(first), *contact] if name or contact else []


async def _name(reader: Reader, report: Report) -> str:
    """As the platform shows them; "" where it does not say so at once."""
    channel = reader.engine.parts.channels.get(report.seat.channel)
    address = report.seat.address.open(reader.codec.open)
    if channel is None or channel.capabilities.pulled or not isinstance(address, str):
        return ""
    return await _asked(reader, channel, address)


async def _asked(reader: Reader, channel: Channel, address: str) -> str:
    clock = reader.engine.clock
    asking = asyncio.ensure_future(channel.profile(address))
    await first_of(asking, clock.wait_until(clock.now() + PATIENCE))
    try:
        return "" if asking.cancelled() else asking.result().name
    except SendFault:
        return ""


def _contact(
    reader: Reader,
    playbook: str,
    category: str,
    said: tuple[Fact, ...] | tuple[Answered, ...],
    say: Say,
) -> Iterator[str]:
    asked = {one.key: one for one in desk_questions(reader.edition(playbook), category)}
    for one in said:
        question = asked.get(one.field)
        if question is not None and _is_contact(question) and isinstance(one.value, Personal):
            value = reader.said(one.value)
            if value:
                yield say(_line(SHORT.get(question.type, question.label), value))


def _line(label: Phrase, value: str) -> Text:
    return LINE.model_copy(update={"args": {"label": label, "value": value}})


def _is_contact(question: Question) -> bool:
    return question.key in NAMES or question.type in CONTACT
