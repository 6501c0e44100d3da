"""Canary persons: every personal field of theirs holds words that nobody else has."""

import base64
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.core.commands import Answer
from bot.core.file_words import AttachFile
from bot.core.ids import PersonId, StreamId, SubjectId
from bot.core.incident_commands import ResolveIncident, TakeIncident
from bot.core.person_words import Subscribe
from bot.core.personal import personals
from bot.core.report_words import (
    AnswerFixed,
    AnswerQuestion,
    ConfirmSummary,
    RateService,
    ReplyToCustomer,
    WriteMessage,
    WriteNote,
)
from bot.engine.files import Files
from bot.engine.verify import recorded
from bot.store.base import raw, text
from tests.engine.kit import Desk
from tests.proof.filed import wrapped_key
from tests.proof.town import rest

SALT_SIGNS = 21
"""So many signs of a token are nothing but its salt: 16 bytes in base 64, the last one shared."""
BEGINNING = 8
PIECE = 24
LETTERS = "abcdefghijklmnopqrstuvwxyz"
AGENT = "agatha"


@dataclass
class Canary:
    """One person; `words` are what only they said, by where they said it."""

    number: int
    who: str
    words: dict[str, str]
    report: StreamId = ""
    person: PersonId = ""
    subject: SubjectId = ""
    needles: dict[str, bytes] = field(default_factory=dict)


SEARCHED = ("what", "where", "message", "note", "reply", "file")
FIELDS = (*SEARCHED, "comment", "dispute")


def canary(number: int, chance: Random) -> Canary:
    """Somebody who has not said anything yet."""
    words = {name: _word(chance) for name in FIELDS}
    words["contact"] = "+44 " + "".join(chance.choices("123456789", k=14))
    return Canary(number, f"visitor-{_word(chance)}", words)


def _word(chance: Random) -> str:
    return "".join(chance.choices(LETTERS, k=16))


# --- a life ----------------------------------------------------------------------------------


async def sings(house: Desk, one: Canary) -> None:
    """The canary reports, talks, is answered, has it fixed, says it is not, and rates."""
    words = one.words
    for name, value in answers(one).items():
        await house.done(AnswerQuestion(field=name, value=value), one.who)
    one.report = (await house.done(ConfirmSummary(), one.who)).data["stream"]
    await house.done(WriteMessage(words=f"Hello, {words['message']} again"), one.who)
    await house.done(WriteNote(report=one.report, words=f"Calls {words['note']}"), AGENT)
    await house.done(ReplyToCustomer(report=one.report, words=f"Dear {words['reply']}"), AGENT)
    await house.done(Subscribe(scope="all"), one.who)
    await _sends_a_file(house, one)
    await rest(house)
    await _is_fixed(house, one)
    state = await house.report(one.report)
    one.person, one.subject = state.person, state.subject


async def _sends_a_file(house: Desk, one: Canary) -> None:
    """A text of some length, so that its bytes lie in pages of their own."""
    name = one.words["file"]

    async def deliver(command: AttachFile, said: str) -> Answer:
        return await house.done(command, one.who)

    files = Files(house.machine.parts, no_picture)
    report = await house.report(one.report)
    content = f"{name}\n".encode() * 600
    answer, _ = await files.take(report, one.who, f"{name}.txt", content, "", deliver)
    assert answer.outcome == "done", answer


async def no_picture(content: bytes) -> None:
    """Canaries send none."""


def answers(one: Canary) -> dict[str, Any]:
    return {
        "safety": "no",
        "kind": "incident",
        "what": f"It is {one.words['what']} here",
        "category": "power",
        "power.extent": "building",
        "power.hazards": ["none"],
        "power.depends": ["none"],
        "where": f"{one.words['where']} Lane 3",
        "contact": one.words["contact"],
    }


async def _is_fixed(house: Desk, one: Canary) -> None:
    incident = (await house.report(one.report)).incident
    assert incident is not None
    dispute = AnswerFixed(fixed=False, words=f"No, {one.words['dispute']} still")
    for turn in range(2):
        await house.done(TakeIncident(incident=incident), AGENT)
        await house.done(
            ResolveIncident(incident=incident, note="A fuse was changed", call_off=(1, 2, 3)), AGENT
        )
        await rest(house)
        await house.done(AnswerFixed(fixed=True) if turn else dispute, one.who)
        await rest(house)
    await house.done(RateService(score=5, words=f"Thank you {one.words['comment']}"), one.who)


