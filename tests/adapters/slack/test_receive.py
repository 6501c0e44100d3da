"""What Slack sends becomes what the house hears, or nothing."""

import json
from typing import Any

import pytest

from bot.adapters.slack import filled
from bot.adapters.slack.payloads import Me, plain
from bot.adapters.slack.receive import AtHome, Something, heard
from bot.core.commands import Identity, Place
from bot.engine.heard import Attached, Changed, Pointed, Pressed, Submitted, Typed, Wrote

ME = Me(team="T1", user="U9", bot="B9", app="A1")
ANA = Identity("slack", "T1:U1")
TRIAGE = Place("slack", "C1")
ALONE = Place("slack", "U1")
STAMP = "1690000000.000100"


def hear(payload: Any) -> tuple[Something, ...]:
    return heard(payload, ME, filled.given)


def event(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev01",
        "event_time": 1_690_000_000,
        "event": body,
        **more,
    }


def message(**more: Any) -> dict[str, Any]:
    return event({"type": "message", "channel": "C1", "user": "U1", "ts": STAMP, **more})


def acted(**more: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "acme"},
        "user": {"id": "U1", "team_id": "T1"},
        "api_app_id": "A1",
        "trigger_id": "13.37.abc",
        "actions": [
            {"type": "button", "action_id": "x", "value": "token", "action_ts": "1690000001.5"}
        ],
        **more,
    }


ON_CARD = {"container": {"type": "message", "message_ts": STAMP, "channel_id": "C1"}}
KEPT = json.dumps({"ref": "mref", "seen": 7, "at": "C1"})
MODAL = {"id": "V1", "type": "modal", "hash": "1.a", "private_metadata": KEPT, "blocks": []}
VALUES = {"q.what": {"answer": {"type": "plain_text_input", "value": "a fire"}}}


def one(payload: dict[str, Any]) -> Something:
    (found,) = hear(payload)
    return found


# --- words -------------------------------------------------------------------------------------


def test_words_in_a_channel_bring_who_where_when_and_which_message() -> None:
    found = one(message(text="The lift &amp; stairs"))
    assert isinstance(found, Wrote)
    assert (found.source, found.who, found.place, found.private) == (
        "event:Ev01",
        ANA,
        TRIAGE,
        False,
    )
    assert (found.words, found.message, found.beneath) == ("The lift & stairs", f"C1/{STAMP}", "")
    assert found.at == 1_690_000_000_000
    assert found.alone == ALONE


def test_a_direct_conversation_is_known_by_the_person_whatever_its_number() -> None:
    found = one(message(channel="D77", text="hello", channel_type="im"))
    assert isinstance(found, Wrote)
    assert (found.place, found.private, found.message) == (ALONE, True, f"D77/{STAMP}")


def test_words_in_a_thread_say_beneath_which_message() -> None:
    beneath = one(message(text="on it", thread_ts="1689999999.000001"))
    first = one(message(text="on it", thread_ts=STAMP))
    assert isinstance(beneath, Wrote)
    assert isinstance(first, Wrote)
    assert (beneath.beneath, first.beneath) == ("C1/1689999999.000001", "")


def test_files_come_with_their_names_and_sizes_and_ten_at_most() -> None:
    files = [
        {"id": f"F{n}", "name": "a.jpg", "size": 5, "mimetype": "image/jpeg"} for n in range(12)
    ]
    found = one(message(subtype="file_share", files=[*files[:1], {"id": 3}, *files[1:]]))
    assert isinstance(found, Wrote)
    assert found.files[0] == Attached("F0", "a.jpg", 5, "image/jpeg")
    assert len(found.files) <= 10


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B9", "text": "mine"},
        {"bot_id": "B3", "text": "of another program"},
        {"user": "U9", "text": "mine"},
        {"subtype": "channel_join", "text": "has joined"},
        {"text": ""},
        {"text": "no time", "ts": "now"},
        {"text": "nobody", "user": None},
    ],
)
def test_what_nobody_said_to_us_is_nothing(more: dict[str, Any]) -> None:
    assert hear(message(**more)) == ()


def test_naming_us_in_a_channel_is_a_line_for_us_and_heard_once() -> None:
    body = {"channel": "C1", "user": "U1", "ts": STAMP, "text": "<@U9> show N-1"}
    line = one(event({"type": "app_mention", **body}))
    assert isinstance(line, Typed)
    assert line.line == "show N-1"
    assert hear(event({"type": "message", **body})) == ()
    beneath = {**body, "thread_ts": "1689999999.000001"}
    assert hear(event({"type": "app_mention", **beneath})) == ()
    wrote = one(event({"type": "message", **beneath}))
    assert isinstance(wrote, Wrote)
    assert wrote.words == "show N-1"


