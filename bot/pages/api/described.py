"""The API's own description of itself (OpenAPI)."""

from typing import Any

from fastapi import FastAPI

from bot.pages.api import schemas as s

SCHEMAS = "#/components/schemas/"


class Described(FastAPI):
    """With what a problem looks like in its description, which is made when somebody wants it."""

    def openapi(self) -> dict[str, Any]:
        """The whole description."""
        if self.openapi_schema is None:
            described = super().openapi()["components"]["schemas"]
            problem = s.ProblemTold.model_json_schema(ref_template=f"{SCHEMAS}{{model}}")
            described.update({**problem.pop("$defs"), "ProblemTold": problem})
        return super().openapi()
