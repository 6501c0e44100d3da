"""A playbook is read whole, or every error in it is named at once with file, line and key."""

import hashlib
import random
import re
from functools import cache
from pathlib import Path

import pytest

from bot.core.playbook import IncidentPlan, Playbook, ReportPlan, pin
from bot.core.playbook_check import REFERENCES
from bot.core.playbook_parse import Checked, PlaybookErrors, check, parse

FILE = Path(__file__).parents[2] / "bot" / "playbooks" / "default.toml"
TEXT = FILE.read_text(encoding="utf-8")


@cache
def errors(text: str | bytes) -> list[str]:
    """What is wrong with it, read once however many look at it."""
    result = parse(text, "p.toml")
    assert isinstance(result, PlaybookErrors), "nothing was found"
    return [str(fault) for fault in result.faults]


def broken(old: str, new: str, text: str = TEXT) -> str:
    assert text.count(old) == 1, f"{text.count(old)} times: {old}"
    return text.replace(old, new)


def line_of(text: str, part: str) -> int:
    assert text.count(part) == 1, f"{text.count(part)} times: {part}"
    return text[: text.index(part)].count("\n") + 1


def default() -> Playbook:
    result = parse(TEXT, "default.toml")
    assert isinstance(result, Playbook), str(result)
    return result


BLOCK = re.compile(r"^--- (.+?) \| (.+)\n((?s:.*?))\n=>\n((?s:.*?))\n(?=---|\Z)", re.MULTILINE)
ERRORS = BLOCK.findall(Path(__file__).with_name("playbook_errors.txt").read_text(encoding="utf-8"))
FUSE_WHEN = 'when = { question = "extent", is = ["part", "floor"] }'
LAST = 'rungs = [{ who = ["role:supervisor", "role:administrator"], wait = "10m" }]'
NAME = 'name.en = "Power outage"'


@pytest.mark.parametrize(("path", "sentence", "old", "new"), ERRORS)
def test_an_error_is_named_with_its_key_and_a_sentence(
    path: str, sentence: str, old: str, new: str
) -> None:
    found = errors(broken(old, new))
    named = [one for one in found if f": {path}: " in one and sentence in one]
    assert named, found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FUSE_WHEN, 'when = { question = "foo", is = "x" }', "categories.power.questions[3].when"),
        ('quiet = "10m"', "quiet = 10", "intake.quiet"),
        (LAST, f'{LAST}\nthen = "standard"', "ladders.last.then"),
    ],
)
def test_an_error_stands_on_the_line_that_has_to_be_changed(
    old: str, new: str, message: str
) -> None:
    text = broken(old, new)
    line = line_of(text, new) + new.count("\n")
    assert any(one.startswith(f"p.toml:{line}: {message}: ") for one in errors(text))


def test_every_name_that_refers_to_another_table_has_its_case() -> None:
    paths = [re.sub(r"\[\d+\]", ".*", path) for path, _, _, _ in ERRORS]
    plain = [re.sub(r"^(\w+)\.[^.]+", r"\1.*", path) for path in paths]
    assert [pattern for pattern, _ in REFERENCES if pattern not in (*plain, *paths)] == []


def test_one_slip_makes_one_error() -> None:
    """Most slips have one consequence; none may bury its cause under others."""
    assert len(ERRORS) > 60
    for path, _, old, new in ERRORS:
        found = errors(broken(old, new))
        assert len(found) <= 4, (path, found)


LANGUAGES = 'languages = ["en", "ru"]'


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (LANGUAGES, 'languages = "en"', "organisation.languages"),
        (LANGUAGES, 'languages = ["en", 5]', "organisation.languages[1]"),
        (LANGUAGES, 'languages = ["en", "RU"]', "organisation.languages[1]"),
        (LANGUAGES, "languages = []", "organisation.languages"),
        (LANGUAGES, "", "organisation.languages"),
        (f'{LANGUAGES}\ndefault_language = "en"', LANGUAGES, "organisation.default_language"),
        ('default_language = "en"', 'default_language = "de"', "organisation"),
    ],
)
def test_wrong_languages_are_one_error_and_hide_no_other(old: str, new: str, path: str) -> None:
    text = broken('quiet = "10m"', "quiet = 10", broken(old, new))
    found = errors(text)
    assert len(found) == 2, found
    assert f": {path}: " in found[0]
    assert ": intake.quiet: " in found[1]


def test_every_error_is_reported_at_once_and_in_the_order_of_the_file() -> None:
    text = TEXT
    together = dict(reversed([(path, (old, new)) for path, _, old, new in ERRORS]))
    paths = (
        "intake.quiet",
        "categories.power.questions[4].type",
        "categories.injury.tasks[1].place",
        "calendars.office.special.soon",
        "updates.P1",
    )
    for path in paths:
        old, new = together[path]
        text = broken(old, new, text)
    found = errors(text)
    assert len(found) == len(paths), found
    for path in paths:
        assert any(f": {path}: " in one for one in found), (path, found)
    lines = [int(one.split(":")[1]) for one in found]
    assert lines == sorted(lines)


