"""How likely two are the same: points for what they share, and the reasons in words."""

import pytest

from bot.core.calendar import HOUR
from bot.core.likely import Other, Traits, apart, compared, likeliest, traits
from bot.core.likely_words import Reason
from bot.core.playbook import Playbook
from bot.core.playbook_duplicates import Duplicates, Weights
from bot.core.playbook_parse import parse
from bot.core.priority import Priority
from tests.tidy import ROOT

PLAIN = Duplicates()
CATEGORY, PLACE = Reason(what="category"), Reason(what="place")


def _plan() -> Playbook:
    found = parse((ROOT / "bot" / "playbooks" / "default.toml").read_text(), "default.toml")
    assert isinstance(found, Playbook), found
    return found


PLAN = _plan()


def of(
    said: str = "",
    where: str = "",
    category: str = "power",
    spot: tuple[float, float] | None = None,
) -> Traits:
    lat, lon = spot or (None, None)
    given: dict[str, object] = {"what": said}
    if where or spot:
        given["where"] = {"text": where, "lat": lat, "lon": lon}
    return traits(PLAN, category, given)


def other(traits_: Traits, **more: object) -> Other:
    known = Other(incident="inc_1", reference="I-222-2222", opened_at=0, traits=traits_)
    return Other(**{**{name: getattr(known, name) for name in known.__slots__}, **more})


SAID = "The lights went out in the whole building since this morning"
ROWS = [
    # own words, own place, their words, their place -> likely, because
    (SAID, "Mill Lane 3", "No lights in the building", "Mill Lane 3", True, "place"),
    (SAID, "3 Mill Lane", "All lights are out here", "Mill Lane 3", True, "place"),
    (SAID, "Mill Lane 3, flat 12", "Lights out, whole building", "Mill Lane 5", True, "words"),
    (SAID, "MÍLL LANE 3", "the ligths went out in the bilding", "mill lane 3", True, "place"),
    (SAID, "Mill Lane 3", "Dead socket in the kitchen", "Harbour Road 77", False, ""),
    (SAID, "", "The lights went out in the building", "", True, "words"),
    ("Help, please, very urgent", "", "Please help, it is very urgent", "", True, "category"),
    (
        "Не работает освещение в подъезде",
        "Ленина 4",
        "Нет освещения",
        "ул. Ленина, 4",
        True,
        "place",
    ),
]


@pytest.mark.parametrize(("said", "where", "theirs", "there", "likely", "why"), ROWS)
def test_what_is_compared_says_whether_they_are_one(
    said: str, where: str, theirs: str, there: str, likely: bool, why: str
) -> None:
    """Issue 7.6: place, category and words count, misspelt or not, in any order or alphabet."""
    found = compared(of(said, where), other(of(theirs, there)), PLAIN)
    assert (found.score >= PLAIN.at_least) is likely, found
    assert not likely or why in [one.what for one in found.reasons]


def test_the_same_words_of_another_category_at_another_place_are_no_duplicate() -> None:
    found = compared(of(SAID, "Mill Lane 3"), other(of(SAID, "Harbour Road 77", "it")), PLAIN)
    assert found.score < PLAIN.at_least


def test_two_houses_of_a_street_are_an_address_much_alike_and_never_the_same_place() -> None:
    one = of("no light", "12 Mill Lane, Northtown")
    found = compared(one, other(of("no light", "14 Mill Lane, Northtown")), PLAIN)
    assert "address" in [reason.what for reason in found.reasons]
    assert PLACE not in found.reasons


def test_points_on_the_map_count_by_the_metres_between_them() -> None:
    here = (51.5007, -0.1246)
    close, near, far = (51.5009, -0.1246), (51.5025, -0.1246), (51.5207, -0.1246)
    said = [
        compared(of("no light", "", spot=here), other(of("no light", spot=spot)), PLAIN)
        for spot in (close, near, far)
    ]
    assert PLACE in said[0].reasons
    assert [one.what for one in said[1].reasons if one.n > 100] == ["near"]
    assert not [one for one in said[2].reasons if one.what in ("near", "place")]
    assert apart(here, here) == 0
    assert apart((0, 0), (0, 180)) == pytest.approx(20_015_000, rel=0.01)


def test_the_same_answer_to_a_question_of_the_playbook_is_the_same_place() -> None:
    by = Duplicates(same_place=("site",))
    one = traits(PLAN, "power", {"site": "north"}, by.same_place)
    two = traits(PLAN, "power", {"site": "south"}, by.same_place)
    assert PLACE in compared(one, other(one), by).reasons
    assert PLACE not in compared(one, other(two), by).reasons


def test_what_many_reported_comes_first_and_says_how_many_did() -> None:
    own = of("no light in the building")
    few, many = (
        other(of("no light"), incident="inc_1"),
        other(of("no light"), incident="inc_2", reports=40),
    )
    found = likeliest(own, [few, many], PLAIN)
    assert [one.incident for one in found] == ["inc_2", "inc_1"]
    assert Reason(what="many", n=40) in found[0].reasons


def test_a_category_alone_makes_no_two_the_same() -> None:
    erased = other(traits(PLAN, "power", {"what": None, "where": None}), reports=9)
    assert compared(of("no light", "Mill Lane 3"), erased, PLAIN).score >= PLAIN.at_least
    assert likeliest(of("no light", "Mill Lane 3"), [erased], PLAIN) == ()


def test_being_many_alone_is_no_likeness() -> None:
    nothing = other(of("", "", "it"), reports=400, priority=Priority.P1)
    assert likeliest(of("no light", "", "power"), [nothing], PLAIN) == ()


def test_weights_and_threshold_are_the_playbooks() -> None:
    one, two = of("no light", "Mill Lane 3"), other(of("broken lock", "Mill Lane 3", "it"))
    by_place = Duplicates(at_least=100, weights=Weights(category=0, place=100, words=0))
    assert likeliest(one, [two], by_place)
    assert not likeliest(one, [two], PLAIN)
    assert (
        len(
            likeliest(
                one,
                [other(of("no light", "Mill Lane 3"), incident=f"inc_{n}") for n in range(9)],
                PLAIN,
            )
        )
        == PLAIN.offer_most
    )
    assert PLAIN.within == 12 * HOUR


def test_customers_know_of_nothing_that_is_dangerous_or_secret_before_it_is_published() -> None:
    """Issue 7.6: what a customer may know is what was published, or what is no secret at all."""
    own, secret = of("no light"), Duplicates(only_published=("power",))
    plain = other(of("no light"))
    assert compared(own, plain, PLAIN).shown
    assert not compared(own, other(of("no light"), danger=True), PLAIN).shown
    assert not compared(own, plain, secret).shown
    assert compared(own, other(of("no light"), danger=True, published=True), secret).shown


def test_what_was_erased_is_like_nothing() -> None:
    erased = traits(PLAN, "", {"what": None, "where": None})
    assert likeliest(of("no light", "Mill Lane 3", ""), [other(erased)], PLAIN) == ()
