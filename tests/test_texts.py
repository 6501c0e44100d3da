"""Every message of the source has its words in every language, and they come out right."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.core.personal import Personal
from bot.core.texts import Phrase, Ref, Span, Style, When, Who, Words, placeholders, t, tn
from bot.texts import DOMAIN, FOLDER, PSEUDO, SOURCE, Catalogues
from tests.catalogues import ROOT, TEMPLATE, calls, catalogue_of, collected, written

CATALOGUES = Catalogues.load()
LANGUAGES = [one for one in CATALOGUES.languages if one != SOURCE]
ADVICE = "run `./dev sh python -m tests.catalogues`"
# Sunday 22 November 2026, 14:05:00 in London and 17:05 in Moscow.
NOW = 1_795_356_300_000
HOUR, DAY = 3_600_000, 86_400_000


@cache
def translations(language: str) -> dict[str, tuple[list[str], list[str]]]:
    """Key to its own forms and to those of the translation."""
    messages = [one for one in catalogue_of(language) if one.id]
    pairs = [(forms(one.id), forms(one.string)) for one in messages]
    return {ids[0]: (ids, said) for ids, said in pairs}


def forms(text: object) -> list[str]:
    """A message or its plural forms."""
    several = list(text) if isinstance(text, (list, tuple)) else [text]
    return [str(one or "") for one in several]


@cache
def found() -> Catalog:
    """The messages of the source, looked for once."""
    return collected()


def marked() -> list[str]:
    return [forms(message.id)[0] for message in found() if message.id]


def test_messages_are_found_in_the_source() -> None:
    keys = marked()
    assert "This one needs an answer before we can go on." in keys
    assert "impact high" in keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_source_is_translated(language: str) -> None:
    said = translations(language)
    missing = [key for key in marked() if key not in said or not all(said[key][1])]
    listed = "\n  ".join(missing)
    file = (FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po").relative_to(ROOT.parent)
    assert not missing, f"{ADVICE}, then translate in {file}:\n  {listed}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_of_a_message_that_is_gone(language: str) -> None:
    gone = sorted(set(translations(language)) - set(marked()))
    assert not gone, f"{ADVICE} to drop: {gone}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_placeholders_of_its_message(language: str) -> None:
    for key, (ids, said) in translations(language).items():
        wanted = {name for one in ids for name in placeholders(one)}
        for form in filter(None, said):
            assert placeholders(form) == wanted, f"{language}: {key!r} -> {form!r}"
            assert form.count("{") == len(re.findall(r"\{[a-z_0-9]+\}", form)), form


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_stays_a_sentence(language: str) -> None:
    for key, (ids, said) in translations(language).items():
        for form in filter(None, said):
            assert form.endswith((".", "?", "!", "…")) == ids[0].endswith((".", "?", "!", "…")), key
            assert form == form.strip()


def test_the_template_is_that_of_the_source() -> None:
    assert TEMPLATE.read_bytes() == written(found()), ADVICE


def sources() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")


def test_every_marked_message_is_a_literal_with_exactly_the_arguments_it_asks_for() -> None:
    """A constant of a module may be a template without any values, which are put in later."""
    checked = 0
    for path, text in sources():
        for line, name, call, constant in calls(text):
            if path.name == "texts.py" and not isinstance(call.args[0], ast.Constant):
                continue
            keys = [ast.literal_eval(one) for one in call.args[: 2 if name == "tn" else 1]]
            given = {one.arg for one in call.keywords}
            checked += 1
            if name == "N_" or None in given or (constant and not given):
                continue
            wanted = {key for one in keys for key in placeholders(one)}
            assert wanted - {"n"} == given - {"n"}, f"{path.relative_to(ROOT.parent)}:{line}"
    assert checked > 50


def test_russian_counts_in_three_forms(tmp_path: Path) -> None:
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = (FOLDER / "ru" / "LC_MESSAGES" / f"{DOMAIN}.po").read_text(encoding="utf-8")
    message = (
        'msgid "{n} report"\nmsgid_plural "{n} reports"\n'
        'msgstr[0] "{n} отчёт"\nmsgstr[1] "{n} отчёта"\nmsgstr[2] "{n} отчётов"\n'
    )
    (folder / f"{DOMAIN}.po").write_text(header.split("\n\n")[0] + "\n\n" + message, "utf-8")
    catalogues = Catalogues.load(tmp_path)
    said = [
        catalogues.text(tn("{n} report", "{n} reports", n=n), "ru") for n in (1, 3, 5, 21, 1200)
    ]
    assert said == ["1 отчёт", "3 отчёта", "5 отчётов", "21 отчёт", "1\xa0200 отчётов"]
    english = [catalogues.text(tn("{n} report", "{n} reports", n=n), "en") for n in (1, 2)]
    assert english == ["1 report", "2 reports"]


def test_a_damaged_catalogue_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for damage in (b"garbage", b'msgid "a"\nmsgstr "b"\nmsg', b'msgid "\xff"'):
        (folder / f"{DOMAIN}.po").write_bytes(damage)
        with pytest.raises(ValueError, match=r"muster\.po"):
            Catalogues.load(tmp_path)


@pytest.mark.parametrize(
    ("at", "style", "language", "expected"),
    [
        (NOW, Style.NEAR, "en", "14:05"),
        (NOW + HOUR, Style.NEAR, "ru", "15:05"),
        (NOW + 20 * HOUR, Style.NEAR, "en", "Mon 10:05"),
        (NOW - 20 * HOUR, Style.NEAR, "ru", "сб 18:05"),
        (NOW + 7 * DAY, Style.NEAR, "en", "Sun 29 Nov 14:05"),
        (NOW + 60 * DAY, Style.NEAR, "en", "Thu, 21 Jan 2027 14:05"),
        (NOW, Style.TIME, "en-US", "2:05\u202fPM"),
        (NOW, Style.DATE, "en", "Sun, 22 Nov 2026"),
        (NOW, Style.FULL, "en", "Sun, 22 Nov 2026 14:05"),
    ],
)
def test_a_moment_is_written_in_local_time_with_as_much_date_as_it_needs(
    at: int, style: Style, language: str, expected: str
) -> None:
    say = CATALOGUES.speaker(language, zone="Europe/London", now=NOW)
    assert say.time(When(at=at, style=style)) == expected


@pytest.mark.parametrize(
    ("at", "english", "russian"),
    [
        (NOW, "expected at 14:05", "ожидается: 14:05"),
        (NOW + 17 * HOUR, "expected at 07:05 on Mon", "ожидается: пн 07:05"),
        (NOW + 7 * DAY, "expected at 14:05 on Sun 29 Nov", " 29 нояб. 14:05"),
    ],
)
def test_a_time_on_another_day_reads_well_inside_a_sentence(
    at: int, english: str, russian: str
) -> None:
    text = t("A field engineer is coming, expected at {time}", time=When(at=at))
    assert CATALOGUES.speaker("en", "Europe/London", NOW)(text).endswith(english)
    assert CATALOGUES.speaker("ru", "Europe/London", NOW)(text).endswith(russian)


def test_midnight_belongs_to_the_day_of_the_readers_time_zone() -> None:
    late = When(at=NOW + 9 * HOUR)
    assert CATALOGUES.speaker("en", "Europe/London", NOW).time(late) == "23:05"
    assert CATALOGUES.speaker("en", "Europe/Moscow", NOW).time(late) == "Mon 02:05"
    assert CATALOGUES.speaker("en").time(late) == "Sun, 22 Nov 2026 23:05"


@pytest.mark.parametrize(
    ("ms", "english", "russian"),
    [
        (15 * 60_000, "15 minutes", "15 минут"),
        (5_400_000, "1 hour 30 minutes", "1 час 30 минут"),
        (2 * DAY + HOUR + 60_000, "2 days 1 hour", "2 дня 1 час"),
        (999, "0 seconds", "0 секунд"),
    ],
)
def test_a_length_of_time_is_written_in_its_two_largest_units(
    ms: int, english: str, russian: str
) -> None:
    assert CATALOGUES.speaker("en").span(ms) == english
    assert CATALOGUES.speaker("ru").span(ms) == russian


def test_names_are_put_in_for_those_who_may_see_them_and_left_out_for_others() -> None:
    took = t("{who} took it at {time}. To change hands, hand it over.", who=Who(person="p"), time=1)
    named = CATALOGUES.speaker("en", name={"p": "Ana"}.get)
    assert named(took).startswith("Ana took it")
    assert CATALOGUES.text(took, "en").startswith("someone took it")


def test_every_kind_of_argument_is_written() -> None:
    def said(phrase: Phrase | str) -> str:
        return CATALOGUES.text(phrase, "ru")

    assert said(t("{answer}", answer=Words(by={"en": "Power", "ru": "Свет"}))) == "Свет"
    assert said(t("{answer}", answer=Ref(ref="R-7K4-M2QX"))) == "R-7K4-M2QX"
    assert said(t("{answer}", answer=Span(ms=HOUR))) == "1 час"
    assert said(t("{answer}", answer=t("yes"))) == "да"
    assert said(t("{answer}", answer=12_000)) == "12\xa0000"
    assert said(t("{answer}", answer="{who} <b>")) == "{who} <b>"
    assert CATALOGUES.text("{answer}", "en", answer="x") == "x"
    assert said("") == said(t("")) == ""


def test_personal_words_are_written_only_when_they_were_opened() -> None:
    def said(value: Personal) -> str:
        return CATALOGUES.text(t("{answer}", answer=value), "en")

    assert said(Personal("s", "Help!")) == "Help!"
    assert said(Personal("s")) == "[deleted]"
    with pytest.raises(LookupError):
        said(Personal("s", sealed="token"))


def test_the_best_language_is_the_first_wanted_one_that_is_there() -> None:
    assert CATALOGUES.best(["de-DE", "ru-RU", "en"]) == "ru"
    assert CATALOGUES.best(["RU"]) == "ru"
    assert CATALOGUES.best(["xx", "", "zz"]) == "en"
    assert CATALOGUES.text(t("yes"), "de") == "yes"


def test_the_test_language_shows_what_is_not_marked_and_makes_room() -> None:
    catalogues = Catalogues.load(pseudo=True)
    said = catalogues.text(t("needs the skill {skill}", skill="Lift engineer"), PSEUDO)
    assert said.startswith("[ñ")
    assert "Lift engineer" in said
    assert len(said) > len("needs the skill Lift engineer") * 1.2
    assert PSEUDO not in CATALOGUES.languages
