"""Whether words sound like one of some phrases, as people write them who are not well: with a
letter too many, one missing or two exchanged, or another word in between.

It is a net for the whole house to look through afterwards, so it rather catches too much.
"""

from collections.abc import Sequence
from itertools import groupby

from rapidfuzz.distance import OSA

SHORT, LONG = 4, 5
"""From so many letters on two may be exchanged or one doubled; from so many on any may be wrong."""


def sounds(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether `wanted` (words; one that ends with `*` begins others) stands in `said`."""
    first = wanted[0][:1] if wanted else ""
    # What is alike begins alike: to look at all of it would take longer than all else with it.
    starts: Sequence[int] = range(len(said))
    if first not in ("", "*"):
        starts = [at for at in starts if said[at][:1] == first]
    return any(_from(said, start, wanted) for start in starts)


def _from(said: Sequence[str], start: int, wanted: Sequence[str]) -> bool:
    """... from there on, with one other word in between at most where there are three or more."""
    spare, at = int(len(wanted) > 2), start
    for place, want in enumerate(wanted):
        if at < len(said) and _like(said[at], want):
            at += 1
        elif place and spare and at + 1 < len(said) and _like(said[at + 1], want):
            spare, at = 0, at + 2
        else:
            return False
    return True


def _like(word: str, want: str) -> bool:
    if not want.endswith("*"):
        return _alike(word, want)
    root = want[:-1]
    cuts = (word[: len(root) + more] for more in (0, 1, -1))
    return word.startswith(root) or any(_alike(cut, root) for cut in cuts)


def _alike(word: str, want: str) -> bool:
    if word == want:
        return True
    if len(want) < SHORT or word[:1] != want[:1]:
        return False
    if len(want) < LONG and sorted(word) != sorted(want):
        return _once(word) == _once(want)
    return OSA.distance(word, want, score_cutoff=1) <= 1


def _once(word: str) -> str:
    """Without a letter that stands twice."""
    return "".join(one for one, _ in groupby(word))
