"""The data folder of a demonstration: one of its own, marked as such, and empty at each start."""

from pathlib import Path

from bot.core.errors import MusterError
from bot.store.files import create_private
from bot.store.folder import DataFolder

DEFAULT = Path("muster-demo")
MARK = "demonstration"
WORDS = (
    "This folder belongs to a demonstration of Muster: the people and incidents here are made up.\n"
    "Each start of `muster run --demo` on it begins anew and deletes what is there.\n"
)
EMPTIED = ("muster.db*", "keys.db*", "master.key*", "checkpoints.log", "control.sock")
"""What a data folder holds. Nothing else is ever deleted."""
HARMLESS = ("lock", MARK)


def is_demonstration(data: Path) -> bool:
    """Whether the folder belongs to a demonstration."""
    return (data / MARK).is_file()


def make_ready(data: Path) -> None:
    """Mark the folder and empty it. Raises MusterError for one that is somebody's, or in use."""
    if data.is_dir() and not is_demonstration(data) and _holds_anything(data):
        raise MusterError(
            f"The folder {data} was not made by a demonstration, and a demonstration never touches "
            "another one. Leave out --data, or name a new folder."
        )
    folder = DataFolder(data)
    folder.open()
    try:
        if not is_demonstration(data):
            create_private(data / MARK)
            (data / MARK).write_text(WORDS, encoding="utf-8")
        for pattern in EMPTIED:
            for file in data.glob(pattern):
                file.unlink()
    finally:
        folder.close()


def refuse_demonstration(data: Path) -> None:
    """Raise MusterError for a folder in which everything is made up."""
    if is_demonstration(data):
        raise MusterError(
            f"The folder {data} belongs to a demonstration. Start it with --demo, or name another "
            "folder with --data."
        )


def _holds_anything(data: Path) -> bool:
    return any(one.name not in HARMLESS for one in data.iterdir())
