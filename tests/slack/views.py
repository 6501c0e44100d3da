"""views.*: modals and Home tabs."""

from collections.abc import Mapping
from typing import Any

from tests.slack.ask import Ask, method
from tests.slack.blocks import view_faults
from tests.slack.state import APP, BOT, TEAM, ApiError, View, World
from tests.slack.texts import offered

Json = dict[str, Any]
DEPTH, TRIGGER_AGE = 3, 3_000


@method("views.open", tier=4)
def open_view(ask: Ask) -> Json:
    """A modal on top of nothing."""
    user, _ = exchanged(ask)
    view = made(ask.world, user, ask.json("view"))
    close_all(ask.world, user)
    ask.world.stacks[user] = [kept(ask.world, view)]
    return {"view": shown(view)}


@method("views.push", tier=4)
def push_view(ask: Ask) -> Json:
    """A modal on top of the one in which was pressed."""
    user, below = exchanged(ask)
    if not below or below not in ask.world.views:
        raise ApiError("not_found")
    return {"view": shown(pushed(ask.world, user, ask.json("view")))}


@method("views.update", tier=4)
def update_view(ask: Ask) -> Json:
    """Another content of an open modal."""
    view = _open(ask)
    if ask.word("hash") and ask.word("hash") != view.hash:
        raise ApiError("hash_conflict")
    changed(ask.world, view, ask.json("view"))
    return {"view": shown(view)}


@method("views.publish", tier=4)
def publish(ask: Ask) -> Json:
    """What somebody's Home tab shows."""
    user = ask.must("user_id")
    if user not in ask.world.users:
        raise ApiError("user_not_found")
    body, old = ask.json("view"), ask.world.homes.get(user)
    if old is not None and ask.word("hash") and ask.word("hash") != old.hash:
        raise ApiError("hash_conflict")
    if old is None:
        ask.world.homes[user] = old = made(ask.world, user, body, "home")
        ask.world.views[old.id] = old
    else:
        changed(ask.world, old, body)
    return {"view": shown(old)}


def exchanged(ask: Ask) -> tuple[str, str]:
    """Who may see a modal by this trigger, and in which view it was pressed; used up by this."""
    trigger = ask.world.triggers.get(ask.must("trigger_id"))
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if ask.world.clock.now() - trigger.at > TRIGGER_AGE:
        raise ApiError("expired_trigger_id")
    trusted(ask.world, ask.json("view"), "modal")
    trigger.used = True
    return trigger.user, trigger.view


def trusted(world: World, body: object, kind: str, itself: View | None = None) -> Json:
    """A view that Slack takes."""
    found = view_faults(body)
    if found or not isinstance(body, dict) or body.get("type") != kind:
        wrong = found or [f"view.type: must be {kind}"]
        too = "view_too_large" if "view: too large" in wrong else "invalid_arguments"
        raise ApiError(too, response_metadata={"messages": [f"[ERROR] {one}" for one in wrong]})
    external = body.get("external_id")
    others = [one for one in world.open_views() if one is not itself]
    if external and any(one.body.get("external_id") == external for one in others):
        raise ApiError("duplicate_external_id")
    return body


def made(world: World, user: str, body: object, kind: str = "modal") -> View:
    """A view that is about to be seen."""
    good = trusted(world, body, kind)
    name = f"V{world.serial()}"
    view = View(name, user, {**good, "blocks": world.named(good["blocks"])}, _hash(world), name)
    begin(view)
    return view


def kept(world: World, view: View) -> View:
    """A view that can be found by its id."""
    world.views[view.id] = view
    return view


def pushed(world: World, user: str, body: object) -> View:
    """Another view on top."""
    stack = world.stacks.get(user) or []
    if len(stack) >= DEPTH:
        raise ApiError("push_limit_reached")
    view = made(world, user, body)
    if stack:
        view.root, view.previous = stack[0].id, stack[-1].id
    world.stacks[user] = [*stack, kept(world, view)]
    return view


def changed(world: World, view: View, body: object) -> None:
    """Another content; answers stay where block_id and action_id stay."""
    good = trusted(world, body, str(view.body["type"]), view)
    old = view.filled
    view.body = {**good, "blocks": world.named(good["blocks"])}
    view.hash, view.errors, view.filled = _hash(world), {}, {}
    begin(view)
    view.filled |= {key: value for key, value in old.items() if key in view.filled}


def closed(world: World, view: View) -> None:
    """A view goes, and with it those on top."""
    stack = world.stacks.get(view.user, [])
    if view in stack:
        at = stack.index(view)
        for one in stack[at:]:
            world.views.pop(one.id, None)
        world.stacks[view.user] = stack[:at]


def close_all(world: World, user: str) -> None:
    """No modal any more."""
    for one in world.stacks.pop(user, []):
        world.views.pop(one.id, None)


def _open(ask: Ask) -> View:
    external = ask.word("external_id")
    for view in ask.world.open_views():
        if view.id == ask.word("view_id") or (
            external and view.body.get("external_id") == external
        ):
            return view
    raise ApiError("not_found")


def _hash(world: World) -> str:
    return f"{world.clock.now() // 1_000}.{world.serial():x}"


# --- answers in it -----------------------------------------------------------------------------

VALUES: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}


def empty(element: Json) -> Json:
    """The answer of an element before anybody touched it."""
    kind = element["type"]
    key, first = VALUES[kind]
    several = key.endswith("s")
    return {"type": kind, key: element.get(first, [] if several else None)}


def begin(view: View) -> None:
    """Every answer as the view proposes it."""
    for block in view.blocks:
        inside = [block.get("element"), block.get("accessory"), *block.get("elements", [])]
        for element in inside:
            if isinstance(element, dict) and element.get("type") in VALUES:
                view.filled[block["block_id"], element["action_id"]] = empty(element)


def values(filled: Mapping[tuple[str, str], Json]) -> Json:
    """Answers as a view carries them."""
    found: Json = {}
    for (block, action), value in filled.items():
        found.setdefault(block, {})[action] = value
    return found


def shown(view: View) -> Json:
    """A view as the API and payloads show it."""
    kept_keys = {key: one for key, one in view.body.items() if one is not None}
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **kept_keys,
        "id": view.id,
        "hash": view.hash,
        "team_id": TEAM,
        "app_id": APP,
        "bot_id": BOT,
        "root_view_id": view.root,
        "previous_view_id": view.previous or None,
        "state": {"values": values(view.filled)},
    }


def choice(element: Json, wanted: str) -> Json | None:
    """The choice of an element that people call `wanted`, by its text or value."""
    for one in offered(element):
        if wanted in (one["value"], one["text"]["text"]):
            return one
    return None
