"""What happens on the database's own thread when units are committed."""

import sqlite3
from collections.abc import Sequence

from bot.store.base import Outcome, Unit, Violated
from bot.store.batch import Plan, Run
from bot.store.connection import transaction

_UNIQUE = {
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_ROWID,
}
# What a value that cannot be kept raises, in the driver or in the database.
_VALUE = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    UnicodeEncodeError,
)


class Refused(Exception):
    """A statement of a transaction stood in the way of the whole."""

    def __init__(self, violated: Violated) -> None:
        super().__init__(violated)
        self.violated = violated


def commit(units: Sequence[Unit], head: int, raw: sqlite3.Connection) -> tuple[list[Outcome], int]:
    """The outcome of each unit and the new head: all at once, or else each for itself."""
    try:
        plan = _plan(units, head)
        with transaction(raw):
            _carry_out(plan.runs, raw)
    except Refused as refused:
        if len(units) == 1:
            return [refused.violated], head
        return _one_by_one(units, head, raw)
    return [*plan.outcomes], plan.head


def write(runs: Sequence[Run], raw: sqlite3.Connection) -> Violated | None:
    """All runs, or what stood in the way of one."""
    try:
        with transaction(raw):
            _carry_out(runs, raw)
    except Refused as refused:
        return refused.violated
    return None


def _one_by_one(
    units: Sequence[Unit], head: int, raw: sqlite3.Connection
) -> tuple[list[Outcome], int]:
    """Each unit stands or falls alone; those that stand become durable together."""
    outcomes: list[Outcome] = []
    with transaction(raw):
        for unit in units:
            raw.execute("SAVEPOINT unit")
            try:
                plan = _plan([unit], head)
                _carry_out(plan.runs, raw)
                outcomes.extend(plan.outcomes)
                head = plan.head
            except Refused as refused:
                raw.execute("ROLLBACK TO unit")
                outcomes.append(refused.violated)
            raw.execute("RELEASE unit")
    return outcomes, head


def _plan(units: Sequence[Unit], head: int) -> Plan:
    try:
        return Plan(units, head)
    except ValueError as wrong:
        raise Refused(Violated("value")) from wrong


def _carry_out(runs: Sequence[Run], raw: sqlite3.Connection) -> None:
    for run in runs:
        try:
            touched = sum(raw.executemany(sql, rows).rowcount for sql, rows in run.statements())
        except _VALUE as error:
            unique = getattr(error, "sqlite_errorcode", 0) in _UNIQUE
            raise Refused(Violated(run.what if unique else "value")) from error
        if run.touches is not None and run.touches != touched:
            raise Refused(Violated(run.what))
