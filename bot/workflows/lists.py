"""The rows that reports and people stand for in lists. (Incidents: `incident_lists`.)"""

from collections.abc import Iterator

from bot.core.ids import Kind, PersonId
from bot.core.listed import Lane, PersonRow, ReportRow
from bot.core.person import Person, Subscription
from bot.core.personal import Personal
from bot.core.program import Program
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.core.retained import held_as
from bot.core.rows import Cell, Findable, Listed, ListRow
from bot.core.rules import Lister


def report_rows(state: Report) -> Iterator[Listed]:
    """The report's reference, its line in the lists, and the words it can be found by."""
    yield ListRow(
        table="refs",
        columns={"reference": state.reference, "stream": state.stream},
        new=True,
    )
    yield ListRow(
        table="reports",
        columns={
            "report": state.stream,
            "person": state.person,
            "seat": state.seat.key if state.seat.reached else None,
            "incident": state.incident,
            "lane": lane(state),
            "settled": 0 if _unsettled(state) else 1,
            "touched_at": state.touched_at,
        },
        body=_report_row(state),
    )
    for one in state.answers:
        if isinstance(one.value, Personal) and not one.value.erased:
            yield Findable(field=f"answer:{one.field}", words=one.value)


def _unsettled(state: Report) -> bool:
    return state.is_open or state.stage == "done" or state.care.since is not None


def lane(state: Report) -> Lane:
    """Where the desk lists a report that no incident stands for, or one that wants an answer."""
    if state.care.since is not None and state.incident is not None:
        return "distress"
    if state.incident is not None:
        return "waiting" if wants_answer(state) else ""
    if state.stage != "answering":
        return ""
    return "quiet" if state.left == "quiet" else "answering"


def wants_answer(state: Report) -> bool:
    """Its person wrote and nobody has answered, or asked for a human and nobody has come."""
    asked = state.waiting_since is not None and state.waiting_for == "asked"
    return asked or state.conversation.unanswered_since is not None


def _report_row(state: Report) -> ReportRow:
    talk = state.conversation
    return ReportRow(
        reference=state.reference,
        stage=state.stage,
        language=state.language,
        category=chosen(state.known()),
        started_at=state.started_at,
        complete=state.complete,
        danger=state.danger,
        taken_by=state.taken_by,
        waiting_since=state.waiting_since,
        waiting_for=state.waiting_for,
        unanswered_since=talk.unanswered_since,
        messages=talk.count,
        unseen=talk.count - talk.seen_by_desk,
        open_until=state.open_until,
        held_as=held_as(state),
    )


def person_rows(state: Person) -> Iterator[Listed]:
    """Staff and invitations, who they are known as, and what anybody subscribed to.

    Who first comes by a channel is written by the engine, in the unit that meets them.
    """
    if state.program is not None:
        yield _program_row(state.stream, state.program)
    elif _works_here(state) or state.invitation is not None or state.roles:
        yield _person_row(state)
    yield from _identity_rows(state)
    if state.link is not None:
        yield ListRow(
            table="links",
            columns={"token": state.link.token, "person": state.stream, "until": state.link.until},
        )
    if state.asked is not None and not state.asked.seat.key.erased:
        columns: dict[str, Cell] = {
            "token": state.asked.token,
            "person": state.stream,
            "until": state.asked.until,
        }
        yield ListRow(table="links", columns=columns)
    for one in state.subscriptions:
        if not one.seat.key.erased:
            yield _subscription_row(state, one)
    if state.erasing_since is not None:
        yield ListRow(
            table="erasures",
            columns={
                "person": state.stream,
                "at": state.erasing_since,
                "subjects": " ".join(state.subjects),
            },
        )


def _works_here(state: Person) -> bool:
    """By a name of their own, or by being in a place; who went on as another no more."""
    return state.name is not None or (state.shown is not None and not state.joined_into)


def _identity_rows(state: Person) -> Iterator[ListRow]:
    """Whom an account stands for; one that was parted stands for who it was before."""
    own = state.identities if state.name is not None else ()
    whose = [
        *((one, state.stream, state.subject) for one in own),
        *(
            (one.identity, one.person if one.parted else state.stream, one.subject)
            for one in state.joined
        ),
    ]
    for identity, person, subject in whose:
        if not identity.erased:
            columns: dict[str, Cell] = {
                "identity": identity,
                "person": person,
                "subject": subject,
            }
            yield ListRow(table="identities", columns=columns)


def _program_row(person: PersonId, one: Program) -> ListRow:
    kind = "hook" if one.url is not None else "caller"
    return ListRow(
        table="programs",
        columns={"person": person, "kind": kind, "token": one.token or person},
    )


def _person_row(state: Person) -> ListRow:
    link = state.invitation
    return ListRow(
        table="people",
        columns={
            "person": state.stream,
            "roles": " ".join(state.roles),
            "disabled": 1 if state.disabled else 0,
            "invitation": None if link is None else link.token,
        },
        body=PersonRow(
            name=state.called,
            language=state.language,
            roles=state.roles,
            available=state.available,
            off=state.off,
            away_until=state.away_until,
            invited_until=None if link is None else link.until,
            reset_until=None if state.reset is None else state.reset.until,
            skills=state.skills,
            languages=state.languages,
            teams=state.teams,
            areas=state.areas,
        ),
    )


def _subscription_row(state: Person, one: Subscription) -> ListRow:
    return ListRow(
        table="subscriptions",
        columns={
            "person": state.stream,
            "number": one.number,
            "scope": one.scope,
            "channel": one.seat.channel,
            "seat": one.seat.key,
            "manner": one.wish.column,
            "subject": one.seat.key.subject,
        },
        body=one.seat,
    )


def no_rows(state: object) -> tuple[Listed, ...]:
    """The desk has no list of its own."""
    return ()


LISTS: dict[Kind, Lister] = {"report": report_rows, "person": person_rows, "desk": no_rows}
