"""The import contracts of pyproject.toml bite, shown on a small house that breaks them all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tidy import ROOT

SETTINGS = (ROOT / "pyproject.toml").read_text()
CONTRACTS = re.findall(r'^name = "(.+)"\ntype =', SETTINGS, re.MULTILINE)

VERDICT = r"^(.+) (KEPT|BROKEN)(?: \(.+\))?$"

# A sound house: every part imports the one below.
SOUND = {
    "__init__": "",
    "__main__": "import bot.cli",
    "cli": "import bot.wiring",
    "wiring": "import bot.adapters.web, bot.pages.desk, bot.settings, bot.store.sqlite",
    "settings": "",
    "adapters/__init__": "",
    "adapters/web": "import bot.engine.ports, starlette",
    "adapters/email": "import bot.engine.ports",
    "pages/__init__": "",
    "pages/desk": "import bot.engine.ports, starlette",
    "engine/__init__": "",
    "engine/ports": "import asyncio, bot.store.base, bot.views.cards, bot.workflows.table",
    "store/__init__": "",
    "store/base": "import bot.core.ids",
    "store/memory": "import bot.store.base",
    "store/sqlite": "import bot.store.base, sqlite3",
    "store/postgres": "import bot.store.base",
    "views/__init__": "",
    "views/cards": "import bot.workflows.tasks",
    "workflows/__init__": "",
    "workflows/table": "import bot.workflows.tasks, bot.workflows.triage",
    "workflows/tasks": "import bot.core.ids, datetime, zoneinfo",
    "workflows/triage": "import bot.core.ids",
    "core/__init__": "",
    "core/ids": "import pydantic",
}

BREACHES = [
    ("core/ids", "import bot.workflows.tasks", "Imports go down only"),
    ("core/ids", "import bot.engine", "Imports go down only"),
    ("engine/ports", "import bot.adapters.web", "Imports go down only"),
    ("store/base", "import bot.views", "Imports go down only"),
    ("views/cards", "import bot.store.base", "Imports go down only"),
    ("pages/desk", "import bot.adapters.web", "Imports go down only"),
    ("adapters/web", "import bot.settings", "Imports go down only"),
    ("helpers", "", "Imports go down only"),
    ("workflows/tasks", "import bot.workflows.triage", "Workflows are siblings"),
    ("workflows/tasks", "import bot.workflows.table", "Workflows are siblings"),
    ("adapters/email", "import bot.adapters.web", "An adapter knows its platform"),
    ("adapters/web", "import bot.workflows.tasks", "An adapter knows nothing of what is decided"),
    ("adapters/web", "import bot.store.base", "An adapter knows nothing of what is decided"),
    ("pages/desk", "import bot.store.base", "An adapter knows nothing of what is decided"),
    ("engine/ports", "import bot.store.sqlite", "The engine knows a store by its protocols"),
    ("core/ids", "import random", "Core, workflows and views are pure"),
    ("core/ids", "import structlog", "Core, workflows and views are pure"),
    ("workflows/tasks", "from asyncio import sleep", "Core, workflows and views are pure"),
    ("views/cards", "import starlette.requests", "Core, workflows and views are pure"),
    ("engine/ports", "import starlette", "A library stays in the layer"),
    ("store/base", "import jinja2", "A library stays in the layer"),
    ("engine/ports", "import sqlite3", "Only the store talks to a database"),
    ("pages/desk", "import aiosqlite", "Only the store talks to a database"),
]


# One process for all houses: each lies in a folder of its own with the settings above all of them.
LINT = """
import os, sys
from importlinter.cli import lint_imports
for house in sys.argv[1:]:
    print("HOUSE", flush=True)
    os.chdir(house)
    sys.path.insert(0, house)
    lint_imports(config_filename="../pyproject.toml", cache_dir=None, no_logo=True)
    sys.path.remove(house)
    sys.path_importer_cache.clear()
"""


def build(folder: Path, house: dict[str, str]) -> Path:
    for name, text in house.items():
        path = folder / "bot" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def broken(top: Path, houses: list[dict[str, str]]) -> list[list[str]]:
    """Builds each house below `top`; answers with the names of the contracts that each breaks."""
    (top / "pyproject.toml").write_text(SETTINGS)
    folders = [str(build(top / f"house{number}", house)) for number, house in enumerate(houses)]
    wide = os.environ | {"COLUMNS": "200"}
    command = [sys.executable, "-c", LINT, *folders]
    run = subprocess.run(command, env=wide, capture_output=True, text=True, check=True)
    shown = run.stdout.split("HOUSE\n")[1:]
    for one in shown:
        assert len(re.findall(VERDICT, one, re.MULTILINE)) == len(CONTRACTS), one
    return [
        [name for name, verdict in re.findall(VERDICT, one, re.MULTILINE) if verdict == "BROKEN"]
        for one in shown
    ]


def test_a_sound_house_keeps_every_contract(tmp_path: Path) -> None:
    assert broken(tmp_path, [SOUND]) == [[]]


def test_each_breach_breaks_its_contract(tmp_path: Path) -> None:
    houses = [
        SOUND | {module: f"{SOUND.get(module, '')}\n{breach}\n"} for module, breach, _ in BREACHES
    ]
    found = broken(tmp_path, houses)
    unnoticed = [
        breach
        for breach, names in zip(BREACHES, found, strict=True)
        if not any(name.startswith(breach[-1]) for name in names)
    ]
    assert unnoticed == []


def test_every_contract_is_shown_to_bite() -> None:
    shown = {contract for _, _, contract in BREACHES}
    assert [name for name in CONTRACTS if not name.startswith(tuple(shown))] == []
