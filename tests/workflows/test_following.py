"""A link to confirm is that of the newest wish, and serves for its day and no longer."""

import pytest

from bot.core import following_words as f
from bot.core import person_words as w
from bot.core.commands import SYSTEM
from bot.core.following import EVERYTHING, Wish
from bot.core.personal import Personal
from tests.workflows.kit import AT, PERSON, Story, names, seat

OWN = f"sub:{PERSON}"
MET = w.PersonMet(subject=OWN, channel="web", identity=Personal(OWN, "hash"), language="en")


@pytest.mark.parametrize(
    ("token", "until", "expected"),
    [
        ("t" * 64, AT + 60_000, ["Subscribed"]),
        ("x" * 64, AT + 60_000, "link"),
        ("t" * 64, AT, "link"),
    ],
)
def test_a_yes_counts_by_the_link_that_was_sent_and_in_time(
    token: str, until: int, expected: list[str] | str
) -> None:
    wished = f.FollowAsked(
        number=1,
        scope=EVERYTHING,
        wish=Wish(),
        seat=seat(PERSON),
        token="t" * 64,
        link=Personal(OWN, "https://status.example.org/x"),
        until=until,
    )
    yes = f.ConfirmFollow(person=PERSON, token=token)
    assert names(Story("person", MET, wished).ask(yes, SYSTEM)) == expected
