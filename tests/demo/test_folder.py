"""A demonstration has a folder of its own, and no other folder is ever touched by one."""

from pathlib import Path

import pytest

from bot.commands.demo import ready
from bot.core.errors import MusterError, StoreRefused
from bot.demo.folder import DEFAULT, MARK, is_demonstration, make_ready, refuse_demonstration
from bot.settings import Settings
from bot.store.folder import DataFolder


def test_a_new_folder_is_marked(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    make_ready(data)
    assert is_demonstration(data)
    with pytest.raises(MusterError, match="--demo"):
        refuse_demonstration(data)


def test_each_start_begins_anew_and_deletes_nothing_else(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    make_ready(data)
    ours = ("muster.db", "muster.db-wal", "keys.db", "master.key", "checkpoints.log")
    for name in (*ours, "holiday.jpg"):
        (data / name).write_text("x")
    make_ready(data)
    assert sorted(one.name for one in data.iterdir()) == sorted([MARK, "holiday.jpg", "lock"])


@pytest.mark.parametrize("name", ["muster.db", "keys.db", "holiday.jpg"])
def test_a_folder_that_holds_anything_else_is_refused_and_left_alone(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(MusterError, match="never touches"):
        make_ready(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_demonstration_that_runs_is_not_emptied(tmp_path: Path) -> None:
    data = tmp_path / "demo"
    make_ready(data)
    (data / "muster.db").write_text("in use")
    running = DataFolder(data)
    running.open()
    with pytest.raises(StoreRefused, match="already runs"):
        make_ready(data)
    running.close()
    assert (data / "muster.db").exists()


def test_a_real_folder_is_no_demonstration(tmp_path: Path) -> None:
    (tmp_path / "muster.db").write_text("real")
    refuse_demonstration(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        {"mail_from": "desk@example.org", "smtp": "smtp://mail.example.org"},
        {"webhooks": "hooks.example.org"},
        {"playbook": "own.toml"},
        {"slack_app_token": "xapp-12345678", "slack_bot_token": "xoxb-12345678"},
    ],
    ids=["mail", "webhooks", "playbook", "slack"],
)
def test_nothing_ever_leaves_a_demonstration(tmp_path: Path, given: dict[str, str]) -> None:
    settings = Settings.model_validate({"data": tmp_path / "demo", **given})
    with pytest.raises(MusterError, match="--demo does not go together with the setting"):
        ready(settings)
    assert not (tmp_path / "demo").exists()


def test_it_has_a_folder_of_its_own_unless_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = ready(Settings())
    assert settings.data == DEFAULT
    assert settings.host == "127.0.0.1"
    assert settings.log_level == "warning"
    named = Settings.model_validate({"data": tmp_path / "named", "log_level": "debug"})
    assert ready(named) == named
