"""Personal values: what is said by or about a person, kept apart so that it can be erased.

The subject is whom the value is about, not who wrote it. A value is plain from the moment
a command brings it until the codec seals it; in logs, states and rows it travels sealed
and is opened only where someone may read it. The fold never looks inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bot.core.ids import SubjectId

JsonValue = str | int | float | bool | None | list[Any] | dict[str, Any]

Sealer = Callable[["Personal"], str]
Opener = Callable[[SubjectId, str], JsonValue]

Thing = TypeVar("Thing")

_UNSET: Any = object()


class Personal:
    """One value about `subject`: plain, sealed, or erased (neither).

    `sealed` is the codec's token (salt, nonce and ciphertext in base 64). Two personal
    values are equal when subject and token are equal or, before sealing, subject and value.
    """

    __slots__ = ("_value", "sealed", "subject")

    def __init__(
        self, subject: SubjectId, value: JsonValue = _UNSET, sealed: str | None = None
    ) -> None:
        self.subject = subject
        self._value = value
        self.sealed = sealed

    @property
    def erased(self) -> bool:
        """Nothing is left of the value."""
        return self.sealed is None and self._value is _UNSET

    @property
    def is_plain(self) -> bool:
        """The value is still at hand in clear."""
        return self._value is not _UNSET

    def plain(self) -> JsonValue:
        """The clear value; the codec alone calls it before it seals. Raises LookupError."""
        if self._value is _UNSET:
            raise LookupError("the value is sealed or erased")
        value: JsonValue = self._value
        return value

    def open(self, opener: Opener) -> JsonValue:
        """The clear value, opened with the subject's key; None when it is erased."""
        if self._value is not _UNSET:
            return self.plain()
        return None if self.sealed is None else opener(self.subject, self.sealed)

    def forgotten(self) -> Personal:
        """The same place in the record with nothing in it."""
        return Personal(self.subject)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Personal):
            return NotImplemented
        if self.subject != other.subject or self.erased != other.erased:
            return False
        if self.sealed is not None or other.sealed is not None:
            return self.sealed == other.sealed
        return bool(self._value == other._value)

    def __hash__(self) -> int:
        return hash((self.subject, self.sealed))

    def __repr__(self) -> str:
        # Never the value: a personal value must not reach a log by way of a traceback.
        state = "erased" if self.erased else "sealed" if self.sealed else "plain"
        return f"Personal({self.subject}, {state})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialise, info_arg=True
            ),
        )


def _validate(value: object) -> Personal:
    if isinstance(value, Personal):
        return value
    if isinstance(value, dict) and isinstance(value.get("subject"), str):
        sealed = value.get("sealed")
        if sealed is None or isinstance(sealed, str):
            return Personal(value["subject"], sealed=sealed)
    raise ValueError("not a personal value")


def _serialise(value: Personal, info: core_schema.SerializationInfo) -> dict[str, str | None]:
    """In a row: subject and token. In an event's body: whatever the codec's context says."""
    context = info.context
    if context:
        written: dict[str, str | None] = context["personal"](value)
        return written
    if value.is_plain and value.sealed is None:
        raise ValueError("a personal value must be sealed before it is written")
    return {"subject": value.subject, "sealed": value.sealed}


def personals(thing: object) -> Iterator[Personal]:
    """Every personal value inside models, lists, tuples and dicts, in order."""
    if isinstance(thing, Personal):
        yield thing
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from personals(getattr(thing, name))
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from personals(value)
    elif isinstance(thing, (list, tuple)):
        for value in thing:
            yield from personals(value)


def forget(thing: Thing, subject: SubjectId) -> Thing:
    """`thing` with every value about `subject` erased; the same object when there is none."""
    result: Thing = _forget(thing, subject)
    return result


def _forget(thing: Any, subject: SubjectId) -> Any:
    if isinstance(thing, Personal):
        return thing.forgotten() if thing.subject == subject else thing
    if isinstance(thing, BaseModel):
        changed = {}
        for name in type(thing).model_fields:
            old = getattr(thing, name)
            new = _forget(old, subject)
            if new is not old:
                changed[name] = new
        return thing.model_copy(update=changed) if changed else thing
    if isinstance(thing, dict):
        fresh = {key: _forget(value, subject) for key, value in thing.items()}
        return fresh if any(fresh[key] is not thing[key] for key in thing) else thing
    if isinstance(thing, (list, tuple)):
        items = [_forget(value, subject) for value in thing]
        if all(new is old for new, old in zip(items, thing, strict=True)):
            return thing
        return type(thing)(items)
    return thing
