-- The log: append-only; only `sealed` of a row may ever change, when a subject is erased.
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  tag TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at INTEGER NOT NULL,
  source_at INTEGER,
  actor TEXT,
  cause TEXT NOT NULL,
  body TEXT NOT NULL,
  sealed TEXT,
  hash BLOB NOT NULL,
  UNIQUE (stream, version)
) STRICT;

CREATE TABLE snapshots (
  stream TEXT PRIMARY KEY NOT NULL,
  version INTEGER NOT NULL,
  fold INTEGER NOT NULL,
  head BLOB NOT NULL,
  state TEXT NOT NULL
) STRICT;

-- Keys are random: a narrow index of them keeps the answers themselves in order of time.
CREATE TABLE dedupe (
  number INTEGER PRIMARY KEY,
  key INTEGER NOT NULL UNIQUE,
  payload BLOB NOT NULL,
  answer BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  position INTEGER NOT NULL
) STRICT;
INSERT INTO head (one, position) VALUES (1, 0);

CREATE TABLE identities (
  identity TEXT PRIMARY KEY NOT NULL,
  person TEXT NOT NULL,
  subject TEXT NOT NULL
) STRICT;
CREATE INDEX identities_person ON identities (person);
CREATE INDEX identities_subject ON identities (subject);

CREATE TABLE refs (
  reference TEXT PRIMARY KEY NOT NULL,
  stream TEXT
) STRICT;
CREATE INDEX refs_stream ON refs (stream);

CREATE TABLE subjects (
  subject TEXT NOT NULL,
  stream TEXT NOT NULL,
  PRIMARY KEY (subject, stream)
) STRICT;
CREATE INDEX subjects_stream ON subjects (stream);

CREATE TABLE reports (
  report TEXT PRIMARY KEY NOT NULL,
  person TEXT,
  seat TEXT,
  incident TEXT,
  lane TEXT,
  settled INTEGER,
  touched_at INTEGER,
  body TEXT
) STRICT;
CREATE INDEX reports_person ON reports (person, seat, report);
CREATE INDEX reports_incident ON reports (incident, report) WHERE incident IS NOT NULL;
CREATE INDEX reports_open ON reports (lane, touched_at) WHERE settled = 0;

CREATE TABLE incidents (
  incident TEXT PRIMARY KEY NOT NULL,
  reference TEXT,
  status TEXT,
  ended INTEGER,
  priority TEXT,
  category TEXT,
  owner TEXT,
  visibility TEXT,
  mode TEXT,
  opened_at INTEGER,
  touched_at INTEGER,
  body TEXT
) STRICT;
CREATE INDEX incidents_open ON incidents (touched_at) WHERE ended = 0;

CREATE TABLE tasks (
  incident TEXT NOT NULL,
  task INTEGER NOT NULL,
  status TEXT,
  skill TEXT,
  touched_at INTEGER,
  body TEXT,
  PRIMARY KEY (incident, task)
) STRICT;
CREATE INDEX tasks_status ON tasks (status, touched_at);

CREATE TABLE updates (
  incident TEXT NOT NULL,
  number INTEGER NOT NULL,
  audience TEXT,
  at INTEGER,
  withdrawn INTEGER,
  subject TEXT,
  body TEXT,
  PRIMARY KEY (incident, number)
) STRICT;
CREATE INDEX updates_audience ON updates (audience, at);
CREATE INDEX updates_subject ON updates (subject);

CREATE TABLE people (
  person TEXT PRIMARY KEY NOT NULL,
  roles TEXT,
  disabled INTEGER,
  invitation TEXT,
  body TEXT
) STRICT;
CREATE INDEX people_invited ON people (invitation) WHERE invitation IS NOT NULL;

CREATE TABLE subscriptions (
  person TEXT NOT NULL,
  number INTEGER NOT NULL,
  scope TEXT,
  channel TEXT,
  seat TEXT,
  since INTEGER,
  until INTEGER,
  subject TEXT,
  body TEXT,
  PRIMARY KEY (person, number)
) STRICT;
CREATE INDEX subscriptions_scope ON subscriptions (scope, person);
CREATE INDEX subscriptions_subject ON subscriptions (subject) WHERE subject IS NOT NULL;

CREATE TABLE playbooks (
  version TEXT PRIMARY KEY NOT NULL,
  name TEXT,
  at INTEGER,
  text TEXT
) STRICT;

CREATE TABLE timers (
  stream TEXT NOT NULL,
  name TEXT NOT NULL,
  due INTEGER,
  command TEXT,
  cause TEXT,
  PRIMARY KEY (stream, name)
) STRICT;
CREATE INDEX timers_due ON timers (due);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT,
  lane TEXT,
  source TEXT,
  target TEXT,
  channel TEXT,
  member TEXT,
  state TEXT,
  reason TEXT,
  at INTEGER,
  position INTEGER,
  due INTEGER,
  tries INTEGER,
  sending INTEGER,
  until INTEGER,
  family TEXT,
  cause TEXT,
  progress TEXT,
  subject TEXT,
  body TEXT,
  record TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (kind) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (due) WHERE state = 'waiting';
CREATE INDEX outbox_target ON outbox (target) WHERE state = 'waiting';
CREATE INDEX outbox_dead ON outbox (at) WHERE state = 'dead';
CREATE INDEX outbox_subject ON outbox (subject) WHERE subject IS NOT NULL;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER,
  stream TEXT,
  command TEXT,
  state TEXT,
  reason TEXT,
  subject TEXT,
  body TEXT
) STRICT;
CREATE INDEX quarantine_waiting ON quarantine (at) WHERE state = 'waiting';
CREATE INDEX quarantine_subject ON quarantine (subject) WHERE subject IS NOT NULL;

CREATE TABLE erasures (
  person TEXT PRIMARY KEY NOT NULL,
  at INTEGER,
  subjects TEXT
) STRICT;

CREATE TABLE sessions (
  token TEXT PRIMARY KEY NOT NULL,
  person TEXT,
  account TEXT,
  at INTEGER,
  seen_at INTEGER,
  until INTEGER
) STRICT;
CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_until ON sessions (until);

CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  at INTEGER,
  position INTEGER,
  heads ANY,
  mac ANY
) STRICT;

-- Words come in already split and folded, so every sign beyond ASCII counts as a letter here.
CREATE TABLE search (
  id INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  field TEXT NOT NULL,
  subject TEXT NOT NULL,
  UNIQUE (stream, field)
) STRICT;
CREATE INDEX search_subject ON search (subject);
CREATE VIRTUAL TABLE words USING fts5 (said, tokenize = 'ascii', detail = none);
CREATE TRIGGER search_dropped AFTER DELETE ON search BEGIN
  DELETE FROM words WHERE rowid = old.id;
END;
