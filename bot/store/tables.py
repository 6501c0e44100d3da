"""Every table that is not the log: its columns, its key, and whether rows know their subject.

Migrations create them; a test compares. Column names in SQL come from here and from nowhere
else, so that no text from outside can become a part of a statement.
"""

from dataclasses import dataclass

Column = str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `key` names the columns that identify a row.

    `subject` is True when its rows carry the subject whose personal values they hold, so that
    erasing deletes them. `marks` are the values by which rows in use are told from those that
    are kept for the record; only the former stand in the indexes that are read all the time.
    `stamp` names a column which, when it is left open, gets the log position of the unit that
    first wrote the row. `unique` are columns beside the key that hold a value only once: among
    all rows, or among those where a second column is not empty.
    """

    name: str
    key: tuple[Column, ...]
    columns: tuple[Column, ...]
    names: frozenset[Column]
    subject: bool = False
    marks: tuple[tuple[Column, str | int], ...] = ()
    stamp: Column = ""
    unique: tuple[tuple[Column, Column], ...] = ()


def _table(
    name: str,
    key: str,
    rest: str = "",
    *marks: tuple[Column, str | int],
    stamp: Column = "",
    unique: tuple[tuple[Column, Column], ...] = (),
) -> Table:
    keys, columns = tuple(key.split()), (*key.split(), *rest.split())
    subject = "subject" in columns
    return Table(name, keys, columns, frozenset(columns), subject, marks, stamp, unique)


# Whom a platform's id belongs to. `identity` is a keyed hash.
IDENTITIES = _table("identities", "identity", "person subject")
# What a reference is a label for.
REFS = _table("refs", "reference", "stream")
# In which streams values about a subject were written.
SUBJECTS = _table("subjects", "subject stream", "")
# Reports as lists see them; `settled` is 1 when the person cannot go on with it.
REPORTS = _table(
    "reports", "report", "person seat incident lane settled touched_at body", ("settled", 0)
)
# The board.
INCIDENTS = _table(
    "incidents",
    "incident",
    "reference status ended priority category owner visibility mode opened_at touched_at body",
    ("ended", 0),
)
TASKS = _table("tasks", "incident task", "status skill touched_at body")
# `since` is where in the log it was published.
UPDATES = _table(
    "updates", "incident number", "audience at withdrawn since subject body", stamp="since"
)
PEOPLE = _table("people", "person", "roles disabled invitation body")
# `manner` is when it may be told (`Wish.column`).
SUBSCRIPTIONS = _table(
    "subscriptions",
    "person number",
    "scope channel seat since until manner subject body",
    stamp="since",
)
# Where nothing is sent any more, since the platform said for good that nobody is there.
BOUNCES = _table("bounces", "seat", "channel at reason subject body")
PLAYBOOKS = _table("playbooks", "version", "name at text")
# What is due. One row per (stream, name).
TIMERS = _table("timers", "stream name", "due command cause")
# What goes out: `kind` do or say; `state` waiting until it ends, `reason` why it did. `target` is
# a stream, a seat's keyed hash or an audience; `member` who of an audience this copy is for, and
# `progress` how far an audience was unfolded. `sending` is since when a try is under way (0:
# none), `record` what is sent, sealed, fixed at the first try; `about` the update that it belongs
# to, `incident/number`, or the answer to a customer, `report/number`; `due` of one that arrived is
# when it did.
OUTBOX = _table(
    "outbox",
    "id",
    "kind lane source target channel member state reason at position due tries sending until"
    " family cause progress subject body record about",
    ("state", "waiting"),
    ("state", "dead"),
    ("state", "refused"),
    ("state", "held"),
    stamp="position",
    unique=(("cause", "member"),),
)
# What became of messages, counted by the store itself: of one update (`about`), or of all ("").
TALLIES = _table("tallies", "about state why channel", "many")
# What somebody ordered about messages that did not arrive: `open` until it is done, `channel` and
# `after` how far it is, `done` how many were seen to and `kept` how many were left as they are.
ORDERS = _table(
    "orders",
    "number",
    "at what letter about why because person open channel after wanted done kept",
    ("open", 1),
)
# What people who fetch their messages find; `id` is the cursor, `intent` what it came from.
MAILBOX = _table(
    "mailbox", "id", "seat at lane author intent subject body", unique=(("intent", ""),)
)
# What is to be seen in a place; `wanted` names what asked for it last.
SHOWS = _table(
    "shows", "stream card number place", "lane wanted at state subject body", ("state", "waiting")
)
# What hangs there: the message, the version of `stream` it shows, and a digest of its looks.
CARDS = _table(
    "cards",
    "stream card number seat",
    "place channel message shown digest posts state reason tries sending at subject body",
)
# What a button stands for.
TOKENS = _table("tokens", "token", "stream card number seat action at")
# Destinations that take nothing for a while.
PAUSES = _table("pauses", "destination", "channel seat why detail since until step")
# Where conversations go on that the platform has moved: `body` has both addresses, sealed.
MOVES = _table("moves", "seat", "at body")
# Topics of places, by the incident that each is about: `state` open, shut, told (a last word was
# said), gone (to be opened anew) or none (the place has none, or was asked in vain); `times` counts
# how often it was opened, `body` is the place's address, sealed.
TOPICS = _table("topics", "seat stream", "channel within state times at body")
# Forms of staff that are not sent yet.
DRAFTS = _table("drafts", "person form target", "at until subject body")
# Forms that are asked question by question: `who` is a keyed hash of whoever is asked.
WALKS = _table("walks", "walk", "who person form target at until subject body")
# Which of several reports somebody means at a place, while `newest` is the newest begun there.
CHOSEN = _table("chosen", "person seat", "report newest")
# What a decider or reactor could not handle, with what is needed to try again.
QUARANTINE = _table(
    "quarantine",
    "id",
    "at stream command state reason subject body",
    ("state", "waiting"),
)
# Whole erasures that are ordered and not yet done.
ERASURES = _table("erasures", "person", "at subjects")
# Searchable words; the words themselves live in the full-text index beside it.
SEARCH = _table("search", "id", "stream field subject")
# Sign-ins: `token` is a hash.
SESSIONS = _table("sessions", "token", "person account at seen_at until proved_at led_at")
# Names and passwords of staff, as hashes; `account` is the identity that comes in by them.
ACCOUNTS = _table("accounts", "person", "name secret account at", unique=(("name", ""),))
# Passkeys of staff: `passkey` is a keyed hash of its id, `body` the key and its name, sealed.
PASSKEYS = _table("passkeys", "passkey", "person account at used_at body")
# Logins at the organisation's provider: `login` is a keyed hash of its id of somebody.
LOGINS = _table("logins", "login", "person account at used_at")
# Files that people sent: `kept` is 1 once an event names it, `digest` is over the sealed parts.
FILES = _table("files", "file", "stream subject at kept size parts digest", ("kept", 0))
FILE_PARTS = _table("file_parts", "file part", "subject body")
# Open codes that join an account elsewhere to somebody: `token` is a hash.
LINKS = _table("links", "token", "person until")
# Files that somebody sent us on a channel and that are still to be fetched from there.
ARRIVALS = _table("arrivals", "arrival", "at channel tries due subject body")
# Who is what in a place or group, as its platform said last: both are keyed hashes.
MEMBERSHIPS = _table("memberships", "place who", "channel member since seen_at")
# Messages of ours about somebody who was erased, still to be taken away: `body` is the address.
REMOVALS = _table("removals", "channel message", "at due tries body")
# Programs: `token` is the hash of the key that a caller asks by, else the person again.
PROGRAMS = _table("programs", "person", "kind token", unique=(("token", ""),))
# Up to where something came, or when it was last: `name` says of what.
MARKS = _table("marks", "name", "at")
CHECKPOINTS = _table("checkpoints", "number", "at position heads mac")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        IDENTITIES,
        REFS,
        SUBJECTS,
        REPORTS,
        INCIDENTS,
        TASKS,
        UPDATES,
        PEOPLE,
        SUBSCRIPTIONS,
        BOUNCES,
        PLAYBOOKS,
        TIMERS,
        OUTBOX,
        TALLIES,
        ORDERS,
        MAILBOX,
        SHOWS,
        CARDS,
        TOKENS,
        PAUSES,
        MOVES,
        TOPICS,
        DRAFTS,
        WALKS,
        CHOSEN,
        QUARANTINE,
        ERASURES,
        SEARCH,
        SESSIONS,
        ACCOUNTS,
        PASSKEYS,
        LOGINS,
        FILES,
        FILE_PARTS,
        ARRIVALS,
        LINKS,
        MEMBERSHIPS,
        REMOVALS,
        PROGRAMS,
        MARKS,
        CHECKPOINTS,
    )
}
