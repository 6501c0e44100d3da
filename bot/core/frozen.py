"""The base of every model of the core: frozen, closed, compared by value."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value. Unknown keys are refused, nothing can be changed after it is made."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        ser_json_inf_nan="strings",
        allow_inf_nan=False,
    )
