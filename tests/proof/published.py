"""Results in docs/proof.md, written by the proofs themselves, each into its own section."""

import fcntl
import platform
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "proof.md"
TITLE = """# Proofs

Figures of whole runs. Each section is written by the command that it names.
"""


def publish(name: str, command: str, lines: Sequence[str], file: Path = FILE) -> None:
    """Put the section `name` with these figures (one per line) in its place in `file`.

    Proofs may run side by side: nobody writes between another's reading and writing.
    """
    file.parent.mkdir(exist_ok=True)
    with file.open("a+", encoding="utf-8") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        opened.seek(0)
        whole = _with(opened.read() or TITLE, name, _section(name, command, lines))
        opened.truncate(0)
        opened.write(whole)


def _section(name: str, command: str, lines: Sequence[str]) -> str:
    made = f"{_commit()}, {datetime.now(UTC):%Y-%m-%d}"
    with_what = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    figures = "\n".join(f"- {line}" for line in lines)
    return f"## {name}\n\n`{command}` at {made}, {with_what}\n\n{figures}\n"


def _with(whole: str, name: str, section: str) -> str:
    head, *old = re.split(r"(?m)^(?=## )", whole)
    kept = {one.partition("\n")[0][3:]: one.strip() + "\n" for one in old}
    kept[name] = section
    return "\n".join([head.strip() + "\n", *(kept[one] for one in sorted(kept))])


def _commit() -> str:
    said = [_git("rev-parse", "--short", "HEAD"), _git("status", "--porcelain", "--", "bot")]
    return f"commit {said[0]}" + (" with changes" if said[1] else "")


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()
