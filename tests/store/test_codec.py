"""What goes in comes out, nothing personal is written in clear, and nothing can be exchanged."""

import asyncio
import json
import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import incident_events as ie
from bot.core import report_words as w
from bot.core.commands import Command
from bot.core.errors import Damaged, Fault, KeyGone, UnknownEvent
from bot.core.events import Event
from bot.core.ids import SubjectId
from bot.core.incident_commands import AddFacts
from bot.core.incident_words import Fact
from bot.core.personal import Personal
from bot.core.report import Answered, Report
from bot.store.base import EventRow
from bot.store.codec import Codec, canonical
from tests.store.kit import codec, subjects

SECRET = "Zanzibar-4711"


@pytest.fixture
async def made() -> Codec:
    return await codec()


@pytest.fixture
def about(made: Codec) -> SubjectId:
    return subjects(made, 1)[0]


def said(about: SubjectId, words: object = SECRET) -> w.MessageReceived:
    value: Any = words
    return w.MessageReceived(number=1, words=Personal(about, value))


def row(made: Codec, event: Event, version: int = 1) -> EventRow:
    body, sealed = made.encode_event(event)
    return EventRow("rep_a", version, event.tag, event.revision, 1, None, None, "c", body, sealed)


def back(made: Codec, one: EventRow) -> Any:
    return made.decode_event(one.tag, one.revision, one.body, one.sealed)


# --- events ----------------------------------------------------------------------------------


def test_an_event_without_personal_values_is_plain_canonical_json(made: Codec) -> None:
    one = row(made, w.WaitEnded(began=5, by=None))
    assert (one.body, one.sealed) == ('{"began":5,"by":null}', None)
    assert back(made, one) == w.WaitEnded(began=5, by=None)
    assert made.check(one, {}) is None


def test_a_personal_value_leaves_a_commitment_in_the_body(made: Codec, about: SubjectId) -> None:
    one = row(made, said(about))
    body = json.loads(one.body)
    assert set(body["words"]) == {"seal", "subject"}
    assert len(body["words"]["seal"]) == 64
    assert one.body == canonical(body)
    assert SECRET not in one.body
    assert SECRET not in (one.sealed or "")
    assert made.subjects_of(one.body) == [about]
    assert back(made, one).words.open(made.open) == SECRET
    assert made.check(one, {}) is None


@settings(deadline=None)
@given(
    st.recursive(
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(allow_nan=False, allow_infinity=False),
            st.text(),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)
        ),
    )
)
def test_any_value_comes_back_as_it_was(value: Any) -> None:
    made, about = asyncio.run(_shared())
    assert made.open(about, made.seal(Personal(about, value)) or "") == value


async def _shared() -> tuple[Codec, SubjectId]:
    made = await codec(7)
    return made, made.keys.mint()


def test_a_value_is_sealed_once(made: Codec, about: SubjectId) -> None:
    value = Personal(about, SECRET)
    first = made.seal(value)
    event = w.NoteWritten(words=value, author="per_a")
    assert json.loads(row(made, event).sealed or "") == [first]
    assert row(made, event) == row(made, event)


def test_the_same_words_look_different_each_time(made: Codec, about: SubjectId) -> None:
    one, other = row(made, said(about)), row(made, said(about))
    assert one.body != other.body
    assert one.sealed != other.sealed


def test_a_sealed_value_can_be_written_again_elsewhere(made: Codec, about: SubjectId) -> None:
    read = back(made, row(made, said(about)))
    copied = row(made, w.NoteWritten(words=read.words, author="per_a"), 2)
    assert made.check(copied, {}) is None
    assert back(made, copied).words.open(made.open) == SECRET


def test_tokens_stand_in_the_order_of_the_text(made: Codec) -> None:
    """Whatever the order of the fields, since keys of the text are sorted."""
    one, two = subjects(made)
    seen = row(made, _task(one, "carry", two, "needle"))
    assert made.subjects_of(seen.body) == [one, two, one]
    assert made.check(seen, {}) is None
    facts = back(made, seen).facts
    assert [fact.value.open(made.open) for fact in facts] == ["carry", "needle", 3]


def _task(one: SubjectId, first: str, two: SubjectId, second: str) -> ie.FactsAdded:
    values = [Personal(one, first), Personal(two, second), Personal(one, 3)]
    facts = tuple(Fact(field=f"f{n}", value=value) for n, value in enumerate(values))
    return ie.FactsAdded(report="rep_a", category="c", facts=facts, complete=True)


def test_what_only_looks_like_a_seal_is_refused(made: Codec, about: SubjectId) -> None:
    class Loose(Event):
        tag = "loose"
        kinds = ("report",)
        anything: dict[str, Any]

    for seal in (None, "a" * 64):
        with pytest.raises(Fault):
            made.encode_event(Loose(anything={"seal": seal, "subject": about}))
    quoted = Loose(anything={"words": canonical({"seal": None, "subject": about})})
    assert made.encode_event(quoted)[1] is None


