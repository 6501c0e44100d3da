-- Messages of ours that are still to be taken away where they stand, since somebody was erased.
CREATE TABLE removals (
  channel TEXT NOT NULL,
  message TEXT NOT NULL,
  at INTEGER,
  due INTEGER,
  tries INTEGER,
  body TEXT,
  PRIMARY KEY (channel, message)
) STRICT;
CREATE INDEX removals_due ON removals (due);
