-- Files that people sent, sealed under their subject in parts small enough to write in between.
CREATE TABLE files (
  file TEXT PRIMARY KEY NOT NULL,
  stream TEXT,
  subject TEXT,
  at INTEGER,
  kept INTEGER,
  size INTEGER,
  parts INTEGER,
  digest TEXT
) STRICT;
CREATE INDEX files_subject ON files (subject) WHERE subject IS NOT NULL;
CREATE INDEX files_unkept ON files (at) WHERE kept = 0;

CREATE TABLE file_parts (
  file TEXT NOT NULL,
  part INTEGER NOT NULL,
  subject TEXT,
  body BLOB,
  PRIMARY KEY (file, part)
) STRICT;
CREATE INDEX file_parts_subject ON file_parts (subject) WHERE subject IS NOT NULL;
