-- When a subscriber may be told; where in the log an update was published.
ALTER TABLE subscriptions ADD COLUMN manner TEXT;
ALTER TABLE updates ADD COLUMN since INTEGER;

-- What waits for the end of quiet hours or for a summary, by when and by whom.
CREATE INDEX outbox_held ON outbox (due) WHERE state = 'held';
CREATE INDEX outbox_held_for ON outbox (target) WHERE state = 'held';

CREATE TABLE bounces (
  seat TEXT PRIMARY KEY NOT NULL,
  channel TEXT,
  at INTEGER,
  reason TEXT,
  subject TEXT,
  body TEXT
) STRICT;
CREATE INDEX bounces_at ON bounces (at);
CREATE INDEX bounces_subject ON bounces (subject) WHERE subject IS NOT NULL;
