"""Settings: what is wrong is told all at once, each with the place that says so."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import (
    NAMES,
    OPTIONS,
    Settings,
    WrongSettings,
    load,
    option,
    read,
    strangers,
    variable,
)

RUNNER = CliRunner()
BAD = """
prot = 3
data = [1]
port = "x"
log = "loud"
log_level = 5
public_url = "ftp://desk"
[server]
tls = true
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "muster.toml"
    file.write_text(text, encoding="utf-8")
    return file


def complaints(given: dict[str, object], file: Path | None = None) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        load(given, file)
    return str(wrong.value).splitlines()


def test_every_error_of_the_file_is_told_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    file = written(tmp_path, BAD)
    known = ", ".join(NAMES)
    assert complaints({}, file) == [
        f"{file}:2: prot: unknown key; did you mean 'port'?",
        f"{file}:3: data: write a path in quotation marks",
        f"{file}:4: port: write a whole number, digits only",
        f"{file}:5: log: write 'readable' or 'json'",
        f"{file}:6: log_level: write 'debug', 'info', 'warning' or 'error'",
        f"{file}:7: public_url: this must begin with http:// or https://",
        f"{file}:8: server: unknown key (known: {known})",
    ]


def test_an_error_is_told_by_the_name_of_where_it_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, 'port = "x"\nlog = "loud"\npublic_url = "x"\n')
    monkeypatch.setenv("MUSTER_PORT", "99999")
    monkeypatch.setenv("MUSTER_LOG", "silent")
    assert complaints({"log": "quiet"}, file) == [
        f"{file}:3: public_url: this must begin with http:// or https://",
        "MUSTER_PORT: this must be at most 65535",
        "--log: write 'readable' or 'json'",
    ]


def test_the_command_line_goes_before_the_variable_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, 'port = 1\nhost = "file"\nlog = "json"\n')
    monkeypatch.setenv("MUSTER_PORT", "2")
    monkeypatch.setenv("MUSTER_HOST", "variable")
    found = load({"port": "3", "host": None}, file)
    assert (found.port, found.host, found.log, found.data) == (3, "variable", "json", Path("data"))


@pytest.mark.parametrize(
    ("text", "words"),
    [("a = 1\nb = = 2\n", ":2: Invalid value"), ("port = 1\nport = 2\n", ":2: ")],
)
def test_a_file_that_is_no_toml_is_told_with_its_line(
    tmp_path: Path, text: str, words: str
) -> None:
    file = written(tmp_path, text)
    assert complaints({}, file)[0].startswith(f"{file}{words}")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert complaints({}, tmp_path / "x.toml")[0].startswith("There is no settings file")
    assert complaints({}, tmp_path) == [
        f"The settings file '{tmp_path}' cannot be read (Is a directory)."
    ]


def test_what_is_wrong_is_left_out_and_the_rest_is_kept(tmp_path: Path) -> None:
    settings, wrong = read({}, written(tmp_path, 'port = "x"\nhost = "::1"\n'))
    assert (settings.host, settings.port, len(wrong)) == ("::1", 8080, 1)


def test_a_variable_that_nothing_reads_is_told() -> None:
    environment = {
        "MUSTER_PROT": "1",
        "MUSTER_PORT": "1",
        "muster_host": "x",
        "MUSTER_SETTINGS": "",
    }
    ignored = "no setting has this name, so it is ignored"
    assert strangers(environment) == [f"MUSTER_PROT: {ignored}; did you mean 'MUSTER_PORT'?"]
    assert strangers({"MUSTER_XYZZY": "1", "HOME": "/"}) == [f"MUSTER_XYZZY: {ignored}"]


def test_commands_warn_of_a_variable_that_nothing_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_PROT", "1")
    for word in ("verify", "doctor"):
        said = RUNNER.invoke(app, [word, "--data", str(tmp_path / "none")])
        assert "warning: MUSTER_PROT: " in said.stderr


