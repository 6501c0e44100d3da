-- One copy per member of an audience, whatever happens while it is unfolded.
CREATE UNIQUE INDEX outbox_member ON outbox (cause) WHERE member <> '';

CREATE TABLE mailbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  seat TEXT NOT NULL,
  at INTEGER,
  lane TEXT,
  author TEXT,
  intent TEXT NOT NULL UNIQUE,
  subject TEXT,
  body TEXT
) STRICT;
CREATE INDEX mailbox_seat ON mailbox (seat);
CREATE INDEX mailbox_subject ON mailbox (subject) WHERE subject IS NOT NULL;

CREATE TABLE shows (
  stream TEXT NOT NULL,
  card TEXT NOT NULL,
  number INTEGER NOT NULL,
  place TEXT NOT NULL,
  lane TEXT,
  wanted TEXT,
  at INTEGER,
  state TEXT,
  subject TEXT,
  body TEXT,
  PRIMARY KEY (stream, card, number, place)
) STRICT;
CREATE INDEX shows_waiting ON shows (stream) WHERE state = 'waiting';
CREATE INDEX shows_subject ON shows (subject) WHERE subject IS NOT NULL;

CREATE TABLE cards (
  stream TEXT NOT NULL,
  card TEXT NOT NULL,
  number INTEGER NOT NULL,
  seat TEXT NOT NULL,
  place TEXT,
  channel TEXT,
  message TEXT,
  shown INTEGER,
  digest TEXT,
  posts INTEGER,
  state TEXT,
  reason TEXT,
  tries INTEGER,
  sending INTEGER,
  at INTEGER,
  subject TEXT,
  body TEXT,
  PRIMARY KEY (stream, card, number, seat)
) STRICT;
CREATE INDEX cards_subject ON cards (subject) WHERE subject IS NOT NULL;

CREATE TABLE tokens (
  token TEXT PRIMARY KEY NOT NULL,
  stream TEXT NOT NULL,
  card TEXT NOT NULL,
  number INTEGER NOT NULL,
  seat TEXT NOT NULL,
  action TEXT NOT NULL,
  at INTEGER
) STRICT;
CREATE INDEX tokens_card ON tokens (stream, card, number, seat);

CREATE TABLE pauses (
  destination TEXT PRIMARY KEY NOT NULL,
  channel TEXT NOT NULL,
  seat TEXT NOT NULL,
  why TEXT,
  detail TEXT,
  since INTEGER,
  until INTEGER,
  step INTEGER
) STRICT;

CREATE TABLE moves (
  seat TEXT PRIMARY KEY NOT NULL,
  at INTEGER,
  body TEXT
) STRICT;

CREATE TABLE drafts (
  person TEXT NOT NULL,
  form TEXT NOT NULL,
  target TEXT NOT NULL,
  at INTEGER,
  until INTEGER,
  subject TEXT,
  body TEXT,
  PRIMARY KEY (person, form, target)
) STRICT;
CREATE INDEX drafts_until ON drafts (until);
CREATE INDEX drafts_subject ON drafts (subject) WHERE subject IS NOT NULL;
