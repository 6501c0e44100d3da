-- Which update a message belongs to (`incident/number`), and what became of every message,
-- counted as it happens, so that nobody has to count rows to show it.
ALTER TABLE outbox ADD COLUMN about TEXT;
CREATE INDEX outbox_about ON outbox (about, state, channel) WHERE about IS NOT NULL;
CREATE INDEX outbox_dead_by ON outbox (kind, channel) WHERE state = 'dead';
CREATE INDEX outbox_refused ON outbox (kind) WHERE state = 'refused';

-- `about` is empty for the whole house; `why` is the first word of the reason, up to a colon.
CREATE TABLE tallies (
  about TEXT NOT NULL,
  state TEXT NOT NULL,
  why TEXT NOT NULL,
  channel TEXT NOT NULL,
  many INTEGER,
  PRIMARY KEY (about, state, why, channel)
) STRICT;
INSERT INTO tallies
  SELECT '', ifnull(outbox.state, ''),
      substr(ifnull(outbox.reason, ''), 1, instr(ifnull(outbox.reason, '') || ':', ':') - 1), ifnull(outbox.channel, ''), count(*)
  FROM outbox WHERE outbox.kind = 'say' AND (instr(outbox.target, ':') = 0 OR outbox.state = 'dead')
  GROUP BY 2, 3, 4;
CREATE TRIGGER outbox_came AFTER INSERT ON outbox WHEN new.kind = 'say' BEGIN
  INSERT INTO tallies
    SELECT whose, ifnull(new.state, ''),
      substr(ifnull(new.reason, ''), 1, instr(ifnull(new.reason, '') || ':', ':') - 1), ifnull(new.channel, ''), 1
    FROM (SELECT '' AS whose UNION ALL SELECT new.about WHERE new.about IS NOT NULL)
    WHERE new.kind = 'say' AND (instr(new.target, ':') = 0 OR new.state = 'dead')
    ON CONFLICT DO UPDATE SET many = many + 1;
END;
CREATE TRIGGER outbox_left AFTER DELETE ON outbox WHEN old.kind = 'say' BEGIN
  UPDATE tallies SET many = many - 1
    WHERE old.kind = 'say' AND (instr(old.target, ':') = 0 OR old.state = 'dead')
    AND about IN ('', old.about) AND state = ifnull(old.state, '')
    AND why = substr(ifnull(old.reason, ''), 1, instr(ifnull(old.reason, '') || ':', ':') - 1)
    AND channel = ifnull(old.channel, '');
END;
CREATE TRIGGER outbox_moved AFTER UPDATE OF kind, target, state, reason, channel, about ON outbox
WHEN (old.state IS NOT new.state OR old.reason IS NOT new.reason OR old.channel IS NOT new.channel
  OR old.target IS NOT new.target OR old.kind IS NOT new.kind OR old.about IS NOT new.about) BEGIN
  UPDATE tallies SET many = many - 1
    WHERE old.kind = 'say' AND (instr(old.target, ':') = 0 OR old.state = 'dead')
    AND about IN ('', old.about) AND state = ifnull(old.state, '')
    AND why = substr(ifnull(old.reason, ''), 1, instr(ifnull(old.reason, '') || ':', ':') - 1)
    AND channel = ifnull(old.channel, '');
  INSERT INTO tallies
    SELECT whose, ifnull(new.state, ''),
      substr(ifnull(new.reason, ''), 1, instr(ifnull(new.reason, '') || ':', ':') - 1), ifnull(new.channel, ''), 1
    FROM (SELECT '' AS whose UNION ALL SELECT new.about WHERE new.about IS NOT NULL)
    WHERE new.kind = 'say' AND (instr(new.target, ':') = 0 OR new.state = 'dead')
    ON CONFLICT DO UPDATE SET many = many + 1;
END;

-- What somebody ordered about messages that did not arrive, and how far it has come.
CREATE TABLE orders (
  number INTEGER PRIMARY KEY NOT NULL,
  at INTEGER,
  what TEXT,
  letter INTEGER,
  about TEXT,
  why TEXT,
  because TEXT,
  person TEXT,
  open INTEGER,
  channel TEXT,
  after INTEGER,
  wanted INTEGER,
  done INTEGER,
  kept INTEGER
) STRICT;
CREATE INDEX orders_open ON orders (number) WHERE open = 1;
