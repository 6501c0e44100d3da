-- When whoever signed in last proved that it is them, and last used the pages of those who lead.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER;
ALTER TABLE sessions ADD COLUMN led_at INTEGER;
-- Passkeys of staff: `passkey` is a keyed hash of its id, `body` the key and its name, sealed.
CREATE TABLE passkeys (
  passkey TEXT PRIMARY KEY NOT NULL,
  person TEXT,
  account TEXT,
  at INTEGER,
  used_at INTEGER,
  body TEXT
) STRICT;
CREATE INDEX passkeys_person ON passkeys (person);
-- Logins at the organisation's provider: `login` is a keyed hash of its name and its id of somebody.
CREATE TABLE logins (
  login TEXT PRIMARY KEY NOT NULL,
  person TEXT,
  account TEXT,
  at INTEGER,
  used_at INTEGER
) STRICT;
CREATE INDEX logins_person ON logins (person);
