-- Which card a message is, so that words beneath it are known to belong to what it shows.
CREATE INDEX cards_message ON cards (seat, message);

-- Files that somebody sent us on a channel, until they were fetched there and kept.
CREATE TABLE arrivals (
  arrival TEXT PRIMARY KEY NOT NULL,
  at INTEGER,
  channel TEXT,
  tries INTEGER,
  due INTEGER,
  subject TEXT,
  body TEXT
) STRICT;
CREATE INDEX arrivals_due ON arrivals (due);
CREATE INDEX arrivals_subject ON arrivals (subject) WHERE subject IS NOT NULL;
