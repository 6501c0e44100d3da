"""One folder, one process, and sentences that say what to do when it cannot be used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import StoreDown, StoreRefused
from bot.store.files import create_private
from bot.store.folder import DataFolder, LineFile

HOLD = """
import sys
from pathlib import Path
from bot.store.folder import DataFolder
DataFolder(Path(sys.argv[1])).open()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "data"


def test_a_fresh_folder_is_made_for_this_user_only(path: Path) -> None:
    folder = DataFolder(path)
    folder.open()
    assert path.stat().st_mode & 0o777 == 0o700
    folder.close()
    folder.close()


def test_a_second_process_is_refused_by_the_number_of_the_first(path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout
        assert first.stdout.readline() == b"held\n"
        with pytest.raises(StoreRefused, match=rf"already runs on .* \(process {first.pid}\)"):
            DataFolder(path).open()
        first.kill()
    folder = DataFolder(path)
    folder.open()
    with pytest.raises(StoreRefused, match=rf"\(process {os.getpid()}\)"):
        DataFolder(path).open()
    folder.close()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreRefused, match="is a file, not a folder"):
        DataFolder(tmp_path / "data").open()


def test_a_folder_that_cannot_be_made_is_refused() -> None:
    with pytest.raises(StoreRefused, match="choose another one with --data"):
        DataFolder(Path("/proc/nothing/can/be/made/here")).open()


async def test_keys_are_made_with_the_folder_and_found_again(path: Path) -> None:
    folder = DataFolder(path)
    folder.open()
    keys = await folder.open_keys(os.urandom)
    await keys.ensure(1)
    subject = keys.mint()
    await keys.close()
    again = await folder.open_keys(os.urandom)
    assert again.cipher(subject)
    await again.close()
    found = modes(path)
    assert set(found.values()) == {0o600}
    assert {"lock", "keys.db", "master.key"} <= set(found)
    folder.close()


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_data_without_its_keys_is_refused(path: Path) -> None:
    folder = DataFolder(path)
    folder.open()
    await (await folder.open_keys(os.urandom)).close()
    create_private(folder.database)
    folder.master.rename(path / "elsewhere")
    with pytest.raises(StoreRefused, match=r"master key .* is missing"):
        await folder.open_keys(os.urandom)
    (path / "elsewhere").rename(folder.master)
    folder.keys.unlink()
    with pytest.raises(StoreRefused, match=r"keys .* are missing"):
        await folder.open_keys(os.urandom)
    folder.close()


def test_a_file_is_never_made_over_another(tmp_path: Path) -> None:
    create_private(tmp_path / "a", b"first")
    with pytest.raises(StoreRefused):
        create_private(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"


async def test_lines_are_kept_in_order(tmp_path: Path) -> None:
    lines = LineFile(tmp_path / "log")
    assert await lines.lines() == []
    for number in range(5):
        await lines.append(f"line {number} ä")
    assert await LineFile(tmp_path / "log").lines() == [f"line {number} ä" for number in range(5)]
    with pytest.raises(ValueError, match="one line"):
        await lines.append("two\nlines")


@pytest.mark.parametrize("half", [b"half a line", b"x" * 100_000, b"\xff\xfe", b""])
async def test_half_a_line_is_none_and_is_written_over(tmp_path: Path, half: bytes) -> None:
    lines = LineFile(tmp_path / "log")
    await lines.append("whole")
    with lines.path.open("ab") as file:
        file.write(half)
    assert await lines.lines() == ["whole"]
    await lines.append("next")
    assert await lines.lines() == ["whole", "next"]


async def test_a_line_file_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    with pytest.raises(StoreDown, match="cannot be written"):
        await LineFile(tmp_path / "log").append("line")
