"""What comes of each kind of update, whatever is missing in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.reading import Me
from bot.adapters.telegram.receive import (
    READ,
    Known,
    Nameless,
    Something,
    Unread,
    album_of,
    chat_of,
    heard,
)
from bot.core.commands import Identity, Place
from bot.engine.heard import Arrived, Changed, Pressed, Typed, Wrote

Json = dict[str, Any]
ME = Me(900, "muster_bot", reads=True)
KNOWN = Known(ME, ("help", "list"), "Forwarded from {}:".format)
ANA: Json = {"id": 11, "first_name": "Ana", "language_code": "pt-br", "is_bot": False}
GROUP: Json = {"id": -1001, "type": "supergroup", "title": "Triage"}
ALONE: Json = {"id": 11, "type": "private"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group"}


def message(chat: Json = ALONE, by: Json = ANA, **more: Any) -> Json:
    return {"message_id": 7, "date": 1_700_000_000, "chat": chat, "from": by, **more}


def hear(body: Json, kind: str = "message", known: Known = KNOWN) -> tuple[Something, ...]:
    return heard({"update_id": 5, kind: body}, known)


def one(body: Json, kind: str = "message") -> Any:
    (found,) = hear(body, kind)
    return found


def test_words_say_who_where_when_and_in_which_language() -> None:
    found = one(message(text="Hello"))
    assert isinstance(found, Wrote)
    assert found.source == "update:900:5"
    assert found.who == Identity("telegram", "11")
    assert found.place == found.alone == Place("telegram", "11")
    assert (found.private, found.within, found.beneath) == (True, "", "")
    assert (found.at, found.language, found.message) == (1_700_000_000_000, "pt-br", "11/7")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/status N-7K4-M2QX", "status N-7K4-M2QX"),
        ("/HELP@Muster_Bot", "help"),
        ("/frobnicate", "frobnicate"),
    ],
)
def test_a_command_alone_with_us_is_a_line(text: str, line: str) -> None:
    found = one(message(text=text))
    assert isinstance(found, Typed)
    assert found.line == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("/list", "list"),
        ("/list@muster_bot now", "list now"),
        ("/start@muster_bot abc", "help"),
        ("@muster_bot: show N-7K4", "show N-7K4"),
        ("/unknown@muster_bot", "unknown"),
    ],
)
def test_in_a_group_it_is_ours_by_our_word_or_our_name(text: str, line: str) -> None:
    found = one(message(GROUP, text=text))
    assert isinstance(found, Typed)
    assert (found.line, found.private) == (line, False)
    assert found.alone == Place("telegram", "11")


@pytest.mark.parametrize("text", ["/list@other_bot", "/unknown", "/list@muster_bot2"])
def test_another_bots_command_is_nothing_to_us(text: str) -> None:
    assert hear(message(GROUP, text=text)) == ()


def test_a_link_brings_them_with_what_it_carries() -> None:
    found = one(message(text="/start g_abc-DEF_123"))
    assert isinstance(found, Arrived)
    assert found.payload == "g_abc-DEF_123"
    for bare in ("/start", "/start has a space", f"/start {'a' * 65}"):
        found = one(message(text=bare))
        assert isinstance(found, Arrived)
        assert found.payload == ""


def test_a_path_or_a_forwarded_command_is_words() -> None:
    assert isinstance(one(message(text="/attic/left is full")), Wrote)
    origin = {"type": "user", "sender_user": {"id": 4, "first_name": "Bo", "last_name": "Lind"}}
    found = one(message(text="/stop", forward_origin=origin))
    assert found.words == "Forwarded from Bo Lind:\n/stop"


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ({"type": "hidden_user", "sender_user_name": "Somebody\nelse"}, "Somebody else"),
        ({"type": "channel", "chat": {"id": -5, "title": "News"}}, "News"),
        ({"type": "chat", "sender_chat": {"id": -5, "title": "Team"}}, "Team"),
        ({"type": "new"}, "?"),
    ],
)
def test_what_was_forwarded_says_whose_it_was(origin: Json, name: str) -> None:
    found = one(message(text="Words", forward_origin=origin))
    assert found.words == f"Forwarded from {name}:\nWords"


def test_files_of_every_kind_come_with_their_words() -> None:
    sizes = [
        {"file_id": "s", "width": 90, "height": 90, "file_size": 10},
        {"file_id": "l", "width": 900, "height": 900, "file_size": 1000},
    ]
    photo = one(message(photo=sizes, caption="Here"))
    assert photo.words == "Here"
    assert [(x.file, x.name, x.size, x.media_type) for x in photo.files] == [
        ("l", "photo-7.jpg", 1000, "image/jpeg")
    ]
    named = {"file_id": "d", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 9}
    (file,) = one(message(document=named)).files
    assert (file.name, file.media_type) == ("a.pdf", "application/pdf")
    for kind in ("voice", "video", "audio", "video_note", "animation"):
        (file,) = one(message(**{kind: {"file_id": kind}, "document": {"file_id": "no"}})).files
        assert file.file == kind


def test_a_place_a_number_and_a_sign_are_what_they_are() -> None:
    spot = {"latitude": 40.5, "longitude": -3.25}
    assert one(message(location=spot)).location == (40.5, -3.25)
    venue = one(message(location=spot, venue={"location": spot, "title": "Hall", "address": "1"}))
    assert (venue.location, venue.words) == ((40.5, -3.25), "Hall, 1")
    own = one(message(contact={"phone_number": "+34", "first_name": "Ana", "user_id": 11}))
    assert (own.phone, own.words) == ("+34", "")
    other = one(message(contact={"phone_number": "+35", "first_name": "Bo", "user_id": 12}))
    assert (other.phone, other.words) == ("", "Bo, +35")
    assert one(message(sticker={"file_id": "s", "emoji": "\U0001f44d"})).words == "\U0001f44d"


def test_what_nobody_can_read_is_said_to_be_so_alone_with_us_only() -> None:
    for kind in ("dice", "poll", "story", "sticker"):
        assert isinstance(one(message(**{kind: {"file_id": "x"}})), Unread)
        assert hear(message(GROUP, **{kind: {"file_id": "x"}})) == ()
    assert hear(message(pinned_message={"message_id": 3})) == ()


def test_an_edit_is_other_words_and_a_place_that_moves_is_none() -> None:
    found = one(message(text="Better", edit_date=1_700_000_100), "edited_message")
    assert (found.edited, found.words, found.message) == (True, "Better", "11/7")
    assert found.at == 1_700_000_100_000
    caption = one(message(caption="New", photo=[{"file_id": "p"}]), "edited_message")
    assert (caption.words, caption.files) == ("New", ())
    assert hear(message(location={"latitude": 1, "longitude": 1}), "edited_message") == ()
    assert hear(message(text="/status"), "edited_message") == ()


def test_a_reply_is_beneath_and_a_topic_is_within() -> None:
    ours = {"message_id": 3, "from": {"id": 900}}
    assert one(message(GROUP, text="x", reply_to_message=ours)).beneath == "-1001/3"
    # A reply to a reply to our card: Telegram says with which message the thread began.
    theirs = {"message_id": 4, "from": {"id": 12}}
    chain = one(message(GROUP, text="x", reply_to_message=theirs, message_thread_id=3))
    assert (chain.beneath, chain.within) == ("-1001/3", "")
    opened = {"message_id": 2, "from": {"id": 900}, "forum_topic_created": {"name": "N"}}
    topic: Json = {"message_thread_id": 2, "is_topic_message": True}
    inside = one(message(GROUP, text="x", reply_to_message=opened, **topic))
    assert (inside.beneath, inside.within) == ("", "2")
    answer = one(message(GROUP, text="x", reply_to_message=ours, **topic))
    assert (answer.beneath, answer.within) == ("-1001/3", "2")


def test_a_command_hangs_words_together_that_a_line_has_apart() -> None:
    found = one(message(ALONE, text="/go_on now_or_never"))
    assert isinstance(found, Typed)
    assert found.line == "go on now_or_never"


def test_a_press_names_button_message_and_topic() -> None:
    keys = [[{"text": "Take", "callback_data": f"{lead}m{'a' * 24}"} for lead in ("", "c")]]
    more = {"is_topic_message": True, "reply_markup": {"inline_keyboard": keys}}
    shown = message(GROUP, {"id": 900, "is_bot": True}, message_thread_id=2, **more)
    query = {"id": "q", "from": ANA, "message": shown, "data": "m" + "a" * 24}
    found = one(query, "callback_query")
    assert isinstance(found, Pressed)
    assert (found.token, found.message, found.within) == ("m" + "a" * 24, "-1001/7", "2")
    assert found.private is False
    asks = one({**query, "data": "cm" + "a" * 24}, "callback_query")
    assert asks.token == "m" + "a" * 24
    gone = one({**query, "message": {"chat": GROUP, "message_id": 7, "date": 0}}, "callback_query")
    assert gone.message == "-1001/7"
    inline = one({"id": "q", "from": ANA, "inline_message_id": "x", "data": "d"}, "callback_query")
    assert (inline.message, inline.private) == ("", True)


def test_who_is_anonymous_is_nobody_and_only_told_so_when_they_asked_us() -> None:
    hidden = message(GROUP, ANONYMOUS, sender_chat=GROUP)
    ours = {"message_id": 3, "from": {"id": 900}}
    for more in ({"text": "/list"}, {"text": "x", "reply_to_message": ours}):
        assert isinstance(one({**hidden, **more}), Nameless)
    assert hear({**hidden, "text": "we talk"}) == ()
    assert hear({**hidden, "text": "/list@other"}) == ()
    linked = {**hidden, "text": "/list", "is_automatic_forward": True}
    assert hear(linked) == ()
    query = {"id": "q", "from": ANONYMOUS, "message": message(GROUP), "data": "d"}
    assert isinstance(one(query, "callback_query"), Nameless)


def test_programs_and_channels_say_nothing_to_us() -> None:
    assert hear(message(GROUP, {"id": 5, "is_bot": True}, text="/list")) == ()
    assert hear(message({"id": -5, "type": "channel"}, text="/list")) == ()
    assert hear(message(text="x"), "channel_post") == ()


def test_what_is_told_of_people_and_places() -> None:
    place = Place("telegram", "-1001")
    came = [ANA, {"id": 900, "is_bot": True}, {"id": 6, "is_bot": True}]
    assert hear(message(GROUP, new_chat_members=came)) == (
        Changed("joined", place, Identity("telegram", "11")),
        Changed("back", place),
    )
    assert one(message(GROUP, left_chat_member={"id": 900})) == Changed("gone", place)
    there = Place("telegram", "-1009")
    basic = {"id": -1009, "type": "group"}
    assert one(message(basic, migrate_to_chat_id=-1001)) == Changed("moved", there, to=place)
    assert one(message(GROUP, migrate_from_chat_id=-1009)) == Changed("moved", there, to=place)
    assert hear(message(GROUP, forum_topic_closed={})) == ()


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("left", "member", "joined"),
        ("member", "kicked", "left"),
        ("member", "administrator", "role"),
        ("administrator", "member", "role"),
    ],
)
def test_members_come_go_and_change(before: str, after: str, what: str) -> None:
    body = {
        "chat": GROUP,
        "from": ANA,
        "old_chat_member": {"status": before, "user": ANA},
        "new_chat_member": {"status": after, "user": ANA},
    }
    found = one(body, "chat_member")
    assert (found.what, found.who) == (what, Identity("telegram", "11"))


@pytest.mark.parametrize(
    ("chat", "status", "what"),
    [
        (GROUP, {"status": "kicked"}, "gone"),
        (GROUP, {"status": "administrator"}, "back"),
        (GROUP, {"status": "restricted", "is_member": True, "can_send_messages": False}, "gone"),
        (ALONE, {"status": "kicked"}, "blocked"),
        (ALONE, {"status": "member"}, "back"),
    ],
)
def test_we_are_let_in_and_shown_out(chat: Json, status: Json, what: str) -> None:
    found = one({"chat": chat, "from": ANA, "new_chat_member": status}, "my_chat_member")
    assert (found.what, found.place.address) == (what, str(chat["id"]))


def test_pieces_of_an_album_know_each_other() -> None:
    body = message(photo=[{"file_id": "p"}], media_group_id="g")
    assert album_of({"update_id": 1, "message": body}) == "11//11/g"
    assert album_of({"update_id": 1, "message": message(text="x")}) == ""
    assert chat_of({"update_id": 1, "callback_query": {"message": message(GROUP)}}) == -1001


KEYS = """
id chat from type text date message_id message data user status title new_chat_member photo
new_chat_members location latitude longitude contact phone_number user_id sticker file_id
reply_to_message message_thread_id is_topic_message forward_origin sender_user media_group_id
migrate_to_chat_id sender_chat
"""
NAMES = st.sampled_from(KEYS.split())
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["private", "supergroup", "/start x", "member", "\ud800", "\x00"]),
)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=30,
)


@given(number=VALUES, kind=st.sampled_from(READ), body=ANYTHING)
def test_no_update_makes_it_raise(number: object, kind: str, body: object) -> None:
    update = {"update_id": number, kind: body}
    heard(update, KNOWN)
    album_of(update)
    chat_of(update)
