"""What the desk writes down of somebody who calls, beside the answers to the playbook's questions.

These are facts like all others: the name and the number are personal, found by search, and gone
when they are erased. A playbook that asks for something under the same key asks it its own way.
"""

from bot.core.forms import Choice, Question, QuestionType
from bot.core.playbook import ReportPlan
from bot.core.playbook_forms import intake_form
from bot.core.texts import t

MEANS = "caller_means"
NAME = "caller_name"
NUMBER = "caller_number"
MAIL = "caller_mail"
LINK = "caller_link"
KEYS = (MEANS, NAME, NUMBER, MAIL, LINK)

QUESTIONS = (
    Question(
        key=MEANS,
        type=QuestionType.CHOICE,
        label=t("How we learned of it"),
        required=False,
        choices=(
            Choice(value="phone", label=t("By phone")),
            Choice(value="in_person", label=t("Told in person")),
            Choice(value="seen", label=t("Seen by ourselves")),
            Choice(value="mail", label=t("By e-mail or letter")),
            Choice(value="message", label=t("By a message elsewhere")),
        ),
    ),
    Question(
        key=NAME,
        type=QuestionType.TEXT,
        label=t("Caller's name"),
        required=False,
        maximum=100,
        personal=True,
    ),
    Question(
        key=NUMBER,
        type=QuestionType.PHONE,
        label=t("Number to call back"),
        required=False,
        personal=True,
    ),
    Question(
        key=MAIL,
        type=QuestionType.EMAIL,
        label=t("E-mail address"),
        required=False,
        personal=True,
    ),
    Question(
        key=LINK,
        type=QuestionType.TEXT,
        label=t("Where it was written"),
        required=False,
        personal=True,
    ),
)


def desk_questions(plan: ReportPlan, category: str | None, kind: str = "") -> tuple[Question, ...]:
    """What a customer is asked, and then what only the desk writes down."""
    asked = intake_form(plan, category, kind=kind).questions
    taken = frozenset(one.key for one in asked)
    return (*asked, *(one for one in QUESTIONS if one.key not in taken))
