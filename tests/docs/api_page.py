"""docs/reference/api.md: every operation of /api/v1, from the OpenAPI description of the app."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.docs.markdown import code, page, table
from tests.pages.kit import web

ABOUT = """
Other programs open, read and inform through `/api/v1`.
[How to use the API](../how-to/use-the-api.md) has examples. A running Muster describes itself at
{where}.
""".strip()
PROBLEMS = """
What is not done is answered as a [ProblemTold](#problemtold), as `application/problem+json`.
""".strip()
WHERE = "/api/v1/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
Schema = Mapping[str, Any]


def api() -> str:
    """The page."""
    return told(asyncio.run(described()))


async def described() -> Schema:
    """What a running Muster says of its API."""
    with tempfile.TemporaryDirectory() as folder:
        async with web(Path(folder)) as served:
            response = await served.client().get(WHERE)
    schema: Schema = response.json()
    return schema


def told(schema: Schema) -> str:
    """The page for an OpenAPI description."""
    parts = [part for one in operations(schema) for part in _operation(*one)]
    models = schema.get("components", {}).get("schemas", {})
    shapes = [part for name, one in models.items() for part in _shape(name, one)]
    about = ABOUT.format(where=code(WHERE))
    problems = ("## Problems", PROBLEMS, _problems(schema))
    return page("The API", about, *parts, *problems, "## Shapes", *shapes)


def operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Method, path and description of each."""
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            if method in METHODS:
                yield method.upper(), path, one


def _operation(method: str, path: str, one: Schema) -> Iterator[str]:
    yield f"## {method} {path}"
    yield _line(one.get("description") or one.get("summary", ""))
    rows = [*map(_parameter, one.get("parameters", ())), *_body(one)]
    if rows:
        yield table(("Given", "Where", "Type", "Meaning"), rows)
    answers = sorted(one.get("responses", {}).items())
    well = [f"{code(status)} with {_content(each)}" for status, each in answers if status < "400"]
    problems = ", ".join(code(status) for status, _ in answers if status >= "400")
    yield f"Answers {', '.join(well)}; or a [problem](#problems): {problems}."


def _problems(schema: Schema) -> str:
    """What each number of a problem means, wherever it is answered."""
    answers = [one.get("responses", {}) for _, _, one in operations(schema)]
    found = {number: _line(each["description"]) for one in answers for number, each in one.items()}
    rows = [(code(number), told) for number, told in sorted(found.items()) if number >= "400"]
    return table(("Problem", "Meaning"), rows)


def _parameter(one: Schema) -> tuple[str, str, str, str]:
    needed = "" if one.get("required") else ", optional"
    told = _line(one.get("description") or one["schema"].get("description", ""))
    return code(one["name"]), one["in"] + needed, _type(one["schema"]), told


def _body(one: Schema) -> Iterator[tuple[str, str, str, str]]:
    if body := one.get("requestBody"):
        yield "the body", "body", _content(body), _line(body.get("description", ""))


def _content(one: Schema) -> str:
    shapes = [each.get("schema", {}) for each in one.get("content", {}).values()]
    return ", ".join(dict.fromkeys(_type(one) for one in shapes if one))


def _shape(name: str, one: Schema) -> Iterator[str]:
    yield f"### {name}"
    if told := _line(one.get("description", "")):
        yield told
    needed = one.get("required", ())
    rows = [
        (
            code(key),
            _type(each),
            _line(each.get("description", "")),
            "yes" if key in needed else "no",
        )
        for key, each in one.get("properties", {}).items()
    ]
    if rows:
        yield table(("Field", "Type", "Meaning", "Required"), rows)
    elif "enum" in one:
        yield _type(one)


def _type(one: Schema) -> str:
    if name := str(one.get("$ref", "")).rpartition("/")[2]:
        return f"[{name}](#{name.lower()})"
    if some := one.get("anyOf") or one.get("oneOf"):
        given = [each for each in some if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(map(_type, given))) + (
            ", or null" if len(given) < len(some) else ""
        )
    if "enum" in one or "const" in one:
        return " or ".join(
            code(str(each)) or "nothing" for each in one.get("enum", [one.get("const")])
        )
    if one.get("type") == "array":
        return f"list of {_type(one.get('items', {}))}"
    kind = {"null": "nothing", "string": "text", "integer": "number", "boolean": "yes or no"}
    told = str(kind.get(one.get("type", ""), one.get("type", "anything")))
    limits = [f"at most {one['maxLength']} signs"] if "maxLength" in one else []
    limits += [f"from {one['minimum']}"] if "minimum" in one else []
    limits += [f"to {one['maximum']}"] if "maximum" in one else []
    return ", ".join((told, *limits))


def _line(text: str) -> str:
    return " ".join(text.split())
