-- Forms that somebody is asked question by question: how far they are, and what was said so far.
CREATE TABLE walks (
  walk TEXT PRIMARY KEY NOT NULL,
  who TEXT,
  person TEXT,
  form TEXT,
  target TEXT,
  at INTEGER,
  until INTEGER,
  subject TEXT,
  body TEXT
) STRICT;
CREATE INDEX walks_who ON walks (who, at);
CREATE INDEX walks_person ON walks (person) WHERE person <> '';
CREATE INDEX walks_until ON walks (until);
CREATE INDEX walks_subject ON walks (subject) WHERE subject IS NOT NULL;
