-- Which of several reports somebody means where they write to us alone; it holds as long as
-- `newest` is the newest one that was begun there.
CREATE TABLE chosen (
  person TEXT NOT NULL,
  seat TEXT NOT NULL,
  report TEXT,
  newest TEXT,
  PRIMARY KEY (person, seat)
) STRICT;