def test_help_shows_every_setting_with_its_variable_and_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    said = RUNNER.invoke(app, ["run", "--help"], terminal_width=300).output
    assert option("smtp") not in said
    for name in OPTIONS:
        field = Settings.model_fields[name]
        line = next(line for line in said.splitlines() if f" {option(name)} " in line)
        assert f"({variable(name)}" in line
        assert not field.default or f"default {field.default})" in line


def test_every_setting_can_be_given_to_run(tmp_path: Path) -> None:
    """Each wrong at once: every option is read, and told by its own name."""
    given = [part for name in OPTIONS for part in (option(name), str(tmp_path))]
    for name, value in {"port": "x", "log": "x", "log_level": "x", "public_url": "x"}.items():
        given[given.index(option(name)) + 1] = value
    said = RUNNER.invoke(app, ["run", *given])
    assert said.exit_code == 1
    for name in ("port", "log", "log_level", "public_url"):
        assert f"{option(name)}: " in said.stderr


def test_the_version_is_told_by_the_option_as_by_the_word() -> None:
    asked = RUNNER.invoke(app, ["--version"])
    assert (asked.exit_code, asked.output) == (0, RUNNER.invoke(app, ["version"]).output)
    assert asked.output.startswith("muster ")


def test_a_file_where_the_data_folder_should_be_is_called_a_file(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.touch()
    for word in ("run", "verify", "doctor"):
        for given in (file, file / "below"):
            said = RUNNER.invoke(app, [word, "--data", str(given)])
            assert said.exit_code == 1
            assert f"{file} is a file, not a folder" in said.output


def test_doctor_tells_wrong_settings_and_looks_on(tmp_path: Path) -> None:
    file = written(tmp_path, f'port = "x"\ndata = "{tmp_path / "data"}"\n')
    said = RUNNER.invoke(app, ["doctor", "--settings", str(file)])
    assert said.exit_code == 1
    assert f"WRONG settings: {file}:1: port: write a whole number" in said.output
    assert f"ok    data folder: {tmp_path / 'data'} will be made" in said.output
    assert "ok    playbook: default.toml of 'the service desk'" in said.output


@pytest.mark.parametrize(
    ("said", "sites"),
    [
        ("", ()),
        ("https://a.example", ("https://a.example",)),
        ("https://A.example/, http://b.example:81", ("https://a.example", "http://b.example:81")),
        (["http://[::1]:8080"], ("http://[::1]:8080",)),
    ],
)
def test_sites_that_may_show_the_chat_are_listed_as_one_line_or_several_texts(
    said: object, sites: tuple[str, ...]
) -> None:
    assert load({"embed": said}).embed == sites


@pytest.mark.parametrize(
    "said", ["*", "https://*", "example.org", "https://a.example/path", "https://a.example;x"]
)
def test_what_is_no_site_is_refused_by_name(said: str) -> None:
    (told,) = complaints({"embed": said})
    assert told == f"--embed: {said!r} is no site; write it like https://www.example.org"


def test_the_sites_of_the_environment_need_no_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_EMBED", "https://a.example https://b.example")
    assert load({}).embed == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("said", "proxies"),
    [("", ()), ("127.0.0.1, 10.0.0.0/8", ("127.0.0.1", "10.0.0.0/8")), (["::1"], ("::1",))],
)
def test_proxies_are_listed_like_sites(said: object, proxies: tuple[str, ...]) -> None:
    assert load({"proxies": said}).proxies == proxies


@pytest.mark.parametrize("said", ["*", "proxy.example", "10.0.0.1/8", "127.0.0.1:80"])
def test_what_is_no_address_of_a_proxy_is_refused_by_name(said: str) -> None:
    (told,) = complaints({"proxies": said})
    assert told == f"--proxies: {said!r} is no address; write it like 127.0.0.1 or 10.0.0.0/8"
