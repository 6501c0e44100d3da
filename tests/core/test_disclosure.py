"""What in a text for many would give one away, and what may be said."""

import pytest

from bot.core.disclosure import Kind, Known, People, disclosed, refused
from bot.core.folded import folded
from tests.workflows.kit import AT, PLAYBOOK

KNOWN: tuple[tuple[Kind, str], ...] = (
    ("name", "May Okonkwo-Smith"),
    ("name", "Will Brown"),
    ("name", "Éva Żółć"),
    ("name", "Ли Вера"),
    ("number", "+44 171 234 5678"),
    ("email", "Ana@Example.org"),
    ("place", "Flat 3, 12 Mill Lane, platform 4"),
    ("words", "AB12345"),
    ("words", "the blue bag"),
    ("name", "Анна Карпова"),
    ("name", "Сергей Белый"),
    ("name", "Dmitry Sorokin"),
    ("name", "Света Лампова"),
    ("place", "Тверская, 27"),
)
PEOPLE = People(tuple(Known.of(kind, value) for kind, value in KNOWN), staff=("Maria Silva",))


def found(text: str, people: People = PEOPLE) -> list[str]:
    return [text[one.start : one.end] for one in disclosed(text, people, PLAYBOOK, AT)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thanks to May Okonkwo.", "May Okonkwo"),
        ("It was OKONKWO again", "OKONKWO"),
        ("o\u200bkonkwo", "o\u200bkonkwo"),
        ("Ｏkonkwo", "Ｏkonkwo"),
        ("eva zolc waits", "eva zolc"),
        ("Вера Ли ждёт", "Вера Ли"),
        ("Brown, Will has left", "Brown, Will"),
        ("Call 0171-234 56 78", "0171-234 56 78"),
        ("Call (0044) 171/2345678!", "(0044) 171/2345678"),
        ("٠١٧١٢٣٤٥٦٧٨", "٠١٧١٢٣٤٥٦٧٨"),
        ("write to ana@example.org", "ana@example.org"),
        ("At 12 Mill Lane it is dark", "12 Mill Lane"),
        ("Mill Lane, number 12", "Mill Lane, number 12"),
        ("asset ab-12345 no, AB12345", "AB12345"),
        ("We found the Blue Bag.", "the Blue Bag"),
        ("Okonkwo's flat is dark", "Okonkwo's"),
        ("We have rung May Okonkwo’s mother", "May Okonkwo’s"),
        ("Мы звонили Анне Карповой.", "Анне Карповой"),
        ("Карповой помогли", "Карповой"),
        ("Сергею Белому перезвонят", "Сергею Белому"),
        ("Anna Karpova has light", "Anna Karpova"),
        ("Сорокину перезвонили", "Сорокину"),
        ("у Дмитрия Сорокина", "Дмитрия Сорокина"),
        ("Оkоnkwо (letters of another alphabet)", "Оkоnkwо"),
        ("на Тверской, 27 темно", "Тверской, 27"),
        ("0171·234·56·78", "0171·234·56·78"),
        ("0171_2345678", "0171_2345678"),
        ("0171\n234\n5678", "0171\n234\n5678"),
        ("ana@\nexample.org", "ana@\nexample.org"),
    ],
)
def test_what_is_known_of_somebody_is_found_however_it_is_written(text: str, words: str) -> None:
    assert found(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "We may have it fixed by noon; Will it last? Most will see brown water.",
        "Power is back in Mill Lane.",
        "Platform 4 is closed, 12 trains are late.",
        "Maria is on site.",
        "The bag is blue.",
        "Вера в лучшее",
        "It is not only Lee.",
        "Свет включили, света нет только в подъезде 3.",
        "Всем светло: электрики на месте, новости через 15 мин.",
        "Электричество в доме вернётся к 14:30, лифт стоит до вечера.",
        "Two Sorokins and the okonkwos are words of their own.",
        "На Тверской нет света.",
    ],
)
def test_everyday_words_public_places_and_the_staff_may_be_said(text: str) -> None:
    assert found(text) == []


def test_a_name_that_the_staff_share_counts_beside_its_other_part_only() -> None:
    people = People((Known.of("name", "Maria Petrova"),), staff=("Maria Silva",))
    assert found("Maria is on it", people) == []
    assert found("Maria Petrova called", people) == ["Maria Petrova"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Card 4111 1111 1111 1111", "4111 1111 1111 1111"),
        ("to GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
        ("NI AB 12 34 56 C", "AB 12 34 56 C"),
        ("SSN 078-05-1120", "078-05-1120"),
        ("СНИЛС 112-233-445 95", "112-233-445 95"),
        ("ИНН 500100732259", "500100732259"),
        ("dob 3.4.80", "dob 3.4.80"),
        ("3 April 1980", "3 April 1980"),
        ("12 мая 1980", "12 мая 1980"),
        ("on 1980-04-03", "1980-04-03"),
        ("10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA"),
        ("Musterstrasse 12, 10115 Berlin", "Musterstrasse 12, 10115"),
        ("+7 (495) 123-45-67", "+7 (495) 123-45-67"),
        ("ring 020 7946 0958", "020 7946 0958"),
        ("ring 020 7946 0958 14:30", "020 7946 0958"),
        ("020 7946 0958 22/11/2026", "020 7946 0958 22/11/2026"),
        ("51.50735, -0.12776", "51.50735, -0.12776"),
        ("bob (at) x or bob@x.example", "bob@x.example"),
    ],
)
def test_what_looks_personal_is_found_whoever_it_is_about(text: str, words: str) -> None:
    assert found(text, People()) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Back on 22/11/2026 at 14:30, at the latest 2026-11-23 08:00-17:30.",
        "1 000 000 customers, 250,000 meters, 12.5 % of 3 400",
        "Call 999 or 116 123.",
        "Order 4111 1111 1111 1112 is no card.",
        "Version 10.15.7, incident N-7K4-M2QX, in 10115 Berlin.",
        "Since 3 April 2025.",
    ],
)
def test_times_sums_and_the_organisations_own_numbers_may_be_said(text: str) -> None:
    assert found(text, People()) == []


def test_the_author_reads_their_own_words_and_why_and_no_more() -> None:
    text = "okonkwo, call 020 7946 0958"
    said = refused(text, disclosed(text, PEOPLE, PLAYBOOK, AT))
    told = str(said.text)
    assert said.code == "personal"
    assert "okonkwo" in told
    assert "020 7946 0958" in told
    assert "May" not in told


def test_a_value_in_clear_shows_in_no_traceback() -> None:
    assert "Okonkwo" not in repr(PEOPLE)
    assert "kon" not in repr(folded("Okonkwo"))


def test_thousands_of_people_are_compared_in_a_moment() -> None:
    """Bounded by what they share with the text, not by how many there are."""
    many = [Known.of("name", f"Name{i} Sur{i}") for i in range(5000)]
    many += [Known.of("number", f"0171 {i:07}") for i in range(5000)]
    text = "word " * 398 + "0171 0004321"
    assert found(text, People(tuple(many))) == ["0171 0004321"]