def test_a_text_that_is_no_toml_is_refused_with_its_line() -> None:
    assert errors("a = 1\nb = = 2\n") == ["p.toml:2: Invalid value"]
    assert errors("a = 1\na = 2\n")[0].startswith("p.toml:2: ")
    assert errors('a = 1\nb = "') == ["p.toml:2: Unterminated string"]
    assert errors("[x]\n[x]\n")[0].startswith("p.toml:2: ")
    assert errors(b"a = 1\nb = '\xff'\n") == ["p.toml:2: this is not UTF-8 text"]
    assert errors("a = '\ud800'") == ["p.toml:1: this is not UTF-8 text"]
    assert errors("a = " + "[" * 100_000) == ["p.toml:1: nested too deeply"]
    assert errors("#" * 1_000_001) == ["p.toml:1: longer than 1,000,000 characters"]
    assert errors("a = " + "9" * 5000)[0].startswith("p.toml:1: ")


def test_an_empty_text_names_everything_that_is_missing() -> None:
    found = errors("")
    assert "p.toml:1: organisation: this key is missing" in found
    assert "p.toml:1: categories: this key is missing" in found


def test_tables_of_the_wrong_kind_are_named_and_not_stumbled_over() -> None:
    for name in ("organisation", "safety", "categories", "intake", "teams", "ladders", "targets"):
        for wrong in ("1", '"x"', "[]", "[1]", "[[1]]"):
            assert any(f": {name}" in one for one in errors(f"{name} = {wrong}"))


def test_the_version_is_the_hash_of_the_bytes_of_the_file() -> None:
    data = FILE.read_bytes()
    assert default().version == hashlib.sha256(data).hexdigest()
    assert "unknown key" in errors('version = "1"\n' + TEXT)[0]


def test_line_ends_of_other_systems_and_a_byte_order_mark_do_not_matter() -> None:
    windows = parse(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), "p.toml")
    assert isinstance(windows, Playbook)
    assert windows.model_copy(update={"version": ""}) == default().model_copy(
        update={"version": ""}
    )
    path, _, old, new = ERRORS[0]
    text = broken(old, new).replace("\n", "\r\n")
    assert any(f"p.toml:{line_of(text, new)}: {path}" in one for one in errors(text))


def test_texts_in_the_default_language_may_be_plain_strings() -> None:
    text = broken(f'{NAME}\nname.ru = "Нет электричества"', 'name = "Power cut"')
    checked = check(text, "p.toml")
    assert isinstance(checked.result, Playbook)
    assert checked.result.categories["power"].name.by == {"en": "Power cut"}
    line = line_of(text, 'name = "Power cut"')
    wanted = "no wording in ru; the default language stands in"
    assert f"p.toml:{line}: categories.power.name: {wanted}" in map(str, checked.warnings)


def test_what_works_but_is_not_as_it_should_be_is_a_warning() -> None:
    def warned(checked: Checked) -> list[str]:
        assert isinstance(checked.result, Playbook), str(checked.result)
        every = [one.message for one in checked.warnings]
        return [one for one in every if "not acted on yet" not in one]

    sample = "this is not yet your own privacy notice"
    assert warned(check(TEXT, "p.toml")) == [sample]
    assert warned(check(broken("sample = true", "sample = false"), "p.toml")) == []
    turned = broken('high = { high = "P1"', 'high = { high = "P4"')
    assert "lower priority" in warned(check(turned, "p.toml"))[-1]
    keywords = broken('ru = ["электрич*"', 'en = []\n#"')
    assert isinstance(parse(keywords, "p.toml"), PlaybookErrors), "en is there twice"


def test_the_numbers_of_the_organisation_are_put_in_wherever_they_are_written() -> None:
    text = broken('emergency_number = "999"', 'emergency_number = "112"')
    playbook = parse(text, "p.toml")
    assert isinstance(playbook, Playbook)
    assert "112" in playbook.safety.emergency.by["ru"]
    advice = playbook.intake.questions[0].choices[1].advice
    assert advice is not None
    assert "Call 112 now" in advice.by["en"]
    assert not re.search(r"\b999\b(?<!111 999)", playbook.model_dump_json())


def test_a_playbook_and_what_is_pinned_of_it_survive_being_stored() -> None:
    playbook = default()
    assert Playbook.model_validate_json(playbook.model_dump_json()) == playbook
    for plan in (ReportPlan, IncidentPlan):
        kept = pin(playbook, plan)
        assert type(kept) is plan
        assert plan.model_validate_json(kept.model_dump_json()) == kept


def test_random_damage_never_raises_and_is_never_without_a_line() -> None:
    chance = random.Random(3)
    lines = TEXT.splitlines()
    refused = 0
    for _ in range(150):
        damaged = list(lines)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(damaged))
            other = chance.choice(lines)
            damaged[place] = chance.choice(("", other, damaged[place][:-1], "x = 1", "[a]"))
        result = parse("\n".join(damaged), "p.toml")
        if isinstance(result, PlaybookErrors):
            refused += 1
            assert all(1 <= one.line <= len(damaged) + 1 for one in result.faults)
    assert refused > 50
