"""What may be done on the paths of complaints, requests and enquiries, for walks."""

from random import Random

from bot.core import path_words as pw
from bot.core.commands import Command
from bot.core.ids import Millis
from tests.workflows.kit import BEN, DAY, HOUR, INCIDENT

STEPS = ("acknowledge", "apologise", "act", "assure", "?")


def commands(pick: Random, now: Millis, words: str) -> list[Command]:
    """One of them; most fit only while the incident is of their kind."""
    at = now + pick.choice([-HOUR, HOUR, DAY])
    to = pick.choice(["team:it", f"person:{BEN}", words])
    any_of: list[Command] = [
        pw.DoPathStep(incident=INCIDENT, step=pick.choice(STEPS), words=words),
        pw.SetFulfilment(incident=INCIDENT, by_whom=words, promised=at),
        pw.AnswerEnquiry(incident=INCIDENT, words=words),
        pw.HandEnquiryOn(incident=INCIDENT, to=to, reason=words, until=at),
    ]
    return [pick.choice(any_of)]
