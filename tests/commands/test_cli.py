"""What the command line answers, to the right question and to the wrong one."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.data import calls
from bot.core.commands import Envelope, Identity, Place
from bot.core.report_words import WriteMessage
from bot.engine.control import Control
from bot.wiring import BUILT_IN, House

RUNNER = CliRunner()


def muster(*words: str) -> tuple[int, str]:
    """Exit code and everything that was said."""
    result = RUNNER.invoke(app, list(words))
    return result.exit_code, result.output


def with_house(data: Path, work: Callable[[House], Awaitable[Any]]) -> Any:
    """Do `work` in an open house on `data`, then close it."""

    async def inside() -> Any:
        house = House(data)
        try:
            await house.open()
            await house.start()
            return await work(house)
        finally:
            await house.stop()

    return asyncio.run(inside())


async def say(house: House) -> str:
    """One customer says one thing; returns the report's reference."""
    answer = await house.engine.handle(
        Envelope(
            entry="web",
            source="1",
            command=WriteMessage(words="the rhubarb is on fire"),
            identity=Identity(channel="web", opaque="visitor"),
            place=Place(channel="web", address="visitor"),
        )
    )
    reference: str = answer.data["reference"]
    return reference


def test_verify_says_that_everything_agrees(tmp_path: Path) -> None:
    with_house(tmp_path / "data", say)
    code, said = muster("verify", "--data", str(tmp_path / "data"))
    assert code == 0
    assert "Everything agrees." in said


def test_verify_speaks_json_for_machines(tmp_path: Path) -> None:
    with_house(tmp_path / "data", say)
    code, said = muster("verify", "--json", "--data", str(tmp_path / "data"))
    assert code == 0
    assert json.loads(said)["sound"] is True


def test_a_missing_data_folder_is_named(tmp_path: Path) -> None:
    code, said = muster("verify", "--data", str(tmp_path / "nowhere"))
    assert code == 1
    assert "There is no data folder" in said


def test_a_person_is_erased_by_the_reference_of_their_report(tmp_path: Path) -> None:
    data = tmp_path / "data"
    reference = with_house(data, say)
    assert b"rhubarb" in b"".join(file.read_bytes() for file in data.iterdir() if file.is_file())
    code, said = muster("person", "erase", reference, "--yes", "--data", str(data))
    assert (code, "Erased" in said) == (0, True)
    assert b"rhubarb" not in b"".join(
        file.read_bytes() for file in data.iterdir() if file.is_file()
    )
    assert muster("verify", "--data", str(data))[0] == 0


@pytest.mark.parametrize("who", ["R-222-2222", "nonsense", "per_00000000000000000000000000", ""])
def test_nobody_is_erased_under_a_wrong_name(tmp_path: Path, who: str) -> None:
    with_house(tmp_path / "data", say)
    code, said = muster("person", "erase", who, "--yes", "--data", str(tmp_path / "data"))
    assert code == 1
    assert "Nobody is known under that name" in said


def test_an_invitation_is_a_link(tmp_path: Path) -> None:
    with_house(tmp_path / "data", say)
    code, said = muster("person", "invite", "--role", "agent", "--data", str(tmp_path / "data"))
    assert code == 0
    assert "/join/" in said


def test_an_unknown_role_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    with_house(tmp_path / "data", say)
    code, said = muster("person", "invite", "--role", "king", "--data", str(tmp_path / "data"))
    assert code == 1
    assert "Roles are: agent" in said


def test_a_backup_goes_to_a_new_folder_without_keys(tmp_path: Path) -> None:
    with_house(tmp_path / "data", say)
    target = tmp_path / "copy"
    code, said = muster("backup", str(target), "--data", str(tmp_path / "data"))
    assert code == 0
    assert [file.name for file in target.iterdir()] == ["muster.db"]
    assert "Keys are not in it" in said
    again, said = muster("backup", str(target), "--data", str(tmp_path / "data"))
    assert again == 1
    assert "exists already" in said


