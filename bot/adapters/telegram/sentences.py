"""What the channel itself says, each once; it is put into words when it is said."""

from collections.abc import Mapping

from bot.core.texts import t
from bot.engine.ports import Speak

Voices = Mapping[str, Speak]
"""Who speaks each language of the house, by its tag; "" the one of the house, for all others."""


def voice(voices: Voices, language: str) -> Speak:
    """Who speaks to somebody who reads `language` (a tag, "": not known)."""
    return voices.get(language.partition("-")[0].lower()) or voices[""]


WORKING = t("We are on it. The answer comes in a moment.")
FAILED = t("That did not work just now. Please try again in a minute.")
ALONE = t("I answered you in our private chat.")
COME = t("That is for you alone. Please open our private chat and ask me there.")
OPEN_CHAT = t("Open our chat")
MORE = t("More")
FORWARDED = t("Forwarded from {name}:")
UNREADABLE = t(
    "I cannot read that kind of message. Words, pictures, files, a place and a phone number I can."
)
NAMELESS = t(
    "I cannot tell who you are while you write anonymously, so nothing was done. Switch off "
    "“Remain anonymous” in your rights as an administrator of this group, then try again."
)
WHERE = t("You can also send me where you are, with the button below.")
SEND_WHERE = t("Send where I am")
PHONE = t("You can also send me your phone number, with the button below.")
SEND_PHONE = t("Send my phone number")
HERE = t("This chat is {address}; so it is called in the settings.")