def test_an_erased_value_stays_erased_and_needs_no_key(made: Codec, about: SubjectId) -> None:
    one = row(made, w.NoteWritten(words=Personal("sub_gone"), author="per_a"))
    assert one.sealed == "[null]"
    assert back(made, one).words.erased
    assert made.check(one, {}) is None


async def test_nothing_is_written_about_a_subject_whose_key_is_gone(
    made: Codec, about: SubjectId
) -> None:
    event = row(made, said(about))
    await made.keys.destroy([about])
    with pytest.raises(KeyGone):
        made.encode_event(said(about))
    with pytest.raises(KeyGone):
        made.encode_row(said(about))
    with pytest.raises(KeyGone):
        made.encode_event(w.NoteWritten(words=back(made, event).words, author="per_a"))
    assert back(made, event).words.open(made.open) is None
    assert made.check(event, {}) == "a sealed value cannot be opened: its key is gone"


def test_an_event_that_cannot_be_read_says_so(made: Codec) -> None:
    with pytest.raises(UnknownEvent):
        made.decode_event("no_such_thing", 1, "{}", None)
    with pytest.raises(UnknownEvent):
        made.decode_event("wait_began", 99, '{"why":"asked"}', None)
    for body, sealed in [("{", None), ('{"why":5}', None), ('{"seal":null,"subject":"s"}', "[]")]:
        with pytest.raises(Damaged):
            made.decode_event("wait_began", 1, body, sealed)


# --- checking and erasing --------------------------------------------------------------------


def test_every_flip_in_the_sealed_column_is_noticed(made: Codec) -> None:
    one, two = subjects(made)
    good = row(made, _task(one, "carry", two, "needle"))
    sealed = good.sealed or ""
    for at in range(len(sealed)):
        for sign in {sealed[at].swapcase(), "A", "-", '"', " ", "\udc80"} - {sealed[at]}:
            flipped = replace(good, sealed=sealed[:at] + sign + sealed[at + 1 :])
            assert made.check(flipped, {}), f"{sign!r} at {at}"


def test_no_other_text_of_the_same_token_passes(made: Codec) -> None:
    """The last sign of a token has bits to spare, and base 64 forgives much else."""
    one, _ = subjects(made)
    for words in ("a", "ab", "abc"):
        good = row(made, said(one, words))
        (token,) = json.loads(good.sealed or "")
        others = [token[:-1] + sign for sign in string.ascii_letters + string.digits + "-_="]
        for other in [*others, f"{token}=", f"{token}==", f"{token[:8]}\n{token[8:]}"]:
            changed = replace(good, sealed=canonical([other]))
            assert (made.check(changed, {}) is None) == (other == token), other


def test_nothing_can_be_taken_added_or_exchanged(made: Codec) -> None:
    one, two = subjects(made)
    good = row(made, _task(one, "carry", two, "needle"))
    a, b, c = json.loads(good.sealed or "")
    other = json.loads(row(made, said(one)).sealed or "")[0]
    for tokens in [
        [a, b],
        [a, b, c, c],
        [b, a, c],
        [c, b, a],
        [other, b, c],
        [a, None, c],
        [a, 5, c],
    ]:
        assert made.check(replace(good, sealed=canonical(tokens)), {}), tokens
    assert made.check(replace(good, sealed=None), {})
    assert made.check(replace(good, sealed=json.dumps([a, b, c])), {})
    plain = row(made, w.SummaryConfirmed())
    assert made.check(replace(plain, sealed="[]"), {})
    assert made.check(replace(plain, sealed=canonical([a])), {})


def test_blanking_takes_one_subject_out_and_the_rest_stands(made: Codec) -> None:
    one, two = subjects(made)
    good = row(made, _task(one, "carry", two, "needle"), version=4)
    blank = replace(good, sealed=made.blank(good.sealed, good.body, one))
    a, b, c = json.loads(blank.sealed or "")
    assert (a, c) == (None, None)
    assert b is not None
    assert made.check(blank, {one: 4}) is None
    assert made.check(blank, {one: 3}) == "a sealed value is missing and was not erased"
    assert made.check(blank, {two: 9})
    assert made.check(good, {one: 4}) == "a sealed value is still there although it was erased"
    assert made.check(good, {one: 3}) is None
    assert [fact.value.open(made.open) for fact in back(made, blank).facts] == [
        None,
        "needle",
        None,
    ]
    assert made.blank(None, "{}", one) is None
    assert made.blank(blank.sealed, blank.body, one) == blank.sealed


# --- states, rows, commands ------------------------------------------------------------------


