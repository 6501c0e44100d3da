"""What Telegram shows of us: the menu of commands for each kind of chat, and who we are."""

from collections.abc import Mapping

from bot.core.texts import Text, t

PRIVATE: Mapping[str, Text] = {
    "help_now": t("I need help now"),
    "report": t("Report a problem"),
    "status": t("How my reports stand"),
    "subscribe": t("Hear of updates"),
    "subscriptions": t("What I hear of, and how to stop it"),
    "language": t("Choose my language"),
    "help": t("What I can do here"),
    "stop": t("End what is going on, or all messages"),
}
GROUP: Mapping[str, Text] = {
    "list": t("What is open and what is due"),
    "show": t("Show one, such as /show N-7K4-M2QX"),
    "search": t("Find incidents and reports"),
    "report": t("Report a problem"),
    "subscribe": t("Hear of updates here"),
    "subscriptions": t("What is heard of here, and how to stop it"),
    "help": t("What I can do here"),
}
ID = "id"
"""Says which chat this is; whoever sets Muster up needs to know."""
ALSO = ("start", "mine", "new", "find", "cancel", "unsubscribe", "whoami", "who_am_i", "join", ID)
"""Words that are ours in a group without standing in its menu."""
WORDS = frozenset((*PRIVATE, *GROUP, *ALSO))

SHORT = t("Report a problem, see how it stands and hear of updates.")
LONG = t(
    "Tell us about a problem and we take you through it step by step. You see how it stands, "
    "can write to the people who work on it, and say whether it is fixed."
)
