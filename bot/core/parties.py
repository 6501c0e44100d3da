"""Whom somebody calls: a person, everybody of a role, or a team."""

from typing import Any, Literal

from pydantic import Field, model_validator

from bot.core.frozen import Frozen


class Party(Frozen):
    """Whom a rung alarms, written `role:supervisor`, `team:operations` or `person:ID`."""

    of: Literal["role", "team", "person"]
    key: str = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _written(cls, raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw
        of, _, key = raw.partition(":")
        if of not in ("role", "team", "person") or not key.strip():
            raise ValueError('write "role:NAME", "team:KEY" or "person:ID"')
        return {"of": of, "key": key.strip()}
