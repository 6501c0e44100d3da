"""The reference is made from the code: it is what the code makes now, and leaves nothing out."""

import pytest

from bot.core.playbook import Playbook
from bot.core.registry import COMMAND_TYPES, EVENT_TYPES
from bot.settings import NAMES, SECRETS, option, variable
from tests.docs import api_page, cli_page
from tests.docs.pages import DOCS, PAGES
from tests.docs.playbook_page import tables


def told(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_what_the_code_makes(page: str) -> None:
    """When this fails, run `./dev docs` and keep what it writes."""
    path = DOCS / page
    assert path.exists(), f"run ./dev docs: {page} is not there"
    assert told(page) == PAGES[page](), f"run ./dev docs: {page} is old"


def test_every_setting_is_told_by_each_of_its_names() -> None:
    page = told("reference/settings.md")
    names = [*NAMES, *map(variable, NAMES), *(option(one) for one in NAMES if one not in SECRETS)]
    assert [one for one in names if f"| `{one}` |" not in page] == []
    assert [one for one in SECRETS if f"`{option(one)}`" in page] == []


def test_every_key_of_a_playbook_is_told() -> None:
    page = told("reference/playbook.md")
    models = tables()
    assert Playbook in models
    assert len(models) > 20
    keys = {(m.__name__, f.alias or n) for m in models for n, f in m.model_fields.items()}
    missing = [one for one in keys - {("Playbook", "version")} if f"| `{one[1]}` |" not in page]
    assert missing == []


def test_every_key_has_a_meaning() -> None:
    empty = [
        f"{model.__name__}.{name}"
        for model in tables()
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert empty == []


def test_every_command_and_every_event_is_told_with_its_meaning() -> None:
    commands, events = told("reference/commands.md"), told("reference/events.md")
    for one in COMMAND_TYPES:
        assert f"| `{one.__name__}` | `{one.tag}` | " in commands
        assert vars(one).get("__doc__"), one
    for each in EVENT_TYPES:
        assert f"| `{each.__name__}` | `{each.tag}`" in events
        assert vars(each).get("__doc__"), each
    for name in ("self", "nobody yet"):
        assert f"| {name} |" not in commands


def test_every_word_of_the_command_line_is_told() -> None:
    page = told("reference/cli.md")
    for words, command in cli_page.commands():
        assert f"## {words}\n" in page
        if words != "muster run":
            assert [one for one in cli_page.options(command) if f"`{one}`" not in page] == []
    assert len(cli_page.dev_words()) > 8
    assert [one for one, _ in cli_page.dev_words() if f"`./dev {one}`" not in page] == []


async def test_every_operation_of_the_api_is_told() -> None:
    page, schema = told("reference/api.md"), await api_page.described()
    found = list(api_page.operations(schema))
    assert len(found) > 5
    assert [path for method, path, _ in found if f"## {method} {path}\n" not in page] == []
    shapes = schema["components"]["schemas"]
    assert [name for name in shapes if f"### {name}\n" not in page] == []
