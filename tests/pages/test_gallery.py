"""The gallery: every card and every form, as the running playbook makes them."""

from pathlib import Path

import pytest

from bot.texts import SOURCE
from bot.views.examples import examples
from bot.views.forms import FORMS
from bot.views.gallery import forms
from bot.views.kinds import KINDS
from tests.pages.kit import CATALOGUES, web
from tests.views.test_cards import PLAYBOOK


def test_every_kind_of_card_and_every_form_is_shown() -> None:
    named = {
        "question": "asking",
        "questions": "asking",
        "known already": "known",
        "major incident": "major",
    }
    shown = {name.partition(",")[0] for name in examples(PLAYBOOK)}
    assert {named.get(one, one) for one in shown} >= set(KINDS)
    intake = {"intake", *(f"intake {name}" for name in PLAYBOOK.categories)}
    assert set(forms(PLAYBOOK)) == set(FORMS) | intake
    assert all(one.questions for one in forms(PLAYBOOK).values())


@pytest.mark.parametrize("language", [SOURCE, "ru", "xx"])
async def test_the_page_shows_all_of_them_and_nothing_can_be_pressed(
    tmp_path: Path, language: str
) -> None:
    async with web(tmp_path) as found:
        ana = await found.staff("Ana", "agent")
        page = await ana.get(f"/gallery?lang={language}")
        say = CATALOGUES.speaker(language)
        for name in (*examples(PLAYBOOK), *forms(PLAYBOOK)):
            assert f">{name}</code>" in page.text, name
        for form in forms(PLAYBOOK).values():
            assert page.text.count("<fieldset disabled") == len(forms(PLAYBOOK))
            assert say(form.title) in page.text
        buttons = page.text.partition('<div class="gallery">')[2].split("<button")[1:]
        assert buttons
        assert [one for one in buttons if " disabled" not in one.partition(">")[0]] == []
