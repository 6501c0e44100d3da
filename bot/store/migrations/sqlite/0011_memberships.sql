-- Who is in which place or group, as its platform said, and when it said so last.
CREATE TABLE memberships (
  place TEXT NOT NULL,
  who TEXT NOT NULL,
  channel TEXT,
  member TEXT,
  since INTEGER,
  seen_at INTEGER,
  PRIMARY KEY (place, who)
) STRICT;
CREATE INDEX memberships_who ON memberships (who);
CREATE INDEX memberships_seen ON memberships (seen_at);
