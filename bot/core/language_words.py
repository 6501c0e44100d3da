"""The words of choosing a language: in which one somebody is spoken to from now on."""

from bot.core.person_words import PersonCommand, PersonEvent


class ChooseLanguage(PersonCommand):
    """Be spoken to in `language`, a tag of the organisation's."""

    tag = "choose_language"
    language: str


class LanguageChosen(PersonEvent):
    """They are spoken to in `language`, whatever their platform is set to."""

    tag = "language_chosen"
    language: str