# --- what is to be found of them -------------------------------------------------------------


async def note_needles(house: Desk, one: Canary) -> None:
    """All by which the canary could be known in the files: taken from what is stored now."""
    codec = house.codec
    one.needles["identity hash"] = codec.identity_key("web", one.who).encode()
    one.needles["seat hash"] = codec.seat_key("web", one.who).encode()
    key = wrapped_key(house.keys, one.subject)
    assert key is not None
    one.needles["wrapped key"] = key
    for place, token in (await _tokens(house, one)).items():
        one.needles[f"ciphertext of {place}"] = token.encode()
        one.needles[f"salt of {place}"] = token[:SALT_SIGNS].encode()
        one.needles[f"end of {place}"] = token[-SALT_SIGNS:].encode()
    for row in await house.store.select("file_parts", {"subject": one.subject}):
        sealed = raw(row, "body")
        one.needles["beginning of a file"] = sealed[:PIECE]
        one.needles["end of a file"] = sealed[-PIECE:]
    for name in SEARCHED:
        # In an index of words the beginning of each is shared with the one before it.
        one.needles[f"searchable word of {name}"] = one.words[name][-9:].encode()


async def _tokens(house: Desk, one: Canary) -> dict[str, str]:
    found: dict[str, str] = {}
    rows = await house.store.select("subjects", {"subject": one.subject}, limit=1000)
    for row in rows:
        for entry in await house.store.events(text(row, "stream"), 0, 10_000):
            for number, value in enumerate(personals(recorded(house.codec, entry).event)):
                if value.subject == one.subject and value.sealed is not None:
                    found[f"{entry.row.tag} {entry.position}.{number}"] = value.sealed
    for table in ("outbox", "mailbox", "quarantine"):
        for row in await house.store.select(table, {"subject": one.subject}, limit=1000):
            for column in ("body", "record"):
                found |= _in_row(table, row.get(column), row["id"], column)
    return found


def _in_row(table: str, value: Any, number: Any, column: str) -> dict[str, str]:
    """A token that stands alone; those inside a body are those of the events."""
    if not isinstance(value, str) or not value or value.startswith("{"):
        return {}
    return {f"{table} {number} {column}": value}


def hidden(one: Canary) -> dict[str, bytes]:
    """What may be found at no time: who they are for the channel."""
    return {"opaque id": one.who.encode(), "opaque id in base 64": _base64(one.who)}


def _base64(words: str) -> bytes:
    return base64.b64encode(words.encode())[: len(words)]


def found_in(files: dict[str, bytes], needles: dict[str, bytes]) -> dict[str, str]:
    """Which needles are found, and in which file."""
    return found_of(files, {0: needles})[0]


def found_of(
    files: dict[str, bytes], flock: dict[int, dict[str, bytes]]
) -> dict[int, dict[str, str]]:
    """The same for many at once, in one pass over the bytes."""
    begun: dict[bytes, list[tuple[int, str, bytes]]] = {}
    for number, needles in flock.items():
        for name, needle in needles.items():
            begun.setdefault(needle[:BEGINNING], []).append((number, name, needle))
    found: dict[int, dict[str, str]] = {number: {} for number in flock}
    for file, content in files.items():
        for at in range(len(content)):
            for number, name, needle in begun.get(content[at : at + BEGINNING], ()):
                if content.startswith(needle, at):
                    found[number][name] = file
    return found


async def reads(house: Desk, one: Canary) -> list[str]:
    """Which of the canary's words can still be read, by where they said them."""
    said: list[str] = []
    for entry in await house.store.events(one.report, 0, 10_000):
        for value in personals(recorded(house.codec, entry).event):
            opened = value.open(house.codec.open)
            said.append(json.dumps(opened))
    whole = " ".join(said)
    return [name for name, word in one.words.items() if word in whole]