def test_an_edit_brings_the_new_words_and_an_unfolded_link_none() -> None:
    new = {
        "user": "U1",
        "ts": STAMP,
        "text": "Main street 14",
        "edited": {"user": "U1", "ts": "1.1"},
    }
    edit = {"subtype": "message_changed", "message": new, "previous_message": {"text": "12"}}
    found = one(message(**{**edit, "user": None}))
    assert isinstance(found, Wrote)
    assert (found.words, found.message, found.edited) == ("Main street 14", f"C1/{STAMP}", True)
    same = {**edit, "previous_message": {"text": "Main street 14"}}
    assert hear(message(**same)) == ()
    unfolded = {**edit, "message": {**new, "edited": None}}
    assert hear(message(**unfolded)) == ()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("see <https://a.example/x|the page>", "see the page (https://a.example/x)"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<@U5|ana> in <#C5|it> <!here> <!subteam^S1|@desk>", "@ana in #it @here @desk"),
        ("1 < 2 and <not closed", "1 < 2 and <not closed"),
    ],
)
def test_words_are_read_as_people_see_them(written: str, read: str) -> None:
    assert plain(written) == read


# --- presses and forms -------------------------------------------------------------------------


def test_a_press_brings_its_token_its_message_and_a_source_that_a_repeat_shares() -> None:
    found = one(acted(**ON_CARD))
    assert isinstance(found, Pressed)
    assert (found.token, found.message, found.place) == ("token", f"C1/{STAMP}", TRIAGE)
    assert found == one(acted(**ON_CARD, trigger_id="other"))
    again = acted(**ON_CARD)
    again["actions"][0]["action_ts"] = "1690000002.5"
    assert one(again) != found


def test_a_line_of_a_menu_is_a_press_and_a_link_is_none() -> None:
    option = {"type": "overflow", "action_id": "more", "action_ts": "1.5"}
    menu = acted(**ON_CARD, actions=[{**option, "selected_option": {"value": "held"}}])
    found = one(menu)
    assert isinstance(found, Pressed)
    assert found.token == "held"
    assert hear(acted(**ON_CARD, actions=[{**option, "type": "button", "url": "https://x"}])) == ()


def test_a_press_on_what_only_they_see_is_on_no_message_that_stays() -> None:
    box = {**ON_CARD["container"], "is_ephemeral": True}
    found = one(acted(container=box))
    assert isinstance(found, Pressed)
    assert found.message == ""


def test_a_press_at_home_is_in_no_place_but_theirs() -> None:
    found = one(acted(container={"type": "view"}, view={"id": "V2", "type": "home"}))
    assert isinstance(found, Pressed)
    assert (found.place, found.private, found.message) == (ALONE, True, "")


def test_what_is_chosen_in_a_form_comes_with_the_whole_form() -> None:
    view = {**MODAL, "state": {"values": VALUES}}
    action = {"type": "static_select", "action_ts": "1.5", "selected_option": {"value": "it"}}
    found = one(acted(view=view, actions=[action]))
    assert isinstance(found, Submitted)
    assert (found.part, found.ref, found.seen, found.place) == (True, "mref", 7, TRIAGE)
    assert found.given == {"what": "a fire"}


def test_a_form_that_was_sent_is_the_same_only_with_the_same_words_in_the_same_view() -> None:
    def sent(value: str, hash_: str = "1.a") -> Something:
        values = {"q.what": {"answer": {"type": "plain_text_input", "value": value}}}
        view = {**MODAL, "hash": hash_, "state": {"values": values}}
        return one({**acted(), "type": "view_submission", "view": view})

    first = sent("a fire")
    assert isinstance(first, Submitted)
    assert (first.part, first.given, first.place) == (False, {"what": "a fire"}, TRIAGE)
    assert first == sent("a fire")
    again, other = sent("a fire", "2.b"), sent("a flood")
    assert isinstance(again, Submitted)
    assert isinstance(other, Submitted)
    assert again.source == first.source, "it is not known whether the first was kept"
    assert other.source != first.source


def test_a_form_that_is_none_of_ours_is_nothing() -> None:
    for kept in ("", "[]", "{", '{"ref": 5}', "[" * 10_000):
        view = {**MODAL, "private_metadata": kept}
        assert hear({**acted(), "type": "view_submission", "view": view}) == ()


# --- lines and shortcuts -----------------------------------------------------------------------


def test_a_typed_line_is_heard_where_it_was_typed() -> None:
    typed = {
        "command": "/incident",
        "text": " show N-7K4 ",
        "user_id": "U1",
        "team_id": "T1",
        "channel_id": "C1",
        "trigger_id": "13.37.abc",
    }
    found = one(typed)
    assert isinstance(found, Typed)
    assert (found.line, found.place, found.source) == ("show N-7K4", TRIAGE, "typed:13.37.abc")
    assert hear({**typed, "command": "/other"}) == ()
    direct = one({**typed, "channel_id": "D5"})
    assert isinstance(direct, Typed)
    assert (direct.place, direct.private) == (ALONE, True)


