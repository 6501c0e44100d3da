"""docs/reference/settings.md: every setting, by each of its three names."""

from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import FILE_VARIABLE, SECRETS, Settings, option, variable
from tests.docs.markdown import PLAIN, code, page, said, table

ABOUT = f"""
Every setting has three names: an option of `muster run`, a variable of the environment, and a key
of a TOML file that `--settings` (or `{FILE_VARIABLE}`) names. The first of these that is given
counts. What is wrong is told all at once, each with the name under which you gave it; `muster
doctor` looks at the rest. A secret is never an option, since every user of a computer can read its
command lines.
""".strip()
EXAMPLE = """
The same three settings, said in each way:

```
muster run --port 9000 --log json --public-url https://desk.example.org
MUSTER_PORT=9000 MUSTER_LOG=json MUSTER_PUBLIC_URL=https://desk.example.org muster run
```

```toml
port = 9000
log = "json"
public_url = "https://desk.example.org"
```
""".strip()
KNOWN = {**PLAIN, Path: "path", SecretStr: "text"}


def settings() -> str:
    """The page."""
    head = ("Key in a file", "Variable", "Option", "Type", "Meaning", "Default", "Secret")
    rows = ((*_names(name), *_rest(name)) for name in Settings.model_fields)
    return page("Settings", ABOUT, table(head, rows), EXAMPLE)


def _names(name: str) -> tuple[str, str, str]:
    shown = "none" if name in SECRETS else code(option(name))
    return code(name), code(variable(name)), shown


def _rest(name: str) -> tuple[str, str, str, str]:
    field = Settings.model_fields[name]
    kind = said(_without_none(field.annotation), KNOWN)
    secret = "yes" if name in SECRETS else "no"
    return kind, field.description or "", _default(field.default), secret


def _without_none(kind: Any) -> Any:
    rest = [one for one in get_args(kind) if one is not type(None)]
    return rest[0] if get_origin(kind) is UnionType and len(rest) == 1 else kind


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "must be given"
    return code(str(value)) if value not in (None, "", ()) else "not set"
