-- Names and passwords of staff: `name` is a keyed hash, `secret` an Argon2 hash, sealed by the house.
CREATE TABLE accounts (
  person TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL UNIQUE,
  secret TEXT,
  account TEXT,
  at INTEGER
) STRICT;