def test_the_shortcut_reports_and_that_of_a_message_points_at_it() -> None:
    base = {**acted(), "actions": []}
    report = one({**base, "type": "shortcut", "callback_id": "report"})
    assert isinstance(report, Typed)
    assert (report.line, report.place, report.private) == ("", ALONE, True)
    pointed = one(
        {
            **base,
            "type": "message_action",
            "callback_id": "incident",
            "channel": {"id": "C1"},
            "message": {"user": "U2", "text": "It &lt;smells&gt;", "ts": STAMP, "thread_ts": "1.5"},
        }
    )
    assert isinstance(pointed, Pointed)
    assert (pointed.words, pointed.author) == ("It <smells>", "T1:U2")
    assert pointed.link == (
        "https://acme.slack.com/archives/C1/p1690000000000100?thread_ts=1.5&cid=C1"
    )


def test_opening_our_page_is_heard_and_opening_the_conversation_is_not() -> None:
    home = {"type": "app_home_opened", "user": "U1", "tab": "home", "channel": "D1"}
    assert isinstance(one(event(home)), AtHome)
    assert hear(event({**home, "tab": "messages"})) == ()


# --- what happens ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (
            {"type": "member_joined_channel", "user": "U1", "channel": "C1", "team": "T1"},
            [Changed("joined", TRIAGE, ANA)],
        ),
        (
            {"type": "member_left_channel", "user": "U1", "channel": "C1", "team": "T1"},
            [Changed("left", TRIAGE, ANA)],
        ),
        (
            {"type": "member_joined_channel", "user": "U9", "channel": "C1"},
            [Changed("back", TRIAGE)],
        ),
        ({"type": "member_left_channel", "user": "U9", "channel": "C1"}, [Changed("gone", TRIAGE)]),
        ({"type": "channel_archive", "channel": "C1", "user": "U1"}, [Changed("gone", TRIAGE)]),
        ({"type": "channel_unarchive", "channel": "C1"}, [Changed("back", TRIAGE)]),
        ({"type": "channel_deleted", "channel": "C1"}, [Changed("gone", TRIAGE)]),
        (
            {"type": "user_change", "user": {"id": "U1", "team_id": "T1"}},
            [Changed("role", who=ANA)],
        ),
        (
            {"type": "user_change", "user": {"id": "U1", "team_id": "T1", "deleted": True}},
            [Changed("blocked", who=ANA)],
        ),
        (
            {
                "type": "subteam_members_changed",
                "subteam_id": "S1",
                "added_users": ["U1"],
                "removed_users": ["U2", 7],
            },
            [
                Changed("joined", Place("slack", "S1"), ANA),
                Changed("left", Place("slack", "S1"), Identity("slack", "T1:U2")),
            ],
        ),
        (
            {"type": "subteam_updated", "subteam": {"id": "S1", "date_delete": 0}},
            [Changed("role", Place("slack", "S1"))],
        ),
        (
            {"type": "subteam_updated", "subteam": {"id": "S1", "date_delete": 5}},
            [Changed("gone", Place("slack", "S1"))],
        ),
        (
            {"type": "message", "subtype": "message_deleted", "channel": "C1", "deleted_ts": STAMP},
            [Changed("lost", TRIAGE, message=f"C1/{STAMP}")],
        ),
        (
            {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "message": {"subtype": "tombstone", "ts": STAMP},
            },
            [Changed("lost", TRIAGE, message=f"C1/{STAMP}")],
        ),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U9"]}}, [Changed("gone")]),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, []),
        ({"type": "app_uninstalled"}, [Changed("gone")]),
        ({"type": "reaction_added", "user": "U1"}, []),
    ],
)
def test_what_slack_tells_changes_what_is_known(
    body: dict[str, Any], changes: list[Changed]
) -> None:
    assert list(hear(event(body))) == changes


@pytest.mark.parametrize(
    "more", [{"team_id": "T2"}, {"api_app_id": "A2"}, {"team_id": "T2", "event_id": "Ev2"}]
)
def test_what_belongs_to_another_workspace_or_app_is_left_alone(more: dict[str, Any]) -> None:
    assert hear({**message(text="hello"), **more}) == ()


def test_words_of_a_guest_from_another_organisation_are_of_that_one() -> None:
    shared = {**message(text="hello", user_team="T7", team="T7"), "context_team_id": "T1"}
    found = one({**shared, "team_id": "T7"})
    assert isinstance(found, Wrote)
    assert found.who == Identity("slack", "T7:U1")
