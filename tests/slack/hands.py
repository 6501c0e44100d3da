"""What people do with what the app shows them: press, choose, fill in, send, close."""

import copy
from collections.abc import Mapping
from typing import Any

from tests.slack import payloads, views
from tests.slack.blocks import faults, words
from tests.slack.chat import whisper
from tests.slack.deliveries import Delivered, Deliveries
from tests.slack.filling import (
    Answer,
    Refused,
    Spot,
    fillable,
    filled,
    labels,
    pressable,
    unanswered,
)
from tests.slack.state import TEAM, ApiError, Channel, Message, User, View, World

Json = dict[str, Any]
Where = Message | View


class Hands:
    """`troubles` is what Slack told people went wrong ("operation_timeout" and the like);
    `violations` what the app did that no app may.
    """

    world: World
    deliveries: Deliveries
    troubles: list[str]
    violations: list[str]
    team = TEAM
    """The workspace from which everything seems to come; another one is a stranger's."""

    # --- looking ---

    def view(self, user: str) -> View | None:
        """The modal on top of this person's screen."""
        stack = self.world.stacks.get(user)
        return stack[-1] if stack else None

    def modal(self, user: str) -> View:
        """The same; there must be one."""
        found = self.view(user)
        if found is None:
            raise Refused(f"{user} has no modal open")
        return found

    def home(self, user: str) -> View | None:
        """This person's Home tab, None as long as the app has put nothing there."""
        return self.world.homes.get(user)

    def labels(self, where: Where) -> list[str]:
        """What can be pressed there."""
        return labels(where.blocks)

    def reads(self, where: Where) -> str:
        """All that stands there, in the order in which it is read, a line for each part."""
        return "\n".join(words(where.blocks)) or str(where.body.get("text") or "")

    def as_seen(self, message: Message) -> Message:
        """The message as it is now, for somebody who presses later what has changed meanwhile."""
        return copy.copy(message)

    # --- doing ---

    async def presses(
        self, user: str, where: Where, what: str, *, confirm: bool = True
    ) -> Delivered | None:
        """Press a button or choose from a menu, by its label, value or action_id.

        None when it asks whether that is meant and the person says no (`confirm` False).
        """
        person = self._sees(user, where)
        spot = pressable(where.blocks, what)
        if spot.element.get("confirm") and not confirm:
            return None
        return await self._acts(person, where, spot, _pressed(spot))

    async def chooses(self, user: str, where: Where, what: str, given: Answer) -> Delivered | None:
        """Answer one question. Only what is meant to tell at once is told: then it is delivered."""
        person = self._sees(user, where)
        spot = fillable(where.blocks, what)
        state = filled(self.world, user, spot.element, given)
        if isinstance(where, View):
            where.filled[spot.block["block_id"], spot.element["action_id"]] = state
        if spot.block["type"] == "input" and not spot.block.get("dispatch_action"):
            return None
        return await self._acts(person, where, spot, state)

    async def submits(
        self, user: str, view: View | None = None, given: Mapping[str, Answer] | None = None
    ) -> Delivered:
        """Fill in by label, block_id or action_id, and send. The answer is done to the screen."""
        shown = view or self.modal(user)
        person = self._sees(user, shown)
        for what, one in (given or {}).items():
            spot = fillable(shown.blocks, what)
            key = spot.block["block_id"], spot.element["action_id"]
            shown.filled[key] = filled(self.world, user, spot.element, one)
        if "submit" not in shown.body:
            raise Refused("there is nothing to send")
        if left := unanswered(shown):
            raise Refused(f"still to answer: {left}")
        shown.errors = {}
        payload = payloads.common(self.world, "view_submission", person, self.team)
        trigger = self.world.trigger(user, shown.id)
        payload |= {"trigger_id": trigger, "view": views.shown(shown), "response_urls": []}
        told = await self.deliveries.send("interaction", payload)
        self._done(shown, told)
        return told

    async def closes(self, user: str, *, everything: bool = False) -> Delivered | None:
        """Close the modal on top, or all of them; the app hears of it if it asked to."""
        top = self.modal(user)
        first = self.world.stacks[user][0] if everything else top
        payload = payloads.common(self.world, "view_closed", self._known(user), self.team)
        payload |= {"view": views.shown(top), "is_cleared": everything}
        views.closed(self.world, first)
        if not top.body.get("notify_on_close"):
            return None
        return await self.deliveries.send("interaction", payload)

    async def command(
        self, user: str, channel: str, name: str = "/incident", text: str = ""
    ) -> Delivered:
        """Type a slash command. The answer is shown as Slack would."""
        place = self._place(user, channel)
        payload = payloads.command(self.world, self._known(user), place, name, text, self.team)
        told = await self.deliveries.send("command", payload)
        if not told.ok:
            self.troubles.append(f"{name} failed with the error operation_timeout")
        elif told.answer:
            self._said(place, user, told.answer)
        return told

    async def shortcut(self, user: str, callback: str) -> Delivered:
        """Choose one of the app's shortcuts from the list of all."""
        payload = payloads.common(self.world, "shortcut", self._known(user), self.team)
        trigger = self.world.trigger(user)
        payload |= {"callback_id": callback, "trigger_id": trigger, "action_ts": self.world.ts()}
        return await self._interacts(payload)

    async def message_shortcut(self, user: str, message: Message, callback: str) -> Delivered:
        """Choose one of the app's shortcuts from the menu of somebody's message."""
        person = self._sees(user, message)
        channel = self.world.channels[message.channel]
        payload = payloads.common(self.world, "message_action", person, self.team)
        payload |= {
            "callback_id": callback,
            "trigger_id": self.world.trigger(user),
            "action_ts": self.world.ts(),
            "message_ts": message.ts,
            "message": message.shown(),
            "channel": payloads.place(channel),
            "response_url": self.world.reply_url(user, channel.id),
        }
        return await self._interacts(payload)

    # --- how ---

    async def _acts(self, user: User, where: Where, spot: Spot, state: Json) -> Delivered:
        action = {
            "action_id": spot.element["action_id"],
            "block_id": spot.block["block_id"],
            **state,
            "type": spot.element["type"],
            "action_ts": self.world.ts(),
        }
        payload = payloads.common(self.world, "block_actions", user, self.team)
        if isinstance(where, View):
            payload |= payloads.in_view(self.world, user, where)
        else:
            channel = self.world.channels[where.channel]
            payload |= payloads.in_message(self.world, user, where, channel)
        return await self._interacts({**payload, "actions": [action]})

    async def _interacts(self, payload: Json) -> Delivered:
        told = await self.deliveries.send("interaction", payload)
        if not told.ok:
            self.troubles.append("operation_timeout")
        return told

    def _done(self, view: View, told: Delivered) -> None:
        if not told.ok:
            self.troubles.append("We had some trouble connecting. Try again?")
            return
        action = told.answer.get("response_action")
        try:
            self._apply(view, action, told.answer)
        except ApiError as error:
            self.troubles.append("We had some trouble connecting. Try again?")
            self.violations.append(f"an answer to view_submission: {error.error} {error.more}")

    def _apply(self, view: View, action: object, answer: Json) -> None:
        match action:
            case None if not answer:
                views.closed(self.world, view)
            case "clear":
                views.close_all(self.world, view.user)
            case "errors":
                view.errors = self._errors(view, answer.get("errors"))
            case "update":
                views.changed(self.world, view, answer.get("view"))
            case "push":
                views.pushed(self.world, view.user, answer.get("view"))
            case _:
                raise ApiError("unknown response_action", answer=answer)

    def _errors(self, view: View, given: object) -> dict[str, str]:
        asked = [one["block_id"] for one in view.blocks if one["type"] == "input"]
        if not isinstance(given, dict) or not given:
            raise ApiError("no errors", given=given)
        for block, said in given.items():
            if block not in asked or not isinstance(said, str) or not 1 <= len(said) <= 2_000:
                raise ApiError("an error that cannot be shown", block=block, words=said)
        return dict(given)

    def _said(self, place: Channel, user: str, answer: Json) -> None:
        try:
            if answer.get("blocks") is not None and (found := faults(answer["blocks"])):
                raise ApiError("invalid_blocks", found=found)
            whisper(self.world, answer, place.id, user)
        except ApiError as error:
            self.violations.append(f"an answer to a command: {error.error} {error.more}")

    def _known(self, user: str) -> User:
        person = self.world.users.get(user)
        if person is None or person.deleted:
            raise Refused(f"{user} cannot sign in")
        return person

    def _place(self, user: str, channel: str) -> Channel:
        """Where somebody is: a channel, or by their own id the conversation with the app."""
        self._known(user)
        place = self.world.direct(user) if channel == user else self.world.channels.get(channel)
        if place is None or place.deleted or place.archived or user not in place.members:
            raise Refused(f"{user} is not in {channel}")
        return place

    def _sees(self, user: str, where: Where) -> User:
        if isinstance(where, View):
            if where.user != user or self.world.views.get(where.id) is not where:
                raise Refused(f"{user} does not see {where.id}")
        elif where.to:
            if where.to != user:
                raise Refused(f"{user} does not see what only {where.to} sees")
        else:
            place = self._place(user, user if where.channel == f"D{user[1:]}" else where.channel)
            if where.deleted or where.ts not in place.messages:
                raise Refused("this message is gone")
        return self._known(user)


def _pressed(spot: Spot) -> Json:
    if spot.option is not None:
        return {"selected_option": spot.option}
    shown = ("text", "value", "style", "url")
    return {key: spot.element[key] for key in shown if key in spot.element}
