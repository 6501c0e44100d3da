"""The chat channels that there are; nothing of their platforms is imported by naming them here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from bot.adapters.slack.words import SLACK
from bot.adapters.telegram.words import TELEGRAM
from bot.declared import ChatAdapter, ChatWords, Told
from bot.engine.ports import Clock
from bot.places import Where
from bot.settings import Settings
from bot.texts import Catalogues

CHATS: tuple[ChatWords, ...] = (SLACK, TELEGRAM)


@dataclass(frozen=True, slots=True)
class Chat:
    """One that is set up; what the channel itself says is in `language`."""

    words: ChatWords
    told: Told
    language: str = "en"

    def adapter(self, clock: Clock, catalogues: Catalogues) -> ChatAdapter:
        """The channel; only now is what it needs imported, which takes a second."""
        return self.words.open(self.told, clock, catalogues.speaker(self.language))


def told_in(settings: Settings) -> Told:
    """Those settings that are texts, and set."""
    named = {name: getattr(settings, name) for name in type(settings).model_fields}
    clear = {
        name: one.get_secret_value() if isinstance(one, SecretStr) else one
        for name, one in named.items()
    }
    return {name: one for name, one in clear.items() if isinstance(one, str) and one}


def chats_of(settings: Settings, language: str = "en") -> tuple[Chat, ...]:
    """As the settings say."""
    told = told_in(settings)
    return tuple(Chat(one, told, language) for one in CHATS if one.is_set(told))


def odd_addresses(where: Where) -> Iterator[str]:
    """A sentence for each address that cannot be one on its channel."""
    known: Mapping[str, ChatWords] = {one.name: one for one in CHATS}
    for key, place in [(key, one) for key, of in where.places.items() for one in of]:
        words = known.get(place.channel)
        if words and not words.place.form.fullmatch(place.address):
            said = f"{key}={place.channel}:{place.address} is no place in {words.title}"
            yield f"{said}; write it like {key}={place.channel}:{words.place.like}"
    for role, place in [(role, one) for role, of in where.groups.items() for one in of]:
        words = known.get(place.channel)
        if words and not words.group.form.fullmatch(place.address):
            said = f"{role}={place.channel}:{place.address} is no group in {words.title}"
            yield f"{said}; write it like {role}={place.channel}:{words.group.like}"