def state(about: SubjectId) -> Report:
    answers = tuple(
        Answered(field=f"f{n}", value=Personal(about, f"{SECRET} {n}"), version=n, at=1)
        for n in range(8)
    )
    started = row_of_seat(about)
    return Report(
        stream="rep_a",
        reference="R-AAA-AAAA",
        person="per_a",
        subject=about,
        seat=started,
        language="en",
        playbook="p",
        started_at=1,
        touched_at=2,
        answers=answers,
    )


def row_of_seat(about: SubjectId) -> Any:
    return {"channel": "web", "key": Personal(about, "k"), "address": Personal(about, SECRET)}


def test_a_state_comes_back_sealed(made: Codec, about: SubjectId) -> None:
    before = state(about)
    text = made.encode_state(before)
    assert SECRET not in text
    after = made.decode_state("report", text)
    assert after == before
    assert isinstance(after, Report)
    opened = [one.value.open(made.open) for one in after.answers if isinstance(one.value, Personal)]
    assert opened == [f"{SECRET} {n}" for n in range(8)]
    assert made.encode_state(after) == text


def test_a_state_that_cannot_be_read_says_so(made: Codec) -> None:
    for text in ("", "{}", "[]", '{"stream":5}'):
        with pytest.raises(Damaged):
            made.decode_state("report", text)


def test_a_row_body_comes_back(made: Codec, about: SubjectId) -> None:
    body = Fact(field="f", value=Personal(about, SECRET))
    text = made.encode_row(body)
    assert SECRET not in text
    assert made.decode_row(Fact, text) == body
    with pytest.raises(Damaged):
        made.decode_row(Fact, text[:-1])


COMMANDS: list[Command] = [
    w.WriteMessage(words='quote " and \\'),
    w.AnswerQuestion(field="f", value={"a": [1, None, "x"]}),
    w.GoBack(),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: one.tag)
def test_a_command_comes_back(made: Codec, command: Command) -> None:
    assert made.decode_command(made.encode_command(command)) == command


def test_a_command_with_a_personal_value_is_kept_sealed(made: Codec, about: SubjectId) -> None:
    facts = (Fact(field="f", value=Personal(about, SECRET)),)
    command = AddFacts(incident="inc_a", report="rep_a", category="c", facts=facts, complete=True)
    text = made.encode_command(command)
    assert SECRET not in text
    assert made.decode_command(text) == command


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tag":"no_such","command":{}}', "null"])
def test_a_command_that_cannot_be_read_says_so(made: Codec, text: str) -> None:
    with pytest.raises(Damaged):
        made.decode_command(text)


# --- the house, and keyed hashes -------------------------------------------------------------


def test_what_the_house_seals_it_opens(made: Codec) -> None:
    sealed = made.seal_house(SECRET.encode())
    assert SECRET.encode() not in sealed
    assert made.open_house(sealed) == SECRET.encode()
    for wrong in (b"", sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1])):
        with pytest.raises(Damaged):
            made.open_house(wrong)


async def test_a_note_is_sealed_for_its_subject_or_for_the_house(
    made: Codec, about: SubjectId
) -> None:
    for subject in (about, None):
        sealed = made.seal_note({"words": SECRET}, subject)
        assert SECRET not in sealed
        assert made.open_note(sealed, subject) == {"words": SECRET}
        with pytest.raises(Damaged):
            made.open_note(sealed[:-8], subject)
    note = made.seal_note(SECRET, about)
    await made.keys.destroy([about])
    assert made.open_note(note, about) is None


def test_another_subject_cannot_open_a_token(made: Codec) -> None:
    one, two = subjects(made)
    token = made.seal(Personal(one, SECRET)) or ""
    with pytest.raises(Damaged):
        made.open(two, token)
    with pytest.raises(Damaged):
        made.open(one, token[:-4] + "AAAA")


async def test_keyed_hashes_differ_by_purpose_parts_and_master(made: Codec) -> None:
    other = await codec(master=bytes(32))
    hashes = [
        made.identity_key("web", "a"),
        made.identity_key("we", "ba"),
        made.identity_key("", "weba"),
        made.seat_key("web", "a"),
        made.token_hash("a"),
        made.checkpoint_mac("web", "a"),
        other.identity_key("web", "a"),
    ]
    assert len({one[:32] for one in hashes}) == len(hashes)
    assert all(set(one) <= set(string.hexdigits) for one in hashes)
    assert made.identity_key("web", "a") == hashes[0]


def test_dedupe_keys_fit_a_column_and_tell_their_parts_apart(made: Codec) -> None:
    keys = [made.dedupe_key("web", "ana", str(number)) for number in range(1000)]
    assert len(set(keys)) == 1000
    assert all(0 <= key < 2**63 for key in keys)
    assert made.dedupe_key("we", "bana", "1") != made.dedupe_key("web", "ana", "1")
    assert made.dedupe_key("web", "\ud800", "1") != made.dedupe_key("web", "\ud801", "1")
