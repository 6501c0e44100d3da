"""What programs send, as commands for the door.

Nothing of ours reaches by itself the customer whose report a program brings. Where it says that
they want it, and the house can mail, they are asked by mail whether updates for everyone are to go
to them; their own yes decides.
"""

from bot.core import caller as c
from bot.core.answers import is_email
from bot.core.commands import Envelope, Identity, Place, Refused
from bot.core.following import Wish
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import OpenIncident, PublishUpdate
from bot.core.incident_words import Fact
from bot.core.relay_words import AddReport
from bot.core.report import Report
from bot.core.texts import t
from bot.engine.audience import open_to_subscribers
from bot.pages.api import schemas as s
from bot.pages.api.problems import Problem
from bot.pages.house import House
from bot.pages.subscribing import asking


def facts_of(answers: s.Answers, contact: s.Contact) -> tuple[Fact, ...]:
    """Answers and what is known of whoever gave them, as the door takes them."""
    said = (
        (c.NAME, contact.name),
        (c.NUMBER, contact.number),
        (c.MAIL, contact.email),
        (c.MEANS, contact.means),
    )
    given = [Fact(field=key, value=_value(one)) for key, one in answers.items()]
    return (*given, *(Fact(field=key, value=one) for key, one in said if one.strip()))


def _value(given: s.Given) -> bool | int | float | str | tuple[str, ...]:
    return tuple(given) if isinstance(given, list) else given


def opening(body: s.IncidentToOpen) -> OpenIncident:
    """The command."""
    return OpenIncident(
        report=None,
        category=body.category,
        facts=facts_of(body.answers, body.contact),
        danger=body.danger,
    )


def adding(body: s.ReportToAdd, incident: StreamId | None) -> AddReport:
    """The command."""
    return AddReport(
        incident=incident,
        category=body.category,
        facts=facts_of(body.answers, body.contact),
        words=body.words,
        danger=body.danger,
        language=body.language,
    )


def publishing(incident: Incident, body: s.UpdateToPublish) -> PublishUpdate:
    """The command. Raises Problem."""
    by = body.next_update_by
    try:
        next_by = None if by is None else round(by.timestamp() * 1000)
    except (ValueError, OverflowError):
        text = t("This time cannot be read.")
        raise Problem(409, Refused(code="time", text=text)) from None
    return PublishUpdate(
        incident=incident.stream,
        words=body.words,
        language=body.language,
        also=dict(body.also),
        audience=body.audience,
        next_by=next_by,
        position=body.position,
        sure=body.sure,
    )


async def asked_by_mail(house: House, body: s.ReportToAdd, report: StreamId, source: str) -> bool:
    """Whether a mail asks the customer of `report`; asked again under one `source`, one mail."""
    address = body.contact.email.strip().lower()
    if not (body.ask_for_updates and house.mail and house.public_url and is_email(address)):
        return False
    state = await house.reader.state(report)
    incident = state.incident if isinstance(state, Report) else None
    known = None if incident is None else await house.reader.state(incident)
    if incident is None or not (known is None or open_to_subscribers(known)):
        return False
    command = asking(house, f"incident:{incident}", Wish(language=body.language))
    envelope = Envelope(
        entry="api",
        source=source,
        command=command,
        identity=Identity(house.mail, address),
        place=Place(house.mail, address),
        language=body.language,
        said=command.model_dump_json(exclude={"link", "token"}),
    )
    return (await house.engine.handle(envelope)).outcome == "done"
