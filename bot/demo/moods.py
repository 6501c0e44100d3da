"""How people type: the mood they are in, and their slips. The same chance, the same words."""

from collections.abc import Callable
from random import Random
from typing import Literal

Mood = Literal["calm", "hurried", "angry", "frightened"]

SLIPS = {"calm": 0.01, "hurried": 0.07, "angry": 0.05, "frightened": 0.09}
"""The share of longer words with a slip in them."""
LONG = 5


def typed(words: str, mood: Mood, chance: Random) -> str:
    """`words` as somebody in that mood types them."""
    slipped = " ".join(_slip(one, SLIPS[mood], chance) for one in words.split(" "))
    return _MANNERS[mood](slipped, chance)


def _slip(word: str, share: float, chance: Random) -> str:
    """A word with two signs swapped, one left out or one twice, sometimes; never in a number."""
    if len(word) < LONG or not word.isalpha() or chance.random() >= share:
        return word
    at = chance.randrange(1, len(word) - 2)
    how = chance.randrange(3)
    if how == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if how == 1 else word[:at] + word[at] + word[at:]


def _calm(words: str, chance: Random) -> str:
    return words


def _hurried(words: str, chance: Random) -> str:
    """No capital to begin with, no full stop at the end."""
    return (words[:1].lower() + words[1:]).rstrip(".")


def _angry(words: str, chance: Random) -> str:
    """Louder at the end."""
    return words[:-1] + chance.choice(("!", "!!", "!!!")) if words.endswith(".") else words


def _frightened(words: str, chance: Random) -> str:
    """In one breath."""
    begun = words[:1].lower() + words[1:]
    return begun[:-1] + chance.choice(("...", "")) if begun.endswith(".") else begun


_MANNERS: dict[Mood, Callable[[str, Random], str]] = {
    "calm": _calm,
    "hurried": _hurried,
    "angry": _angry,
    "frightened": _frightened,
}
