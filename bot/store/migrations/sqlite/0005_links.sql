-- Open codes that join an account elsewhere: `token` is a keyed hash.
CREATE TABLE links (
  token TEXT PRIMARY KEY NOT NULL,
  person TEXT,
  until INTEGER
) STRICT;
