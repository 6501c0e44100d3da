-- Programs: `token` is the keyed hash of the key that a caller asks by, else the person again.
CREATE TABLE programs (
  person TEXT PRIMARY KEY NOT NULL,
  kind TEXT,
  token TEXT
) STRICT;
CREATE UNIQUE INDEX programs_by_token ON programs (token);

-- Up to where something came, or when it was last: `name` says of what.
CREATE TABLE marks (
  name TEXT PRIMARY KEY NOT NULL,
  at INTEGER
) STRICT;
