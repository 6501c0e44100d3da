-- Ids count upwards, so the newest keys lie side by side.
CREATE TABLE keys (
  subject TEXT PRIMARY KEY NOT NULL,
  wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- `minted`: how many ids were ever made; `taken`: the last one that was handed out;
-- `check`: derived from the master key, so that a wrong one is noticed at once.
CREATE TABLE facts (
  name TEXT PRIMARY KEY NOT NULL,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
