"""The page of the chat: notice, help in danger, and room for the conversation.

What is said travels by the chat channel (`adapters/web`), which this page's script talks to.
"""

import gzip
import json
import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.core.files import FILE_MOST
from bot.core.texts import Text, t
from bot.engine.going_on import by_code, elsewhere
from bot.pages.base import Base
from bot.pages.words import FOLDER
from bot.views.expect import before_beginning

# What the script says by itself, under the names by which it knows the sentences.
SENTENCES: dict[str, Text] = {
    "send": t("Send"),
    "next": t("Continue"),
    "yes": t("Yes"),
    "no": t("No"),
    "back": t("Back"),
    "skip": t("Skip this question"),
    "person": t("Talk to a person"),
    "solved": t("It solved itself"),
    "solved_sure": t("Good to hear. Shall we stop work on your report?"),
    "solved_yes": t("Yes, it is solved"),
    "go_on": t("No, go on"),
    "cancel": t("Cancel"),
    "cancel_sure": t("Shall we stop here? Nothing more is done about it."),
    "cancel_yes": t("Yes, stop"),
    "change": t("Change"),
    "keep": t("Keep it as it was"),
    "skipped": t("left out"),
    "erased": t("[deleted]"),
    "optional": t("You may skip this."),
    "summary": t("Is this right?"),
    "summary_hint": t("Look it over. You can change every answer before you send it."),
    "submit": t("Send the report"),
    "step": t("Question {step} of {steps}"),
    "step_alone": t("Question {step}"),
    "location": t("Use my location"),
    "location_failed": t("Your location could not be read. Please describe the place in words."),
    "location_found": t("Your location was added. You can add words, such as a floor or a room."),
    "file_add": t("Add a photo or file"),
    "file_camera": t("Take a photo"),
    "file_hint": t("Pictures, PDF or plain text, up to {most} MB each.", most=FILE_MOST // 10**6),
    "file_large": t("too large: the most that we can take is {most} MB", most=FILE_MOST // 10**6),
    "kilo": t("{n} kB"),
    "mega": t("{n} MB"),
    "file_remove": t("Remove"),
    "file_removed": t("{name} was removed."),
    "file_none": t("Choose a photo or a file first, or skip this."),
    "file_unsent": t("Not everything was sent. Try it again, or remove it and go on."),
    "answers": t("What you told us"),
    "you": t("You"),
    "desk": t("Agent"),
    "house": t("Service desk"),
    "sending": t("sending"),
    "sent": t("sent"),
    "delivered": t("delivered"),
    "seen": t("seen by an agent"),
    "waiting": t("will be sent as soon as there is a connection"),
    "failed": t("not sent"),
    "retry": t("Try again"),
    "drop": t("Discard"),
    "offline": t("No connection. What you write is kept here and sent later."),
    "online": t("Connected again."),
    "message": t("Your message"),
    "message_hint": t("You can write to us here at any time."),
    "fixed": t("Is it fixed?"),
    "fixed_yes": t("Yes, it is fixed"),
    "fixed_no": t("No, not fixed"),
    "fixed_words": t("What is still wrong? (You may leave this empty.)"),
    "reopen": t("Send, and go on working on it"),
    "fixed_until": t("If we hear nothing until {time}, we take it as fixed."),
    "rate": t("How did we do?"),
    "rate_hint": t("1 is bad, 5 is very good."),
    "rate_words": t("Would you like to say why? (You may leave this empty.)"),
    "rated": t("Thank you. You gave us {score} of 5."),
    "again": t("Report something else"),
    "take": t("Save the conversation"),
    "elsewhere": t("Go on in another app"),
    "way_hint": t(
        "Open it on the device where you want to go on. It works once, for 15 minutes. Give it to "
        "nobody: whoever has it can read what is said here."
    ),
    "on_title": t("Go on here with your report?"),
    "on_yes": t("Go on here"),
    "code_get": t("Get a code"),
    "code_hint": t(
        "Send this code to us in the other app, within 10 minutes. Give it to nobody else. Then "
        "come back here: we ask you whether it was you."
    ),
    "join_asks": t("Somebody sent your code in another app and was told this number:"),
    "join_hint": t(
        "Say yes only if you see the same number there. Whoever has that account can then read "
        "this conversation and write in your name."
    ),
    "join_yes": t("Yes, that was me"),
    "join_no": t("No"),
    "join_soon": t("One moment, the apps are being joined."),
    "moved": t("This conversation goes on in {app}. New answers come there."),
    "go_on_here": t("Go on here instead"),
    "back_get": t("Copy a link to come back"),
    "back_anew": t("Copy a new link to come back; the old one stops working"),
    "back_title": t("Keep this link to come back"),
    "back_hint": t(
        "It opens this conversation in any browser, for 90 days. Give it to nobody: whoever has "
        "it can read what is said here and write in your name."
    ),
    "back_copy": t("Copy the link"),
    "back_copied": t("The link was copied."),
    "back_select": t("Select the link and copy it."),
    "back_end": t("End this link"),
    "back_open_title": t("Open the conversation of this link?"),
    "back_open_hint": t(
        "Open it only if the link is your own: whoever else has it can read what you write there. "
        "It takes the place of the conversation that is open in this browser."
    ),
    "back_open": t("Open the conversation"),
    "back_leave": t("Leave it"),
    "mail_title": t("A way back by e-mail"),
    "mail_hint": t(
        "If you lose this conversation, we send a link to this address, and to no other. "
        "You need your reference for it."
    ),
    "mail_address": t("Your e-mail address"),
    "mail_keep": t("Leave this address"),
    "mail_anew": t("Leave another e-mail address"),
    "mail_kept": t("Thank you. We have written to that address what it is for."),
    "lost_reference": t("Your reference, such as R-ABC-DEFG"),
    "lost_ask": t("Send me a link"),
    "slow": t("This takes longer than usual. We keep trying; nothing is lost."),
    "offline_short": t("There is no connection. Please try again."),
    "reference": t("Your reference"),
    "state": t("How it stands"),
    "expect": t("What to expect"),
    "coming": t("Who is coming"),
    "update": t("Latest update"),
    "next_by": t("You will hear from us again by {time}."),
    "wait": t("A person will be with you as soon as possible."),
    "lost": t("This conversation is not known here any more. You can begin a new one."),
    "trouble": t("Something went wrong. Please try again."),
    "loading": t("One moment …"),
    "forgets": t(
        "Your browser does not let this page remember anything. The conversation lasts until "
        "you leave or reload the page. Keep your reference."
    ),
}
CHAT = "web"
LOADER = re.sub(
    r"(?:^|\n)(?:\s*//.*\n)*\s*",
    "\n",
    (FOLDER / "static" / "embed.js").read_text(encoding="utf-8"),
).strip()
"""Without comments and indents: every page of a foreign site fetches it."""


class ChatPage(Base):
    """The routes `/chat` and `/help`, and the script that shows it inside another site."""

    def routes(self) -> list[BaseRoute]:
        """For everybody."""
        return [
            Route("/chat", self.show, methods=["GET"]),
            Route("/help", self.help, methods=["GET"]),
            Route("/static/embed.js", self.loader, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """The same page for everybody of one language; the script brings the conversation."""
        speaker = self.speaker(request)
        playbook = self.house.reader.playbook
        return self.words.page(
            request,
            "chat.html",
            speaker,
            mail=bool(self.house.mail),
            elsewhere=by_code(self.house.engine),
            ways=[speaker(one) for one in elsewhere(self.house.engine, CHAT)],
            embed=request.query_params.get("embed") == "1",
            welcome=playbook.intake.welcome,
            privacy=playbook.privacy,
            number=playbook.safety.emergency_number,
            distress=playbook.safety.distress_number,
            file_most=FILE_MOST,
            expect=" ".join(map(speaker, before_beginning(*self.house.reader.ordinary(self.now)))),
            sentences={name: speaker(text) for name, text in SENTENCES.items()},
        )

    async def help(self, request: Request) -> Response:
        """Whom to call, and the way to a person: nothing is asked, and no script is needed."""
        safety = self.house.reader.playbook.safety
        return self.words.page(
            request,
            "help.html",
            self.speaker(request),
            number=safety.emergency_number,
            distress=safety.distress_number,
        )

    async def loader(self, request: Request) -> Response:
        """The button that a site gets by one line, in the language that its visitor reads; one
        that the line itself names (`embed.js?lang=en`) counts for the chat, too.
        """
        speaker = self.speaker(request)
        named = request.query_params.get("lang") in self.words.languages
        words = {
            "open": speaker(t("Report a problem")),
            "close": speaker(t("Close the chat")),
            "lang": speaker.language,
            "asked": f"&lang={speaker.language}" if named else "",
        }
        script = LOADER.replace('"%WORDS%"', json.dumps(words))
        headers = {"cache-control": "no-cache", "vary": "accept-encoding, accept-language, cookie"}
        content = script.encode()
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = gzip.compress(content, mtime=0)
            headers["content-encoding"] = "gzip"
        return Response(content, media_type="text/javascript", headers=headers)