def test_doctor_is_well_on_a_fresh_computer(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("MUSTER_PORT", "0")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 0, said
    assert "WRONG" not in said


def test_doctor_names_a_playbook_that_cannot_be_used(tmp_path: Path, monkeypatch: Any) -> None:
    wrong = tmp_path / "mine.toml"
    wrong.write_text("[organisation]\nname = 7\n")
    monkeypatch.setenv("MUSTER_PLAYBOOK", str(wrong))
    monkeypatch.setenv("MUSTER_PORT", "0")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 1
    assert "WRONG playbook: mine.toml:" in said


def test_doctor_names_hosts_of_webhooks_that_nobody_would_find(
    tmp_path: Path, monkeypatch: Any
) -> None:
    known = {"hooks.example.org": "93.184.215.14", "inside.example.org": "10.0.0.7"}

    def resolved(host: str, port: int, *args: object, **more: object) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setenv("MUSTER_PORT", "0")
    monkeypatch.setenv("MUSTER_WEBHOOKS", "192.0.2.0/24 hooks.example.org")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 0, said
    assert "ok    webhooks on hooks.example.org: it is at 93.184.215.14" in said
    monkeypatch.setenv("MUSTER_WEBHOOKS", "hocks.example.org inside.example.org")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 1
    assert "WRONG webhooks on hocks.example.org: this name has no address" in said
    assert "WRONG webhooks on inside.example.org: this host has an address inside" in said


def test_doctor_names_places_that_show_nothing(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("MUSTER_PORT", "0")
    monkeypatch.setenv("MUSTER_PLACES", "triag=web:C1 it_desk=pigeon:C2")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 1
    assert "the playbook has no place 'triag'" in said
    assert "'it_desk' is on 'pigeon', and no such channel is set up" in said
    monkeypatch.setenv("MUSTER_PLACES", "triage=web:C1")
    code, said = muster("doctor", "--data", str(tmp_path / "data"))
    assert code == 0
    assert "it_desk, field_crew, safety_crew" in said


def test_doctor_says_when_others_can_read_the_master_key(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("MUSTER_PORT", "0")
    data = tmp_path / "data"
    with_house(data, say)
    (data / "master.key").chmod(0o644)
    code, said = muster("doctor", "--data", str(data))
    assert code == 1
    assert "chmod 600" in said


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("PORT", "many", "whole number"),
        ("LOG", "loud", "'json'"),
        ("PUBLIC_URL", "ftp://x", "https://"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path: Path, monkeypatch: Any, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(f"MUSTER_{name}", value)
    code, said = muster("verify", "--data", str(tmp_path))
    assert code == 1
    assert f"MUSTER_{name}: " in said
    assert word in said


def test_settings_come_from_a_file_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with_house(data, say)
    settings = tmp_path / "muster.toml"
    settings.write_text(f'data = "{data}"\n')
    assert muster("verify", "--settings", str(settings))[0] == 0
    settings.write_text('dada = "x"\n')
    code, said = muster("verify", "--settings", str(settings))
    assert code == 1
    assert "dada" in said


def test_the_built_in_playbook_passes_its_own_check() -> None:
    code, said = muster("playbook", "check", str(BUILT_IN))
    assert code == 0
    assert "good to use" in said


def test_a_playbook_is_explained() -> None:
    code, said = muster("playbook", "explain", str(BUILT_IN), "-a", "category=power")
    assert code == 0
    assert "Priority" in said


def test_what_a_link_carries_that_begins_a_report_is_said() -> None:
    code, said = muster("playbook", "links", str(BUILT_IN))
    assert code == 0
    assert "s_category-power  Power outage" in said.splitlines()
    assert muster("playbook", "links", "nowhere.toml")[0] != 0


def test_a_second_process_on_the_same_data_is_refused_by_name(tmp_path: Path) -> None:
    async def second(house: House) -> str:
        other = House(tmp_path / "data")
        try:
            await other.open()
        except Exception as refused:
            return str(refused)
        finally:
            await other.stop()
        return ""

    said = with_house(tmp_path / "data", second)
    assert "already" in said or "another" in said.lower(), said


def test_data_commands_ask_the_running_house(tmp_path: Path) -> None:
    data = tmp_path / "data"

    async def beside(house: House) -> tuple[int, str]:
        await say(house)
        control = Control(house.folder.control, calls(house))
        await control.start()
        try:
            return await asyncio.to_thread(muster, "verify", "--data", str(data))
        finally:
            await control.stop()

    code, said = with_house(data, beside)
    assert code == 0
    assert "Everything agrees." in said
