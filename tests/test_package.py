"""What is shipped is complete, and what is locked is what the project asks for."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.version import Version

import bot
from tests.tidy import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    """SQL, texts, playbooks, templates and static files travel with the code."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob(f"muster-{bot.__version__}-py3-none-any.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("bot/")}
    there = [path for path in (ROOT / "bot").rglob("*") if path.is_file()]
    kept = {
        path.relative_to(ROOT).as_posix() for path in there if path.parent.name != "__pycache__"
    }
    assert "bot/py.typed" in kept
    assert held == kept


def test_both_locks_satisfy_what_the_project_asks_for() -> None:
    """When this fails, run `./dev lock`."""
    runtime, everything = pins("requirements.lock"), pins("requirements-dev.lock")
    asked = [Requirement(one) for one in PROJECT["project"]["dependencies"]]
    tools = [Requirement(one) for one in PROJECT["dependency-groups"]["dev"]]
    for one, lock in [(one, runtime) for one in asked] + [(one, everything) for one in tools]:
        assert Version(lock[one.name]) in one.specifier
    assert runtime.items() <= everything.items()


def test_every_pin_of_a_lock_carries_hashes() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"^(?=\S+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
        assert entries
        assert [one for one in entries if "--hash=sha256:" not in one] == []


def test_every_word_of_dev_is_explained_where_people_look() -> None:
    script, guide = (ROOT / "dev").read_text(), (ROOT / "CONTRIBUTING.md").read_text()
    (words,) = (
        line.split(")")[0].split(" | ") for line in script.splitlines() if ") prepare" in line
    )
    words = [word.strip() for word in words]
    assert {"run", "test", "check", "bench", "browser", "sabotage", "lock"} <= set(words)
    assert [word for word in words if f"./dev {word}" not in guide] == []
    usage = subprocess.run([ROOT / "dev"], check=True, capture_output=True, text=True).stdout
    assert [word for word in words if f"\n  {word} " not in usage] == []
